/* data.h - a folder of pictures, one sub-folder per class, read in the order of torchvision's ImageFolder.
 *
 * Classes are the sub-folders' names in code-point order ("Daisy2", "class10", "class2", "daisy"). Inside a class
 * sub-folders are walked too, in the order of their paths. Names that begin with a dot are skipped; torchvision
 * would count a folder .ipynb_checkpoints as class 0, which shifts every label. What was left out is listed in `notes`. */
#ifndef INCEPTOSCOPE_TRAIN_DATA_H
#define INCEPTOSCOPE_TRAIN_DATA_H

#include "engine/base/err.h"

#include <stddef.h>

typedef struct StringList {
    char **items;
    int count;
} StringList;

/* Appends a formatted line. False when memory is out; then the list is as before (who only notes something may ignore that). */
bool string_list_add(StringList *list, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
void string_list_free(StringList *list);

typedef struct Sample {
    char *path;
    int label;          /* index into classes */
} Sample;

typedef struct Dataset {
    char *root;
    StringList classes; /* names, index = label */
    Sample *samples;
    int count;
    int *per_class;     /* pictures of each class */
    StringList notes;   /* what was skipped and why, one line each */
} Dataset;

/* NULL and a message when the folder cannot be read, has fewer than two classes, or a class has no picture.
 * `like` is the training set when this is the validation set: the class names must be the same. May be NULL. */
Dataset *dataset_open(const char *root, const Dataset *like, Err *err);
void dataset_free(Dataset *set);

/* The share of the largest class: what answering always the same would reach. */
double dataset_majority(const Dataset *set);

/* The article's class_indices.json: {"0": "daisy", ...}, indented by four. Replaced whole. */
bool dataset_save_classes(const Dataset *set, const char *path, Err *err);

#endif
