/* optim.h - the updates of the weights: Adam and SGD exactly like PyTorch's, learning-rate schedules, averaging of weights.
 *
 * All are pure functions over flat float arrays; the caller owns the state. */
#ifndef INCEPTOSCOPE_TRAIN_OPTIM_H
#define INCEPTOSCOPE_TRAIN_OPTIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum Optimizer { OPTIMIZER_ADAM, OPTIMIZER_SGD } Optimizer;

typedef struct AdamOptions {
    double lr, beta1, beta2, eps; /* PyTorch's defaults: 1e-3, 0.9, 0.999, 1e-8 */
    double weight_decay;          /* added to the gradient as L2, as torch.optim.Adam does; 0 for none */
} AdamOptions;

/* One step of torch.optim.Adam (Kingma and Ba 2015, algorithm 1), in PyTorch's order of rounding:
 *   m = beta1 m + (1 - beta1) g           v = beta2 v + (1 - beta2) g^2
 *   w -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * w, m, v, g: count floats. t is 1 for the first step; m and v start at zero. */
void adam_step(float *w, float *m, float *v, const float *g, size_t count, int64_t t, const AdamOptions *options);

typedef struct SgdOptions {
    double lr, momentum, weight_decay;
} SgdOptions;

/* One step of torch.optim.SGD without dampening: b = momentum b + g (b = g when t is 1); w -= lr b. */
void sgd_step(float *w, float *b, const float *g, size_t count, int64_t t, const SgdOptions *options);

/* Exponential moving average: ema = decay ema + (1 - decay) w. The actual decay is min(decay, (1 + t) / (10 + t)), so that the
 * first random weights do not count for thousands of steps (TensorFlow's ExponentialMovingAverage with num_updates = t). */
void ema_step(float *ema, const float *w, size_t count, int64_t t, double decay);

typedef enum ScheduleKind { SCHEDULE_CONSTANT, SCHEDULE_COSINE, SCHEDULE_STEP, SCHEDULE_COUNT } ScheduleKind;

typedef struct Schedule {
    ScheduleKind kind;
    double lr;                  /* at the start of the phase */
    double lr_min;              /* cosine: at its end */
    int64_t first, end;         /* the phase is steps [first, end) */
    int64_t warmup;             /* number of steps from the phase's start in which lr rises linearly; 0 for none */
    int64_t step_every;         /* step: after every this many steps, lr is multiplied by step_factor */
    double step_factor;
} Schedule;

/* The learning rate of one step, counted from 0 over the whole training.
 * cosine: lr_min + (lr - lr_min) (1 + cos(pi (step - first) / (end - first))) / 2 (Loshchilov and Hutter 2017). */
double schedule_lr(const Schedule *schedule, int64_t step);

/* Whether all values are finite. */
bool all_finite(const float *x, size_t count);
/* Computed in double with eight running sums (element i goes to sum i % 8), which are added at the end. */
double sum_of_squares(const float *x, size_t count);

#endif
