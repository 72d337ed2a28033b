/* gradients.h - computes the gradient flow of the current picture (engine/train/loss_gradients.h) in the background (side_job.h).
 * An old flow stays on the screen until the new one is complete. */
#ifndef INCEPTOSCOPE_GRADIENTS_H
#define INCEPTOSCOPE_GRADIENTS_H

#include "app/model/side_job.h"
#include "engine/train/loss_gradients.h"

typedef struct GradientsJob {
    LossChoice choice;
    LossGradients flow;
} GradientsJob;

typedef struct Gradients {
    int label;                  /* chosen by the user; -1: the network's own answer */
    bool by_layer;              /* the view lists every layer, not every module */
    bool of_weights;            /* the view shows dL/d(weights), not dL/d(map) */
    bool chart;                 /* the second page: the list; else one training step */
    bool eval;                  /* the network as it is used: no dropout, no auxiliary heads; else as it is trained */
    bool silent[HEADS_MAX];     /* heads that take no part in the loss, by the user's choice */
    LossChoice choice;          /* of `flow` */
    LossGradients flow;         /* of `key`; layer_count 0 before the first */
    GradientsJob next;          /* written by the job; so a Gradients must not move in memory while busy */
    SideKey key;
    Err problem;                /* why there is no flow for `key`, or "" */
    SideJob *job;               /* the running thread, or NULL */
} Gradients;

/* Whether the auxiliary heads say anything: there are some, and either both they and the main path are trained or neither is. */
bool gradients_heads(const Source *source);
/* The loss that the switches choose; step: of the dropout, see LossChoice. */
LossChoice gradients_choice(const Gradients *g, const Source *source, int64_t step);
/* Takes a finished result and starts what is wanted; step as above. Call in each frame. */
void gradients_want(Gradients *g, const SideWish *wish, int64_t step);
/* Whether a computation is running. */
bool gradients_busy(const Gradients *g);
/* There is another network: what was computed is dropped, and what is being computed for the former one will be. */
void gradients_forget(Gradients *g);
/* Waits for the thread and frees everything. */
void gradients_close(Gradients *g);

#endif
