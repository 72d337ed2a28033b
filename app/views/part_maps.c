/* part_maps.c - draws grids of a layer's maps: ranges, fitting, lit and selected tiles, the legend. See parts.h. */
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/window_marks.h"

#include <math.h>
#include <stdio.h>

_Static_assert((int)LOOK_VIRIDIS == (int)MAP_VIRIDIS && (int)LOOK_MAGMA == (int)MAP_MAGMA && (int)LOOK_GREY == (int)MAP_GREY &&
               (int)LOOK_CIVIDIS == (int)MAP_CIVIDIS && (int)LOOK_SIGNED == (int)MAP_SIGNED && (int)LOOK_MAPS == (int)MAP_COUNT,
               "a look's map is a colour map");

/* The colours of the input's channels, in the order in which the network reads them. */
static const Colormap *input_tints(const Model *m)
{
    static const Colormap rgb[3] = {MAP_RED, MAP_GREEN, MAP_BLUE}, bgr[3] = {MAP_BLUE, MAP_GREEN, MAP_RED};
    return model_net(m)->preprocess.bgr ? bgr : rgb;
}

Colormap part_colormap(const Model *m, int layer, const LayerMap *map, int channel)
{
    if (model_tinted(m, layer))
        return input_tints(m)[channel < 0 ? 0 : channel];
    return map->stats->min < 0 && m->look.map == MAP_VIRIDIS ? MAP_SIGNED : (Colormap)m->look.map;
}

/* Room for a range until the frame is drawn, however many grids it has. Without memory they share one. */
static float *pair_of(ViewState *v)
{
    float *pair = view_scratch(v, 2 * sizeof *pair);
    return pair != NULL ? pair : v->spare_range;
}

const float *part_range_pair(ViewState *v, float lo, float hi)
{
    float *pair = pair_of(v);
    pair[0] = lo;
    pair[1] = hi;
    return pair;
}

MapGrid part_grid(const Model *m, ViewState *v, int layer, const LayerMap *map, int first, int count)
{
    float *pair = pair_of(v);
    MapGrid grid = {.data = map->data, .c = map->shape.c, .h = map->shape.h, .w = map->shape.w, .version = map->version,
                    .map = part_colormap(m, layer, map, first), .tints = model_tinted(m, layer) ? input_tints(m) : NULL, .gap = 1, .first = first, .count = count};
    model_range(m, layer, map, &grid.lo, &grid.hi, &grid.range_count, pair);
    return grid;
}

int part_channel_here(const Model *m, Cursor cursor, int layer)
{
    Address twin;
    if (cursor.layer < 0 || cursor.channel < 0 || cursor.layer == layer)
        return cursor.layer == layer ? cursor.channel : -1;
    const bool has = net_address_twin(model_net(m), (Address){.layer = cursor.layer, .channel = cursor.channel}, &twin);
    return has && twin.layer == layer ? twin.channel : -1;
}

bool part_pressed(Ui *ui)
{
    if (!ui->in.pressed || ui->clicked)
        return false;
    ui->clicked = true;
    return true;
}

bool part_lit(const Model *m, const ViewState *v, int layer)
{
    for (int i = 0; i < m->lit_count; i++)
        if (m->lit[i].layer == layer && m->lit[i].channel < 0)
            return true;
    return v->lit.layer == layer && v->lit.channel < 0;
}

void part_light(Ui *ui, Rect r)
{
    ui_frame(ui, rect_inset(r, -2), 2, ui->theme->accent);
}

/* Frames a tile, in the dump too. */
static void mark_tile(Ui *ui, const Model *m, Rect tile, float width, Color color, int layer, int channel, const char *role)
{
    char address[NET_NAME_MAX + 32];
    const Rect frame = rect_inset(tile, -width);
    ui_frame(ui, frame, width, color);
    cursor_text(model_net(m), (Cursor){layer, channel, -1, -1}, address, sizeof address);
    ui_address(ui, address);
    ui_item(ui, frame, role, "");
    ui_address(ui, NULL);
}

/* The channel of this layer with the cursor's feature. Pools, norms and dropout keep it, so both layers are traced back to the one that
 * made it. */
static int feature_here(const Model *m, Cursor cursor, int layer)
{
    if (cursor.layer >= 0)
        cursor.layer = walk_channels_of(model_net(m), cursor.layer);
    return part_channel_here(m, cursor, walk_channels_of(model_net(m), layer));
}

/* Channels that a lesson's step shows. */
static bool channel_lit(const Model *m, int layer, int c)
{
    for (int i = 0; i < m->lit_count; i++)
        if (part_channel_here(m, m->lit[i], layer) == c)
            return true;
    return false;
}

void part_maps(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, const MapGrid *grid)
{
    char address[NET_NAME_MAX + 32];
    cursor_text(model_net(m), (Cursor){layer, -1, -1, -1}, address, sizeof address);
    const MapHit hit = ui_maps(ui, r, grid, address);
    part_digits(ui, r, grid);
    const int selected = feature_here(m, m->cursor, layer), lit = feature_here(m, v->lit, layer);
    const int sought = v->follow ? part_channel_here(m, v->followed, layer) : -1;
    /* Nothing scrolls while the pointer is over a map. */
    if (map_place(grid, sought) >= 0 && hit.channel < 0)
        ui_scroll_show(ui, rect_inset(map_tile_rect(r, grid, sought), -4));
    for (int i = 0; i < grid->count; i++) {
        const int c = map_shown(grid, i);
        if (c == selected)
            mark_tile(ui, m, map_tile_rect(r, grid, c), 2, ui->theme->selection, layer, c, "selected");
        else if (c == lit)
            mark_tile(ui, m, map_tile_rect(r, grid, c), 2, ui->theme->accent, layer, c, "lit");
        else if (channel_lit(m, layer, c))
            mark_tile(ui, m, map_tile_rect(r, grid, c), 2, ui->theme->accent, layer, c, "lit");
    }
    window_marks_on(ui, m, v, r, layer, grid);
    const bool words_between = grid->columns == 1 && grid->gap >= 16;
    for (int i = 0; words_between && i < grid->count && part_lit(m, v, layer); i++)
        part_light(ui, map_place_rect(r, grid, i));
    if (grid->count > 1 && !words_between && part_lit(m, v, layer))
        part_light(ui, (Rect){r.x, r.y, map_grid_width(grid), map_grid_height(grid)});
    if (hit.channel < 0)
        return;
    const Cursor over = {layer, hit.channel, hit.y, hit.x};
    const Rect tile = map_tile_rect(r, grid, hit.channel);
    model_point(m, over);
    v->loupe = (Loupe){.on = true, .at = over, .map = *map, .tile = tile};
    const bool twice = ui->in.double_clicked;
    if (part_pressed(ui)) {
        model_select(m, over);
        if (twice)
            model_do(m, VERB_DEEPER);
        ui->want_frame = true;
    }
}

uint64_t part_weights_version(const Model *m, int layer, int part)
{
    return 1ull << 63 | m->weights_version << 32 | (uint64_t)layer << 16 | (uint64_t)part;
}

void part_averaged(const Ui *ui, const Model *m, const MapGrid *grid, char *out, size_t size)
{
    const int longer = grid->h > grid->w ? grid->h : grid->w;
    const int percent = (int)roundf(100 * grid->tile * ui->scale / (float)longer);
    out[0] = '\0';
    if (map_is_averaged(ui, grid))
        snprintf(out, size, model_text(m, STR_AVERAGED), percent < 99 ? percent : 99);
}

void part_averaged_tip(Ui *ui, const Model *m, Rect caption, const MapGrid *grid)
{
    char text[256];
    if (!map_is_averaged(ui, grid) || !ui_hover(ui, caption))
        return;
    const float longer = (float)(grid->h > grid->w ? grid->h : grid->w);
    snprintf(text, sizeof text, model_text(m, STR_AVERAGED_TIP), grid->h, grid->w, (int)roundf(grid->tile * ui->scale * (float)grid->w / longer));
    ui_tooltip(ui, text);
}

RangeShown part_signed_range(const Model *m, int layer, const LayerMap *map, RangeShown range)
{
    if (part_colormap(m, layer, map, -1) == MAP_SIGNED) {
        range.hi = fmaxf(fabsf(range.lo), fabsf(range.hi));
        range.lo = -range.hi;
    }
    return range;
}

RangeShown part_range(const Model *m, int layer, const LayerMap *map, int channel)
{
    return part_signed_range(m, layer, map, model_range_shown(m, layer, map, channel));
}

void part_range_note(const Model *m, const RangeShown *range, char *out, size_t size)
{
    char lo[NUM_MAX], hi[NUM_MAX];
    const bool above = range->true_hi > range->hi, below = range->true_lo < range->lo;
    num_value(lo, (double)range->true_lo);
    num_value(hi, (double)range->true_hi);
    out[0] = '\0';
    if (range->each && range->clips)
        snprintf(out, size, model_text(m, STR_LEGEND_EACH_CLIPPED), STATS_CLIP_PERCENT, lo, hi);
    else if (range->each)
        snprintf(out, size, model_text(m, STR_LEGEND_EACH), lo, hi);
    else if (m->look.range == RANGE_LOCKED)
        snprintf(out, size, model_text(m, STR_LEGEND_LOCKED), lo, hi);
    else if (above && !below && range->true_lo >= 0)
        snprintf(out, size, model_text(m, STR_LEGEND_TOP_CLIPPED), STATS_CLIP_PERCENT, hi);
    else if (above || below)
        snprintf(out, size, model_text(m, STR_LEGEND_CLIPPED), STATS_CLIP_PERCENT, lo, hi);
}

void part_legend(Ui *ui, Rect r, Colormap map, float lo, float hi)
{
    char low[NUM_MAX], high[NUM_MAX];
    if (map == MAP_SIGNED) {
        hi = fmaxf(fabsf(lo), fabsf(hi));
        lo = -hi;
    }
    ui_legend(ui, r, map, look_map_name((int)map), lo, hi, num_value(low, (double)lo), num_value(high, (double)hi));
}

void part_range_text(const Model *m, int layer, const LayerMap *map, char *out, size_t size)
{
    const float *lo, *hi;
    float pair[2];
    int count;
    char a[NUM_MAX], b[NUM_MAX];
    model_range(m, layer, map, &lo, &hi, &count, pair);
    if (count != 1 && map->shape.c > 1)
        snprintf(out, size, "%s", model_text(m, STR_OWN_RANGE));
    else
        snprintf(out, size, model_text(m, STR_SHARED_RANGE), num_value(a, (double)lo[0]), num_value(b, (double)hi[0]));
}

static const float MAPS_CAPTION = 18, MARKS = 12;

MapGrid part_fit(const Ui *ui, Shape shape, Rect r, float min_tile, float max_tile)
{
    MapGrid grid = {.c = shape.c, .h = shape.h, .w = shape.w, .gap = 1, .count = shape.c};
    map_grid_fit(ui, &grid, r.w, r.h - MAPS_CAPTION, min_tile, max_tile);
    if (map_grid_height(&grid) > r.h - MAPS_CAPTION) /* room for the scroll bar */
        map_grid_fit(ui, &grid, r.w - 12, r.h - MAPS_CAPTION, min_tile, max_tile);
    return grid;
}

float part_maps_fit(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, float min_tile, float max_tile, int slot)
{
    const MapGrid fit = part_fit(ui, map->shape, r, min_tile, max_tile);
    return part_maps_as(ui, m, v, r, layer, map, &fit, slot, &v->scroll[slot]);
}

float part_maps_as(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, const MapGrid *fit, int id, Scroll *scroll)
{
    char text[160], averaged[48];
    MapGrid grid = part_grid(m, v, layer, map, 0, map->shape.c);
    const float caption = MAPS_CAPTION;
    grid.columns = fit->columns;
    grid.tile = fit->tile;
    grid.gap = fit->gap;
    const float height = map_grid_height(&grid), seen = fminf(height, r.h - caption);
    const float around = height > seen ? 2 : MARKS; /* where nothing is cut off, marks reach over the edge */
    Rect body = ui_scroll_begin(ui, ui_id("maps", id), rect_inset((Rect){r.x, r.y, r.w, seen}, -around), scroll, height + 2 * around);
    part_maps(ui, m, v, (Rect){body.x + around, body.y + around, body.w - around, body.h - around}, layer, map, &grid);
    ui_scroll_end(ui);
    part_averaged(ui, m, &grid, averaged, sizeof averaged);
    if (height > seen) {
        char count[64];
        const int shown = (int)(fmaxf(seen + grid.gap, 0) / (grid.tile + grid.gap)) * grid.columns;
        snprintf(count, sizeof count, model_text(m, STR_SHOWN_OF), shown < grid.count ? shown : grid.count, grid.count);
        snprintf(text, sizeof text, "%s%s%s", count, averaged[0] != '\0' ? " · " : "", averaged);
    } else {
        snprintf(text, sizeof text, "%s", averaged);
    }
    const Rect foot = {r.x, r.y + seen + 3, r.w, caption - 3};
    part_text_fit(ui, foot, part_caption(ui), text);
    part_averaged_tip(ui, m, foot, &grid);
    return seen + caption;
}
