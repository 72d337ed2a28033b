/* mapcache.c - turns values into pixels, and caches the textures; see mapcache.h. */
#include "app/ui/mapcache.h"
#include "engine/base/hash.h"
#include "engine/io/image.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256, LEVELS = 511 };
static const size_t BYTES_KEPT = (size_t)192 << 20; /* of textures; the least recently drawn are dropped first */

typedef struct Slot { uint64_t key, used; SDL_Texture *texture; int w, h; } Slot;

struct MapCache {
    Slot slot[SLOTS];
    uint64_t clock;
    size_t bytes;
};

MapCache *mapcache_new(void)
{
    return calloc(1, sizeof(MapCache));
}

void mapcache_flush(MapCache *cache)
{
    for (int i = 0; i < SLOTS; i++) {
        if (cache->slot[i].texture != NULL)
            SDL_DestroyTexture(cache->slot[i].texture);
        cache->slot[i] = (Slot){0};
    }
    cache->bytes = 0;
}

void mapcache_free(MapCache *cache)
{
    if (cache != NULL)
        mapcache_flush(cache);
    free(cache);
}

/* ---- values to pixels -------------------------------------------------------------------------------------------- */

/* A colour map as a table: 256 levels from lo to hi, or 511 from -reach to reach for the signed one. */
typedef struct Palette { uint32_t argb[LEVELS]; int levels; bool is_signed; } Palette;

static uint32_t to_argb(Color c)
{
    return c >> 8 | c << 24;
}

static Palette palette_make(Colormap map)
{
    Palette p = {.levels = map == MAP_SIGNED ? LEVELS : 256, .is_signed = map == MAP_SIGNED};
    float half = (float)(p.levels - 1) / 2;
    for (int i = 0; i < p.levels; i++)
        p.argb[i] = to_argb(p.is_signed ? colormap_color(map, (float)i - half, -half, half)
                                        : colormap_color(map, (float)i, 0, (float)(p.levels - 1)));
    return p;
}

/* One channel's scale for colours: level = v * gain + offset, rounded, clamped. */
typedef struct Scale { float gain, offset; } Scale;

static Scale scale_make(const Palette *p, float lo, float hi)
{
    if (p->is_signed) {
        hi = fmaxf(fabsf(lo), fabsf(hi));
        lo = -hi;
    }
    float top = (float)(p->levels - 1), gain = hi > lo ? top / (hi - lo) : 0;
    return (Scale){gain, gain > 0 ? -lo * gain + 0.5f : (p->is_signed ? top / 2 + 0.5f : 0)};
}

static inline uint32_t shade(const Palette *p, Scale s, float value)
{
    float level = value * s.gain + s.offset, top = (float)(p->levels - 1);
    if (isnan(level))
        return to_argb(colormap_color(MAP_GREY, NAN, 0, 1));
    level = level > 0 ? level : 0;
    return p->argb[(int)(level < top ? level : top)];
}

/* One direction of an area average from `from` values to `to`, to <= from. Output i is the mean of the values under it; those at
 * its ends are weighted by the part that it covers. Its count[i] weights begin at weight[i * most], for the values from first[i]
 * on. */
typedef struct AverageAxis { int most, *first, *count; float *weight; } AverageAxis;

static bool axis_make(AverageAxis *axis, int from, int to)
{
    float step = (float)from / (float)to;
    int most = from / to + 2;
    *axis = (AverageAxis){most, malloc((size_t)to * sizeof(int)), malloc((size_t)to * sizeof(int)),
                   malloc((size_t)to * (size_t)most * sizeof(float))};
    if (axis->first == NULL || axis->count == NULL || axis->weight == NULL)
        return false;
    for (int i = 0; i < to; i++) {
        float begin = (float)i * step, end = i + 1 == to ? (float)from : begin + step;
        axis->first[i] = (int)begin;
        axis->count[i] = 0;
        for (int x = (int)begin; x < from && (float)x < end && axis->count[i] < most; x++)
            axis->weight[i * most + axis->count[i]++] = (fminf((float)(x + 1), end) - fmaxf((float)x, begin)) / step;
    }
    return true;
}

static void axis_free(AverageAxis *axis)
{
    free(axis->first);
    free(axis->count);
    free(axis->weight);
}

/* What all tiles of a grid share: the palette, where the pixels of each value end, and for maps larger than their tile the two
 * axes of the average and buffers for its results. */
typedef struct TileScratch {
    Palette palette;
    int shown_w, shown_h;       /* values of a tile after averaging */
    int *column_end;            /* shown_w: pixels of value x end here */
    bool averages;
    AverageAxis across, down;
    float *line, *values;       /* line (h, shown_w) after the first direction, values (shown_h, shown_w) after both */
} TileScratch;

static void scratch_free(TileScratch *scratch)
{
    free(scratch->column_end);
    free(scratch->line);
    free(scratch->values);
    axis_free(&scratch->across);
    axis_free(&scratch->down);
}

static bool scratch_make(const MapGrid *grid, int out_w, int out_h, TileScratch *scratch)
{
    int w = grid->w < out_w ? grid->w : out_w, h = grid->h < out_h ? grid->h : out_h;
    *scratch = (TileScratch){.palette = palette_make(grid->map), .shown_w = w, .shown_h = h,
                         .averages = w < grid->w || h < grid->h, .column_end = malloc((size_t)w * sizeof(int))};
    bool good = scratch->column_end != NULL;
    for (int x = 0; x < w && good; x++)
        scratch->column_end[x] = (int)(((int64_t)(x + 1) * out_w + w - 1) / w);
    if (good && scratch->averages) {
        scratch->line = malloc((size_t)grid->h * (size_t)w * sizeof(float));
        scratch->values = malloc((size_t)h * (size_t)w * sizeof(float));
        good = scratch->line != NULL && scratch->values != NULL && axis_make(&scratch->across, grid->w, w) &&
               axis_make(&scratch->down, grid->h, h);
    }
    if (!good)
        scratch_free(scratch);
    return good;
}

/* (h, w) to (shown_h, shown_w): along the rows, then down the columns. */
static void average(const float *map, int h, int w, TileScratch *scratch)
{
    const AverageAxis *across = &scratch->across, *down = &scratch->down;
    int shown_w = scratch->shown_w;
    for (int y = 0; y < h; y++)
        for (int ox = 0; ox < shown_w; ox++) {
            const float *from = map + (size_t)y * (size_t)w + across->first[ox], *weight = across->weight + ox * across->most;
            float sum = 0;
            for (int i = 0; i < across->count[ox]; i++)
                sum += weight[i] * from[i];
            scratch->line[y * shown_w + ox] = sum;
        }
    for (int oy = 0; oy < scratch->shown_h; oy++) {
        float *out = scratch->values + oy * shown_w;
        memset(out, 0, (size_t)shown_w * sizeof *out);
        for (int i = 0; i < down->count[oy]; i++) {
            const float *from = scratch->line + (down->first[oy] + i) * shown_w;
            float weight = down->weight[oy * down->most + i];
            for (int ox = 0; ox < shown_w; ox++)
                out[ox] += weight * from[ox];
        }
    }
}

static void tile_plain(const MapGrid *grid, int channel, int out_w, int out_h, uint32_t *out, size_t pitch, TileScratch *scratch)
{
    const float *map = grid->data + (size_t)channel * (size_t)grid->h * (size_t)grid->w;
    if (grid->tints != NULL)
        scratch->palette = palette_make(grid->tints[channel]);
    int range = grid->range_count > 1 ? channel : 0, w = scratch->shown_w, h = scratch->shown_h;
    Scale scale = scale_make(&scratch->palette, grid->lo[range], grid->hi[range]);
    if (scratch->averages) {
        average(map, grid->h, grid->w, scratch);
        map = scratch->values;
    }
    for (int y = 0, last = -1; y < out_h; y++) {
        int from = (int)((int64_t)y * h / out_h);
        uint32_t *row = out + (size_t)y * pitch;
        if (from == last) { /* repeats the same row of values */
            memcpy(row, row - pitch, (size_t)out_w * sizeof *row);
            continue;
        }
        last = from;
        const float *values = map + (size_t)from * (size_t)w;
        for (int x = 0, ox = 0; x < w; x++)
            for (uint32_t color = shade(&scratch->palette, scale, values[x]); ox < scratch->column_end[x]; ox++)
                row[ox] = color;
    }
}

/* Three planes as red, green, blue; each from lo to hi. */
static void tile_rgb(const MapGrid *grid, int channel, int out_w, int out_h, uint32_t *out, size_t pitch)
{
    size_t plane = (size_t)grid->h * (size_t)grid->w;
    const float *map = grid->data + (size_t)channel * 3 * plane;
    int range = grid->range_count > 1 ? channel : 0;
    float lo = grid->lo[range], span = grid->hi[range] - lo;
    for (int y = 0; y < out_h; y++)
        for (int x = 0; x < out_w; x++) {
            size_t i = (size_t)((int64_t)y * grid->h / out_h) * (size_t)grid->w + (size_t)((int64_t)x * grid->w / out_w);
            uint32_t argb = 0xff;
            for (size_t c = 0; c < 3; c++) {
                float t = span > 0 ? (map[c * plane + i] - lo) / span : 0;
                argb = argb << 8 | (uint32_t)(fminf(fmaxf(t, 0), 1) * 255 + 0.5f);
            }
            out[(size_t)y * pitch + (size_t)x] = argb;
        }
}

static void tile_pixels(const MapGrid *grid, int channel, int out_w, int out_h, uint32_t *out, size_t pitch, TileScratch *scratch)
{
    if (grid->rgb)
        tile_rgb(grid, channel, out_w, out_h, out, pitch);
    else
        tile_plain(grid, channel, out_w, out_h, out, pitch, scratch);
}

void map_tile_pixels(const MapGrid *grid, int channel, int out_w, int out_h, uint32_t *out, size_t pitch)
{
    TileScratch scratch;
    if (!scratch_make(grid, out_w, out_h, &scratch))
        return;
    tile_pixels(grid, channel, out_w, out_h, out, pitch, &scratch);
    scratch_free(&scratch);
}

/* ---- the cache --------------------------------------------------------------------------------------------------- */

/* The slot with this texture, or an empty one with texture NULL for the caller to fill. */
static Slot *slot_for(MapCache *cache, uint64_t key)
{
    Slot *oldest = &cache->slot[0];
    for (int i = 0; i < SLOTS; i++) {
        if (cache->slot[i].key == key && cache->slot[i].texture != NULL) {
            cache->slot[i].used = ++cache->clock;
            return &cache->slot[i];
        }
        if (cache->slot[i].used < oldest->used)
            oldest = &cache->slot[i];
    }
    if (oldest->texture != NULL) {
        cache->bytes -= (size_t)oldest->w * (size_t)oldest->h * 4;
        SDL_DestroyTexture(oldest->texture);
    }
    *oldest = (Slot){.key = key, .used = ++cache->clock};
    return oldest;
}

/* Makes the slot's texture from pixels, then drops old textures until the total size is within the limit. */
static void slot_fill(MapCache *cache, SDL_Renderer *renderer, Slot *slot, const uint32_t *argb, int w, int h, bool opaque)
{
    slot->texture = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, w, h);
    if (slot->texture == NULL) {
        *slot = (Slot){0};
        return;
    }
    SDL_UpdateTexture(slot->texture, NULL, argb, w * 4);
    SDL_SetTextureBlendMode(slot->texture, opaque ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
    slot->w = w;
    slot->h = h;
    cache->bytes += (size_t)w * (size_t)h * 4;
    while (cache->bytes > BYTES_KEPT) {
        Slot *oldest = slot;
        for (int i = 0; i < SLOTS; i++)
            if (cache->slot[i].texture != NULL && cache->slot[i].used < oldest->used)
                oldest = &cache->slot[i];
        if (oldest == slot)
            break;
        cache->bytes -= (size_t)oldest->w * (size_t)oldest->h * 4;
        SDL_DestroyTexture(oldest->texture);
        *oldest = (Slot){0};
    }
}

uint64_t mapcache_key(const MapGrid *grid, float scale)
{
    const int shape[] = {grid->c, grid->h, grid->w, grid->rgb, (int)grid->map, grid->columns, grid->first, grid->count};
    const float look[] = {grid->tile, grid->gap, scale};
    size_t ranges = grid->range_count > 1 ? (size_t)grid->c : 1;
    uint64_t hash = HASH_START;
    if (grid->picked != NULL)
        hash = hash_bytes(hash, grid->picked, (size_t)grid->count * sizeof *grid->picked);
    if (grid->tints != NULL)
        hash = hash_bytes(hash, grid->tints, (size_t)grid->c * sizeof *grid->tints);
    hash = hash_bytes(hash, &grid->data, sizeof grid->data);
    hash = hash_bytes(hash, &grid->version, sizeof grid->version);
    hash = hash_bytes(hash, shape, sizeof shape);
    hash = hash_bytes(hash, look, sizeof look);
    hash = hash_bytes(hash, grid->lo, ranges * sizeof *grid->lo);
    return hash_bytes(hash, grid->hi, ranges * sizeof *grid->hi);
}

static int to_pixels(float logical, float scale)
{
    return (int)lroundf(logical * scale);
}

/* The grid's pixels in its texture. */
typedef struct GridSize { int w, h, tile_w, tile_h; } GridSize;

static GridSize grid_size(const MapGrid *grid, float scale)
{
    const Rect tile = map_place_rect((Rect){0, 0, 0, 0}, grid, 0);
    GridSize s = {to_pixels(map_grid_width(grid), scale), to_pixels(map_grid_height(grid), scale), to_pixels(tile.w, scale), to_pixels(tile.h, scale)};
    s.tile_w = s.tile_w < 1 ? 1 : s.tile_w;
    s.tile_h = s.tile_h < 1 ? 1 : s.tile_h;
    s.w = s.w < s.tile_w ? s.tile_w : s.w;
    s.h = s.h < s.tile_h ? s.tile_h : s.h;
    return s;
}

/* Where the i-th tile shown is. Each has its own rounded place, so that rounding errors of the gap do not add up. */
static SDL_Rect tile_place(const MapGrid *grid, float scale, GridSize s, int i)
{
    const Rect tile = map_place_rect((Rect){0, 0, 0, 0}, grid, i);
    const int x = to_pixels(tile.x, scale), y = to_pixels(tile.y, scale);
    return (SDL_Rect){x + s.tile_w > s.w ? s.w - s.tile_w : x, y + s.tile_h > s.h ? s.h - s.tile_h : y, s.tile_w, s.tile_h};
}

static uint32_t *grid_pixels(const MapGrid *grid, float scale, GridSize s)
{
    TileScratch scratch;
    uint32_t *argb = calloc((size_t)s.w * (size_t)s.h, sizeof *argb);
    if (argb == NULL || !scratch_make(grid, s.tile_w, s.tile_h, &scratch)) {
        free(argb);
        return NULL;
    }
    for (int i = 0; i < grid->count; i++) {
        const SDL_Rect place = tile_place(grid, scale, s, i);
        tile_pixels(grid, map_shown(grid, i), place.w, place.h, argb + (size_t)place.y * (size_t)s.w + place.x, (size_t)s.w, &scratch);
    }
    scratch_free(&scratch);
    return argb;
}

/* From this size on, copying tile by tile is cheaper than blending the whole grid because of the gaps between them. */
static const int COPIED_TILE = 150; /* pixels */

void mapcache_draw_maps(MapCache *cache, SDL_Renderer *renderer, const MapGrid *grid, float scale, int x, int y)
{
    assert(grid->first >= 0 && grid->count > 0 && (grid->picked != NULL || grid->first + grid->count <= grid->c) && grid->columns > 0);
    const GridSize s = grid_size(grid, scale);
    const bool full = grid->gap <= 0 && grid->count % grid->columns == 0, copied = !full && s.tile_w * s.tile_h >= COPIED_TILE;
    Slot *slot = slot_for(cache, mapcache_key(grid, scale));
    if (slot->texture == NULL) {
        uint32_t *argb = grid_pixels(grid, scale, s);
        if (argb != NULL)
            slot_fill(cache, renderer, slot, argb, s.w, s.h, full || copied);
        free(argb);
    }
    for (int i = 0; slot->texture != NULL && copied && i < grid->count; i++) {
        const SDL_Rect from = tile_place(grid, scale, s, i);
        SDL_RenderCopy(renderer, slot->texture, &from, &(SDL_Rect){x + from.x, y + from.y, from.w, from.h});
    }
    if (slot->texture != NULL && !copied)
        SDL_RenderCopy(renderer, slot->texture, NULL, &(SDL_Rect){x, y, slot->w, slot->h});
}

/* Smooth: the triangle filter of PIL, which averages when reducing and interpolates when enlarging. */
static uint32_t *picture_pixels(const Command *picture, int w, int h)
{
    Image in = {.w = picture->rgb_w, .h = picture->rgb_h, .rgb = (unsigned char *)picture->rgb}, resized = {0};
    if (picture->smooth && !image_resize(&in, w, h, &resized, NULL))
        return NULL;
    uint32_t *argb = malloc((size_t)w * (size_t)h * sizeof *argb);
    for (int y = 0; y < h && argb != NULL; y++)
        for (int x = 0; x < w; x++) {
            const unsigned char *p = picture->smooth
                ? resized.rgb + ((size_t)y * (size_t)w + (size_t)x) * 3
                : in.rgb + ((size_t)((int64_t)y * in.h / h) * (size_t)in.w + (size_t)((int64_t)x * in.w / w)) * 3;
            argb[(size_t)y * (size_t)w + (size_t)x] = 0xff000000u | (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        }
    image_free(&resized);
    return argb;
}

void mapcache_draw_picture(MapCache *cache, SDL_Renderer *renderer, const Command *picture, SDL_Rect place)
{
    const int shape[] = {picture->rgb_w, picture->rgb_h, place.w, place.h, picture->smooth};
    if (place.w < 1 || place.h < 1 || picture->rgb == NULL)
        return;
    uint64_t hash = hash_bytes(HASH_START, &picture->rgb, sizeof picture->rgb);
    hash = hash_bytes(hash, &picture->version, sizeof picture->version);
    Slot *slot = slot_for(cache, hash_bytes(hash, shape, sizeof shape));
    if (slot->texture == NULL) {
        uint32_t *argb = picture_pixels(picture, place.w, place.h);
        if (argb != NULL)
            slot_fill(cache, renderer, slot, argb, place.w, place.h, true);
        free(argb);
    }
    if (slot->texture != NULL)
        SDL_RenderCopy(renderer, slot->texture, NULL, &place);
}
