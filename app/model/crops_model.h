/* crops_model.h - the picture as a training sees it: random crops, resized and sometimes mirrored, made by the trainer's own code
 * (engine/train/augment.h), and the network's answer to each. Computed in the background (side_job.h), one after the other. */
#ifndef INCEPTOSCOPE_CROPS_MODEL_H
#define INCEPTOSCOPE_CROPS_MODEL_H

#include "app/model/side_job.h"
#include "engine/io/image.h"
#include "engine/train/augment.h"

enum { CROPS_COUNT = 8, CROPS_SEED_LEAST = 1, CROPS_SEED_MOST = 99 };

/* What a training makes of the picture in one epoch. */
typedef struct CropSeen {
    Crop crop;                  /* in pixels of the photo */
    double area;                /* its share of the photo's area */
    Image image;                /* as the network sees it; owned */
    uint64_t version;
} CropSeen;

typedef struct Crops {
    int seed;                   /* chosen: that of the training */
    SideKey key; int made_seed; /* what the rest depends on */
    Image photo;                /* a copy, for the thread; owned */
    CropSeen seen[CROPS_COUNT]; /* of the epochs 0, 1, ..., for the first picture of a folder */
    float *probs; int scores;   /* (1 + CROPS_COUNT, scores): first of the picture as it is left for validation; scores 0: there are no classes */
    int done, before;           /* of 1 + CROPS_COUNT; finished ones can be read. before: when the running job began */
    Err problem;                /* why there are none, or "" */
    SideJob *job;
} Crops;

/* Takes what is finished and starts what is wanted. Call in each frame. original: the photo, NULL if the network's input is no photo. */
void crops_want(Crops *c, const SideWish *wish, const Image *original);
void crops_rest(Crops *c);      /* while nobody looks */
bool crops_busy(const Crops *c);
void crops_close(Crops *c);     /* waits for the thread; the seed stays */
const float *crops_probs(const Crops *c, int variant); /* -1: of the picture as it is; NULL: not computed, or no classes */
double crops_scale_least(void); /* the smallest crop's share of the area */

#endif
