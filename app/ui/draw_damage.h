/* draw_damage.h - what has changed since the last frame: a renderer that keeps its pixels (the software renderer does) only draws that again.
 *
 * The window is divided into cells. Each cell's hash is that of all commands that reach into it, with everything that changes their pixels; a
 * cell with another hash than in the last frame is drawn again. ("Cached software rendering" by rxi works so.) */
#ifndef INCEPTOSCOPE_DRAW_DAMAGE_H
#define INCEPTOSCOPE_DRAW_DAMAGE_H

#include "app/ui/ui.h"

#include <SDL.h>

enum { DAMAGE_RECTS = 24 };

typedef struct Damage {
    uint64_t *now, *before;     /* a hash per cell; owned */
    int columns, rows, w, h;    /* of the window, in cells and in pixels */
    bool known;                 /* `before` is what the renderer shows */
} Damage;

/* The rectangles to draw again, in pixels, apart from each other; 0: nothing has changed. The whole window if the last frame is not known or
 * memory is out. w, h of the window in pixels. */
int damage_find(Damage *damage, const Ui *ui, int w, int h, SDL_Rect out[DAMAGE_RECTS]);
/* The pixels that this command may change, before its clip. */
SDL_Rect damage_reach(const Ui *ui, const Command *command);
void damage_forget(Damage *damage);     /* the renderer's pixels are lost: the next frame is drawn whole */
void damage_free(Damage *damage);

#endif
