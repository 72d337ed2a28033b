/* save.h - saves the view, a map or a layer into the working folder, under a name that says what it is. */
#ifndef INCEPTOSCOPE_SAVE_H
#define INCEPTOSCOPE_SAVE_H

#include "app/session/saving.h"

void save_view_png(Saving *saving, Model *m, char *wish, size_t size); /* wish: the path that the shell should write; "" if there is none */
void save_map_csv(Saving *saving, Model *m);    /* the selected channel, or all channels, one below the other */
void save_layer_npy(Saving *saving, Model *m);
void save_text(Model *m, const char *name, const char *extension, const char *text); /* a short one, under an unused name from `name` */
/* NAME.ext, NAME-2.ext, ...: the first that is unused. */
void save_numbered(const Saving *saving, const char *name, const char *extension, char *out, size_t size);
/* The picture of the step that fools the network, rounded to bytes, in a file from which the network gets just these; model_step_saved knows
 * it. False if there is none, or it cannot be saved. */
bool save_fooled(const Saving *saving, Model *m);

#endif
