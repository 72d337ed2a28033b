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
/* Clears to the theme's page colour and draws everything; the caller presents. */
void painter_draw(Painter *painter, const Ui *ui);
/* Drops every texture; call when SDL reports that the renderer lost them. */
void painter_flush(Painter *painter);

#endif
