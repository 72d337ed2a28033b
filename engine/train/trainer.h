/* trainer.h - one optimizer step: forward, losses, backward, update. No files, no pictures; the only threads are the engine's.
 *
 * A Trainer owns the weights and all optimizer state. train.c calls it with batches, tests with their own tensors. */
#ifndef INCEPTOSCOPE_TRAINER_H
#define INCEPTOSCOPE_TRAINER_H

#include "engine/train/frozen.h"
#include "engine/train/loss.h"
#include "engine/train/optim.h"

typedef struct TrainOptions {
    int epochs;                 /* in total, also after a resume */
    int batch;                  /* pictures per optimizer step */
    int micro_batch;            /* pictures per forward; the gradients of a batch are added up. 0: the whole batch at once */
    int threads;                /* of the engine; 0: one per core */
    int decode_threads;         /* 0: half the cores */
    uint64_t seed;
    Optimizer optimizer;
    double lr, momentum, weight_decay;
    double lr_ratio;            /* layers that were taken from other weights learn at this times lr */
    ScheduleKind schedule;
    double lr_min;              /* cosine */
    int warmup;                 /* steps */
    int step_epochs;            /* step decay: epochs between two drops */
    double step_factor;
    double label_smoothing;     /* training loss only */
    double ema_decay;           /* of the exponential moving average of the weights, kept in addition to them; 0 for none */
    int views;                  /* 0: new random crops in each epoch; else each picture has so many fixed views, see batch_loader.h */
    double scale_min;           /* smallest random crop as a share of the picture */
    int save_every;             /* steps between checkpoints inside an epoch; 0: only at its end */
    int stop_after;             /* stop after this number of epochs without a better validation accuracy; 0: never */
    int cache_mb;               /* decoded pictures kept in memory */
} TrainOptions;

/* The article's settings: Adam 3e-4, batch 32, 30 epochs, constant rate. */
TrainOptions train_defaults(void);

/* Parameters that lie one after the other and learn at the same rate. */
typedef struct ParamSpan {
    size_t first, count;        /* floats */
    bool taken;                 /* from other weights: they learn at lr_ratio * lr */
} ParamSpan;

typedef struct Trainer {
    const Net *net;             /* borrowed */
    TrainOptions options;
    Schedule schedule;          /* of the current phase */
    Run *run;                   /* owned */
    const Frozen *frozen;       /* borrowed, or NULL */
    bool cached;                /* trainer_step takes the maps at the edge of the frozen layers in the place of pictures */
    bool packed;                /* the run has the frozen layers' weights; whoever gives it others clears this */
    ParamSpan *spans; int span_count; /* everything that learns, in order; owned */
    int64_t step;               /* optimizer steps done */
    float *weights, *grads;     /* net->weight_count each, owned */
    float *moment1, *moment2;   /* Adam's m and v; SGD uses moment1 alone and moment2 is NULL */
    float *ema;                 /* moving average of the weights; NULL when options.ema_decay is 0 */
    double *layer_norm2;        /* per layer: sum of squares of its parameters' gradients in the last step */
    float *dlogits[HEADS_MAX];
    float *scratch;
    bool silent[HEADS_MAX];     /* heads that take no part in the loss, chosen by whoever owns the trainer; one at least takes part */
    bool plain;                 /* no dropout: a step on what the network computes when it is used */
} Trainer;

/* Whether the network can be trained: it has weights, a loss for every head (net_need_losses), and no batch norm outside the frozen
 * layers (NULL: none), since the engine has only its inference form. */
bool trainer_takes(const Net *net, const Frozen *frozen, Err *err);
/* Makes the initial weights of init.h from options->seed. NULL and a message if out of memory or trainer_takes is false. */
Trainer *trainer_new(const Engine *engine, const Net *net, const TrainOptions *options, const Frozen *frozen, Err *err);
void trainer_free(Trainer *t);
/* Before the first step: the parameters with taken[p] begin with these weights (net->weight_count), and learn at lr_ratio * lr. */
void trainer_take(Trainer *t, const float *weights, const bool *taken);

/* Begins anew with these weights for all parameters (net->weight_count): as before the first step. Without a moving average. */
void trainer_restart(Trainer *t, const float *weights);
/* The generator of a step's dropout, for Run.dropout_rng: steps count from 0. */
Rng trainer_dropout(uint64_t seed, int64_t step);

typedef struct StepResult {
    Losses losses;              /* sums over the n pictures, not means */
    int n;
    double lr;
} StepResult;

/* One step on x (n, C, H, W), or (n, frozen->floats) if `cached`, and labels (n); n <= options.batch. Dropout draws from (seed, step). If a value is not finite:
 * false, the layer's name in *err, and the weights are those from before the step. Frozen layers keep their bits, in the moving
 * average too. */
bool trainer_step(Trainer *t, const float *x, const int *labels, int n, StepResult *out, Err *err);
/* Its two halves: the gradients, false as above; and the update of the weights with them. */
bool trainer_gradients(Trainer *t, const float *x, const int *labels, int n, StepResult *out, Err *err);
void trainer_update(Trainer *t, double lr);

/* False and the layer's name if a weight is not finite; a checkpoint of such weights must not be written. */
bool trainer_check(const Trainer *t, Err *err);

#endif
