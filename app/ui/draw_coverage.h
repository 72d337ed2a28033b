/* draw_coverage.h - how much of each pixel a polygon or a line covers. No SDL, so that a test can read the numbers. */
#ifndef INCEPTOSCOPE_DRAW_COVERAGE_H
#define INCEPTOSCOPE_DRAW_COVERAGE_H

#include <stdbool.h>

/* A picture of coverage, 0..255, whose corner stands at (x, y) of the device. */
typedef struct Coverage {
    int x, y, w, h;
    unsigned char *alpha;       /* (h, w), owned */
} Coverage;

/* Points are pairs x, y in device pixels. Each makes a Coverage no larger than the shape and the limits
 * (x, y, w, h); false when nothing of the shape is inside, or memory is out. */
bool coverage_polygon(const float *xy, int count, const int limits[4], Coverage *out);  /* even-odd, need not be convex */
bool coverage_polyline(const float *xy, int count, float width, const int limits[4], Coverage *out); /* round joins */
void coverage_free(Coverage *coverage);

#endif
