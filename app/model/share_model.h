/* share_model.h - what a class's score is made of at every layer that it passes through (engine/net/share.h), for the current picture, in
 * the background. One pass back serves all layers, so that walking from one to the next waits for nothing. */
#ifndef INCEPTOSCOPE_SHARE_MODEL_H
#define INCEPTOSCOPE_SHARE_MODEL_H

#include "app/model/kept_run.h"
#include "engine/net/share.h"

typedef struct ShareLayer {
    Share share;                /* without its map and gradient */
    int tried;                  /* the layer whose channels are silenced for this one's, see share_try */
    double *cam;                /* Grad-CAM's places, to compare; owned */
    int *order;                 /* channels, the largest |share| first, of equal ones the lower; owned */
    float *shown[2];            /* (H, W): place and cam as floats; owned */
    float reach[2];             /* the largest magnitude in each */
} ShareLayer;

/* A channel without which the rest of the network was computed again. */
typedef struct ShareTry { int layer, channel; float *scores; } ShareTry; /* scores of all classes, owned */

/* What one job is asked for and gives. */
typedef struct ShareJob {
    KeptRun kept;
    int class_index, against;   /* class_index -1: the network's own answer, which the job fills in */
    bool pass;                  /* the layers are wanted */
    int layer, channel;         /* to be silenced; layer -1: none */
    ShareLayer *layers; int layer_count;
    float *scores;              /* without the channel */
} ShareJob;

typedef struct ShareModel {
    bool cam;                   /* Grad-CAM is shown, to compare */
    int against;                /* chosen class for the margin; -1: none */
    SideKey key;                /* what the results depend on; its label is the class that was asked for */
    int asked_against;
    ShareLayer *layers; int layer_count; /* in the network's order; 0: none yet */
    ShareTry *tries; int try_count;
    int wanted_layer, wanted_channel; /* to be silenced next; layer -1: none */
    Err problem;                /* why there are no results for `key`, or "" */
    ShareJob next;              /* the job's, so a ShareModel must not move in memory while busy */
    SideJob *job;
} ShareModel;

void share_model_init(ShareModel *s);
/* Takes a finished result and starts what is wanted: the wish's label is the class, or -1. Call in each frame. */
void share_want(ShareModel *s, const SideWish *wish);
/* While nobody looks: stops an unfinished job, and gives back the memory of the run. */
void share_rest(ShareModel *s);
bool share_busy(const ShareModel *s);
void share_model_close(ShareModel *s);      /* waits for the thread */

/* The layer whose share is shown at `at`: a module's concat for its inner layers. */
int share_layer_at(const Net *net, int at);
/* The results of a layer; NULL if there are none yet, or the score does not pass through it alone. */
const ShareLayer *share_layer(const ShareModel *s, int layer);
/* Asks for the scores without a channel. False: its map is not made by weights of its own, so it cannot be silenced alone. */
bool share_try(ShareModel *s, const Net *net, int layer, int channel);
/* What is lost of the shown score without a channel. False: not tried yet. */
bool share_cost(const ShareModel *s, const ShareLayer *of, int channel, double *cost);

#endif
