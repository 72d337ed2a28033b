/* value_list.c - one value with a list of terms: the neighbour channels of an LRN, all classes of a softmax. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"

#include <math.h>
#include <stdio.h>

/* ---- LRN -------------------------------------------------------------------------------------------------------------------------------- */

static void lrn_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    (void)v;
    const Layer *l = &model_net(m)->layers[t->at.layer];
    Rect in = value_terms_card(ui, r, model_text(m, STR_NEIGHBOURS), "x²");
    float reach = 0;
    for (int i = 0; i < t->e.term_count; i++)
        reach = fmaxf(reach, fabsf(t->terms[i].product));
    const float row_h = fminf(fmaxf(floorf(in.h / (float)t->e.term_count), 32), 52);
    for (int i = 0; i < t->e.term_count; i++) {
        const Term *term = &t->terms[i];
        Rect row = rect_cut_top(&in, row_h);
        char number[NUM_MAX];
        const bool self = term->c == t->at.channel;
        if (self)
            ui_round(ui, row, 4, ui->theme->accent_soft);
        value_channel_label(ui, m, (Rect){row.x + 8, row.y, 120, row.h}, l->inputs[0], term->c);
        ui_text(ui, (Rect){row.x + 130, row.y, 110, row.h}, part_mono(ui), ALIGN_RIGHT, num_exact(number, term->in));
        const Rect bar = {row.x + 256, row.y + floorf(row_h * 0.3f), fmaxf(row.w - 256 - 120, 10), floorf(row_h * 0.4f)};
        ui_fill(ui, (Rect){bar.x, bar.y, reach > 0 ? bar.w * term->product / reach : 0, bar.h}, ui->theme->positive);
        ui_text(ui, (Rect){row.x + row.w - 116, row.y, 110, row.h}, part_mono(ui), ALIGN_RIGHT, num_exact(number, term->product));
    }
}

static void lrn_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    char right[NUM_MAX];
    part_row(ui, r, model_text(m, STR_SQUARES), num_exact(right, t->e.of.lrn.squares));
    part_row(ui, r, model_text(m, STR_DENOMINATOR), num_exact(right, t->e.of.lrn.denominator));
    part_row(ui, r, model_text(m, STR_TO_THE_POWER), num_exact(right, t->e.of.lrn.factor));
    value_sum_row(ui, r, model_text(m, STR_TIMES_FACTOR), t->e.value);
}

static void lrn_says(const Model *m, const Taken *t, char *out, size_t size)
{
    snprintf(out, size, model_text(m, STR_VALUE_OF_LRN), t->e.term_count);
}

static void lrn_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    snprintf(out, size, "y = x / (k + α/n · Σ x²)^β\nk = %g, α = %g, n = %d, β = %g", (double)l->lrn_k, (double)l->lrn_alpha, l->lrn_size,
             (double)l->lrn_beta);
}

const ValuePage value_lrn = {.terms = lrn_terms, .ledger = lrn_ledger, .says = lrn_says, .formula = lrn_formula,
                             .rounds = true, .hint_play = STR_HINT_PLAY_PLACES};

/* ---- softmax ---------------------------------------------------------------------------------------------------------------------------- */

/* The columns of a class: its name, its score, the score minus the largest, and e to that power. */
static void class_columns(Ui *ui, Rect row, TextStyle name_style, TextStyle style, const char *const text[4])
{
    ui_text(ui, (Rect){row.x + 8, row.y, row.w * 0.3f - 8, row.h}, name_style, ALIGN_LEFT, text[0]);
    ui_text(ui, (Rect){row.x + row.w * 0.3f, row.y, row.w * 0.18f, row.h}, style, ALIGN_RIGHT, text[1]);
    ui_text(ui, (Rect){row.x + row.w * 0.48f, row.y, row.w * 0.22f, row.h}, style, ALIGN_RIGHT, text[2]);
    ui_text(ui, (Rect){row.x + row.w * 0.7f, row.y, row.w * 0.3f - 8, row.h}, style, ALIGN_RIGHT, text[3]);
}

static void class_term(Ui *ui, const Model *m, Rect row, const Taken *t, const Term *term, const char *place)
{
    char score[NUM_MAX], less[NUM_MAX], power[NUM_MAX], label[96], name[160];
    if (term->c == t->at.channel)
        ui_round(ui, row, 4, ui->theme->accent_soft);
    part_class_name(m, term->c, label, sizeof label);
    snprintf(name, sizeof name, "%s%s%s", label, place[0] != '\0' ? " · " : "", place);
    snprintf(score, sizeof score, "%.4f", (double)term->in);
    snprintf(less, sizeof less, "%.4f", (double)(term->in - t->e.of.softmax.max));
    class_columns(ui, row, part_body(ui), part_mono(ui), (const char *const[4]){name, score, less, num_exact(power, term->product)});
    ui_item(ui, row, "row", label);
}

/* The terms by size. The explained class is visible without scrolling: at its rank, or above the list with its rank. */
static void softmax_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    const float row_h = 26;
    char head[96], place[48];
    int rank = 0;
    while (rank + 1 < t->e.term_count && t->terms[t->order[rank]].c != t->at.channel)
        rank++;
    snprintf(head, sizeof head, model_text(m, STR_CLASSES_RANKED), t->e.term_count);
    Rect in = value_terms_card(ui, r, head, "");
    class_columns(ui, rect_cut_top(&in, 20), part_caption(ui), part_caption(ui),
                  (const char *const[4]){"", model_text(m, STR_SCORE), model_text(m, STR_LESS_LARGEST), model_text(m, STR_EXPONENTIATE)});
    if (row_h * (float)(rank + 1) > in.h) {
        snprintf(place, sizeof place, model_text(m, STR_CLASS_PLACE), rank + 1);
        class_term(ui, m, rect_cut_top(&in, row_h), t, &t->terms[t->order[rank]], place);
        rect_cut_top(&in, 4);
        ui_fill(ui, (Rect){in.x, in.y, in.w, 1}, ui->theme->panel_edge);
        rect_cut_top(&in, 4);
    }
    Rect body = ui_scroll_begin(ui, ui_id("terms", 0), in, &v->scroll[SCROLL_VALUE], row_h * (float)t->e.term_count);
    for (int i = 0; i < t->e.term_count; i++) {
        const Rect row = {body.x, body.y + (float)i * row_h, body.w, row_h};
        if (row.y + row.h >= in.y && row.y <= in.y + in.h)
            class_term(ui, m, row, t, &t->terms[t->order[i]], "");
    }
    ui_scroll_end(ui);
}

static void softmax_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    char left[96], right[NUM_MAX];
    part_row(ui, r, model_text(m, STR_LARGEST_SCORE), num_exact(right, t->e.of.softmax.max));
    part_row(ui, r, model_text(m, STR_EXPONENTIATE), num_exact(right, t->e.of.softmax.exponential));
    snprintf(left, sizeof left, model_text(m, STR_SUM_CLASSES), t->e.term_count);
    part_row(ui, r, left, num_exact(right, t->e.of.softmax.sum));
    value_sum_row(ui, r, model_text(m, STR_ONE_BY_OTHER), t->e.value);
}

static void softmax_says(const Model *m, const Taken *t, char *out, size_t size)
{
    snprintf(out, size, model_text(m, STR_VALUE_OF_SOFTMAX), t->e.term_count);
}

static void softmax_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    (void)m;
    snprintf(out, size, "p[%d] = e^(x[%d] − max) /\n  Σ i  e^(x[i] − max)", t->at.channel, t->at.channel);
}

const ValuePage value_softmax = {.terms = softmax_terms, .ledger = softmax_ledger, .says = softmax_says, .formula = softmax_formula,
                                 .rounds = true, .hint_play = STR_HINT_PLAY_PLACES};
