/* answers.h - saves how far a class came in each lesson and its answers, so that it can continue another day. The state file
 * "lessons" has one lesson per line: the name of its file, the step (0 the first, -1 finished), and two characters for each step: how the
 * question stands, and what was tried first. (Files of earlier versions have only the first list.) */
#ifndef INCEPTOSCOPE_ANSWERS_H
#define INCEPTOSCOPE_ANSWERS_H

#include "app/model/lesson.h"

enum {
    ANSWER_OPEN = '.',
    ANSWER_SHOWN = '+',         /* revealed without the right answer */
    ANSWER_EARNED = '=',        /* a right number, place or deed */
    ANSWER_OTHER = '~',         /* tried first: something else that is wrong */
    ANSWER_FIRST_CHOICE = '1'   /* a choice, by its place in the file; a slip of a typed number likewise */
};

typedef struct Answers {
    int step;
    char given[LIMIT_LESSON_STEPS + 1]; /* per step: open, shown, earned, or the right choice's digit; ends with '\0' */
    char first[LIMIT_LESSON_STEPS + 1]; /* per step: open while nothing was tried, then the first answer of all; never taken back */
} Answers;

/* Sets the first step and no answers. */
void answers_clear(Answers *answers, int step_count);
/* Loads what was saved for a lesson (in any language), fitted to its number of steps. False if nothing was saved; then *answers
 * is cleared. */
bool answers_load(const char *lesson_path, int step_count, Answers *answers);
void answers_save(const char *lesson_path, const Answers *answers);

#endif
