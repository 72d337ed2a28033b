/* layer_kernels.h - a layer's weights as what the weights view shows: kernels by input channels, grouped by where the channels come from. */
#ifndef INCEPTOSCOPE_LAYER_KERNELS_H
#define INCEPTOSCOPE_LAYER_KERNELS_H

#include "engine/net/net.h"

/* Input channels that come from one place. */
typedef struct KernelGroup {
    int first, count;
    Branch branch;              /* BRANCH_NONE when no concat lies behind them */
    int layer;                  /* that made them: a branch's last layer, or what the kernels read */
} KernelGroup;

/* A fully connected layer is a convolution of its inputs. */
typedef struct LayerKernels {
    int layer;
    const float *w;             /* (count, channels, taps); borrowed */
    int count, channels, k, taps; /* k is 1 for a fully connected layer; taps = k * k */
    KernelGroup group[BRANCH_COUNT];
    int group_count;
} LayerKernels;

/* Of a layer with weights; weights: the flat array of the network. */
LayerKernels layer_kernels(const Net *net, const float *weights, int layer);
const float *layer_kernel(const LayerKernels *kernels, int kernel); /* (channels, taps) */

/* The largest |w| of `count` weights. */
float weights_reach(const float *w, size_t count);

/* How large the weights of one kernel are. */
typedef struct KernelSize {
    float reach;                /* the largest |w| */
    double total, sum[BRANCH_COUNT]; /* of |w|: all, and per group */
} KernelSize;
KernelSize kernel_size(const LayerKernels *kernels, int kernel);

/* All kernels of a layer as cells, one matrix for each group of input channels: a cell is the weight itself, or the mean |w| of a slice.
 * Made anew only when the weights change: an old network's fully connected layer has a hundred million. */
typedef struct WeightCells {
    uint64_t version;           /* of what `cells` was made from; 0: nothing yet */
    float *cells;               /* per group (kernels, channels of the group); owned */
    size_t size;                /* in bytes */
    float reach, largest;       /* where the colours end: four times the mean |cell|, no more than the largest */
    double sum[BRANCH_COUNT];   /* of |w|, per group */
} WeightCells;

/* Nothing is done when the cells are of this version (never 0). False without memory. Starts from {0}; ends with weight_cells_free. */
bool weight_cells_make(const LayerKernels *kernels, uint64_t version, WeightCells *out);
void weight_cells_free(WeightCells *cells);

/* The kernels of a convolution that reads the input's three channels as pictures: rgb (count, 3, taps) with red, green and blue in their
 * places whatever order the network reads. lo and hi, one for each kernel: as far below zero as above, to the layer's largest |w|, or with
 * `own` to the kernel's. */
void kernels_as_colours(const LayerKernels *kernels, const Preprocess *order, bool own, float *rgb, float *lo, float *hi);

#endif
