/* accuracy_model.h - the accuracy of the window's network on a folder of labelled pictures, and beside it that of what a knife and the
 * window's own what-ifs make of it. Both are computed in the background (side_job.h), picture by picture (judge.h), by one thread fewer
 * than there are cores. The main thread calls all of these. */
#ifndef INCEPTOSCOPE_ACCURACY_MODEL_H
#define INCEPTOSCOPE_ACCURACY_MODEL_H

#include "app/model/judge.h"
#include "app/model/knife.h"
#include "app/model/patches.h"
#include "app/model/side_job.h"

typedef enum AccuracySide { ACCURACY_OWN, ACCURACY_CHANGED, ACCURACY_SIDES } AccuracySide;

/* Pictures that are listed. */
typedef enum AccuracyPick {
    PICK_NONE,
    PICK_CELL,                  /* of the confusion matrix: this label, this answer */
    PICK_LOST, PICK_WON,        /* right as it is and wrong when changed; the reverse */
    PICK_BIN                    /* answers of this confidence */
} AccuracyPick;

typedef struct AccuracyShown {
    AccuracySide side;          /* whose confusion matrix */
    AccuracyPick pick;
    int label, answer;          /* PICK_CELL: indices into the set's classes; answer -1: any other class */
    int bin;                    /* PICK_BIN */
    AccuracySide bin_side;
} AccuracyShown;

typedef struct AccuracyModel {
    char folder[1024];          /* "": none is chosen */
    Knife knife;
    AccuracyShown shown;
    bool stopped;               /* by the user; the next change goes on */
    bool again;                 /* the folder is to be read again */
    struct JudgedFolder *judged; /* its pictures and their answers, shared with the thread; NULL before the first */
    SideJob *job;
    Knife cut; uint64_t edits;  /* what the changed side's answers belong to */
    bool compares;              /* something is changed */
    bool failed; Err problem;   /* why it cannot be done */
    Accuracy counted[ACCURACY_SIDES]; /* of the first `over` pictures, as far as they are done */
    int over[ACCURACY_SIDES];
    Patches *patches;           /* the pictures of the list */
} AccuracyModel;

/* Call in each frame in which it is shown: takes what is done and starts what is missing. edited: wish->weights are not the source's own. */
void accuracy_want(AccuracyModel *a, const SideWish *wish, bool edited);
void accuracy_rest(AccuracyModel *a);   /* stops while nobody looks; accuracy_want goes on */
bool accuracy_busy(const AccuracyModel *a);
void accuracy_close(AccuracyModel *a);  /* waits for the thread */

void accuracy_open(AccuracyModel *a, const char *folder);
bool accuracy_stop(AccuracyModel *a);   /* false: nothing is being computed */
void accuracy_go_on(AccuracyModel *a);

/* NULL while the folder is read. class_of: the network's class of each of the set's. */
const Dataset *accuracy_dataset(const AccuracyModel *a);
const int *accuracy_class_of(const AccuracyModel *a);
const char *accuracy_said(const AccuracyModel *a); /* which folder was chosen, or "" */
/* Pictures judged so far. */
int accuracy_done(const AccuracyModel *a, AccuracySide side);
/* The counts so far: NULL without any. While the changed side is not complete its own side is that of the same pictures. */
const Accuracy *accuracy_of(const AccuracyModel *a, AccuracySide side);
/* What it took: layers of the changed network that are computed, pictures whose maps before these are kept, their bytes. */
typedef struct AccuracyCost {
    int layers, kept;
    size_t bytes;
    double seconds[ACCURACY_SIDES]; /* of what is done of each side */
} AccuracyCost;
AccuracyCost accuracy_cost(const AccuracyModel *a);
int accuracy_broken(const AccuracyModel *a, const char **first); /* pictures that cannot be read; the message of the first one */
/* Of the pictures judged on both sides: how many are right only as it is, or only when changed. */
int accuracy_moved(const AccuracyModel *a, AccuracyPick lost_or_won);
/* Whether a picture belongs to what is listed. */
bool accuracy_picked(const AccuracyModel *a, int picture);
/* The picture as the network sees it, shrunk to this side; NULL: not there yet. */
const Patch *accuracy_patch(AccuracyModel *a, int picture, int side);

#endif
