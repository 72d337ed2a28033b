/* secrets.h - what nobody may read on the screen while a lesson's question is open: its answer, as a number or a word. A text is
 * blanked before it is drawn, wherever it comes from, so that no view has to know about questions. */
#ifndef INCEPTOSCOPE_SECRETS_H
#define INCEPTOSCOPE_SECRETS_H

#include "engine/net/expr_value.h"

enum { SECRETS_MAX = 32, SECRET_WORD = 64 };

typedef struct Secrets {
    Rational numbers[SECRETS_MAX]; int number_count;
    char words[SECRETS_MAX][SECRET_WORD]; int word_count;
} Secrets;

/* False if there is no room for one more, or the word is too long. */
bool secrets_number(Secrets *s, Rational number);
/* The value of an expression. If it counts weights, the same count with biases is a secret too (and the other way round): biases are
 * shown beside it. */
bool secrets_computed(Secrets *s, const ExprScope *scope, const char *expression, Rational number);
bool secrets_word(Secrets *s, const char *word, size_t bytes);
bool secrets_any(const Secrets *s);

/* Replaces every secret in the text by a question mark, with its unit; the text never becomes longer. A whole number is found with and
 * without thousands separators (12,288); a decimal number or one with K, Ki, M, Mi, G or Gi is found if the secret rounds to it or is cut
 * to it; a percentage also if it is a hundred times the secret; of a share also what is missing to 1. What says a secret is blank too:
 * sums and products of whole numbers (64 + 128 + 32, 3·3·96), the last of so many channels (224–255), the sides of a map of so many
 * values, and the brackets that round what is blank behind an equals sign. Names keep their digits, but for a channel's: conv1, 3a, 1x1
 * 3x3 5x5 7x7. True if there was one. */
bool secrets_blank(const Secrets *s, char *text);

#endif
