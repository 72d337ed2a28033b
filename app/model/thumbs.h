/* thumbs.h - makes small pictures of files for a list, one after the other on its own thread. */
#ifndef INCEPTOSCOPE_THUMBS_H
#define INCEPTOSCOPE_THUMBS_H

#include "engine/io/image.h"

typedef struct Thumb {
    Image image;                /* at most `side` pixels on its longer side; w = 0 if the file cannot be read */
    int w, h;                   /* the file's own size */
    uint64_t version;           /* different for every picture, see Command.version of the draw list */
} Thumb;

/* Shrunk to `side` on its longer side; a smaller one keeps its size. out->rgb is new. */
bool thumb_shrink(const Image *image, int side, Image *out, Err *err);

typedef struct Thumbs Thumbs;

/* Paths are copied. wake (or NULL) is called from the thread after each one. NULL if out of memory or threads: then the list has
 * no pictures. */
Thumbs *thumbs_start(char *const *paths, int count, int side, void (*wake)(void *), void *wake_user);
/* The thumbnail of path i, valid until thumbs_free; NULL if it is not made yet. */
const Thumb *thumbs_get(const Thumbs *thumbs, int i);
bool thumbs_busy(const Thumbs *thumbs);
void thumbs_free(Thumbs *thumbs); /* does not wait; NULL is allowed */

#endif
