/* stats.c - range, mean and histogram of a layer's map; see stats.h. */
#include "app/model/stats.h"
#include "engine/base/thread.h"

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

/* The quantile: `share` of the counted values are below it, to the precision of FINE bins. */
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

/* Counts the values in each of FINE equal bins from min to max, and the zeros; NaN and -inf are in no bin. */
typedef struct Fine {
    size_t all[FINE], zeros[FINE];
} Fine;

static void fine_count(const float *data, size_t count, float min, float max, Fine *out)
{
    const float scale = max > min ? (float)FINE / (max - min) : 0;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        const float at = (data[i] - min) * scale;
        if (!(at >= 0))
            continue;
        const int b = at < (float)FINE ? (int)at : FINE - 1;
        out->all[b]++;
        out->zeros[b] += data[i] == 0;
    }
}

/* After ReLU most of a map is zero, and zeros say nothing about outliers. */
static void fine_clip(const Fine *fine, size_t nonzero, float min, float max, float *lo, float *hi)
{
    size_t counted[FINE];
    for (int b = 0; b < FINE; b++)
        counted[b] = fine->all[b] - fine->zeros[b];
    *lo = min < 0 ? quantile(counted, nonzero, STATS_CLIP_PERCENT / 100.0, min, max) : min;
    *hi = max > 0 ? quantile(counted, nonzero, 1 - STATS_CLIP_PERCENT / 100.0, min, max) : max;
}

void layer_stats(const float *data, Shape shape, LayerStats *out, const ChannelRanges *channels)
{
    const size_t plane = (size_t)shape.h * (size_t)shape.w, count = plane * (size_t)shape.c;
    LayerStats s = {.min = INFINITY, .max = -INFINITY, .count = count};
    double sum = 0;
    Fine fine;
    for (int c = 0; c < shape.c; c++) {
        const size_t without = s.zeros + s.nans;
        thread_yield();
        const float *map = data + (size_t)c * plane;
        float *lo = &channels->lo[c], *hi = &channels->hi[c];
        channel_range(map, plane, &s, &sum, lo, hi);
        s.min = *lo < s.min ? *lo : s.min;
        s.max = *hi > s.max ? *hi : s.max;
        channels->clip_lo[c] = *lo;
        channels->clip_hi[c] = *hi;
        const size_t nonzero = plane - (s.zeros + s.nans - without);
        if (nonzero * STATS_CLIP_PERCENT < 100)
            continue;
        fine_count(map, plane, *lo, *hi, &fine);
        fine_clip(&fine, nonzero, *lo, *hi, &channels->clip_lo[c], &channels->clip_hi[c]);
        s.clipped_maps += channels->clip_lo[c] > *lo || channels->clip_hi[c] < *hi;
    }
    s.mean = s.count > s.nans ? sum / (double)(s.count - s.nans) : 0;
    thread_yield();
    fine_count(data, count, s.min, s.max, &fine);
    thread_yield();
    for (int b = 0; b < FINE; b++)
        s.bins[b * STATS_BINS / FINE] += fine.all[b];
    fine_clip(&fine, s.count - s.nans - s.zeros, s.min, s.max, &s.clip_lo, &s.clip_hi);
    for (size_t i = 0; i < count; i++)
        s.clipped += data[i] < s.clip_lo || data[i] > s.clip_hi;
    *out = s;
}
