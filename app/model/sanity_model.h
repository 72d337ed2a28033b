/* sanity_model.h - the maps of engine/net/sanity.h for the current picture, computed in the background (side_job.h): with the network's
 * own weights, and with random ones from the chosen stage to the top. Each kind of map can be shown as soon as it is done. */
#ifndef INCEPTOSCOPE_SANITY_MODEL_H
#define INCEPTOSCOPE_SANITY_MODEL_H

#include "app/model/sanity_maps.h"
#include "app/model/side_job.h"

/* The maps with one set of weights. All is written by the job: what a finished kind has can be read. */
typedef struct SanitySet {
    Sanity maps;                /* owned; maps.x is NULL before the first step */
    Image pictures[SANITY_MAPS][SANITY_CLASSES]; /* owned */
    uint64_t versions[SANITY_MAPS][SANITY_CLASSES];
    double classes[SANITY_MAPS];            /* rank correlation of the two classes' maps */
    double kept[SANITY_MAPS][SANITY_CLASSES]; /* random weights: of a map and the one with the network's own weights */
    int done;                   /* steps that can be read in this frame: the gradients, then those of the integrated gradients */
} SanitySet;

enum { SANITY_DONE = 1 + SANITY_STEPS / SANITY_BATCH, SANITY_SEED = 1 };
typedef enum SanityWeights { WEIGHTS_OWN, WEIGHTS_RANDOM, SANITY_SETS } SanityWeights;

typedef struct SanityChecks {
    int against, stage;         /* chosen: the other class, -1 for the likeliest one; see sanity_stage_first */
    SideKey key;                /* what the sets depend on, with key.label as the class; and the two below */
    int made_against, made_stage;
    SanitySet sets[SANITY_SETS];
    int before[SANITY_SETS];    /* their steps from before the running job */
    Err problem;                /* why there is nothing for `key`, or "" */
    SideJob *job;               /* the running thread, or NULL */
} SanityChecks;

/* Takes finished maps and starts what is wanted. Call in each frame. */
void sanity_want(SanityChecks *c, const SideWish *wish);
/* Stops an unfinished job while nobody looks; sanity_want goes on with it. */
void sanity_rest(SanityChecks *c);
bool sanity_busy(const SanityChecks *c);
/* Waits for the thread and frees everything; what is chosen stays. */
void sanity_close(SanityChecks *c);
/* Whether a kind of map can be shown. */
bool sanity_shows(const SanityChecks *c, SanityWeights weights, SanityMap map);

#endif
