/* grad_plan.h - what backward of the fast engine owns; shared by grad*.c only.
 *
 * Every map that forward computes has a gradient of the same shape, with memory of its own for the whole life of the run: a
 * convolution's data gradient is a convolution, so the gradients have halos too, and a halo has to stay zero. Training has no use for the
 * gradients of the input and of softmax, run_gradient has, and also keeps every map's gradient as it was before its ReLU. */
#ifndef INCEPTOSCOPE_FAST_GRAD_PLAN_H
#define INCEPTOSCOPE_FAST_GRAD_PLAN_H

#include "engine/fast/grad_cut.h"

typedef struct GradLayer {
    Map dy;                     /* gradient by the layer's map; after `finish` by the value before ReLU. data is NULL where it is not
                                   wanted or the layer is not computed */
    Map kept;                   /* run_gradient: dy before `finish`; data is NULL where that changes nothing */
    int concat;                 /* dy and kept are views into this layer's, which brings and finishes them; or -1 */
    int first_block;            /* of that view */
    int consumers, consumer_count; /* layers that read this one: f->grad->consumers[consumers ...]; without concats that dy
                                   is a view into */
    PackedConv rotated;         /* conv and fc: weights for the data gradient: in and out transposed, taps rotated by half a turn */
    bool rotated_now;           /* they are those of the last run_weights */
    Map fc_dy;                  /* fc: a row of n pixels, as fc_out of forward */
    Map sent;                   /* the data gradient where it is not written into the input's dy at once. fc: a row of n pixels, as
                                   fc_in; conv with stride > 1: its phases */
    PackedConv panels;          /* how blocks are cut into tasks: the panels of any convolution with as many output channels */

    /* conv and fc: what `finish` found, [batch][blocks][16] and [batch][blocks] */
    float *bias_sums;
    double *norms;

    WeightCut cut;              /* conv and fc: the weight gradient's */

    /* of the current backward */
    bool live;                  /* its gradient is wanted */
    int level;                  /* greater than that of every live consumer */
} GradLayer;

/* Where a backward begins. */
typedef struct GradSeed {
    int layer;
    const float *values;        /* (n, C, H, W), added to the gradient by the layer's map */
} GradSeed;

typedef struct GradPlan {
    GradLayer *layers;          /* net->layer_count */
    int *consumers;
    WeightUnit *units;          /* of all layers */
    float *maps, *packed, *finished, *sums; /* allocations; sums: sums_floats for each thread */
    size_t sums_floats;
    /* of the current backward */
    int levels;
    GradSeed seeds[HEADS_MAX];
    int seed_count;
} GradPlan;

/* Called at the end of create when options.training or .gradients; the maps of all layers have their places by then. NULL on failure. */
GradPlan *grad_new(FastRun *f, Err *err);
void grad_free(GradPlan *g);

/* Whether the current backward needs what a conv or fc layer sends back to its input. */
static inline bool grad_sends(const FastRun *f, int layer)
{
    const GradLayer *layers = f->grad->layers;
    return layers[layer].rotated.w != NULL && layers[layer].live && layers[f->layers[layer].input].live;
}

/* The parameter's floats in a flat array. */
static inline const float *grad_param(const FastRun *f, const float *flat, int param)
{
    return param < 0 ? NULL : flat + f->run.net->params[param].offset;
}

#endif
