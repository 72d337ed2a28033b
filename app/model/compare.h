/* compare.h - two pictures' maps of the same layer: the range that both are drawn with, and their difference. */
#ifndef INCEPTOSCOPE_COMPARE_H
#define INCEPTOSCOPE_COMPARE_H

#include "app/model/model.h"

typedef struct Comparison {
    RangeShown range;           /* that the colours of both maps span, beside that of the values of both */
    float least, most;          /* of the difference; never above and below 0 */
    float reach;                /* its colours span -reach .. reach: less than the largest difference where outliers are clipped, since a
                                   few far ones must not fade all the rest; then no more than the width of the maps' range */
    bool clipped;               /* it is less */
} Comparison;

/* difference (C, H, W) of the maps' shape: second minus first. */
Comparison compare_maps(const Look *look, const LayerMap *first, const LayerMap *second, float *difference);

#endif
