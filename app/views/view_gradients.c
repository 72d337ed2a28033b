/* view_gradients.c - gradient flow (key G): how the loss of this picture reaches each module or layer, with and without the
 * auxiliary heads; dead channels; the answer of each head. The list is in gradients_chart.c. */
#include "app/views/gradients_chart.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

/* Below a millionth a loss is only a float's rounding error. */
static char *loss_text(char out[NUM_MAX], double loss)
{
    if (loss >= 1e-6)
        return num_value(out, loss);
    snprintf(out, NUM_MAX, "<1e-06");
    return out;
}

/* A card for each shown head: its answer, and its probability of the label. */
static void draw_heads(Ui *ui, const Model *m, Rect r)
{
    const Gradients *g = &m->gradients;
    const Net *net = model_net(m);
    const int count = gradients_show_heads(m) ? g->flow.head_count : 1;
    const float width = fminf(floorf((r.w - 12 * (float)(count - 1)) / (float)count), 460);
    char text[192], name[96], percent[NUM_MAX], loss[NUM_MAX];
    for (int h = 0; h < count; h++) {
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
        snprintf(text, sizeof text, model_text(m, STR_GRADIENTS_LABEL_HAS), name, num_probability(percent, head->label_prob), loss_text(loss, head->loss));
        ui_text(ui, rect_cut_top(&card, 18), part_small(ui), ALIGN_LEFT, text);
    }
}

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

/* The choice of the loss's label: every class of a small network, else the likeliest ones, and any other by its name. */
static void draw_labels(Ui *ui, Model *m, ViewState *v, Rect r)
{
    const Gradients *g = &m->gradients;
    const Net *net = model_net(m);
    Guess top[6];
    const int classes = net_scores(net, 0), count = classes <= 6 ? classes : model_top_with(m, g->flow.label, top, 6);
    const TextStyle style = part_small(ui);
    rect_cut_left(&r, ui_text(ui, r, style, ALIGN_LEFT, model_text(m, STR_GRADIENTS_LABEL)) + 10);
    if (classes > 6) {
        find_label(ui, m, v, rect_cut_right(&r, 160));
        rect_cut_right(&r, 10);
    }
    for (int i = 0; i < count; i++) {
        const int label = classes <= 6 ? i : top[i].index;
        char name[48];
        part_class_name(m, label, name, sizeof name);
        const float width = ui_button_width(ui, name);
        if (width > r.w)
            return;
        if (ui_choice(ui, ui_id("label", label), rect_cut_left(&r, width), name, g->flow.label == label))
            model_choose_label(m, label);
        rect_cut_left(&r, 6);
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

/* Explains the label if the user has not chosen one, and a loss of nearly zero. */
static void label_says(const Model *m, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    const HeadLoss *head = &g->flow.heads[0];
    const double small = 0.01;
    char label[96], answer[96], loss[NUM_MAX];
    out[0] = '\0';
    part_class_name(m, g->flow.label, label, sizeof label);
    part_class_name(m, head->answer, answer, sizeof answer);
    if (head->loss < small)
        snprintf(out, size, model_text(m, STR_GRADIENTS_LABEL_SURE), label, loss_text(loss, head->loss));
    else if (g->key.label < 0 && g->flow.label != head->answer)
        snprintf(out, size, model_text(m, STR_GRADIENTS_LABEL_SECOND), label, answer, loss_text(loss, -log(head->answer_prob)));
}

/* The numbers in one sentence, about the first row and with its rounding. */
static void sentence(const Model *m, const GradientsRow *rows, int count, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    char ratio[NUM_MAX];
    out[0] = '\0';
    if (g->flow.head_count < 2)
        snprintf(out, size, "%s", model_text(m, STR_GRADIENTS_NO_HEADS));
    else if (!gradients_show_heads(m))
        snprintf(out, size, "%s", model_text(m, STR_GRADIENTS_HEADS_UNTRAINED));
    else if (count > 0 && gradients_ratio_text(&rows[0], ratio)[0] != '\0')
        snprintf(out, size, model_text(m, g->of_weights ? STR_GRADIENTS_SENTENCE_WEIGHTS : STR_GRADIENTS_SENTENCE_MAP), rows[0].name, ratio);
}

void view_gradients(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Gradients *g = &m->gradients;
    char says[320];
    if (g->problem.text[0] != '\0') {
        part_stage_title(ui, &area, model_text(m, STR_GRADIENTS_TITLE), g->problem.text);
        return;
    }
    part_stage_title(ui, &area, model_text(m, STR_GRADIENTS_TITLE), model_text(m, STR_GRADIENTS_SAYS));
    if (g->flow.layer_count == 0) {
        ui_text(ui, area, part_small(ui), ALIGN_CENTER, model_text(m, STR_NO_PREDICTION));
        return;
    }
    GradientsRow *rows = view_scratch(v, GRADIENTS_ROWS_MAX * sizeof *rows);
    if (rows == NULL)
        return;
    const int count = gradients_rows(model_net(m), g, gradients_show_heads(m), rows);
    rect_cut_top(&area, 6);
    draw_heads(ui, m, rect_cut_top(&area, 76));
    rect_cut_top(&area, 8);
    draw_labels(ui, m, v, rect_cut_top(&area, 26));
    label_says(m, says, sizeof says);
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
