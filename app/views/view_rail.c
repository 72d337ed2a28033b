/* view_rail.c - the whole network as a list: every stop of the walk with its shape, modules with their four branches, the
 * auxiliary heads below the layer that they tap, and how far the computation is. */
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float CHIP_W = 28, CHIP_H = 13, FOOT = 34, HEAD_ROW = 0.8f;

static void chip(Ui *ui, const Model *m, Rect r, int layer)
{
    LayerMap map;
    const Theme *t = ui->theme;
    const bool done = compute_map(m->compute, layer, &map) && map.current;
    const float alpha = done ? 1 : 0.28f;
    const Rect c = {r.x, r.y + floorf((r.h - CHIP_H) / 2), CHIP_W, CHIP_H};
    if (!walk_is_module(model_net(m), layer)) {
        ui_round(ui, c, 2, color_alpha(t->op_chip, alpha));
        return;
    }
    const float w = (CHIP_W - 3) / BRANCH_COUNT;
    for (int b = 0; b < BRANCH_COUNT; b++)
        ui_fill(ui, (Rect){c.x + (float)b * (w + 1), c.y, w, c.h}, color_alpha(t->branch[b], alpha));
}

/* How many rows stand above a stop; heads' rows are lower. */
static float rows_above(const Net *net, int layer)
{
    float rows = 0;
    for (int l = 0; l < layer && l < net->main_count; l++) {
        rows += walk_is_stop(net, l) ? 1 : 0;
        for (int h = 1; h < net->head_count; h++)
            rows += net->heads[h].tap == l ? HEAD_ROW : 0;
    }
    return rows;
}

static const float NAME_X = 12 + 28 + 8, EDGE = 1, SHAPE_GAP = 10, RIGHT = 10, TOP_PAD = 8, BAR = 10;

static float row_height(const Net *net, float height)
{
    return fminf(fmaxf(floorf((height - FOOT - TOP_PAD - 6) / rows_above(net, net->main_count)), 18), 34);
}

/* What a row needs: its name as it is while it is selected, so that the shape stays where it was. */
static float needed(Ui *ui, const Model *m, int layer)
{
    char title[NET_NAME_MAX + 16], shape[NUM_MAX];
    part_layer_title(m, layer, title, sizeof title);
    num_shape(shape, model_net(m)->layers[layer].out);
    return NAME_X + ui_text_width(ui, part_bold(ui), title) + SHAPE_GAP + ui_text_width(ui, part_caption(ui), shape) + RIGHT;
}

float view_rail_width(Ui *ui, const Model *m, float height)
{
    enum { LEAST = 222, MOST = 300 };
    const Net *net = model_net(m);
    const bool scrolls = rows_above(net, net->main_count) * row_height(net, height) + 6 > height - FOOT - TOP_PAD;
    float most = 0;
    for (int l = 0; l < net->main_count; l++)
        if (walk_is_stop(net, l))
            most = fmaxf(most, needed(ui, m, l) + (scrolls ? BAR : 0) + EDGE);
    return fminf(fmaxf(ceilf(most), LEAST), MOST);
}

static void stop_row(Ui *ui, Model *m, Rect r, int layer)
{
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    char title[NET_NAME_MAX + 16], shape[NUM_MAX];
    const Layer *l = &net->layers[layer];
    const bool here = m->at == layer || (l->module >= 0 && net->layers[m->at].module == l->module);
    part_layer_title(m, layer, title, sizeof title);
    if (!here && ui_hover(ui, r))
        ui_fill(ui, r, color_alpha(t->text, 0.045f));
    if (ui_click(ui, ui_id("rail", layer), r))
        model_go(m, layer);
    Rect row = {r.x + 12, r.y, r.w - 12 - RIGHT, r.h};
    chip(ui, m, rect_cut_left(&row, CHIP_W + 8), layer);
    ui_address(ui, l->name);
    num_shape(shape, l->out);
    const TextStyle style = ui_style(here ? FACE_BOLD : FACE_SANS, t->size_small, t->text);
    if (needed(ui, m, layer) > r.w)
        shape[0] = '\0'; /* a long name is worth more */
    ui_pair(ui, row, style, title, part_caption(ui), shape);
    ui_item(ui, r, "row", title);
    ui_address(ui, NULL);
}

static void head_row(Ui *ui, Model *m, Rect r, int head)
{
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    const bool here = net->layers[m->at].head == head;
    char text[96];
    snprintf(text, sizeof text, "aux %d ↗ %s", head, model_text(m, STR_AUX_TRAINING_ONLY));
    if (ui_hover(ui, r))
        ui_fill(ui, r, color_alpha(t->text, 0.045f));
    if (ui_click(ui, ui_id("rail head", head), r))
        model_go(m, net->heads[head].first);
    ui_text(ui, (Rect){r.x + 12 + CHIP_W + 8, r.y, r.w - CHIP_W - 33, r.h},
            ui_style(here ? FACE_BOLD : FACE_SANS, t->size_caption, here ? t->text : t->text_faint), ALIGN_LEFT, text);
}

static void footer(Ui *ui, const Model *m, Rect r)
{
    char text[128], time[48];
    const char *engine = model_text(m, strcmp(m->engine->name, "fast") == 0 ? STR_ENGINE_FAST : STR_ENGINE_REFERENCE);
    const Theme *t = ui->theme;
    const Progress at = compute_progress(m->compute);
    ui_fill(ui, (Rect){r.x, r.y, r.w, 1}, t->panel_edge);
    Rect row = {r.x + 12, r.y + 1, r.w - 24, r.h - 1};
    if (at.failed.text[0] != '\0') {
        ui_text(ui, row, part_colored(part_caption(ui), t->bad), ALIGN_LEFT, at.failed.text);
        return;
    }
    if (at.done < at.total) {
        const Rect bar = {row.x, r.y + r.h - 9, row.w, 4};
        ui_round(ui, bar, 2, t->panel_edge);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * (float)at.done / (float)at.total, bar.h}, 2, t->accent);
        row.h -= 8;
        snprintf(text, sizeof text, model_text(m, STR_COMPUTING), at.done, at.total);
    } else {
        snprintf(time, sizeof time, model_text(m, at.seconds < 1 ? STR_MILLISECONDS : STR_SECONDS), at.seconds < 1 ? 1e3 * at.seconds : at.seconds);
        if (at.computed > 0)
            snprintf(text, sizeof text, model_text(m, STR_COMPUTED_IN), engine, time);
        else /* all maps were there already */
            snprintf(text, sizeof text, model_text(m, STR_ENGINE_ALONE), engine);
        if (at.computed > 0 && at.computed < at.total) /* a change to the weights: what lies before it stayed */
            snprintf(text + strlen(text), sizeof text - strlen(text), model_text(m, STR_LAYERS_OF), at.computed, at.total);
    }
    part_text_fit(ui, row, part_caption(ui), text);
}

static float mark_position(const Net *net, int layer)
{
    const int head = net->layers[layer].head;
    if (head > 0)
        return rows_above(net, net->heads[head].tap) + 1;
    return rows_above(net, walk_out(net, layer));
}

void view_rail(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    const float height = area.h;
    ui_fill(ui, area, t->rail);
    ui_fill(ui, (Rect){area.x + area.w - EDGE, area.y, EDGE, area.h}, t->panel_edge);
    area.w -= EDGE;
    footer(ui, m, rect_cut_bottom(&area, FOOT));
    rect_cut_top(&area, TOP_PAD);
    const float rows = rows_above(net, net->main_count), row = row_height(net, height);
    Rect list = ui_scroll_begin(ui, ui_id("rail list", 0), area, &v->scroll[SCROLL_RAIL], rows * row + 6);

    /* The mark glides from the row that was left to the one arrived at. */
    const float from = mark_position(net, m->motion.from), to = mark_position(net, m->at);
    const Rect mark = {list.x, list.y + roundf((from + (to - from) * model_motion(m)) * row), list.w,
                       roundf(net->layers[m->at].head > 0 ? row * HEAD_ROW : row)};
    ui_fill(ui, mark, t->rail_selected);
    ui_fill(ui, (Rect){mark.x, mark.y, 3, mark.h}, t->accent);

    for (int l = 0; l < net->main_count; l++) {
        const float y = list.y + roundf(rows_above(net, l) * row);
        if (walk_is_stop(net, l))
            stop_row(ui, m, (Rect){list.x, y, list.w, row}, l);
        for (int h = 1; h < net->head_count; h++)
            if (net->heads[h].tap == l)
                head_row(ui, m, (Rect){list.x, y + row, list.w, roundf(row * HEAD_ROW)}, h);
    }
    ui_scroll_end(ui);
}
