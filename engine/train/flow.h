/* flow.h - how the loss of one picture reaches each layer, with and without the auxiliary heads.
 *
 * One forward without dropout, two backward passes from the same maps: once from main + 0.3 aux1 + 0.3 aux2, once from the
 * main head alone. What the two have apart is what the auxiliary heads add. */
#ifndef INCEPTOSCOPE_TRAIN_FLOW_H
#define INCEPTOSCOPE_TRAIN_FLOW_H

#include "engine/net/run.h"

enum { FLOW_WITH_AUX, FLOW_MAIN_ONLY, FLOW_COUNT };

typedef struct FlowLayer {
    int layer;                      /* index into net->layers */
    double map_norm[FLOW_COUNT];    /* |dL/d(map)|; -1 where the engine does not know it */
    double weight_norm[FLOW_COUNT]; /* |dL/d(weights and biases)|; -1 for layers without any */
    int channels, dead;             /* conv and fc with ReLU: units, and those that are 0 everywhere on this picture; else -1 */
    double zero_share;              /* the same layers: share of values that are 0; else -1 */
} FlowLayer;

typedef struct FlowHead {
    double loss;                    /* cross-entropy, without smoothing */
    double label_prob;              /* of the label */
    int answer; double answer_prob; /* its own prediction */
} FlowHead;

typedef struct Flow {
    int label;
    FlowLayer *layers; int layer_count; /* every layer but the input and the softmaxes, in net order; owned */
    FlowHead heads[HEADS_MAX]; int head_count;
} Flow;

/* x (C, H, W) preprocessed, weights as in run_weights. Without auxiliary heads in the net both passes are the same. label -1
 * takes the main head's answer. False when memory does not suffice, and for a network without scores for all its losses
 * (net_need_losses); *out is untouched then. */
bool flow_compute(const Engine *engine, const Net *net, const float *weights, const float *x, int label, Flow *out, Err *err);
void flow_free(Flow *flow);

#endif
