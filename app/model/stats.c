/* stats.c - see stats.h. */
#include "app/model/stats.h"

#include <math.h>
#include <string.h>

static void channel_range(const float *data, size_t count, LayerStats *s, double *sum, float *lo, float *hi)
{
    float min = INFINITY, max = -INFINITY;
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        const float v = data[i];
        if (!isfinite(v)) {
            s->nans++;
            continue;
        }
        min = v < min ? v : min;
        max = v > max ? v : max;
        s->zeros += v == 0;
        total += (double)v;
    }
    *sum += total;
    *lo = min <= max ? min : 0;
    *hi = min <= max ? max : 0;
}

/* The value below which `share` of the counted values lie, to the precision of FINE bins. */
enum { FINE = 512 };
static float quantile(const size_t fine[FINE], size_t total, double share, float lo, float hi)
{
    size_t sum = 0;
    for (int b = 0; b < FINE; b++) {
        sum += fine[b];
        if ((double)sum >= share * (double)total)
            return lo + (hi - lo) * ((float)b + (share > 0.5 ? 1.0f : 0.0f)) / FINE;
    }
    return hi;
}

void layer_stats(const float *data, Shape shape, LayerStats *out, float *lo, float *hi)
{
    const size_t plane = (size_t)shape.h * (size_t)shape.w, count = plane * (size_t)shape.c;
    LayerStats s = {.min = INFINITY, .max = -INFINITY, .count = count};
    double sum = 0;
    for (int c = 0; c < shape.c; c++) {
        channel_range(data + (size_t)c * plane, plane, &s, &sum, &lo[c], &hi[c]);
        s.min = lo[c] < s.min ? lo[c] : s.min;
        s.max = hi[c] > s.max ? hi[c] : s.max;
    }
    s.mean = s.count > s.nans ? sum / (double)(s.count - s.nans) : 0;

    const float scale = s.max > s.min ? (float)FINE / (s.max - s.min) : 0;
    size_t fine[FINE] = {0}, zeros[FINE] = {0};
    for (size_t i = 0; i < count; i++) {
        const float at = (data[i] - s.min) * scale;
        if (!(at >= 0))
            continue; /* NaN, -inf */
        const int b = at < (float)FINE ? (int)at : FINE - 1;
        fine[b]++;
        zeros[b] += data[i] == 0;
    }
    for (int b = 0; b < FINE; b++)
        s.bins[b * STATS_BINS / FINE] += fine[b];
    /* Zeros are most of a map after ReLU and say nothing about outliers. */
    for (int b = 0; b < FINE; b++)
        fine[b] -= zeros[b];
    const size_t nonzero = s.count - s.nans - s.zeros;
    s.clip_lo = s.min < 0 ? quantile(fine, nonzero, STATS_CLIP_PERCENT / 100.0, s.min, s.max) : s.min;
    s.clip_hi = s.max > 0 ? quantile(fine, nonzero, 1 - STATS_CLIP_PERCENT / 100.0, s.min, s.max) : s.max;
    for (size_t i = 0; i < count; i++)
        s.clipped += data[i] < s.clip_lo || data[i] > s.clip_hi;
    *out = s;
}
