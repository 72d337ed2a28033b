/* range.h - the range of values that the colours of several maps share. */
#ifndef INCEPTOSCOPE_RANGE_H
#define INCEPTOSCOPE_RANGE_H

#include "app/model/model.h"

/* Widens pair to hold a map's values, without its outliers if `clip`. */
void range_widen(float pair[2], const LayerMap *map, bool clip);
/* The range that `count` maps share: the look's locked range if it has one, else that of all values, without outliers if the look
 * clips them. */
void range_shared(const Look *look, const LayerMap *const *maps, int count, float pair[2]);

#endif
