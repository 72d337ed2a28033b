/* weights_safetensors.c - reads safetensors: the header's length (8 bytes, little-endian), a JSON header, the data. It is strict,
 * as the format demands: the tensors must cover the data without gap or overlap. */
#include "engine/base/size.h"
#include "engine/base/limits.h"
#include "engine/io/bits.h"
#include "engine/io/weights_readers.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The reference implementation allows headers six times as long; parsing needs twenty times as much memory. */

static const struct {
    const char *name;
    DType dtype;
    size_t size;
} dtypes[] = {
    {"F16", DTYPE_F16, 2},   {"BF16", DTYPE_BF16, 2}, {"F32", DTYPE_F32, 4},   {"F64", DTYPE_F64, 8},
    {"I64", DTYPE_I64, 8},   {"I32", DTYPE_OTHER, 4}, {"I16", DTYPE_OTHER, 2}, {"I8", DTYPE_OTHER, 1},
    {"U64", DTYPE_OTHER, 8}, {"U32", DTYPE_OTHER, 4}, {"U16", DTYPE_OTHER, 2}, {"U8", DTYPE_OTHER, 1},
    {"BOOL", DTYPE_OTHER, 1},
};

static bool read_metadata(TensorFile *file, const json_t *metadata, Err *err)
{
    const struct {
        const char *key;
        char **text;
    } wanted[] = {{"network", &file->network},
                  {"labels", &file->labels},
                  {"preprocess", &file->preprocess},
                  {"trained", &file->trained}};
    if (!json_is_object(metadata))
        return err_set(err, "%s: broken safetensors header: __metadata__ is not an object", file->path);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const char *text = json_string_value(json_object_get(metadata, wanted[i].key));
        if (text != NULL && (*wanted[i].text = strdup(text)) == NULL)
            return err_set(err, "%s: not enough memory", file->path);
    }
    return true;
}

static bool read_tensor(TensorFile *file, const char *name, const json_t *entry, const unsigned char *data,
                        size_t data_size, Err *err)
{
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    const json_t *shape = json_object_get(entry, "shape"), *offsets = json_object_get(entry, "data_offsets");
    int64_t dims[8];
    if (type == NULL || !json_is_array(shape) || json_array_size(offsets) != 2)
        return err_set(err, "%s: broken safetensors header: tensor %s lacks dtype, shape or data_offsets", file->path,
                       name);
    size_t kind = 0, dim_count = json_array_size(shape);
    while (kind < sizeof dtypes / sizeof dtypes[0] && strcmp(dtypes[kind].name, type) != 0)
        kind++;
    if (kind == sizeof dtypes / sizeof dtypes[0])
        return err_set(err, "%s: tensor %s has the unknown dtype '%s'; F32, F16, BF16 and F64 can be read", file->path,
                       name, type);
    if (dim_count > LIMIT_DIMENSIONS)
        return err_set(err, "%s: tensor %s has %zu dimensions; at most %d are possible", file->path, name, dim_count, LIMIT_DIMENSIONS);
    for (size_t i = 0; i < dim_count; i++) {
        const json_t *dim = json_array_get(shape, i);
        dims[i] = json_is_integer(dim) ? json_integer_value(dim) : -1;
    }
    FileTensor *tensor = tensor_file_add(file, name, strlen(name), err);
    if (tensor == NULL || !tensor_set_dims(file, tensor, dims, (int)dim_count, err))
        return false;
    const json_t *first = json_array_get(offsets, 0), *last = json_array_get(offsets, 1);
    int64_t begin = json_is_integer(first) ? json_integer_value(first) : -1;
    int64_t end = json_is_integer(last) ? json_integer_value(last) : -1;
    if (begin < 0 || end < begin || (uint64_t)end > data_size)
        return err_set(err,
                       "%s: tensor %s is outside the file (offsets %lld to %lld of %zu bytes); it is cut short or "
                       "broken, get it again",
                       file->path, name, (long long)begin, (long long)end, data_size);
    size_t bytes;
    if (!size_mul(tensor->count, dtypes[kind].size, &bytes) || bytes != (size_t)(end - begin))
        return err_set(err, "%s: tensor %s needs %zu elements of %s, but has %lld bytes", file->path, name,
                       tensor->count, type, (long long)(end - begin));
    tensor->dtype = dtypes[kind].dtype;
    tensor->data = data + begin;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const FileTensor *x = *(const FileTensor *const *)a, *y = *(const FileTensor *const *)b;
    return x->data != y->data ? (x->data < y->data ? -1 : 1) : (x->count > y->count) - (x->count < y->count);
}

/* The end of a tensor comes from the header: for DTYPE_OTHER the FileTensor does not have it. */
static bool covers_data(TensorFile *file, const json_t *header, const unsigned char *data, size_t data_size, Err *err)
{
    const FileTensor **sorted = malloc(((size_t)file->count + 1) * sizeof *sorted);
    if (sorted == NULL)
        return err_set(err, "%s: not enough memory for its list of tensors", file->path);
    for (int i = 0; i < file->count; i++)
        sorted[i] = &file->tensors[i];
    qsort(sorted, (size_t)file->count, sizeof *sorted, by_place);
    size_t place = 0;
    bool good = true;
    for (int i = 0; good && i < file->count; i++) {
        size_t begin = (size_t)(sorted[i]->data - data);
        if (begin < place)
            good = err_set(err, "%s: tensors %s and %s overlap; the file is broken, get it again", file->path,
                           sorted[i - 1]->name, sorted[i]->name);
        else if (begin > place)
            good = err_set(err, "%s: %zu bytes before tensor %s belong to no tensor; the file is broken, get it again",
                           file->path, begin - place, sorted[i]->name);
        const json_t *offsets = json_object_get(json_object_get(header, sorted[i]->name), "data_offsets");
        place = (size_t)json_integer_value(json_array_get(offsets, 1));
    }
    free(sorted);
    if (good && place != data_size)
        return err_set(err, "%s: %zu bytes at the end belong to no tensor; the file is broken, get it again",
                       file->path, data_size - place);
    return good;
}

bool safetensors_recognise(const TensorFile *file)
{
    const unsigned char *bytes = file->bytes;
    return file->size >= 9 && bytes[8] == '{' && load_le(bytes, 8) < (uint64_t)1 << 40;
}

bool safetensors_read(TensorFile *file, Err *err)
{
    const unsigned char *bytes = file->bytes;
    uint64_t header_size = file->size >= 8 ? load_le(bytes, 8) : 0;
    if (header_size < 2 || header_size > (uint64_t)LIMIT_HEADER_MB << 20)
        return err_set(err, "%s: not a safetensors file: a header of %llu bytes is impossible; it has 2 bytes to %d MB", file->path,
                       (unsigned long long)header_size, LIMIT_HEADER_MB);
    if (header_size > file->size - 8)
        return err_set(
            err, "%s: the safetensors file ends inside its header (%llu bytes announced, %zu there); get it again",
            file->path, (unsigned long long)header_size, file->size - 8);
    json_error_t error;
    json_t *header = json_loadb((const char *)bytes + 8, (size_t)header_size, JSON_REJECT_DUPLICATES, &error);
    if (header == NULL)
        return err_set(err, "%s: broken safetensors header: %s", file->path, error.text);
    const unsigned char *data = bytes + 8 + header_size;
    size_t data_size = file->size - 8 - (size_t)header_size;
    bool good = json_is_object(header) || err_set(err, "%s: broken safetensors header: not an object", file->path);
    const char *key;
    json_t *value;
    if (good)
        json_object_foreach(header, key, value)
            if (good)
                good = strcmp(key, "__metadata__") == 0 ? read_metadata(file, value, err)
                                                        : read_tensor(file, key, value, data, data_size, err);
    good = good && covers_data(file, header, data, data_size, err);
    json_decref(header);
    return good;
}
