/* train_report.h - prints the output of `inceptoscope train`: the data set, a progress bar and a line per epoch, the confusion
 * matrix. */
#ifndef INCEPTOSCOPE_TRAIN_REPORT_H
#define INCEPTOSCOPE_TRAIN_REPORT_H

#include "engine/train/train.h"

/* Classes, counts, the majority baseline, skipped entries, and where a resumed run continues. `from` may be NULL. */
void report_start(const TrainSetup *setup, const Checkpoint *from);

/* What a training took from the weights of another, what is new, and what is frozen: one line each. */
void report_taken(const TrainSetup *setup, const char *path, const WeightsTaken *taken);

/* Blocks SIGINT and SIGTERM so that the training can end with a checkpoint. Call before threads start. */
void report_block_signals(void);

/* Trains to the end and reports progress, then prints the confusion matrix of the best weights. If `out` is not NULL, they are
 * saved there as an F16 weight file, and its answers on the validation set are compared with the F32 ones. */
bool report_train(Training *training, const TrainSetup *setup, const char *networks_dir, const char *out, Err *err);

#endif
