/* rank.h - indices in the order of what they stand for. */
#ifndef INCEPTOSCOPE_RANK_H
#define INCEPTOSCOPE_RANK_H

#include <stdbool.h>

/* order receives the indices [0, count), that with the largest size first; of equal ones the lower index first. size is called once for
 * each; `of` is handed on to it. False if out of memory. */
bool rank_by_size(int *order, int count, double (*size)(const void *of, int index), const void *of);

#endif
