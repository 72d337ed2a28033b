/* icon.c - draws the window's icon; see icon.h. Every shape is a distance to its edge, so that each size is sharp. Lengths are
 * those of the .svg, which is 64 units wide. */
#include "app/ui/icon.h"

#include <math.h>

static const float SIDE = 64;
static const Color GROUND = 0x1e293bff, LINES = 0x94a3b8ff, ENDS = 0xf8fafcff;

/* Distances are negative inside. */
static float rounded(float x, float y, Rect r, float radius)
{
    const float dx = fabsf(x - r.x - r.w / 2) - r.w / 2 + radius, dy = fabsf(y - r.y - r.h / 2) - r.h / 2 + radius;
    return fminf(fmaxf(dx, dy), 0) + hypotf(fmaxf(dx, 0), fmaxf(dy, 0)) - radius;
}

static float stroke(float x, float y, float x0, float y0, float x1, float y1)
{
    const float dx = x1 - x0, dy = y1 - y0;
    const float along = fminf(fmaxf(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0), 1);
    return hypotf(x - x0 - along * dx, y - y0 - along * dy) - 1.25f;
}

/* Blends a colour over the image; `pixel` is a pixel's width in units, over which an edge fades. */
static void lay(float rgb[3], Color color, float distance, float pixel)
{
    const float cover = fminf(fmaxf(0.5f - distance / pixel, 0), 1);
    for (int i = 0; i < 3; i++)
        rgb[i] += cover * ((float)(color >> (24 - 8 * i) & 255) - rgb[i]);
}

void icon_draw(uint32_t *rgba, int size, const Theme *theme)
{
    const float pixel = SIDE / (float)size;
    for (int i = 0; i < size * size; i++) {
        const float x = ((float)(i % size) + 0.5f) * pixel, y = ((float)(i / size) + 0.5f) * pixel;
        float rgb[3] = {(float)(GROUND >> 24), (float)(GROUND >> 16 & 255), (float)(GROUND >> 8 & 255)};
        for (size_t b = 0; b < sizeof theme->branch / sizeof theme->branch[0]; b++) {
            const float middle = 14 + 12 * (float)b;
            lay(rgb, LINES, fminf(stroke(x, y, 14, 32, 24, middle), stroke(x, y, 40, middle, 50, 32)), pixel);
            lay(rgb, theme->branch[b], rounded(x, y, (Rect){24, middle - 5, 16, 10}, 3), pixel);
        }
        lay(rgb, ENDS, fminf(hypotf(x - 13, y - 32), hypotf(x - 51, y - 32)) - 5, pixel);
        const float inside = fminf(fmaxf(0.5f - rounded(x, y, (Rect){0, 0, SIDE, SIDE}, 14) / pixel, 0), 1);
        rgba[i] = (uint32_t)(rgb[0] + 0.5f) | (uint32_t)(rgb[1] + 0.5f) << 8 | (uint32_t)(rgb[2] + 0.5f) << 16 |
                  (uint32_t)(inside * 255 + 0.5f) << 24;
    }
}
