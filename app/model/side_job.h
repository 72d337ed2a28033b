/* side_job.h - runs one computation on its own thread beside the feature maps: the gradient flow, the occlusion, a share of the score.
 *
 * In every frame the main thread says what it wants (SideWish). The owner compares the key with its result, asks a thread that
 * works on something else to stop, and starts another when that one has ended. Only side_job_end waits. */
#ifndef INCEPTOSCOPE_SIDE_JOB_H
#define INCEPTOSCOPE_SIDE_JOB_H

#include "app/model/compute.h"

/* What a result depends on. Pointers are only compared; the thread has its own references and copies. */
typedef struct SideKey {
    const SharedSource *source;
    uint64_t weights_version;   /* Model.weights_version: different for every edit */
    const Engine *engine;
    uint64_t picture;
    int label;                  /* -1: the main head's own answer; 0 if it does not matter */
} SideKey;

typedef struct SideWish {
    SideKey key;
    SharedSource *source;
    const float *weights;       /* the source's own, or edited ones, which are copied when a thread starts */
    const float *x;             /* copied too */
    void (*wake)(void *);
    void *wake_user;
} SideWish;

typedef struct SideJob SideJob;

/* What the thread runs. False with a message if it fails. */
typedef bool SideWork(SideJob *job, void *result, Err *err);

bool side_key_same(const SideKey *a, const SideKey *b);
/* result is borrowed until side_job_end. NULL if out of memory or threads; side_job_none says so. */
SideJob *side_job_start(const SideWish *wish, SideWork *work, void *result);
bool side_job_done(const SideJob *job);
void side_job_stop(SideJob *job);           /* asks; the thread ends when it next checks. NULL: nothing to stop */
int side_job_steps(const SideJob *job);     /* calls of side_job_step; what the thread wrote before the last one can be read */
/* Waits for the thread and frees the job. Returns what the work returned. */
bool side_job_end(SideJob *job, Err *err);
/* What an owner that reads results step by step does in every frame: a job that has ended is freed and *job is NULL then; one that is not
 * wanted is asked to stop. Returns the steps that can be read, the last ones of an ended job among them. */
int side_job_tend(SideJob **job, bool wanted, Err *err);
/* Stops the job, waits for it and frees it, if there is one; *job is NULL then. */
void side_job_quit(SideJob **job, Err *err);
void side_job_none(Err *err);               /* the message if no job could be started */

/* For the thread. */
const SideKey *side_job_key(const SideJob *job);
const Net *side_job_net(const SideJob *job);
void *side_job_result(const SideJob *job);
SharedSource *side_job_source(const SideJob *job);
const float *side_job_weights(const SideJob *job);
const float *side_job_input(const SideJob *job);
bool side_job_stopped(const SideJob *job);
void side_job_step(SideJob *job);           /* counts, and wakes the window */

#endif
