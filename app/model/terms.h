/* terms.h - steps through the terms of one value: a product at a time, a row of the kernel, a channel, or all at once. */
#ifndef INCEPTOSCOPE_TERMS_H
#define INCEPTOSCOPE_TERMS_H

#include "engine/net/explain.h"

typedef enum TermStep { TERM_ONE, TERM_ROW, TERM_CHANNEL, TERM_ALL, TERM_STEPS } TermStep;

/* `at` terms have been added so far, 0 to e->term_count: how many after the next step, and before the last one. A row and a channel are those
 * of the input's map; the terms of each are adjacent. */
int terms_next(const Explanation *e, const Term *terms, int at, TermStep step);
int terms_prev(const Explanation *e, const Term *terms, int at, TermStep step);
/* The sum after so many terms: the start (a bias, or 0) after none. */
float terms_sum(const Explanation *e, const Term *terms, int at);

#endif
