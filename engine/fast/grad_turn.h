/* grad_turn.h - the weights in the order in which data gradients read them. They are kept until the weights change. */
#ifndef INCEPTOSCOPE_FAST_GRAD_TURN_H
#define INCEPTOSCOPE_FAST_GRAD_TURN_H

#include "engine/fast/grad_plan.h"

/* Fills the turned weights of all layers whose data gradient the current backward needs and that are not up to date. */
void grad_turn(FastRun *f);
/* These layers' weights are others now; NULL: all. */
void grad_turn_again(FastRun *f, const bool *layers);

#endif
