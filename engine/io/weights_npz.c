/* weights_npz.c - reads NumPy's archives: a zip of .npy files, one per tensor (numpy.savez, savez_compressed). */
#include "engine/io/bits.h"
#include "engine/base/size.h"
#include "engine/io/weights_readers.h"
#include "engine/io/weights_zip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text after `key` in the header's Python dict, spaces skipped; NULL if the key is missing. */
static const char *after(const char *header, const char *key)
{
    const char *p = strstr(header, key);
    return p != NULL ? p + strlen(key) + strspn(p + strlen(key), " ") : NULL;
}

static bool parse_type(const char *descr, DType *dtype, size_t *element)
{
    static const struct { const char *code; DType dtype; size_t element; } types[] = {
        {"'<f4'", DTYPE_F32, 4}, {"'<f2'", DTYPE_F16, 2}, {"'<f8'", DTYPE_F64, 8}, {"'<i8'", DTYPE_I64, 8},
    };
    for (size_t i = 0; descr != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strncmp(descr, types[i].code, 5) == 0) {
            *dtype = types[i].dtype;
            *element = types[i].element;
            return true;
        }
    return false;
}

/* "(64, 3, 7, 7)": at most 8 numbers. */
static bool parse_shape(const char *p, int64_t *dims, int *count)
{
    *count = 0;
    if (p == NULL || *p++ != '(')
        return false;
    for (;;) {
        p += strspn(p, ", ");
        if (*p == ')')
            return true;
        char *end;
        long long dim = strtoll(p, &end, 10);
        if (end == p || dim < 0 || *count == 8)
            return false;
        dims[(*count)++] = dim;
        p = end + (*end == 'L'); /* Python 2 wrote 64L */
    }
}

static bool read_npy(TensorFile *file, const char *name, size_t name_length, unsigned char *bytes, size_t size,
                     Err *err)
{
    int64_t dims[8];
    int dim_count;
    size_t element, needed;
    FileTensor *t = tensor_file_add(file, name, name_length, err);
    if (t == NULL)
        return false;
    size_t width = size >= 12 && bytes[6] == 1 ? 2 : 4;
    if (size < 12 || memcmp(bytes, "\x93NUMPY", 6) != 0 || load_le(bytes + 8, (int)width) > size - 8 - width)
        return err_set(err, "%s: %s.npy is not a NumPy array or ends early", file->path, t->name);
    size_t header_size = (size_t)load_le(bytes + 8, (int)width), start = 8 + width + header_size;
    char *header = strndup((char *)bytes + 8 + width, header_size);
    if (header == NULL)
        return err_set(err, "%s: not enough memory", file->path);
    const char *order = after(header, "'fortran_order':");
    const char *descr = after(header, "'descr':");
    bool known = parse_type(descr, &t->dtype, &element);
    bool shaped = parse_shape(after(header, "'shape':"), dims, &dim_count);
    bool columns = order != NULL && strncmp(order, "True", 4) == 0;
    char type[24] = "";
    if (descr != NULL)
        snprintf(type, sizeof type, "%.*s", (int)strcspn(descr, ",}"), descr);
    free(header);
    if (!known)
        return err_set(err,
                       "%s: array %s has the type %s; expected float16, float32 or float64 (little-endian): save "
                       "it with .astype('float32')",
                       file->path, t->name, type);
    if (!shaped)
        return err_set(err, "%s: array %s has an unreadable shape", file->path, t->name);
    if (!tensor_set_dims(file, t, dims, dim_count, err))
        return false;
    if (!size_mul(t->count, element, &needed) || needed > size - start)
        return err_set(err, "%s: array %s needs %zu elements, more than its file holds", file->path, t->name, t->count);
    for (int64_t d = 0, stride = 1; columns && d < dim_count; stride *= dims[d++])
        t->strides[d] = t->count == 0 ? 0 : stride;
    t->data = bytes + start;
    return true;
}

static bool read_arrays(TensorFile *file, zip_t *zip, Err *err)
{
    if (!zip_may_unpack(file, zip, ".npy", err))
        return false;
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        size_t length = name != NULL ? strlen(name) : 0, size;
        unsigned char *bytes;
        if (length < 5 || strcmp(name + length - 4, ".npy") != 0)
            continue;
        if (!zip_read_member(file, zip, (zip_uint64_t)i, &bytes, &size, err) ||
            !read_npy(file, name, length - 4, bytes, size, err))
            return false;
    }
    return true;
}

bool npz_recognise(const TensorFile *file)
{
    return zip_holds(file, ".npy");
}

bool npz_read(TensorFile *file, Err *err)
{
    zip_t *zip = zip_open_tensors(file, err);
    const bool good = zip != NULL && read_arrays(file, zip, err);
    if (zip != NULL)
        zip_discard(zip);
    return good;
}
