/* grad_kernels.h - the inner loops of backward. They are part of the Kernels table and, like it, compiled once per instruction
 * set. */
#ifndef INCEPTOSCOPE_FAST_GRAD_KERNELS_H
#define INCEPTOSCOPE_FAST_GRAD_KERNELS_H

#include "engine/fast/layout.h"
#include "engine/ops/ops.h"

/* A part of a batch that the weight kernel sums over: images x rows x width pixels of dy, and the same number of input pixels.
 * Strides are in floats; the blocks of an image of dy are dy_block apart. */
typedef struct WeightSpan {
    int images, rows, width;
    ptrdiff_t x_image, x_row, x_step, dy_image, dy_row, dy_block;
    ptrdiff_t x_ahead;          /* from an input pixel to the one to prefetch: the next call's */
} WeightSpan;

typedef struct GradKernels {
    int scalars, panel;         /* the largest tile of `weights`: input values, output blocks */
    /* sum[i][o] += sum over the span's pixels of x[i] * dy[o], for `scalars` adjacent values of x and `blocks` blocks of dy; sum
     * is [scalars][blocks * 16]. */
    void (*weights)(float *sum, const float *x, const float *dy, const WeightSpan *span, int scalars, int blocks);
    /* One block of image n, whose dy is complete: sets dy to 0 where y is not above 0 (y NULL: no ReLU). sum (16) receives the
     * sum of the remaining dy over the pixels. Returns the sum of squares of dy before that. */
    double (*finish)(const Map *dy, const Map *y, int n, int block, float *sum);
    /* These add to one block of image n of dx. y is the map that forward computed. */
    void (*maxpool)(const Map *dx, const Map *dy, const Map *x, const Map *y, const PoolDims *d, int n, int block);
    void (*avgpool)(const Map *dx, const Map *dy, const PoolDims *d, int n, int block);
    void (*lrn)(const Map *dx, const Map *dy, const Map *x, const LrnDims *d, int n, int block);
} GradKernels;

#endif
