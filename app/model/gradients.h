/* gradients.h - the gradient flow of the picture that is looked at (engine/train/loss_gradients.h), made beside the feature maps
 * (side_job.h). An old flow stays on the screen until its successor is whole. */
#ifndef INCEPTOSCOPE_GRADIENTS_H
#define INCEPTOSCOPE_GRADIENTS_H

#include "app/model/side_job.h"
#include "engine/train/loss_gradients.h"

typedef struct Gradients {
    int label;                  /* chosen by the user; -1: the network's own answer */
    bool by_layer;              /* the view lists every layer, not every module */
    bool of_weights;            /* the view shows dL/d(weights), not dL/d(map) */
    LossGradients flow;         /* of `key`; layer_count 0 before the first */
    LossGradients next;         /* the job writes it; a Gradients stays where it is while busy */
    SideKey key;
    Err problem;                /* why there is no flow for `key`; "" */
    SideJob *job;               /* the thread at work, or NULL */
} Gradients;

/* Takes what has finished and starts what is wanted. */
void gradients_want(Gradients *g, const SideWish *wish);
/* Whether something is under way. */
bool gradients_busy(const Gradients *g);
/* Waits for the thread and frees everything. */
void gradients_close(Gradients *g);

#endif
