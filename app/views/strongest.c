/* strongest.c - draws the channels with the largest values; see strongest.h. */
#include "app/views/strongest.h"

#include <math.h>
#include <stdio.h>

enum { SHOWN = 24, ENOUGH = 4 };
static const float HEADING = 24, CAPTION = 18, GAP = 10, LEAST_TILE = 48;

typedef struct Arrangement {
    int columns, rows;
    float tile_w, tile_h;
} Arrangement;

/* Rates an arrangement: the area of its tiles, reduced if there are too few to compare. */
static float worth(Arrangement a)
{
    const int n = a.columns * a.rows;
    return (float)n * a.tile_w * a.tile_h * (float)(n < ENOUGH ? n : ENOUGH) / ENOUGH;
}

/* The best arrangement in w x h with tiles of at least `least`; no columns if none fits. */
static Arrangement arrange(const Ui *ui, Shape shape, float w, float h, int count, float least)
{
    Arrangement best = {0};
    const float longer = (float)(shape.h > shape.w ? shape.h : shape.w);
    for (int rows = 1; rows <= 4; rows++)
        for (int columns = 1; columns <= 8 && rows * columns <= count; columns++) {
            const float across = (w + GAP) / (float)columns - GAP, down = (h + GAP) / (float)rows - CAPTION - GAP;
            const float room = fminf(across * longer / (float)shape.w, down * longer / (float)shape.h);
            if (room < least)
                continue;
            const float tile = map_tile_sharp(ui, shape.h, shape.w, room);
            const Arrangement a = {columns, rows, tile * (float)shape.w / longer, tile * (float)shape.h / longer};
            if (tile >= least && worth(a) > worth(best))
                best = a;
        }
    return best;
}

float strongest_least(float tile)
{
    return HEADING + CAPTION + fmaxf(2 * tile, LEAST_TILE);
}

/* The channels that are shown, each with its number; returns how many there are. */
static int channels_of(const Strongest *s, Guess out[SHOWN])
{
    int found = s->part_count < SHOWN ? s->part_count : SHOWN;
    for (int i = 0; i < found; i++)
        out[i] = (Guess){s->parts[i].channel, (float)s->parts[i].sum};
    if (s->parts != NULL)
        return found;
    found = top_guesses(s->by + s->first, s->count, out, s->count < SHOWN ? s->count : SHOWN);
    while (found > 0 && out[found - 1].prob <= 0) /* a channel without a positive value is not strong */
        found--;
    for (int i = 0; i < found; i++)
        out[i].index += s->first;
    return found;
}

/* The chosen channel in the last of the `count` places, unless it has one. */
static void put_chosen(const Strongest *s, Guess *shown, int count)
{
    if (s->must == NULL || *s->must < s->first || *s->must >= s->first + s->count || count < 1)
        return;
    for (int i = 0; i < count; i++)
        if (shown[i].index == *s->must)
            return;
    shown[count - 1] = (Guess){*s->must, s->by[*s->must]};
}

void strongest(Ui *ui, Model *m, ViewState *v, Rect r, const LayerMap *map, const Strongest *s)
{
    Guess top[SHOWN];
    const int found = channels_of(s, top);
    Rect body = r;
    const Rect head = rect_cut_top(&body, HEADING);
    const Arrangement a = arrange(ui, s->room.c > 0 ? s->room : map->shape, body.w, body.h, found, fmaxf(2 * s->tile, LEAST_TILE));
    if (a.columns * a.rows < (found > 1 ? 2 : 1))
        return;
    part_text_fit(ui, head, part_colored(ui_style(FACE_BOLD, ui->theme->size_caption, 0), s->color), s->heading);
    put_chosen(s, top, a.columns * a.rows < found ? a.columns * a.rows : found);
    MapGrid grid = part_grid(m, v, s->layer, map, 0, 1);
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map->shape.h, map->shape.w, fmaxf(a.tile_w, a.tile_h));
    const float pitch = floorf((body.w + GAP) / (float)a.columns), step = fminf(pitch, a.tile_w + 3 * GAP);
    for (int i = 0; i < a.columns * a.rows && i < found; i++) {
        char address[32], value[NUM_MAX];
        const Rect place = {body.x + (float)(i % a.columns) * step, body.y + (float)(i / a.columns) * (a.tile_h + CAPTION + GAP), a.tile_w, a.tile_h};
        Rect caption = {place.x, place.y + place.h + 1, step - GAP, CAPTION - 2};
        grid.first = top[i].index;
        part_maps(ui, m, v, place, s->layer, map, &grid);
        snprintf(address, sizeof address, "[%d]", grid.first);
        num_value(value, s->parts != NULL ? (double)top[i].prob : (double)map->channels->hi[grid.first]);
        if (s->parts != NULL && top[i].prob > 0) /* a part of a sum has a sign */
            num_cell(value, top[i].prob, true);
        const float used = ui_text_width(ui, part_caption(ui), address) + 6;
        if (used + ui_text_width(ui, part_caption(ui), value) <= caption.w) {
            ui_text(ui, caption, part_colored(part_caption(ui), ui->theme->text), ALIGN_LEFT, address);
            rect_cut_left(&caption, used);
            ui_text(ui, caption, part_caption(ui), ALIGN_LEFT, value);
        } else if (used - 6 <= caption.w) {
            ui_text(ui, caption, part_colored(part_caption(ui), ui->theme->text), ALIGN_LEFT, address);
        }
    }
}
