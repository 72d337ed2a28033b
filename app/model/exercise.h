/* exercise.h - reads an exercise: a goal for a network that a student describes, and checks that the program decides.
 *
 *     title: A lighter module
 *     goal: Write a network whose module 3a has the same input and output as GoogLeNet's, with fewer than {100*1000} weights.
 *     start: googlenet
 *     check: out_c(3a) = out_c(3a@googlenet)
 *     says: The concat must have as many channels as GoogLeNet's 3a.
 *     epochs: 8
 *     accuracy: 90%
 *     hint: Which branch has the most weights?
 *
 * Numbers are computed as in lessons (lesson_text.h), in the network `start`, where the student begins. A check is a comparison as in
 * `inceptoscope eval`; it is evaluated in the student's network. `says`, behind a check, is said when it does not hold. With `accuracy` the
 * network is trained for `epochs` on drawn pictures (engine/train/figures.h) and must answer at least this share of the validation's. */
#ifndef INCEPTOSCOPE_EXERCISE_H
#define INCEPTOSCOPE_EXERCISE_H

#include "engine/net/rational.h"
#include "engine/net/trace.h"
#include "engine/train/figures.h"

enum { EXERCISE_CHECKS_MAX = 12, EXERCISE_HINTS_MAX = 8, EXERCISE_EPOCHS_MAX = 100, EXERCISE_SEED = 1 };

typedef struct ExerciseCheck {
    char *test, *says;          /* says: NULL if there is none */
    int line;
} ExerciseCheck;

typedef struct Exercise {
    char path[1024];
    int number;                 /* from the file's name; 0 if it has none */
    char *title, *goal, *start; /* texts with their numbers, and a name or path as net_open takes it; owned, never NULL after exercise_load */
    ExerciseCheck checks[EXERCISE_CHECKS_MAX]; int check_count; /* at least one */
    int epochs; Rational accuracy; /* epochs 0: it is not trained */
    char *hints[EXERCISE_HINTS_MAX]; int hint_count;
} Exercise;

/* A start that ends in .net is a file in the folder `nets` beside the languages' folders. False with "file:line: reason", *out untouched.
 * The caller ends with exercise_free. */
bool exercise_load(const char *path, const char *networks_dir, Exercise *out, Err *err);
void exercise_free(Exercise *e);
/* Whether check i holds in a network. False with its two sides, or with what the network lacks. */
bool exercise_holds(const Exercise *e, int i, const Trace *trace, const char *networks_dir, Err *err);
/* Its two sides with their numbers, "163,328 < 100,000"; "" if the network lacks what it is about. */
void exercise_sides(const Exercise *e, int i, const Trace *trace, const char *networks_dir, char *out, size_t size);
/* Trains as the exercise says; see figures_train for the rest. */
bool exercise_train(const Exercise *e, FiguresTask task, FiguresSeen *out, Err *err);
/* Whether a training that ended has reached the exercise's accuracy. */
bool exercise_learnt(const Exercise *e, const FiguresSeen *seen);

#endif
