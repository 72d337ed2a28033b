/* draw.h - replays a frame's draw list on an SDL renderer. */
#ifndef INCEPTOSCOPE_DRAW_H
#define INCEPTOSCOPE_DRAW_H

#include "app/ui/fonts.h"
#include "app/ui/mapcache.h"
#include "app/ui/ui.h"

#include <SDL.h>

typedef struct Painter Painter;

/* `fonts` is borrowed and must outlive the painter; NULL if out of memory. */
Painter *painter_new(SDL_Renderer *renderer, Fonts *fonts);
void painter_free(Painter *painter);
/* Draws on the theme's page colour; the caller presents. A renderer that keeps its pixels draws only what differs from the last frame. */
void painter_draw(Painter *painter, const Ui *ui);
/* Drops every texture, and draws the next frame whole; call when SDL reports that the renderer lost its textures or pixels. */
void painter_flush(Painter *painter);

#endif
