/* quantize.c - see quantize.h. */
#include "engine/net/quantize.h"

#include <math.h>
#include <string.h>

int quantize_limit(int bits)
{
    assert(bits >= QUANTIZE_BITS_MIN && bits <= QUANTIZE_BITS_MAX);
    return (1 << (bits - 1)) - 1;
}

float quantize_scale(const float *weights, size_t count, int bits)
{
    float largest = 0.0f;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(weights[i]))
            return NAN;
        largest = fmaxf(largest, fabsf(weights[i]));
    }
    return largest / (float)quantize_limit(bits);
}

int quantize_integer(float weight, float scale, int bits)
{
    const int limit = quantize_limit(bits);
    if (scale == 0.0f)
        return 0;
    const float q = rintf(weight / scale); /* may be just above the limit: the scale is rounded, or even subnormal */
    return q > (float)limit ? limit : q < (float)-limit ? -limit : (int)q;
}

void quantize_layer(const Net *net, int layer, int bits, const float *weights, float *out)
{
    if (net->layers[layer].weight < 0)
        return;
    const Param *p = &net->params[net->layers[layer].weight];
    const size_t channels = (size_t)p->dims[0], count = p->count / channels;
    for (size_t o = 0; o < channels; o++) {
        const float *from = weights + p->offset + o * count;
        float *to = out + p->offset + o * count;
        const float scale = quantize_scale(from, count, bits);
        for (size_t i = 0; i < count; i++)
            to[i] = isnan(scale) ? from[i] : scale * (float)quantize_integer(from[i], scale, bits);
    }
}

void quantize_weights(const Net *net, int bits, const float *weights, float *out)
{
    if (out != weights)
        memcpy(out, weights, net->weight_count * sizeof *out);
    for (int l = 0; l < net->layer_count; l++)
        quantize_layer(net, l, bits, weights, out);
}

static bool all_multiples(const float *w, size_t count, float scale, int bits)
{
    for (size_t i = 0; i < count; i++)
        if (w[i] != scale * (float)quantize_integer(w[i], scale, bits))
            return false;
    return true;
}

int quantize_found(const Net *net, const float *weights, int layer, int channel, float *scale)
{
    enum { SURE = 32 };
    if (net->layers[layer].weight < 0)
        return 0;
    const Param *p = &net->params[net->layers[layer].weight];
    const size_t count = p->count / (size_t)p->dims[0];
    const float *w = weights + p->offset + (size_t)channel * count;
    for (int bits = QUANTIZE_BITS_MIN; bits <= QUANTIZE_BITS_MAX && count >= SURE; bits++) {
        const float near = quantize_scale(w, count, bits); /* the product with the limit was rounded, so the scale may be its neighbour */
        const float tries[] = {near, nextafterf(near, 0.0f), nextafterf(near, INFINITY)};
        for (int i = 0; i < 3 && near > 0.0f; i++) /* not NaN */
            if (all_multiples(w, count, tries[i], bits)) {
                *scale = tries[i];
                return bits;
            }
    }
    return 0;
}

QuantizeBytes quantize_bytes(const Net *net, int layer, int bits)
{
    QuantizeBytes bytes = {0, 0};
    assert(bits >= QUANTIZE_BITS_MIN && bits <= QUANTIZE_BITS_MAX);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        if (p->layer != layer)
            continue;
        const int64_t count = (int64_t)p->count;
        bytes.before += 4 * count;
        bytes.after += p->kind == PARAM_WEIGHT ? (count * bits + 7) / 8 + 4 * (int64_t)p->dims[0] : 4 * count;
    }
    return bytes;
}
