/* kernels.h - the table of the fast engine's inner loops, compiled once per instruction set from the same source.
 *
 * kernels_ISA.c names an instruction set and includes kernels.inc; otherwise these files are equal. kernels_pick chooses one at
 * run time. A kernel computes a part of one layer in one thread and knows nothing about networks. */
#ifndef INCEPTOSCOPE_FAST_KERNELS_H
#define INCEPTOSCOPE_FAST_KERNELS_H

#include "engine/base/err.h"
#include "engine/fast/grad_kernels.h"
#include "engine/ops/ops.h"

enum {
    LRN_REACH_MAX = 64,         /* channels on either side of a normalisation window */
    PANEL_MAX = 3,              /* output blocks of a convolution that are computed together */
    STRIDED_PANEL_MAX = 2,      /* the same if the input's pixels are not neighbours */
    TILE_MAX = 14,              /* pixels computed together */
    WINOGRAD_ELEMENTS = 36,
};

/* Weights of a convolution in the order in which the kernel reads them. The output channels are divided into blocks of 16, and
 * the blocks into panels of up to `panel` blocks; the sums of a panel are in registers together (a micro-panel of BLIS; oneDNN
 * calls the two oc_block and nb_oc_blocking). A panel is [blocks_of(C, lanes)][k][k][lanes][blocks of the panel][16 o]. Every
 * output block has the same number of floats, so the panel that begins at block b begins at b * per_block. */
typedef struct PackedConv {
    bool winograd;              /* [36 elements of a transformed 3x3 kernel] is the first dimension of a panel, instead of
                                   [k][k] after the first; see pack.c */
    int k, lanes;               /* kernel size; channels per block of the map that is read */
    int in_blocks, out_blocks;
    int panel;                  /* the largest number of output blocks computed together */
    size_t per_block;           /* in_blocks * k * k (or 36) * lanes * 16 */
    float *w;                   /* out_blocks * per_block, 64-byte aligned */
} PackedConv;

static inline int pack_panel_count(const PackedConv *p)
{
    return (p->out_blocks + p->panel - 1) / p->panel;
}

/* Panels of nearly the same size: 13 blocks in panels of at most 3 are 2 3 2 3 3, not 3 3 3 3 1. */
static inline int pack_panel_begin(const PackedConv *p, int panel)
{
    return (int)((int64_t)p->out_blocks * panel / pack_panel_count(p));
}

/* The number of 4x4 tiles that Winograd's algorithm divides an h x w map into; and the floats of scratch memory for some of
 * them. */
static inline int winograd_tiles(int h, int w)
{
    return (h + 3) / 4 * ((w + 3) / 4);
}

static inline size_t winograd_scratch(const PackedConv *p, int tiles)
{
    return WINOGRAD_ELEMENTS * ((size_t)(p->in_blocks + p->panel) * (size_t)tiles + 2) * LANES;
}

typedef enum ConvMode { CONV_PLAIN, CONV_RELU, CONV_ADD } ConvMode; /* y = s, y = max(s, 0), y += s */

typedef struct Kernels {
    const char *name;           /* "avx512" */
    int registers;              /* room for sums: (pixels of a tile + 1) * blocks of a panel <= registers */
    /* Rows [y0, y1) of image n, for one panel: output blocks [b0, b0 + blocks). bias: 16 * out_blocks floats, or NULL for 0. The
     * padding must not exceed x->halo. */
    void (*conv)(const Map *y, const Map *x, const PackedConv *w, const float *bias, ConvMode mode, int stride, int pad,
                 int n, int b0, int blocks, int y0, int y1);
    /* The same for weights packed with `winograd`: tiles [tile0, tile1), in scan order, of the blocks of panels [panel0, panel1).
     * It needs no halo. scratch: winograd_scratch floats, 64-byte aligned. */
    void (*winograd)(const Map *y, const Map *x, const PackedConv *w, const float *bias, ConvMode mode, int pad, int n, int panel0,
                     int panel1, int tile0, int tile1, float *scratch);
    /* Rows [y0, y1) of one block of image n. */
    void (*maxpool)(const Map *y, const Map *x, const PoolDims *d, int n, int block, int y0, int y1);
    void (*avgpool)(const Map *y, const Map *x, const PoolDims *d, int n, int block, int y0, int y1);
    void (*lrn)(const Map *y, const Map *x, const LrnDims *d, int n, int block, int y0, int y1);
    double (*peak)(long rounds); /* for measure.h: returns the operations done */
    GradKernels grad;           /* the kernels of backward */
} Kernels;

extern const Kernels kernels_plain, kernels_avx2, kernels_avx512, kernels_neon;

/* The best set for this CPU, or the one that $INCEPTOSCOPE_CPU names (plain, avx2, avx512, neon). NULL and a message if that one
 * is unknown or this CPU does not have it. */
const Kernels *kernels_pick(Err *err);

#endif
