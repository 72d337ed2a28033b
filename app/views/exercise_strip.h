/* exercise_strip.h - the dark strip under the stage with an exercise: the goal, each check with its verdict, the training, hints. It has the
 * place of a lesson's strip. */
#ifndef INCEPTOSCOPE_EXERCISE_STRIP_H
#define INCEPTOSCOPE_EXERCISE_STRIP_H

#include "app/views/view_state.h"

float exercise_strip_height(Ui *ui, const Session *session, float width);
void exercise_strip(Ui *ui, Session *session, ViewState *v, Rect area);

#endif
