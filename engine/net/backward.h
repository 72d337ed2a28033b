/* backward.h - takes the gradient of one value apart, as explain.h takes the value itself apart: backpropagation through one value.
 *
 * An objective L (a score, a loss, another value) depends on a value through the later layers that read it. The chain rule adds up one
 * product for each of them:
 *
 *     dL/d(value) = sum over the values r that read it of slope * dL/d(r),     slope = dr/d(value)
 *
 * where r counts before its ReLU, which lets a gradient pass only where it is open. Backwards to what the value reads, and to its filter:
 *
 *     through = gate * scale * dL/d(value),   dL/d(input i) gets weight i * through,   dL/d(weight i) gets input i * through
 *
 * scale is that of layer_affine (batch norm; else 1). Everything is computed from maps of one picture that are there, and from the
 * gradients by run_gradient. The networks are those of inference: batch norm uses its statistics, dropout copies. */
#ifndef INCEPTOSCOPE_BACKWARD_H
#define INCEPTOSCOPE_BACKWARD_H

#include "engine/net/explain.h"
#include "engine/net/run.h"

/* One product of the chain rule. */
typedef struct BackTerm {
    Unit reader;                /* r, the value of a later layer */
    int ky, kx;                 /* conv and pools: our place in its window; else 0 */
    float slope;                /* dr/d(value), before the reader's ReLU: conv and fc weight * scale, max pool 1 for its winner, average
                                 * 1 / divisor, concat and dropout 1, LRN and softmax their derivative */
    bool open;                  /* the reader's ReLU lets the gradient pass; true without one */
    float gradient;             /* dL/d(r), of r after its ReLU */
    float product;              /* slope * gradient, or 0 if it is not open */
} BackTerm;

/* What is needed of a picture that went forward, and of an objective that went back. */
typedef struct Backward {
    const Net *net;
    const float *weights;
    const float *const *maps;       /* [layer]: C H W; read: those of the readers and of what they read */
    const float *const *gradients;  /* [layer]: C H W dL/d(map); NULL for layers that L does not depend on through the value */
} Backward;

/* Whether the main scores depend on this layer, so that its values have a gradient. */
bool backward_allowed(const Net *net, int layer);
/* The largest number of terms that a value of this layer can have. */
size_t backward_terms_max(const Net *net, int layer);
/* The terms of `unit`, in the order of the readers' layers, channels, rows and columns. A max pool is a reader where the value wins. Returns
 * their number; terms: room for backward_terms_max; *sum is dL/d(value), added up in double. scratch: room for the largest
 * explain_terms_max of the readers. A layer that nobody reads (the last) has no terms and sum 0: its gradient is the objective's own. */
int backward_value(const Backward *b, Unit unit, BackTerm *terms, double *sum, Term *scratch);

/* How much of dL/d(value) passes back through the value's own ReLU and batch norm to its sum: gate * scale. value: the map's. 1 for the
 * ops that have neither. */
float backward_passes(const Net *net, const float *weights, Unit unit, float value);

/* dL/d(parameter) for one channel's filter: the kernel (group's channels, k, k), or all inputs for fc, into `kernel`, which has as many
 * elements as a value of the layer has terms without padding; its bias into *bias (0 without biases). Sums over all positions of
 * the map, in double. conv and fc only. */
void backward_filter(const Backward *b, int layer, int channel, double *kernel, double *bias);

/* All of it for one value: what backpropagation does there. Ends with backward_page_free. */
typedef struct BackwardPage {
    Unit unit;
    BackTerm *terms; int term_count; /* as backward_value gives them; none at the objective's own layer */
    int *term_order;            /* their indices, the largest |product| first, of equal ones the earlier */
    double gradient;            /* dL/d(value) */
    float passes;               /* of it, back through its ReLU and batch norm: see backward_passes */
    Explanation value;
    Term *inputs;               /* what the value reads: value.term_count */
    int *input_order;           /* their indices, the largest |dL/d(input)| through this value first, of equal ones the earlier */
    double *kernel, bias;       /* conv and fc: backward_filter; else NULL */
} BackwardPage;

/* The objective of a class: its score, or with `loss` the cross-entropy for that label. Returns it; seed (classes) receives its gradient by
 * the scores. */
double backward_objective(const float *scores, int classes, int class_index, bool loss, float *seed);
/* run: options.gradients, after a forward of one picture; weights: those that it has. objective->from must depend on the unit's layer;
 * its `to` is ignored. False and a message if out of memory. */
bool backward_page(Run *run, const float *weights, const Gradient *objective, Unit unit, BackwardPage *out, Err *err);
void backward_page_free(BackwardPage *page);
/* dL/d(input i) through this value, and dL/d(weight i) of this place alone: for ops that weigh their inputs, conv and fc. */
double backward_input(const BackwardPage *page, int i);
double backward_weight_here(const BackwardPage *page, int i);
/* dL/d(the weight of input i) over the whole map; needs page->kernel. */
double backward_weight(const Net *net, const BackwardPage *page, int i);

#endif
