/* loss_gradients.h - how the loss of one picture reaches each layer, with and without the auxiliary heads.
 *
 * One forward without dropout, two backward passes from the same maps: once from main + 0.3 aux1 + 0.3 aux2, once from the
 * main head alone. What the two have apart is what the auxiliary heads add.
 *
 * Norms grow with the number of values: conv1 of GoogLeNet has 802,816, the last module 50,176. What compares layers is the root mean
 * square per value, loss_gradients_map_rms and loss_gradients_weight_rms. */
#ifndef INCEPTOSCOPE_TRAIN_LOSS_GRADIENTS_H
#define INCEPTOSCOPE_TRAIN_LOSS_GRADIENTS_H

#include "engine/net/run.h"

enum { PASS_WITH_AUX, PASS_MAIN_ONLY, PASS_COUNT };

typedef struct LayerGradients {
    int layer;                      /* index into net->layers */
    double map_norm[PASS_COUNT];    /* L2 norm of dL/d(map); -1 where the engine does not know it */
    double weight_norm[PASS_COUNT]; /* L2 norm of dL/d(weights and biases); -1 for layers without any */
    int channels, dead;             /* conv and fc with ReLU: channels, and those that are 0 everywhere on this picture; else -1 */
    double zero_share;              /* the same layers: share of values that are 0; else -1 */
} LayerGradients;

typedef struct HeadLoss {
    double loss;                    /* cross-entropy, without smoothing */
    double label_prob;              /* of the label */
    int answer; double answer_prob; /* its own prediction */
} HeadLoss;

typedef struct LossGradients {
    int label;
    LayerGradients *layers; int layer_count; /* every layer but the input and the softmaxes, in net order; owned */
    HeadLoss heads[HEADS_MAX]; int head_count;
} LossGradients;

/* x (C, H, W) preprocessed, weights as in run_weights. Without auxiliary heads in the net both passes are the same. label -1 takes the
 * main head's second most likely class: for its own answer the loss is nearly 0 once it is sure, and so is every gradient. A net of one
 * class has only that. False when memory does not suffice, and for a network without scores for all its losses (net_need_losses); *out
 * is untouched then. */
bool loss_gradients_compute(const Engine *engine, const Net *net, const float *weights, const float *x, int label,
                            LossGradients *out, Err *err);
void loss_gradients_free(LossGradients *gradients);

/* Root mean square of the gradient over the values of the layer's map, and over its weights and biases; -1 where the norm is. */
double loss_gradients_map_rms(const Net *net, const LayerGradients *f, int pass);
double loss_gradients_weight_rms(const Net *net, const LayerGradients *f, int pass);
size_t loss_gradients_weight_count(const Net *net, int layer); /* what that mean is over; 0 without weights */

#endif
