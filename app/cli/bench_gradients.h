/* bench_gradients.h - how long run_gradient takes: for the gradient of a score, and for a step towards a picture that excites a channel. */
#ifndef INCEPTOSCOPE_BENCH_GRADIENTS_H
#define INCEPTOSCOPE_BENCH_GRADIENTS_H

#include "engine/net/run.h"

enum { GRADIENT_STEP_SIZE = 128 };

typedef enum GradientBench {
    GRADIENT_BY_MIDDLE,         /* of a class score by the maps of the module in the middle, without the forward */
    GRADIENT_BY_PICTURE,        /* of the same score by the picture */
    GRADIENT_STEP,              /* a step of what the middle module's first channel wants: picture of 128x128, forward, gradient, Adam */
    GRADIENT_BENCHES
} GradientBench;

typedef struct GradientTime { double one, all; } GradientTime; /* milliseconds, medians; 0 where the network has no such thing */

double bench_median(double *times, int count); /* sorts them */
/* The layer whose maps are the module's in the middle; -1 in a network without modules. In GoogLeNet it is 4c. */
int bench_middle(const Net *net);
const char *bench_middle_title(const Net *net);
/* weights as in run_weights; x: a picture. False with a message when memory does not suffice. */
bool bench_gradients(const Net *net, const float *weights, const float *x, int repeat, GradientTime times[GRADIENT_BENCHES], Err *err);
/* "gradient of a score by 4c" */
void bench_gradient_title(const Net *net, GradientBench which, char *out, size_t size);
/* Key in the report's JSON: "score_by_middle". */
const char *bench_gradient_key(GradientBench which);

#endif
