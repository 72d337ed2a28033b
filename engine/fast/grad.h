/* grad.h - backward of the fast engine: data gradients, and in training weight gradients, of a batch.
 *
 * From below: grad_kernels.h has the inner loops; grad_cut.c cuts weight gradients into tasks; grad_phases.h says how a data gradient is
 * a convolution; grad_plan.c makes the memory of all gradients; grad_rotate.c brings weights into the order that data gradients read,
 * grad_maps.c the gradient of one map together, grad_weights.c sums the gradients of weights; grad.c walks over the levels of a
 * network from where backward begins to the picture. None of them calls one above it. */
#ifndef INCEPTOSCOPE_FAST_GRAD_H
#define INCEPTOSCOPE_FAST_GRAD_H

#include "engine/fast/fast.h"

/* The functions of Engine with these names. */
void grad_backward(FastRun *f, float *const *dlogits, float *grads);
double grad_norm2(FastRun *f, int layer);
void grad_gradient(FastRun *f);
void grad_map_gradient(const FastRun *f, int layer, int image, float *out);
void grad_shift_gradient(const FastRun *f, int layer, int image, float *out);

#endif
