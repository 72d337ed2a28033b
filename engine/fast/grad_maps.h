/* grad_maps.h - computes the gradient of a map in tasks: one is the blocks of a panel of image n. Called by grad.c. */
#ifndef INCEPTOSCOPE_FAST_GRAD_MAPS_H
#define INCEPTOSCOPE_FAST_GRAD_MAPS_H

#include "engine/fast/grad_plan.h"

int grad_map_tasks(const FastRun *f, int layer);
/* scratch: the thread's memory, GradPlan.sums_floats. */
void grad_map_task(const FastRun *f, int layer, int task, float *scratch);

#endif
