/* other_glyphs.h - text of characters that none of the program's fonts has: names of files and classes in other scripts, emoji. A page has
 * few fonts of its own, but its browser has all of the system's (other_glyphs_web.c). On a desktop fontconfig has already chosen from the
 * system's fonts, and there are none (other_glyphs_desktop.c). */
#ifndef INCEPTOSCOPE_OTHER_GLYPHS_H
#define INCEPTOSCOPE_OTHER_GLYPHS_H

#include "app/ui/ui.h"

#include <SDL.h>

bool other_glyphs_exist(void);
/* The width in pixels of text whose letters are `pixels` high. */
int other_glyphs_width(Face face, int pixels, const char *text);
/* The text in a colour 0xRRGGBB (emoji have their own), coverage as alpha, ARGB8888; *ascent: rows above the baseline. NULL if there is
 * nothing to see, or no memory. The caller frees it. */
SDL_Surface *other_glyphs_render(Face face, int pixels, Color rgb, const char *text, int *ascent);

#endif
