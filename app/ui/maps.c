/* maps.c - where the tiles of a grid of feature maps stand, and which value is under the pointer. The pixels are made in
 * mapcache.c. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int longer_side(const MapGrid *grid)
{
    return grid->h > grid->w ? grid->h : grid->w;
}

static float tile_w(const MapGrid *grid)
{
    return grid->tile * (float)grid->w / (float)longer_side(grid);
}

static float tile_h(const MapGrid *grid)
{
    return grid->tile * (float)grid->h / (float)longer_side(grid);
}

static int rows(const MapGrid *grid)
{
    return grid->columns > 0 ? (grid->count + grid->columns - 1) / grid->columns : 0;
}

float map_grid_width(const MapGrid *grid)
{
    int across = grid->count < grid->columns ? grid->count : grid->columns;
    return across > 0 ? (float)across * (tile_w(grid) + grid->gap) - grid->gap : 0;
}

float map_grid_height(const MapGrid *grid)
{
    return rows(grid) > 0 ? (float)rows(grid) * (tile_h(grid) + grid->gap) - grid->gap : 0;
}

/* For a map that is larger than its tile: a half of it, a third and so on, from `most` down to `least` pixels, since then every pixel is the
 * mean of as many whole values. 0: there is none. */
static int whole_part(int longer, int most, int least)
{
    for (int parts = (longer + most - 1) / most; longer / parts >= least; parts++)
        if (longer % parts == 0)
            return longer / parts;
    return 0;
}

float map_tile_sharp(const Ui *ui, int h, int w, float want)
{
    const int longer = h > w ? h : w, room = (int)fmaxf(floorf(want * ui->scale + 0.01f), 1);
    if (room >= longer)
        return (float)(room / longer * longer) / ui->scale;
    const int part = whole_part(longer, room, room - room / 5);
    return (float)(part > 0 ? part : room) / ui->scale;
}

bool map_is_averaged(const Ui *ui, const MapGrid *grid)
{
    return grid->tile * ui->scale < (float)longer_side(grid) - 0.5f;
}

float map_tile_least(const Ui *ui, int h, int w, float least)
{
    float longer = (float)(h > w ? h : w), pixels = ceilf(least * ui->scale - 0.01f);
    bool averaged = pixels < longer && longer > 1.5f * pixels;
    return (averaged ? pixels : ceilf(pixels / longer) * longer) / ui->scale;
}

/* Tiles a little smaller than their maps become whole when the gap between them is given up: 27 pixels and a gap blur all of a map of 28. */
static void give_up_gap(const Ui *ui, MapGrid *grid, float width, float height)
{
    MapGrid whole = *grid;
    whole.tile = (float)longer_side(grid) / ui->scale;
    whole.gap = grid->gap + grid->tile - whole.tile;
    if (map_is_averaged(ui, grid) && whole.gap >= 0 && map_grid_width(&whole) <= width && map_grid_height(&whole) <= height)
        *grid = whole;
}

/* Tries every number of columns. Of equally large tiles it takes the most columns, which leaves room below, or nearly as
 * many when the last row is then full. */
void map_grid_fit(const Ui *ui, MapGrid *grid, float width, float height, float min_tile, float max_tile)
{
    grid->tile = 1;
    float shape_w = tile_w(grid), shape_h = tile_h(grid); /* of a tile of edge 1 */
    float best = 0;
    int best_columns = 1, full_columns = 0;
    for (int columns = 1; columns <= grid->count; columns++) {
        int down = (grid->count + columns - 1) / columns;
        float by_width = ((width + grid->gap) / (float)columns - grid->gap) / shape_w;
        float by_height = ((height + grid->gap) / (float)down - grid->gap) / shape_h;
        float room = fminf(fminf(by_width, by_height), max_tile);
        if (room * ui->scale < 1)
            continue;
        float tile = map_tile_sharp(ui, grid->h, grid->w, room);
        if (tile > best)
            full_columns = 0;
        if (tile >= best) {
            best = tile;
            best_columns = columns;
            full_columns = grid->count % columns == 0 ? columns : full_columns;
        }
    }
    if (full_columns * 4 >= best_columns * 3)
        best_columns = full_columns;
    if (best + 0.01f < min_tile) {
        best = map_tile_least(ui, grid->h, grid->w, min_tile);
        best_columns = (int)((width + grid->gap + 0.01f) / (best * shape_w + grid->gap));
        best_columns = best_columns < 1 ? 1 : best_columns > grid->count ? grid->count : best_columns;
    }
    grid->tile = best;
    grid->columns = best_columns;
    give_up_gap(ui, grid, width, height);
}

int map_shown(const MapGrid *grid, int place)
{
    return grid->picked != NULL ? grid->picked[place] : grid->first + place;
}

int map_place(const MapGrid *grid, int channel)
{
    if (grid->picked == NULL)
        return channel >= grid->first && channel < grid->first + grid->count ? channel - grid->first : -1;
    for (int i = 0; i < grid->count; i++)
        if (grid->picked[i] == channel)
            return i;
    return -1;
}

Rect map_place_rect(Rect r, const MapGrid *grid, int place)
{
    const float w = tile_w(grid), h = tile_h(grid);
    return (Rect){r.x + (float)(place % grid->columns) * (w + grid->gap), r.y + (float)(place / grid->columns) * (h + grid->gap), w, h};
}

Rect map_tile_rect(Rect r, const MapGrid *grid, int channel)
{
    const int place = map_place(grid, channel);
    return grid->columns < 1 || place < 0 ? (Rect){r.x, r.y, 0, 0} : map_place_rect(r, grid, place);
}

Rect map_cell_rect(Rect r, const MapGrid *grid, int channel, int y, int x)
{
    Rect tile = map_tile_rect(r, grid, channel);
    float w = tile.w / (float)grid->w, h = tile.h / (float)grid->h;
    return (Rect){tile.x + (float)x * w, tile.y + (float)y * h, w, h};
}

static MapHit hit_test(Ui *ui, Rect r, const MapGrid *grid)
{
    const MapHit none = {-1, -1, -1};
    Rect whole = {r.x, r.y, map_grid_width(grid), map_grid_height(grid)};
    if (grid->columns < 1 || !ui_hover(ui, whole))
        return none;
    float pitch_w = tile_w(grid) + grid->gap, pitch_h = tile_h(grid) + grid->gap;
    int column = (int)((ui->in.mouse_x - r.x) / pitch_w), row = (int)((ui->in.mouse_y - r.y) / pitch_h);
    if (column >= grid->columns || row * grid->columns + column >= grid->count)
        return none;
    int channel = map_shown(grid, row * grid->columns + column);
    Rect tile = map_tile_rect(r, grid, channel);
    if (!rect_has(tile, ui->in.mouse_x, ui->in.mouse_y))
        return none;
    int y = (int)((ui->in.mouse_y - tile.y) / tile.h * (float)grid->h);
    int x = (int)((ui->in.mouse_x - tile.x) / tile.w * (float)grid->w);
    return (MapHit){channel, y < grid->h ? y : grid->h - 1, x < grid->w ? x : grid->w - 1};
}

MapHit ui_maps(Ui *ui, Rect r, const MapGrid *grid, const char *address)
{
    MapHit hit = hit_test(ui, r, grid);
    if (grid->columns < 1 || grid->count < 1)
        return hit;
    /* Only the rows inside the clip. */
    Rect clip = ui->clip[ui->clip_count - 1].rect;
    float pitch = tile_h(grid) + grid->gap;
    int from = (int)floorf((clip.y - r.y) / pitch), to = (int)ceilf((clip.y + clip.h - r.y) / pitch);
    from = from < 0 ? 0 : from;
    to = to > rows(grid) ? rows(grid) : to;
    if (from >= to || clip.w <= 0)
        return hit;
    MapGrid shown = *grid;
    int skipped = from * grid->columns, left = grid->count - skipped, room = (to - from) * grid->columns;
    if (shown.picked != NULL)
        shown.picked += skipped;
    else
        shown.first += skipped;
    shown.count = left < room ? left : room;
    Rect place = {r.x, r.y + (float)from * pitch, map_grid_width(&shown), map_grid_height(&shown)};
    if (!ui_visible(ui, place))
        return hit;
    ui_list_command(ui, CMD_MAPS, place, 0)->maps = shown;
    char text[96];
    snprintf(text, sizeof text, "%d of %d maps %dx%d", shown.count, grid->c, grid->h, grid->w);
    size_t offset = ui_list_text(ui, text, strlen(text));
    char outer[sizeof ui->address];
    memcpy(outer, ui->address, sizeof outer);
    ui_address(ui, address);
    /* Single values without gaps are one picture, not tiles to be read one by one. */
    const bool cells = shown.h == 1 && shown.w == 1 && shown.gap <= 0;
    Item *item = ui_list_item(ui, place, cells ? "cells" : "maps", offset);
    memcpy(ui->address, outer, sizeof outer);
    item->first = shown.first;
    item->picked = shown.picked;
    item->count = shown.count;
    item->columns = cells ? 0 : shown.columns;
    item->tile = shown.tile;
    item->tile_w = tile_w(&shown);
    item->tile_h = tile_h(&shown);
    item->gap = shown.gap;
    item->clipped = ui_cut(ui, place);
    return hit;
}

void ui_legend(Ui *ui, Rect r, Colormap map, const char *name, float lo, float hi, const char *low, const char *high)
{
    enum { STEPS = 64 };
    TextStyle style = ui_style(FACE_MONO, ui->theme->size_caption, ui->theme->text_dim);
    if (map == MAP_SIGNED)
        lo = -hi;
    rect_cut_left(&r, ui_text(ui, r, style, ALIGN_LEFT, low) + 6);
    rect_cut_right(&r, ui_text(ui, r, style, ALIGN_RIGHT, high) + 6);
    Rect bar = {r.x, r.y + r.h / 2 - 4, r.w, 8};
    for (int i = 0; i < STEPS; i++) {
        float x0 = roundf(bar.w * (float)i / STEPS), x1 = roundf(bar.w * (float)(i + 1) / STEPS);
        ui_fill(ui, (Rect){bar.x + x0, bar.y, x1 - x0, bar.h},
                colormap_color(map, lo + (hi - lo) * (float)i / (STEPS - 1), lo, hi));
    }
    ui_frame(ui, bar, 1, color_alpha(ui->theme->text, 0.15f));
    ui_item(ui, bar, "legend", name);
}
