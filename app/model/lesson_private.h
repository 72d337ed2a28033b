/* lesson_private.h - shared by the files that make a Lesson: lesson_read.c reads its lines, lesson.c gives them their meaning. */
#ifndef INCEPTOSCOPE_LESSON_PRIVATE_H
#define INCEPTOSCOPE_LESSON_PRIVATE_H

#include "app/model/lesson.h"

/* Opens the lesson's network, evaluates every number and expectation, resolves the texts, and checks that each step works on the
 * stage, see lesson_load. */
bool lesson_evaluate(Lesson *lesson, const char *networks_dir, const Net *stage, Err *err);

#endif
