/* view_module.c - an Inception module, all of it at every size: the input that all branches read, four lanes with every intermediate
 * map, and the concat with each branch's band of channels. Outputs flow into their bands. module_layout.c says where everything is. */
#include "app/model/pick.h"
#include "app/views/module_layout.h"
#include "app/views/strongest.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

static const float PAD = 10, TRAVEL_SECONDS = 0.8f;
enum { TRAVELLERS = 12 };

static void op_name_of(const Model *m, const ModuleLane *lane, int layer, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[layer];
    if (l->op == OP_MAXPOOL)
        snprintf(out, size, model_text(m, STR_POOL_NAME), l->k, l->k, l->stride);
    else if (lane->branch == BRANCH_POOL)
        snprintf(out, size, "%s", model_text(m, STR_PROJ_NAME));
    else if (layer == lane->before.layer)
        snprintf(out, size, "%s", model_text(m, STR_REDUCE_NAME));
    else
        snprintf(out, size, model_text(m, STR_CONV_NAME), l->k, l->k);
}

/* "1×1 reduce 96×28×28 · 18,432 w": as much of it as there is room for. */
static void caption(Ui *ui, const Model *m, Rect r, const ModuleLane *lane, int layer, const char *averaged)
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
        if (ui_text_width(ui, part_caption(ui), shape) > r.w) /* a column of one tile has room for the channels alone */
            num_count(shape, l->out.c);
        ui_text(ui, r, part_caption(ui), ALIGN_LEFT, shape);
        return;
    }
    rect_cut_left(&r, ui_text(ui, r, strong, ALIGN_LEFT, name) + 5);
    ui_text(ui, r, part_caption(ui), ALIGN_LEFT, dim);
}

/* ---- grids ------------------------------------------------------------------------------------------------------------------------ */

/* The maps of a grid: all in their order, or the strongest, and with them those that are selected, pointed at or spoken of. */
static MapGrid grid_maps(const Model *m, ViewState *v, const ModuleGrid *g, const LayerMap *map)
{
    MapGrid grid = part_grid(m, v, g->layer, map, g->first, g->shown);
    grid.columns = g->columns;
    grid.tile = g->tile;
    if (g->shown == g->count)
        return grid;
    int must[LIT_MAX + 2] = {part_channel_here(m, m->cursor, g->layer), part_channel_here(m, v->lit, g->layer)};
    for (int i = 0; i < m->lit_count; i++)
        must[i + 2] = part_channel_here(m, m->lit[i], g->layer);
    int *picked = view_scratch(v, (size_t)(g->shown > 0 ? g->shown : 1) * sizeof *picked);
    if (picked != NULL && pick_channels(map->channels->hi, g->first, g->count, must, m->lit_count + 2, picked, g->shown)) {
        grid.first = 0;
        grid.picked = picked;
    }
    return grid;
}

/* "+96": how many maps are not shown. A click opens the lane, or closes it. */
static bool more_tile(Ui *ui, const Model *m, const ModuleGrid *g)
{
    char text[16], tip[160], name[NET_NAME_MAX + 32];
    if (g->more.w <= 0)
        return false;
    const bool over = ui_hover(ui, g->more);
    snprintf(text, sizeof text, "+%d", g->count - g->shown);
    ui_round(ui, g->more, 3, over ? ui->theme->accent_soft : ui->theme->tile_back);
    const TextStyle style = part_colored(module_more_style(ui), over ? ui->theme->accent : ui->theme->text_dim);
    if (g->more.h >= 11)
        ui_text(ui, g->more, style, ALIGN_CENTER, ui_text_width(ui, style, text) <= g->more.w ? text : "+");
    cursor_text(model_net(m), (Cursor){g->layer, -1, -1, -1}, name, sizeof name);
    ui_address(ui, name);
    ui_item(ui, g->more, "more", text);
    ui_address(ui, NULL);
    if (over) {
        snprintf(tip, sizeof tip, model_text(m, STR_MODULE_MORE), g->shown, g->count);
        ui_tooltip(ui, tip);
    }
    return ui_click(ui, ui_id("more", g->layer * 4096 + g->first), g->more);
}

/* True when its last tile was clicked. */
static bool draw_grid(Ui *ui, Model *m, ViewState *v, const ModuleGrid *g)
{
    LayerMap map;
    if (g->layer < 0)
        return false;
    if (!compute_map(m->compute, g->layer, &map)) {
        ui_round(ui, g->rect, 3, ui->theme->tile_back);
        return false;
    }
    const MapGrid grid = grid_maps(m, v, g, &map);
    if (grid.count > 0)
        part_maps(ui, m, v, g->rect, g->layer, &map, &grid);
    return more_tile(ui, m, g);
}

/* ---- the lanes and the columns at the sides ------------------------------------------------------------------------------------------ */

static void lane_words(Ui *ui, const Model *m, const ModuleLane *lane)
{
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    char head[64], count[NUM_MAX], cost[64], averaged[48];
    const Shape out = net->layers[lane->out.layer].out;
    const MapGrid drawn = {.h = out.h, .w = out.w, .tile = lane->out.tile};
    part_averaged(ui, m, &drawn, averaged, sizeof averaged);
    if (lane->head.h > 0) {
        snprintf(head, sizeof head, model_text(m, STR_BRANCH_N), lane->branch + 1);
        const Counts counts = trace_branch(&m->trace, net->layers[lane->out.layer].module, lane->branch);
        snprintf(cost, sizeof cost, model_text(m, STR_WEIGHTS_N), num_count(count, counts.weights));
        ui_pair(ui, lane->head, part_colored(part_bold(ui), t->branch_text[lane->branch]), head, part_caption(ui), lane->before.layer >= 0 ? cost : "");
    }
    Rect words = lane->captions;
    part_averaged_tip(ui, m, words, &drawn);
    if (lane->before.layer >= 0) {
        const float end = lane->out.rect.x;
        caption(ui, m, (Rect){words.x, words.y, end - words.x - 8, words.h}, lane, lane->before.layer, averaged);
        words = (Rect){end, words.y, words.x + words.w - end, words.h};
    }
    caption(ui, m, words, lane, lane->out.layer, averaged);
}

/* Opens a lane, or closes it. */
static void toggle_lane(ViewState *v, Branch branch)
{
    v->open_branch = v->open_branch == branch ? BRANCH_NONE : branch;
}

static void draw_lane(Ui *ui, Model *m, ViewState *v, const ModuleLane *lane)
{
    ui_panel_marked(ui, lane->rect, ui->theme->branch[lane->branch]);
    ui_item(ui, lane->rect, v->open_branch == lane->branch ? "open lane" : "lane", part_branch_title(m, lane->branch));
    lane_words(ui, m, lane);
    const bool before = draw_grid(ui, m, v, &lane->before), out = draw_grid(ui, m, v, &lane->out);
    if (lane->before.layer >= 0) {
        const float left = lane->before.rect.x + lane->before.rect.w, y = roundf(lane->out.rect.y + fminf(lane->before.rect.h, lane->out.rect.h) / 2);
        ui_arrow(ui, left + 6, y, lane->out.rect.x - 7, y, 1.5f, ui->theme->text_faint);
    }
    const Rect words = {lane->rect.x, lane->rect.y, lane->rect.w, lane->captions.y + lane->captions.h - lane->rect.y};
    if (ui_click(ui, ui_id("lane", lane->branch), words) || before || out)
        toggle_lane(v, lane->branch);
}

/* "input 192×28×28" above a column at the side. */
static void column_words(Ui *ui, const Model *m, Rect row, Str name, int layer)
{
    char shape[NUM_MAX];
    rect_cut_left(&row, ui_text(ui, row, part_colored(part_caption(ui), ui->theme->text), ALIGN_LEFT, model_text(m, name)) + 5);
    part_text_fit(ui, row, part_caption(ui), num_shape(shape, model_net(m)->layers[layer].out));
}

static void draw_band(Ui *ui, Model *m, ViewState *v, const ModuleLane *lane)
{
    const Theme *t = ui->theme;
    const ModuleGrid *g = &lane->concat;
    char range[32];
    ui_round(ui, lane->band, 2, t->branch[lane->branch]);
    ui_item(ui, lane->band, "band", part_branch_title(m, lane->branch));
    if (draw_grid(ui, m, v, g))
        toggle_lane(v, lane->branch);
    snprintf(range, sizeof range, "%d–%d", g->first, g->first + g->count - 1);
    Rect label = lane->label;
    ui_text(ui, rect_cut_top(&label, 15), part_colored(ui_style(FACE_BOLD, t->size_caption, 0), t->branch_text[lane->branch]), ALIGN_LEFT,
            part_branch_title(m, lane->branch));
    label.y -= 1;
    ui_text(ui, rect_cut_top(&label, 15), part_colored(part_caption(ui), t->branch_text[lane->branch]), ALIGN_LEFT, range);
}

static void draw_ribbons(Ui *ui, const Model *m, const ViewState *v, const ModuleLayout *layout)
{
    const Net *net = model_net(m);
    const int module = net->layers[m->at].module;
    const Cursor lit = v->lit.layer >= 0 && v->lit.channel >= 0 ? v->lit : m->cursor;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const ModuleLane *lane = &layout->lanes[b];
        const Layer *l = lit.channel >= 0 ? &net->layers[lit.layer] : NULL;
        const bool strong = l != NULL && l->module == module &&
                            (l->op == OP_CONCAT ? part_branch_of(&net->modules[module], lit.channel) : l->branch) == (Branch)b;
        ui_ribbon(ui, lane->rect.x + lane->rect.w + 1, lane->rect.y, lane->rect.y + lane->rect.h, lane->band.x - 2, lane->band.y,
                  lane->band.y + lane->band.h, color_alpha(ui->theme->branch[b], strong ? 0.55f : 0.22f));
    }
}

/* On entering, the first maps of each branch travel along the ribbon to their places in the concat: it only copies. */
static void draw_travellers(Ui *ui, const Model *m, ViewState *v, const ModuleLayout *layout)
{
    const float t = model_motion_part(m, 0.15, (double)TRAVEL_SECONDS);
    if (t >= 1)
        return;
    ui->want_frame = true;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const ModuleLane *lane = &layout->lanes[b];
        LayerMap map;
        if (!compute_map(m->compute, lane->out.layer, &map))
            continue;
        const MapGrid from = grid_maps(m, v, &lane->out, &map);
        MapGrid to = from;
        to.columns = lane->concat.columns;
        to.count = to.count < lane->concat.shown ? to.count : lane->concat.shown;
        for (int i = 0; i < to.count && i < TRAVELLERS; i++) {
            const Rect a = map_tile_rect(lane->out.rect, &from, map_shown(&from, i)), z = map_tile_rect(lane->concat.rect, &to, map_shown(&to, i));
            MapGrid one = from;
            one.first = map_shown(&from, i);
            one.picked = NULL;
            one.count = one.columns = 1;
            ui_maps(ui, (Rect){roundf(a.x + (z.x - a.x) * t), roundf(a.y + (z.y - a.y) * t), a.w, a.h}, &one, "");
        }
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
    Rect in = {r.x + PAD + 6, r.y + 4, r.w - 2 * PAD - 6, r.h - 4 - PAD};
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

void view_module(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const Module *module = &net->modules[net->layers[m->at].module];
    char name[NET_NAME_MAX + 16], says[192];
    ModuleLayout l;
    part_layer_title(m, m->at, name, sizeof name);
    part_says(m, m->at, says, sizeof says);
    part_stage_title(ui, &area, name, says);
    rect_cut_top(&area, 6);
    if (v->open_module != m->at) { /* a lane is open until one leaves its module */
        v->open_module = m->at;
        v->open_branch = BRANCH_NONE;
    }
    module_layout(ui, net, net->layers[m->at].module, area, v->open_branch, &l);
    draw_ribbons(ui, m, v, &l);
    column_words(ui, m, l.input_words, STR_INPUT, module->input);
    if (draw_grid(ui, m, v, &l.input))
        model_go(m, module->input); /* where there is room for all of them */
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const ModuleLane *lane = &l.lanes[b];
        const float y = roundf(lane->rect.y + lane->rect.h / 2);
        draw_lane(ui, m, v, lane);
        ui_arrow(ui, lane->rect.x - 21, y, lane->rect.x - 5, y, 1.5f, ui->theme->text_faint);
    }
    column_words(ui, m, l.concat_words, STR_CONCAT, m->at);
    for (int b = 0; b < BRANCH_COUNT; b++)
        draw_band(ui, m, v, &l.lanes[b]);
    draw_travellers(ui, m, v, &l);
    const float used = l.lanes_area.y + l.lanes_area.h - area.y;
    if (area.h - used >= strongest_least(l.tile) + 18 + PAD) {
        const Rect below = {l.lanes_area.x, area.y + used + 10, l.lanes_area.w, area.h - used - 10};
        strongest_of_branches(ui, m, v, below, m->at, l.tile);
    }
}
