/* classroom.h - runs the open lesson: the current step, the answers, and reading the file again when it is edited. A step changes
 * the model by the verbs that a user has; app/views/view_strip.c draws the lesson's text. */
#ifndef INCEPTOSCOPE_CLASSROOM_H
#define INCEPTOSCOPE_CLASSROOM_H

#include "app/model/model.h"
#include "app/session/answers.h"

typedef struct Classroom {
    char *lessons_dir;          /* has a folder for each language; owned */
    bool keep;                  /* answers are read and written; else they last only for this run */
    Lesson lesson;              /* step_count is 0 if none is open; the rest is about this lesson */
    Answers answers;            /* the current step, and the answers */
    char broken[768];           /* why the file cannot be shown in its present state, or ""; the last valid version is shown */
    int at; Cursor cursor; ViewKind view; /* the step's place, as it was shown */
    int64_t modified;           /* of the file, nanoseconds; checked once a second */
    double checked;
} Classroom;

bool classroom_init(Classroom *c, const char *lessons_dir, bool keep); /* false without memory */
void classroom_free(Classroom *c);
bool classroom_is_open(const Classroom *c);
/* Opens a lesson at the step where it was left. On an error the status line tells it, and the open lesson stays. */
void classroom_open(Classroom *c, Model *m, const char *path);
void classroom_close(Classroom *c, Model *m);
/* Goes to a step's place and lights up its parts without an open lesson, for pictures of the step. */
bool classroom_show(Model *m, const LessonStep *step, Err *err);

const LessonStep *classroom_step(const Classroom *c); /* the current step of the open lesson */
char classroom_answer(const Classroom *c);      /* its answer: an ANSWER_... or a choice's digit */
void classroom_next(Classroom *c, Model *m);    /* reveals, goes to the next step, or after the last closes the lesson */
void classroom_prev(Classroom *c, Model *m);
bool classroom_return(Classroom *c, Model *m);  /* back to the step's place; false: the user is there */
void classroom_choose(Classroom *c, int choice); /* answers the step's question; choices count from 0 */

void classroom_frame(Classroom *c, Model *m);   /* call before each frame: reads the file again if it has changed */
void classroom_translate(Classroom *c, Model *m); /* call after a change of language */
void classroom_refit(Classroom *c, Model *m);   /* call after a change of network: closes a lesson that does not fit it */

#endif
