/* circuit.h - one value of a convolution, through the 1x1 reduction in front of it: what each channel of the layer before the
 * reduction gave to it here.
 *
 * The convolution reads R = relu(W1 * X + b1). At one place and for one picture each value of R either passes the ReLU or is 0, so
 * the value before its own ReLU is a plain sum over the channels i of X:
 *     pre = sum_i c[i] + bias,  c[i] = sum over taps t and open channels r of W2[o,r,t] * W1[r,i] * X_i(t)
 *     bias = b2 + sum over taps t and open channels r of W2[o,r,t] * b1[r]
 * with batch norms folded in. "Expanded weights" (Cammarata et al. 2020, Thread: Circuits) leave the ReLU out: they are what the sum
 * would be if every gate were open, and are off by factors where ReLU closes most of them. */
#ifndef INCEPTOSCOPE_CIRCUIT_H
#define INCEPTOSCOPE_CIRCUIT_H

#include "engine/net/explain.h"

typedef enum CircuitKind {
    CIRCUIT_REDUCTION,          /* a convolution that reads a 1x1 convolution */
    CIRCUIT_POOL                /* a 1x1 convolution that reads a max pool: each channel passes its winner */
} CircuitKind;

typedef struct CircuitPath {
    CircuitKind kind;
    int layer, through, from;   /* the convolution; the reduction or pool; the layer with the channels X */
} CircuitPath;

typedef struct CircuitSource {
    int channel;                /* of X */
    double sum;                 /* c[i] */
    double expanded;            /* the same with every gate open; for a pool equal to `sum` */
    int y, x;                   /* CIRCUIT_POOL: the winner's place in X; else -1 */
} CircuitSource;

typedef struct Circuit {
    CircuitPath path;
    Unit unit;
    int gates, open;            /* values of the reduction inside the window, and those above 0; a pool has none */
    double bias, sum;           /* sum = bias + all c[i] */
    double expanded_bias, expanded;
    double magnitude;           /* of all |c[i]| */
    float pre, value;           /* as the reference engine stores them: before and after ReLU */
} Circuit;

/* What `layer` can be looked through. False and a message that says why there is nothing to look through. */
bool circuit_path(const Net *net, int layer, CircuitPath *out, Err *err);

/* sources: room for the channels of path->from, filled with the largest |sum| first, of equal ones the lower channel. kernels (channels of
 * path->from, k, k) of the convolution: K[i,t] = sum over open r of W2 * W1, in channel order, or NULL. `maps` as in explain_value: those of
 * through and from are read. false and a message if out of memory. */
bool circuit_compute(const Net *net, const float *weights, const float *const *maps, const CircuitPath *path, Unit unit, Circuit *out,
                     CircuitSource *sources, double *kernels, Err *err);

/* Without a picture: kernels (channels of path->from, k, k) with every gate open, for output channel o. */
void circuit_expanded(const Net *net, const float *weights, const CircuitPath *path, int o, double *kernels);

/* The share of the total magnitude that the first `count` sources have, 0 to 1. */
double circuit_share(const Circuit *c, const CircuitSource *sources, int source_count, int count);

#endif
