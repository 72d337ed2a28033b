/* exercise.h - reads an exercise: a goal for a network that a student describes, and checks that the arithmetic decides.
 *
 *     title: A lighter module
 *     goal: Write a network whose module 3a has the same input and output as GoogLeNet's, with fewer than {100*1000} weights.
 *     start: googlenet
 *     check: out_c(3a) = out_c(3a@googlenet)
 *     says: The concat must have as many channels as GoogLeNet's 3a.
 *     hint: Which branch has the most weights?
 *
 * Numbers are computed as in lessons (lesson_text.h), in the network `start`, where the student begins. A check is a comparison as in
 * `inceptoscope eval`; it is evaluated in the student's network. `says`, behind a check, is said when it does not hold. */
#ifndef INCEPTOSCOPE_EXERCISE_H
#define INCEPTOSCOPE_EXERCISE_H

#include "engine/net/trace.h"

enum { EXERCISE_CHECKS_MAX = 12, EXERCISE_HINTS_MAX = 8 };

typedef struct ExerciseCheck {
    char *test, *says;          /* says: NULL if there is none */
    int line;
} ExerciseCheck;

typedef struct Exercise {
    char path[1024];
    char *title, *goal, *start; /* texts with their numbers; owned, never NULL after exercise_load */
    ExerciseCheck checks[EXERCISE_CHECKS_MAX]; int check_count; /* at least one */
    char *hints[EXERCISE_HINTS_MAX]; int hint_count;
} Exercise;

/* False with "file:line: reason", *out untouched. The caller ends with exercise_free. */
bool exercise_load(const char *path, const char *networks_dir, Exercise *out, Err *err);
void exercise_free(Exercise *e);
/* Whether check i holds in a network. False with its two sides, or with what the network lacks. */
bool exercise_holds(const Exercise *e, int i, const Trace *trace, const char *networks_dir, Err *err);

#endif
