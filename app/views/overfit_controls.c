/* overfit_controls.c - what is chosen about a training step: the label, the losses, the mode, the learning rate; see overfit_view.h. */
#include "app/views/overfit_view.h"

#include <math.h>
#include <stdio.h>

static const float ROW = 28;

/* ---- the label -------------------------------------------------------------------------------------------------------------------------- */

/* A field to choose a label by name or number, for networks with many classes. */
static void find_label(Ui *ui, Model *m, ViewState *v, Rect r)
{
    Guess found;
    if (!ui_field(ui, ui_id("find label", 0), r, model_text(m, STR_CAM_FIND), v->class_query, sizeof v->class_query) || v->class_query[0] == '\0')
        return;
    if (model_find_classes(m, v->class_query, &found, 1) == 0) {
        model_say_here(m, true, model_text(m, STR_CAM_NONE), v->class_query);
        return;
    }
    model_choose_label(m, found.index);
    v->class_query[0] = '\0';
    ui_field_focus(ui, 0);
    ui->want_frame = true;
}

/* The classes that can be chosen at once. */
static int choices(const Model *m, int label, Guess top[6])
{
    const int classes = net_scores(model_net(m), 0);
    if (classes > 6)
        return model_top_with(m, label, top, 6);
    for (int i = 0; i < classes; i++)
        top[i].index = i;
    return classes;
}

void overfit_labels(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    const Gradients *g = &m->gradients;
    const int label = g->label >= 0 ? g->label : g->flow.label;
    Guess top[6];
    Rect row = rect_cut_top(r, ROW);
    row.h -= 2;
    rect_cut_left(&row, ui_text(ui, row, part_small(ui), ALIGN_LEFT, model_text(m, STR_GRADIENTS_LABEL)) + 10);
    if (net_scores(model_net(m), 0) > 6) {
        find_label(ui, m, v, rect_cut_right(&row, 160));
        rect_cut_right(&row, 10);
    }
    const int count = choices(m, label, top);
    for (int i = 0; i < count; i++) {
        char name[48];
        part_class_name(m, top[i].index, name, sizeof name);
        const float width = ui_button_width(ui, name);
        if (width > row.w)
            return;
        if (ui_choice(ui, ui_id("label", top[i].index), rect_cut_left(&row, width), name, label == top[i].index))
            model_choose_label(m, top[i].index);
        rect_cut_left(&row, 6);
    }
}

void overfit_label_says(const Model *m, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    const HeadLoss *head = &g->flow.heads[0];
    const double small = 0.01;
    char label[96], answer[96], loss[NUM_MAX];
    out[0] = '\0';
    part_class_name(m, g->flow.label, label, sizeof label);
    part_class_name(m, head->answer, answer, sizeof answer);
    if (head->loss < small)
        snprintf(out, size, model_text(m, STR_GRADIENTS_LABEL_SURE), label, overfit_loss_text(loss, head->loss));
    else if (g->key.label < 0 && g->flow.label != head->answer)
        snprintf(out, size, model_text(m, STR_GRADIENTS_LABEL_SECOND), label, answer, overfit_loss_text(loss, -log(head->answer_prob)));
}

/* ---- the switches ------------------------------------------------------------------------------------------------------------------------- */

/* A switch with a bar in the color of its loss. */
static void head_switch(Ui *ui, Model *m, Rect *row, int head)
{
    const LossChoice choice = gradients_choice(&m->gradients, &m->source->source, 0);
    const Head *h = &model_net(m)->heads[head];
    char text[NET_NAME_MAX + 32];
    snprintf(text, sizeof text, head == 0 ? "%s" : "%s × %g", h->name, (double)h->loss_weight);
    const Rect place = rect_cut_left(row, ui_button_width(ui, text));
    if (ui_choice(ui, ui_id("loss of head", head), place, text, !choice.silent[head]))
        model_overfit_head(m, head, m->gradients.silent[head]);
    if (!choice.silent[head])
        ui_round(ui, (Rect){place.x + 8, place.y + place.h - 3, place.w - 16, 3}, 1.5f, overfit_color(ui, head));
    rect_cut_left(row, 6);
}

static void mode_switch(Ui *ui, Model *m, Rect *row)
{
    for (int eval = 0; eval < 2; eval++) {
        const char *name = model_text(m, eval ? STR_OVERFIT_EVAL : STR_OVERFIT_TRAIN);
        if (ui_choice(ui, ui_id("overfit mode", eval), rect_cut_left(row, ui_button_width(ui, name)), name, m->gradients.eval == (eval == 1)))
            model_overfit_mode(m, eval == 1);
        rect_cut_left(row, 6);
    }
}

static void rate_switch(Ui *ui, Model *m, Rect row)
{
    char text[NUM_MAX];
    snprintf(text, sizeof text, "%g", overfit_rates[m->overfit.rate]);
    if (ui_button(ui, ui_id("overfit rate", 1), rect_cut_right(&row, 26), "+", BUTTON_PLAIN))
        model_overfit_rate(m, m->overfit.rate + 1);
    ui_text(ui, rect_cut_right(&row, 62), part_mono(ui), ALIGN_CENTER, text);
    if (ui_button(ui, ui_id("overfit rate", 0), rect_cut_right(&row, 26), "−", BUTTON_PLAIN))
        model_overfit_rate(m, m->overfit.rate - 1);
    rect_cut_right(&row, 8);
    ui_text(ui, row, part_small(ui), ALIGN_RIGHT, model_text(m, STR_OVERFIT_RATE));
}

void overfit_switches(Ui *ui, Model *m, Rect *r, bool rate)
{
    Rect row = rect_cut_top(r, ROW);
    row.h -= 2;
    if (rate)
        rate_switch(ui, m, rect_cut_right(&row, 122 + ui_text_width(ui, part_small(ui), model_text(m, STR_OVERFIT_RATE)) + 2));
    if (model_net(m)->head_count > 1) {
        rect_cut_left(&row, ui_text(ui, row, part_small(ui), ALIGN_LEFT, model_text(m, STR_OVERFIT_LOSSES)) + 8);
        for (int h = 0; h < model_net(m)->head_count; h++)
            head_switch(ui, m, &row, h);
        rect_cut_left(&row, 12);
    }
    mode_switch(ui, m, &row);
}

void overfit_pages(Ui *ui, Model *m, Rect *title)
{
    static const Str names[] = {STR_OVERFIT_PAGE_STEP, STR_OVERFIT_PAGE_CHART};
    Rect row = {title->x, title->y, title->w, 26};
    for (int chart = 1; chart >= 0; chart--) {
        const char *name = model_text(m, names[chart]);
        if (ui_choice(ui, ui_id("gradients page", chart), rect_cut_right(&row, ui_button_width(ui, name)), name, m->gradients.chart == (chart == 1)))
            model_gradients_page(m, chart == 1);
        rect_cut_right(&row, 6);
    }
    title->w = row.w - 8;
}
