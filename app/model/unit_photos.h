/* unit_photos.h - the photos that excite the channels of the network, for the window: a folder is listed and sent through the network
 * beside it (engine/train/examples.h). What is done can be looked at meanwhile. The main thread calls all of these. */
#ifndef INCEPTOSCOPE_UNIT_PHOTOS_H
#define INCEPTOSCOPE_UNIT_PHOTOS_H

#include "app/model/patches.h"
#include "engine/train/examples.h"

typedef struct UnitPhotos {
    char folder[1024];          /* "": none is chosen */
    struct UnitPhotosJob *job;  /* the thread's, with its results; NULL before the first */
    Patches *patches;           /* NULL before the first */
    bool keep;                  /* write the cache; set by the owner before the first folder. It is read in any case */
    bool stopped;               /* by the user: it does not go on by itself */
    /* Ranks of what is done, made again when more is done. */
    Example *strongest;         /* of each channel of strongest_layer; owned */
    int strongest_layer, strongest_done;
    ExamplesUnit unit;          /* of unit_at */
    Address unit_at;
    int unit_done;
    double strongest_ranked, unit_ranked; /* when: at most a few times a second */
} UnitPhotos;

/* Begins with a folder; what the cache has of it is there at once. On failure unit_photos_problem says why. */
void unit_photos_open(UnitPhotos *u, const char *folder, SharedSource *source, void (*wake)(void *), void *wake_user);
void unit_photos_stop(UnitPhotos *u);   /* what is done stays; unit_photos_open with the same folder goes on */
void unit_photos_close(UnitPhotos *u);  /* waits for nothing */
/* Once in each frame. With another source the same folder begins again. */
void unit_photos_frame(UnitPhotos *u, SharedSource *source, void (*wake)(void *), void *wake_user);
bool unit_photos_filling(const UnitPhotos *u); /* photos are being listed or computed */

/* NULL while the folder is listed, and without one. */
const Examples *unit_photos_examples(const UnitPhotos *u);
const char *unit_photos_problem(const UnitPhotos *u); /* why there are none, or why the cache was not written; or "" */
bool unit_photos_training(const UnitPhotos *u); /* they seem to be the training set */
int unit_photos_broken(const UnitPhotos *u, const char **first); /* how many cannot be read; the message of the first one */
/* Ranks at this time; they may lag behind by a part of a second while photos come in. Valid in this frame. */
const Example *unit_photos_strongest(UnitPhotos *u, int layer, double now); /* see examples_of_layer; NULL without any */
const ExamplesUnit *unit_photos_unit(UnitPhotos *u, Address unit, double now); /* EXAMPLES_TOP photos; NULL without any */
/* The patch of an example; NULL: not there yet. */
const Patch *unit_photos_patch(UnitPhotos *u, int layer, const Example *x, int side);

#endif
