/* lesson_results.h - what somebody answered in a lesson, as a small file to hand in. It is JSON:
 *
 *     {"inceptoscope_results": 1, "lesson": "03-inception-3a", "lang": "en", "name": "Anna",
 *      "answers": [{"step": 2, "outcome": "wrong", "question": "How many weights does that take?", "given": "12,800"}]}
 *
 * There is one answer for each step whose question can be judged; steps count from 1. It is the first that was given: an outcome is right, wrong,
 * shown (revealed without an answer) or open. "name" is there only if somebody typed one; nothing else tells who it was or on which machine. */
#ifndef INCEPTOSCOPE_LESSON_RESULTS_H
#define INCEPTOSCOPE_LESSON_RESULTS_H

#include "engine/base/err.h"
#include "engine/base/limits.h"

#include <stddef.h>

typedef enum Outcome { OUTCOME_RIGHT, OUTCOME_WRONG, OUTCOME_SHOWN, OUTCOME_OPEN, OUTCOMES } Outcome;

enum { RESULT_NAME_MAX = 96, RESULT_TEXT_MAX = 400 };

typedef struct ResultAnswer {
    int step;                   /* from 1 */
    Outcome outcome;
    char question[RESULT_TEXT_MAX], given[RESULT_TEXT_MAX]; /* given is "" if nothing was entered */
} ResultAnswer;

typedef struct LessonResults {
    char lesson[128];           /* the name of its file, without .lesson */
    char lang[8];
    char name[RESULT_NAME_MAX]; /* as typed, or "" */
    ResultAnswer *answers; int count; /* in the order of the steps; owned */
} LessonResults;

/* Adds an answer; longer texts are cut at a character. False without memory. */
bool lesson_results_add(LessonResults *r, int step, Outcome outcome, const char *question, const char *given);
int lesson_results_count(const LessonResults *r, Outcome outcome);
/* The file's text; the caller frees it. NULL without memory, or if a text is not UTF-8. */
char *lesson_results_text(const LessonResults *r);
/* Reads a file that may come from anybody. False with a message that names the file and what is wrong with it, *out untouched; the caller ends
 * with lesson_results_free. */
bool lesson_results_read(const char *path, LessonResults *out, Err *err);
void lesson_results_free(LessonResults *r);

const char *outcome_name(Outcome outcome);      /* "right": as in the file */

#endif
