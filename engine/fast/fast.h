/* fast.h - the fast engine's Run: what forward (run_fast.c) and backward (grad*.c) share.
 *
 * Every layer has a place for its map, made once; forward fills them level by level. Layers of a level depend on earlier
 * levels only (the four branches of a module start together), so their tasks go to the pool in one burst. */
#ifndef INCEPTOSCOPE_FAST_FAST_H
#define INCEPTOSCOPE_FAST_FAST_H

#include "engine/fast/kernels.h"
#include "engine/fast/pool.h"
#include "engine/net/run.h"

typedef struct FastLayer {
    const Layer *layer;
    int input;                  /* the layer whose map it reads, aliases looked through not at all: layer->inputs[0], or -1 */
    int level;                  /* 0 for the input; greater than that of everything it reads */
    bool in_place;              /* its map is (part of) another layer's memory and is complete when that is: dropout without
                                   training, a concat whose branches write into it. Nothing to compute then */
    Map out;                    /* n = options.batch */
    Map picture;                /* OP_INPUT only: the same values as lanes == 1; data NULL when nobody reads it so */
    bool reads_picture;         /* a convolution that reads the input's `picture` */

    PackedConv packed;          /* conv and fc */
    float *bias;                /* 16 * packed.out_blocks floats, BN folded in */
    /* fc is a 1x1 convolution over a row of n pixels, one for each image, whose channels are the whole input map in its
     * own order: block, y, x, lane. */
    Map fc_in, fc_out;
} FastLayer;

typedef struct FastRun {
    Run run;                    /* first, as run.h demands */
    const Kernels *kernels;
    Pool *pool;
    FastLayer *layers;          /* net->layer_count */
    int levels;
    float *maps;                /* one allocation for all maps; zeroed once, so every halo is and stays zero */
    float *packed;              /* one allocation for all packed weights and biases */
    const float *weights;       /* the plain ones of the last run_weights, borrowed */
    struct GradPlan *grad;      /* what backward owns; made by grad_new when options.training, else NULL */
} FastRun;

static inline const Map *fast_input_map(const FastRun *f, int layer)
{
    const FastLayer *l = &f->layers[layer];
    return l->reads_picture ? &f->layers[l->input].picture : &f->layers[l->input].out;
}

/* pack.c: the geometry of packed weights, and filling them. w (O, C/groups, k, k) in plain order; groups become zeros in a
 * dense convolution. scale (O) multiplies every weight of an output channel, or NULL. Output channel blocks [b0, b1). */
void pack_shape(PackedConv *p, int in_channels, int out_channels, int k, int lanes, int registers, int row_pixels);
void pack_conv(PackedConv *p, const float *w, int in_channels, int out_channels, int groups, const float *scale, int b0,
               int b1);
/* The blocks of the set that begins at block b0. */
int pack_set(const PackedConv *p, int b0);

#endif
