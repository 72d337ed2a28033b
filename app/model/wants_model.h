/* wants_model.h - makes the pictures that units want (engine/train/wants.h) in the background (side_job.h). The picture of the selected unit
 * grows step by step; those made before are kept, so that they can be compared and continued. On request small pictures of all units of a layer
 * are made after it, while nothing else is. */
#ifndef INCEPTOSCOPE_WANTS_MODEL_H
#define INCEPTOSCOPE_WANTS_MODEL_H

#include "app/model/side_job.h"
#include "engine/train/wants.h"

enum { WANTS_KEPT = 8, WANTS_SMALL = 64, WANTS_SMALL_STEPS = 64, WANTS_SMALL_BATCH = 4 };

/* One picture, as far as it is made. */
typedef struct WantMade {
    int layer;
    WantOptions options;
    int size;
    const unsigned char *rgb;   /* (size, size, 3) */
    uint64_t version;           /* of rgb, for ui_picture */
    float values[WANTS_STEPS];  /* the objective before each step */
    int steps;                  /* done */
    bool rises;                 /* see want_rises */
    Err problem;                /* why it cannot be made, or "" */
} WantMade;

/* Small pictures of all units of a layer, each by itself. */
typedef struct WantAll {
    int layer;                  /* -1: none */
    WantOptions options;        /* without a channel */
    int count, done;            /* pictures; those that can be read */
    int first;                  /* where the present thread began */
    unsigned char *rgb;         /* (count, WANTS_SMALL, WANTS_SMALL, 3), owned; NULL: no memory */
    uint64_t version;           /* of the first one; the next ones count up */
    bool asked;                 /* whoever looks wants them */
    Err problem;
} WantAll;

typedef struct WantSlot WantSlot;

typedef struct Wants {
    SideKey key;                /* what all pictures depend on */
    WantOptions options;        /* the switches; the channel comes from the cursor */
    bool paused;
    bool beside;                /* pictures are made beside a unit's photos too */
    bool grid;                  /* the pictures of the whole layer are shown */
    WantSlot *slots[WANTS_KEPT]; int slot_count; /* the last one shown comes first; owned */
    WantSlot *working;          /* the job's */
    SideJob *job;               /* the running thread, or NULL */
    WantAll all;
    SideJob *all_job;           /* the same for the small pictures */
    uint64_t versions;          /* given out */
} Wants;

/* Takes what is made and starts what is missing for this unit. Call in each frame in which its picture is shown. */
void wants_want(Wants *w, const SideWish *wish, int layer, int channel);
/* Stops within one step while nobody looks; wants_want continues. */
void wants_rest(Wants *w);
bool wants_busy(const Wants *w);
/* Waits for the threads and frees everything. */
void wants_end(Wants *w);

/* The picture of a unit with these switches; NULL if it was not begun. */
const WantMade *wants_made(const Wants *w, int layer, int channel, const WantOptions *switches);
/* What the unit's picture with the present switches is compared with: the one with the usual basis and jitter, or if it is that itself, the last
 * one without, else alike. NULL if there is none. */
const WantMade *wants_other(const Wants *w, int layer, int channel);
/* Makes a finished picture again from its noise. */
void wants_again(Wants *w, int layer, int channel);
/* Small pictures of a layer's units with the present switches: asks for them, or stops what is not done. */
void wants_all(Wants *w, bool on);
/* Whether the small pictures are those of this layer and of the present switches. */
bool wants_all_of(const Wants *w, int layer);

/* Whether these are the shipped weights and the layer is one whose units' pictures were found to stay vague: behind 4b. They have seen five
 * kinds of flowers. */
bool wants_vague(const Source *source, int layer);

#endif
