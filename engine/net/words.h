/* words.h - how similar a mistyped name is to a right one, for messages that suggest a name. */
#ifndef INCEPTOSCOPE_WORDS_H
#define INCEPTOSCOPE_WORDS_H

/* Number of letters to insert, delete, change or swap with a neighbour (optimal string alignment); long words count as far
 * apart. */
int word_distance(const char *a, const char *b);
/* The nearest of `count` words, or NULL if none is similar enough. */
const char *word_nearest(const char *word, const char *const *words, int count);

#endif
