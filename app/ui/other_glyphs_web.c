/* other_glyphs_web.c - the page's browser draws them, on a canvas that nobody sees; see other_glyphs.h. */
#include "app/ui/other_glyphs.h"

typedef struct Box {
    int width, up, down;        /* rows above and below the baseline */
} Box;

/* assets/web/imports.js */
bool page_exists(void);
void page_text_box(const char *text, int pixels, bool bold, bool mono, Box *out);
void page_text_draw(unsigned char *rgba, int width, int up, int down, Color rgb); /* the text of the last page_text_box */

static Box box_of(Face face, int pixels, const char *text)
{
    Box box = {0};
    page_text_box(text, pixels, face == FACE_BOLD || face == FACE_MONO_BOLD, face == FACE_MONO || face == FACE_MONO_BOLD, &box);
    return box;
}

bool other_glyphs_exist(void)
{
    return page_exists();
}

int other_glyphs_width(Face face, int pixels, const char *text)
{
    return box_of(face, pixels, text).width;
}

SDL_Surface *other_glyphs_render(Face face, int pixels, Color rgb, const char *text, int *ascent)
{
    const Box box = box_of(face, pixels, text);
    *ascent = box.up;
    if (box.width <= 0 || box.up + box.down <= 0)
        return NULL;
    SDL_Surface *drawn = SDL_CreateRGBSurfaceWithFormat(0, box.width, box.up + box.down, 32, SDL_PIXELFORMAT_ABGR8888); /* bytes R, G, B, A */
    if (drawn == NULL)
        return NULL;
    page_text_draw(drawn->pixels, box.width, box.up, box.down, rgb);
    SDL_Surface *out = SDL_ConvertSurfaceFormat(drawn, SDL_PIXELFORMAT_ARGB8888, 0);
    SDL_FreeSurface(drawn);
    return out;
}
