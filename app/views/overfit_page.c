/* overfit_page.c - the first page of the view of gradients: one training step on the picture, watched; what it does to the answer; the loss of
 * all steps so far. See overfit_view.h. */
#include "app/views/overfit_view.h"
#include "app/views/chart.h"

#include <math.h>
#include <stdio.h>

enum { ANSWERS = 5 };

/* ---- words -------------------------------------------------------------------------------------------------------------------------------------- */

/* What goes on, or what the mode does while nothing does. */
static void tell(const Model *m, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    const Overfit *o = &m->overfit;
    const double shown = overfit_shown(m);
    char name[96];
    part_class_name(m, g->label >= 0 ? g->label : g->flow.label, name, sizeof name);
    if (shown < OVERFIT_LOSS)
        snprintf(out, size, "%s", model_text(m, STR_OVERFIT_TELL_FORWARD));
    else if (shown < OVERFIT_BACKWARD)
        snprintf(out, size, model_text(m, STR_OVERFIT_TELL_LOSS), name);
    else if (shown < OVERFIT_UPDATE)
        snprintf(out, size, "%s", model_text(m, STR_OVERFIT_TELL_BACKWARD));
    else if (shown < OVERFIT_PARTS)
        snprintf(out, size, model_text(m, STR_OVERFIT_TELL_UPDATE), overfit_rates[o->rate]);
    else if (o->undone)
        snprintf(out, size, "%s", model_text(m, STR_OVERFIT_TELL_UNDONE));
    else if (g->eval)
        snprintf(out, size, "%s", model_text(m, STR_OVERFIT_TELL_EVAL));
    else if (overfit_last(m) != NULL ? o->last.droppable > 0 : g->flow.droppable > 0)
        snprintf(out, size, model_text(m, STR_OVERFIT_TELL_DROPS), overfit_last(m) != NULL ? o->last.dropped : g->flow.dropped,
                 overfit_last(m) != NULL ? o->last.droppable : g->flow.droppable);
    else
        snprintf(out, size, "%s", model_text(m, STR_OVERFIT_TELL_TRAIN));
}

/* If there is room for the whole of it. */
static void told(Ui *ui, Rect *r, TextStyle style, const char *text)
{
    if (ui_paragraph_height(ui, r->w, style, text) <= r->h + 2)
        part_paragraph(ui, r, style, text);
}

static void sentences(Ui *ui, const Model *m, Rect *r)
{
    char text[400], low[NUM_MAX], high[NUM_MAX];
    const bool error = m->overfit.problem.text[0] != '\0';
    tell(m, text, sizeof text);
    part_paragraph(ui, r, error ? part_colored(part_body(ui), ui->theme->bad) : part_bold(ui), error ? m->overfit.problem.text : text);
    overfit_label_says(m, text, sizeof text);
    if (text[0] != '\0' && overfit_shown(m) >= OVERFIT_PARTS && overfit_last(m) == NULL)
        told(ui, r, part_caption(ui), text);
    if (model_net(m)->head_count > 1 && !gradients_heads(&m->source->source))
        told(ui, r, part_caption(ui), model_text(m, STR_OVERFIT_TELL_UNTRAINED));
    snprintf(text, sizeof text, model_text(m, STR_OVERFIT_SCALE), num_value(low, m->overfit.high / 1e4), num_value(high, m->overfit.high));
    told(ui, r, part_caption(ui), text);
}

static void buttons(Ui *ui, Model *m, Rect r)
{
    const Overfit *o = &m->overfit;
    char text[64];
    const char *step = model_text(m, STR_OVERFIT_STEP), *keep = model_text(m, o->keeps ? STR_OVERFIT_PAUSE : STR_OVERFIT_KEEP);
    if (ui_button(ui, ui_id("overfit step", 0), rect_cut_left(&r, ui_button_width(ui, step)), step, BUTTON_PRIMARY))
        model_overfit_step(m);
    rect_cut_left(&r, 8);
    if (ui_button(ui, ui_id("overfit keep", 0), rect_cut_left(&r, ui_button_width(ui, keep)), keep, BUTTON_PLAIN))
        model_overfit_keep(m, !o->keeps);
    rect_cut_left(&r, 8);
    if (o->steps == 0)
        return;
    snprintf(text, sizeof text, model_text(m, o->undone ? STR_OVERFIT_REDO : STR_OVERFIT_UNDO), o->steps);
    if (ui_button(ui, ui_id("overfit undo", 0), rect_cut_left(&r, ui_button_width(ui, text)), text, BUTTON_PLAIN))
        model_overfit_undo(m);
}

/* ---- before and after -------------------------------------------------------------------------------------------------------------------------- */

static void answer_bar(Ui *ui, Rect r, double share, Color color)
{
    ui_round(ui, r, 2, ui->theme->tile_back);
    if (share > 0)
        ui_round(ui, (Rect){r.x, r.y, fmaxf(r.w * (float)share, 2), r.h}, 2, color);
}

static void answer_row(Ui *ui, const Model *m, Rect row, int index, const float *was, float now, bool label)
{
    const Theme *t = ui->theme;
    char name[96], percent[NUM_MAX];
    Rect numbers = rect_cut_right(&row, 138);
    part_class_name(m, index, name, sizeof name);
    ui_text(ui, rect_cut_left(&row, fminf(130, row.w * 0.4f)), part_means(ui, m, label ? part_bold(ui) : part_body(ui)), ALIGN_LEFT, name);
    rect_cut_left(&row, 8);
    const float y = row.y + row.h / 2;
    if (was != NULL)
        answer_bar(ui, (Rect){row.x, y - 8, row.w, 6}, (double)*was, t->op_chip);
    answer_bar(ui, (Rect){row.x, y, row.w, 8}, (double)now, t->accent);
    if (was != NULL)
        ui_text(ui, rect_cut_left(&numbers, 66), part_colored(part_mono(ui), t->text_dim), ALIGN_RIGHT, num_probability(percent, (double)*was));
    ui_text(ui, rect_cut_right(&numbers, 66), part_mono(ui), ALIGN_RIGHT, num_probability(percent, (double)now));
}

static void answers(Ui *ui, const Model *m, Rect r)
{
    const Overfit *o = &m->overfit;
    const int classes = net_scores(model_net(m), 0);
    const float *was = o->steps > 0 && !o->undone && o->was_count == classes ? o->was : NULL;
    const int label = m->gradients.label >= 0 ? m->gradients.label : m->gradients.flow.label;
    Guess top[ANSWERS];
    Prediction p;
    Rect in = part_panel(ui, r);
    Rect head = rect_cut_top(&in, 20);
    const Rect now = rect_cut_right(&head, 66), before = rect_cut_right(&head, 120);
    ui_text(ui, now, part_caption(ui), ALIGN_RIGHT, model_text(m, STR_OVERFIT_NOW));
    if (was != NULL)
        ui_text(ui, before, part_caption(ui), ALIGN_RIGHT, model_text(m, STR_OVERFIT_BEFORE));
    ui_text(ui, head, part_bold(ui), ALIGN_LEFT, model_text(m, STR_OVERFIT_ANSWERS));
    const float height = fminf(24, fmaxf(18, floorf(in.h / ANSWERS)));
    const int room = (int)(in.h / height), count = model_top_with(m, label, top, room < ANSWERS ? room : ANSWERS);
    if (!model_prediction(m, &p))
        return;
    for (int i = 0; i < count; i++)
        answer_row(ui, m, rect_cut_top(&in, height), top[i].index, was != NULL ? &was[top[i].index] : NULL, prediction_prob(&p, top[i].index), top[i].index == label);
}

static void curve(Ui *ui, const Model *m, ViewState *v, Rect r)
{
    const Overfit *o = &m->overfit;
    Rect in = part_panel(ui, r);
    ui_text(ui, rect_cut_top(&in, 20), part_bold(ui), ALIGN_LEFT, model_text(m, STR_OVERFIT_CURVE));
    const int count = o->loss_count;
    double most = 0;
    if (count == 0) {
        ui_text(ui, in, part_small(ui), ALIGN_CENTER, model_text(m, STR_OVERFIT_NO_STEPS));
        return;
    }
    for (int i = 0; i < count; i++)
        most = fmax(most, (double)o->losses[i]);
    double *xy = view_scratch(v, (size_t)count * (2 * sizeof *xy + 2 * sizeof(float)));
    if (xy == NULL || in.h < 36)
        return;
    for (int i = 0; i < count; i++) {
        xy[i] = i + 1;
        xy[count + i] = (double)o->losses[i];
    }
    most = most > 0 ? most * 1.08 : 1;
    const Chart chart = chart_begin(ui, in, 0, fmax(count, 5), 0, most, most >= 8 ? 0 : most >= 0.8 ? 1 : most >= 0.08 ? 2 : 4);
    chart_curve(ui, &chart, xy, xy + count, count, (float *)(xy + 2 * count), 2.5f, ui->theme->accent);
    ui_round(ui, (Rect){chart_x(&chart, count) - 4, chart_y(&chart, xy[2 * count - 1]) - 4, 8, 8}, 4, ui->theme->accent);
}

/* ---- the page ------------------------------------------------------------------------------------------------------------------------------------ */

void overfit_page(Ui *ui, Model *m, ViewState *v, Rect area)
{
    overfit_labels(ui, m, v, &area);
    overfit_switches(ui, m, &area, true);
    rect_cut_top(&area, 4);
    const bool little = area.h < 430;
    const float cards = little ? 98 : fminf(fmaxf(area.h * 0.28f, 100), 190);
    Rect below = rect_cut_bottom(&area, cards);
    rect_cut_bottom(&area, 8);
    buttons(ui, m, rect_cut_bottom(&area, 28));
    rect_cut_bottom(&area, 6);
    const float line = ui_paragraph_height(ui, area.w, part_bold(ui), "x"), small = ui_paragraph_height(ui, area.w, part_caption(ui), "x");
    Rect words = rect_cut_bottom(&area, line + (little ? small : 2 * small) + 4);
    rect_cut_bottom(&area, 4);
    ui_panel(ui, area);
    overfit_ribbons(ui, m, v, rect_inset(area, 10));
    sentences(ui, m, &words);
    const float curve_w = fminf(floorf(below.w * 0.42f), 460);
    curve(ui, m, v, rect_cut_right(&below, curve_w));
    rect_cut_right(&below, 12);
    answers(ui, m, below);
    if ((m->overfit.job != NULL && !m->overfit.hurry) || (m->overfit.job == NULL && model_overfit_held(m)))
        ui->want_frame = true; /* the ribbons fill */
}
