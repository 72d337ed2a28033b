/* what_if.c - the rows that change weights, and the prediction before and after. See parts.h. */
#include "app/session/experiment.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A field for the value of the slider above it; true if a text was entered. */
static bool typed(Ui *ui, const Model *m, uint64_t id, Rect *r, Str hint, char *text, size_t size)
{
    Rect row = rect_cut_top(r, 30);
    const Rect place = rect_cut_right(&row, fminf(110, row.w / 2));
    ui_text(ui, row, part_small(ui), ALIGN_LEFT, model_text(m, STR_OR_TYPE));
    return ui_field(ui, id, (Rect){place.x, place.y + 2, place.w, 25}, model_text(m, hint), text, size);
}

static void taken(Ui *ui, char *text)
{
    text[0] = '\0';
    ui_field_focus(ui, 0);
    ui->want_frame = true;
}

void part_scale_channel(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    int layer, channel;
    if (!whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel))
        return;
    float scale = whatif_scale_of(&m->what_if, model_net(m), layer, channel);
    if (ui_slider(ui, ui_id("scale", 0), rect_cut_top(r, 24), model_text(m, STR_SILENCE_SCALE), &scale, 0, 1))
        experiment_scale(m, scale);
    if (typed(ui, m, ui_id("scale field", 0), r, STR_SCALE_FIELD, v->scale_text, sizeof v->scale_text) && experiment_scale_text(m, v->scale_text))
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
    /* The network's own weights, so that the slider keeps its ends. */
    const float *w = m->source->source.weights + p->offset + kernel * row;
    return weights_reach(w, row);
}

void part_edit_weight(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    char name[96], number[NUM_MAX];
    const int weight = model_net(m)->layers[v->weight_layer].weight;
    const Param *p = &model_net(m)->params[weight];
    if (weight < 0 || v->weight < p->offset || v->weight >= p->offset + p->count)
        return; /* chosen in another network */
    const float reach = weight_name(m, v->weight_layer, v->weight, name, sizeof name), before = whatif_own(&m->what_if, m->source->source.weights, v->weight);
    float value = before;
    part_row(ui, r, name, num_exact(number, before));
    if (ui_slider(ui, ui_id("weight", 0), rect_cut_top(r, 26), "w", &value, -2 * reach, 2 * reach) && (value < before || value > before))
        model_edit_weight(m, v->weight, value);
    if (typed(ui, m, ui_id("weight field", 0), r, STR_WEIGHT_FIELD, v->weight_text, sizeof v->weight_text) && experiment_edit_text(m, v->weight, v->weight_text))
        taken(ui, v->weight_text);
}

/* ---- before and after ---- */

enum { FIRST = 2, ROWS = 2 * FIRST }; /* so that all of it is visible below the slider in a window 720 high */

/* before NULL: it was never computed and is left out. */
static void class_row(Ui *ui, const Model *m, Rect *r, float column, int index, const float *before, float after)
{
    char name[128], number[NUM_MAX] = "–";
    part_class_name(m, index, name, sizeof name);
    Rect row = rect_cut_top(r, 19);
    const Rect right = rect_cut_right(&row, column), left = rect_cut_right(&row, column);
    rect_cut_right(&row, 6);
    char cut[128];
    part_cut(ui, part_body(ui), name, row.w, cut, sizeof cut); /* class names are long; their beginning is enough */
    ui_text(ui, row, part_body(ui), ALIGN_LEFT, cut);
    if (before != NULL)
        num_probability(number, (double)*before);
    ui_text(ui, left, part_mono(ui), ALIGN_RIGHT, number);
    char now[NUM_MAX];
    num_probability(now, (double)after);
    const bool same = before == NULL || strcmp(now, number) == 0;
    const Color color = same ? ui->theme->text_dim : after > *before ? ui->theme->good : ui->theme->warn;
    ui_text(ui, right, part_colored(part_mono(ui), color), ALIGN_RIGHT, now);
}

/* The first classes of both, then more of `before` until there are `most`: never fewer, so that nothing below the rows moves
 * while a slider is dragged. */
static int rows_of(const Guess *before, const Guess *after, int most, Guess rows[ROWS])
{
    int count = 0;
    for (int k = 0; k < 3; k++)
        for (int i = k == 2 ? FIRST : 0; i < most && (k == 2 || i < FIRST) && count < most; i++) {
            const Guess guess = k == 1 ? after[i] : before[i];
            bool there = false;
            for (int r = 0; r < count; r++)
                there = there || rows[r].index == guess.index;
            if (!there)
                rows[count++] = guess;
        }
    return count;
}

static void before_after(Ui *ui, const Model *m, Rect *r)
{
    Prediction p;
    Guess rows[ROWS], before[ROWS], after[ROWS];
    const int classes = net_scores(model_net(m), 0), most = classes < ROWS ? classes : ROWS;
    if (most == 0)
        return;
    const float column = ui_text_width(ui, part_mono(ui), "100.0 %") + 10;
    rect_cut_top(r, 6);
    Rect head = rect_cut_top(r, 19);
    const Rect right = rect_cut_right(&head, column), left = rect_cut_right(&head, column);
    ui_text(ui, head, part_caption(ui), ALIGN_LEFT, model_text(m, STR_PREDICTION_HEAD));
    ui_text(ui, left, part_caption(ui), ALIGN_RIGHT, model_text(m, STR_BEFORE));
    ui_text(ui, right, part_caption(ui), ALIGN_RIGHT, model_text(m, STR_AFTER));
    ui_fill(ui, (Rect){r->x, r->y, r->w, 1}, ui->theme->panel_edge);
    rect_cut_top(r, 3);
    Rect table = rect_cut_top(r, 19 * (float)most);
    if (!model_prediction(m, &p) || p.count != classes || model_top(m, after, most) < most)
        return;
    const float *was = m->what_if.weights != NULL && m->what_if.before_count == classes ? m->what_if.before : NULL;
    if (was != NULL)
        top_guesses(was, classes, before, most);
    else
        memcpy(before, after, sizeof before);
    const int count = rows_of(before, after, most, rows);
    for (int i = 0; i < count; i++) {
        const float now = prediction_prob(&p, rows[i].index);
        const float *then = was != NULL ? &was[rows[i].index] : m->what_if.weights == NULL ? &now : NULL;
        class_row(ui, m, &table, column, rows[i].index, then, now);
    }
}

void part_before_after(Ui *ui, Model *m, Rect *r)
{
    before_after(ui, m, r);
    const char *back = model_text(m, STR_RESTORE_KEY);
    rect_cut_top(r, 6);
    const Rect button = rect_cut_top(r, 30);
    if (m->what_if.weights != NULL && ui_button(ui, ui_id("restore weights", 0), (Rect){button.x, button.y, ui_button_width(ui, back), 26}, back, BUTTON_PLAIN))
        model_do(m, VERB_RESTORE);
}
