/* train_report.h - what `inceptoscope train` prints: what it found, a bar per epoch, a line per epoch, the confusion matrix. */
#ifndef INCEPTOSCOPE_TRAIN_REPORT_H
#define INCEPTOSCOPE_TRAIN_REPORT_H

#include "engine/train/train.h"

/* Classes, counts, the majority baseline, what was skipped, and where a resumed run goes on. `from` may be NULL. */
void report_start(const TrainSetup *setup, const Checkpoint *from);

/* Interrupt and terminate are held back so that the training can end with a checkpoint. Call before threads start. */
void report_block_signals(void);

/* Trains to the end while reporting, then shows the best weights' confusion matrix. `out`, if not NULL, receives them as an
 * F16 weight file, whose answers on the validation set are compared with the F32 ones. */
bool report_train(Training *training, const TrainSetup *setup, const char *networks_dir, const char *out, Err *err);

#endif
