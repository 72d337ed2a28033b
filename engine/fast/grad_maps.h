/* grad_maps.h - tasks of the gradient of a map: image n, the blocks of a panel. */
#ifndef INCEPTOSCOPE_FAST_GRAD_MAPS_H
#define INCEPTOSCOPE_FAST_GRAD_MAPS_H

#include "engine/fast/grad_plan.h"

int grad_map_tasks(const FastRun *f, int layer);
/* scratch: the thread's, GradPlan.sums_floats. */
void grad_map_task(const FastRun *f, int layer, int task, float *scratch);

#endif
