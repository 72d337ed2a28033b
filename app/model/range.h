/* range.h - the range of values that the colours of maps span together. */
#ifndef INCEPTOSCOPE_RANGE_H
#define INCEPTOSCOPE_RANGE_H

#include "app/model/model.h"

/* Widens pair to hold a map's values, without its outliers where `clip`. */
void range_widen(float pair[2], const LayerMap *map, bool clip);
/* The range of `count` maps that share one: of all their values, without their outliers where the look clips them; where it is locked, that. */
void range_shared(const Look *look, const LayerMap *const *maps, int count, float pair[2]);

#endif
