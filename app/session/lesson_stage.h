/* lesson_stage.h - the networks, pictures and looks that a lesson's steps show beside the window's own, which come back in the steps
 * that name no other, and when the lesson ends. */
#ifndef INCEPTOSCOPE_LESSON_STAGE_H
#define INCEPTOSCOPE_LESSON_STAGE_H

#include "app/model/lesson.h"
#include "app/model/model.h"
#include "app/session/opening.h"

typedef struct LessonStage {
    Opening *opening;           /* opens files; borrowed */
    char *images_dir;           /* the program's own pictures; owned */
    SharedSource *home;         /* the window's own network, held while a lesson is open; else NULL */
    char picture[1024];         /* and its picture's file; "": the network's own */
    char shown[1024];           /* the picture's file when a step was shown last; another one now is the user's */
    char network[NET_NAME_MAX]; int classes; /* the step's network that is shown now, and its lesson_classes; "": the window's own */
    char wanted[NET_NAME_MAX]; int wanted_classes; /* the network that is being opened */
    char asked[1200];           /* the file that was opened last for a step: a failure is not tried again */
    Look look;                  /* the window's own, while the step has another */
    bool looks, chooses, switches; /* the step has its own look, class, switches */
} LessonStage;

typedef enum StageState { STAGE_READY, STAGE_WAITING, STAGE_FAILED /* the status line says why */ } StageState;

bool lesson_stage_init(LessonStage *s, const char *images_dir, Opening *opening); /* false without memory */
void lesson_stage_free(LessonStage *s);
void lesson_stage_begin(LessonStage *s, const Model *m);    /* a lesson opens */
void lesson_stage_end(LessonStage *s, Model *m);            /* it closes: everything of the window's own comes back */
/* Whether a step's network and picture are shown; if not, it opens them. Call again before each frame while it is waiting. */
StageState lesson_stage_ready(LessonStage *s, Model *m, const Lesson *lesson, const LessonStep *step);
/* Its colours, class and switches; call when it is ready and the place is shown. */
void lesson_stage_look(LessonStage *s, Model *m, const LessonStep *step);
/* Call after a change of network. True if a step asked for it; else it is the user's, and the window's own from now on. */
bool lesson_stage_came(LessonStage *s, const Model *m);

#endif
