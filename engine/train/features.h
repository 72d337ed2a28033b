/* features.h - the maps at the edge of the frozen layers (frozen.h), computed once for every picture and kept in memory. A training
 * then reads them in place of pictures.
 *
 * With V views, the picture of epoch e (from 0) is view e mod V, so V * pictures * floats values are kept. The batches of an epoch
 * have the same samples in the same order as those of a BatchLoader with the same options, and training from either gives the same
 * bits. */
#ifndef INCEPTOSCOPE_TRAIN_FEATURES_H
#define INCEPTOSCOPE_TRAIN_FEATURES_H

#include "engine/train/batch_loader.h"
#include "engine/train/frozen.h"

typedef struct Features Features;

/* For the pictures of a loader, which must have a fixed number of views; all are borrowed. NULL and a message if they would take
 * more than half of the machine's memory. */
Features *features_new(BatchLoader *loader, const Frozen *frozen, Err *err);
void features_free(Features *features);

/* Computes the next batch of pictures with `run`, which has the weights (run_weights) and is set to inference form here. Returns
 * false when all are done. The loader must not be used for anything else meanwhile. *done and *all count pictures. */
bool features_compute(Features *features, Run *run, int *done, int *all);

/* As batch_loader_begin and batch_loader_next, once all are computed; batch->x is (n, floats). */
void features_begin(Features *features, int epoch, int first_batch);
bool features_next(Features *features, Batch *batch);
/* Batches of the features, or, if they are NULL, of the loader's pictures. */
void batches_begin(BatchLoader *loader, Features *features, int epoch, int first_batch);
bool batches_next(BatchLoader *loader, Features *features, Batch *batch);

#endif
