/* occlusion_model.h - computes the occlusion of the current picture (engine/net/occlusion.h) in the background (side_job.h), for
 * all classes at once. Each square can be shown as soon as it is done. */
#ifndef INCEPTOSCOPE_OCCLUSION_MODEL_H
#define INCEPTOSCOPE_OCCLUSION_MODEL_H

#include "app/model/side_job.h"
#include "engine/net/occlusion.h"

typedef struct Occlusion {
    SideKey key;                /* what `logits` depends on */
    OcclusionPlan plan;
    int classes;
    float *logits;              /* (1 + squares, classes), the whole picture first; owned; NULL before the first job */
    float *covered;             /* the job's copy of the picture; owned */
    int done;                   /* rows of `logits` that can be read in this frame */
    Err problem;                /* why there are none for `key`, or "" */
    SideJob *job;               /* the running thread, or NULL */
    int square;                 /* chosen; -1: none */
    float *map;                 /* (H, W), made for map_class from map_done rows; owned; see occlusion_view */
    int map_class, map_done;
    float reach;                /* largest magnitude in the map */
    float lo, hi;               /* its lowest and highest value */
} Occlusion;

/* Takes finished squares and starts what is wanted. Call in each frame. */
void occlusion_want(Occlusion *o, const SideWish *wish);
/* Stops an unfinished job while nobody looks; occlusion_want starts it again. */
void occlusion_rest(Occlusion *o);
bool occlusion_busy(const Occlusion *o);
/* Waits for the thread and frees everything. */
void occlusion_close(Occlusion *o);

/* Logits of the whole picture (square -1) or with one square covered, `classes` floats; NULL if they are not computed yet. */
const float *occlusion_scores(const Occlusion *o, int square);
/* The classes by the softmax of those logits, best first; 0 if they are not computed yet or memory is out. */
int occlusion_top(const Occlusion *o, int square, Guess *out, int k);
float occlusion_prob(const Occlusion *o, int square, int class_index); /* the row must be computed */
/* The finished squares that cost a class the most, largest loss first: index is the square, prob the loss of score. */
int occlusion_costly(const Occlusion *o, int class_index, Guess *out, int k);
/* The largest fall or rise of a class's score over the finished squares; 0 if there are none. */
float occlusion_most(const Occlusion *o, int class_index);
/* Updates `map`, `reach`, `lo` and `hi` for a class; false if nothing is computed yet or memory is out. */
bool occlusion_view(Occlusion *o, int class_index);
/* Moves the chosen square by rows and columns; if there is none, chooses the middle one. */
void occlusion_move(Occlusion *o, int rows, int cols);
/* The square with its centre nearest to a pixel. */
int occlusion_nearest(const OcclusionPlan *plan, int y, int x);

#endif
