/* train_log.h - files of a training for `watch`, in addition to its history: the losses of every step, and the first layer's
 * kernels after every epoch. A training never reads them back; if one is missing or damaged, only a picture is missing. */
#ifndef INCEPTOSCOPE_TRAIN_LOG_H
#define INCEPTOSCOPE_TRAIN_LOG_H

#include "engine/net/net.h"
#include "engine/train/loss.h"

/* steps.csv: "step,lr,total,HEAD...", then a line per optimizer step, each flushed at once. */
typedef struct StepLog StepLog;
/* Keeps the lines of steps 1 to `keep` of an existing file (0: starts anew). NULL and a message on failure. */
StepLog *step_log_open(const char *path, const Net *net, int64_t keep, Err *err);
/* Means per picture. False when the line could not be written. */
bool step_log_add(StepLog *log, int64_t step, double lr, const Losses *mean, Err *err);
/* Whether the lines still go to the file with that name; false if it was removed or replaced. */
bool step_log_stays(const StepLog *log);
void step_log_close(StepLog *log);

typedef struct StepRow {
    int64_t step;
    float lr, total, head[HEADS_MAX];
} StepRow;
typedef struct StepRows {
    StepRow *rows; int count;   /* owned */
    int head_count;
} StepRows;
/* An incomplete line ends the list without an error: the file may still be being written. */
bool step_rows_load(const char *path, StepRows *out, Err *err);
void step_rows_free(StepRows *rows);

/* filters.npy: float32 (epochs + 1, O, C, k * k): the kernels of the first convolution at the start and after each epoch; NaN for
 * epochs before the file existed. */
typedef struct Filters {
    int epochs, o, c, k;        /* epochs: snapshots in the file, including the one at the start */
    float *values;              /* owned */
} Filters;
/* Adds the kernels of `weights` as the snapshot after `epoch` (0: the start); later snapshots are dropped. */
bool filters_add(const char *path, const Net *net, const float *weights, int epoch, Err *err);
bool filters_load(const char *path, Filters *out, Err *err);
void filters_free(Filters *filters);

#endif
