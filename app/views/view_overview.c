/* view_overview.c - the whole network at a glance, drawn from what it computes for this picture: every stop with its strongest maps,
 * modules as four lanes that flow into their concat, the auxiliary heads, and the decision. A click walks in. */
#include "app/model/pick.h"
#include "app/model/walk.h"
#include "app/views/overview_layout.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float INFO_H = 46, HEAD_ROW = 30;
enum { CLASSES_MAX = 12 };

static float device_whole(const Ui *ui, float length)
{
    return fmaxf(floorf(length * ui->scale + 0.01f), 1) / ui->scale;
}

/* The strongest maps of a layer, in one row. */
static void draw_strongest(Ui *ui, const Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, int want, float tile)
{
    char address[NET_NAME_MAX + 32];
    MapGrid grid = part_grid(m, v, layer, map, 0, want < map->shape.c ? want : map->shape.c);
    int *picked = view_scratch(v, (size_t)grid.count * sizeof *picked);
    if (picked == NULL || !pick_channels(map->channels->hi, 0, grid.c, NULL, 0, picked, grid.count))
        return;
    grid.picked = picked;
    grid.columns = grid.count;
    grid.tile = tile;
    cursor_text(model_net(m), (Cursor){layer, -1, -1, -1}, address, sizeof address);
    ui_maps(ui, r, &grid, address);
}

/* ---- the kinds of boxes ------------------------------------------------------------------------------------------------------- */

static void draw_maps(Ui *ui, const Model *m, ViewState *v, const OverviewBox *b)
{
    LayerMap map;
    const Color edge = color_mix(ui->theme->page, ui->theme->text, 0.16f);
    for (float back = 8; back > 0; back -= 4)
        ui_round(ui, (Rect){b->art.x + back, b->art.y - back, b->art.w, b->art.h}, 1, back > 4 ? color_mix(ui->theme->page, edge, 0.6f) : edge);
    if (compute_map(m->compute, b->layer, &map))
        draw_strongest(ui, m, v, b->art, b->layer, &map, 1, fmaxf(b->art.w, b->art.h));
    else
        ui_fill(ui, b->art, ui->theme->tile_back);
}

/* A lane's maps, their band in the concat, and the ribbon between them. */
static void draw_lane(Ui *ui, const Model *m, ViewState *v, Rect lane, int branch, int layer, Rect band)
{
    const Theme *t = ui->theme;
    LayerMap map;
    const Rect mark = rect_cut_left(&lane, 3);
    rect_cut_left(&lane, 4);
    const float tile = device_whole(ui, lane.h);
    const int columns = (int)fmaxf((lane.w + 1) / (tile + 1), 1);
    ui_fill(ui, mark, t->branch[branch]);
    if (compute_map(m->compute, layer, &map))
        draw_strongest(ui, m, v, lane, layer, &map, columns, tile);
    else
        ui_fill(ui, (Rect){lane.x, lane.y, (float)columns * (tile + 1) - 1, tile}, t->tile_back);
    ui_ribbon(ui, lane.x + fminf((float)columns * (tile + 1), lane.w) + 2, lane.y, lane.y + lane.h, band.x - 1, band.y, band.y + band.h,
              color_alpha(t->branch[branch], 0.2f));
    ui_fill(ui, band, t->branch[branch]);
}

static void draw_module(Ui *ui, const Model *m, ViewState *v, const OverviewBox *b, float zoom)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[b->layer];
    const Module *module = &net->modules[l->module];
    char title[NET_NAME_MAX + 16], shape[NUM_MAX], count[NUM_MAX], weights[64];
    const float pad = roundf(fminf(fmaxf(8 * zoom, 5), 14));
    ui_panel(ui, b->art);
    Rect in = rect_inset(b->art, pad);
    const Rect head = rect_cut_top(&in, 17);
    rect_cut_top(&in, roundf(3 * zoom));
    part_layer_title(m, b->layer, title, sizeof title);
    if (ui_text_width(ui, part_bold(ui), title) > head.w)
        snprintf(title, sizeof title, "%s", module->title);
    ui_text(ui, head, part_bold(ui), ALIGN_LEFT, title);
    if (zoom >= 0.82f) {
        snprintf(weights, sizeof weights, model_text(m, STR_OVERVIEW_WEIGHTS), num_count(count, trace_sum(&m->trace, module->first, module->last).weights));
        num_shape(shape, l->out);
        if (ui_text_width(ui, part_caption(ui), weights) + 8 + ui_text_width(ui, part_caption(ui), shape) > in.w)
            shape[0] = '\0'; /* the line at the bottom of the view says it too */
        ui_pair(ui, rect_cut_bottom(&in, 15), part_caption(ui), weights, part_caption(ui), shape);
        rect_cut_bottom(&in, 2);
    }
    const float gap = roundf(fmaxf(3 * zoom, 2)), lane_h = floorf((in.h - gap * (BRANCH_COUNT - 1)) / BRANCH_COUNT);
    Rect bands = rect_cut_right(&in, roundf(16 * zoom));
    rect_cut_right(&in, roundf(34 * zoom));
    const float unit = (bands.h - BRANCH_COUNT + 1) / (float)module->offset[BRANCH_COUNT];
    for (int i = 0; i < BRANCH_COUNT; i++) {
        const Rect lane = {in.x, in.y + (float)i * (lane_h + gap), in.w, lane_h};
        const Rect band = {bands.x, bands.y + (float)module->offset[i] * unit + (float)i, bands.w, (float)(module->offset[i + 1] - module->offset[i]) * unit};
        char name[NET_NAME_MAX + 32];
        cursor_text(net, (Cursor){l->inputs[i], -1, -1, -1}, name, sizeof name);
        ui_address(ui, name);
        draw_lane(ui, m, v, lane, i, l->inputs[i], band);
        ui_item(ui, lane, "lane", part_branch_title(m, (Branch)i));
        ui_item(ui, band, "band", part_branch_title(m, (Branch)i));
        ui_address(ui, NULL);
    }
}

/* Every value of a layer without height and width as a cell, as many as there is room for. */
static void draw_values(Ui *ui, const Model *m, ViewState *v, const OverviewBox *b)
{
    LayerMap map;
    char address[NET_NAME_MAX + 32];
    if (!compute_map(m->compute, b->layer, &map)) {
        ui_fill(ui, b->art, ui->theme->tile_back);
        return;
    }
    MapGrid grid = part_grid(m, v, b->layer, &map, 0, map.shape.c);
    const int most = b->columns * (int)fmaxf(floorf(b->art.h / b->cell + 0.01f), 1);
    grid.gap = 0;
    grid.tile = b->cell;
    grid.columns = b->columns;
    grid.count = grid.c < most ? grid.c : most;
    cursor_text(model_net(m), (Cursor){b->layer, -1, -1, -1}, address, sizeof address);
    ui_maps(ui, b->art, &grid, address);
}

static void draw_classes(Ui *ui, Model *m, const OverviewBox *b)
{
    const Theme *t = ui->theme;
    Guess top[CLASSES_MAX];
    const float row = OVERVIEW_CLASS_ROW;
    const int rows = (int)(b->art.h / row + 0.5f), count = model_top(m, top, rows < CLASSES_MAX ? rows : CLASSES_MAX);
    const bool means = source_trained(&m->source->source, 0);
    char name[128], number[NUM_MAX];
    float name_w = 0;
    for (int i = 0; i < count; i++) {
        part_class_name(m, top[i].index, name, sizeof name);
        name_w = fmaxf(name_w, ui_text_width(ui, part_bold(ui), name) + 2);
    }
    name_w = fminf(ceilf(name_w), b->art.w * 0.5f);
    float y = b->art.y;
    for (int i = 0; i < count; i++, y += row) {
        Rect r = {b->art.x, y, b->art.w, row - 4};
        char shown[128];
        part_class_name(m, top[i].index, name, sizeof name);
        const TextStyle style = part_means(ui, m, i == 0 ? part_bold(ui) : part_body(ui));
        part_cut(ui, style, name, name_w, shown, sizeof shown);
        ui_text(ui, rect_cut_left(&r, name_w), style, ALIGN_RIGHT, shown);
        rect_cut_left(&r, 10);
        const Rect value = rect_cut_right(&r, 62);
        const float w = fmaxf(r.w * fminf(top[i].prob, 1), 2);
        ui_round(ui, r, 3, color_mix(t->panel, t->text, 0.05f));
        ui_round(ui, (Rect){r.x, r.y, w, r.h}, 3, !means ? t->op_chip : i == 0 ? t->accent : t->histogram);
        ui_text(ui, value, part_means(ui, m, part_mono(ui)), ALIGN_RIGHT, num_probability(number, (double)top[i].prob));
    }
}

/* ---- around them ---------------------------------------------------------------------------------------------------------------- */

static void words_of(const Model *m, int layer, char *name, size_t name_size, char shape[NUM_MAX])
{
    const Shape out = model_net(m)->layers[layer].out;
    part_layer_title(m, layer, name, name_size);
    if (out.h == 1 && out.w == 1)
        num_count(shape, out.c);
    else
        num_shape(shape, out);
}

typedef struct Measure {
    Ui *ui;
    const Model *m;
} Measure;

static float words_width(void *user, int layer)
{
    const Measure *w = user;
    char name[NET_NAME_MAX + 16], shape[NUM_MAX];
    words_of(w->m, layer, name, sizeof name, shape);
    return fmaxf(ui_text_width(w->ui, part_bold(w->ui), name), ui_text_width(w->ui, part_caption(w->ui), shape)) + 2;
}

static void draw_words(Ui *ui, const Model *m, const OverviewBox *b)
{
    char name[NET_NAME_MAX + 16], shape[NUM_MAX];
    Rect r = {b->rect.x, b->art.y + b->art.h + 3, b->rect.w, 16};
    words_of(m, b->layer, name, sizeof name, shape);
    ui_text(ui, r, part_bold(ui), ALIGN_LEFT, name);
    r.y += 15;
    ui_text(ui, r, part_caption(ui), ALIGN_LEFT, shape);
}

static void draw_head(Ui *ui, Model *m, const OverviewBox *b)
{
    const Theme *t = ui->theme;
    const Rect r = b->head_rect;
    char text[96];
    if (b->head == 0)
        return;
    const float x = r.x + r.w / 2;
    const bool over = ui_hover(ui, r);
    snprintf(text, sizeof text, model_text(m, STR_OVERVIEW_HEAD), b->head);
    ui_line(ui, x, b->rect.y + b->rect.h + 1, x, r.y, 1.5f, t->text_faint);
    ui_round(ui, r, 5, over ? t->accent_soft : t->panel);
    ui_frame_round(ui, r, 5, 1, over ? t->accent : t->panel_edge);
    ui_text(ui, rect_inset(r, 2), part_caption(ui), ALIGN_CENTER, text);
    ui_item(ui, r, "button", text);
    if (ui_click(ui, ui_id("overview head", b->head), r))
        model_go(m, model_net(m)->heads[b->head].first);
}

static void draw_arrows(Ui *ui, const Overview *o, Rect area)
{
    const Color ink = ui->theme->text_faint;
    for (int i = 0; i + 1 < o->count; i++) {
        const OverviewBox *a = &o->boxes[i], *b = &o->boxes[i + 1];
        const float ay = a->art.y + a->art.h / 2, by = b->art.y + b->art.h / 2;
        const float from = a->art.x + a->art.w + (a->kind == OVERVIEW_MAPS ? 12 : 4);
        if (a->line == b->line) { /* boxes of a line have one axis, but for the rounding of their sizes */
            ui_arrow(ui, from, by, b->art.x - 4, by, 1.5f, ink);
            continue;
        }
        /* To the end of the line, between the lines back to the left, and into the next one. Straight lines cost no more than their
         * pixels; one polyline would be blended over the whole of its bounding box in every frame. */
        float lowest = 0, highest = by;
        for (int j = 0; j < o->count; j++) {
            const OverviewBox *c = &o->boxes[j];
            if (c->line == a->line)
                lowest = fmaxf(lowest, c->head_rect.w > 0 ? c->head_rect.y + c->head_rect.h : c->rect.y + c->rect.h);
            else if (c->line == b->line)
                highest = fminf(highest, c->rect.y);
        }
        const float right = fminf(fmaxf(from + 8, a->rect.x + a->rect.w + 8), area.x + area.w + 10), left = area.x - 12;
        const float middle = roundf((lowest + highest) / 2);
        ui_line(ui, from, ay, right, ay, 1.5f, ink);
        ui_line(ui, right, ay, right, middle, 1.5f, ink);
        ui_line(ui, left, middle, right, middle, 1.5f, ink);
        ui_line(ui, left, middle, left, by, 1.5f, ink);
        ui_arrow(ui, left, by, b->art.x - 2, by, 1.5f, ink);
    }
}

static void draw_box(Ui *ui, Model *m, ViewState *v, const OverviewBox *b, float zoom)
{
    switch (b->kind) {
    case OVERVIEW_PICTURE: part_picture(ui, &m->picture, b->art, NULL); break;
    case OVERVIEW_MAPS: draw_maps(ui, m, v, b); break;
    case OVERVIEW_MODULE: draw_module(ui, m, v, b, zoom); break;
    case OVERVIEW_VALUES: draw_values(ui, m, v, b); break;
    case OVERVIEW_CLASSES: draw_classes(ui, m, b); break;
    case OVERVIEW_KIND_COUNT: break;
    }
    if (b->kind != OVERVIEW_MODULE)
        draw_words(ui, m, b);
}

/* What a stop does, in words, and what it is of the whole. */
static void info(Ui *ui, Model *m, Rect r, int layer)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const Theme *t = ui->theme;
    const int first = l->module >= 0 ? net->modules[l->module].first : layer;
    const Counts counts = trace_sum(&m->trace, first, layer);
    const LayerTrace *at = &m->trace.layers[layer];
    char name[NET_NAME_MAX + 16], says[192], facts[256], field[NUM_MAX], weights[NUM_MAX], share[NUM_MAX], work[NUM_MAX], shape[NUM_MAX];
    ui_fill(ui, (Rect){r.x, r.y, r.w, 1}, t->panel_edge);
    rect_cut_top(&r, 4);
    Rect line = rect_cut_top(&r, 20);
    part_layer_title(m, layer, name, sizeof name);
    part_says(m, layer, says, sizeof says);
    const char *walk = model_text(m, STR_OVERVIEW_WALK_IN);
    const float walk_w = ui_text_width(ui, part_bold(ui), walk) + 16;
    if (walk_w < line.w / 3) {
        const Rect button = rect_cut_right(&line, walk_w);
        if (ui_click(ui, ui_id("overview walk in", 0), button))
            model_go(m, layer);
        ui_item(ui, button, "button", walk);
        ui_text(ui, button, part_colored(part_bold(ui), t->accent), ALIGN_RIGHT, walk);
    }
    rect_cut_left(&line, ui_text(ui, line, part_bold(ui), ALIGN_LEFT, name) + 12);
    char shown[256];
    part_cut(ui, part_body(ui), says, line.w, shown, sizeof shown);
    ui_text(ui, line, part_body(ui), ALIGN_LEFT, shown);
    num_shape(shape, l->out);
    num_count(field, at->field);
    if (counts.weights > 0)
        snprintf(facts, sizeof facts, model_text(m, STR_OVERVIEW_FACTS), shape, field, field, num_count(weights, counts.weights),
                 num_percent(share, (double)counts.weights / (double)m->trace.main.weights),
                 num_percent(work, (double)counts.macs / (double)m->trace.main.macs));
    else
        snprintf(facts, sizeof facts, model_text(m, STR_OVERVIEW_FACTS_NONE), shape, field, field);
    part_text_fit(ui, rect_cut_top(&r, 18), part_caption(ui), facts);
}

void view_overview(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    char says[160];
    OverviewBox *boxes = view_scratch(v, (size_t)net->main_count * sizeof *boxes);
    Overview o;
    Rect head = rect_cut_top(&area, HEAD_ROW), below = rect_cut_bottom(&area, INFO_H);
    if (boxes == NULL)
        return;
    rect_cut_left(&head, ui_text(ui, head, part_title(ui), ALIGN_LEFT, str_title(m->screen.lang, net->title, net->title_zh)) + 14);
    area = (Rect){area.x + 14, area.y + 8, area.w - 28, area.h - 12};
    overview_layout(net, area, (OverviewWords){words_width, &(Measure){ui, m}}, boxes, &o);
    snprintf(says, sizeof says, model_text(m, STR_OVERVIEW_SAYS), o.count);
    part_text_fit(ui, (Rect){head.x, head.y + 2, head.w, head.h}, part_small(ui), says);

    const Rect seen = {area.x - 14, area.y - 6, area.w + 28, area.h + 8};
    Rect body = ui_scroll_begin(ui, ui_id("overview", 0), seen, &v->scroll[SCROLL_LIST], o.height);
    const float moved = body.y - seen.y, spare = floorf(fmaxf((area.h - o.height) / 2, 0));
    for (int i = 0; i < o.count; i++) {
        boxes[i].rect.y += moved + spare;
        boxes[i].art.y += moved + spare;
        boxes[i].head_rect.y += moved + spare;
    }
    draw_arrows(ui, &o, area);
    const int here = overview_find(&o, net, m->at);
    int over = -1;
    if (here >= 0)
        v->grown_from = boxes[here].art; /* Enter and the arrows walk in from there, a click from the box that it is on */
    for (int i = 0; i < o.count; i++) {
        const OverviewBox *b = &boxes[i];
        char name[NET_NAME_MAX + 32];
        const Rect frame = rect_inset(b->kind == OVERVIEW_MODULE ? b->art : b->rect, b->kind == OVERVIEW_MODULE ? -1 : -5);
        if (ui_hover(ui, b->rect))
            over = i;
        if (i == here && b->kind != OVERVIEW_MODULE)
            ui_round(ui, frame, 6, t->accent_soft);
        draw_box(ui, m, v, b, o.zoom);
        if (i == over || i == here)
            ui_frame_round(ui, frame, 7, i == here ? 2 : 1, t->accent);
        draw_head(ui, m, b);
        if (ui_click(ui, ui_id("overview stop", b->layer), b->rect)) {
            v->grown_from = b->art;
            model_go(m, b->layer);
        }
        cursor_text(net, (Cursor){b->layer, -1, -1, -1}, name, sizeof name);
        ui_address(ui, name);
        ui_item(ui, b->rect, "stop", name);
        ui_address(ui, NULL);
    }
    ui_scroll_end(ui);
    info(ui, m, below, boxes[over >= 0 ? over : here >= 0 ? here : 0].layer);
}
