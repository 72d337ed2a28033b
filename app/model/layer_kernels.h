/* layer_kernels.h - a layer's weights for the weights view: kernels by input channels, grouped by the layer that the channels
 * come from. */
#ifndef INCEPTOSCOPE_LAYER_KERNELS_H
#define INCEPTOSCOPE_LAYER_KERNELS_H

#include "engine/net/net.h"

/* Input channels that come from one layer. */
typedef struct KernelGroup {
    int first, count;
    Branch branch;              /* BRANCH_NONE if they do not come from a concat */
    int layer;                  /* made them: a branch's last layer, or the layer that the kernels read */
} KernelGroup;

/* A fully connected layer is treated as a 1x1 convolution over all its inputs. */
typedef struct LayerKernels {
    int layer;
    const float *w;             /* (count, channels, taps); borrowed */
    int groups;                 /* of a grouped convolution; else 1 */
    int count, channels, k, taps; /* channels: that one kernel reads; k is 1 for a fully connected layer; taps = k * k */
    KernelGroup group[BRANCH_COUNT];
    int group_count;
} LayerKernels;

/* layer must have weights; weights: the network's flat array. */
LayerKernels layer_kernels(const Net *net, const float *weights, int layer);
const float *layer_kernel(const LayerKernels *kernels, int kernel); /* (channels, taps) */

/* The largest |w| of `count` weights. */
float weights_reach(const float *w, size_t count);

/* The size of one kernel's weights. */
typedef struct KernelSize {
    float reach;                /* the largest |w| */
    double total, sum[BRANCH_COUNT]; /* of |w|: all, and per group */
} KernelSize;
KernelSize kernel_size(const LayerKernels *kernels, int kernel);

/* All kernels of a layer as cells, one matrix for each group of input channels: a cell is the weight itself, or the mean |w| of a
 * slice. Made again only when the weights change: a large fully connected layer has a hundred million of them. */
typedef struct WeightCells {
    uint64_t version;           /* of the weights that `cells` was made from; 0: none yet */
    float *cells;               /* per group (kernels, channels of the group); owned */
    size_t size;                /* floats that `cells` has room for */
    float reach, largest;       /* reach: where the colours end, four times the mean |cell| but at most the largest */
    double sum[BRANCH_COUNT];   /* of |w|, per group */
} WeightCells;

/* Does nothing if the cells have this version (never 0) already. False if out of memory. Starts from {0}; ends with
 * weight_cells_free. */
bool weight_cells_make(const LayerKernels *kernels, uint64_t version, WeightCells *out);
void weight_cells_free(WeightCells *cells);

/* A layer's kernels, or one kernel's inputs, in the order of their weights: the largest sum of |w| first, the lower number first of equal
 * ones. Made again only when the weights change. Starts from {0}; ends with weight_ranks_free. */
typedef struct WeightRanks {
    uint64_t version;           /* of the weights that it was made from; 0: none yet */
    int count;
    int *order;                 /* kernels, or a kernel's input channels; owned, as what follows */
    int *strongest;             /* rank_kernels: the place of each kernel's slice with the largest sum among all slices of the layer,
                                   kernel * channels + channel, in that order */
    float *sum;                 /* of |w|, of each kernel or input: by its number, not in that order */
    float largest, peak;        /* rank_kernels: the largest |w| in the strongest slices, and the mean of each one's largest */
    int room;
} WeightRanks;

/* Both do nothing if the ranks have this version (never 0) already. False if out of memory. */
bool rank_kernels(const LayerKernels *kernels, uint64_t version, WeightRanks *out);
bool rank_inputs(const LayerKernels *kernels, int kernel, uint64_t version, WeightRanks *out);
void weight_ranks_free(WeightRanks *ranks);
/* The sum of |w| of a kernel's slice. */
float slice_size(const LayerKernels *kernels, int kernel, int c);
/* The channel of the layer's input that a kernel's channel c is: in a grouped convolution a kernel reads its own group only. */
int kernel_input(const LayerKernels *kernels, int kernel, int c);

/* Pictures of the kernels of a convolution that reads the input's three channels: rgb (count, 3, taps), always in the order red,
 * green, blue, whatever order the network reads. lo and hi, one for each kernel, are -r and r, where r is the largest |w| of the
 * layer or, with `own`, of the kernel. */
void kernels_as_colours(const LayerKernels *kernels, const Preprocess *order, bool own, float *rgb, float *lo, float *hi);

#endif
