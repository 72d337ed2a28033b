/* teach_looks.h - what a network makes of pictures, up to the layer before its last one: computed once for each picture beside the window,
 * one picture at a time, and kept. With it a small picture of what the network sees. The main thread calls all of these. */
#ifndef INCEPTOSCOPE_TEACH_LOOKS_H
#define INCEPTOSCOPE_TEACH_LOOKS_H

#include "app/model/compute.h"
#include "app/model/teach_bins.h"
#include "engine/io/image.h"

enum { TEACH_THUMB = 112 };     /* pixels of a side, at most */

typedef struct TeachLook {
    bool known;                 /* all of it; until then it is empty, or it is another network's */
    float *features;            /* what the last layer reads; NULL: the picture could not be read. Owned, like the rest */
    char *problem;              /* why not, or NULL */
    Image thumb;                /* w 0: none */
    uint64_t version;           /* of the fitted picture: equal pictures have the same */
} TeachLook;

typedef struct TeachLooks {
    SharedSource *source;       /* the network that looks; held; NULL before the first picture */
    TeachLook *items; int count; /* by the pictures' numbers in TeachBins */
    struct TeachLooksJob *job;  /* the thread's; NULL: none is being looked at */
    bool stopped;               /* by the user */
    Err problem;                /* why none can be looked at, or "" */
} TeachLooks;

/* The fully connected layer that gives the scores; the layer before it gives the features. -1 and a message if the network ends in another
 * way. */
int teach_last_layer(const Net *net, Err *err);

/* Call in each frame: takes what is done, and begins with pictures that are in a bin and not known yet. With another network than before
 * all are looked at again. */
void teach_looks_frame(TeachLooks *looks, const TeachBins *bins, SharedSource *source, void (*wake)(void *), void *wake_user);
void teach_looks_stop(TeachLooks *looks);  /* what is done stays */
void teach_looks_go_on(TeachLooks *looks);
void teach_looks_close(TeachLooks *looks); /* waits for nothing */
bool teach_looks_busy(const TeachLooks *looks);
/* NULL: not known yet. */
const TeachLook *teach_look(const TeachLooks *looks, int picture);
/* How many pictures in bins are known, and how many there are. */
int teach_looks_done(const TeachLooks *looks, const TeachBins *bins, int *all);

#endif
