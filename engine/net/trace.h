/* trace.h - the accounting of a network: the costs and the receptive field of each layer. All numbers are integers; no sum can
 * overflow, since build.c refuses networks whose totals do not fit. */
#ifndef INCEPTOSCOPE_TRACE_H
#define INCEPTOSCOPE_TRACE_H

#include "engine/net/net.h"
#include "engine/net/formula_phrases.h"

/* Counts for one picture. They are additive: Counts of a module, a row or a network are sums over its layers. */
typedef struct Counts {
    int64_t weights;            /* of convolutions and fully connected layers: O * C/groups * k * k */
    int64_t biases;
    int64_t bn;                 /* gamma and beta; the running mean and variance are not parameters */
    int64_t params;             /* weights + biases + bn */
    int64_t macs;               /* layer_macs: taps in the padding included */
    int64_t multiplications;    /* without those by zeros in the padding: the reference conv skips them */
    int64_t bias_adds;          /* one per output of a layer with biases; MAC + bias = macs + bias_adds */
    int64_t values;             /* elements of the layers' maps; times 4 bytes */
} Counts;

typedef struct LayerTrace {
    Counts counts;
    /* Side length of the square of input pixels that one value depends on, not cut at the edges. With k the window and s the
     * input's effective stride, field += (k - 1) * s (Dumoulin and Visin, arXiv 1603.07285). For a concat it is that of its
     * widest branch. */
    int64_t field, field_min;   /* largest and smallest over the paths through the branches */
    int64_t depth, depth_pools; /* layers with weights (and pools) on the longest path from the input, this one included */
    int64_t stride;             /* input pixels between neighbours of the map; 0 after an uneven adaptive pool */
} LayerTrace;

typedef struct Trace {
    const Net *net;             /* borrowed */
    LayerTrace *layers;         /* net->layer_count */
    Counts main, aux, training; /* the main path, all heads, both */
} Trace;

/* False if out of memory. The caller ends with trace_free. */
bool trace_make(const Net *net, Trace *out, Err *err);
void trace_free(Trace *trace);

/* Layers [first, last]. */
Counts trace_sum(const Trace *trace, int first, int last);
/* One branch of a module; the concat belongs to no branch. */
Counts trace_branch(const Trace *trace, int module, Branch branch);

/* Layers with weights (and pools) on the longest path through [first, last]: a row, a module, a head or the main path. The path
 * enters each of these through its first layer. */
int64_t trace_depth(const Trace *trace, int first, int last, bool pools);

/* A module's counts with one or both switches set; the network is not built again. */
typedef struct ModuleSwitch {
    bool without_reductions;    /* 3x3 and 5x5 read the module's input; pool_proj stays */
    bool third_3x3;             /* the third branch's last convolution is 3x3 */
} ModuleSwitch;
Counts trace_module_switched(const Net *net, int module, ModuleSwitch change);

/* The formula of a count with the numbers put in: "64 x 3 x 7 x 7 = 9,408" for a conv's weights, "(224 + 2*3 - 7) / 2 + 1 =
 * 112.5, floor 112" for an output size, ... "" if the layer has no such count. */
typedef enum FormulaOf { FORMULA_OUTPUT, FORMULA_WEIGHTS, FORMULA_BIASES, FORMULA_MACS, FORMULA_FIELD } FormulaOf;
void trace_formula(const Trace *trace, int layer, FormulaOf what, const Phrases *p, char *out, size_t size);

/* The sum over the layers with weights of [first, last], without its value: "64 x 192 x 1 x 1 + ...", "163,328 x 28 x 28", or
 * "sum of 58 layers" if there are more than eight. FORMULA_WEIGHTS and FORMULA_MACS only. */
void trace_sum_formula(const Trace *trace, int first, int last, FormulaOf what, const Phrases *p, char *out, size_t size);

/* "7x7/2 pad 3", "3x3/2 ceil-torch", "to 4x4", "size 5", "40%"; "" if there is no window. */
void trace_window(const Layer *layer, char *out, size_t size);

#endif
