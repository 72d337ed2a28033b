/* array.h - arrays that grow by one element at a time, and lists of the best few. */
#ifndef INCEPTOSCOPE_ARRAY_H
#define INCEPTOSCOPE_ARRAY_H

#include <stddef.h>

/* Makes room for element `count` of an array that this function has grown from NULL, one element at a time. The new element is
 * zero. Returns the array, which may have moved; NULL if out of memory, and then `array` is unchanged. `element`: size of an
 * element in bytes.
 *
 *     Row *rows = array_grow(net->rows, net->row_count, sizeof *rows);
 *     if (rows == NULL)
 *         return false;
 *     net->rows = rows;
 *     net->rows[net->row_count++] = row; */
void *array_grow(void *array, int count, size_t element);

/* Inserts a copy of *item at `place` (0 .. count) of a list of count elements with room for `most`. If the list is full, its last
 * element is dropped. Returns the new length. */
int array_insert(void *array, int count, int most, int place, const void *item, size_t element);

#endif
