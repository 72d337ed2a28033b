/* backward_model.h - the gradient of one value (engine/net/backward.h), by a class's score or its loss, in the background (side_job.h). */
#ifndef INCEPTOSCOPE_BACKWARD_MODEL_H
#define INCEPTOSCOPE_BACKWARD_MODEL_H

#include "app/model/kept_run.h"
#include "engine/net/backward.h"

enum { BACKWARD_CLASSES = 3 };  /* that can be chosen in the view: the most likely ones */

typedef struct BackwardJob {
    KeptRun kept;
    Unit unit;
    bool loss;
    int class_index;            /* -1: the network's own answer, which the job fills in */
    double objective;           /* the score, or the loss */
    BackwardPage page;
} BackwardJob;

typedef struct BackwardModel {
    bool loss;                  /* what is asked for: the loss, or the score */
    BackwardPage page;          /* page.terms NULL: none yet */
    int class_index; double objective; bool of_loss; /* the page's */
    Unit unit; SideKey key; bool asked_loss; /* what was asked for last */
    Err problem;                /* why there is none, or "" */
    BackwardJob next;           /* the job's, so a BackwardModel must not move in memory while busy */
    SideJob *job;
} BackwardModel;

/* Takes a finished page and starts what is wanted: the wish's label is the class, or -1. Call in each frame. */
void backward_want(BackwardModel *b, const SideWish *wish, Unit unit);
/* While nobody looks: stops an unfinished job, and gives back the memory of the run. */
void backward_rest(BackwardModel *b);
/* The page of this unit; while it is being computed the last one of the same layer. NULL if there is none. */
const BackwardPage *backward_shown(const BackwardModel *b, Unit unit);
bool backward_busy(const BackwardModel *b);
void backward_model_close(BackwardModel *b); /* waits for the thread */

#endif
