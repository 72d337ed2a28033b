/* lesson_judge.h - whether what a lesson's question wants is the case in the model now. */
#ifndef INCEPTOSCOPE_LESSON_JUDGE_H
#define INCEPTOSCOPE_LESSON_JUDGE_H

#include "app/model/lesson.h"
#include "app/model/model.h"

/* Whether the cursor is at one of the step's spots. A channel of a concat is also that of its branch. */
bool judge_point(const Model *m, const LessonStep *step);
/* Whether everything of the step's `make` holds. While the network computes, what depends on its answer does not. */
bool judge_make(Model *m, const LessonStep *step);

#endif
