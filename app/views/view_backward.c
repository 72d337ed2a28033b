/* view_backward.c - backpropagation through one value: the products, one for each value that reads it, that add up to its gradient; and, at
 * the right, what passes on to the values that it reads and to the weights of its filter. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INPUTS_SHOWN = 24 };
static const float LINE = 18, ROW = 46, INPUT_ROW = 76;

/* With a true minus, and no sign above 0. */
static const char *factor(char out[NUM_MAX], double value)
{
    return value < 0 ? num_signed(out, value) : num_value(out, value);
}

/* ---- who reads the value ---------------------------------------------------------------------------------------------------------------- */

static void reader_row(Ui *ui, Model *m, Rect row, const BackwardPage *p, int term)
{
    const BackTerm *t = &p->terms[term];
    char name[NET_NAME_MAX + 64], slope[NUM_MAX], gradient[NUM_MAX], text[3 * NUM_MAX];
    const Rect all = row;
    if (ui_hover(ui, all))
        ui_round(ui, (Rect){all.x - 4, all.y - 3, all.w + 4, all.h - 2}, 5, color_alpha(ui->theme->text, 0.05f));
    cursor_text(model_net(m), (Cursor){t->reader.layer, t->reader.c, -1, -1}, name, sizeof name);
    if (model_net(m)->layers[t->reader.layer].out.h > 1)
        snprintf(name + strlen(name), sizeof name - strlen(name), "  %d, %d", t->reader.y, t->reader.x);
    Rect top = rect_cut_top(&row, LINE);
    num_signed(text, (double)t->product);
    ui_pair(ui, rect_cut_left(&top, fminf(top.w, 380)), part_mono(ui), name, part_colored(part_mono(ui), ui->theme->text), text);
    if (top.w > 60)
        value_bar(ui, (Rect){top.x + 14, top.y + 4, top.w - 20, 10}, (double)t->product, fabs((double)p->terms[p->term_order[0]].product));
    snprintf(text, sizeof text, "%s × %s", factor(slope, (double)t->slope), factor(gradient, (double)t->gradient));
    ui_text(ui, rect_cut_top(&row, LINE), part_caption(ui), ALIGN_LEFT, t->open ? text : model_text(m, STR_BACKWARD_CLOSED));
    ui_item(ui, all, "reader", name);
    if (ui_click(ui, ui_id("reader", term), all))
        model_reader(m, term);
}

static void readers(Ui *ui, Model *m, ViewState *v, Rect area, const BackwardPage *p)
{
    char count[NUM_MAX], head[64 + NUM_MAX];
    snprintf(head, sizeof head, model_text(m, STR_BACKWARD_READERS), num_count(count, p->term_count));
    Rect in = value_terms_card(ui, area, head, model_text(m, STR_BACKWARD_PRODUCTS));
    if (p->term_count == 0) {
        part_paragraph(ui, &in, part_body(ui), model_text(m, STR_BACKWARD_BEGINS));
        return;
    }
    Rect body = ui_scroll_begin(ui, ui_id("readers", 0), (Rect){in.x - 4, in.y, in.w + 8, in.h}, &v->scroll[SCROLL_VALUE], (float)p->term_count * ROW + 4);
    for (int i = 0; i < p->term_count; i++) {
        const Rect row = {body.x + 4, body.y + 4 + (float)i * ROW, body.w - 12, ROW};
        if (row.y + row.h > in.y && row.y < in.y + in.h)
            reader_row(ui, m, row, p, p->term_order[i]);
    }
    ui_scroll_end(ui);
}

/* ---- the gradient, and where it goes ------------------------------------------------------------------------------------------------------- */

static void objective(Ui *ui, Model *m, Rect *r)
{
    const BackwardModel *b = &m->backward;
    static const Str words[] = {STR_BACKWARD_SCORE, STR_BACKWARD_LOSS};
    char name[128], text[224], number[NUM_MAX];
    Guess top[BACKWARD_CLASSES];
    Rect row = rect_cut_top(r, 28);
    for (int loss = 0; loss < 2; loss++) {
        const char *word = model_text(m, words[loss]);
        if (ui_choice(ui, ui_id("gradient of", loss), rect_cut_left(&row, ui_text_width(ui, part_bold(ui), word) + 20), word, b->loss == (loss == 1)))
            model_gradient_of(m, loss == 1);
    }
    const int count = model_top(m, top, BACKWARD_CLASSES);
    rect_cut_top(r, 4);
    for (int i = 0; i < count; i++) {
        part_class_name(m, top[i].index, name, sizeof name);
        snprintf(text, sizeof text, "%d · %s", i + 1, name);
        if (ui_choice(ui, ui_id("gradient class", i), rect_cut_top(r, 26), text, b->class_index == top[i].index))
            model_choose_class(m, top[i].index);
    }
    rect_cut_top(r, 4);
    part_class_name(m, b->class_index, name, sizeof name);
    snprintf(text, sizeof text, model_text(m, b->of_loss ? STR_BACKWARD_LOSS_OF : STR_BACKWARD_SCORE_OF), name);
    part_row_styled(ui, r, part_small(ui), text, part_mono(ui), factor(number, b->objective));
}

static void gradient(Ui *ui, Model *m, Rect *r, const BackwardPage *p)
{
    char number[NUM_MAX], text[128 + NUM_MAX];
    rect_cut_top(r, 6);
    part_heading(ui, r, model_text(m, STR_BACKWARD_GRADIENT));
    snprintf(text, sizeof text, "%s%.7g", p->gradient < 0 ? "−" : "", fabs(p->gradient));
    ui_text(ui, rect_cut_top(r, 26), ui_style(FACE_MONO_BOLD, ui->theme->size_body, ui->theme->text), ALIGN_LEFT, text);
    snprintf(text, sizeof text, model_text(m, m->backward.of_loss ? STR_BACKWARD_GROWS_LOSS : STR_BACKWARD_GROWS_SCORE), num_signed(number, 0.01 * p->gradient));
    part_paragraph(ui, r, part_small(ui), text);
}

/* An input, and how it and its weight change the objective through this value. */
static void input_row(Ui *ui, Model *m, Rect *r, const BackwardPage *p, int i)
{
    const Term *t = &p->inputs[i];
    const int input = model_net(m)->layers[p->unit.layer].inputs[0];
    char name[NET_NAME_MAX + 64], text[2 * NUM_MAX + 8], a[NUM_MAX], b[NUM_MAX];
    Rect row = rect_cut_top(r, INPUT_ROW);
    const Rect all = row;
    if (ui_hover(ui, all))
        ui_round(ui, (Rect){all.x - 4, all.y - 2, all.w + 8, all.h - 2}, 5, color_alpha(ui->theme->text, 0.05f));
    cursor_text(model_net(m), (Cursor){input, t->c, -1, -1}, name, sizeof name);
    if (model_net(m)->layers[input].out.h > 1)
        snprintf(name + strlen(name), sizeof name - strlen(name), "  %d, %d", t->y, t->x);
    snprintf(text, sizeof text, "%s × %s", factor(a, (double)t->in), factor(b, (double)t->w));
    ui_pair(ui, rect_cut_top(&row, LINE), part_mono(ui), name, part_caption(ui), text);
    ui_pair(ui, rect_cut_top(&row, LINE), part_caption(ui), model_text(m, STR_BACKWARD_INPUT), part_mono(ui), num_signed(a, backward_input(p, i)));
    ui_pair(ui, rect_cut_top(&row, LINE), part_caption(ui), model_text(m, STR_BACKWARD_WEIGHT_HERE), part_mono(ui), num_signed(a, backward_weight_here(p, i)));
    ui_pair(ui, rect_cut_top(&row, LINE), part_caption(ui), model_text(m, STR_BACKWARD_WEIGHT_MAP), part_mono(ui), num_signed(a, backward_weight(model_net(m), p, i)));
    ui_item(ui, all, "input", name);
    if (ui_click(ui, ui_id("gradient input", i), all)) {
        model_select(m, (Cursor){input, t->c, t->y, t->x});
        model_view(m, VIEW_BACKWARD);
    }
}

static void passes_on(Ui *ui, Model *m, Rect *r, const BackwardPage *p)
{
    const Layer *layer = &model_net(m)->layers[p->unit.layer];
    char number[NUM_MAX];
    rect_cut_top(r, 6);
    part_heading(ui, r, model_text(m, STR_BACKWARD_PASSES));
    if (p->passes == 0) {
        part_paragraph(ui, r, part_small(ui), model_text(m, STR_BACKWARD_SHUT));
        return;
    }
    part_row_styled(ui, r, part_small(ui), layer->relu ? model_text(m, STR_BACKWARD_OPEN) : "", part_mono(ui), num_signed(number, (double)p->passes * p->gradient));
    if (layer->bn)
        part_row_styled(ui, r, part_small(ui), model_text(m, STR_BACKWARD_SCALE), part_mono(ui), num_value(number, (double)p->passes));
    if (layer->bias)
        part_row_styled(ui, r, part_small(ui), model_text(m, STR_BACKWARD_BIAS), part_mono(ui), num_signed(number, p->bias));
    rect_cut_top(r, 6);
    part_heading(ui, r, model_text(m, STR_BACKWARD_READS));
    for (int i = 0; i < p->value.term_count && i < INPUTS_SHOWN; i++)
        input_row(ui, m, r, p, p->input_order[i]);
}

static void right_column(Ui *ui, Model *m, ViewState *v, Rect area, const BackwardPage *p)
{
    ui_panel(ui, area);
    Rect body = ui_column_begin(ui, ui_id("gradient right", 0), (Rect){area.x + 14, area.y + 8, area.w - 20, area.h - 12}, &v->scroll[SCROLL_EXTRA]);
    body.w -= 8;
    Rect row = {body.x, body.y, body.w, 10000};
    objective(ui, m, &row);
    gradient(ui, m, &row, p);
    if (p->kernel != NULL)
        passes_on(ui, m, &row, p);
    ui_column_end(ui, row.y - body.y + 12);
}

/* ---- the view ------------------------------------------------------------------------------------------------------------------------------ */

void view_backward(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Cursor c = m->cursor;
    const BackwardPage *p = backward_shown(&m->backward, (Unit){c.layer, c.channel, c.y, c.x});
    char name[NET_NAME_MAX + 32], says[128 + NET_NAME_MAX];
    Taken t;
    value_title(ui, m, &area);
    const bool way = backward_allowed(model_net(m), c.layer);
    if (!way || p == NULL || !model_taken(m, c, &t)) {
        part_layer_address(m, c.layer, name, sizeof name);
        snprintf(says, sizeof says, model_text(m, STR_BACKWARD_NONE), name);
        part_paragraph(ui, &area, part_small(ui), !way ? says : m->backward.problem.text[0] != '\0' ? m->backward.problem.text : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    part_paragraph(ui, &area, part_small(ui), model_text(m, STR_BACKWARD_SAYS));
    rect_cut_top(&area, 8);
    Rect left, middle, right;
    value_columns(area, &left, &middle, &right);
    value_left(ui, m, v, left, &t);
    readers(ui, m, v, middle, p);
    right_column(ui, m, v, right, p);
    taken_free(&t);
}

void backward_hints(const Model *m, char *out, size_t size)
{
    snprintf(out, size, "%s · %s · %s", model_text(m, STR_HINT_BACKWARD), model_text(m, STR_HINT_BACK), model_text(m, STR_HINT_ARROWS));
}
