/* grad.c - backward of the fast engine: which kernels run in which order. */
#include "engine/fast/fast.h"

#include <stdlib.h>

struct GradPlan {
    int unused;
};

struct GradPlan *grad_new(FastRun *f, Err *err)
{
    (void)f;
    (void)err;
    return calloc(1, sizeof(struct GradPlan));
}

void grad_free(struct GradPlan *g)
{
    free(g);
}

void grad_backward(FastRun *f, float *const *dlogits, float *grads)
{
    (void)f;
    (void)dlogits;
    (void)grads;
}

double grad_norm2(FastRun *f, int layer)
{
    (void)f;
    (void)layer;
    return -1;
}
