/* exercising.h - the open exercise: the network on the stage is judged by its checks whenever it changes; its file is read again when it is
 * saved, so that a student can edit it beside the window. app/views/exercise_strip.c draws it. */
#ifndef INCEPTOSCOPE_EXERCISING_H
#define INCEPTOSCOPE_EXERCISING_H

#include "app/model/exercise_training.h"
#include "app/model/model.h"
#include "app/session/opening.h"

enum { EXERCISE_SIDES_MAX = 200, EXERCISE_SAMPLES = 2 * FIGURES, EXERCISE_SAMPLE_SIDE = 32 };

typedef struct ExerciseVerdict {
    bool holds;
    char sides[EXERCISE_SIDES_MAX]; /* see exercise_sides */
    char lacks[EXERCISE_SIDES_MAX]; /* why there are none, or "" */
} ExerciseVerdict;

typedef struct Exercising {
    bool open;
    Exercise exercise;          /* and all below is about this one */
    int hints;                  /* so many are shown */
    const Net *judged;          /* whose verdicts these are; only compared */
    ExerciseVerdict verdicts[EXERCISE_CHECKS_MAX];
    int held;                   /* verdicts that hold */
    ExerciseTraining *training; /* it runs, or NULL */
    FiguresSeen seen;           /* of it, or of the one that ended; epoch 0 and batches 0: none */
    Err problem;                /* why it failed, or "" */
    unsigned char samples[EXERCISE_SAMPLES][EXERCISE_SAMPLE_SIDE * EXERCISE_SAMPLE_SIDE * 3]; /* some of the pictures, if it is trained; rgb */
    int64_t modified; double checked; /* of the network's file, nanoseconds; looked at once a second */
} Exercising;

void exercising_open(Exercising *x, Model *m, const char *path); /* on an error the status line tells it */
void exercising_close(Exercising *x);
void exercising_frame(Exercising *x, Model *m, Opening *opening); /* call before each frame */
void exercising_translate(Exercising *x, Model *m);             /* call after a change of language */
bool exercising_busy(const Exercising *x);
void exercising_hint(Exercising *x);                            /* shows one more; behind the last none */
/* Trains, or stops. Only a network for which all checks hold is trained. */
void exercising_train(Exercising *x, Model *m);
/* Writes a copy of the exercise's start into the working folder, and opens it. */
void exercising_copy(Exercising *x, Model *m, Opening *opening);
bool exercising_solved(const Exercising *x);

#endif
