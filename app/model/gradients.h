/* gradients.h - the gradient flow of the picture that is looked at (engine/train/flow.h), made on a thread of its own.
 *
 * The main thread asks in every frame for the flow it wants; what is wanted is compared with what is there, and a thread is
 * started when they differ. An old flow stays on the screen until its successor is whole. */
#ifndef INCEPTOSCOPE_GRADIENTS_H
#define INCEPTOSCOPE_GRADIENTS_H

#include "app/model/compute.h"
#include "engine/train/flow.h"

/* What a flow depends on. Pointers are compared only; the thread has holds and copies of its own. */
typedef struct GradientsKey {
    const SharedSource *source;
    const float *weights;       /* edited ones have another address */
    const Engine *engine;
    uint64_t picture;
    int label;                  /* -1: the main head's own answer */
} GradientsKey;

typedef struct GradientsJob GradientsJob;

typedef struct Gradients {
    int label;                  /* chosen by the user; -1: the network's own answer */
    bool by_layer;              /* the view lists every layer, not every module */
    bool of_weights;            /* the view shows dL/d(weights), not dL/d(map) */
    Flow flow;                  /* of `key`; layer_count 0 before the first */
    GradientsKey key;
    char problem[256];          /* why there is no flow for `key`; "" */
    GradientsJob *job;          /* the thread at work, or NULL */
} Gradients;

typedef struct GradientsWish {
    GradientsKey key;
    SharedSource *source;
    const float *x;             /* copied when a thread starts, as are edited weights */
    void (*wake)(void *);
    void *wake_user;
} GradientsWish;

/* Takes what has finished and starts what is wanted. */
void gradients_want(Gradients *g, const GradientsWish *wish);
/* Whether something is under way. */
bool gradients_busy(const Gradients *g);
/* Waits for the thread and frees everything. */
void gradients_close(Gradients *g);

#endif
