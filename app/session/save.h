/* save.h - getting it out: the view, a map, a layer, written into the working folder under a name that says what it is. */
#ifndef INCEPTOSCOPE_SAVE_H
#define INCEPTOSCOPE_SAVE_H

#include "app/model/model.h"
#include "engine/io/gif.h"

void save_view_png(Model *m, char *wish, size_t size); /* the path under which the shell is to write it; "" where that cannot be */
void save_map_csv(Model *m);    /* the selected channel, or all of them below each other */
void save_layer_npy(Model *m);
void save_gif(Model *m, Gif *gif);
void save_text(Model *m, const char *name, const char *extension, const char *text); /* under a free name that begins so */

#endif
