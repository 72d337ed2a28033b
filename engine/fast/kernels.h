/* kernels.h - the inner loops of the fast engine, compiled once per instruction set from the same source.
 *
 * kernels_ISA.c names an instruction set and includes kernels.inc; nothing else is different between them. kernels_pick
 * chooses one at run time. A kernel computes a piece of one layer in one thread and knows nothing of networks. */
#ifndef INCEPTOSCOPE_FAST_KERNELS_H
#define INCEPTOSCOPE_FAST_KERNELS_H

#include "engine/base/err.h"
#include "engine/fast/layout.h"
#include "engine/fast/grad.h"
#include "engine/ops/ops.h"

enum { LRN_REACH_MAX = 64 };    /* channels on either side of a normalisation window */

/* Weights of a convolution in the order in which the kernel reads them. The output blocks are cut into sets of up to
 * `set` blocks whose sums are in registers together; set s holds [blocks_of(C, lanes)][k][k][lanes][blocks of the set][16 o].
 * Every output block takes the same number of floats, so the set that begins at block b begins at b * per_block. */
typedef struct PackedConv {
    int k, lanes;               /* kernel size; channels per block of the map that is read */
    int in_blocks, out_blocks;
    int set;                    /* most output blocks computed together */
    size_t per_block;           /* in_blocks * k * k * lanes * 16 */
    float *w;                   /* out_blocks * per_block, 64-byte aligned */
} PackedConv;

typedef enum ConvMode { CONV_PLAIN, CONV_RELU, CONV_ADD } ConvMode; /* y = s, y = max(s, 0), y += s */

typedef struct Kernels {
    const char *name;           /* "avx512" */
    int registers;              /* room for sums: (pixels of a tile + 1) * blocks of a set <= registers */
    /* Rows [y0, y1) of output blocks [b0, b0 + blocks), one set, of image n. bias: 16 * out_blocks floats, or NULL for 0.
     * The padding must not exceed x->halo. */
    void (*conv)(const Map *y, const Map *x, const PackedConv *w, const float *bias, ConvMode mode, int stride, int pad,
                 int n, int b0, int blocks, int y0, int y1);
    /* Rows [y0, y1) of one block of image n. */
    void (*maxpool)(const Map *y, const Map *x, const PoolDims *d, int n, int block, int y0, int y1);
    void (*avgpool)(const Map *y, const Map *x, const PoolDims *d, int n, int block, int y0, int y1);
    void (*lrn)(const Map *y, const Map *x, const LrnDims *d, int n, int block, int y0, int y1);
    double (*peak)(long rounds); /* for measure.h: operations done */
    GradKernels grad;           /* the backward ones */
} Kernels;

extern const Kernels kernels_plain, kernels_avx2, kernels_avx512, kernels_neon;

/* The best set for this CPU, or the one that $INCEPTOSCOPE_CPU names (plain, avx2, avx512, neon). NULL and a message when that
 * one is unknown or this CPU does not have it. */
const Kernels *kernels_pick(Err *err);

#endif
