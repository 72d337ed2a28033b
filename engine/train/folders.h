/* folders.h - finds the training and the validation pictures below a folder, in the layouts that people have. */
#ifndef INCEPTOSCOPE_TRAIN_FOLDERS_H
#define INCEPTOSCOPE_TRAIN_FOLDERS_H

#include "engine/train/data.h"

enum { SPLIT_SEED = 1, FOLDERS_TEXT = 400 };

/* Opens, in this order,
 * - ROOT/train and ROOT/val, or training, and valid, validation, test (in any case of letters);
 * - ROOT/train alone, or ROOT with one folder of pictures per class: then `val_share` of each class, at least one picture and not all, are
 *   for validation. Which ones depends on SPLIT_SEED and the names alone, so it is the same in every run and for every --seed;
 * - the same inside ROOT's only folder.
 * said: what was chosen, if it is not ROOT/train and ROOT/val; else "". False and a message that lists the layouts and what was found. The
 * caller frees both. */
bool folders_open(const char *root, double val_share, Dataset **train, Dataset **val, char said[FOLDERS_TEXT], Err *err);

/* Opens the pictures that judge a network: ROOT's folder val, valid, validation, test or testing (in any case of letters) if it has one,
 * else ROOT itself, with one folder per class. said as above. NULL and a message on failure. */
Dataset *folders_judge(const char *root, char said[FOLDERS_TEXT], Err *err);

#endif
