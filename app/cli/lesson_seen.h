/* lesson_seen.h - whether the answer to a lesson's open question can be read on its stage: the window's frames are built without a window,
 * and everything that is written in them is searched. */
#ifndef INCEPTOSCOPE_LESSON_SEEN_H
#define INCEPTOSCOPE_LESSON_SEEN_H

#include "app/cli/program.h"

/* Looks at every question of the lesson. False and a message with file:line about the first whose answer is on the stage, or whose stage
 * cannot be shown. *questions is increased. */
bool lesson_unseen(Inceptoscope *program, const char *path, int *questions, Err *err);

#endif
