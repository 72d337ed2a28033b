/* fonts.h - renders text as textures. font_files.h finds the files; a character that a font lacks comes from the next one in the
 * list (Chinese: WenQuanYi or Noto), and what all of them lack from other_glyphs.h. Whole strings are rendered, with kerning and sub-pixel spacing, and cached. */
#ifndef INCEPTOSCOPE_FONTS_H
#define INCEPTOSCOPE_FONTS_H

#include "app/ui/ui.h"
#include "engine/base/err.h"

#include <SDL.h>

typedef struct Fonts Fonts;

/* NULL and a message if no sans-serif font is installed. */
Fonts *fonts_new(Err *err);
void fonts_free(Fonts *fonts);
/* Sets the device pixels per logical pixel. */
void fonts_scale(Fonts *fonts, float scale);
/* A MeasureFn: `fonts` is the Fonts; logical pixels. */
float fonts_measure(void *fonts, Face face, float size, const char *text, size_t bytes);
/* Draws with the left end at x and the baseline at y, device pixels. */
void fonts_draw(Fonts *fonts, SDL_Renderer *renderer, TextStyle style, const char *text, int x, int y);
/* Drops every texture; call when the renderer is lost or changes. */
void fonts_flush(Fonts *fonts);

#endif
