/* occlusion_model.h - the occlusion of the picture that is looked at (engine/net/occlusion.h), made beside the feature maps
 * (side_job.h) for all classes at once. Squares can be seen as they are done. */
#ifndef INCEPTOSCOPE_OCCLUSION_MODEL_H
#define INCEPTOSCOPE_OCCLUSION_MODEL_H

#include "app/model/side_job.h"
#include "engine/net/occlusion.h"

typedef struct Occlusion {
    SideKey key;                /* what `logits` are of */
    OcclusionPlan plan;
    int classes;
    float *logits;              /* (1 + squares, classes), the whole picture's first; owned; NULL before the first job */
    float *covered;             /* the job's copy of the picture; owned */
    int done;                   /* rows of `logits` that can be read, in this frame */
    Err problem;                /* why there are none for `key`; "" */
    SideJob *job;               /* the thread at work, or NULL */
    int square;                 /* chosen; -1: none */
    float *map;                 /* (H, W) of map_class from map_done rows; owned; see occlusion_view */
    int map_class, map_done;
    float reach;                /* largest magnitude in the map */
    float lo, hi;               /* its lowest and highest value */
} Occlusion;

/* Takes what has finished and starts what is wanted. */
void occlusion_want(Occlusion *o, const SideWish *wish);
/* Nobody looks: what is not done yet is left, and begun again when it is wanted. */
void occlusion_rest(Occlusion *o);
bool occlusion_busy(const Occlusion *o);
/* Waits for the thread and frees everything. */
void occlusion_close(Occlusion *o);

/* Logits of the whole picture (square -1) or with one square covered, `classes` floats; NULL while they are not there. */
const float *occlusion_scores(const Occlusion *o, int square);
/* The classes as softmax ranks those logits, best first; 0 while they are not there, or without memory. */
int occlusion_top(const Occlusion *o, int square, Guess *out, int k);
float occlusion_prob(const Occlusion *o, int square, int class_index); /* of a row that is there */
/* The done squares that cost a class the most, most first: index is the square, prob its loss of score. */
int occlusion_costly(const Occlusion *o, int class_index, Guess *out, int k);
/* The largest fall or rise of a class's score, over the done squares; 0 while there are none. */
float occlusion_most(const Occlusion *o, int class_index);
/* Brings `map`, `reach`, `lo` and `hi` up to date for a class; false while nothing is there, or without memory. */
bool occlusion_view(Occlusion *o, int class_index);
/* The chosen square moved by rows and columns; the middle one when none was. */
void occlusion_move(Occlusion *o, int rows, int cols);
/* The square whose middle is nearest to a pixel. */
int occlusion_nearest(const OcclusionPlan *plan, int y, int x);

#endif
