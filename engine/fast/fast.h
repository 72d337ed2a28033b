/* fast.h - the fast engine's Run: what forward (run_fast.c) and backward (grad*.c) share.
 *
 * Every layer has a place for its map, made once; forward fills them level by level. Layers of a level depend on earlier
 * levels only (the four branches of a module start together), so their tasks go to the pool in one task batch. */
#ifndef INCEPTOSCOPE_FAST_FAST_H
#define INCEPTOSCOPE_FAST_FAST_H

#include "engine/fast/kernels.h"
#include "engine/fast/threads.h"
#include "engine/net/run.h"

enum { LEVEL_MAX = 64 };        /* layers that are started together; a wider level is several task batches */

typedef struct FastLayer {
    const Layer *layer;
    int input;                  /* layer->inputs[0], or -1 */
    int level;                  /* 0 for the input; greater than that of everything it reads */
    bool in_place;              /* its map is (part of) another layer's memory and is complete when that is: dropout without
                                   training, a concat whose branches write into it. Nothing to compute then */
    Map out;                    /* n = options.batch */
    Map picture;                /* OP_INPUT only: the same values with lanes == 1; `out` is this when nobody reads blocks */
    bool reads_picture;         /* a convolution that reads the input's `picture` */

    PackedConv packed;          /* conv and fc */
    float *bias, *scale;        /* 16 * packed.out_blocks floats each, BN folded in; scale is NULL without BN */
    /* fc is a 1x1 convolution over a row of n pixels, one for each image, whose channels are the whole input map in its
     * own order: block, y, x, lane. */
    Map fc_in, fc_out;

    int row_chunks;             /* tasks that the rows (Winograd: tiles) of one block or panel of an image are cut into */
    int panel_chunks;           /* Winograd: tasks that the panels are cut into */
    int tasks, first_task;      /* in its level's task batch, for the current batch */
} FastLayer;

typedef struct FastRun {
    Run run;                    /* first, as run.h demands */
    const Kernels *kernels;
    Pool *pool;
    FastLayer *layers;          /* net->layer_count */
    int *order;                 /* layers that compute something, by level, large ones first */
    int order_count;
    float *maps, *packed;       /* one allocation for all maps, zeroed once, so that every halo is and stays zero; one for all
                                   packed weights and biases */
    float *scratch;             /* scratch_floats for each thread, for Winograd's algorithm */
    size_t scratch_floats;
    const float *weights;       /* the plain ones of the last run_weights, borrowed */
    struct GradPlan *grad;      /* what backward owns; made by grad_new when options.training or .gradients, else NULL */
} FastRun;

/* Whether this run has a place for the layer's map: heads are left out where nobody asked for them. */
static inline bool fast_computes(const FastRun *f, int layer)
{
    return f->layers[layer].layer->head == 0 || f->run.options.heads || f->run.options.training;
}

static inline const Map *fast_input_map(const FastRun *f, int layer)
{
    const FastLayer *l = &f->layers[layer];
    return l->reads_picture ? &f->layers[l->input].picture : &f->layers[l->input].out;
}

/* pack.c: the geometry of packed weights (w stays NULL), and filling one panel of output blocks, which begins at block
 * pack_panel_begin(p, panel) and ends where the next one begins. row_pixels: width of the rows to be computed, for choosing the
 * panel size. w (O, C/groups, taps) in plain order. p->w must have been zeroed when it was made: what pads the channels, and
 * the other groups' channels in a convolution with groups, is never written. scale (O) multiplies every weight of an output
 * channel, or NULL. */
void pack_shape(PackedConv *p, int in_channels, int out_channels, int k, int stride, int lanes, int registers, int row_pixels);
void pack_conv(PackedConv *p, const float *w, int in_channels, int out_channels, int taps, int groups, const float *scale,
               int panel);
/* The same for 3x3 at stride 1 by Winograd's algorithm; tiles: how many are computed together. w (O, C, 3, 3); for the
 * data gradient (`backward`) w is (in_channels, out_channels, 3, 3), rotated by half a turn, and scale has in_channels values. */
void pack_winograd_shape(PackedConv *p, int in_channels, int out_channels, int registers, int tiles);
void pack_winograd(PackedConv *p, const float *w, int in_channels, int out_channels, const float *scale, bool backward,
                   int panel);

/* plan.c: levels and places of all maps. */
/* How many of an image's tiles are computed at a time, so that their transformed input stays in the cache. */
int plan_tiles(const PackedConv *p, int tiles);
/* Whether the convolution runs by Winograd's algorithm, in both directions. */
bool plan_winograd(const FastRun *f, const Layer *l);
bool plan_make(FastRun *f, Err *err);
void plan_free(FastRun *f);

#endif
