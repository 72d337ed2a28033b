/* classroom.h - runs the open lesson: the current step, its stage, the answers, and reading the file again when it is edited. A step
 * changes the model by the verbs that a user has; app/views/view_strip.c draws the lesson's text. */
#ifndef INCEPTOSCOPE_CLASSROOM_H
#define INCEPTOSCOPE_CLASSROOM_H

#include "app/model/model.h"
#include "app/session/answers.h"
#include "app/session/lesson_stage.h"

/* What is said about the last try of the current step's question. */
typedef enum Remark { REMARK_NONE, REMARK_REPLY, REMARK_WRONG, REMARK_NO_NUMBER } Remark;

typedef struct Classroom {
    char *lessons_dir;          /* has a folder for each language; owned */
    bool keep;                  /* answers are read and written; else they last only for this run */
    uint64_t seed;              /* of the order of the choices; 0: the lesson's own */
    bool bare;                  /* without its text: for pictures of the stage */
    Lesson lesson;              /* step_count is 0 if none is open; the rest is about this lesson */
    Answers answers;            /* the current step, and the answers */
    LessonStage stage;          /* what the steps show beside the window's own */
    bool due;                   /* the step's place is shown as soon as its network and picture are there */
    char typed[32];             /* a number that is being typed */
    unsigned tried;             /* a bit for every wrong choice that was taken in this step */
    Remark remark; int reply;   /* REMARK_REPLY: the choice whose reply it is */
    char judged[32]; Cursor pointed; /* what was judged last: judged again, it is revealed */
    char broken[768];           /* why the file cannot be shown in its present state, or ""; the last valid version is shown */
    int at; Cursor cursor; ViewKind view; /* the step's place, as it was shown */
    int64_t modified;           /* of the file, nanoseconds; checked once a second */
    double checked;
} Classroom;

bool classroom_init(Classroom *c, const char *lessons_dir, const char *images_dir, Opening *opening, bool keep); /* false without memory */
void classroom_free(Classroom *c);
bool classroom_is_open(const Classroom *c);
/* Opens a lesson at the step where it was left. On an error the status line tells it, and the open lesson stays. */
void classroom_open(Classroom *c, Model *m, const char *path);
void classroom_close(Classroom *c, Model *m);   /* the window's own network and picture come back */
void classroom_turn(Classroom *c, Model *m, int step, bool answered); /* to any step, its question open or answered */

const LessonStep *classroom_step(const Classroom *c); /* the current step of the open lesson */
char classroom_answer(const Classroom *c);      /* its answer: an ANSWER_... or a choice's digit */
bool classroom_asks(const Classroom *c);        /* its question is open */
const Secrets *classroom_secrets(const Classroom *c); /* what is blank now, or NULL */
bool classroom_can_judge(const Classroom *c, const Model *m); /* there is a new answer that the next step would judge */
void classroom_next(Classroom *c, Model *m);    /* judges, reveals, goes to the next step, or after the last closes the lesson */
void classroom_prev(Classroom *c, Model *m);
bool classroom_return(Classroom *c, Model *m);  /* back to the step's place; false: the user is there */
void classroom_choose(Classroom *c, int shown); /* takes a choice by its place on the screen, from 0 */
void classroom_type(Classroom *c, const char *text); /* the number as it is typed so far */
bool classroom_key(Classroom *c, Model *m, const char *key); /* a key that types a number; false: it is for something else */

/* Call before each frame: shows a step's stage once it is there, sees what a student made happen, reads the file again if it has changed. */
void classroom_frame(Classroom *c, Model *m);
bool classroom_busy(const Classroom *c);        /* a step's stage is still to come */
void classroom_translate(Classroom *c, Model *m); /* call after a change of language */
void classroom_refit(Classroom *c, Model *m);   /* call after a change of network: closes a lesson that does not fit it */

#endif
