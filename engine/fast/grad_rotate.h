/* grad_rotate.h - the weights in the order in which data gradients read them. They are kept until the weights change. Called by
 * grad.c and run_fast.c. */
#ifndef INCEPTOSCOPE_FAST_GRAD_ROTATE_H
#define INCEPTOSCOPE_FAST_GRAD_ROTATE_H

#include "engine/fast/grad_plan.h"

/* Fills the rotated weights of all layers that need them in the current backward and do not have them yet. */
void grad_rotate(FastRun *f);
/* The weights of these layers have changed (NULL: of all), so they must be rotated again. */
void grad_rotate_again(FastRun *f, const bool *layers);

#endif
