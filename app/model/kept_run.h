/* kept_run.h - a Run with room for gradients that one job after the other uses (side_job.h), so that a new class or layer does not pack all
 * weights again. One job at a time has it. */
#ifndef INCEPTOSCOPE_KEPT_RUN_H
#define INCEPTOSCOPE_KEPT_RUN_H

#include "app/model/side_job.h"

typedef struct KeptRun {
    Run *run;                   /* NULL: none yet */
    SharedSource *source;       /* held */
    float *weights;             /* a copy of edited ones; NULL: the source's own */
    SideKey key;                /* what `run` was made for */
    bool heads;                 /* set before a job starts: it reads maps of the auxiliary heads too */
    bool forward;               /* its maps are those of the key's picture and weights */
} KeptRun;

/* For the job's thread: makes the run fit the job, its forward pass done. False if out of memory, with a message, or if the job is stopped,
 * without one. */
bool kept_run_ready(KeptRun *kept, SideJob *job, Err *err);
const float *kept_run_weights(const KeptRun *kept);
void kept_run_free(KeptRun *kept);          /* while no job has it */

#endif
