/* fast.h - the fast engine's Run: the state that forward (run_fast.c) and backward (grad*.c) share.
 *
 * Every layer has a place for its map, allocated once. Forward fills the maps level by level. Layers of a level depend only on
 * earlier levels (the four branches of a module start together), so all their tasks go to the thread pool in one task batch. */
#ifndef INCEPTOSCOPE_FAST_FAST_H
#define INCEPTOSCOPE_FAST_FAST_H

#include "engine/fast/kernels.h"
#include "engine/fast/threads.h"
#include "engine/net/run.h"

enum { LEVEL_MAX = 64 };        /* layers that start together; a wider level is several task batches */

typedef struct FastLayer {
    const Layer *layer;
    int input;                  /* layer->inputs[0], or -1 */
    int level;                  /* 0 for the input; greater than the level of every layer that it reads */
    bool in_place;              /* its map is in another layer's memory and is complete when that one is: dropout without
                                   training, a concat whose branches write into it. Then there is nothing to compute */
    Map out;                    /* n = options.batch */
    Map picture;                /* OP_INPUT only: the same values with lanes == 1; `out` is this map if no layer reads blocks */
    bool reads_picture;         /* a convolution that reads the input's `picture` */

    PackedConv packed;          /* conv and fc */
    float *bias, *scale;        /* 16 * packed.out_blocks floats each, BN folded in; scale is NULL without BN */
    /* fc is a 1x1 convolution over a row of n pixels, one for each image. The channels of a pixel are the whole input map in its
     * own order: block, y, x, lane. */
    Map fc_in, fc_out;

    int row_chunks;             /* number of tasks that the rows (Winograd: tiles) of one block or panel of an image are divided
                                   into */
    int panel_chunks;           /* Winograd: number of tasks that the panels are divided into */
    int tasks, first_task;      /* in its level's task batch, for the current batch of images */
} FastLayer;

typedef struct FastRun {
    Run run;                    /* first, as run.h demands */
    const Kernels *kernels;
    Pool *pool;
    FastLayer *layers;          /* net->layer_count */
    int *order;                 /* layers that compute something, by level, large ones first */
    int order_count;
    float *maps, *packed;       /* maps: one allocation for all maps, zeroed once, so every halo is zero and stays zero. packed:
                                   one for all packed weights and biases */
    float *scratch;             /* scratch_floats for each thread, for Winograd's algorithm */
    size_t scratch_floats;
    const float *weights;       /* the plain weights of the last run_weights, borrowed */
    struct GradPlan *grad;      /* the state of backward; made by grad_new if options.training or .gradients, else NULL */
} FastRun;

/* Whether this run has a place for the layer's map. Runs without heads have none for the heads' layers. */
static inline bool fast_computes(const FastRun *f, int layer)
{
    return f->layers[layer].layer->head == 0 || f->run.options.heads || f->run.options.training;
}

static inline const Map *fast_input_map(const FastRun *f, int layer)
{
    const FastLayer *l = &f->layers[layer];
    return l->reads_picture ? &f->layers[l->input].picture : &f->layers[l->input].out;
}

/* pack.c. pack_shape sets the geometry of packed weights (w stays NULL). pack_conv fills one panel of output blocks, from block
 * pack_panel_begin(p, panel) to the beginning of the next panel. row_pixels: width of the rows to be computed, for choosing the
 * panel size. w (O, C/groups, taps) in plain order. The caller zeroes p->w once: the padding of the channels, and in a
 * convolution with groups the other groups' channels, are never written. scale (O) multiplies every weight of an output channel;
 * or NULL. */
void pack_shape(PackedConv *p, int in_channels, int out_channels, int k, int stride, int lanes, int registers, int row_pixels);
void pack_conv(PackedConv *p, const float *w, int in_channels, int out_channels, int taps, int groups, const float *scale,
               int panel);
/* The same for 3x3 at stride 1 with Winograd's algorithm; tiles: how many are computed together. w (O, C, 3, 3). For the data
 * gradient (`backward`), w is (in_channels, out_channels, 3, 3), rotated by half a turn, and scale has in_channels values. */
void pack_winograd_shape(PackedConv *p, int in_channels, int out_channels, int registers, int tiles);
void pack_winograd(PackedConv *p, const float *w, int in_channels, int out_channels, const float *scale, bool backward,
                   int panel);

/* plan.c: levels and places of all maps. */
/* The number of an image's tiles that are computed at a time, so that their transformed input stays in the cache. */
int plan_tiles(const PackedConv *p, int tiles);
/* Whether the convolution uses Winograd's algorithm, in both directions. */
bool plan_winograd(const FastRun *f, const Layer *l);
bool plan_make(FastRun *f, Err *err);
void plan_free(FastRun *f);

#endif
