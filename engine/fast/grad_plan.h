/* grad_plan.h - the memory and geometry of backward of the fast engine. Only grad*.c include this.
 *
 * Every map that forward computes has a gradient of the same shape, and that gradient has its own memory for the life of the run.
 * A convolution's data gradient is a convolution, so the gradients have halos too, and a halo has to stay zero. Training does not
 * need the gradients of the input and of softmax. run_gradient does, and also keeps every map's gradient before its ReLU. */
#ifndef INCEPTOSCOPE_FAST_GRAD_PLAN_H
#define INCEPTOSCOPE_FAST_GRAD_PLAN_H

#include "engine/fast/grad_cut.h"

typedef struct GradLayer {
    Map dy;                     /* gradient of the layer's map; after `finish` of the values before ReLU. data is NULL if it is
                                   not needed or the layer is not computed */
    Map kept;                   /* run_gradient: dy before `finish`; data is NULL if `finish` does not change dy */
    int concat;                 /* dy and kept are views into this layer's, which computes and finishes them; or -1 */
    int first_block;            /* of that view */
    int consumers, consumer_count; /* layers that read this one: f->grad->consumers[consumers ...]; without concats that dy is a
                                      view into */
    PackedConv rotated;         /* conv and fc: weights for the data gradient: in and out transposed, taps rotated by half a turn */
    bool rotated_now;           /* rotated belongs to the weights of the last run_weights */
    Map fc_dy;                  /* fc: a row of n pixels, like fc_out of forward */
    Map sent;                   /* the data gradient if it is not written directly into the input's dy. fc: a row of n pixels,
                                   like fc_in; conv with stride > 1: its phases */
    PackedConv panels;          /* how blocks are divided into tasks: the panels of a convolution with this number of output
                                   channels */

    /* conv and fc: results of `finish`, [batch][blocks][16] and [batch][blocks] */
    float *bias_sums;
    double *norms;

    WeightCut cut;              /* conv and fc: tasks of the weight gradient */

    /* for the current backward */
    bool live;                  /* its gradient is needed */
    int level;                  /* greater than the level of every live consumer */
} GradLayer;

/* A place where a backward begins. */
typedef struct GradSeed {
    int layer;
    const float *values;        /* (n, C, H, W), added to the gradient of the layer's map */
} GradSeed;

typedef struct GradPlan {
    GradLayer *layers;          /* net->layer_count */
    int *consumers;
    WeightUnit *units;          /* of all layers */
    float *maps, *packed, *finished, *sums; /* allocations; sums: sums_floats for each thread */
    size_t sums_floats;
    /* for the current backward */
    int levels;
    GradSeed seeds[HEADS_MAX];
    int seed_count;
} GradPlan;

/* Called at the end of create if options.training or .gradients; the maps of all layers have their places by then. NULL on
 * failure. */
GradPlan *grad_new(FastRun *f, Err *err);
void grad_free(GradPlan *g);

/* Whether the current backward needs the data gradient of a conv or fc layer. */
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
