/* draw_coverage.h - computes how much of each pixel a polygon or a line covers. No SDL, so that a test can read the numbers. */
#ifndef INCEPTOSCOPE_DRAW_COVERAGE_H
#define INCEPTOSCOPE_DRAW_COVERAGE_H

#include <stdbool.h>

/* An image of coverage, 0..255, with its corner at the device pixel (x, y). */
typedef struct Coverage {
    int x, y, w, h;
    unsigned char *alpha;       /* (h, w), owned */
} Coverage;

/* Points are pairs x, y in device pixels. Each makes a Coverage no larger than the shape and the limits (x, y, w, h); false if
 * nothing of the shape is inside, or if out of memory. */
bool coverage_polygon(const float *xy, int count, const int limits[4], Coverage *out);  /* even-odd, need not be convex */
bool coverage_polyline(const float *xy, int count, float width, const int limits[4], Coverage *out); /* round joins */
void coverage_free(Coverage *coverage);

#endif
