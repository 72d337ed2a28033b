/* train.h - a whole training: epochs, validation, best and last checkpoint, history.
 *
 * Files in the checkpoint folder: last.checkpoint (checkpoint.h), best.safetensors (native weights, F32), history.csv,
 * class_indices.json, and for `watch` (train_log.h) steps.csv and filters.npy. Results depend on the data, the options, the engine
 * and its thread count, and on nothing else: not on time, and not on where the training was interrupted. */
#ifndef INCEPTOSCOPE_TRAIN_H
#define INCEPTOSCOPE_TRAIN_H

#include "engine/io/weights.h"
#include "engine/train/checkpoint.h"
#include "engine/train/evaluate.h"

typedef struct TrainSetup {
    const Engine *engine;
    const Net *net;                     /* with its heads; borrowed, as are the data */
    const Dataset *train, *val;
    TrainOptions options;
    const char *folder;                 /* exists; at most TRAIN_FOLDER_MAX bytes; holds no checkpoint unless one is passed */
} TrainSetup;

/* What stands on the screen while an epoch runs. */
typedef struct TrainStatus {
    int epoch, epochs;                  /* the running one, 1 is the first */
    int batch, batches;                 /* done in this epoch */
    Losses mean;                        /* per picture, over this epoch so far */
    double lr;
    double seconds, seconds_left;       /* of this epoch, training part; the second estimated */
    double waited;                      /* seconds spent waiting for pictures */
} TrainStatus;

/* Called from training_run, in its thread. Every pointer may be NULL. */
typedef struct TrainEvents {
    void *user;
    void (*step)(void *user, const TrainStatus *status);
    void (*epoch)(void *user, const HistoryRow *row, bool best);
    void (*note)(void *user, const char *line);     /* a picture that was skipped, a file that was gone */
    bool (*stop)(void *user);                       /* asked before every step; true writes a checkpoint and ends */
} TrainEvents;

typedef struct Training Training;

/* Whether the network can learn these pictures: three channels, trainer_takes, and a score for each of their classes. */
bool training_fits(const Net *net, const Dataset *train, Err *err);

/* Starts anew, or from a loaded checkpoint (which may be freed afterwards). When options that shape the schedule differ
 * from the checkpoint's, a new phase begins here and the history says so; seed, batch and optimizer may not differ. NULL and a message when it cannot start, as where
 * training_fits says no. */
Training *training_new(const TrainSetup *setup, const Checkpoint *from, Err *err);
void training_free(Training *training);

typedef enum TrainEnd { TRAIN_DONE, TRAIN_STOPPED_EARLY, TRAIN_INTERRUPTED } TrainEnd;

/* Runs to the last epoch. False when a value is no longer finite (the message names the layer; the last good checkpoint
 * stays), a file cannot be written, or no picture can be decoded. */
bool training_run(Training *training, const TrainEvents *events, TrainEnd *end, Err *err);

const TrainProgress *training_progress(const Training *training);
const History *training_history(const Training *training);

/* Answers of a weight file on the validation set, by the training's engine. */
bool training_evaluate(Training *training, const float *weights, Evaluation *out, Err *err);

/* Writes a weight file with the network, the labels and `trained`, one line that says how they came about. */
bool training_export(const Training *training, const float *weights, const char *trained, const char *path, DType dtype,
                     Err *err);

/* FOLDER/last.checkpoint and the like, in a caller's buffer. folder has at most TRAIN_FOLDER_MAX bytes, which whoever takes it from a
 * user checks. */
enum { TRAIN_PATH_MAX = 1024, TRAIN_FOLDER_MAX = TRAIN_PATH_MAX - 32 };
void training_path(const char *folder, const char *name, char out[TRAIN_PATH_MAX]);

#endif
