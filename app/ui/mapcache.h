/* mapcache.h - draws feature maps and pictures as cached textures. A texture has exactly the device pixels that it covers and is
 * made once per version. */
#ifndef INCEPTOSCOPE_MAPCACHE_H
#define INCEPTOSCOPE_MAPCACHE_H

#include "app/ui/ui.h"

#include <SDL.h>

typedef struct MapCache MapCache;

/* NULL if out of memory. */
MapCache *mapcache_new(void);
void mapcache_free(MapCache *cache);
/* Drops every texture; call when the renderer is lost or changes. */
void mapcache_flush(MapCache *cache);

/* Hashes everything that changes a grid's pixels, so that any view finds an unchanged grid. */
uint64_t mapcache_key(const MapGrid *grid, float scale);
/* Draws the grid with its corner at (x, y) in device pixels: enlarged with hard pixels, or area-averaged if a map is larger than
 * its tile. */
void mapcache_draw_maps(MapCache *cache, SDL_Renderer *renderer, const MapGrid *grid, float scale, int x, int y);
/* Draws rgb (h rows of w pixels) stretched over `place`. */
void mapcache_draw_picture(MapCache *cache, SDL_Renderer *renderer, const Command *picture, SDL_Rect place);

/* The pixels of one tile, for tests: out_w x out_h ARGB, `pitch` pixels from row to row. */
void map_tile_pixels(const MapGrid *grid, int channel, int out_w, int out_h, uint32_t *out, size_t pitch);

#endif
