/* draw_shapes.h - draws antialiased shapes on an SDL renderer, in device pixels. Only draw.c uses it. */
#ifndef INCEPTOSCOPE_DRAW_SHAPES_H
#define INCEPTOSCOPE_DRAW_SHAPES_H

#include "app/ui/ui.h"

#include <SDL.h>

typedef struct Shapes Shapes;

Shapes *shapes_new(SDL_Renderer *renderer); /* NULL if out of memory */
void shapes_free(Shapes *shapes);
void shapes_flush(Shapes *shapes);

void shapes_fill(Shapes *shapes, SDL_Rect r, float radius, Color c);
void shapes_frame(Shapes *shapes, SDL_Rect r, float radius, int width, Color c);    /* inside r */
void shapes_shadow(Shapes *shapes, SDL_Rect r, float radius, float reach, Color c); /* around r only */
/* Points are pairs x, y. */
void shapes_poly(Shapes *shapes, const float *xy, int count, Color c);              /* even-odd */
void shapes_polyline(Shapes *shapes, const float *xy, int count, float width, Color c);

#endif
