/* grad.h - backward of the fast engine: data gradients of a batch, and in training weight gradients.
 *
 * The files from the lowest to the highest; none calls one above it. grad_kernels.h: the inner loops. grad_cut.c: divides weight
 * gradients into tasks. grad_phases.h: a data gradient as a convolution. grad_plan.c: the memory of all gradients. grad_rotate.c:
 * the weights in the order in which data gradients read them. grad_maps.c: the gradient of one map. grad_weights.c: the gradients
 * of weights. grad.c: goes through the levels of the network, from where backward begins to the picture. */
#ifndef INCEPTOSCOPE_FAST_GRAD_H
#define INCEPTOSCOPE_FAST_GRAD_H

#include "engine/fast/fast.h"

/* These implement the functions of Engine with the same names. */
void grad_backward(FastRun *f, float *const *dlogits, float *grads);
double grad_norm2(FastRun *f, int layer);
void grad_gradient(FastRun *f);
void grad_map_gradient(const FastRun *f, int layer, int image, float *out);
void grad_shift_gradient(const FastRun *f, int layer, int image, float *out);

#endif
