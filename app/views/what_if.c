/* what_if.c - the rows that change weights, and what the changes do to the prediction. See parts.h. */
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A field for what the slider above it sets; true when a text was entered. */
static bool typed(Ui *ui, const Model *m, Rect *r, Str hint, char *text, size_t size)
{
    Rect row = rect_cut_top(r, 30);
    const Rect place = rect_cut_right(&row, fminf(110, row.w / 2));
    ui_text(ui, row, part_small(ui), ALIGN_LEFT, model_text(m, STR_OR_TYPE));
    return ui_field(ui, (Rect){place.x, place.y + 2, place.w, 25}, model_text(m, hint), text, size);
}

static void taken(Ui *ui, char *text)
{
    text[0] = '\0';
    ui_field_focus(ui, NULL);
    ui->want_frame = true;
}

void part_scale_channel(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    int layer, channel;
    if (!whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel))
        return;
    float scale = whatif_scale_of(&m->what_if, model_net(m), layer, channel);
    if (ui_slider(ui, rect_cut_top(r, 24), model_text(m, STR_SILENCE_SCALE), &scale, 0, 1))
        model_scale_channel(m, scale);
    if (typed(ui, m, r, STR_SCALE_FIELD, v->scale_text, sizeof v->scale_text) && model_scale_text(m, v->scale_text))
        taken(ui, v->scale_text);
}

void part_choose_weight(Ui *ui, ViewState *v, Rect cell, int layer, size_t index)
{
    if (ui_hover(ui, cell) && part_pressed(ui)) {
        v->weight = index;
        v->weight_layer = layer;
        v->weight_text[0] = '\0';
        ui->want_frame = true;
    }
    if (v->weight_layer == layer && v->weight == index)
        ui_frame_round(ui, rect_inset(cell, -1), 4, 2, ui->theme->accent);
}

/* "w[78, 14, 0, 2]", and the largest |w| of its kernel. */
static float weight_name(const Model *m, int layer, size_t index, char *out, size_t size)
{
    const Param *p = &model_net(m)->params[model_net(m)->layers[layer].weight];
    const size_t row = p->count / (size_t)p->dims[0], at = index - p->offset, kernel = at / row;
    const size_t taps = p->dim_count == 4 ? (size_t)p->dims[2] * (size_t)p->dims[3] : 1, c = at % row / taps, tap = at % taps;
    if (taps > 1)
        snprintf(out, size, "w[%zu, %zu, %zu, %zu]", kernel, c, tap / (size_t)p->dims[3], tap % (size_t)p->dims[3]);
    else
        snprintf(out, size, "w[%zu, %zu]", kernel, c);
    const float *w = m->source->source.weights + p->offset + kernel * row; /* the network's own: the slider keeps its ends */
    float reach = 0;
    for (size_t i = 0; i < row; i++)
        reach = fmaxf(reach, fabsf(w[i]));
    return reach;
}

void part_edit_weight(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    char name[96], number[NUM_MAX];
    const int weight = model_net(m)->layers[v->weight_layer].weight;
    const Param *p = &model_net(m)->params[weight];
    if (weight < 0 || v->weight < p->offset || v->weight >= p->offset + p->count)
        return; /* it was chosen in another network */
    const float reach = weight_name(m, v->weight_layer, v->weight, name, sizeof name), before = whatif_own(&m->what_if, m->source->source.weights, v->weight);
    float value = before;
    part_row(ui, r, name, num_exact(number, before));
    if (ui_slider(ui, rect_cut_top(r, 26), "w", &value, -2 * reach, 2 * reach) && (value < before || value > before))
        model_edit_weight(m, v->weight, value);
    if (typed(ui, m, r, STR_WEIGHT_FIELD, v->weight_text, sizeof v->weight_text) && model_edit_text(m, v->weight, v->weight_text))
        taken(ui, v->weight_text);
}

/* ---- before and after ---- */

enum { FIRST = 3, ROWS = 2 * FIRST };

static void class_row(Ui *ui, const Model *m, Rect *r, float column, int index, float before, float after)
{
    char name[128], number[NUM_MAX];
    part_class_name(m, index, name, sizeof name);
    Rect row = rect_cut_top(r, 19);
    const Rect right = rect_cut_right(&row, column), left = rect_cut_right(&row, column);
    rect_cut_right(&row, 6);
    char cut[128];
    snprintf(cut, sizeof cut, "%s", name);
    for (size_t n = strlen(cut); n > 0 && ui_text_width(ui, part_body(ui), cut) > row.w;) { /* class names are long; their beginning says enough */
        do
            n--;
        while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80);
        snprintf(cut, sizeof cut, "%.*s…", (int)n, name);
    }
    ui_text(ui, row, part_body(ui), ALIGN_LEFT, cut);
    ui_text(ui, left, part_mono(ui), ALIGN_RIGHT, num_percent(number, (double)before));
    char now[NUM_MAX];
    num_percent(now, (double)after);
    const Color color = strcmp(now, number) == 0 ? ui->theme->text_dim : after > before ? ui->theme->good : ui->theme->warn;
    ui_text(ui, right, part_colored(part_mono(ui), color), ALIGN_RIGHT, now);
}

static void before_after(Ui *ui, const Model *m, Rect *r)
{
    Prediction p;
    Guess rows[ROWS];
    if (m->what_if.before == NULL || !model_prediction(m, &p) || p.count != m->what_if.before_count)
        return;
    int count = top_guesses(m->what_if.before, m->what_if.before_count, rows, FIRST);
    Guess after[FIRST];
    const int n = model_top(m, after, FIRST);
    for (int i = 0; i < n; i++) {
        bool there = false;
        for (int k = 0; k < count; k++)
            there = there || rows[k].index == after[i].index;
        if (!there)
            rows[count++] = after[i];
    }
    const float column = ui_text_width(ui, part_mono(ui), "100.0 %") + 4;
    rect_cut_top(r, 6);
    Rect head = rect_cut_top(r, 19);
    const Rect right = rect_cut_right(&head, column), left = rect_cut_right(&head, column);
    ui_text(ui, head, part_caption(ui), ALIGN_LEFT, model_text(m, STR_PREDICTION_HEAD));
    ui_text(ui, left, part_caption(ui), ALIGN_RIGHT, model_text(m, STR_BEFORE));
    ui_text(ui, right, part_caption(ui), ALIGN_RIGHT, model_text(m, STR_AFTER));
    ui_fill(ui, (Rect){r->x, r->y, r->w, 1}, ui->theme->panel_edge);
    rect_cut_top(r, 3);
    for (int i = 0; i < count; i++)
        class_row(ui, m, r, column, rows[i].index, m->what_if.before[rows[i].index], prediction_prob(&p, rows[i].index));
}

void part_before_after(Ui *ui, Model *m, Rect *r)
{
    if (m->what_if.weights == NULL)
        return;
    before_after(ui, m, r);
    const char *back = model_text(m, STR_RESTORE_KEY);
    rect_cut_top(r, 6);
    if (ui_button(ui, (Rect){r->x, r->y, ui_button_width(ui, back), 26}, back, BUTTON_PLAIN))
        model_do(m, VERB_RESTORE);
    rect_cut_top(r, 30);
}
