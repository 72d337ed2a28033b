/* lesson.h - lessons are plain text that a teacher writes in an editor. A step sets the model by the same verbs that a user has;
 * nothing in a lesson is code.
 *
 *     # a comment
 *     title: Inside an Inception module
 *     minutes: 15
 *
 *     step: Four branches
 *     at: 3a
 *     say: Each branch reads the same input.
 *       A line that begins with two spaces goes on with the one before.
 *     ask: How many channels come out?
 *     reveal: 64 + 128 + 32 + 32 = 256.
 *
 * Steps begin with `step:`. Keys of a step: at (an address), pos (y,x), view (stage, value, weights, cam), show (addresses to
 * light up, separated by commas), say, ask, reveal. Unknown keys and second ones are errors with file:line. */
#ifndef INCEPTOSCOPE_LESSON_H
#define INCEPTOSCOPE_LESSON_H

#include "engine/net/net.h"

typedef struct LessonStep {
    int line;                   /* of its `step:` */
    char *title, *at, *pos, *view, *show, *say, *ask, *reveal; /* NULL where not given */
} LessonStep;

typedef struct Lesson {
    char path[1024];
    int number;                 /* from the file's name, 03-inception-3a.lesson; 0 without one */
    char *title, *teaches, *minutes; /* title is never NULL in a loaded lesson */
    LessonStep *steps;
    int step_count;             /* at least 1 in a loaded lesson */
} Lesson;

/* False with "file:line: reason" and *out untouched. The caller frees it with lesson_free. */
bool lesson_load(const char *path, Lesson *out, Err *err);
bool lesson_parse(const char *text, size_t length, const char *path, Lesson *out, Err *err);
void lesson_free(Lesson *lesson);
/* Whether every step can be taken in this network: addresses, positions, views. */
bool lesson_fits(const Lesson *lesson, const Net *net, Err *err);

/* Paths of a folder's *.lesson files in the order of their names; the caller frees each and the list. */
int lesson_list(const char *folder, char ***paths);

#endif
