/* draw.c - draws a frame's draw list with SDL, in device pixels, with one function per kind of command. */
#include "app/ui/draw.h"
#include "app/ui/draw_damage.h"
#include "app/ui/draw_shapes.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS_MAX = 4096 };

struct Painter {
    SDL_Renderer *renderer;
    Fonts *fonts;
    MapCache *maps;
    Shapes *shapes;
    bool keeps;                 /* see keeps_pixels */
    Damage damage;
    float point[POINTS_MAX * 2];
};

/* Whether the renderer keeps its pixels from frame to frame: only then can a frame draw what has changed and no more. */
static bool keeps_pixels(SDL_Renderer *renderer)
{
    SDL_RendererInfo info;
    return SDL_GetRendererInfo(renderer, &info) == 0 && (info.flags & SDL_RENDERER_SOFTWARE) != 0;
}

Painter *painter_new(SDL_Renderer *renderer, Fonts *fonts)
{
    Painter *painter = calloc(1, sizeof *painter);
    if (painter == NULL)
        return NULL;
    *painter = (Painter){.renderer = renderer, .fonts = fonts, .maps = mapcache_new(), .shapes = shapes_new(renderer), .keeps = keeps_pixels(renderer)};
    if (painter->maps == NULL || painter->shapes == NULL) {
        painter_free(painter);
        return NULL;
    }
    return painter;
}

void painter_free(Painter *painter)
{
    if (painter != NULL) {
        fonts_flush(painter->fonts);
        mapcache_free(painter->maps);
        shapes_free(painter->shapes);
        damage_free(&painter->damage);
    }
    free(painter);
}

void painter_flush(Painter *painter)
{
    fonts_flush(painter->fonts);
    mapcache_flush(painter->maps);
    shapes_flush(painter->shapes);
    damage_forget(&painter->damage);
}

static int to_pixels(float logical, float scale)
{
    return (int)lroundf(logical * scale);
}

/* Both edges are rounded, so that touching rectangles still touch. */
static SDL_Rect to_rect(Rect r, float scale)
{
    int x = to_pixels(r.x, scale), y = to_pixels(r.y, scale);
    return (SDL_Rect){x, y, to_pixels(r.x + r.w, scale) - x, to_pixels(r.y + r.h, scale) - y};
}

static int line_width(float logical, float scale)
{
    int width = to_pixels(logical, scale);
    return width < 1 ? 1 : width;
}

/* Vertical and horizontal lines are rectangles of whole pixels; other lines are antialiased. */
static void draw_line(Painter *painter, const Command *command, float scale)
{
    Rect r = command->rect;
    if (fabsf(r.w) < 0.01f || fabsf(r.h) < 0.01f) {
        int width = line_width(command->width, scale);
        SDL_Rect box = to_rect((Rect){fminf(r.x, r.x + r.w), fminf(r.y, r.y + r.h), fabsf(r.w), fabsf(r.h)}, scale);
        if (fabsf(r.w) < fabsf(r.h)) {
            box.x -= width / 2;
            box.w = width;
        } else {
            box.y -= width / 2;
            box.h = width;
        }
        shapes_fill(painter->shapes, box, 0, command->color);
        return;
    }
    const float xy[4] = {r.x * scale, r.y * scale, (r.x + r.w) * scale, (r.y + r.h) * scale};
    shapes_polyline(painter->shapes, xy, 2, command->width * scale, command->color);
}

static void draw_points(Painter *painter, const Ui *ui, const Command *command)
{
    int count = command->point_count < POINTS_MAX ? command->point_count : POINTS_MAX;
    for (int i = 0; i < count * 2; i++)
        painter->point[i] = ui->points[command->point + (size_t)i] * ui->scale;
    if (command->kind == CMD_POLY)
        shapes_poly(painter->shapes, painter->point, count, command->color);
    else
        shapes_polyline(painter->shapes, painter->point, count, command->width * ui->scale, command->color);
}

/* The text's box is vertically centred in its rectangle; the baseline is half a capital's height below the middle. */
static void draw_text(Painter *painter, const Ui *ui, const Command *command)
{
    float middle = command->rect.y + command->style.size * 0.5f, baseline = middle + command->style.size * 0.365f;
    fonts_draw(painter->fonts, painter->renderer, command->style, ui->text + command->text,
               to_pixels(command->rect.x, ui->scale), to_pixels(baseline, ui->scale));
}

/* One command, if it reaches into *clip, which a clip command replaces by its own part of `part`. */
static void draw_command(Painter *painter, const Ui *ui, const Command *command, SDL_Rect part, SDL_Rect *clip)
{
    const float scale = ui->scale;
    const SDL_Rect r = to_rect(command->rect, scale), reach = damage_reach(ui, command);
    if (command->kind != CMD_CLIP && !SDL_HasIntersection(&reach, clip))
        return;
    switch (command->kind) {
    case CMD_RECT:
        shapes_fill(painter->shapes, r, command->radius * scale, command->color);
        break;
    case CMD_FRAME:
        shapes_frame(painter->shapes, r, command->radius * scale, line_width(command->width, scale), command->color);
        break;
    case CMD_SHADOW:
        shapes_shadow(painter->shapes, r, command->radius * scale, command->width * scale, command->color);
        break;
    case CMD_LINE:
        draw_line(painter, command, scale);
        break;
    case CMD_TEXT:
        draw_text(painter, ui, command);
        break;
    case CMD_MAPS:
        mapcache_draw_maps(painter->maps, painter->renderer, &command->maps, scale, r.x, r.y);
        break;
    case CMD_PICTURE:
        mapcache_draw_picture(painter->maps, painter->renderer, command, r);
        break;
    case CMD_CLIP:
        if (!SDL_IntersectRect(&r, &part, clip))
            *clip = (SDL_Rect){part.x, part.y, 0, 0};
        SDL_RenderSetClipRect(painter->renderer, clip);
        break;
    case CMD_POLY:
    case CMD_POLYLINE:
        draw_points(painter, ui, command);
        break;
    }
}

/* A list that begins with the whole window in one colour needs no page below it, which would write every pixel once more. */
static bool covers_window(const Ui *ui)
{
    const Command *c = ui->commands;
    return ui->command_count > 0 && c->kind == CMD_RECT && c->radius <= 0 && (c->color & 0xff) == 0xff && c->rect.x <= 0 && c->rect.y <= 0 &&
           c->rect.x + c->rect.w >= ui->width && c->rect.y + c->rect.h >= ui->height;
}

void painter_draw(Painter *painter, const Ui *ui)
{
    SDL_Rect parts[DAMAGE_RECTS];
    int w = 0, h = 0;
    SDL_GetRendererOutputSize(painter->renderer, &w, &h);
    parts[0] = (SDL_Rect){0, 0, w, h};
    const int count = painter->keeps ? damage_find(&painter->damage, ui, w, h, parts) : 1;
    for (int p = 0; p < count; p++) {
        SDL_Rect clip = parts[p];
        SDL_RenderSetClipRect(painter->renderer, &clip);
        if (!covers_window(ui))
            shapes_fill(painter->shapes, parts[p], 0, ui->theme->page);
        for (size_t i = 0; i < ui->command_count; i++)
            draw_command(painter, ui, &ui->commands[i], parts[p], &clip);
    }
    SDL_RenderSetClipRect(painter->renderer, NULL);
}
