/* side_job.h - one computation beside the feature maps, on a thread of its own: the gradient flow, the occlusion.
 *
 * The main thread says in every frame what it wants (SideWish); its owner compares the key with what is there, asks a thread that
 * works on something else to stop, and starts another when that one has ended. Nothing here waits, but side_job_end. */
#ifndef INCEPTOSCOPE_SIDE_JOB_H
#define INCEPTOSCOPE_SIDE_JOB_H

#include "app/model/compute.h"

/* What a result depends on. Pointers are compared only; the thread has holds and copies of its own. */
typedef struct SideKey {
    const SharedSource *source;
    uint64_t weights_version;   /* of Model: differs for every edit */
    const Engine *engine;
    uint64_t picture;
    int label;                  /* -1: the main head's own answer; 0 where it plays no part */
} SideKey;

typedef struct SideWish {
    SideKey key;
    SharedSource *source;
    const float *weights;       /* the source's own, or edited ones: those are copied when a thread starts */
    const float *x;             /* copied too */
    void (*wake)(void *);
    void *wake_user;
} SideWish;

typedef struct SideJob SideJob;

/* What the thread does: false with a message when it cannot. */
typedef bool SideWork(SideJob *job, void *result, Err *err);

bool side_key_same(const SideKey *a, const SideKey *b);
/* result is borrowed until side_job_end. NULL without memory or thread. */
SideJob *side_job_start(const SideWish *wish, SideWork *work, void *result);
bool side_job_done(const SideJob *job);
void side_job_stop(SideJob *job);           /* asks; the thread ends when it looks next */
int side_job_steps(const SideJob *job);     /* what the thread wrote before its last side_job_step can be read */
/* Waits for the thread and frees the job; what the work returned. */
bool side_job_end(SideJob *job, Err *err);

/* For the thread. */
const SideKey *side_job_key(const SideJob *job);
const Net *side_job_net(const SideJob *job);
const float *side_job_weights(const SideJob *job);
const float *side_job_input(const SideJob *job);
bool side_job_stopped(const SideJob *job);
void side_job_step(SideJob *job);           /* counts, and wakes the window */

#endif
