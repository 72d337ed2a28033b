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

#endif
