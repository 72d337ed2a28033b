/* thumbs.h - small pictures of files for a list, decoded one after the other on a thread of their own. */
#ifndef INCEPTOSCOPE_THUMBS_H
#define INCEPTOSCOPE_THUMBS_H

#include "engine/io/image.h"

typedef struct Thumb {
    Image image;                /* at most `side` pixels on its longer side; w = 0 when the file cannot be read */
    int w, h;                   /* the file's own size */
    uint64_t version;           /* differs for every picture, see Command.version of the draw list */
} Thumb;

typedef struct Thumbs Thumbs;

/* Paths are copied. wake (or NULL) is called from the thread after each one. NULL without memory or thread: then the list has none. */
Thumbs *thumbs_start(char *const *paths, int count, int side, void (*wake)(void *), void *wake_user);
/* The i-th path's, valid until thumbs_free; NULL while it is not there yet. */
const Thumb *thumbs_get(const Thumbs *thumbs, int i);
bool thumbs_busy(const Thumbs *thumbs);
void thumbs_free(Thumbs *thumbs); /* waits for nothing; NULL is allowed */

#endif
