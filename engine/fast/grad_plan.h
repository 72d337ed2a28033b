/* grad_plan.h - what backward of the fast engine owns; shared by grad*.c only.
 *
 * Every map that forward computes has a gradient of the same shape, with memory of its own for the whole life of the run: a
 * convolution's data gradient is a convolution, so the gradients have halos too, and a halo has to stay zero. */
#ifndef INCEPTOSCOPE_FAST_GRAD_PLAN_H
#define INCEPTOSCOPE_FAST_GRAD_PLAN_H

#include "engine/fast/grad_cut.h"

typedef struct GradLayer {
    Map dy;                     /* gradient by the layer's map; after `finish` by the value before ReLU. data is NULL for inputs
                                   and for layers that are not computed */
    bool in_concat;             /* dy is a view into the concat's; so the concat's gradient brings and finishes it */
    int first_block;            /* of that view */
    int consumers, consumer_count; /* layers that read this one: f->grad->consumers[consumers ...]; without concats that dy
                                   is a view into */
    PackedConv turned;          /* conv and fc: weights for the data gradient, [out][in] swapped and taps reversed */
    Map spread;                 /* conv with stride > 1: dy with stride - 1 zeros between its pixels */
    Map fc_dy, fc_dx;           /* fc: a row of n pixels each, as fc_in and fc_out of forward */
    PackedConv sets;            /* how blocks are cut into tasks: the sets of any convolution with as many output channels */

    /* conv and fc: what `finish` found, [batch][blocks][16] and [batch][blocks] */
    float *bias_sums;
    double *norms;

    WeightCut cut;              /* conv and fc: the weight gradient's */

    /* of the current backward */
    bool live;                  /* a loss reaches this layer */
    int level;                  /* greater than that of every live consumer */
} GradLayer;

typedef struct GradPlan {
    GradLayer *layers;          /* net->layer_count */
    int *consumers;
    WeightUnit *units;          /* of all layers */
    float *maps, *packed, *finished, *sums; /* allocations; sums: sums_floats for each thread */
    size_t sums_floats;
    int levels;                 /* of the current backward, and what it was given */
    float *const *dlogits;
} GradPlan;

/* Called at the end of create when options.training; the maps of all layers have their places by then. NULL on failure. */
GradPlan *grad_new(FastRun *f, Err *err);
void grad_free(GradPlan *g);

/* The parameter's floats in a flat array. */
static inline const float *grad_param(const FastRun *f, const float *flat, int param)
{
    return param < 0 ? NULL : flat + f->run.net->params[param].offset;
}

#endif
