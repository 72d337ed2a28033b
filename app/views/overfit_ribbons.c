/* overfit_ribbons.c - one training step as a river: what goes forward as a thin pipe from left to right, and the gradient as ribbons from the
 * losses back to the first layer, as thick as it is large; see overfit_view.h. */
#include "app/views/overfit_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DECADES = 4 };           /* of the gradient from the thinnest ribbon to the thickest */
static const float NAMES = 20, PIPE = 10, LEAST = 3;

/* One column: a module, or a layer with weights outside of modules. */
typedef struct Station {
    const char *name;
    int layer, first;           /* its last and its first layer */
    float x;
    float thick;                /* of the ribbon at its map */
    int heads;                  /* losses that reach it, the main one among them */
} Station;

/* Everything about this frame's picture. */
typedef struct River {
    Model *m;
    Station stops[GRADIENTS_ROWS_MAX];
    int count;
    LossChoice choice;
    int order[HEADS_MAX], head_count; /* losses that take part, in the order of their strands from the top: the last tap first */
    float x0, x1;               /* the picture's end, and the loss's */
    float pipe_y, top, bottom;  /* of the pipe's middle; the room of the ribbons */
    float forward, backward;    /* how far both have come, 0 .. 1 */
    bool low;                   /* there is little room: heads have one line, changes no numbers */
    float head_h, moves_h;      /* heights of the heads' boxes and of the row of changes */
} River;

/* The layer whose map a head reads; the last one for the main loss. */
static int tap_of(const Net *net, int head)
{
    for (int l = net->main_count; head > 0 && l < net->layer_count; l++)
        if (net->layers[l].head == head)
            return net->layers[l].inputs[0];
    return net->main_count;
}

static int stop_of(const River *w, int layer)
{
    int i = 0;
    while (i + 1 < w->count && w->stops[i].layer < layer)
        i++;
    return i;
}

static float middle(const River *w)
{
    return (w->top + w->bottom) / 2;
}

/* ---- layout ------------------------------------------------------------------------------------------------------------------------------- */

static float thickness(const River *w, double rms)
{
    const double high = w->m->overfit.high;
    const double share = rms > 0 && high > 0 ? 1 + log10(rms / high) / DECADES : 0;
    return fmaxf(LEAST, (w->bottom - w->top) * (float)fmin(share, 1));
}

static void find_strands(River *w)
{
    const Net *net = model_net(w->m);
    w->head_count = 0;
    for (int h = 0; h < net->head_count; h++) {
        int at = w->head_count;
        if (w->choice.silent[h])
            continue;
        for (; at > 0 && tap_of(net, w->order[at - 1]) < tap_of(net, h); at--)
            w->order[at] = w->order[at - 1];
        w->order[at] = h;
        w->head_count++;
    }
}

static void find_stops(River *w, ViewState *v)
{
    Model *m = w->m;
    Gradients by_module = m->gradients;
    GradientsRow *rows = view_scratch(v, GRADIENTS_ROWS_MAX * sizeof *rows);
    w->count = 0;
    if (rows == NULL)
        return;
    by_module.by_layer = by_module.of_weights = false;
    w->count = gradients_rows(model_net(m), &by_module, false, rows);
    for (int i = 0; i < w->count; i++) {
        Station *s = &w->stops[i];
        *s = (Station){.name = rows[i].name, .layer = rows[i].layer, .x = w->x0 + (w->x1 - w->x0) * ((float)i + 0.5f) / ((float)w->count + 0.5f)};
        const int module = model_net(m)->layers[s->layer].module;
        s->first = module >= 0 ? model_net(m)->modules[module].first : s->layer;
        for (int k = 0; k < w->head_count; k++)
            s->heads += tap_of(model_net(m), w->order[k]) >= s->layer;
        s->thick = s->heads > 0 ? thickness(w, overfit_flow(m, s->layer)) : 0;
    }
}

/* The upper edge of a strand at a stop; of strand `heads` it is the lower edge of the last one. */
static float strand_y(const River *w, const Station *s, int strand)
{
    return middle(w) - s->thick / 2 + s->thick * (float)strand / (float)(s->heads > 0 ? s->heads : 1);
}

/* ---- ribbons -------------------------------------------------------------------------------------------------------------------------------- */

static Rect head_box(const River *w, const Net *net, int head)
{
    const int i = stop_of(w, tap_of(net, head));
    float next = w->x1;
    for (int h = 1; h < net->head_count; h++)
        if (tap_of(net, h) > tap_of(net, head))
            next = fminf(next, w->stops[stop_of(w, tap_of(net, h))].x);
    const float column = w->count > 1 ? w->stops[1].x - w->stops[0].x : 60, x = w->stops[i].x + fminf(fmaxf(column * 0.4f, 12), 44);
    return (Rect){x, w->bottom + 14, fminf(118, fmaxf(next - x - 2, 40)), w->head_h};
}

/* All strands between stops, those from the heads' boxes, and that from the loss, in one strength. */
static void ribbons(Ui *ui, const River *w, float alpha)
{
    const Net *net = model_net(w->m);
    for (int i = 0; i < w->count; i++) {
        const Station *s = &w->stops[i], *next = i + 1 < w->count ? s + 1 : NULL;
        for (int k = 0; k < s->heads; k++) {
            const int head = w->order[k]; /* those with the last taps reach furthest right, and come first */
            const Color color = color_alpha(overfit_color(ui, head), alpha);
            const float a = strand_y(w, s, k), b = strand_y(w, s, k + 1);
            if (next != NULL && k < next->heads) {
                ui_ribbon(ui, s->x, a, b, next->x, strand_y(w, next, k), strand_y(w, next, k + 1), color);
            } else if (next == NULL && head == 0) {
                ui_ribbon(ui, s->x, a, b, w->x1, a, b, color);
            } else {
                const Rect box = head_box(w, net, head);
                ui_ribbon(ui, s->x, a, b, box.x, box.y + 4, box.y + box.h - 4, color);
            }
            if (i == 0)
                ui_ribbon(ui, w->x0, a, b, s->x, a, b, color);
        }
    }
}

static void draw_backward(Ui *ui, const River *w)
{
    const float front = w->x1 - w->backward * (w->x1 - w->x0);
    ribbons(ui, w, 0.14f);
    ui_clip_push(ui, (Rect){front, w->top - 8, ui->width - front, w->bottom + w->head_h + 30 - w->top});
    ribbons(ui, w, 0.92f);
    ui_clip_pop(ui);
    if (w->backward > 0 && w->backward < 1)
        ui_fill(ui, (Rect){front - 1, w->top - 4, 3, w->bottom - w->top + 8}, ui->theme->text);
}

static void draw_forward(Ui *ui, const River *w)
{
    const Theme *t = ui->theme;
    const Net *net = model_net(w->m);
    const float front = w->x0 + w->forward * (w->x1 - w->x0);
    for (int h = 1; h < net->head_count; h++) {
        const Rect box = head_box(w, net, h);
        const float x = box.x + 14;
        if (!w->choice.silent[h])
            ui_fill(ui, (Rect){x, w->pipe_y, 3, box.y - w->pipe_y}, x <= front ? t->text_dim : t->tile_back);
    }
    ui_round(ui, (Rect){w->x0, w->pipe_y - PIPE / 2, w->x1 - w->x0, PIPE}, PIPE / 2, t->tile_back);
    if (front > w->x0)
        ui_round(ui, (Rect){w->x0, w->pipe_y - PIPE / 2, front - w->x0, PIPE}, PIPE / 2, t->text_dim);
    for (int i = 0; i < w->count; i++) {
        const float x = w->stops[i].x;
        ui_round(ui, (Rect){x - 3, w->pipe_y - 3, 6, 6}, 3, t->panel);
    }
}

/* ---- stops ------------------------------------------------------------------------------------------------------------------------------------ */

/* The largest relative change of a layer in the stop; -1: nothing has moved yet. */
static double moved(const River *w, const Station *s)
{
    const OverfitStep *last = &w->m->overfit.last;
    double most = -1;
    for (int l = s->first; last->moved != NULL && l <= s->layer; l++)
        most = fmax(most, last->moved[l]);
    return most;
}

/* Percent: what has room in a narrow column. */
static const char *short_percent(char out[NUM_MAX], double share)
{
    const double percent = 100 * share;
    snprintf(out, NUM_MAX, percent >= 9.95 ? "%.0f" : percent >= 0.995 ? "%.1f" : percent >= 0.01 || percent <= 0 ? "%.2f" : "<.01", percent);
    return out;
}

static void draw_moves(Ui *ui, const River *w, Rect row)
{
    const Theme *t = ui->theme;
    const float width = w->count > 1 ? w->stops[1].x - w->stops[0].x : 60;
    char text[NUM_MAX];
    for (int i = 0; i < w->count; i++) {
        const double share = moved(w, &w->stops[i]);
        if (share < 0)
            continue;
        const float height = 24 * (float)fmin(fmax(1 + log10(fmax(share, 1e-9)) / 6, 0.06), 1), bar = fminf(width * 0.5f, 26);
        ui_round(ui, (Rect){w->stops[i].x - bar / 2, row.y + 26 - height, bar, height}, 2, t->good);
        const TextStyle style = ui_style(FACE_MONO, t->size_caption, t->text_dim);
        if (!w->low && ui_text_width(ui, style, "0.00") <= width)
            ui_text(ui, (Rect){w->stops[i].x - width / 2, row.y + 28, width, 16}, style, ALIGN_CENTER, short_percent(text, share));
    }
}

/* Names above the pipe, where they have room, and what a click does. */
static void draw_stops(Ui *ui, const River *w)
{
    const float width = w->count > 1 ? w->stops[1].x - w->stops[0].x : 90;
    const TextStyle style = part_colored(part_caption(ui), ui->theme->text);
    for (int i = 0; i < w->count; i++) {
        const Station *s = &w->stops[i];
        const Rect column = {s->x - width / 2, w->pipe_y - NAMES - 4, width, w->bottom - w->pipe_y + NAMES};
        char address[NET_NAME_MAX + 32], rms[NUM_MAX], tip[NET_NAME_MAX + 128];
        cursor_text(model_net(w->m), (Cursor){s->layer, -1, -1, -1}, address, sizeof address);
        ui_address(ui, address);
        if (ui_text_width(ui, style, s->name) <= width)
            ui_text(ui, (Rect){column.x, column.y, width, NAMES}, style, ALIGN_CENTER, s->name);
        ui_address(ui, NULL);
        if (ui_hover(ui, column)) {
            model_point(w->m, (Cursor){s->layer, -1, -1, -1});
            snprintf(tip, sizeof tip, "%s\n%s %s", s->name, model_text(w->m, STR_GRADIENTS_GRADIENT), num_value(rms, fmax(overfit_flow(w->m, s->layer), 0)));
            ui_tooltip(ui, tip);
        }
        if (ui_click(ui, ui_id("overfit stop", s->layer), column))
            model_go(w->m, s->layer);
    }
}

/* ---- losses ------------------------------------------------------------------------------------------------------------------------------------ */

/* Whether the forward pass has come so far. */
static bool seen(const River *w, float x)
{
    return w->x0 + w->forward * (w->x1 - w->x0) >= x - 1;
}

static void draw_heads(Ui *ui, const River *w)
{
    const Theme *t = ui->theme;
    const Net *net = model_net(w->m);
    char text[NUM_MAX + 16], loss[NUM_MAX];
    for (int h = 1; h < net->head_count; h++) {
        const Rect box = head_box(w, net, h);
        const bool on = !w->choice.silent[h];
        const Color color = overfit_color(ui, h);
        ui_round(ui, box, 6, t->panel);
        ui_frame_round(ui, box, 6, on ? 2 : 1, on ? color : t->panel_edge);
        Rect line = {box.x + (w->low ? 5 : 8), box.y + 3, box.w - (w->low ? 6 : 10), 17};
        const float name = ui_text(ui, line, part_colored(part_bold(ui), on ? t->text : t->text_dim), ALIGN_LEFT, net->heads[h].name);
        if (!on)
            snprintf(text, sizeof text, "%s", model_text(w->m, STR_OVERFIT_OFF));
        else if (!seen(w, box.x))
            snprintf(text, sizeof text, "…");
        else
            snprintf(text, sizeof text, "%s", overfit_loss_text(loss, overfit_head_loss(w->m, h)));
        if (w->low)
            rect_cut_left(&line, name + 4);
        else
            line.y += 16;
        const TextStyle number = ui_style(FACE_MONO, w->low ? t->size_caption : t->size_small, on ? t->text : t->text_dim);
        if (ui_text_width(ui, number, text) <= line.w)
            ui_text(ui, line, number, ALIGN_LEFT, text);
    }
}

/* The loss at the right end, large: all that take part, each with its weight. */
static void draw_loss(Ui *ui, const River *w, Rect r)
{
    const Theme *t = ui->theme;
    const Net *net = model_net(w->m);
    const Gradients *g = &w->m->gradients;
    char text[NUM_MAX], name[96], says[160];
    double total = 0;
    for (int k = 0; k < w->head_count; k++)
        total += (double)net->heads[w->order[k]].loss_weight * overfit_head_loss(w->m, w->order[k]);
    const float y = middle(w);
    Rect box = {r.x, fmaxf(y - 54, r.y), r.w, 108};
    ui_round(ui, box, 8, t->panel);
    ui_frame_round(ui, box, 8, 2, w->choice.silent[0] ? t->panel_edge : overfit_color(ui, 0));
    box = rect_inset(box, 8);
    ui_text(ui, rect_cut_top(&box, 18), part_bold(ui), ALIGN_LEFT, model_text(w->m, STR_OVERFIT_LOSS));
    snprintf(text, sizeof text, "…");
    if (overfit_shown(w->m) >= OVERFIT_LOSS)
        overfit_loss_text(text, total);
    ui_text(ui, rect_cut_top(&box, 32), ui_style(FACE_MONO_BOLD, 24, t->text), ALIGN_LEFT, text);
    part_class_name(w->m, g->label >= 0 ? g->label : g->flow.label, name, sizeof name);
    snprintf(says, sizeof says, model_text(w->m, STR_OVERFIT_FOR), name);
    ui_text(ui, rect_cut_top(&box, 18), part_small(ui), ALIGN_LEFT, says);
    if (w->head_count < 2 || w->choice.silent[0] || overfit_shown(w->m) < OVERFIT_LOSS)
        return;
    snprintf(says, sizeof says, "%s %s", net->heads[0].name, overfit_loss_text(text, overfit_head_loss(w->m, 0)));
    ui_text(ui, rect_cut_top(&box, 16), ui_style(FACE_MONO, t->size_caption, t->text_dim), ALIGN_LEFT, says);
}

/* ---- the picture -------------------------------------------------------------------------------------------------------------------------------- */

static void row_name(Ui *ui, const Model *m, Rect r, float y, Str name)
{
    const char *text = model_text(m, name);
    const float height = ui_paragraph_height(ui, r.w, part_bold(ui), text);
    ui_paragraph(ui, (Rect){r.x, y - height / 2, r.w, height}, part_bold(ui), text);
}

void overfit_ribbons(Ui *ui, Model *m, ViewState *v, Rect r)
{
    River *w = &(River){.m = m};
    const Net *net = model_net(m);
    const double shown = overfit_shown(m);
    const Rect names = rect_cut_left(&r, r.w > 760 ? 84 : 74);
    Rect right = rect_cut_right(&r, fminf(132, r.w * 0.22f));
    w->choice = gradients_choice(&m->gradients, &m->source->source, 0);
    w->forward = (float)fmin(shown, 1);
    w->backward = (float)fmin(fmax(shown - OVERFIT_BACKWARD, 0), 1);
    w->x0 = r.x;
    w->x1 = r.x + r.w;
    w->pipe_y = r.y + NAMES + PIPE / 2 + 2;
    w->top = w->pipe_y + (r.h < 220 ? 12 : 20);
    w->low = r.h < 220;
    w->head_h = w->low ? 24 : 40;
    w->moves_h = w->low ? 28 : 46;
    w->bottom = r.y + r.h - w->moves_h - (net->head_count > 1 ? w->head_h + 22 : 8);
    find_strands(w);
    find_stops(w, v);
    if (w->count == 0)
        return;
    draw_forward(ui, w);
    draw_backward(ui, w);
    draw_heads(ui, w);
    draw_loss(ui, w, right);
    draw_stops(ui, w);
    const Rect moves = {r.x, r.y + r.h - w->moves_h, r.w, w->moves_h};
    if (shown >= OVERFIT_UPDATE)
        draw_moves(ui, w, moves);
    row_name(ui, m, names, w->pipe_y, STR_OVERFIT_FORWARD);
    row_name(ui, m, names, middle(w), STR_OVERFIT_BACKWARD);
    row_name(ui, m, names, moves.y + fminf(22, w->moves_h / 2), STR_OVERFIT_UPDATE);
}
