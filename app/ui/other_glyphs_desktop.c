/* other_glyphs_desktop.c - there are no other glyphs; see other_glyphs.h. */
#include "app/ui/other_glyphs.h"

bool other_glyphs_exist(void)
{
    return false;
}

int other_glyphs_width(Face face, int pixels, const char *text)
{
    (void)face;
    (void)pixels;
    (void)text;
    return 0;
}

SDL_Surface *other_glyphs_render(Face face, int pixels, Color rgb, const char *text, int *ascent)
{
    (void)face;
    (void)pixels;
    (void)rgb;
    (void)text;
    *ascent = 0;
    return NULL;
}
