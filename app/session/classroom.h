/* classroom.h - a lesson in class: the step shown, what was answered, and the file being edited meanwhile. A step sets the model by the verbs
 * that a user has; what the lesson says is drawn by app/views/view_strip.c. */
#ifndef INCEPTOSCOPE_CLASSROOM_H
#define INCEPTOSCOPE_CLASSROOM_H

#include "app/model/model.h"
#include "app/session/answers.h"

typedef struct Classroom {
    char *lessons_dir;          /* with a folder for each language; owned */
    bool keep;                  /* answers are read and written; else they live in this run only */
    Lesson lesson;              /* step_count 0 while none is open; the rest is about it */
    Answers answers;            /* the step shown, and what was answered */
    char broken[768];           /* why the file as it is now cannot be shown, or "": what is shown is the last good version */
    int64_t modified;           /* of the file, nanoseconds; looked at once a second */
    double checked;
} Classroom;

bool classroom_init(Classroom *c, const char *lessons_dir, bool keep); /* false without memory */
void classroom_free(Classroom *c);
bool classroom_is_open(const Classroom *c);
/* Goes on where the lesson was left. What is wrong with the file is said in the status line; then the lesson that was open stays. */
void classroom_open(Classroom *c, Model *m, const char *path);
void classroom_close(Classroom *c, Model *m);
/* A step's place and lights, without an open lesson: for pictures of it. */
bool classroom_show(Model *m, const LessonStep *step, Err *err);

const LessonStep *classroom_step(const Classroom *c); /* the step shown of the lesson that is open */
char classroom_answer(const Classroom *c);      /* what was answered in it: an ANSWER_... or a choice's digit */
void classroom_next(Classroom *c, Model *m);    /* reveals, goes on, or closes the lesson after the last step */
void classroom_prev(Classroom *c, Model *m);
void classroom_choose(Classroom *c, int choice); /* answers the step's question, from 0 */

void classroom_frame(Classroom *c, Model *m);   /* before each frame: reads the file again when it has changed */
void classroom_translate(Classroom *c, Model *m); /* the language has changed */
void classroom_refit(Classroom *c, Model *m);   /* the network has changed: closes a lesson that cannot be shown with it */

#endif
