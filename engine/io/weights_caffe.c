/* weights_caffe.c - reads Caffe's .caffemodel: a NetParameter (caffe.proto), with V1 `layers` (field 2), as in the model zoo's
 * files of 2014, or V2 `layer` (field 100). Blob 0 of a layer is its weight, blob 1 its bias. weights_caffe_norm.c reads the
 * layers of batch norm. */
#include "engine/io/weights_caffe_blob.h"
#include "engine/io/weights_caffe_norm.h"
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

static bool add_layer(TensorFile *file, CaffeNorms *norms, Wire layer, bool v2, Err *err)
{
    static const char *const kinds[] = {"weight", "bias"};
    const uint32_t name_number = v2 ? 1 : 4, blobs_number = v2 ? 7 : 6;
    WireField field;
    Wire name = {NULL, NULL}, w = layer;
    while (wire_next(&w, &field))
        if (wire_is(&field, name_number, WIRE_BYTES))
            name = field.bytes;
    if (!wire_ok(&w))
        return err_set(err, "%s: a layer is broken; get the file again", file->path);
    bool taken = false;
    if (v2 && !caffe_norm_layer(norms, file, name, layer, &taken, err))
        return false;
    if (taken)
        return true;
    int index = 0;
    for (w = layer; wire_next(&w, &field);) {
        char other[24];
        if (!wire_is(&field, blobs_number, WIRE_BYTES))
            continue;
        snprintf(other, sizeof other, "blob%d", index);
        if (!caffe_add_blob(file, name, index < 2 ? kinds[index] : other, field.bytes, err))
            return false;
        index++;
    }
    return true;
}

bool caffe_read(TensorFile *file, Err *err)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size};
    WireField field;
    CaffeNorms norms = {0};
    int v1 = 0, v2 = 0;
    while (wire_next(&w, &field)) {
        bool is_v1 = wire_is(&field, NET_LAYERS_V1, WIRE_BYTES), is_v2 = wire_is(&field, NET_LAYERS_V2, WIRE_BYTES);
        v1 += is_v1;
        v2 += is_v2;
        if ((is_v1 || is_v2) && !add_layer(file, &norms, field.bytes, is_v2, err))
            return false;
    }
    if (v1 > 0 && v2 > 0)
        return err_set(err, "%s: has layers in the old and in the new form; Caffe rejects such a file too", file->path);
    if (file->count == 0)
        return err_set(err, "%s: a Caffe file whose %d layers have no weights; use a .caffemodel saved after training",
                       file->path, v1 + v2);
    return caffe_norms_finish(&norms, file, err);
}
