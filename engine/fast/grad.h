/* grad.h - backward of the fast engine: data gradients and weight gradients of a batch.
 *
 * From below: grad_kernels.h has the inner loops; grad_cut.c cuts weight gradients into tasks; grad_plan.c makes the memory of all
 * gradients; grad_maps.c brings the gradient of one map together, grad_weights.c sums the gradients of weights; grad.c walks over
 * the levels of a network from the losses to the picture. None of them calls one above it. */
#ifndef INCEPTOSCOPE_FAST_GRAD_H
#define INCEPTOSCOPE_FAST_GRAD_H

#include "engine/fast/fast.h"

/* run_backward and run_gradient_norm2 of the fast engine. */
void grad_backward(FastRun *f, float *const *dlogits, float *grads);
double grad_norm2(FastRun *f, int layer);

#endif
