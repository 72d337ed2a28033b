/* hand_in.h - what was answered in the open lesson, to be handed in; see app/model/lesson_results.h. */
#ifndef INCEPTOSCOPE_HAND_IN_H
#define INCEPTOSCOPE_HAND_IN_H

#include "app/model/lesson_results.h"
#include "app/session/classroom.h"

/* The first answer to every question that can be judged. `name` is what somebody typed, or "". The caller ends with lesson_results_free, also
 * after false (no memory). */
bool hand_in_results(const Classroom *c, Lang lang, const char *name, LessonResults *out);
/* Writes inceptoscope-03-inception-3a-NAME.json, under an unused name, into the working folder; the status line tells it. False without memory. */
bool hand_in_save(Model *m, const LessonResults *results);

#endif
