/* run.h - one network being computed: weights and a picture go in, every feature map and the gradients come out.
 *
 * An Engine is a table of functions. The reference engine (engine/net/run_reference.c) and the fast one (engine/fast) have the
 * same contract; the caller chooses one at run time. Callers use only the run_* functions below. */
#ifndef INCEPTOSCOPE_RUN_H
#define INCEPTOSCOPE_RUN_H

#include "engine/net/net.h"

typedef struct Run Run;

typedef struct RunOptions {
    int batch;          /* the largest number of pictures per forward; at least 1 */
    int threads;        /* 0: one per core. The reference always uses one */
    bool training;      /* keep what backward needs; run the heads; allow dropout */
    bool heads;         /* compute the auxiliary heads too */
    bool gradients;     /* allocate the memory for run_gradient; not together with training */
} RunOptions;

/* Which gradient run_gradient computes. The objective of each picture is L = sum over c, y, x of seed * m, where m is the map of
 * layer `from`, or its values before ReLU. A seed with a single 1 selects a neuron, 1 / (H W) over a channel its mean, 1 and -1
 * in the logits a margin. */
typedef struct Gradient {
    int from;
    bool before_relu;   /* for a concat: before the ReLUs of its branches. Without a ReLU it makes no difference */
    const float *seed;  /* (n, C, H, W) dL/dm, read during the call only */
    int to;             /* how far back: a layer that `from` depends on (see net_way); 0 is the picture */
    bool guided;        /* guided backpropagation (Springenberg et al. 2014): only positive values pass back through a ReLU. The
                           result is not a gradient */
} Gradient;

typedef struct Engine {
    const char *name;   /* "reference" or "fast" */
    Run *(*create)(const Net *net, const RunOptions *options, Err *err);
    void (*destroy)(Run *run);
    void (*weights)(Run *run, const float *weights, const bool *layers); /* layers NULL: all; the same below */
    void (*input)(Run *run, const float *x, int n);
    void (*forward_layer)(Run *run, int layer);
    void (*forward)(Run *run, const bool *layers);
    void (*activation)(Run *run, int layer, int image, float *out);
    void (*put)(Run *run, int layer, int image, const float *map);
    void (*backward)(Run *run, float *const *dlogits, float *grads);
    double (*gradient_norm2)(Run *run, int layer); /* NULL if the engine never knows it */
    void (*gradient)(Run *run); /* run->gradient, over the layers run->way */
    void (*map_gradient)(Run *run, int layer, int image, float *out);
    void (*shift_gradient)(Run *run, int layer, int image, float *out);
    void (*kernel)(const Run *run, int layer, char *out, size_t size); /* its kernel for a layer in words; NULL: it has only one */
    const char *(*kernels)(const Run *run); /* the instructions that its kernels use, "avx512"; NULL too */
} Engine;

/* Every engine's Run begins with these fields; more fields follow. */
struct Run {
    const Engine *engine;
    const Net *net;     /* borrowed; must outlive the run */
    RunOptions options;
    int n;              /* pictures in the current batch */
    bool dropout;       /* training mode for the next forward */
    Rng dropout_rng;    /* layer l uses rng_make(key of this, l): the mask is the same in every engine */
    int first_image;    /* index of picture 0 in the whole batch, see dropout_forward */
    void (*passed)(void *user, int layer, bool backward); /* told of each layer that a forward or run_backward has computed (backward: the
                           gradient of its map is complete), on the caller's thread; layers that share another's memory are left out. NULL: nobody asks */
    void *passed_user;
    const bool *learns; /* options.training: the layers that run_backward goes through, borrowed; NULL: all. A layer that learns may read
                           one that does not; the reverse is not allowed */
    Gradient gradient;  /* options.gradients: the last one */
    bool *way;          /* the layers from its `from` to its `to` */
};

extern const Engine reference_engine;
extern const Engine fast_engine;

/* Whether a network can be computed: an index into one map must fit in an int. Larger networks can only be counted. */
bool run_takes(const Net *net, Err *err);
/* NULL and a message when there is not enough memory, the engine cannot run the network, or run_takes is false. training and
 * gradients exclude each other. */
Run *run_new(const Engine *engine, const Net *net, const RunOptions *options, Err *err);
void run_free(Run *run);

/* weights: net->weight_count floats in the order of net->params. They are borrowed, and must not change until the next call or
 * run_free. The fast engine packs them here, so call it again after a change. */
void run_weights(Run *run, const float *weights);
/* The same, if only the weights of these layers (layers[net->layer_count]) differ from those of the last call. */
void run_weights_of(Run *run, const float *weights, const bool *layers);
/* x (n, C, H, W), preprocessed; copied. n <= options.batch. */
void run_input(Run *run, const float *x, int n);
/* Computes one layer: inference (run->dropout false) or training forward. Its inputs must have been computed. Engines may compute
 * other layers too. */
void run_forward_layer(Run *run, int layer);
/* All layers: the main path, and the heads when options.heads. */
void run_forward(Run *run);
/* Only these layers (layers[net->layer_count]); their inputs must have been computed. The values equal those of run_forward. */
void run_forward_of(Run *run, const bool *layers);
/* The layer's map of one picture in plain C H W order, shape_size(layer->out) floats. Maps of conv and fc are after ReLU. */
void run_activation(Run *run, int layer, int image, float *out);
/* For a forward of later layers only, from maps that were computed earlier: sets the number of pictures, in the place of run_input,
 * and the layer's map of one of them, in the order of run_activation. */
void run_pictures(Run *run, int n);
void run_put(Run *run, int layer, int image, const float *map);
/* dlogits[h] (n, C, H, W) has the shape of head h's logits layer and is the gradient of the loss with respect to it; NULL if head
 * h is not part of the loss. ADDS the gradient of every parameter to grads (net->weight_count floats, in the order of
 * net->params). There must have been a forward in the same mode. */
void run_backward(Run *run, float *const *dlogits, float *grads);

/* For "gradient flow", after run_backward: the sum of squares of dL/d(map of layer) over the batch. Only runs for training have
 * it; -1 if it is not known. */
double run_gradient_norm2(Run *run, int layer);

/* ---- options.gradients: gradients of any layer's values with respect to any layer before it; none of weights ----
 *
 * Each pass goes from `from` back to `to` and no further. The first pass after run_weights prepares the weights for backward and
 * keeps the result. Read the gradients before the next forward. They are the same bits for any number of threads. */

/* Computes dL/d(map) of every layer on the way. Needs a forward of `from` and all that it depends on, without dropout. */
void run_gradient(Run *run, const Gradient *gradient);
/* dL/d(map) of a layer on the way, one picture, plain C H W like run_activation. It is the gradient of the map itself, so it may
 * be nonzero where the layer's ReLU is closed. For `from` it is the seed; for a concat's branch, the branch's part of the
 * concat's gradient. */
void run_map_gradient(Run *run, int layer, int image, float *out);
/* dL/d(shift) of a conv or fc layer on the way, one picture, out (C). shift is that of layer_affine: the constant that a channel
 * adds before its ReLU. So the gradient is the sum over the map of what passes back through that ReLU. Without batch norm it is
 * dL/d(bias). If L depends on the picture through one layer (a module's concat, not a branch), and every later layer is linear
 * except for ReLUs and max pools, then L = sum of that layer's map * its gradient + sum over the later layers on the way of shift
 * * its gradient. */
void run_shift_gradient(Run *run, int layer, int image, float *out);
/* For engines: whether run_backward goes through the layer. */
static inline bool run_learns(const Run *run, int layer)
{
    return run->learns == NULL || run->learns[layer];
}
/* For engines: tells run->passed. */
static inline void run_tell_passed(const Run *run, int layer, bool backward)
{
    if (run->passed != NULL)
        run->passed(run->passed_user, layer, backward);
}
/* For engines: whether the gradient begins before the layer's ReLU, so that it passes unchanged. */
bool run_gate_open(const Run *run, int layer);

#endif
