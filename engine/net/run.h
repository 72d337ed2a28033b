/* run.h - one network being computed: weights in, picture in, every feature map out, gradients back.
 *
 * An Engine is a table of functions; the reference (engine/net/run_reference.c) and the fast one (engine/fast) have the
 * same contract, and which one runs is a value chosen at run time. Callers use the run_* functions below only. */
#ifndef INCEPTOSCOPE_RUN_H
#define INCEPTOSCOPE_RUN_H

#include "engine/net/net.h"

typedef struct Run Run;

typedef struct RunOptions {
    int batch;          /* the largest number of pictures per forward; at least 1 */
    int threads;        /* 0: one per core. The reference always uses one */
    bool training;      /* keep what backward needs; run the heads; allow dropout */
    bool heads;         /* compute the auxiliary heads too */
} RunOptions;

typedef struct Engine {
    const char *name;   /* "reference" or "fast" */
    Run *(*create)(const Net *net, const RunOptions *options, Err *err);
    void (*destroy)(Run *run);
    void (*weights)(Run *run, const float *weights, const bool *layers); /* layers NULL: all; so below */
    void (*input)(Run *run, const float *x, int n);
    void (*forward_layer)(Run *run, int layer);
    void (*forward)(Run *run, const bool *layers);
    void (*activation)(Run *run, int layer, int image, float *out);
    void (*backward)(Run *run, float *const *dlogits, float *grads);
    double (*gradient_norm2)(Run *run, int layer); /* NULL: this engine never knows it */
} Engine;

/* Every engine's Run begins with these fields; the rest is its own. */
struct Run {
    const Engine *engine;
    const Net *net;     /* borrowed; must outlive the run */
    RunOptions options;
    int n;              /* pictures in the current batch */
    bool dropout;       /* training mode for the next forward */
    Rng dropout_rng;    /* layer l uses rng_make(key of this, l): the mask is the same in every engine */
    int first_image;    /* place of picture 0 in the whole batch, see dropout_forward */
};

extern const Engine reference_engine;
extern const Engine fast_engine;

/* Whether a network can be computed: a place in one map is an int. Larger ones can only be counted. */
bool run_takes(const Net *net, Err *err);
/* NULL and a message when memory does not suffice, the engine cannot run the network, or run_takes says no. */
Run *run_new(const Engine *engine, const Net *net, const RunOptions *options, Err *err);
void run_free(Run *run);

/* weights: net->weight_count floats in the order of net->params; borrowed and unchanged until the next call or
 * run_free. The fast engine packs them here, so call it again after changing them. */
void run_weights(Run *run, const float *weights);
/* The same where at most these layers' weights (layers[net->layer_count]) differ from what the last call gave. */
void run_weights_of(Run *run, const float *weights, const bool *layers);
/* x (n, C, H, W), preprocessed; copied. n <= options.batch. */
void run_input(Run *run, const float *x, int n);
/* Inference (run->dropout false) or training forward of one layer; its inputs must have been computed. Engines may
 * compute further layers as well. */
void run_forward_layer(Run *run, int layer);
/* All layers: the main path, and the heads when options.heads. */
void run_forward(Run *run);
/* Only these layers (layers[net->layer_count]); the maps that they read must have been computed. The values are those of run_forward. */
void run_forward_of(Run *run, const bool *layers);
/* The layer's map of one picture in plain C H W order, shape_size(layer->out) floats. Conv and fc maps are after ReLU. */
void run_activation(Run *run, int layer, int image, float *out);
/* dlogits[h] (n, C, H, W), the shape of head h's logits layer, is the loss's gradient by it, or NULL for a head that takes no part.
 * ADDS the gradient of every parameter to grads (net->weight_count floats, net->params' order). Needs a forward in
 * the same mode before it. */
void run_backward(Run *run, float *const *dlogits, float *grads);

/* Gradient of layer maps, after run_backward, for "gradient flow": sum of squares of dL/d(map of layer) over the batch.
 * Only engines created with training keep it; returns -1 where it is not known. */
double run_gradient_norm2(Run *run, int layer);

#endif
