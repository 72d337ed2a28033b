/* compute.h - feature maps, made on a worker thread so that the window never waits.
 *
 * The main thread hands over jobs and reads finished maps; the worker owns the Run. Each layer has two buffers: the worker
 * fills the one that is not shown and then swaps, so an old map stays on the screen until its successor is whole, and a map
 * that was read in a frame keeps its data until the frame after the next compute_start. compute_start must therefore be
 * called between frames. */
#ifndef INCEPTOSCOPE_COMPUTE_H
#define INCEPTOSCOPE_COMPUTE_H

#include "app/model/source.h"
#include "app/model/stats.h"

/* A source that several jobs may hold at once; the last release frees it. */
typedef struct SharedSource SharedSource;
struct SharedSource {
    Source source;
    int holders;                /* atomic */
};
SharedSource *shared_source_new(Source source);             /* takes it over; NULL (and source freed) without memory */
SharedSource *shared_source_hold(SharedSource *shared);
void shared_source_release(SharedSource *shared);           /* NULL is allowed */

/* A finished map. Nothing in it changes until the frame after the next compute_start. */
typedef struct LayerMap {
    const float *data;          /* C H W */
    Shape shape;
    uint64_t version;           /* differs for every map ever made */
    const LayerStats *stats;
    const ChannelRanges *channels;
    bool current;               /* of the latest job; false: of the one before, while that is computed */
} LayerMap;

typedef struct ComputeJob {
    SharedSource *source;       /* the job takes a hold of its own */
    const float *weights;       /* instead of source->source.weights (edited ones), or NULL */
    const uint64_t *stamps;     /* with weights: per layer 0 where they are the source's own, else a number that differs for every change ever
                                   made. The changed layers are copied; only they and what depends on them are computed again */
    const float *x;             /* the input's values, copied */
    const Engine *engine;
    int first;                  /* the layer that the user looks at: where the order is free it is published first */
} ComputeJob;

typedef struct Compute Compute;

/* wake is called from the worker after each layer. Versions of its maps count from first_version on, so that two workers' differ. NULL without memory or thread. */
Compute *compute_new(void (*wake)(void *), void *wake_user, uint64_t first_version, Err *err);
void compute_free(Compute *compute);                        /* waits for the worker to end */
/* Cancels what runs and begins. False and a message without memory; then what was there stays. */
bool compute_start(Compute *compute, const ComputeJob *job, Err *err);
/* Whether the layer has a map for the source of the latest job; false before its first one is done. */
bool compute_map(Compute *compute, int layer, LayerMap *out);
bool compute_busy(Compute *compute);
/* How far the latest job is. */
typedef struct Progress {
    int done, total;            /* layers whose maps are those of this job, and layers in all */
    int computed;               /* layers that had to be computed for it; the others were as they are before */
    double seconds;             /* that computing them took, copying and measuring left out */
    Err failed;                 /* why the job failed, or "" */
} Progress;
Progress compute_progress(Compute *compute);

#endif
