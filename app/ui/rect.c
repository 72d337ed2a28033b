/* rect.c - cuts, insets and intersects rectangles. */
#include "app/ui/ui.h"

#include <math.h>

Rect rect_cut_left(Rect *r, float w)
{
    w = fminf(w, r->w);
    Rect cut = {r->x, r->y, w, r->h};
    r->x += w;
    r->w -= w;
    return cut;
}

Rect rect_cut_right(Rect *r, float w)
{
    w = fminf(w, r->w);
    r->w -= w;
    return (Rect){r->x + r->w, r->y, w, r->h};
}

Rect rect_cut_top(Rect *r, float h)
{
    h = fminf(h, r->h);
    Rect cut = {r->x, r->y, r->w, h};
    r->y += h;
    r->h -= h;
    return cut;
}

Rect rect_cut_bottom(Rect *r, float h)
{
    h = fminf(h, r->h);
    r->h -= h;
    return (Rect){r->x, r->y + r->h, r->w, h};
}

Rect rect_inset(Rect r, float d)
{
    return (Rect){r.x + d, r.y + d, fmaxf(r.w - 2 * d, 0), fmaxf(r.h - 2 * d, 0)};
}

Rect rect_cell(Rect r, int rows, int columns, int y, int x)
{
    const float w = r.w / (float)columns, h = r.h / (float)rows;
    const float x0 = roundf(r.x + (float)x * w), y0 = roundf(r.y + (float)y * h);
    return (Rect){x0, y0, roundf(r.x + (float)(x + 1) * w) - x0, roundf(r.y + (float)(y + 1) * h) - y0};
}

Rect rect_intersect(Rect a, Rect b)
{
    float x0 = fmaxf(a.x, b.x), y0 = fmaxf(a.y, b.y);
    float x1 = fminf(a.x + a.w, b.x + b.w), y1 = fminf(a.y + a.h, b.y + b.h);
    if (x1 <= x0 || y1 <= y0)
        return (Rect){x0, y0, 0, 0};
    return (Rect){x0, y0, x1 - x0, y1 - y0};
}

bool rect_has(Rect r, float x, float y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}
