/* grad_plan.h - what backward of the fast engine owns; shared by grad*.c only.
 *
 * Every map that forward computes has a gradient of the same shape, with memory of its own for the whole life of the run: a
 * convolution's data gradient is a convolution, so the gradients have halos too, and a halo has to stay zero. */
#ifndef INCEPTOSCOPE_FAST_GRAD_PLAN_H
#define INCEPTOSCOPE_FAST_GRAD_PLAN_H

#include "engine/fast/fast.h"

/* A tile of the weight gradient along the input: neighbouring floats of an input pixel, which are channels of a block at one
 * tap, or taps of a picture's row. */
typedef struct WeightUnit {
    ptrdiff_t offset;           /* from the input pixel of tap (0, 0), block 0 */
    int scalars;
    int c, tap;                 /* of the first value; the others are the next channels, or for a picture the next taps */
} WeightUnit;

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

    int scalars, set;           /* weight gradient: tile, see GradKernels.weights */
    int unit_count;
    WeightUnit *units;          /* whose channels exist */
    int unit_ranges, set_ranges; /* a task is one range of units and one of sets */

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

/* grad_maps.c: tasks of the gradient of a map: image n, the blocks of a set. */
int grad_map_tasks(const FastRun *f, int layer);
void grad_map_task(const FastRun *f, int layer, int task, float *scratch);

/* grad_weights.c: the layer's units (returns how many, and writes them unless `units` is NULL) and their cut into tasks, made
 * once; and task t of a layer's weight gradient. */
int grad_weights_units(const FastRun *f, int layer, WeightUnit *units);
void grad_weights_cut(FastRun *f, GradPlan *g, int layer);
int grad_weights_tasks(const FastRun *f, int layer);
void grad_weights_task(const FastRun *f, int layer, int task, float *sums, float *grads);
/* Fills one set of turned weights. */
void grad_turn_weights(const FastRun *f, int layer, int set);

/* The parameter's floats in a flat array. */
static inline const float *grad_param(const FastRun *f, const float *flat, int param)
{
    return param < 0 ? NULL : flat + f->run.net->params[param].offset;
}

#endif
