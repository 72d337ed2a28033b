/* weights_caffe_blob.c - see weights_caffe_blob.h. */
#include "engine/io/weights_caffe_blob.h"

#include <stdio.h>

/* Dimensions: a BlobShape (field 7), or in old files num, channels, height, width (fields 1 to 4). */
static int blob_dims(Wire blob, int64_t dims[8])
{
    WireField field;
    int count = 0;
    for (Wire w = blob; wire_next(&w, &field);) {
        if (wire_is(&field, 7, WIRE_BYTES))
            return wire_integers(field.bytes, 1, dims, 8);
        if (field.type == WIRE_VARINT && field.number >= 1 && field.number <= 4) {
            while (count < (int)field.number)
                dims[count++] = 1;
            dims[field.number - 1] = (int64_t)field.value;
        }
    }
    return count;
}

/* The numbers of a blob: data (field 5), double_data (8), or NVCaffe's raw_data (12) with its type (10). */
static bool blob_numbers(TensorFile *file, FileTensor *t, Wire blob, size_t *count, Err *err)
{
    static const struct { uint64_t type; DType dtype; size_t element; } raw_types[] = {{0, DTYPE_F64, 8}, {1, DTYPE_F32, 4}, {2, DTYPE_F16, 2}};
    WireField field;
    Wire raw = {NULL, NULL};
    uint64_t type = 0;
    for (Wire w = blob; wire_next(&w, &field);) {
        if (wire_is(&field, 10, WIRE_VARINT))
            type = field.value;
        if (wire_is(&field, 12, WIRE_BYTES))
            raw = field.bytes;
    }
    t->dtype = DTYPE_F32;
    if (!wire_numbers(file, blob, 5, 4, &t->data, count, err))
        return false;
    if (*count == 0) {
        if (!wire_numbers(file, blob, 8, 8, &t->data, count, err))
            return false;
        t->dtype = *count > 0 ? DTYPE_F64 : DTYPE_F32;
    }
    for (size_t i = 0; *count == 0 && raw.at != NULL && i < sizeof raw_types / sizeof raw_types[0]; i++)
        if (type == raw_types[i].type) {
            t->dtype = raw_types[i].dtype;
            t->data = raw.at;
            *count = (size_t)(raw.end - raw.at) / raw_types[i].element;
        }
    if (*count == 0 && raw.at != NULL && type > 2)
        return err_set(err, "%s: blob %s holds integers; save the network with float weights", file->path, t->name);
    return true;
}

bool caffe_add_blob(TensorFile *file, Wire layer_name, const char *kind, Wire blob, Err *err)
{
    char name[400];
    int64_t dims[8];
    size_t count;
    int length = layer_name.end - layer_name.at < 300 ? (int)(layer_name.end - layer_name.at) : 300;
    int named = snprintf(name, sizeof name, "%.*s.%s", length, (const char *)layer_name.at, kind);
    int dim_count = blob_dims(blob, dims);
    if (dim_count < 0)
        return err_set(err, "%s: blob %s has a broken shape", file->path, name);
    FileTensor *t = tensor_file_add(file, name, (size_t)named, err);
    if (t == NULL || !tensor_set_dims(file, t, dims, dim_count, err) || !blob_numbers(file, t, blob, &count, err))
        return false;
    if (count != t->count)
        return err_set(err, "%s: blob %s holds %zu numbers, but its shape needs %zu; the file is broken, get it again",
                       file->path, t->name, count, t->count);
    return true;
}
