/* model_private.h - shared by the files that change the model, model.c and model_verbs.c. */
#ifndef INCEPTOSCOPE_MODEL_PRIVATE_H
#define INCEPTOSCOPE_MODEL_PRIVATE_H

#include "app/model/model.h"

/* Goes to a layer's stage and remembers the move for the animation; channel and place are forgotten. */
void model_move(Model *m, int layer, int direction);

#endif
