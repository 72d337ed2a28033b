/* watch.h - watches a training: reads its files again whenever they change, and keeps the chosen epoch. No SDL. */
#ifndef INCEPTOSCOPE_WATCH_H
#define INCEPTOSCOPE_WATCH_H

#include "app/model/strings.h"
#include "engine/train/confusion.h"
#include "engine/train/history.h"
#include "engine/train/train_log.h"

typedef struct WatchFile {
    char path[1088];
    unsigned long long stamp;            /* hash of time and size of the version that was read; all ones before the first */
} WatchFile;

typedef struct Watch {
    WatchFile history_file, steps_file, filters_file, best_file, confusion_file;
    History history;            /* count 0 until the first epoch has ended */
    StepRows steps;             /* count 0 if there is no such file */
    Filters filters;            /* epochs 0 if there is no such file */
    bool filters_are_best;      /* there is no filters file: the one snapshot comes from the best weights beside the history */
    Confusion confusion;        /* of the best weights; classes 0 if there is no such file */
    uint64_t version;           /* changes when any of them does */
    char problem[768];          /* why the history could not be read again, or "" */
    int epoch;                  /* 0: before training; 1: the first epoch */
    bool follow;                /* always show the newest epoch */
    bool playing;
    double play_next;           /* when the next epoch is due */
    double checked;             /* when the files were last looked at */
    Lang lang;
    bool dark, fullscreen, quit;
} Watch;

/* path: a history file, or the folder of a training, which may still be empty. False and a message if a named file is missing or
 * is not a history. */
bool watch_open(Watch *w, const char *path, Err *err);
/* Whether this is a history, by its first line, or a folder that has a history.csv. */
bool watch_recognise(const char *path);
void watch_close(Watch *w);

/* Call before each frame: reads changed files (checked once a second) and plays. Returns when to call again, in seconds. */
double watch_frame(Watch *w, double now);
void watch_key(Watch *w, const char *key, double now);
void watch_go(Watch *w, int epoch);     /* clamped; choosing the newest epoch makes it follow */

/* The newest finished epoch; 0 if none. */
int watch_last(const Watch *w);
/* The row of the chosen epoch, or NULL at the start. */
const HistoryRow *watch_row(const Watch *w);
/* Kernels of the chosen epoch (o, c, k, k), or NULL if none were recorded; their range in pair. */
const float *watch_kernels(const Watch *w, float pair[2]);
/* The epoch with the best validation accuracy and that accuracy, of raw or averaged weights; 0 if there is none. */
int watch_best(const Watch *w, double *accuracy);
/* Optimizer steps per epoch; 0 if unknown. */
double watch_steps_per_epoch(const Watch *w);
/* The loss of guessing: ln(classes) for one head, and its total. The weight of the auxiliary heads comes from the first row:
 * total = main + weight * (sum of the others). */
void watch_chance(const Watch *w, double *one, double *total);

#endif
