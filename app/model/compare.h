/* compare.h - compares two pictures' maps of the same layer: their shared range, and their difference. */
#ifndef INCEPTOSCOPE_COMPARE_H
#define INCEPTOSCOPE_COMPARE_H

#include "app/model/model.h"

typedef struct Comparison {
    RangeShown range;           /* of both maps together: of their colours and of their values */
    float least, most;          /* of the difference; least <= 0 <= most */
    float reach;                /* the colours span -reach .. reach. If outliers are clipped it is below the largest difference,
                                   so that a few far values do not fade the rest, and at most the width of the maps' range */
    bool clipped;               /* reach is less than the largest difference */
} Comparison;

/* Writes second minus first to difference (C, H, W), which has the maps' shape. */
Comparison compare_maps(const Look *look, const LayerMap *first, const LayerMap *second, float *difference);

#endif
