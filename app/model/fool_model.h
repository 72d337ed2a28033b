/* fool_model.h - one small step that fools the network (engine/net/sign_step.h), computed for the current picture in the background
 * (side_job.h): for every amount of step_amount, the chosen one first. Each amount can be shown as soon as it is done. */
#ifndef INCEPTOSCOPE_FOOL_MODEL_H
#define INCEPTOSCOPE_FOOL_MODEL_H

#include "app/model/side_job.h"
#include "engine/io/image.h"
#include "engine/net/sign_step.h"

#include <stdatomic.h>

/* Pictures to look at, of the chosen amount; of them FOOL_SIGNS and FOOL_RANDOM_SIGNS are the same for all amounts. */
typedef enum FoolPicture { FOOL_SIGNS, FOOL_SUM, FOOL_RANDOM_SIGNS, FOOL_RANDOM_SUM, FOOL_PICTURES } FoolPicture;

typedef struct Fool {
    int position, seed;         /* chosen: the amount's position, and which random signs */
    SideKey key;                /* what `step` and `logits` depend on, with key.label as the target; and made_seed */
    int made_seed;
    float *levels;              /* the job's copy of the picture; owned */
    SignStep step;              /* written by the job before its first step counts */
    float *logits;              /* (STEP_POSITIONS, STEP_KINDS, classes); owned; NULL before the first job */
    int order[STEP_POSITIONS];  /* positions in the order in which they were computed */
    bool has[STEP_POSITIONS];   /* those that can be read in this frame */
    bool ready;                 /* the signs can be read in this frame */
    int done;                   /* positions that can be read */
    int before;                 /* of them, those from before the running job */
    atomic_int wanted;          /* the position that the job should compute next */
    Err problem;                /* why there is nothing for `key`, or "" */
    SideJob *job;               /* the running thread, or NULL */
    Image pictures[FOOL_PICTURES]; /* made for drawn_position; owned */
    uint64_t versions[FOOL_PICTURES];
    int drawn_position;         /* -1: none */
    char saved[512]; int saved_position; /* the file with the changed picture of this key, and its amount; "" none */
} Fool;

enum { FOOL_POSITION = 6, FOOL_SEED = 1 }; /* chosen at first: 4 levels */

/* Takes finished amounts and starts what is wanted. Call in each frame. fitted: the picture as bytes; NULL if the input is numbers of a
 * description, which have no levels. */
void fool_want(Fool *f, const SideWish *wish, const Image *fitted);
/* Stops an unfinished job while nobody looks; fool_want goes on with it. */
void fool_rest(Fool *f);
bool fool_busy(const Fool *f);
/* Waits for the thread and frees everything; what is chosen stays. */
void fool_close(Fool *f);

/* The scores of a position, step.classes floats; NULL if they are not computed yet. */
const float *fool_scores(const Fool *f, int position, StepKind kind);
/* Classes by the softmax of scores that are computed, best first. */
int fool_top(const Fool *f, const float *logits, Guess *out, int k);
float fool_prob(const Fool *f, const float *logits, int class_index);
/* The lowest position with which the step has what it wants; -1: none of those computed so far. */
int fool_least(const Fool *f, StepKind kind);
/* Makes `pictures` for the chosen amount; false before the signs are there, or if memory is out. */
bool fool_draw(Fool *f);

#endif
