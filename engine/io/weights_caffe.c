/* weights_caffe.c - reads Caffe's .caffemodel: a NetParameter (caffe.proto), with V1 `layers` (field 2), as in the model zoo's
 * files of 2014, or V2 `layer` (field 100). Blob 0 of a layer is its weight, blob 1 its bias. */
#include "engine/io/weights_readers.h"
#include "engine/io/wire.h"

#include <stdio.h>
#include <string.h>

enum { NET_LAYERS_V1 = 2, NET_LAYERS_V2 = 100 };

bool caffe_recognise(const TensorFile *file)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size};
    WireField field;
    bool layers = false;
    while (wire_next(&w, &field))
        layers = layers || wire_is(&field, NET_LAYERS_V1, WIRE_BYTES) || wire_is(&field, NET_LAYERS_V2, WIRE_BYTES);
    return layers;
}

bool caffe_begins(const TensorFile *head)
{
    Wire w = {head->bytes, (const unsigned char *)head->bytes + head->size}, last = w;
    WireField field;
    uint64_t tag, length;
    if (caffe_recognise(head))
        return true;
    while (wire_next(&w, &field))
        last = w;
    if (wire_ok(&w) || !wire_varint(&last, &tag) || !wire_varint(&last, &length))
        return false;
    return (tag == (NET_LAYERS_V1 << 3 | WIRE_BYTES) || tag == (NET_LAYERS_V2 << 3 | WIRE_BYTES)) && length > (uint64_t)(last.end - last.at);
}

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

static bool add_blob(TensorFile *file, Wire layer_name, int index, Wire blob, Err *err)
{
    static const char *const kinds[] = {"weight", "bias"};
    char name[400];
    int64_t dims[8];
    const unsigned char *data;
    size_t count;
    int length = layer_name.end - layer_name.at < 300 ? (int)(layer_name.end - layer_name.at) : 300;
    int named = index < 2 ? snprintf(name, sizeof name, "%.*s.%s", length, (const char *)layer_name.at, kinds[index])
                          : snprintf(name, sizeof name, "%.*s.blob%d", length, (const char *)layer_name.at, index);
    int dim_count = blob_dims(blob, dims);
    if (dim_count < 0)
        return err_set(err, "%s: blob %s has a broken shape", file->path, name);
    FileTensor *t = tensor_file_add(file, name, (size_t)named, err);
    if (t == NULL || !tensor_set_dims(file, t, dims, dim_count, err))
        return false;
    t->dtype = DTYPE_F32;
    if (!wire_numbers(file, blob, 5, 4, &data, &count, err)) /* data */
        return false;
    if (count == 0) { /* double_data */
        if (!wire_numbers(file, blob, 8, 8, &data, &count, err))
            return false;
        t->dtype = count > 0 ? DTYPE_F64 : DTYPE_F32;
    }
    if (count != t->count)
        return err_set(err, "%s: blob %s holds %zu numbers, but its shape needs %zu; the file is broken, get it again",
                       file->path, t->name, count, t->count);
    t->data = data;
    return true;
}

static bool add_layer(TensorFile *file, Wire layer, bool v2, Err *err)
{
    uint32_t name_number = v2 ? 1 : 4, blobs_number = v2 ? 7 : 6;
    WireField field;
    Wire name = {NULL, NULL}, w = layer;
    while (wire_next(&w, &field))
        if (wire_is(&field, name_number, WIRE_BYTES))
            name = field.bytes;
    if (!wire_ok(&w))
        return err_set(err, "%s: a layer is broken; get the file again", file->path);
    int index = 0;
    for (w = layer; wire_next(&w, &field);)
        if (wire_is(&field, blobs_number, WIRE_BYTES) && !add_blob(file, name, index++, field.bytes, err))
            return false;
    return true;
}

bool caffe_read(TensorFile *file, Err *err)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size};
    WireField field;
    int v1 = 0, v2 = 0;
    while (wire_next(&w, &field)) {
        bool is_v1 = wire_is(&field, NET_LAYERS_V1, WIRE_BYTES), is_v2 = wire_is(&field, NET_LAYERS_V2, WIRE_BYTES);
        v1 += is_v1;
        v2 += is_v2;
        if ((is_v1 || is_v2) && !add_layer(file, field.bytes, is_v2, err))
            return false;
    }
    if (v1 > 0 && v2 > 0)
        return err_set(err, "%s: has layers in the old and in the new form; Caffe rejects such a file too", file->path);
    if (file->count == 0)
        return err_set(err, "%s: a Caffe file whose %d layers have no weights; use a .caffemodel saved after training",
                       file->path, v1 + v2);
    return true;
}
