/* draw_shapes.c - rounded corners from precomputed coverage masks, slanted edges from triangles with a fading fringe. */
#include "app/ui/draw_shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MASKS = 48, VERTICES = 4096 };

typedef enum MaskKind { MASK_FILL, MASK_RING, MASK_SHADOW } MaskKind;
/* A square of 2 * corner + 1 pixels: the shape with straight edges one pixel long. Drawn as nine slices. */
typedef struct Mask { MaskKind kind; float radius, width; int corner; uint64_t used; SDL_Texture *texture; } Mask;

struct Shapes {
    SDL_Renderer *renderer;
    Mask mask[MASKS];
    uint64_t clock;
    SDL_Vertex vertex[VERTICES];
    int vertex_count;
};

Shapes *shapes_new(SDL_Renderer *renderer)
{
    Shapes *shapes = calloc(1, sizeof *shapes);
    if (shapes != NULL)
        shapes->renderer = renderer;
    return shapes;
}

void shapes_flush(Shapes *shapes)
{
    for (int i = 0; i < MASKS; i++) {
        if (shapes->mask[i].texture != NULL)
            SDL_DestroyTexture(shapes->mask[i].texture);
        shapes->mask[i] = (Mask){0};
    }
}

void shapes_free(Shapes *shapes)
{
    if (shapes != NULL)
        shapes_flush(shapes);
    free(shapes);
}

static SDL_Color to_sdl(Color c)
{
    return (SDL_Color){(Uint8)(c >> 24), (Uint8)(c >> 16), (Uint8)(c >> 8), (Uint8)c};
}

static void set_color(Shapes *shapes, Color c)
{
    SDL_SetRenderDrawBlendMode(shapes->renderer, (c & 0xff) == 0xff ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
    SDL_SetRenderDrawColor(shapes->renderer, (Uint8)(c >> 24), (Uint8)(c >> 16), (Uint8)(c >> 8), (Uint8)c);
}

static void fill(Shapes *shapes, int x, int y, int w, int h)
{
    if (w > 0 && h > 0)
        SDL_RenderFillRect(shapes->renderer, &(SDL_Rect){x, y, w, h});
}

/* ---- masks ------------------------------------------------------------------------------------------------------- */

/* Distance from a point to the edge of a rounded square centred at 0; negative inside. */
static float rounded_distance(float x, float y, float half, float radius)
{
    float qx = fabsf(x) - half + radius, qy = fabsf(y) - half + radius;
    float outside = hypotf(fmaxf(qx, 0), fmaxf(qy, 0));
    return outside + fminf(fmaxf(qx, qy), 0) - radius;
}

static float coverage(const Mask *mask, float x, float y)
{
    float half = (float)mask->corner + 0.5f;
    if (mask->kind == MASK_SHADOW) { /* falls off smoothly from the shape's edge to `width` outside of it */
        float d = rounded_distance(x, y, half - mask->width, mask->radius);
        float t = fminf(fmaxf(1 - d / mask->width, 0), 1);
        return t * t;
    }
    float d = rounded_distance(x, y, half, mask->radius);
    float outer = fminf(fmaxf(0.5f - d, 0), 1);
    return mask->kind == MASK_FILL ? outer : outer - fminf(fmaxf(0.5f - (d + mask->width), 0), 1);
}

static Mask *mask_for(Shapes *shapes, MaskKind kind, float radius, float width)
{
    Mask *oldest = &shapes->mask[0];
    for (int i = 0; i < MASKS; i++) {
        Mask *mask = &shapes->mask[i];
        if (mask->texture != NULL && mask->kind == kind && fabsf(mask->radius - radius) < 0.01f &&
            fabsf(mask->width - width) < 0.01f) {
            mask->used = ++shapes->clock;
            return mask;
        }
        if (mask->used < oldest->used)
            oldest = mask;
    }
    if (oldest->texture != NULL)
        SDL_DestroyTexture(oldest->texture);
    float reach = kind == MASK_SHADOW ? radius + width : kind == MASK_RING ? fmaxf(radius, width) : radius;
    *oldest = (Mask){kind, radius, width, (int)ceilf(reach), ++shapes->clock, NULL};
    int edge = 2 * oldest->corner + 1;
    uint32_t *argb = malloc((size_t)edge * (size_t)edge * sizeof *argb);
    if (argb == NULL)
        return NULL;
    for (int y = 0; y < edge; y++)
        for (int x = 0; x < edge; x++) {
            float a = coverage(oldest, (float)(x - oldest->corner), (float)(y - oldest->corner));
            argb[y * edge + x] = (uint32_t)(a * 255 + 0.5f) << 24 | 0xffffff;
        }
    oldest->texture = SDL_CreateTexture(shapes->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, edge, edge);
    if (oldest->texture != NULL) {
        SDL_UpdateTexture(oldest->texture, NULL, argb, edge * 4);
        SDL_SetTextureBlendMode(oldest->texture, SDL_BLENDMODE_BLEND);
    }
    free(argb);
    return oldest->texture != NULL ? oldest : NULL;
}

static void slice(Shapes *shapes, const Mask *mask, SDL_Rect from, SDL_Rect to)
{
    if (to.w > 0 && to.h > 0)
        SDL_RenderCopy(shapes->renderer, mask->texture, &from, &to);
}

/* The four corners, and the edges when they are not flat colour. */
static void nine(Shapes *shapes, const Mask *mask, SDL_Rect r, Color c, bool edges)
{
    int k = mask->corner, far_x = r.x + r.w - k, far_y = r.y + r.h - k;
    SDL_SetTextureColorMod(mask->texture, (Uint8)(c >> 24), (Uint8)(c >> 16), (Uint8)(c >> 8));
    SDL_SetTextureAlphaMod(mask->texture, (Uint8)c);
    slice(shapes, mask, (SDL_Rect){0, 0, k, k}, (SDL_Rect){r.x, r.y, k, k});
    slice(shapes, mask, (SDL_Rect){k + 1, 0, k, k}, (SDL_Rect){far_x, r.y, k, k});
    slice(shapes, mask, (SDL_Rect){0, k + 1, k, k}, (SDL_Rect){r.x, far_y, k, k});
    slice(shapes, mask, (SDL_Rect){k + 1, k + 1, k, k}, (SDL_Rect){far_x, far_y, k, k});
    if (edges) {
        slice(shapes, mask, (SDL_Rect){k, 0, 1, k}, (SDL_Rect){r.x + k, r.y, r.w - 2 * k, k});
        slice(shapes, mask, (SDL_Rect){k, k + 1, 1, k}, (SDL_Rect){r.x + k, far_y, r.w - 2 * k, k});
        slice(shapes, mask, (SDL_Rect){0, k, k, 1}, (SDL_Rect){r.x, r.y + k, k, r.h - 2 * k});
        slice(shapes, mask, (SDL_Rect){k + 1, k, k, 1}, (SDL_Rect){far_x, r.y + k, k, r.h - 2 * k});
    }
}

/* A corner cannot be larger than half the shape. */
static float fit_radius(SDL_Rect r, float radius)
{
    float most = (float)(r.w < r.h ? r.w : r.h) / 2;
    return radius < most ? radius : floorf(most);
}

void shapes_fill(Shapes *shapes, SDL_Rect r, float radius, Color c)
{
    Mask *mask = NULL;
    radius = fit_radius(r, radius);
    if (radius >= 1)
        mask = mask_for(shapes, MASK_FILL, radius, 0);
    int k = mask != NULL ? mask->corner : 0;
    if (2 * k > r.w || 2 * k > r.h)
        k = 0;
    set_color(shapes, c);
    fill(shapes, r.x, r.y + k, r.w, r.h - 2 * k);
    fill(shapes, r.x + k, r.y, r.w - 2 * k, k);
    fill(shapes, r.x + k, r.y + r.h - k, r.w - 2 * k, k);
    if (k > 0)
        nine(shapes, mask, r, c, false);
}

void shapes_frame(Shapes *shapes, SDL_Rect r, float radius, int width, Color c)
{
    Mask *mask = NULL;
    radius = fit_radius(r, radius);
    if (radius >= 1)
        mask = mask_for(shapes, MASK_RING, radius, (float)width);
    int k = mask != NULL ? mask->corner : 0;
    if (2 * k > r.w || 2 * k > r.h)
        k = 0;
    int side = k > 0 ? k : width; /* where the upright edges begin */
    set_color(shapes, c);
    fill(shapes, r.x + k, r.y, r.w - 2 * k, width);
    fill(shapes, r.x + k, r.y + r.h - width, r.w - 2 * k, width);
    fill(shapes, r.x, r.y + side, width, r.h - 2 * side);
    fill(shapes, r.x + r.w - width, r.y + side, width, r.h - 2 * side);
    if (k > 0)
        nine(shapes, mask, r, c, false);
}

void shapes_shadow(Shapes *shapes, SDL_Rect r, float radius, float reach, Color c)
{
    if (reach < 1)
        return;
    Mask *mask = mask_for(shapes, MASK_SHADOW, radius, reach);
    int out = (int)ceilf(reach);
    SDL_Rect around = {r.x - out, r.y - out, r.w + 2 * out, r.h + 2 * out};
    if (mask != NULL && around.w > 2 * mask->corner && around.h > 2 * mask->corner)
        nine(shapes, mask, around, c, true);
}

/* ---- triangles --------------------------------------------------------------------------------------------------- */

static void flush(Shapes *shapes)
{
    if (shapes->vertex_count > 0) {
        SDL_SetRenderDrawBlendMode(shapes->renderer, SDL_BLENDMODE_BLEND);
        SDL_RenderGeometry(shapes->renderer, NULL, shapes->vertex, shapes->vertex_count, NULL, 0);
    }
    shapes->vertex_count = 0;
}

static void corner(Shapes *shapes, float x, float y, Color c)
{
    shapes->vertex[shapes->vertex_count++] = (SDL_Vertex){{x, y}, to_sdl(c), {0, 0}};
}

/* a, b, c, d around; colours at a b and at c d. */
static void quad(Shapes *shapes, const float a[2], const float b[2], Color ab, const float c[2], const float d[2], Color cd)
{
    if (shapes->vertex_count + 6 > VERTICES)
        flush(shapes);
    corner(shapes, a[0], a[1], ab);
    corner(shapes, b[0], b[1], ab);
    corner(shapes, c[0], c[1], cd);
    corner(shapes, a[0], a[1], ab);
    corner(shapes, c[0], c[1], cd);
    corner(shapes, d[0], d[1], cd);
}

/* The edge from a to b fades to nothing over one pixel in the direction n. */
static void fringe(Shapes *shapes, const float a[2], const float b[2], const float n[2], Color c)
{
    const float far_b[2] = {b[0] + n[0], b[1] + n[1]}, far_a[2] = {a[0] + n[0], a[1] + n[1]};
    quad(shapes, a, b, c, far_b, far_a, c & 0xffffff00u);
}

static bool unit_normal(const float a[2], const float b[2], float n[2])
{
    float dx = b[0] - a[0], dy = b[1] - a[1], length = hypotf(dx, dy);
    if (length < 1e-4f)
        return false;
    n[0] = -dy / length;
    n[1] = dx / length;
    return true;
}

void shapes_poly(Shapes *shapes, const float *xy, int count, Color c)
{
    float twice_area = 0, n[2];
    for (int i = 0; i < count; i++) {
        const float *a = xy + 2 * i, *b = xy + 2 * ((i + 1) % count);
        twice_area += a[0] * b[1] - b[0] * a[1];
    }
    for (int i = 1; i + 1 < count; i++) {
        if (shapes->vertex_count + 3 > VERTICES)
            flush(shapes);
        corner(shapes, xy[0], xy[1], c);
        corner(shapes, xy[2 * i], xy[2 * i + 1], c);
        corner(shapes, xy[2 * i + 2], xy[2 * i + 3], c);
    }
    for (int i = 0; i < count; i++) {
        const float *a = xy + 2 * i, *b = xy + 2 * ((i + 1) % count);
        if (!unit_normal(a, b, n))
            continue;
        float outward = twice_area > 0 ? -1 : 1;
        fringe(shapes, a, b, (const float[2]){n[0] * outward, n[1] * outward}, c);
    }
    flush(shapes);
}

/* A line's core is its width less one pixel; a fringe of one pixel stands on each side. */
void shapes_polyline(Shapes *shapes, const float *xy, int count, float width, Color c)
{
    float half = fmaxf(width - 1, 0) / 2, n[2];
    if (width < 1)
        c = color_alpha(c, width);
    for (int i = 0; i + 1 < count; i++) {
        const float *a = xy + 2 * i, *b = a + 2;
        if (!unit_normal(a, b, n))
            continue;
        const float left_a[2] = {a[0] + n[0] * half, a[1] + n[1] * half}, left_b[2] = {b[0] + n[0] * half, b[1] + n[1] * half};
        const float right_a[2] = {a[0] - n[0] * half, a[1] - n[1] * half}, right_b[2] = {b[0] - n[0] * half, b[1] - n[1] * half};
        if (half > 0)
            quad(shapes, left_a, left_b, c, right_b, right_a, c);
        fringe(shapes, left_a, left_b, n, c);
        fringe(shapes, right_a, right_b, (const float[2]){-n[0], -n[1]}, c);
    }
    flush(shapes);
}

void shapes_ribbon(Shapes *shapes, const float *xy, int count, Color c)
{
    float n[2];
    for (int i = 0; i + 3 < count; i += 2) {
        const float *upper = xy + 2 * i, *lower = upper + 2, *next_upper = upper + 4, *next_lower = upper + 6;
        quad(shapes, upper, next_upper, c, next_lower, lower, c);
        if (unit_normal(upper, next_upper, n))
            fringe(shapes, upper, next_upper, (const float[2]){-n[0], -n[1]}, c);
        if (unit_normal(lower, next_lower, n))
            fringe(shapes, lower, next_lower, n, c);
    }
    flush(shapes);
}
