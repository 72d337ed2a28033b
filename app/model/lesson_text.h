/* lesson_text.h - computes the numbers in a lesson's text. A computed number is written as an expression of engine/net/expr.h in
 * braces, {weights(3a)}, if needed with a number of decimals, {weights(3a)/1024:1}. A number that others printed is quoted in
 * double brackets, [[159K]]. Any other digit is an error, so that text and arithmetic cannot differ; so is a mere number in braces, {256}. Names with digits are
 * allowed: addresses that net_address accepts in the network on the stage or in the lesson's own (3a, conv1, 3a/5x5[7]), 1×1 3×3
 * 5×5 7×7, LeNet-5, VGG-16, VGG-19. A rounded number (ln, exp, sqrt) must give its decimals, {ln(5):3}, and not more than are
 * exact. */
#ifndef INCEPTOSCOPE_LESSON_TEXT_H
#define INCEPTOSCOPE_LESSON_TEXT_H

#include "app/model/prose.h"
#include "app/model/secrets.h"
#include "engine/net/expr.h"

/* The place of a text, for messages, which begin with path:line; `line` is the line of its first character. */
typedef struct LessonPlace {
    const char *path;
    int line;
} LessonPlace;

/* Hands each line of a lesson's or an exercise's file to `take`, which may change it; place->line counts them from 1. A byte order mark is
 * skipped. False and a message at a line that is too long, has a zero byte or is not UTF-8, or when `take` returns false. */
bool lesson_lines(const char *text, size_t length, LessonPlace *place, bool (*take)(void *user, char *line), void *user, Err *err);

/* Evaluates the numbers in scope's network and resolves the Markdown. Links must be addresses of `stage`, the network that the
 * window shows. secrets: gets every number that was computed, or NULL. False and a message if there is a mistake. */
bool lesson_text(const ExprScope *scope, const Net *stage, LessonPlace place, const char *source, Secrets *secrets, Prose *out, Err *err);
/* Evaluates an `expect:` line, a comparison. False and a message if it does not hold. */
bool lesson_expect(const ExprScope *scope, LessonPlace place, const char *source, Err *err);

#endif
