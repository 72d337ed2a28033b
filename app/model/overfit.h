/* overfit.h - trains the network on the shown picture alone, one step at a time, beside the window (side_job.h): what `train` does with a batch
 * of this one picture, bit for bit, by stochastic gradient descent with train's own momentum, weight decay and dropout.
 *
 * A step can be watched: `shown` goes through its four parts slowly, and never further than the work is. The model takes the weights when
 * it has arrived at the end (model_overfit.c). */
#ifndef INCEPTOSCOPE_OVERFIT_H
#define INCEPTOSCOPE_OVERFIT_H

#include "app/model/gradients.h"
#include "app/model/whatif.h"
#include "engine/train/trainer.h"

#include <stdatomic.h>

/* The parts of a step, in order. */
typedef enum OverfitPart { OVERFIT_FORWARD, OVERFIT_LOSS, OVERFIT_BACKWARD, OVERFIT_UPDATE, OVERFIT_PARTS } OverfitPart;

enum { OVERFIT_RATES = 9, OVERFIT_RATE = 2 }; /* learning rates to choose from, and the first one's place */
extern const double overfit_rates[OVERFIT_RATES];

/* One step as it was taken. */
typedef struct OverfitStep {
    StepResult result;
    LossChoice choice;
    double *flow;               /* per layer: RMS of the loss's gradient over the values of its map; -1: unknown. Owned, as is the next */
    double *moved;              /* per layer: RMS of the change of its weights and biases, divided by the RMS of themselves; -1 without */
    int dropped, droppable;     /* as in LossGradients */
} OverfitStep;

/* The thread's. The trainer stays from step to step with its momentum. */
typedef struct OverfitJob {
    Trainer *trainer;           /* NULL: none yet */
    SharedSource *source;       /* of the trainer, held */
    bool restart;               /* begins with the weights of the wish, without momentum */
    double rate;
    OverfitStep step;
    float *weights;             /* after the step, from malloc */
    atomic_int forward, backward; /* layers of the main path: the last one that is computed, the first one whose gradient is; main_count: none */
} OverfitJob;

typedef struct Overfit {
    int rate;                   /* index into overfit_rates */
    bool keeps;                 /* step after step until it is told to stop */
    bool asked;                 /* one more step */
    bool hurry;                 /* the step that runs is not shown slowly */
    double shown;               /* 0 .. OVERFIT_PARTS while a step runs: the part, and the share of it that is shown */
    double clock;               /* Model.now of the last frame */
    double ended;               /* Model.now when the last step ended: a key that is held asks again soon */
    int steps;                  /* taken since the network's own weights */
    int64_t since;              /* of these, since the trainer last began anew */
    double high;                /* the largest RMS of a gradient so far: the scale of what is drawn */
    OverfitStep last;           /* the last one; flow NULL: none */
    float *was; int was_count;  /* the classes' probabilities before it; owned */
    float *losses; int loss_count; /* of every step, before its update; owned */
    WhatIf other;               /* the weights from before the first step; while they are shown again, those after the last */
    bool undone, undo;          /* undo: as soon as the step that runs has ended */
    uint64_t version;           /* Model.weights_version that the trainer's weights have; others: it begins anew */
    OverfitJob next;            /* the job's, so an Overfit must not move in memory while busy */
    SideKey key;                /* of the job */
    SideJob *job;
    Err problem;                /* why the last step failed, or "" */
} Overfit;

/* Starts a step on the wish's picture, only when none runs; the choice's label is a class. restart: from the wish's weights, without momentum;
 * else they are those after the last step. */
void overfit_start(Overfit *o, const SideWish *wish, const LossChoice *choice, bool restart, double now);
/* Moves `shown` on; still: at once to where the work is. Call in each frame. */
void overfit_frame(Overfit *o, const Net *net, bool still, double now);
/* Whether the step has ended and has been shown. */
bool overfit_ready(const Overfit *o);
/* Then, once: its weights (from malloc, the caller's now) become the result, and `last` the step. NULL if it failed (problem says why), or was
 * stopped. */
float *overfit_take(Overfit *o);
/* The step just taken is of another network, picture or engine than the shown one: it is not the last one. */
void overfit_drop_last(Overfit *o);
/* Asks a running step to end without an update, if it has not begun that, and asks for no more. False: nothing was going on. */
bool overfit_stop(Overfit *o);
bool overfit_busy(const Overfit *o);    /* a step runs, is shown, or is due */
bool overfit_computes(const Overfit *o); /* the screen will change without the passing of time; not while step follows step */
/* The steps are no longer what the weights come from. The trainer stays for the next ones. */
void overfit_forget(Overfit *o);
/* Gives the trainer's memory back, unless a step runs. */
void overfit_rest(Overfit *o);
void overfit_close(Overfit *o);         /* waits for the thread */

#endif
