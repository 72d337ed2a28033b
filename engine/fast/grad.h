/* grad.h - backward of the fast engine: data gradients and weight gradients of a batch. */
#ifndef INCEPTOSCOPE_FAST_GRAD_H
#define INCEPTOSCOPE_FAST_GRAD_H

#include "engine/fast/layout.h"
#include "engine/base/err.h"

/* The kernels of backward; part of the Kernels table. */
typedef struct GradKernels {
    int unused;
} GradKernels;

struct FastRun;
struct GradPlan;

/* Called at the end of create when options.training; the maps of all layers have their places by then. NULL on failure. */
struct GradPlan *grad_new(struct FastRun *f, Err *err);
void grad_free(struct GradPlan *g);
/* run_backward and run_gradient_norm2 of the fast engine. */
void grad_backward(struct FastRun *f, float *const *dlogits, float *grads);
double grad_norm2(struct FastRun *f, int layer);

#endif
