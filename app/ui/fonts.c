/* fonts.c - opens fonts, chooses one for each character, and caches rendered strings; see fonts.h. */
#include "app/ui/fonts.h"
#include "app/ui/font_files.h"
#include "app/ui/other_glyphs.h"
#include "app/ui/utf8.h"
#include "engine/base/hash.h"

#include <SDL_ttf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_MAX = 96, WIDTHS = 8192, STRINGS = 2048, RUNS_MAX = 64 };

typedef struct OpenFont { const FontFile *file; int pixels; TTF_Font *font; } OpenFont;
typedef struct Width { uint64_t key; int pixels; } Width;
/* The texture may reach beyond the string's width by the overhang of its last glyph. It has the string's colour (0xRRGGBB): the software
 * renderer copies a texture that it need not tint in half the time. */
typedef struct String { uint64_t key, used; char *text; Face face; int pixels; Color rgb; SDL_Texture *texture; int w, h, ascent; } String;
/* A part of the string that one font can show; font NULL: other glyphs. */
typedef struct GlyphRun { TTF_Font *font; size_t start, bytes; int x; } GlyphRun;
enum { PIECE = 1024 };          /* a run is shorter, in bytes */

struct Fonts {
    FontFile file[FACE_COUNT][FALLBACKS];
    OpenFont open[OPEN_MAX];
    int open_count;
    float scale;
    uint64_t clock;
    Width widths[WIDTHS];
    String strings[STRINGS];
};

Fonts *fonts_new(Err *err)
{
    if (TTF_Init() != 0) {
        err_set(err, "fonts: %s", TTF_GetError());
        return NULL;
    }
    Fonts *fonts = calloc(1, sizeof *fonts);
    if (fonts == NULL)
        err_set(err, "fonts: not enough memory");
    if (fonts == NULL || !font_files(fonts->file, err)) {
        fonts_free(fonts);
        return NULL;
    }
    fonts->scale = 1;
    return fonts;
}

void fonts_flush(Fonts *fonts)
{
    for (int i = 0; i < STRINGS; i++) {
        if (fonts->strings[i].texture != NULL)
            SDL_DestroyTexture(fonts->strings[i].texture);
        free(fonts->strings[i].text);
        fonts->strings[i] = (String){0};
    }
}

static void close_fonts(Fonts *fonts)
{
    for (int i = 0; i < fonts->open_count; i++)
        TTF_CloseFont(fonts->open[i].font);
    fonts->open_count = 0;
}

void fonts_free(Fonts *fonts)
{
    if (fonts != NULL) {
        fonts_flush(fonts);
        close_fonts(fonts);
        for (int face = 0; face < FACE_COUNT; face++)
            for (int i = 0; i < FALLBACKS; i++)
                free(fonts->file[face][i].path);
        free(fonts);
    }
    TTF_Quit();
}

void fonts_scale(Fonts *fonts, float scale)
{
    fonts->scale = scale;
}

static int pixel_size(const Fonts *fonts, float size)
{
    int pixels = (int)lroundf(size * fonts->scale);
    return pixels < 4 ? 4 : pixels;
}

static TTF_Font *open_font(Fonts *fonts, const FontFile *file, int pixels)
{
    for (int i = 0; i < fonts->open_count; i++)
        if (fonts->open[i].file == file && fonts->open[i].pixels == pixels)
            return fonts->open[i].font;
    if (fonts->open_count == OPEN_MAX) /* after many zooms: start again */
        close_fonts(fonts);
    TTF_Font *font = TTF_OpenFontIndex(file->path, pixels, file->index);
    if (font == NULL)
        return NULL;
    TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
    TTF_SetFontStyle(font, file->embolden ? TTF_STYLE_BOLD : TTF_STYLE_NORMAL);
    fonts->open[fonts->open_count++] = (OpenFont){file, pixels, font};
    return font;
}

/* The face's first font that has the character; if none has it, NULL for other glyphs, or the first. */
static TTF_Font *font_for(Fonts *fonts, Face face, int pixels, uint32_t code)
{
    TTF_Font *first = open_font(fonts, &fonts->file[face][0], pixels);
    if (code < 0x80)
        return first;
    for (int i = 0; i < FALLBACKS; i++) {
        TTF_Font *font = open_font(fonts, &fonts->file[face][i], pixels);
        if (font != NULL && TTF_GlyphIsProvided32(font, code))
            return font;
    }
    return other_glyphs_exist() ? NULL : first;
}

/* What changes the look of the character before it: variation selectors, joiners and skin colours of emoji. */
static bool goes_with_last(uint32_t code)
{
    return code == 0x200d || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x1f3fb && code <= 0x1f3ff);
}

static void run_text(const GlyphRun *run, const char *text, char piece[PIECE])
{
    const size_t length = run->bytes < PIECE ? run->bytes : PIECE - 1;
    memcpy(piece, text + run->start, length);
    piece[length] = '\0';
}

/* Splits the text into runs and sets the place of each. Returns their number and writes the whole width in device pixels. If
 * there are more than RUNS_MAX runs, the last one goes to the end of the text. */
static int split(Fonts *fonts, Face face, int pixels, const char *text, size_t bytes, GlyphRun runs[RUNS_MAX], int *width)
{
    char piece[PIECE];
    int count = 0;
    for (size_t i = 0; i < bytes;) {
        size_t size;
        uint32_t code = utf8_code(text + i, &size);
        const bool with_last = count > 0 && runs[count - 1].font == NULL && goes_with_last(code);
        TTF_Font *font = with_last ? NULL : font_for(fonts, face, pixels, code);
        bool fits = count > 0 && runs[count - 1].bytes + size < sizeof piece;
        if (count == 0 || ((runs[count - 1].font != font || !fits) && count < RUNS_MAX))
            runs[count++] = (GlyphRun){font, i, 0, 0};
        runs[count - 1].bytes += size;
        i += size;
    }
    *width = 0;
    for (int r = 0; r < count; r++) {
        int w = 0;
        run_text(&runs[r], text, piece);
        if (runs[r].font != NULL)
            TTF_SizeUTF8(runs[r].font, piece, &w, NULL);
        else
            w = other_glyphs_width(face, pixels, piece);
        runs[r].x = *width;
        *width += w;
    }
    return count;
}

static uint64_t string_key(Face face, int pixels, const char *text, size_t bytes)
{
    const int style[] = {(int)face, pixels};
    const uint64_t hash = hash_bytes(hash_bytes(HASH_START, style, sizeof style), text, bytes);
    return hash != 0 ? hash : 1;
}

float fonts_measure(void *user, Face face, float size, const char *text, size_t bytes)
{
    Fonts *fonts = user;
    int pixels = pixel_size(fonts, size);
    uint64_t key = string_key(face, pixels, text, bytes);
    Width *slot = &fonts->widths[key % WIDTHS];
    if (slot->key != key) {
        GlyphRun runs[RUNS_MAX];
        slot->key = key;
        split(fonts, face, pixels, text, bytes, runs, &slot->pixels);
    }
    return (float)slot->pixels / fonts->scale;
}

/* All runs on one baseline, in one colour, with coverage as alpha. NULL if nothing could be drawn. */
static SDL_Surface *render(Fonts *fonts, Face face, int pixels, Color rgb, const char *text, int *ascent)
{
    const SDL_Color ink = {(Uint8)(rgb >> 16), (Uint8)(rgb >> 8), (Uint8)rgb, 255};
    GlyphRun runs[RUNS_MAX];
    SDL_Surface *pieces[RUNS_MAX] = {NULL};
    int ups[RUNS_MAX];
    int width, count = split(fonts, face, pixels, text, strlen(text), runs, &width), below = 0;
    *ascent = 0;
    for (int r = 0; r < count; r++) {
        char piece[PIECE];
        run_text(&runs[r], text, piece);
        if (runs[r].font != NULL) {
            pieces[r] = TTF_RenderUTF8_Blended(runs[r].font, piece, ink);
            ups[r] = TTF_FontAscent(runs[r].font);
        } else {
            pieces[r] = other_glyphs_render(face, pixels, rgb, piece, &ups[r]);
        }
        if (pieces[r] == NULL)
            continue;
        int up = ups[r], down = pieces[r]->h - up, right = runs[r].x + pieces[r]->w;
        *ascent = up > *ascent ? up : *ascent;
        below = down > below ? down : below;
        width = right > width ? right : width;
    }
    SDL_Surface *whole = NULL;
    if (width > 0 && *ascent + below > 0)
        whole = SDL_CreateRGBSurfaceWithFormat(0, width, *ascent + below, 32, SDL_PIXELFORMAT_ARGB8888);
    for (int r = 0; r < count; r++) {
        if (pieces[r] == NULL)
            continue;
        SDL_Rect place = {runs[r].x, *ascent - ups[r], pieces[r]->w, pieces[r]->h};
        SDL_SetSurfaceBlendMode(pieces[r], SDL_BLENDMODE_NONE);
        if (whole != NULL)
            SDL_BlitSurface(pieces[r], NULL, whole, &place);
        SDL_FreeSurface(pieces[r]);
    }
    return whole;
}

/* A key has four neighbouring slots; the least recently used one is replaced. */
static String *string_for(Fonts *fonts, SDL_Renderer *renderer, Face face, int pixels, Color rgb, const char *text)
{
    const uint64_t key = hash_bytes(string_key(face, pixels, text, strlen(text)), &rgb, sizeof rgb) | 1; /* 0 is an empty slot */
    String *oldest = NULL;
    for (uint64_t i = 0; i < 4; i++) {
        String *slot = &fonts->strings[(key + i) % STRINGS];
        if (slot->key == key && slot->face == face && slot->pixels == pixels && slot->rgb == rgb && strcmp(slot->text, text) == 0)
            return slot;
        if (oldest == NULL || slot->used < oldest->used)
            oldest = slot;
    }
    if (oldest->texture != NULL)
        SDL_DestroyTexture(oldest->texture);
    free(oldest->text);
    *oldest = (String){.key = key, .text = strdup(text), .face = face, .pixels = pixels, .rgb = rgb};
    if (oldest->text == NULL) { /* draw it when there is memory again */
        oldest->key = 0;
        return oldest;
    }
    SDL_Surface *surface = render(fonts, face, pixels, rgb, text, &oldest->ascent);
    if (surface != NULL) {
        oldest->texture = SDL_CreateTextureFromSurface(renderer, surface);
        oldest->w = surface->w;
        oldest->h = surface->h;
        SDL_FreeSurface(surface);
    }
    return oldest;
}

void fonts_draw(Fonts *fonts, SDL_Renderer *renderer, TextStyle style, const char *text, int x, int y)
{
    String *string = string_for(fonts, renderer, style.face, pixel_size(fonts, style.size), style.color >> 8, text);
    string->used = ++fonts->clock;
    if (string->texture == NULL)
        return;
    SDL_Rect place = {x, y - string->ascent, string->w, string->h};
    SDL_SetTextureBlendMode(string->texture, SDL_BLENDMODE_BLEND);
    SDL_SetTextureAlphaMod(string->texture, (Uint8)style.color);
    SDL_RenderCopy(renderer, string->texture, NULL, &place);
}
