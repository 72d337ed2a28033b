/* lesson_text.h - the numbers in a lesson's text. What the arithmetic gives is written as an expression of engine/net/expr.h in braces, {weights(3a)},
 * with a number of decimals where it needs some, {weights(3a)/1024:1}; what others printed is quoted in double brackets,
 * [[159K]]. Any other digit is a mistake, so that text and arithmetic cannot drift apart. Excepted are names in which digits are no counts:
 * what net_address takes of the network on the stage or of the lesson's own (3a, conv1, 3a/5x5[7]), 1×1 3×3 5×5 7×7, LeNet-5, VGG-16, VGG-19.
 * A rounded number (ln, exp, sqrt) says its decimals, {ln(5):3}, and no more of them than it has. */
#ifndef INCEPTOSCOPE_LESSON_TEXT_H
#define INCEPTOSCOPE_LESSON_TEXT_H

#include "app/model/prose.h"
#include "engine/net/expr.h"

/* Where a text stands: messages begin with path:line, `line` being that of its first character. */
typedef struct LessonPlace {
    const char *path;
    int line;
} LessonPlace;

/* Puts the numbers in, which are about scope's network, and resolves the Markdown. Links must be addresses of `stage`, the network that the
 * window shows. */
bool lesson_text(const ExprScope *scope, const Net *stage, LessonPlace place, const char *source, Prose *out, Err *err);
/* An `expect:` line: a comparison that must hold. */
bool lesson_expect(const ExprScope *scope, LessonPlace place, const char *source, Err *err);

#endif
