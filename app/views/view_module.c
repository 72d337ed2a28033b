/* view_module.c - an Inception module: the input that all branches read, four lanes with every intermediate map, and the concat
 * with each branch's band of channels. Outputs flow into their bands; one tile size serves all lanes, so that they compare. */
#include "app/views/strongest.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

static const float LANE_GAP = 8, LANE_PAD = 10, LANE_HEAD = 39, LANE_ARROW = 30, INTO = 26, FLOW = 40, MIN_TILE = 12, MAX_TILE = 120;

typedef struct Lane {
    Branch branch;
    int first, last;            /* layers: the reduction or pool (-1 when there is none), and what goes into the concat */
    int first_count, last_count;
    int first_columns, last_columns;
    float height;               /* of the whole lane */
    Rect rect, output;          /* where it was drawn, scrolled; its output grid */
} Lane;

static Lane lane_of(const Net *net, const Module *module, Branch b)
{
    Lane lane = {.branch = b, .first = -1, .last = net->layers[module->last].inputs[b]};
    const int before = net->layers[lane.last].inputs[0];
    lane.last_count = net->layers[lane.last].out.c;
    if (before != module->input) {
        lane.first = before;
        lane.first_count = net->layers[before].out.c;
    }
    return lane;
}

/* Columns for both grids of a lane and its height, with tiles of this pitch: width goes where the maps are. */
static void lane_fit(Lane *lane, float width, float pitch)
{
    const int all = (int)((width - (lane->first >= 0 ? LANE_ARROW : 0)) / pitch);
    const int least = (int)fminf(ceilf(132 / pitch), (float)(all / 2)); /* room for a caption */
    int rows;
    if (lane->first < 0) {
        lane->last_columns = all < 1 ? 1 : all;
        rows = (lane->last_count + lane->last_columns - 1) / lane->last_columns;
    } else {
        const float share = (float)lane->first_count / (float)(lane->first_count + lane->last_count);
        int n = (int)roundf(share * (float)all);
        n = n < least ? least : n > all - least ? all - least : n;
        lane->first_columns = n < 1 ? 1 : n;
        lane->last_columns = all - n < 1 ? 1 : all - n;
        const int a = (lane->first_count + lane->first_columns - 1) / lane->first_columns;
        const int b = (lane->last_count + lane->last_columns - 1) / lane->last_columns;
        rows = a > b ? a : b;
    }
    lane->height = LANE_HEAD + (float)rows * pitch + LANE_PAD;
}

static float lanes_height(Lane lanes[BRANCH_COUNT], float width, float tile)
{
    float total = LANE_GAP * (BRANCH_COUNT - 1);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        lane_fit(&lanes[b], width - 2 * LANE_PAD - 6, tile + 1);
        total += lanes[b].height;
    }
    return total;
}

/* The largest tile with which all lanes fit, else the smallest one that is sharp. Returns the height of all. */
static float lanes_fit(const Ui *ui, Lane lanes[BRANCH_COUNT], Shape shape, float width, float height, float *tile)
{
    float tried = MAX_TILE + 1;
    for (float want = MAX_TILE; want >= MIN_TILE; want -= 1) {
        *tile = map_tile_sharp(ui, shape.h, shape.w, want);
        if (*tile < MIN_TILE)
            break;
        if (*tile >= tried)
            continue;
        tried = *tile;
        const float total = lanes_height(lanes, width, *tile);
        if (total <= height)
            return total;
    }
    *tile = map_tile_least(ui, shape.h, shape.w, MIN_TILE);
    return lanes_height(lanes, width, *tile);
}

static void op_name_of(const Model *m, const Lane *lane, int layer, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[layer];
    if (l->op == OP_MAXPOOL)
        snprintf(out, size, model_text(m, STR_POOL_NAME), l->k, l->k, l->stride);
    else if (lane->branch == BRANCH_POOL)
        snprintf(out, size, "%s", model_text(m, STR_PROJ_NAME));
    else if (layer == lane->first)
        snprintf(out, size, "%s", model_text(m, STR_REDUCE_NAME));
    else
        snprintf(out, size, model_text(m, STR_CONV_NAME), l->k, l->k);
}

/* "1×1 reduce 96×28×28 · 18,432 w": as much of it as there is room for. */
static void caption(Ui *ui, const Model *m, Rect r, const Lane *lane, int layer, const char *averaged)
{
    const Layer *l = &model_net(m)->layers[layer];
    const int64_t weights = m->trace.layers[layer].counts.weights;
    char name[64], shape[NUM_MAX], count[NUM_MAX], cost[64], dim[192];
    op_name_of(m, lane, layer, name, sizeof name);
    num_shape(shape, l->out);
    if (weights > 0)
        snprintf(cost, sizeof cost, model_text(m, STR_WEIGHTS_N), num_count(count, weights));
    else
        snprintf(cost, sizeof cost, "%s", model_text(m, STR_NO_WEIGHTS));
    const TextStyle strong = part_colored(part_caption(ui), ui->theme->text);
    const float name_w = ui_text_width(ui, strong, name) + 5;
    snprintf(dim, sizeof dim, "%s · %s%s%s", shape, cost, averaged[0] != '\0' ? " · " : "", averaged);
    if (name_w + ui_text_width(ui, part_caption(ui), dim) > r.w)
        snprintf(dim, sizeof dim, "%s · %s", shape, cost);
    if (name_w + ui_text_width(ui, part_caption(ui), dim) > r.w)
        snprintf(dim, sizeof dim, "%s", shape);
    if (name_w + ui_text_width(ui, part_caption(ui), dim) > r.w) {
        ui_text(ui, r, part_caption(ui), ALIGN_LEFT, shape);
        return;
    }
    rect_cut_left(&r, ui_text(ui, r, strong, ALIGN_LEFT, name) + 5);
    ui_text(ui, r, part_caption(ui), ALIGN_LEFT, dim);
}

static Rect lane_maps(Ui *ui, Model *m, ViewState *v, Rect r, int layer, int columns, float tile)
{
    LayerMap map;
    const Shape out = model_net(m)->layers[layer].out;
    if (!compute_map(m->compute, layer, &map)) {
        r.h = fmaxf(r.h - LANE_PAD, 8);
        ui_round(ui, r, 3, ui->theme->tile_back);
        return r;
    }
    MapGrid grid = part_grid(m, v, layer, &map, 0, out.c);
    grid.columns = columns;
    grid.tile = tile;
    r.w = map_grid_width(&grid);
    r.h = map_grid_height(&grid);
    part_maps(ui, m, v, r, layer, &map, &grid);
    return r;
}

static void draw_lane(Ui *ui, Model *m, ViewState *v, Lane *lane, float tile)
{
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    char head[64], count[NUM_MAX], cost[64], averaged[48];
    const float pitch = tile + 1;
    const Shape out = net->layers[lane->last].out;
    const MapGrid drawn = {.h = out.h, .w = out.w, .tile = tile};
    part_averaged(ui, m, &drawn, averaged, sizeof averaged);
    ui_panel_marked(ui, lane->rect, t->branch[lane->branch]);
    Rect in = {lane->rect.x + LANE_PAD + 6, lane->rect.y + 3, lane->rect.w - 2 * LANE_PAD - 6, lane->rect.h - 3};
    snprintf(head, sizeof head, model_text(m, STR_BRANCH_N), lane->branch + 1);
    const Counts counts = trace_branch(&m->trace, net->layers[lane->last].module, lane->branch);
    snprintf(cost, sizeof cost, model_text(m, STR_WEIGHTS_N), num_count(count, counts.weights));
    ui_pair(ui, rect_cut_top(&in, 19), part_colored(part_bold(ui), t->branch_text[lane->branch]), head, part_caption(ui),
            lane->first >= 0 ? cost : "");
    Rect captions = rect_cut_top(&in, 17);
    part_averaged_tip(ui, m, captions, &drawn);
    if (lane->first < 0) {
        caption(ui, m, captions, lane, lane->last, averaged);
        lane->output = lane_maps(ui, m, v, in, lane->last, lane->last_columns, tile);
        return;
    }
    const float first_w = (float)lane->first_columns * pitch;
    Rect left = rect_cut_left(&in, first_w), arrow = rect_cut_left(&in, LANE_ARROW);
    caption(ui, m, rect_cut_left(&captions, fmaxf(first_w, 60)), lane, lane->first, averaged);
    rect_cut_left(&captions, fmaxf(LANE_ARROW - fmaxf(60 - first_w, 0), 6));
    caption(ui, m, captions, lane, lane->last, averaged);
    left = lane_maps(ui, m, v, left, lane->first, lane->first_columns, tile);
    lane->output = lane_maps(ui, m, v, in, lane->last, lane->last_columns, tile);
    const float y = roundf(in.y + fminf(left.h, lane->output.h) / 2);
    ui_arrow(ui, arrow.x + 6, y, arrow.x + arrow.w - 8, y, 1.5f, t->text_faint);
}

/* The narrowest column in which all of the input's maps fit this height, at most `width`; and their tile. */
static float input_width(const Ui *ui, Shape shape, float width, float height, float *tile)
{
    for (float want = MAX_TILE; want >= MIN_TILE; want -= 1) {
        *tile = map_tile_sharp(ui, shape.h, shape.w, want);
        const int rows = (int)((height + 1) / (*tile + 1)), columns = rows > 0 ? (shape.c + rows - 1) / rows : shape.c;
        if (*tile >= MIN_TILE && (float)columns * (*tile + 1) <= width)
            return (float)columns * (*tile + 1);
    }
    *tile = 0; /* they scroll */
    return width;
}

static void input_column(Ui *ui, Model *m, ViewState *v, Rect r, int layer)
{
    char name[NET_NAME_MAX + 16], shape[NUM_MAX], text[96];
    LayerMap map;
    part_layer_title(m, layer, name, sizeof name);
    Rect row = rect_cut_top(&r, 18);
    rect_cut_left(&row, ui_text(ui, row, part_colored(part_caption(ui), ui->theme->text), ALIGN_LEFT, model_text(m, STR_INPUT)) + 5);
    ui_text(ui, row, part_caption(ui), ALIGN_LEFT, num_shape(shape, model_net(m)->layers[layer].out));
    if (!compute_map(m->compute, layer, &map))
        return;
    part_range_text(m, layer, &map, text, sizeof text);
    ui_text(ui, rect_cut_bottom(&r, 18), part_caption(ui), ALIGN_LEFT, text);
    part_maps_fit(ui, m, v, r, layer, &map, MIN_TILE, MAX_TILE, SCROLL_INPUT);
}

/* ---- the concat ---------------------------------------------------------------------------------------------------------------- */

typedef struct Concat {
    int columns;
    float tile, height;
    Rect band[BRANCH_COUNT];    /* the coloured bars, scrolled */
} Concat;

static const float BAND_W = 5, BAND_GAP = 7, BAND_LABEL = 56, BAND_SIDES = 5 + 5 + 56 + 5 + 12; /* of a column all but the maps, scroll bar included */

static float concat_height(const Module *module, int columns, float pitch)
{
    float h = BAND_GAP * (BRANCH_COUNT - 1);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const int count = module->offset[b + 1] - module->offset[b];
        h += fmaxf((float)((count + columns - 1) / columns) * pitch, 28); /* room for two lines of label */
    }
    return h;
}

/* The largest tile, and of its columns the fewest, with which all bands fit; else the smallest sharp tile and all the width. */
static Concat concat_fit(const Ui *ui, const Module *module, Shape shape, float width, float height)
{
    Concat c = {.columns = 1};
    for (float want = MAX_TILE; want >= MIN_TILE; want -= 1) {
        const float tile = map_tile_sharp(ui, shape.h, shape.w, want);
        const int most = (int)fmaxf((width + 1) / (tile + 1), 1);
        if (tile < MIN_TILE)
            break;
        for (c.columns = 1, c.tile = tile; c.columns <= most; c.columns++) {
            c.height = concat_height(module, c.columns, tile + 1);
            if (c.height <= height)
                return c;
        }
    }
    c.tile = map_tile_least(ui, shape.h, shape.w, MIN_TILE);
    c.columns = (int)fmaxf((width + 1) / (c.tile + 1), 1);
    c.height = concat_height(module, c.columns, c.tile + 1);
    return c;
}

static void concat_bands(Ui *ui, Model *m, ViewState *v, Rect body, int layer, Concat *c)
{
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    const Module *module = &net->modules[net->layers[layer].module];
    LayerMap map;
    const bool there = compute_map(m->compute, layer, &map);
    float y = body.y;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const int first = module->offset[b], count = module->offset[b + 1] - first;
        const float h = fmaxf((float)((count + c->columns - 1) / c->columns) * (c->tile + 1) - 1, 27);
        char range[32];
        c->band[b] = (Rect){body.x, y, BAND_W, h};
        ui_round(ui, c->band[b], 2, t->branch[b]);
        const Rect maps = {body.x + BAND_W + 5, y, (float)c->columns * (c->tile + 1), h};
        if (there) {
            MapGrid grid = part_grid(m, v, layer, &map, first, count);
            grid.columns = c->columns;
            grid.tile = c->tile;
            part_maps(ui, m, v, maps, layer, &map, &grid);
        } else {
            ui_round(ui, maps, 3, t->tile_back);
        }
        snprintf(range, sizeof range, "%d–%d", first, first + count - 1);
        const Rect label = {maps.x + maps.w + 5, y + fmaxf(h / 2 - 15, -1), BAND_LABEL, 15};
        ui_text(ui, label, part_colored(ui_style(FACE_BOLD, t->size_caption, 0), t->branch_text[b]), ALIGN_LEFT, part_branch_title(m, (Branch)b));
        ui_text(ui, (Rect){label.x, label.y + 14, label.w, 15}, part_colored(part_caption(ui), t->branch_text[b]), ALIGN_LEFT, range);
        y += h + 1 + BAND_GAP;
    }
}

static void concat_column(Ui *ui, Model *m, ViewState *v, Rect r, int layer, Concat *c)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    char shape[NUM_MAX], seen[64], averaged[48], text[128];
    Rect row = rect_cut_top(&r, 18);
    rect_cut_left(&row, ui_text(ui, row, part_colored(part_caption(ui), ui->theme->text), ALIGN_LEFT, model_text(m, STR_CONCAT)) + 5);
    ui_text(ui, row, part_caption(ui), ALIGN_LEFT, num_shape(shape, l->out));
    Rect foot = rect_cut_bottom(&r, 18);
    *c = concat_fit(ui, &net->modules[l->module], l->out, r.w - BAND_SIDES, r.h);
    Rect body = ui_scroll_begin(ui, ui_id("concat", 0), r, &v->scroll[SCROLL_OUTPUT], c->height);
    concat_bands(ui, m, v, body, layer, c);
    ui_scroll_end(ui);
    if (c->height > r.h)
        snprintf(seen, sizeof seen, model_text(m, STR_SHOWN_OF), (int)((float)l->out.c * fmaxf(r.h, 0) / c->height), l->out.c);
    else
        snprintf(seen, sizeof seen, model_text(m, STR_CHANNELS_N), l->out.c);
    const MapGrid drawn = {.h = l->out.h, .w = l->out.w, .tile = c->tile};
    part_averaged(ui, m, &drawn, averaged, sizeof averaged);
    snprintf(text, sizeof text, "%s%s%s", seen, averaged[0] != '\0' ? " · " : "", averaged);
    part_text_fit(ui, foot, part_caption(ui), text);
    part_averaged_tip(ui, m, foot, &drawn);
}

/* The range that two stretches share, clamped to the visible one. */
static void visible(float y, float h, Rect area, float *a, float *b)
{
    *a = fminf(fmaxf(y, area.y), area.y + area.h);
    *b = fminf(fmaxf(y + h, area.y), area.y + area.h);
}

static void flows(Ui *ui, const Model *m, const ViewState *v, const Lane lanes[BRANCH_COUNT], const Concat *c, Rect lane_area, Rect concat_area)
{
    const Net *net = model_net(m);
    const int module = net->layers[m->at].module;
    const Cursor lit = v->lit.layer >= 0 && v->lit.channel >= 0 ? v->lit : m->cursor;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        float a0, b0, a1, b1;
        visible(lanes[b].rect.y, lanes[b].rect.h, lane_area, &a0, &b0);
        visible(c->band[b].y, c->band[b].h, concat_area, &a1, &b1);
        if (b0 - a0 < 1 || b1 - a1 < 1)
            continue;
        const Layer *l = lit.channel >= 0 ? &net->layers[lit.layer] : NULL;
        const bool strong = l != NULL && l->module == module &&
                            (l->op == OP_CONCAT ? part_branch_of(&net->modules[module], lit.channel) : l->branch) == (Branch)b;
        ui_ribbon(ui, lane_area.x + lane_area.w + 1, a0, b0, concat_area.x - 2, a1, b1,
                  color_alpha(ui->theme->branch[b], strong ? 0.55f : 0.22f));
    }
}

/* What the lanes leave below them: of each branch the channels with the largest values. */
static void strongest_of_branches(Ui *ui, Model *m, ViewState *v, Rect r, int layer, float tile)
{
    const Module *module = &model_net(m)->modules[model_net(m)->layers[layer].module];
    const float gap = 16;
    LayerMap map;
    if (!compute_map(m->compute, layer, &map))
        return;
    ui_panel(ui, r);
    Rect in = {r.x + LANE_PAD + 6, r.y + 4, r.w - 2 * LANE_PAD - 6, r.h - 4 - LANE_PAD};
    const float w = floorf((in.w - gap * (BRANCH_COUNT - 1)) / BRANCH_COUNT);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        char heading[64];
        snprintf(heading, sizeof heading, "%s · %s", part_branch_title(m, (Branch)b), model_text(m, STR_STRONGEST));
        strongest(ui, m, v, rect_cut_left(&in, w), &map,
                  &(Strongest){.layer = layer, .first = module->offset[b], .count = module->offset[b + 1] - module->offset[b], .by = map.channels->hi,
                               .tile = tile, .heading = heading, .color = ui->theme->branch_text[b]});
        rect_cut_left(&in, gap);
    }
}

/* Widths of the columns at the sides: as wide as lets the smallest tile of the three be largest. */
typedef struct Sides { float input, concat; } Sides;

static Sides sides_fit(const Ui *ui, const Net *net, const Module *module, Lane lanes[BRANCH_COUNT], Rect area)
{
    enum { TRIES = 6 };
    const Shape in = net->layers[module->input].out, out = net->layers[module->last].out;
    Sides best = {0};
    float input_w[TRIES], input_tile[TRIES];
    double most = -1;
    for (int i = 0; i < TRIES; i++)
        input_w[i] = fmaxf(input_width(ui, in, area.w * (0.14f + 0.02f * (float)i), area.h - 54, &input_tile[i]), 118);
    for (int j = 0; j < TRIES; j++) {
        const Concat c = concat_fit(ui, module, out, area.w * (0.2f + 0.02f * (float)j) - BAND_SIDES, area.h - 36);
        const float concat_w = fmaxf((float)c.columns * (c.tile + 1) + BAND_SIDES, 172), concat_tile = c.height <= area.h - 36 ? c.tile : 0;
        for (int i = 0; i < TRIES; i++) {
            float tile;
            const bool fits = lanes_fit(ui, lanes, out, area.w - input_w[i] - INTO - FLOW - concat_w, area.h, &tile) <= area.h;
            const float lane_tile = fits ? tile : 0, least = fminf(fminf(input_tile[i], concat_tile), lane_tile);
            /* Of equal ones the larger lanes, then the larger sides: tiles are below a thousand. Lanes that scroll get the room. */
            const double worth = fits ? 1e6 * (double)least + 1e3 * (double)lane_tile + (double)(input_tile[i] + concat_tile) : 0;
            if (worth > most) {
                best = (Sides){input_w[i], concat_w};
                most = worth;
            }
        }
    }
    return best;
}

void view_module(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const Module *module = &net->modules[net->layers[m->at].module];
    const Shape out = net->layers[m->at].out;
    char name[NET_NAME_MAX + 16], says[160], shape[NUM_MAX];
    part_layer_title(m, m->at, name, sizeof name);
    snprintf(says, sizeof says, model_text(m, STR_SAYS_MODULE), num_shape(shape, net->layers[module->input].out));
    part_stage_title(ui, &area, name, says);
    rect_cut_top(&area, 6);

    Lane lanes[BRANCH_COUNT];
    float tile = MIN_TILE;
    for (int b = 0; b < BRANCH_COUNT; b++)
        lanes[b] = lane_of(net, module, (Branch)b);
    const Sides sides = sides_fit(ui, net, module, lanes, area);
    const Rect input = rect_cut_left(&area, sides.input), gap = rect_cut_left(&area, INTO), concat = rect_cut_right(&area, sides.concat);
    rect_cut_right(&area, FLOW);
    float height = lanes_fit(ui, lanes, out, area.w, area.h, &tile);
    if (height > area.h) /* room for the scroll bar */
        height = lanes_fit(ui, lanes, out, area.w - 10, area.h, &tile);
    if (area.h - height >= strongest_least(tile) + 2 * LANE_GAP + LANE_PAD) {
        Rect below = area;
        area.h = height;
        rect_cut_top(&below, height + LANE_GAP + 2);
        strongest_of_branches(ui, m, v, below, m->at, tile);
    }

    input_column(ui, m, v, input, module->input);
    Rect body = ui_scroll_begin(ui, ui_id("lanes", 0), (Rect){area.x - 2, area.y, area.w + 4, area.h}, &v->scroll[SCROLL_LANES], height);
    body.x += 2;
    body.w -= 4;
    const float spare = fminf(fmaxf((area.h - height) / BRANCH_COUNT, 0), 14); /* lanes breathe where there is room */
    float y = body.y;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        lanes[b].rect = (Rect){body.x, y, body.w, lanes[b].height + spare};
        draw_lane(ui, m, v, &lanes[b], tile);
        y += lanes[b].rect.h + LANE_GAP;
    }
    ui_scroll_end(ui);
    Concat c;
    concat_column(ui, m, v, concat, m->at, &c);
    const Rect concat_seen = {concat.x, concat.y + 18, concat.w, concat.h - 36};
    for (int b = 0; b < BRANCH_COUNT; b++) {
        float a0, b0;
        visible(lanes[b].rect.y, lanes[b].rect.h, area, &a0, &b0);
        if (b0 - a0 > 16)
            ui_arrow(ui, gap.x + 5, (a0 + b0) / 2, gap.x + gap.w - 5, (a0 + b0) / 2, 1.5f, ui->theme->text_faint);
    }
    flows(ui, m, v, lanes, &c, area, concat_seen);
}
