/* maxima.h - the largest value of a map, and where it is. */
#ifndef INCEPTOSCOPE_TRAIN_MAXIMA_H
#define INCEPTOSCOPE_TRAIN_MAXIMA_H

/* Index of the largest of count values (at least 1), the first one if several are equal; *value that value. NaN is passed over; if all are
 * NaN, the index is 0 and the value minus infinity. */
int maxima_first(const float *values, int count, float *value);

#endif
