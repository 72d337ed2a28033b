/* value_words.h - what the one-value view says in words, whatever the op. */
#ifndef INCEPTOSCOPE_VALUE_WORDS_H
#define INCEPTOSCOPE_VALUE_WORDS_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* An address with its colour (input) or class (scores). */
void value_name(const Model *m, Cursor c, char *out, size_t size);
/* Whether the picture was made of colours: not where the network's description brings the numbers itself. */
bool value_has_colours(const Model *m);
/* What of the picture a receptive field covers, never more than there is. */
void value_sees(const Model *m, const ReceptiveField *field, char *out, size_t size);
/* Whether the stored value has the bits of the explained one, and "-5.96e-08" where it has not. */
bool value_agrees(const Taken *taken);
char *value_difference(char out[NUM_MAX], const Taken *taken);

#endif
