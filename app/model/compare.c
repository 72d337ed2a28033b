/* compare.c - the difference of two pictures' maps, and its range; see compare.h. */
#include "app/model/compare.h"
#include "app/model/range.h"

#include <math.h>

Comparison compare_maps(const Look *look, const LayerMap *first, const LayerMap *second, float *difference)
{
    Comparison out = {.least = 0};
    for (size_t i = 0; i < first->stats->count; i++) {
        difference[i] = second->data[i] - first->data[i];
        out.least = fminf(out.least, difference[i]);
        out.most = fmaxf(out.most, difference[i]);
    }
    const LayerMap *const maps[2] = {first, second};
    float colours[2], values[2] = {first->stats->min, first->stats->max};
    range_shared(look, maps, 2, colours);
    range_widen(values, second, false);
    out.range = (RangeShown){.lo = colours[0], .hi = colours[1], .true_lo = values[0], .true_hi = values[1]};
    const float largest = fmaxf(-out.least, out.most);
    out.reach = look->clip_outliers ? fminf(largest, colours[1] - colours[0]) : largest;
    out.clipped = out.reach < largest;
    return out;
}
