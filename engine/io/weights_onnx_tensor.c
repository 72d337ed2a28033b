/* weights_onnx_tensor.c - see weights_onnx_tensor.h. Field numbers are onnx.proto's. */
#include "engine/io/weights_onnx_tensor.h"
#include "engine/io/bits.h"

#include <stdio.h>
#include <string.h>

FileTensor *onnx_find(TensorFile *file, Wire name)
{
    const size_t length = (size_t)(name.end - name.at);
    if (name.at == NULL || length >= sizeof file->tensors->name || memchr(name.at, '\0', length) != NULL)
        return NULL;
    for (int i = 0; i < file->count; i++)
        if (memcmp(name.at, file->tensors[i].name, length) == 0 && file->tensors[i].name[length] == '\0')
            return &file->tensors[i];
    return NULL;
}

bool onnx_small_integers(TensorFile *file, Wire tensor, int bytes, const unsigned char **data, size_t *count, Err *err)
{
    WireField field;
    size_t room = 0, filled = 0;
    for (Wire w = tensor; wire_next(&w, &field);) /* a number takes at least one byte */
        if (field.number == 5 && (field.type == WIRE_BYTES || field.type == WIRE_VARINT))
            room += field.type == WIRE_BYTES ? (size_t)(field.bytes.end - field.bytes.at) : 1;
    unsigned char *out = tensor_file_alloc(file, room * (size_t)bytes, err);
    if (out == NULL)
        return false;
    while (wire_next(&tensor, &field)) {
        Wire numbers = field.bytes;
        uint64_t value = field.value;
        if (field.number != 5 || (field.type != WIRE_BYTES && field.type != WIRE_VARINT))
            continue; /* a fixed-size number is not part of int32_data; reading would never advance */
        do {
            if (field.type == WIRE_BYTES && !wire_varint(&numbers, &value))
                break;
            store_le(out + (size_t)bytes * filled++, value, bytes);
        } while (numbers.at < numbers.end);
    }
    *data = out;
    *count = filled;
    return true;
}

/* int32_data may contain float16 and bfloat16 values, one in each number. */
static bool halves_from_integers(TensorFile *file, Wire tensor, FileTensor *t, Err *err)
{
    size_t filled;
    return onnx_small_integers(file, tensor, 2, &t->data, &filled, err) &&
           (filled == t->count || err_set(err, "%s: tensor %s does not hold %zu numbers", file->path, t->name, t->count));
}

/* entry: the first entry of external_data, with key 1 and value 2; its key is "location", its value the other file's name. */
static bool refuse_external(const TensorFile *file, Wire entry, const char *tensor, Err *err)
{
    WireField field;
    Wire other = {NULL, NULL};
    while (wire_next(&entry, &field))
        if (wire_is(&field, 2, WIRE_BYTES))
            other = field.bytes;
    int length = other.end - other.at < 100 ? (int)(other.end - other.at) : 100;
    return err_set(err,
                   "%s: tensor %s is in another file (%.*s); put both in one folder and save them as one file, in Python "
                   "onnx.save(onnx.load('%.200s'), 'whole.onnx')",
                   file->path, tensor, length, other.at != NULL ? (const char *)other.at : "", file->path);
}

/* One TensorProto: dims 1, data_type 2, float_data 4, name 8, raw_data 9, double_data 10, external_data 13,
 * data_location 14. */
bool onnx_add_tensor(TensorFile *file, Wire tensor, Wire name, Err *err)
{
    WireField field;
    Wire w = tensor, raw = {NULL, NULL}, external = {NULL, NULL};
    uint64_t type = 0, location = 0;
    int64_t dims[8];
    while (wire_next(&w, &field)) {
        if (wire_is(&field, 8, WIRE_BYTES) && name.at == NULL)
            name = field.bytes;
        if (wire_is(&field, 9, WIRE_BYTES))
            raw = field.bytes;
        if (wire_is(&field, 13, WIRE_BYTES) && external.at == NULL)
            external = field.bytes;
        if (wire_is(&field, 2, WIRE_VARINT))
            type = field.value;
        if (wire_is(&field, 14, WIRE_VARINT))
            location = field.value;
    }
    int dim_count = wire_integers(tensor, 1, dims, 8);
    if (!wire_ok(&w) || dim_count < 0)
        return err_set(err, "%s: a broken tensor; get the file again", file->path);
    FileTensor *t =
        tensor_file_add(file, (const char *)name.at, name.at != NULL ? (size_t)(name.end - name.at) : 0, err);
    if (t == NULL || !tensor_set_dims(file, t, dims, dim_count, err))
        return false;
    if (location != 0)
        return refuse_external(file, external, t->name, err);
    t->dtype = type == 1    ? DTYPE_F32
               : type == 10 ? DTYPE_F16
               : type == 16 ? DTYPE_BF16
               : type == 11 ? DTYPE_F64
               : type == 7  ? DTYPE_I64
                            : DTYPE_OTHER;
    size_t element = dtype_size(t->dtype), count = element > 0 ? (size_t)(raw.end - raw.at) / element : t->count;
    t->data = raw.at;
    if (t->dtype == DTYPE_OTHER)
        return true; /* never a weight */
    if (raw.at == NULL && element == 2)
        return halves_from_integers(file, tensor, t, err);
    if (raw.at == NULL && t->dtype != DTYPE_I64 &&
        !wire_numbers(file, tensor, t->dtype == DTYPE_F32 ? 4 : 10, element, &t->data, &count, err))
        return false;
    if (raw.at == NULL && t->dtype == DTYPE_I64) {
        t->dtype = DTYPE_OTHER; /* int64_data: shapes and axes, never a weight */
        return true;
    }
    if (count != t->count)
        return err_set(err,
                       "%s: tensor %s holds %zu numbers, but its shape needs %zu; the file is broken, get it again",
                       file->path, t->name, count, t->count);
    return true;
}

/* ---- dequantisation ---- */

/* One of the integer types that QuantizeLinear makes. */
typedef struct Integers {
    const unsigned char *data;
    size_t count;
    int bytes;                  /* 1 or 4 */
    bool is_signed;
} Integers;

typedef enum Found { FOUND, NOT_FOUND, FAILED } Found;

/* Reads the data of an initializer of integers; NOT_FOUND if there is none of that name and of a known type. */
static Found read_integers(TensorFile *file, Wire graph, Wire name, Integers *out, Err *err)
{
    enum { UINT8 = 2, INT8 = 3, INT32 = 6 };
    WireField field, part;
    while (name.at != NULL && wire_next(&graph, &field)) {
        Wire own = {NULL, NULL}, raw = {NULL, NULL};
        uint64_t type = 0;
        if (!wire_is(&field, ONNX_GRAPH_INITIALIZER, WIRE_BYTES))
            continue;
        for (Wire w = field.bytes; wire_next(&w, &part);) {
            if (wire_is(&part, 8, WIRE_BYTES))
                own = part.bytes;
            if (wire_is(&part, 9, WIRE_BYTES))
                raw = part.bytes;
            if (wire_is(&part, 2, WIRE_VARINT))
                type = part.value;
        }
        if (!wire_same(own, name))
            continue;
        if (type != UINT8 && type != INT8 && type != INT32)
            return NOT_FOUND;
        *out = (Integers){.bytes = type == INT32 ? 4 : 1, .is_signed = type != UINT8};
        out->data = raw.at;
        out->count = raw.at != NULL ? (size_t)(raw.end - raw.at) / (size_t)out->bytes : 0;
        return raw.at != NULL || onnx_small_integers(file, field.bytes, out->bytes, &out->data, &out->count, err) ? FOUND : FAILED;
    }
    return NOT_FOUND;
}

static int64_t integer_at(const Integers *integers, size_t i)
{
    const uint64_t bits = load_le(integers->data + i * (size_t)integers->bytes, integers->bytes);
    return integers->bytes == 4 ? (int64_t)(int32_t)bits : integers->is_signed ? (int64_t)(int8_t)bits : (int64_t)bits;
}

bool onnx_dequantise(TensorFile *file, Wire graph, const Wire inputs[3], Wire output, int64_t axis, bool *done, Err *err)
{
    const FileTensor *stored = onnx_find(file, inputs[0]), *scales = onnx_find(file, inputs[1]);
    Integers q = {0}, zero = {0};
    *done = false;
    if (stored == NULL || scales == NULL || !tensor_is_float(scales) || scales->count == 0)
        return true;
    const FileTensor shape = *stored, scale = *scales;
    const Found numbers = read_integers(file, graph, inputs[0], &q, err);
    const bool has_zero = inputs[2].at != NULL && inputs[2].end > inputs[2].at;
    const Found zeros = has_zero && numbers == FOUND ? read_integers(file, graph, inputs[2], &zero, err) : FOUND;
    if (numbers != FOUND || zeros != FOUND)
        return numbers != FAILED && zeros != FAILED;
    axis = axis < 0 ? axis + shape.dim_count : axis;
    const bool per_channel = scale.count > 1;
    const bool fits = q.count == shape.count && (!has_zero || zero.count == scale.count) &&
                      (!per_channel || (axis >= 0 && axis < shape.dim_count && (size_t)shape.dims[axis] == scale.count));
    if (!fits || output.at == NULL)
        return true;
    unsigned char *values = q.count <= file->size ? tensor_file_alloc(file, q.count * 4, err) : NULL;
    FileTensor *t = values != NULL ? tensor_file_add(file, (const char *)output.at, (size_t)(output.end - output.at), err) : NULL;
    if (t == NULL || !tensor_set_dims(file, t, shape.dims, shape.dim_count, err))
        return false;
    const size_t stride = per_channel ? (size_t)t->strides[axis] : 1;
    for (size_t i = 0; i < q.count; i++) {
        const size_t c = per_channel ? i / stride % scale.count : 0;
        const int64_t difference = integer_at(&q, i) - (zero.count > 0 ? integer_at(&zero, c) : 0);
        store_le(values + 4 * i, float_bits((float)difference * tensor_element(&scale, c)), 4);
    }
    t->dtype = DTYPE_F32;
    t->data = values;
    *done = true;
    return true;
}
