/* pick.h - which channels of a map are shown where there is no room for all. */
#ifndef INCEPTOSCOPE_PICK_H
#define INCEPTOSCOPE_PICK_H

#include <stdbool.h>

/* Of the channels [first, first + count) the `want` with the largest by[channel], the largest first and equals in their order. Channels
 * of `must` (must_count of them, those outside the stretch are passed over) are always among them: they take the last places.
 * False without memory. want <= count. */
bool pick_channels(const float *by, int first, int count, const int *must, int must_count, int *out, int want);

#endif
