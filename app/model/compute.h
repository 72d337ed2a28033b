/* compute.h - computes feature maps on a worker thread so that the window never waits.
 *
 * The main thread hands over jobs and reads finished maps; the worker owns the Run. Each layer has two buffers: the worker fills
 * the one that is not shown and then swaps, so an old map stays on the screen until the new one is complete. A map that was read
 * in a frame keeps its data until the frame after the next compute_start, so compute_start must be called between frames. */
#ifndef INCEPTOSCOPE_COMPUTE_H
#define INCEPTOSCOPE_COMPUTE_H

#include "app/model/source.h"
#include "app/model/stats.h"

/* A source that several jobs can hold at once; the last release frees it. */
typedef struct SharedSource SharedSource;
struct SharedSource {
    Source source;
    int holders;                /* atomic */
    unsigned version;           /* changes with the source's weights, which happens only while nothing computes with them */
};
SharedSource *shared_source_new(Source source);             /* takes it over; NULL (and source freed) if out of memory */
SharedSource *shared_source_hold(SharedSource *shared);
void shared_source_release(SharedSource *shared);           /* NULL is allowed */

/* A finished map. Nothing in it changes until the frame after the next compute_start. */
typedef struct LayerMap {
    const float *data;          /* C H W */
    Shape shape;
    uint64_t version;           /* differs for every map ever made */
    const LayerStats *stats;
    const ChannelRanges *channels;
    bool current;               /* made by the latest job; false: by the one before, while the latest still computes */
} LayerMap;

typedef struct ComputeJob {
    SharedSource *source;       /* the job holds it too */
    const float *weights;       /* edited weights, used instead of source->source.weights; or NULL */
    const uint64_t *stamps;     /* with weights, per layer: 0 if they are the source's own, else a number that is new for every
                                   change. Only changed layers are copied; only they and their dependents are computed again */
    const float *x;             /* the input's values, copied */
    const Engine *engine;
    int first;                  /* the layer that the user looks at; it is published first if the order allows it */
} ComputeJob;

typedef struct Compute Compute;

/* wake is called from the worker after each layer. Versions of its maps count up from first_version, so that two workers can give
 * different ones. NULL and a message if out of memory or threads. */
Compute *compute_new(void (*wake)(void *), void *wake_user, uint64_t first_version, Err *err);
void compute_free(Compute *compute);                        /* waits for the worker to end */
/* Cancels the running job and starts this one. False and a message if out of memory; then the maps stay as they were. */
bool compute_start(Compute *compute, const ComputeJob *job, Err *err);
/* Whether the layer has a map for the source of the latest job; false until the first is done. */
bool compute_map(Compute *compute, int layer, LayerMap *out);
bool compute_busy(Compute *compute);
/* The progress of the latest job. */
typedef struct Progress {
    int done, total;            /* layers with maps of this job, and all layers */
    int computed;               /* layers that had to be computed for it; the others did not change */
    double seconds;             /* spent on computing them, without copying and measuring */
    Err failed;                 /* why the job failed, or "" */
} Progress;
Progress compute_progress(Compute *compute);

#endif
