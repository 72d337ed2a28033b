/* confusion.h - the confusion matrix of a training's best weights as a file beside its history, for `watch` and the window.
 *
 * confusion.csv: "# inceptoscope confusion matrix, classes N, epoch E", then "label" and the names of the classes in quotes, then a row for each
 * label: its name and how many of its validation pictures got each answer. */
#ifndef INCEPTOSCOPE_TRAIN_CONFUSION_H
#define INCEPTOSCOPE_TRAIN_CONFUSION_H

#include "engine/train/data.h"

enum { CONFUSION_CLASSES = 1024 };

typedef struct Confusion {
    int classes, epoch;         /* 0 classes: none */
    StringList names;
    int *counts;                /* classes x classes: [label * classes + answer]; owned */
} Confusion;

/* counts: names->count x names->count. False and a message if there are more than CONFUSION_CLASSES classes, or it cannot be written. */
bool confusion_save(const char *path, const StringList *names, const int *counts, int epoch, Err *err);
/* False and a message if the file cannot be read or is none; *out is untouched then. */
bool confusion_load(const char *path, Confusion *out, Err *err);
void confusion_free(Confusion *c);

#endif
