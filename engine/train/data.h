/* data.h - reads a folder of pictures, one sub-folder per class, in the order of torchvision's ImageFolder.
 * folders.h finds the training and the validation set.
 *
 * Classes are the sub-folders' names in code-point order ("Daisy2", "class10", "class2", "daisy"). Sub-folders of a class are
 * read too, in the order of their paths. Names that begin with a dot are skipped; torchvision would count a folder
 * .ipynb_checkpoints as class 0, which shifts every label. `notes` lists what was skipped. */
#ifndef INCEPTOSCOPE_TRAIN_DATA_H
#define INCEPTOSCOPE_TRAIN_DATA_H

#include "engine/base/err.h"

#include <stddef.h>

typedef struct StringList {
    char **items;
    int count;
} StringList;

/* Appends a formatted line. False if out of memory; then the list is unchanged. Callers that only add a note may ignore this. */
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
    int *per_class;     /* number of pictures of each class */
    StringList notes;   /* what was skipped and why, one line each */
} Dataset;

/* NULL and a message if the folder cannot be read, has fewer than two classes, or a class has no picture. `like` is the training
 * set if this is the validation set (the class names must be the same), else NULL. */
Dataset *dataset_open(const char *root, const Dataset *like, Err *err);
void dataset_free(Dataset *set);
/* Moves the chosen pictures (chosen[set->count]) into a new set with the same classes, in the same order. False if out of memory; then
 * nothing is changed. */
bool dataset_split(Dataset *set, const bool *chosen, Dataset **other, Err *err);
/* The names in a folder, sorted: folders, and files. Names that begin with a dot become notes. */
bool dataset_list(const char *path, StringList *folders, StringList *files, StringList *notes, Err *err);

/* Whether the name ends as that of a picture that can be decoded. */
bool dataset_is_picture(const char *name);

/* The share of the largest class: the accuracy of always giving the same answer. */
double dataset_majority(const Dataset *set);

/* Writes the article's class_indices.json: {"0": "daisy", ...}, indented by four; replaces an existing file completely. */
bool dataset_save_classes(const Dataset *set, const char *path, Err *err);

#endif
