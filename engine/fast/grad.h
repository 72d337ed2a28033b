/* grad.h - backward of the fast engine: data gradients and weight gradients of a batch.
 *
 * grad.c walks over the levels of a network from the losses to the picture; grad_maps.c brings the gradient of one map
 * together, grad_weights.c sums the gradients of weights, grad_plan.c says where everything stands. */
#ifndef INCEPTOSCOPE_FAST_GRAD_H
#define INCEPTOSCOPE_FAST_GRAD_H

#include "engine/fast/layout.h"
#include "engine/base/err.h"
#include "engine/ops/ops.h"

/* A piece of a batch that the weight kernel sums over: images x rows x width pixels of dy, and the same number of input
 * pixels. Strides in floats; an image of dy consists of blocks dy_block apart. */
typedef struct WeightSpan {
    int images, rows, width;
    ptrdiff_t x_image, x_row, x_step, dy_image, dy_row, dy_block;
    ptrdiff_t x_ahead;          /* from an input pixel to what is worth fetching meanwhile: the next call's */
} WeightSpan;

/* The kernels of backward; part of the Kernels table. */
typedef struct GradKernels {
    int scalars, set;           /* the largest tile of `weights`: input values, output blocks */
    /* sum[i][o] += sum over the span's pixels of x[i] * dy[o], for `scalars` values that stand side by side in x and
     * `blocks` blocks of dy; sum is [scalars][blocks * 16]. */
    void (*weights)(float *sum, const float *x, const float *dy, const WeightSpan *span, int scalars, int blocks);
    /* One block of image n, whose dy is complete: dy becomes 0 where y is not above 0 (y NULL: no ReLU). sum (16) receives the
     * sum of what is left over the pixels; returns the sum of squares before that. */
    double (*finish)(const Map *dy, const Map *y, int n, int block, float *sum);
    /* These add to one block of image n of dx. y is forward's result. */
    void (*maxpool)(const Map *dx, const Map *dy, const Map *x, const Map *y, const PoolDims *d, int n, int block);
    void (*avgpool)(const Map *dx, const Map *dy, const PoolDims *d, int n, int block);
    void (*lrn)(const Map *dx, const Map *dy, const Map *x, const LrnDims *d, int n, int block);
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
