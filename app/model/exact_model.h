/* exact_model.h - the maps of the reference engine (engine/net/exact.h) in the background (side_job.h), whatever engine the window shows: for
 * views whose numbers must add up to the last bit. */
#ifndef INCEPTOSCOPE_EXACT_MODEL_H
#define INCEPTOSCOPE_EXACT_MODEL_H

#include "app/model/side_job.h"

typedef struct ExactModel {
    SharedSource *source;       /* of the maps; held */
    float **maps;               /* by layer, heads too; NULL: none yet */
    SideKey key;                /* what was asked for last */
    Err problem;                /* why there are none, or "" */
    unsigned version;           /* counts the maps that were taken */
    float **next;               /* the job's, so an ExactModel must not move in memory while busy */
    SharedSource *next_source;  /* whose layers they are; held */
    SideJob *job;
} ExactModel;

/* Takes finished maps and starts what is wanted: the wish's engine and label do not matter. Call in each frame. */
void exact_want(ExactModel *e, const SideWish *wish);
/* While nobody looks: stops an unfinished job. Finished maps are kept, since one often comes back. */
void exact_rest(ExactModel *e);
/* The maps of what was asked for last; NULL if they are not finished. */
const float *const *exact_shown(const ExactModel *e);
bool exact_busy(const ExactModel *e);
int exact_layers(const ExactModel *e);  /* of the job: how many are computed */
void exact_close(ExactModel *e);        /* waits for the thread */

#endif
