/* view_gradients.c - training on this picture (key G). Its first page is one step (overfit_page.c), its second the chart: how the loss reaches
 * each module or layer, with and without the auxiliary heads; dead channels; the answer of each head. The list is in gradients_chart.c. */
#include "app/views/gradients_chart.h"
#include "app/views/overfit_view.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

/* A card for each shown head: its answer, and its probability of the label. */
static void draw_heads(Ui *ui, const Model *m, Rect r)
{
    const Gradients *g = &m->gradients;
    const Net *net = model_net(m);
    int count = 0;
    for (int h = 0; h < g->flow.head_count; h++)
        count += !g->choice.silent[h];
    const float width = fminf(floorf((r.w - 12 * (float)(count - 1)) / (float)count), 460);
    char text[192], name[96], percent[NUM_MAX], loss[NUM_MAX];
    for (int h = 0; h < g->flow.head_count; h++) {
        if (g->choice.silent[h])
            continue;
        const HeadLoss *head = &g->flow.heads[h];
        Rect card = rect_cut_left(&r, width);
        rect_cut_left(&r, 12);
        ui_panel(ui, card);
        card = rect_inset(card, 10);
        snprintf(text, sizeof text, "%s  × %g", net->heads[h].name, (double)net->heads[h].loss_weight);
        ui_text(ui, rect_cut_top(&card, 18), part_bold(ui), ALIGN_LEFT, text);
        part_class_name(m, head->answer, name, sizeof name);
        part_row_styled(ui, &card, part_means(ui, m, part_body(ui)), name, part_means(ui, m, part_mono(ui)), num_probability(percent, head->answer_prob));
        part_class_name(m, g->flow.label, name, sizeof name);
        snprintf(text, sizeof text, model_text(m, STR_GRADIENTS_LABEL_HAS), name, num_probability(percent, head->label_prob), overfit_loss_text(loss, head->loss));
        ui_text(ui, rect_cut_top(&card, 18), part_small(ui), ALIGN_LEFT, text);
    }
}

static void draw_switches(Ui *ui, Model *m, Rect r)
{
    const Gradients *g = &m->gradients;
    static const struct { Str name; bool layers, on; } switches[] = {
        {STR_GRADIENTS_OF_WEIGHTS, false, true}, {STR_GRADIENTS_OF_MAPS, false, false},
        {STR_GRADIENTS_BY_LAYER, true, true},    {STR_GRADIENTS_BY_MODULE, true, false},
    };
    for (int i = 0; i < 4; i++) {
        const char *name = model_text(m, switches[i].name);
        const bool layers = switches[i].layers, on = switches[i].on;
        if (ui_choice(ui, ui_id("gradient switch", i), rect_cut_right(&r, ui_button_width(ui, name)), name, (layers ? g->by_layer : g->of_weights) == on))
            model_gradients_show(m, layers ? on : g->by_layer, layers ? g->of_weights : on);
        rect_cut_right(&r, i == 1 ? 18 : 6);
    }
}

/* The numbers in one sentence, about the first row and with its rounding. */
static void sentence(const Model *m, const GradientsRow *rows, int count, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    char ratio[NUM_MAX];
    out[0] = '\0';
    if (g->flow.head_count < 2)
        snprintf(out, size, "%s", model_text(m, STR_GRADIENTS_NO_HEADS));
    else if (gradients_heads(&m->source->source) && !gradients_show_heads(m))
        snprintf(out, size, "%s", model_text(m, STR_OVERFIT_NO_HEAD));
    else if (!gradients_show_heads(m))
        snprintf(out, size, "%s", model_text(m, STR_GRADIENTS_HEADS_UNTRAINED));
    else if (count > 0 && gradients_ratio_text(&rows[0], ratio)[0] != '\0')
        snprintf(out, size, model_text(m, g->of_weights ? STR_GRADIENTS_SENTENCE_WEIGHTS : STR_GRADIENTS_SENTENCE_MAP), rows[0].name, ratio);
}

static void chart_page(Ui *ui, Model *m, ViewState *v, Rect area)
{
    const Gradients *g = &m->gradients;
    char says[320];
    GradientsRow *rows = view_scratch(v, GRADIENTS_ROWS_MAX * sizeof *rows);
    if (rows == NULL)
        return;
    const int count = gradients_rows(model_net(m), g, gradients_show_heads(m), rows);
    draw_heads(ui, m, rect_cut_top(&area, 76));
    rect_cut_top(&area, 6);
    overfit_labels(ui, m, v, &area);
    overfit_switches(ui, m, &area, false);
    overfit_label_says(m, says, sizeof says);
    if (says[0] != '\0')
        part_paragraph(ui, &area, part_caption(ui), says);
    rect_cut_top(&area, 4);
    sentence(m, rows, count, says, sizeof says);
    Rect line = rect_cut_top(&area, 26);
    draw_switches(ui, m, rect_cut_right(&line, 380));
    if (ui_text_width(ui, part_body(ui), says) <= line.w)
        ui_text(ui, line, part_body(ui), ALIGN_LEFT, says);
    else /* no room beside the switches: below them */
        part_paragraph(ui, &area, part_body(ui), says);
    rect_cut_top(&area, 6);
    ui_panel(ui, area);
    gradients_chart(ui, m, v, rect_inset(area, 10), rows, count);
}

void view_gradients(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Gradients *g = &m->gradients;
    const char *title = model_text(m, g->chart ? STR_GRADIENTS_TITLE : STR_OVERFIT_TITLE);
    const char *says = g->problem.text[0] != '\0' ? g->problem.text : model_text(m, g->chart ? STR_GRADIENTS_SAYS : STR_OVERFIT_SAYS);
    Rect head = area;
    overfit_pages(ui, m, &head);
    part_stage_title(ui, &head, title, says);
    rect_cut_top(&area, head.y - area.y + 6);
    if (g->problem.text[0] != '\0')
        return;
    if (g->flow.layer_count == 0)
        ui_text(ui, area, part_small(ui), ALIGN_CENTER, model_text(m, STR_NO_PREDICTION));
    else if (g->chart)
        chart_page(ui, m, v, area);
    else
        overfit_page(ui, m, v, area);
}

void gradients_hints(const Model *m, char *out, size_t size)
{
    snprintf(out, size, "%s · %s", model_text(m, STR_OVERFIT_HINTS), model_text(m, STR_HINT_BACK));
}
