/* watch.h - a training being watched: its files, read again whenever they change, and the epoch that is looked at. No SDL. */
#ifndef INCEPTOSCOPE_WATCH_H
#define INCEPTOSCOPE_WATCH_H

#include "app/model/strings.h"
#include "engine/train/history.h"
#include "engine/train/train_log.h"

typedef struct WatchFile {
    char path[1088];
    unsigned long long stamp;            /* of the version that was read: time and size mixed; all ones before the first */
} WatchFile;

typedef struct Watch {
    WatchFile history_file, steps_file, filters_file, best_file;
    History history;            /* count 0 until the first epoch has ended */
    StepRows steps;             /* count 0 where there is no such file */
    Filters filters;            /* epochs 0 where there is no such file */
    bool filters_are_best;      /* no file of them: the one snapshot is that of the best weights beside the history */
    uint64_t version;           /* changes with any of them */
    char problem[768];          /* why the history could not be read again; "" when it could */
    int epoch;                  /* 0: the start; 1 is the first */
    bool follow;                /* stay at the newest epoch */
    bool playing;
    double play_next;           /* when the next epoch is due */
    double checked;             /* when the files were last looked at */
    Lang lang;
    bool dark, fullscreen, quit;
} Watch;

/* path: a history file, or the folder of a training, whose files need not be there yet. False and a message when a named file
 * is not there or is no history. */
bool watch_open(Watch *w, const char *path, Err *err);
void watch_close(Watch *w);

/* Before each frame: reads what has changed (looked at once a second) and plays. Returns when to look again, in seconds. */
double watch_frame(Watch *w, double now);
void watch_key(Watch *w, const char *key, double now);
void watch_go(Watch *w, int epoch);     /* clamped; the newest epoch is followed from then on */

/* The newest epoch that has ended; 0 before that. */
int watch_last(const Watch *w);
/* The row of the chosen epoch, or NULL at the start. */
const HistoryRow *watch_row(const Watch *w);
/* Kernels of the chosen epoch (o, c, k, k), or NULL where none were recorded; their range in pair. */
const float *watch_kernels(const Watch *w, float pair[2]);
/* The epoch with the best validation accuracy and that accuracy, of raw or averaged weights; 0 when there is none. */
int watch_best(const Watch *w, double *accuracy);
/* Optimizer steps in an epoch; 0 while it is unknown. */
double watch_steps_per_epoch(const Watch *w);
/* Loss that guessing gives: ln(classes) for one head, and for the total. The weight of the auxiliary heads follows from the
 * first row: total = main + weight * (sum of the others). */
void watch_chance(const Watch *w, double *one, double *total);

#endif
