/* checkpoint.h - everything a training needs to go on as if it had never stopped, in one file.
 *
 * A safetensors file: flat F32 tensors "weights", "moment1", "moment2" and "average" (the last two where they exist), and
 * in __metadata__ the strings "state" (JSON) and "history" (the CSV). Written whole or not at all. */
#ifndef INCEPTOSCOPE_TRAIN_CHECKPOINT_H
#define INCEPTOSCOPE_TRAIN_CHECKPOINT_H

#include "engine/train/data.h"
#include "engine/train/history.h"
#include "engine/train/trainer.h"

/* Where a training stands, apart from the trainer's own arrays. */
typedef struct TrainProgress {
    int epoch, batch;           /* the next batch to train: epoch counts from 0, batch inside it */
    int phase;                  /* 1 is the first */
    char phase_note[160];       /* goes into the history row of the epoch in which the phase began; "" after that */
    Losses sums;                /* of this epoch so far */
    int64_t seen;               /* pictures of this epoch so far */
    double seconds;             /* spent training in this epoch so far */
    double norm2[HISTORY_GROUPS_MAX]; /* sums over this epoch's steps of the squared gradient norms */
    double best_accuracy, best_loss; /* of the best weights so far; accuracy -1 before the first validation */
    int best_epoch;             /* 1 is the first; 0 for none */
    bool best_is_ema;
} TrainProgress;

/* What a checkpoint must agree with to be continued. */
typedef struct Identity {
    char network[NET_NAME_MAX];
    uint64_t layout;            /* hash over the names and sizes of the parameters */
    int train_count;
    const StringList *classes;  /* borrowed */
} Identity;
Identity checkpoint_identity(const Net *net, const Dataset *set);

bool checkpoint_save(const char *path, const Trainer *t, const Identity *identity, const TrainProgress *progress,
                     const History *history, Err *err);

typedef struct Checkpoint {
    TrainOptions options;
    Schedule schedule;
    int64_t step;
    TrainProgress progress;
    History history;
    char network[NET_NAME_MAX];
    float *weights, *moment1, *moment2, *ema; /* borrow `bytes`; the last two may be NULL */
    void *bytes;                /* owned */
} Checkpoint;

/* Reads and checks a file: it must be whole, and of this network, these classes and this many training pictures.
 * On failure *out is untouched. */
bool checkpoint_load(const char *path, const Net *net, const Identity *identity, Checkpoint *out, Err *err);
void checkpoint_free(Checkpoint *c);

/* Puts a loaded checkpoint's arrays, step and schedule into a trainer made with the same optimizer and averaging. */
void checkpoint_restore(const Checkpoint *c, Trainer *t);

#endif
