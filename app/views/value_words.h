/* value_words.h - texts of the one-value view that do not depend on the op. */
#ifndef INCEPTOSCOPE_VALUE_WORDS_H
#define INCEPTOSCOPE_VALUE_WORDS_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* An address with its colour (input) or class (scores). */
void value_name(const Model *m, Cursor c, char *out, size_t size);
/* Whether the picture has colours: not if the network's description gives the numbers. */
bool value_has_colours(const Model *m);
/* The part of the picture that a receptive field covers, cut at the picture's edges. */
void value_sees(const Model *m, const ReceptiveField *field, char *out, size_t size);
/* Whether the stored value has the same bits as the explained one; if not, the difference, "-5.96e-08". */
bool value_agrees(const Taken *taken);
char *value_difference(char out[NUM_MAX], const Taken *taken);

#endif
