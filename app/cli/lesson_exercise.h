/* lesson_exercise.h - exercises on the command line: their goal, their hints, and whether a student's network reaches the goal. */
#ifndef INCEPTOSCOPE_LESSON_EXERCISE_H
#define INCEPTOSCOPE_LESSON_EXERCISE_H

#include "app/model/strings.h"

#include <stdbool.h>

typedef struct Exercises {
    const char *lessons, *networks; /* folders */
    Lang lang;
    int hints;                  /* so many are shown */
} Exercises;

/* name NULL: lists the exercises. network NULL: prints the goal. Else judges the network (a name, or a .net file): a line for each check.
 * False if a check does not hold, or after a message. */
bool lesson_exercise(const Exercises *x, const char *name, const char *network);
/* Whether every exercise can be read, has all languages with the same checks, and is not solved before it begins. Counts them. */
bool lesson_exercises_hold(const Exercises *x, int *count);

#endif
