/* answers.h - how far a class came in each lesson and what it answered, kept so that it can go on another day: the state file
 * "lessons", one lesson a line: name of its file, step (0 the first, -1 finished), and a character for each step. */
#ifndef INCEPTOSCOPE_ANSWERS_H
#define INCEPTOSCOPE_ANSWERS_H

#include "app/model/lesson.h"

enum { ANSWER_OPEN = '.', ANSWER_SHOWN = '+', ANSWER_FIRST_CHOICE = '1' };

typedef struct Answers {
    int step;
    char given[LESSON_STEPS_MAX + 1]; /* per step: open, shown without a choice, or the choice's digit; ends with '\0' */
} Answers;

/* The lesson at its beginning, nothing answered. */
void answers_clear(Answers *answers, int step_count);
/* What was kept about a lesson's file (in any language), fitted to its number of steps; false, and cleared, when nothing was. */
bool answers_load(const char *lesson_path, int step_count, Answers *answers);
void answers_save(const char *lesson_path, const Answers *answers);

#endif
