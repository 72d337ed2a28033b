/* stats.h - what is known about a layer's map as a whole. Computed once per map, by the worker that made it. */
#ifndef INCEPTOSCOPE_STATS_H
#define INCEPTOSCOPE_STATS_H

#include "engine/base/tensor.h"

enum { STATS_BINS = 24, STATS_CLIP_PERCENT = 1 };

typedef struct LayerStats {
    float min, max;             /* over finite values; 0 when there is none */
    double mean;
    size_t count, zeros, nans;  /* values, those equal to 0, those that are no finite number */
    size_t bins[STATS_BINS];    /* equal bins from min to max */
    float clip_lo, clip_hi;     /* the range that holds all but the outer STATS_CLIP_PERCENT of the values that are not zero, at each end
                                   where there are such values; to the precision of fine bins, never more than that is left out */
    size_t clipped;             /* values outside of it */
    int clipped_maps;           /* channels whose own clipped range leaves values out */
} LayerStats;

/* Ranges of a layer's channels, C floats each: of all finite values, and clipped as LayerStats' are, for each channel by itself. A channel of
 * less than 100 values that are not zero has no outliers. */
typedef struct ChannelRanges {
    float *lo, *hi, *clip_lo, *clip_hi;
} ChannelRanges;

/* data (C, H, W). */
void layer_stats(const float *data, Shape shape, LayerStats *out, const ChannelRanges *channels);

#endif
