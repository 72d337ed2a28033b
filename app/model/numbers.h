/* numbers.h - writes numbers for people. All functions write into `out` and return it. */
#ifndef INCEPTOSCOPE_NUMBERS_H
#define INCEPTOSCOPE_NUMBERS_H

#include "engine/base/tensor.h"

enum { NUM_MAX = 48 };

char *num_count(char out[NUM_MAX], int64_t value);    /* 163,328 */
char *num_shape(char out[NUM_MAX], Shape shape);      /* 256×28×28; 1024 for a vector */
char *num_value(char out[NUM_MAX], double value);     /* about four digits: 708.2, 0.0214, -1.3e-05 */
char *num_signed(char out[NUM_MAX], double value);    /* the same with its sign, a true minus: +9.934, −0.0214 */
char *num_cell(char out[NUM_MAX], float value, bool sign); /* short, for a cell: 0.021, 1.53, 708.2; with `sign` +1.53 */
char *num_exact(char out[NUM_MAX], float value);      /* %.9g: reads back as the same float */
/* 0.677 -> 67.7 %. Only exactly 0 and 1 are written as 0 and 100; near them it writes <0.01 %, >99.9 %. */
char *num_percent(char out[NUM_MAX], double share);
/* The same for a softmax probability: it is 0 or 1 only by rounding, so this writes <0.01 % and >99.9 % for them too. */
char *num_probability(char out[NUM_MAX], double p);

#endif
