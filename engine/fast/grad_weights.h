/* grad_weights.h - computes the gradient of a layer's weights, biases and batch norm in tasks. Called by grad.c. */
#ifndef INCEPTOSCOPE_FAST_GRAD_WEIGHTS_H
#define INCEPTOSCOPE_FAST_GRAD_WEIGHTS_H

#include "engine/fast/grad_plan.h"

int grad_weights_tasks(const FastRun *f, int layer);
/* sums: the thread's scratch memory, GradPlan.sums_floats. Adds to grads (net->weight_count). */
void grad_weights_task(const FastRun *f, int layer, int task, float *sums, float *grads);

#endif
