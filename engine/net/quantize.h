/* quantize.h - weights rounded to whole numbers of few bits, as engines for small machines store them (post-training quantisation
 * of the weights).
 *
 * Symmetric, one scale for each output channel: weight = scale[o] * q, with q whole and |q| <= 2^(bits-1) - 1, which is 127, 7 or 1.
 * scale[o] = largest |weight| of channel o / that limit, in float32, and q = weight / scale[o], to nearest, ties to even. Source:
 * Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference" (2018), section 3.1.1 and 3.2; ONNX's
 * QuantizeLinear with zero point 0 rounds the same way. Only the weights of convolutions and fully connected layers are rounded; biases
 * and batch norm stay float32. Batch norm multiplies a whole channel by one number, so folding it in changes scales, not integers. */
#ifndef INCEPTOSCOPE_QUANTIZE_H
#define INCEPTOSCOPE_QUANTIZE_H

#include "engine/net/net.h"

enum { QUANTIZE_BITS_MIN = 2, QUANTIZE_BITS_MAX = 8 };

/* The largest |q|: 2^(bits-1) - 1. */
int quantize_limit(int bits);
/* The scale of one output channel's `count` weights: 0 if all are 0, NaN if one of them is not finite. */
float quantize_scale(const float *weights, size_t count, int bits);
/* The integer of one weight. 0 if the scale is 0; the scale must not be NaN. */
int quantize_integer(float weight, float scale, int bits);

/* Rounds a conv's or fc's weights: out[i] = scale * q. Only the layer's own weights in `out` are written; a channel with a weight that
 * is not finite is copied. Does nothing for other layers. weights, out: net->weight_count floats; they may be the same. */
void quantize_layer(const Net *net, int layer, int bits, const float *weights, float *out);
/* The same for every layer; what is not rounded is copied. */
void quantize_weights(const Net *net, int bits, const float *weights, float *out);

/* Whether the weights of one output channel have been rounded like this: the least number of bits for which each of them is
 * *scale * q, bit for bit; else 0. It is 0 for fewer than 32 weights, which could be multiples of a number by chance or by design
 * (tiny.net), and for layers without weights. */
int quantize_found(const Net *net, const float *weights, int layer, int channel, float *scale);

/* Bytes of a conv's or fc's parameters, bits packed without gaps in each tensor. 0 for other layers. */
typedef struct QuantizeBytes {
    int64_t before;             /* everything float32 */
    int64_t after;              /* weights of `bits` bits, a float32 scale for each output channel, the rest float32 */
} QuantizeBytes;
QuantizeBytes quantize_bytes(const Net *net, int layer, int bits);

#endif
