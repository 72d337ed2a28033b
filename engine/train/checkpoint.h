/* checkpoint.h - one file with everything that a training needs to continue as if it had never stopped.
 *
 * It is a safetensors file with flat F32 tensors "weights", "moment1", "moment2" and "average" (the last two only if they exist),
 * and in __metadata__ the strings "state" (JSON) and "history" (the CSV). It is written completely or not at all. */
#ifndef INCEPTOSCOPE_TRAIN_CHECKPOINT_H
#define INCEPTOSCOPE_TRAIN_CHECKPOINT_H

#include "engine/train/data.h"
#include "engine/train/history.h"
#include "engine/train/trainer.h"

/* The progress of a training, without the trainer's own arrays. */
typedef struct TrainProgress {
    int epoch, batch;           /* the next batch to train: epoch counts from 0, batch inside it */
    int phase;                  /* 1 is the first */
    char phase_note[160];       /* for the history row of the epoch in which the phase began; afterwards "" */
    Losses sums;                /* of this epoch so far */
    int64_t seen;               /* pictures of this epoch so far */
    double seconds;             /* spent training in this epoch so far */
    double norm2[HISTORY_GROUPS_MAX]; /* sums over this epoch's steps of the squared gradient norms */
    double best_accuracy, best_loss; /* of the best weights so far; accuracy -1 before the first validation */
    int best_epoch;             /* 1 is the first; 0 for none */
    bool best_is_ema;
} TrainProgress;

/* How a training that did not begin with random weights began. Its checkpoints have it too. */
typedef struct Tuning {
    char from[256];             /* name of the weight file; "": random weights, and the rest is unused */
    char freeze[NET_NAME_MAX];  /* the last frozen layer; "": none */
    bool *taken;                /* per parameter of the net: it began with the file's values; owned, or NULL */
} Tuning;
/* Copies also the array. False if out of memory. */
bool tuning_copy(Tuning *out, const Tuning *tuning, const Net *net);
void tuning_free(Tuning *tuning);

/* A checkpoint must agree with this to be continued. */
typedef struct Identity {
    char network[NET_NAME_MAX];
    uint64_t layout;            /* hash over the names and sizes of the parameters */
    int train_count;
    const StringList *classes;  /* borrowed */
} Identity;
Identity checkpoint_identity(const Net *net, const Dataset *set);

bool checkpoint_save(const char *path, const Trainer *t, const Identity *identity, const TrainProgress *progress,
                     const History *history, const Tuning *tuning, Err *err);

typedef struct Checkpoint {
    TrainOptions options;
    Schedule schedule;
    int64_t step;
    TrainProgress progress;
    History history;
    Tuning tuning;
    char network[NET_NAME_MAX];
    float *weights, *moment1, *moment2, *ema; /* point into `bytes`; the last two may be NULL */
    void *bytes;                /* owned */
} Checkpoint;

/* Reads and checks a file. It must be complete, and belong to this network, these classes and this number of training pictures.
 * On failure *out is untouched. */
bool checkpoint_load(const char *path, const Net *net, const Identity *identity, Checkpoint *out, Err *err);
void checkpoint_free(Checkpoint *c);
/* The name of a checkpoint's network and whether it has auxiliary heads, for opening that network. */
bool checkpoint_peek(const char *path, char network[NET_NAME_MAX], bool *heads, Err *err);

/* Copies a loaded checkpoint's arrays, step and schedule into a trainer that was made with the same optimizer and averaging. */
void checkpoint_restore(const Checkpoint *c, Trainer *t);

#endif
