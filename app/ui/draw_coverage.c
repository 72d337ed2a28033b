/* draw_coverage.c - antialiasing by area for polygons and by distance for lines; see draw_coverage.h. */
#include "app/ui/draw_coverage.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 5 }; /* sub-scanlines per pixel row; across, coverage is exact */

void coverage_free(Coverage *coverage)
{
    free(coverage->alpha);
    *coverage = (Coverage){0};
}

/* The bounding box, grown by `margin` and cut to the limits. */
static bool begin(const float *xy, int count, float margin, const int limits[4], Coverage *out)
{
    float x0 = xy[0], x1 = xy[0], y0 = xy[1], y1 = xy[1];
    for (int i = 1; i < count; i++) {
        x0 = fminf(x0, xy[2 * i]);
        x1 = fmaxf(x1, xy[2 * i]);
        y0 = fminf(y0, xy[2 * i + 1]);
        y1 = fmaxf(y1, xy[2 * i + 1]);
    }
    x0 = fmaxf(floorf(x0 - margin), (float)limits[0]);
    y0 = fmaxf(floorf(y0 - margin), (float)limits[1]);
    x1 = fminf(ceilf(x1 + margin), (float)(limits[0] + limits[2]));
    y1 = fminf(ceilf(y1 + margin), (float)(limits[1] + limits[3]));
    if (!(x1 > x0 && y1 > y0))
        return false;
    *out = (Coverage){(int)x0, (int)y0, (int)(x1 - x0), (int)(y1 - y0), NULL};
    out->alpha = calloc((size_t)out->w * (size_t)out->h, 1);
    return out->alpha != NULL;
}

/* Adds `weight` to a row of sums for the stretch from..to, fractions at its ends. */
static void add_span(float *row, int w, float from, float to, float weight)
{
    from = fminf(fmaxf(from, 0), (float)w);
    to = fminf(to, (float)w);
    for (int x = (int)from; x < w && (float)x < to; x++)
        row[x] += weight * (fminf((float)(x + 1), to) - fmaxf((float)x, from));
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

bool coverage_polygon(const float *xy, int count, const int limits[4], Coverage *out)
{
    if (count < 3 || !begin(xy, count, 0, limits, out))
        return false;
    float *row = malloc(((size_t)out->w + (size_t)count) * sizeof *row), *cross = row + out->w;
    for (int y = 0; y < out->h && row != NULL; y++) {
        for (int x = 0; x < out->w; x++)
            row[x] = 0;
        for (int s = 0; s < ROWS; s++) {
            float level = (float)(out->y + y) + ((float)s + 0.5f) / ROWS;
            int crossings = 0;
            for (int i = 0; i < count; i++) {
                const float *a = xy + 2 * i, *b = xy + 2 * ((i + 1) % count);
                if ((a[1] <= level) != (b[1] <= level))
                    cross[crossings++] = a[0] + (b[0] - a[0]) * (level - a[1]) / (b[1] - a[1]) - (float)out->x;
            }
            qsort(cross, (size_t)crossings, sizeof *cross, by_value);
            for (int i = 0; i + 1 < crossings; i += 2)
                add_span(row, out->w, cross[i], cross[i + 1], 1.0f / ROWS);
        }
        for (int x = 0; x < out->w; x++)
            out->alpha[y * out->w + x] = (unsigned char)(fminf(row[x], 1) * 255 + 0.5f);
    }
    if (row == NULL)
        coverage_free(out);
    free(row);
    return out->alpha != NULL;
}

static float segment_distance(const float *a, const float *b, float x, float y)
{
    float dx = b[0] - a[0], dy = b[1] - a[1], length2 = dx * dx + dy * dy;
    float t = length2 > 0 ? fminf(fmaxf(((x - a[0]) * dx + (y - a[1]) * dy) / length2, 0), 1) : 0;
    return hypotf(x - a[0] - t * dx, y - a[1] - t * dy);
}

/* A coordinate of the map; a line may begin further away than an int reaches. */
static int inside(float v, int size)
{
    return (int)fminf(fmaxf(v, 0), (float)size);
}

/* Segments are joined by taking the larger coverage, so that a translucent line is even where it bends. */
bool coverage_polyline(const float *xy, int count, float width, const int limits[4], Coverage *out)
{
    float strength = fminf(width, 1), half = fmaxf(width, 1) / 2;
    if (count < 2 || !begin(xy, count, half + 1, limits, out))
        return false;
    for (int i = 0; i + 1 < count; i++) {
        const float *a = xy + 2 * i, *b = a + 2;
        const int x0 = inside(floorf(fminf(a[0], b[0]) - half - 1) - (float)out->x, out->w);
        const int x1 = inside(ceilf(fmaxf(a[0], b[0]) + half + 1) - (float)out->x, out->w);
        const int y0 = inside(floorf(fminf(a[1], b[1]) - half - 1) - (float)out->y, out->h);
        const int y1 = inside(ceilf(fmaxf(a[1], b[1]) + half + 1) - (float)out->y, out->h);
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++) {
                float d = segment_distance(a, b, (float)(out->x + x) + 0.5f, (float)(out->y + y) + 0.5f);
                float alpha = fminf(fmaxf(half + 0.5f - d, 0), 1) * strength * 255;
                unsigned char *p = &out->alpha[y * out->w + x];
                if (alpha > (float)*p)
                    *p = (unsigned char)(alpha + 0.5f);
            }
    }
    return true;
}
