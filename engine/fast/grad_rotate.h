/* grad_rotate.h - the weights in the order in which data gradients read them. They are kept until the weights change. */
#ifndef INCEPTOSCOPE_FAST_GRAD_ROTATE_H
#define INCEPTOSCOPE_FAST_GRAD_ROTATE_H

#include "engine/fast/grad_plan.h"

/* Fills the rotated weights of all layers whose data gradient the current backward needs and that are not up to date. */
void grad_rotate(FastRun *f);
/* These layers' weights are others now; NULL: all. */
void grad_rotate_again(FastRun *f, const bool *layers);

#endif
