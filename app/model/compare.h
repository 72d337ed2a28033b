/* compare.h - compares two pictures' maps of the same layer: their difference, the channels in which they differ most, and the range that
 * they share. */
#ifndef INCEPTOSCOPE_COMPARE_H
#define INCEPTOSCOPE_COMPARE_H

#include "app/model/model.h"

/* The difference of two maps, made again only when one of them changes. Starts from {0}; ends with compared_free. */
typedef struct Compared {
    uint64_t first, second;     /* versions of the two maps */
    uint64_t version;           /* new whenever `difference` is, never 0 */
    float *difference;          /* (C, H, W), second minus first; owned, as what follows */
    float *mean;                /* per channel, of |difference| */
    int *order;                 /* the channels, largest mean first, the lower number first of equal ones */
    float least, most;          /* of the difference; least <= 0 <= most */
} Compared;

/* Does nothing if these two maps, which have one shape, were compared last. False if out of memory; then nothing is compared. */
bool compared_make(Compared *compared, const LayerMap *first, const LayerMap *second);
void compared_free(Compared *compared);

typedef struct Comparison {
    RangeShown range;           /* of both maps together: of their colours and of their values */
    float reach;                /* the difference's colours span -reach .. reach. If outliers are clipped it is below the largest
                                   difference, so that a few far values do not fade the rest, and at most the width of the maps' range */
    bool clipped;               /* reach is less than the largest difference */
} Comparison;
/* compared: of these two maps. */
Comparison compare_ranges(const Look *look, const LayerMap *first, const LayerMap *second, const Compared *compared);

#endif
