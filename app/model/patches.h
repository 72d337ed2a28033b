/* patches.h - parts of photos for a view, cut on a thread of their own: whoever draws asks for a patch in every frame, and gets it as
 * soon as it is there. The main thread calls all of these. */
#ifndef INCEPTOSCOPE_PATCHES_H
#define INCEPTOSCOPE_PATCHES_H

#include "app/model/compute.h"
#include "app/model/patch.h"

typedef struct PatchWish {
    const char *path;           /* of the photo; only read during the call */
    ReceptiveField field;       /* in the picture as the network sees it, inside it */
    int side;                   /* at most so many pixels on the longer side */
} PatchWish;

typedef struct Patch {
    Image image;                /* w = 0: the photo cannot be read any more */
    uint64_t version;           /* see Command.version of the draw list */
} Patch;

typedef struct Patches Patches;

Patches *patches_new(void (*wake)(void *), void *wake_user); /* NULL if out of memory */
void patches_free(Patches *p);          /* waits for nothing; NULL is allowed */
/* Once in each frame before the views: takes what was made, and starts on what was asked for. source: its network fits the photos; with
 * another one all patches are made again. */
void patches_frame(Patches *p, SharedSource *source);
/* NULL: it is not there yet, and is asked for by this call. Valid until the next but one patches_frame. */
const Patch *patches_get(Patches *p, const PatchWish *wish);
bool patches_busy(const Patches *p);

#endif
