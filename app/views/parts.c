/* parts.c - see parts.h. */
#include "app/views/parts.h"
#include "app/model/walk.h"
#include "app/ui/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TextStyle part_title(const Ui *ui) { return ui_style(FACE_BOLD, ui->theme->size_title, ui->theme->text); }
TextStyle part_body(const Ui *ui) { return ui_style(FACE_SANS, ui->theme->size_small, ui->theme->text); }
TextStyle part_small(const Ui *ui) { return ui_style(FACE_SANS, ui->theme->size_small, ui->theme->text_dim); }
TextStyle part_caption(const Ui *ui) { return ui_style(FACE_SANS, ui->theme->size_caption, ui->theme->text_dim); }
TextStyle part_bold(const Ui *ui) { return ui_style(FACE_BOLD, ui->theme->size_small, ui->theme->text); }
TextStyle part_mono(const Ui *ui) { return ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text); }

TextStyle part_colored(TextStyle style, Color color)
{
    style.color = color;
    return style;
}

TextStyle part_means(const Ui *ui, const Model *m, TextStyle style)
{
    return source_trained(&m->source->source, 0) ? style : part_colored(style, ui->theme->text_faint);
}

static const float ROW = 19;

void part_heading(Ui *ui, Rect *r, const char *text)
{
    rect_cut_top(r, 10);
    ui_text(ui, rect_cut_top(r, 21), ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim), ALIGN_LEFT, text);
}

void part_heading_with(Ui *ui, Rect *r, const char *text, const char *what)
{
    const float used = ui_text_width(ui, ui_style(FACE_BOLD, ui->theme->size_caption, 0), text) + 10 + ui_text_width(ui, part_caption(ui), what);
    Rect row = {r->x, r->y + 10, r->w, 21};
    part_heading(ui, r, text);
    if (used > r->w)
        row = rect_cut_top(r, 18);
    ui_text(ui, row, part_caption(ui), used > r->w ? ALIGN_LEFT : ALIGN_RIGHT, what);
}

void part_row_styled(Ui *ui, Rect *r, TextStyle left_style, const char *left, TextStyle right_style, const char *right)
{
    ui_pair(ui, rect_cut_top(r, ROW), left_style, left, right_style, right);
}

void part_row(Ui *ui, Rect *r, const char *left, const char *right)
{
    part_row_styled(ui, r, part_body(ui), left, part_mono(ui), right);
}

void part_paragraph(Ui *ui, Rect *r, TextStyle style, const char *text)
{
    rect_cut_top(r, ui_paragraph(ui, *r, style, text) + 2);
}

float part_text_fit(Ui *ui, Rect r, TextStyle style, const char *text)
{
    char shown[256];
    snprintf(shown, sizeof shown, "%s", text);
    while (ui_text_width(ui, style, shown) > r.w) {
        char *last = NULL;
        for (char *p = strstr(shown, " · "); p != NULL; p = strstr(p + 1, " · "))
            last = p;
        if (last == NULL)
            return 0;
        *last = '\0';
    }
    return ui_text(ui, r, style, ALIGN_LEFT, shown);
}

void part_cut(Ui *ui, TextStyle style, const char *text, float width, char *out, size_t size)
{
    snprintf(out, size, "%s", text);
    for (size_t n = strlen(out); n > 0 && ui_text_width(ui, style, out) > width;) {
        n = utf8_before(text, n);
        snprintf(out, size, "%.*s…", (int)n, text);
    }
}

void part_stage_title(Ui *ui, Rect *r, const char *title, const char *says)
{
    Rect row = rect_cut_top(r, 30);
    rect_cut_left(&row, ui_text(ui, row, part_title(ui), ALIGN_LEFT, title) + 16);
    row.y += 2; /* the smaller text stands on the same line */
    if (ui_text_width(ui, part_small(ui), says) <= row.w) {
        ui_text(ui, row, part_small(ui), ALIGN_LEFT, says);
        return;
    }
    rect_cut_top(r, ui_paragraph(ui, *r, part_small(ui), says)); /* no room beside the title: below it */
}

/* ---- maps ---------------------------------------------------------------------------------------------------------------- */

_Static_assert((int)LOOK_VIRIDIS == (int)MAP_VIRIDIS && (int)LOOK_MAGMA == (int)MAP_MAGMA && (int)LOOK_GREY == (int)MAP_GREY &&
               (int)LOOK_CIVIDIS == (int)MAP_CIVIDIS && (int)LOOK_SIGNED == (int)MAP_SIGNED && (int)LOOK_MAPS == (int)MAP_COUNT,
               "a look's map is a colour map");

Colormap part_colormap(const Model *m, const LayerMap *map)
{
    return map->stats->min < 0 && m->look.map == MAP_VIRIDIS ? MAP_SIGNED : (Colormap)m->look.map;
}

const float *part_range_pair(ViewState *v, float lo, float hi)
{
    float *pair = v->ranges[v->range_count++ % RANGE_SLOTS];
    pair[0] = lo;
    pair[1] = hi;
    return pair;
}

MapGrid part_grid(const Model *m, ViewState *v, int layer, const LayerMap *map, int first, int count)
{
    float *pair = v->ranges[v->range_count++ % RANGE_SLOTS];
    MapGrid grid = {.data = map->data, .c = map->shape.c, .h = map->shape.h, .w = map->shape.w, .version = map->version,
                    .map = part_colormap(m, map), .gap = 1, .first = first, .count = count};
    model_range(m, layer, map, &grid.lo, &grid.hi, &grid.range_count, pair);
    return grid;
}

/* The channel of this layer that is the same value: the same one, or of a branch and its concat the other's. -1: none is. */
static int channel_here(const Model *m, Cursor a, int layer)
{
    Address twin;
    if (a.layer < 0 || a.channel < 0 || a.layer == layer)
        return a.layer == layer ? a.channel : -1;
    const bool has = net_address_twin(model_net(m), (Address){.layer = a.layer, .channel = a.channel}, &twin);
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

/* A tile that is framed, for the dump too. */
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

/* Channels that a lesson's step shows. */
static bool channel_lit(const Model *m, int layer, int c)
{
    for (int i = 0; i < m->lit_count; i++)
        if (channel_here(m, m->lit[i], layer) == c)
            return true;
    return false;
}

void part_maps(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, const MapGrid *grid)
{
    char address[NET_NAME_MAX + 32];
    cursor_text(model_net(m), (Cursor){layer, -1, -1, -1}, address, sizeof address);
    const MapHit hit = ui_maps(ui, r, grid, address);
    /* Channels carry the same feature behind pools, norms and dropout: both are taken to where the feature was made. */
    Cursor feature = v->lit;
    if (feature.layer >= 0)
        feature.layer = walk_channels_of(model_net(m), feature.layer);
    const int selected = channel_here(m, m->cursor, layer), lit = channel_here(m, feature, walk_channels_of(model_net(m), layer));
    const int sought = v->follow ? channel_here(m, v->followed, layer) : -1;
    if (sought >= grid->first && sought < grid->first + grid->count && hit.channel < 0) /* nothing moves under the pointer */
        ui_scroll_show(ui, rect_inset(map_tile_rect(r, grid, sought), -4));
    for (int c = grid->first; c < grid->first + grid->count; c++)
        if (c == selected)
            mark_tile(ui, m, map_tile_rect(r, grid, c), 2, ui->theme->selection, layer, c, "selected");
        else if (c == lit)
            mark_tile(ui, m, map_tile_rect(r, grid, c), 2, ui->theme->accent, layer, c, "lit");
        else if (channel_lit(m, layer, c))
            mark_tile(ui, m, map_tile_rect(r, grid, c), 2, ui->theme->accent, layer, c, "lit");
    if (grid->count > 1 && part_lit(m, v, layer))
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
    snprintf(text, sizeof text, model_text(m, STR_AVERAGED_TIP), grid->h, grid->w);
    ui_tooltip(ui, text);
}

RangeShown part_signed_range(const Model *m, const LayerMap *map, RangeShown range)
{
    if (part_colormap(m, map) == MAP_SIGNED) {
        range.hi = fmaxf(fabsf(range.lo), fabsf(range.hi));
        range.lo = -range.hi;
    }
    return range;
}

RangeShown part_range(const Model *m, int layer, const LayerMap *map, int channel)
{
    return part_signed_range(m, map, model_range_shown(m, layer, map, channel));
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

static const float MAPS_CAPTION = 18;

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
    char text[160], averaged[48];
    MapGrid grid = part_grid(m, v, layer, map, 0, map->shape.c);
    const MapGrid fit = part_fit(ui, map->shape, r, min_tile, max_tile);
    const float caption = MAPS_CAPTION;
    grid.columns = fit.columns;
    grid.tile = fit.tile;
    const float height = map_grid_height(&grid), seen = fminf(height, r.h - caption);
    Rect body = ui_scroll_begin(ui, ui_id("maps", slot), (Rect){r.x - 2, r.y - 2, r.w + 4, seen + 4}, &v->scroll[slot], height + 4);
    part_maps(ui, m, v, (Rect){body.x + 2, body.y + 2, body.w - 2, body.h - 2}, layer, map, &grid);
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

/* ---- the picture ------------------------------------------------------------------------------------------------------------ */

Rect part_image(Ui *ui, const Image *image, uint64_t version, Rect r)
{
    enum { SMALL = 64 }; /* pixels that are meant to be seen one by one */
    const int longer = image->w > image->h ? image->w : image->h;
    float scale = fminf(r.w / (float)image->w, r.h / (float)image->h);
    const float factor = floorf(scale * ui->scale + 0.01f);
    const bool hard = longer <= SMALL && factor >= 2;
    if (hard)
        scale = factor / ui->scale;
    Rect place = {r.x, r.y, (float)image->w * scale, (float)image->h * scale};
    if (!hard)
        place = (Rect){r.x, r.y, floorf(place.w), floorf(place.h)};
    ui_picture(ui, place, image->rgb, image->w, image->h, version, !hard);
    return place;
}

Rect part_picture(Ui *ui, const Picture *picture, Rect r, const ReceptiveField *field)
{
    const Image *image = &picture->fitted;
    const Rect place = part_image(ui, image, picture->version, r);
    if (field == NULL)
        return place;
    const float fx = place.w / (float)image->w, fy = place.h / (float)image->h;
    const Rect seen = {place.x + (float)field->x0 * fx, place.y + (float)field->y0 * fy, (float)(field->x1 - field->x0) * fx,
                       (float)(field->y1 - field->y0) * fy};
    const Rect in = rect_intersect(seen, place);
    const Color dim = 0x0b1220c8;
    const float bottom = place.y + place.h, right = place.x + place.w;
    if (in.w <= 0 || in.h <= 0) {
        ui_fill(ui, place, dim);
    } else {
        ui_fill(ui, (Rect){place.x, place.y, place.w, in.y - place.y}, dim);
        ui_fill(ui, (Rect){place.x, in.y + in.h, place.w, bottom - in.y - in.h}, dim);
        ui_fill(ui, (Rect){place.x, in.y, in.x - place.x, in.h}, dim);
        ui_fill(ui, (Rect){in.x + in.w, in.y, right - in.x - in.w, in.h}, dim);
    }
    ui_clip_push(ui, rect_inset(place, -3)); /* the frame goes around the picture's edge, but not over the words beside it */
    ui_frame(ui, rect_inset(seen, -1), 2, ui->theme->selection);
    ui_clip_pop(ui);
    return place;
}

/* ---- names and colours ------------------------------------------------------------------------------------------------------- */

Color part_layer_text(const Ui *ui, const Layer *layer)
{
    return layer->branch != BRANCH_NONE ? ui->theme->branch_text[layer->branch] : ui->theme->text;
}

void part_layer_title(const Model *m, int layer, char *out, size_t size)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const char *slash = strchr(l->name, '/');
    if (walk_is_module(net, layer))
        snprintf(out, size, "inception %s", net->modules[l->module].title);
    else if (l->module >= 0 && slash != NULL)
        snprintf(out, size, "%s / %s", net->modules[l->module].title, slash + 1);
    else if (slash != NULL)
        snprintf(out, size, "%.*s / %s", (int)(slash - l->name), l->name, slash + 1);
    else
        snprintf(out, size, "%s", l->name);
}

Cursor part_focus(const Model *m)
{
    return m->hover.layer >= 0 && m->hover.channel >= 0 ? m->hover : m->cursor;
}

const char *part_branch_title(const Model *m, Branch branch)
{
    static const char *const titles[BRANCH_COUNT] = {[BRANCH_1X1] = "1×1", [BRANCH_3X3] = "3×3", [BRANCH_5X5] = "5×5"};
    return branch == BRANCH_POOL ? model_text(m, STR_POOL) : titles[branch];
}

void part_class_name(const Model *m, int class_index, char *out, size_t size)
{
    char scratch[64];
    const char *label = model_label(m, class_index, scratch, sizeof scratch);
    snprintf(out, size, "%.*s", (int)strcspn(label, ","), label);
}

Branch part_branch_of(const Module *module, int channel)
{
    int b = 0;
    while (b + 1 < BRANCH_COUNT && channel >= module->offset[b + 1])
        b++;
    return (Branch)b;
}
