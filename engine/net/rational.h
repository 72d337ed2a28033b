/* rational.h - exact fractions of 64-bit integers, so that a count never passes through a float. Every operation returns false if
 * the exact result does not fit. */
#ifndef INCEPTOSCOPE_RATIONAL_H
#define INCEPTOSCOPE_RATIONAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Rational {
    int64_t num, den;           /* in lowest terms, den > 0 */
} Rational;

/* num / den in lowest terms; false if den is 0 or the result does not fit. */
bool rational_make(int64_t num, int64_t den, Rational *out);
bool rational_add(Rational a, Rational b, Rational *out);
bool rational_sub(Rational a, Rational b, Rational *out);
bool rational_mul(Rational a, Rational b, Rational *out);
bool rational_div(Rational a, Rational b, Rational *out); /* false also for b = 0 */
/* -1, 0 or 1; exact for all values. */
int rational_compare(Rational a, Rational b);
/* The largest integer not above a; the nearest integer, halves rounded up. */
int64_t rational_floor(Rational a);
int64_t rational_round(Rational a);
/* As a double, for what need not be exact: functions whose result is rounded, and numbers that are written rounded. */
double rational_double(Rational a);
/* "163,328", "159.5": all digits if at most 18 decimal places, else nine significant ones. `commas`: 1,000. */
void rational_text(Rational a, bool commas, char *out, size_t size);

#endif
