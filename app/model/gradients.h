/* gradients.h - computes the gradient flow of the current picture (engine/train/loss_gradients.h) in the background (side_job.h).
 * An old flow stays on the screen until the new one is complete. */
#ifndef INCEPTOSCOPE_GRADIENTS_H
#define INCEPTOSCOPE_GRADIENTS_H

#include "app/model/side_job.h"
#include "engine/train/loss_gradients.h"

typedef struct Gradients {
    int label;                  /* chosen by the user; -1: the network's own answer */
    bool by_layer;              /* the view lists every layer, not every module */
    bool of_weights;            /* the view shows dL/d(weights), not dL/d(map) */
    LossGradients flow;         /* of `key`; layer_count 0 before the first */
    LossGradients next;         /* written by the job; so a Gradients must not move in memory while busy */
    SideKey key;
    Err problem;                /* why there is no flow for `key`, or "" */
    SideJob *job;               /* the running thread, or NULL */
} Gradients;

/* Takes a finished result and starts what is wanted. Call in each frame. */
void gradients_want(Gradients *g, const SideWish *wish);
/* Whether a computation is running. */
bool gradients_busy(const Gradients *g);
/* Waits for the thread and frees everything. */
void gradients_close(Gradients *g);

#endif
