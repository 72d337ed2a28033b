/* weights_caffe_norm.c - see weights_caffe_norm.h. Field numbers are caffe.proto's. */
#include "engine/io/weights_caffe_norm.h"
#include "engine/io/bits.h"
#include "engine/io/weights_caffe_blob.h"

#include <stdio.h>
#include <string.h>

enum { LAYER_TYPE = 2, LAYER_BOTTOM = 3, LAYER_TOP = 4, LAYER_BLOBS = 7, LAYER_BATCH_NORM = 139, LAYER_SCALE = 142, NORM_EPS = 3, SCALE_BIAS = 4 };
enum { MAKERS_MAX = 2000 };     /* more convolutions are none of a GoogLeNet; their batch norms stay as they are, and are refused */
static const float default_eps = 1e-5f;

typedef struct Parts {
    Wire type, bottom, top, blobs[3];
    int blob_count;
    float eps;
    bool bias_term;
} Parts;

static Parts read_parts(Wire layer)
{
    Parts parts = {.eps = default_eps};
    WireField field, inner;
    while (wire_next(&layer, &field)) {
        if (wire_is(&field, LAYER_TYPE, WIRE_BYTES))
            parts.type = field.bytes;
        if (wire_is(&field, LAYER_BOTTOM, WIRE_BYTES) && parts.bottom.at == NULL)
            parts.bottom = field.bytes;
        if (wire_is(&field, LAYER_TOP, WIRE_BYTES) && parts.top.at == NULL)
            parts.top = field.bytes;
        if (wire_is(&field, LAYER_BLOBS, WIRE_BYTES)) {
            if (parts.blob_count < 3)
                parts.blobs[parts.blob_count] = field.bytes;
            parts.blob_count++;
        }
        if (wire_is(&field, LAYER_BATCH_NORM, WIRE_BYTES))
            for (Wire w = field.bytes; wire_next(&w, &inner);)
                if (wire_is(&inner, NORM_EPS, WIRE_FIXED32))
                    parts.eps = float_from_bits((uint32_t)load_le(inner.bytes.at, 4));
        if (wire_is(&field, LAYER_SCALE, WIRE_BYTES))
            for (Wire w = field.bytes; wire_next(&w, &inner);)
                if (wire_is(&inner, SCALE_BIAS, WIRE_VARINT))
                    parts.bias_term = inner.value != 0;
    }
    return parts;
}

/* The last maker of a blob: a BatchNorm that works in place has the convolution's top. */
static CaffeMaker *find_maker(CaffeNorms *norms, Wire top)
{
    for (int i = norms->count - 1; i >= 0; i--)
        if (wire_same(norms->makers[i].top, top))
            return &norms->makers[i];
    return NULL;
}

static bool add_maker(CaffeNorms *norms, TensorFile *file, CaffeMaker maker, Err *err)
{
    if (norms->count == MAKERS_MAX || maker.convolution.at == NULL)
        return true;
    if (norms->count == norms->room) {
        const int room = norms->room > 0 ? 2 * norms->room : 256;
        CaffeMaker *grown = tensor_file_alloc(file, (size_t)room * sizeof *grown, err);
        if (grown == NULL)
            return false;
        if (norms->count > 0)
            memcpy(grown, norms->makers, (size_t)norms->count * sizeof *grown);
        norms->makers = grown;
        norms->room = room;
    }
    norms->makers[norms->count++] = maker;
    return true;
}

/* Divides a blob by the factor, as Caffe does when it predicts: by a factor of 0 everything is 0. */
static bool divide(TensorFile *file, FileTensor *t, double factor, Err *err)
{
    unsigned char *values = t->count <= file->size ? tensor_file_alloc(file, t->count * 8, err) : NULL;
    if (values == NULL)
        return err_set(err, "%s: not enough memory for blob %s", file->path, t->name);
    for (size_t i = 0; i < t->count; i++) {
        const double quotient = factor != 0.0 ? tensor_number(t, i) / factor : 0.0;
        uint64_t bits;
        memcpy(&bits, &quotient, sizeof bits);
        store_le(values + 8 * i, bits, 8);
    }
    t->data = values;
    t->dtype = DTYPE_F64;
    return true;
}

static bool add_statistics(TensorFile *file, Wire name, Wire convolution, const Parts *parts, Err *err)
{
    const int length = name.end - name.at < 100 ? (int)(name.end - name.at) : 100;
    if (parts->blob_count != 3)
        return err_set(err, "%s: layer %.*s (BatchNorm) has %d blobs, not 3; save the whole .caffemodel", file->path, length, (const char *)name.at,
                       parts->blob_count);
    if (!caffe_add_blob(file, convolution, "factor", parts->blobs[2], err))
        return false;
    const FileTensor *factor_blob = &file->tensors[file->count - 1];
    const double factor = factor_blob->count == 1 ? tensor_number(factor_blob, 0) : 0.0;
    if (factor_blob->count != 1)
        return err_set(err, "%s: layer %.*s (BatchNorm) has no factor; save the whole .caffemodel", file->path, length, (const char *)name.at);
    file->count--;
    if (!caffe_add_blob(file, convolution, "mean", parts->blobs[0], err) || !divide(file, &file->tensors[file->count - 1], factor, err) ||
        !caffe_add_blob(file, convolution, "var", parts->blobs[1], err) || !divide(file, &file->tensors[file->count - 1], factor, err))
        return false;
    file->tensors[file->count - 1].norm_eps = parts->eps;
    return true;
}

/* Adds `count` equal numbers as the tensor CONVOLUTION.KIND. */
static bool add_constant(TensorFile *file, Wire convolution, const char *kind, size_t count, float value, Err *err)
{
    char name[400];
    const int length = convolution.end - convolution.at < 300 ? (int)(convolution.end - convolution.at) : 300;
    const int named = snprintf(name, sizeof name, "%.*s.%s", length, (const char *)convolution.at, kind);
    unsigned char *values = count <= file->size ? tensor_file_alloc(file, count * 4, err) : NULL;
    FileTensor *t = values != NULL ? tensor_file_add(file, name, (size_t)named, err) : NULL;
    const int64_t dim = (int64_t)count;
    if (t == NULL || !tensor_set_dims(file, t, &dim, 1, err))
        return false;
    for (size_t i = 0; i < count; i++)
        store_le(values + 4 * i, float_bits(value), 4);
    t->dtype = DTYPE_F32;
    t->data = values;
    return true;
}

static bool add_scale(TensorFile *file, Wire name, Wire convolution, const Parts *parts, Err *err)
{
    const int length = name.end - name.at < 100 ? (int)(name.end - name.at) : 100;
    if (parts->blob_count != (parts->bias_term ? 2 : 1))
        return err_set(err, "%s: layer %.*s (Scale) has %d blobs, not %d; save the whole .caffemodel", file->path, length, (const char *)name.at,
                       parts->blob_count, parts->bias_term ? 2 : 1);
    if (!caffe_add_blob(file, convolution, "gamma", parts->blobs[0], err))
        return false;
    const size_t count = file->tensors[file->count - 1].count;
    return parts->bias_term ? caffe_add_blob(file, convolution, "beta", parts->blobs[1], err) : add_constant(file, convolution, "beta", count, 0.0f, err);
}

bool caffe_norm_layer(CaffeNorms *norms, TensorFile *file, Wire name, Wire layer, bool *taken, Err *err)
{
    const Parts parts = read_parts(layer);
    CaffeMaker *maker = find_maker(norms, parts.bottom);
    *taken = false;
    if (maker != NULL && wire_text_is(parts.type, "BatchNorm") && !maker->normed) {
        *taken = true;
        return add_statistics(file, name, maker->convolution, &parts, err) &&
               add_maker(norms, file, (CaffeMaker){parts.top, maker->convolution, true}, err);
    }
    if (maker != NULL && wire_text_is(parts.type, "Scale") && maker->normed) {
        *taken = true;
        maker->normed = false; /* it is complete */
        return add_scale(file, name, maker->convolution, &parts, err);
    }
    CaffeMaker *changed = find_maker(norms, parts.top);
    if (changed != NULL)
        changed->top = (Wire){NULL, NULL}; /* a ReLU in place: what follows no longer belongs to the convolution */
    return !wire_text_is(parts.type, "Convolution") || add_maker(norms, file, (CaffeMaker){parts.top, name, false}, err);
}

bool caffe_norms_finish(CaffeNorms *norms, TensorFile *file, Err *err)
{
    for (int i = 0; i < norms->count; i++) {
        const CaffeMaker *maker = &norms->makers[i];
        size_t count = 0;
        for (int t = 0; maker->normed && t < file->count; t++) {
            const size_t length = (size_t)(maker->convolution.end - maker->convolution.at);
            if (strncmp(file->tensors[t].name, (const char *)maker->convolution.at, length) == 0 && strcmp(file->tensors[t].name + length, ".mean") == 0)
                count = file->tensors[t].count;
        }
        if (maker->normed && (!add_constant(file, maker->convolution, "gamma", count, 1.0f, err) ||
                              !add_constant(file, maker->convolution, "beta", count, 0.0f, err)))
            return false;
    }
    return true;
}
