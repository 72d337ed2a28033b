/* array.h - arrays that grow by one element at a time, and lists of the best few. */
#ifndef INCEPTOSCOPE_ARRAY_H
#define INCEPTOSCOPE_ARRAY_H

#include <stddef.h>

/* Room for element `count` of an array that has grown by this function from NULL, one element after the other; the new element is
 * zero. Returns where the array stands now; NULL when memory is out, and then `array` is as it was. `element`: bytes of one.
 *
 *     Row *rows = array_grow(net->rows, net->row_count, sizeof *rows);
 *     if (rows == NULL)
 *         return false;
 *     net->rows = rows;
 *     net->rows[net->row_count++] = row; */
void *array_grow(void *array, int count, size_t element);

/* Puts a copy of *item at `place` (0 .. count) of a list of count elements with room for `most`; what then is too many falls off the end.
 * Returns the list's new length. */
int array_insert(void *array, int count, int most, int place, const void *item, size_t element);

#endif
