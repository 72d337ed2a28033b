/* stats.h - statistics of a layer's map: range, mean, histogram. The worker that made the map computes them once. */
#ifndef INCEPTOSCOPE_STATS_H
#define INCEPTOSCOPE_STATS_H

#include "engine/base/tensor.h"

enum { STATS_BINS = 24, STATS_CLIP_PERCENT = 1 };

typedef struct LayerStats {
    float min, max;             /* of finite values; 0 if there are none */
    double mean;
    size_t count, zeros, nans;  /* all values, those equal to 0, those that are not finite */
    size_t bins[STATS_BINS];    /* equal bins from min to max */
    float clip_lo, clip_hi;     /* the range without the outer STATS_CLIP_PERCENT of the nonzero values at each end that
                                   has such values; to the precision of fine bins, and never leaving out more than that */
    size_t clipped;             /* values outside of it */
    int clipped_maps;           /* channels that have values outside their own clipped range */
} LayerStats;

/* Ranges of a layer's channels, C floats each: of all finite values, and clipped as in LayerStats, each channel by itself. A
 * channel with less than 100 nonzero values has no outliers. */
typedef struct ChannelRanges {
    float *lo, *hi, *clip_lo, *clip_hi;
} ChannelRanges;

/* data (C, H, W). */
void layer_stats(const float *data, Shape shape, LayerStats *out, const ChannelRanges *channels);

#endif
