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
    bool gradients;     /* have the memory for run_gradient, in a run that is not for training */
} RunOptions;

/* Which gradient run_gradient computes. The objective of each picture is L = sum over c, y, x of seed * m, with m the map of layer
 * `from`, or its values before ReLU: a seed of one 1 is a neuron, 1 / (H W) over a channel is its mean, 1 and -1 in the logits
 * are a margin. */
typedef struct Gradient {
    int from;
    bool before_relu;   /* of a concat: before the ReLUs of its branches. No difference where there is no ReLU */
    const float *seed;  /* (n, C, H, W) dL/dm, read during the call only */
    int to;             /* how far back: a layer that `from` depends on (see net_way); 0 is the picture */
    bool guided;        /* guided backpropagation (Springenberg et al. 2014): through a ReLU passes only what is above 0. What comes
                           out is no gradient then */
} Gradient;

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
    void (*gradient)(Run *run); /* run->gradient, over the layers run->way */
    void (*map_gradient)(Run *run, int layer, int image, float *out);
    void (*shift_gradient)(Run *run, int layer, int image, float *out);
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
    Gradient gradient;  /* options.gradients: the last one, */
    bool *way;          /* and the layers from its `from` to its `to` */
};

extern const Engine reference_engine;
extern const Engine fast_engine;

/* Whether a network can be computed: a place in one map is an int. Larger ones can only be counted. */
bool run_takes(const Net *net, Err *err);
/* NULL and a message when memory does not suffice, the engine cannot run the network, or run_takes says no. training and gradients exclude
 * each other. */
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

/* ---- options.gradients: gradients of any layer's values by any layer before it, without those of weights ----
 *
 * Each pass walks from `from` back to `to` and no further. What backward needs of the weights is prepared in the first pass after
 * run_weights and kept. Results are to be read before the next forward; they are the same bits for any number of threads. */

/* Computes dL/d(map) of every layer on the way. Needs a forward of `from` and all that it depends on; run->dropout is false. */
void run_gradient(Run *run, const Gradient *gradient);
/* dL/d(map of a layer on the way), plain C H W like run_activation, of one picture: by the map itself, so also where its ReLU is closed.
 * Of `from` it is the seed, and of a concat's branches its parts. */
void run_map_gradient(Run *run, int layer, int image, float *out);
/* dL/d(shift of a conv or fc layer on the way) of one picture, out (C): by what layer_affine calls shift, the constant that a
 * channel adds before its ReLU; so it is the sum over the map of what passes that ReLU. Without batch norm it is dL/d(bias).
 * If L depends on the picture through one layer (a module's concat, not a branch) and all after it is linear but for ReLUs and max
 * pools, then L = sum of that layer's map * its gradient + sum over the layers after it on the way of shift * its gradient. */
void run_shift_gradient(Run *run, int layer, int image, float *out);
/* For engines: whether the gradient passes the layer's ReLU everywhere, because it begins before it. */
bool run_gate_open(const Run *run, int layer);

#endif
