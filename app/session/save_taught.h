/* save_taught.h - saves the window's network with the names of its classes into the working folder. */
#ifndef INCEPTOSCOPE_SAVE_TAUGHT_H
#define INCEPTOSCOPE_SAVE_TAUGHT_H

#include "app/session/saving.h"

/* inceptoscope-taught.safetensors, F32, which opens with the same answers bit for bit; or .pth, which has no place for the names: they go to
 * class_indices.json beside it, unless there is one of other classes. */
void save_taught(Saving *saving, Model *m, bool pth);

#endif
