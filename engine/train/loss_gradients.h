/* loss_gradients.h - the gradient of one picture's loss at each layer, with and without the auxiliary heads.
 *
 * One forward, then two backward passes from the same maps: one from main + 0.3 aux1 + 0.3 aux2, or from those of them that take part, one
 * from the main head alone. The difference is the effect of the auxiliary heads.
 *
 * Norms grow with the number of values: conv1 of GoogLeNet has 802,816, the last module 50,176. To compare layers, use the root
 * mean square per value: loss_gradients_map_rms and loss_gradients_weight_rms. */
#ifndef INCEPTOSCOPE_TRAIN_LOSS_GRADIENTS_H
#define INCEPTOSCOPE_TRAIN_LOSS_GRADIENTS_H

#include "engine/net/run.h"

enum { PASS_WITH_AUX, PASS_MAIN_ONLY, PASS_COUNT };

typedef struct LayerGradients {
    int layer;                      /* index into net->layers */
    double map_norm[PASS_COUNT];    /* L2 norm of dL/d(map); -1 if the engine does not know it */
    double weight_norm[PASS_COUNT]; /* L2 norm of dL/d(weights and biases); -1 for layers without weights */
    int channels, dead;             /* conv and fc with ReLU: number of channels, and of those that are 0 everywhere on this
                                       picture; else -1 */
    double zero_share;              /* for the same layers: share of values that are 0; else -1 */
} LayerGradients;

typedef struct HeadLoss {
    double loss;                    /* cross-entropy, without smoothing */
    double label_prob;              /* probability of the label */
    int answer; double answer_prob; /* the head's own prediction */
} HeadLoss;

/* Which loss. */
typedef struct LossChoice {
    int label;                      /* -1: the main head's second most likely class */
    bool silent[HEADS_MAX];         /* heads that take no part in the first pass; one at least takes part */
    bool dropout;                   /* as a trainer's step number `step`, from 0, with `seed` has it; else none */
    uint64_t seed;
    int64_t step;
} LossChoice;

typedef struct LossGradients {
    int dropped, droppable;         /* values that dropout has set to 0, of those that were not 0, on the main path; 0, 0 without */
    int label;
    LayerGradients *layers; int layer_count; /* every layer but the input and the softmaxes, in net order; owned */
    HeadLoss heads[HEADS_MAX]; int head_count;
} LossGradients;

/* x (C, H, W) preprocessed, weights as in run_weights. If the net has no auxiliary heads, both passes are the same. Label -1 is not the most
 * likely class, since for that the loss and every gradient are nearly 0 when the network is sure. (A net with one class uses that class.) False if out of memory, and for a network without scores for all its
 * losses (net_need_losses); then *out is untouched. */
bool loss_gradients_compute(const Engine *engine, const Net *net, const float *weights, const float *x, const LossChoice *choice,
                            LossGradients *out, Err *err);
/* Values of the main path's dropouts that the run's last forward has set to 0 although they were not, of all that were not. scratch:
 * 2 * net_largest_map floats. */
void loss_dropped(Run *run, float *scratch, int *dropped, int *droppable);
void loss_gradients_free(LossGradients *gradients);

/* Root mean square of the gradient over the values of the layer's map, and over its weights and biases; -1 if the norm is -1. */
double loss_gradients_map_rms(const Net *net, const LayerGradients *f, int pass);
double loss_gradients_weight_rms(const Net *net, const LayerGradients *f, int pass);
size_t loss_gradients_weight_count(const Net *net, int layer); /* the number of values in that mean; 0 without weights */

#endif
