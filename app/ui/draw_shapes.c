/* draw_shapes.c - draws rounded corners and slanted edges from masks of coverage, which are kept as textures and tinted. */
#include "app/ui/draw_shapes.h"
#include "app/ui/draw_coverage.h"
#include "engine/base/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MASKS = 48, SKETCHES = 128 };

typedef enum MaskKind { MASK_FILL, MASK_RING, MASK_SHADOW } MaskKind;
/* A square of 2 * corner + 1 pixels: the shape with straight edges one pixel long. Drawn as nine slices. */
typedef struct Mask { MaskKind kind; float radius, width; int corner; uint64_t used; SDL_Texture *texture; } Mask;

typedef enum SketchKind { SKETCH_POLYGON, SKETCH_LINE } SketchKind;
typedef struct Sketch { uint64_t key, used; SDL_Texture *texture; SDL_Rect place; } Sketch;

struct Shapes {
    SDL_Renderer *renderer;
    Mask mask[MASKS];
    Sketch sketch[SKETCHES];
    uint64_t clock;
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
    for (int i = 0; i < SKETCHES; i++) {
        if (shapes->sketch[i].texture != NULL)
            SDL_DestroyTexture(shapes->sketch[i].texture);
        shapes->sketch[i] = (Sketch){0};
    }
}

void shapes_free(Shapes *shapes)
{
    if (shapes != NULL)
        shapes_flush(shapes);
    free(shapes);
}

static void tint(SDL_Texture *texture, Color c)
{
    SDL_SetTextureColorMod(texture, (Uint8)(c >> 24), (Uint8)(c >> 16), (Uint8)(c >> 8));
    SDL_SetTextureAlphaMod(texture, (Uint8)c);
}

/* White, with the coverage as alpha; NULL if SDL cannot make the texture. */
static SDL_Texture *mask_texture(Shapes *shapes, const unsigned char *alpha, int w, int h)
{
    uint32_t *argb = malloc((size_t)w * (size_t)h * sizeof *argb);
    SDL_Texture *texture = argb == NULL ? NULL
        : SDL_CreateTexture(shapes->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, w, h);
    if (texture != NULL) {
        for (size_t i = 0; i < (size_t)w * (size_t)h; i++)
            argb[i] = (uint32_t)alpha[i] << 24 | 0xffffff;
        SDL_UpdateTexture(texture, NULL, argb, w * 4);
        SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
    }
    free(argb);
    return texture;
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
    unsigned char *alpha = malloc((size_t)edge * (size_t)edge);
    for (int y = 0; y < edge && alpha != NULL; y++)
        for (int x = 0; x < edge; x++)
            alpha[y * edge + x] = (unsigned char)(coverage(oldest, (float)(x - oldest->corner), (float)(y - oldest->corner)) *
                                                      255 + 0.5f);
    oldest->texture = alpha != NULL ? mask_texture(shapes, alpha, edge, edge) : NULL;
    free(alpha);
    return oldest->texture != NULL ? oldest : NULL;
}

static void slice(Shapes *shapes, const Mask *mask, SDL_Rect from, SDL_Rect to)
{
    if (to.w > 0 && to.h > 0)
        SDL_RenderCopy(shapes->renderer, mask->texture, &from, &to);
}

/* The four corners, and the edges if they are not one flat colour. */
static void nine(Shapes *shapes, const Mask *mask, SDL_Rect r, Color c, bool edges)
{
    int k = mask->corner, far_x = r.x + r.w - k, far_y = r.y + r.h - k;
    tint(mask->texture, c);
    slice(shapes, mask, (SDL_Rect){0, 0, k, k}, (SDL_Rect){r.x, r.y, k, k});
    slice(shapes, mask, (SDL_Rect){k + 1, 0, k, k}, (SDL_Rect){far_x, r.y, k, k});
    slice(shapes, mask, (SDL_Rect){0, k + 1, k, k}, (SDL_Rect){r.x, far_y, k, k});
    slice(shapes, mask, (SDL_Rect){k + 1, k + 1, k, k}, (SDL_Rect){far_x, far_y, k, k});
    for (int i = 0; i < k && edges; i++) { /* line by line: stretching a slice would depend on the clip */
        const float alpha = coverage(mask, 0, (float)(i - k));
        set_color(shapes, color_alpha(c, alpha));
        fill(shapes, r.x + k, r.y + i, r.w - 2 * k, 1);
        fill(shapes, r.x + k, r.y + r.h - 1 - i, r.w - 2 * k, 1);
        fill(shapes, r.x + i, r.y + k, 1, r.h - 2 * k);
        fill(shapes, r.x + r.w - 1 - i, r.y + k, 1, r.h - 2 * k);
    }
}

/* A corner cannot be larger than half the shape, also when it is rounded up to whole pixels. */
static float fit_radius(SDL_Rect r, float radius)
{
    const float most = (float)((r.w < r.h ? r.w : r.h) / 2);
    return radius < most ? radius : most;
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
    int side = k > 0 ? k : width; /* where the vertical edges begin */
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

/* ---- polygons and lines ------------------------------------------------------------------------------------------ */

/* The same shape is drawn frame after frame: its coverage is kept as a texture. */
static Sketch *sketch_for(Shapes *shapes, SketchKind kind, const float *xy, int count, float width)
{
    int limits[4] = {0, 0, 0, 0};
    SDL_GetRendererOutputSize(shapes->renderer, &limits[2], &limits[3]);
    uint64_t key = hash_bytes(HASH_START, &kind, sizeof kind);
    key = hash_bytes(key, xy, (size_t)count * 2 * sizeof *xy);
    key = hash_bytes(key, &width, sizeof width);
    key = hash_bytes(key, limits, sizeof limits);
    Sketch *oldest = &shapes->sketch[0];
    for (int i = 0; i < SKETCHES; i++) {
        Sketch *sketch = &shapes->sketch[i];
        if (sketch->texture != NULL && sketch->key == key) {
            sketch->used = ++shapes->clock;
            return sketch;
        }
        if (sketch->used < oldest->used)
            oldest = sketch;
    }
    if (oldest->texture != NULL)
        SDL_DestroyTexture(oldest->texture);
    *oldest = (Sketch){.key = key, .used = ++shapes->clock};
    Coverage c = {0};
    bool seen = kind == SKETCH_LINE ? coverage_polyline(xy, count, width, limits, &c) : coverage_polygon(xy, count, limits, &c);
    if (!seen)
        return NULL;
    oldest->place = (SDL_Rect){c.x, c.y, c.w, c.h};
    oldest->texture = mask_texture(shapes, c.alpha, c.w, c.h);
    coverage_free(&c);
    return oldest->texture != NULL ? oldest : NULL;
}

static void draw_sketch(Shapes *shapes, const Sketch *sketch, Color c)
{
    if (sketch == NULL)
        return;
    tint(sketch->texture, c);
    SDL_RenderCopy(shapes->renderer, sketch->texture, NULL, &sketch->place);
}

void shapes_poly(Shapes *shapes, const float *xy, int count, Color c)
{
    draw_sketch(shapes, sketch_for(shapes, SKETCH_POLYGON, xy, count, 0), c);
}

void shapes_polyline(Shapes *shapes, const float *xy, int count, float width, Color c)
{
    draw_sketch(shapes, sketch_for(shapes, SKETCH_LINE, xy, count, width), c);
}
