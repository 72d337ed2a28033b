/* secrets.h - what nobody may read on the screen while a lesson's question is open: its answer, as a number or a word. A text is
 * blanked before it is drawn, wherever it comes from, so that no view has to know about questions. */
#ifndef INCEPTOSCOPE_SECRETS_H
#define INCEPTOSCOPE_SECRETS_H

#include "engine/net/rational.h"

enum { SECRETS_MAX = 16, SECRET_WORD = 64 };

typedef struct Secrets {
    Rational numbers[SECRETS_MAX]; int number_count;
    char words[SECRETS_MAX][SECRET_WORD]; int word_count;
} Secrets;

/* False if there is no room for one more, or the word is too long. */
bool secrets_number(Secrets *s, Rational number);
bool secrets_word(Secrets *s, const char *word, size_t bytes);
bool secrets_any(const Secrets *s);

/* Replaces every secret in the text by a question mark; the text never becomes longer. A whole number is found with and without
 * thousands separators (12,288); a decimal number or one with K, Ki, M, Mi, G or Gi is found if the secret rounds to it or is cut to
 * it; a percentage also if it is a hundred times the secret. Names keep their digits, but for a channel's: conv1, 3a, 1x1 3x3 5x5 7x7. True if
 * there was one. */
bool secrets_blank(const Secrets *s, char *text);

#endif
