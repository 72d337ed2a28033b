/* train.h - runs a whole training: epochs, validation, best and last checkpoint, history. Called by the command `train`.
 *
 * Files in the checkpoint folder: last.checkpoint (checkpoint.h), best.safetensors (native weights, F32), history.csv,
 * class_indices.json, and for `watch` (train_log.h) steps.csv and filters.npy. Results depend only on the data, the options, the
 * engine and its thread count: not on time, and not on where the training was interrupted. */
#ifndef INCEPTOSCOPE_TRAIN_H
#define INCEPTOSCOPE_TRAIN_H

#include "engine/io/weights.h"
#include "engine/base/limits.h"
#include "engine/train/checkpoint.h"
#include "engine/train/evaluate.h"

typedef struct TrainSetup {
    const Engine *engine;
    const Net *net;                     /* with its heads; borrowed, like the data */
    const Dataset *train, *val;
    TrainOptions options;
    const Tuning *tuning;               /* of a new training that begins with other weights, else NULL; and those weights in the net's order */
    const float *begin;
    const char *folder;                 /* exists; at most TRAIN_FOLDER_MAX bytes; has a checkpoint only if `from` is given */
} TrainSetup;

/* Shown on the screen during an epoch. */
typedef struct TrainStatus {
    int epoch, epochs;                  /* the current epoch (1 is the first), and their number */
    int batch, batches;                 /* done in this epoch */
    Losses mean;                        /* per picture, over this epoch so far */
    double lr;
    double seconds, seconds_left;       /* of this epoch, training only; seconds_left is an estimate */
    double waited;                      /* seconds spent waiting for pictures */
} TrainStatus;

/* Called from training_run, in its thread. Every pointer may be NULL. */
typedef struct TrainEvents {
    void *user;
    void (*prepare)(void *user, int done, int all); /* before the first step: pictures that have passed the frozen layers */
    void (*step)(void *user, const TrainStatus *status);
    void (*epoch)(void *user, const HistoryRow *row, bool best);
    void (*note)(void *user, const char *line);     /* about a picture that was skipped, or a file that was missing */
    bool (*stop)(void *user);                       /* called before every step; if true, writes a checkpoint and ends */
} TrainEvents;

typedef struct Training Training;

/* Whether the network can learn these pictures: three input channels, trainer_takes is true, and a score for each class. frozen may
 * be NULL. */
bool training_fits(const Net *net, const Frozen *frozen, const Dataset *train, Err *err);

/* Starts a new training, or continues a loaded checkpoint (which may be freed afterwards). If options that shape the schedule
 * differ from the checkpoint's, a new phase begins here and the history says so; seed, batch, optimizer and views must not differ.
 * With frozen layers and a fixed number of views, training_run first computes what the frozen layers make of each picture. NULL and a message if it cannot start, for example if training_fits is false. */
Training *training_new(const TrainSetup *setup, const Checkpoint *from, Err *err);
void training_free(Training *training);

typedef enum TrainEnd { TRAIN_DONE, TRAIN_STOPPED_EARLY, TRAIN_INTERRUPTED } TrainEnd;

/* Runs to the last epoch. False if a value is no longer finite (the message names the layer; the last good checkpoint remains), a
 * file cannot be written, or no picture can be decoded. */
bool training_run(Training *training, const TrainEvents *events, TrainEnd *end, Err *err);

const TrainProgress *training_progress(const Training *training);
const History *training_history(const Training *training);

/* Evaluates weights on the validation set from its pictures, with the training's engine. */
bool training_evaluate(Training *training, const float *weights, Evaluation *out, Err *err);

/* Writes a weight file with the network, the labels, and `trained`: one line about how the weights were trained. */
bool training_export(const Training *training, const float *weights, const char *trained, const char *path, DType dtype,
                     Err *err);

/* Writes FOLDER/last.checkpoint and similar paths to the caller's buffer. folder has at most TRAIN_FOLDER_MAX bytes; code that
 * gets it from a user checks this. */
enum { TRAIN_FOLDER_MAX = LIMIT_TRAIN_PATH, TRAIN_PATH_MAX = TRAIN_FOLDER_MAX + 33 };
void training_path(const char *folder, const char *name, char out[TRAIN_PATH_MAX]);

#endif
