/* value_ops.c - how a value came about, op by op: the terms in the middle of the one-value view and the rows of its ledger. */
#include "app/views/view_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PAD = 14;

char *value_cell_text(char out[NUM_MAX], float value, bool sign)
{
    const float size = fabsf(value);
    snprintf(out, NUM_MAX, sign ? "%+.*f" : "%.*f", size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3, (double)value);
    return out;
}

/* Relative luminance, close enough to tell which ink reads better. */
static float luminance(Color c)
{
    const float r = (float)(c >> 24) / 255, g = (float)(c >> 16 & 255) / 255, b = (float)(c >> 8 & 255) / 255;
    return 0.2126f * r * r + 0.7152f * g * g + 0.0722f * b * b;
}

static Color ink_on(Color ground, Color a, Color b)
{
    const float l = luminance(ground) + 0.05f, la = luminance(a) + 0.05f, lb = luminance(b) + 0.05f;
    return fmaxf(l / la, la / l) >= fmaxf(l / lb, lb / l) ? a : b;
}

void value_cell(Ui *ui, Rect r, float value, float reach, bool sign, bool faded)
{
    const Theme *t = ui->theme;
    const float share = reach > 0 ? fminf(fabsf(value) / reach, 1) : 0;
    const Color ground = color_mix(t->panel, value < 0 ? t->negative : t->positive, share * (faded ? 0.25f : 0.85f));
    char text[NUM_MAX];
    ui_round(ui, rect_inset(r, 0.5f), 3, ground);
    const float size = fminf(fmaxf(t->size_caption, fminf(r.h * 0.36f, 16)), r.w / 4.2f);
    if (size < 8.4f)
        return;
    const Color ink = faded ? t->text_faint : ink_on(ground, t->text, t->panel);
    ui_text(ui, r, ui_style(FACE_MONO, size, ink), ALIGN_CENTER, value_cell_text(text, value, sign));
}

void value_no_cell(Ui *ui, Rect r)
{
    ui_frame_round(ui, rect_inset(r, 1), 3, 1, ui->theme->panel_edge);
    ui_line(ui, r.x + 4, r.y + r.h - 4, r.x + r.w - 4, r.y + 4, 1, ui->theme->panel_edge);
}

Rect value_terms_card(Ui *ui, Rect r, const char *left, const char *right)
{
    ui_panel(ui, r);
    Rect in = rect_inset(r, PAD);
    in.y -= 6;
    in.h += 6;
    const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim);
    ui_pair(ui, rect_cut_top(&in, 22), style, left, style, right);
    rect_cut_top(&in, 4);
    return in;
}

void value_channel_label(Ui *ui, const Model *m, Rect r, int input, int channel)
{
    const Net *net = model_net(m);
    const Layer *in = &net->layers[input];
    char name[NET_NAME_MAX + 128];
    const char *slash;
    Color color = ui->theme->text;
    value_name(m, (Cursor){input, channel, -1, -1}, name, sizeof name);
    if (in->op == OP_CONCAT)
        color = ui->theme->branch_text[part_branch_of(&net->modules[in->module], channel)];
    slash = strchr(name, '/'); /* the module is in the title */
    ui_text(ui, r, ui_style(FACE_MONO, ui->theme->size_caption, color), ALIGN_LEFT, slash != NULL ? slash + 1 : name);
}

void value_unit_row(Ui *ui, Model *m, Rect *r, const Taken *t, Unit u, int index)
{
    const Net *net = model_net(m);
    char name[NET_NAME_MAX + 128], place[64], number[NUM_MAX], value[NUM_MAX + 32];
    const Rect row = rect_cut_top(r, VALUE_UNIT_ROW);
    value_name(m, (Cursor){u.layer, u.c, u.y, u.x}, name, sizeof name);
    snprintf(place, sizeof place, model_text(m, STR_YX), u.y, u.x);
    snprintf(value, sizeof value, "%s   %s", place, num_exact(number, t->maps[u.layer][at(net->layers[u.layer].out, 0, u.c, u.y, u.x)]));
    if (ui_hover(ui, row))
        ui_round(ui, row, 4, color_alpha(ui->theme->text, 0.06f));
    if (ui_click(ui, ui_id("unit", index), row)) {
        model_select(m, (Cursor){u.layer, u.c, u.y, u.x});
        model_view(m, VIEW_VALUE);
    }
    const TextStyle style = ui_style(FACE_MONO, ui->theme->size_small, part_layer_text(ui, &net->layers[u.layer]));
    ui_pair(ui, (Rect){row.x + 4, row.y, row.w - 8, row.h}, style, name, part_mono(ui), value);
}

/* ---- lists --------------------------------------------------------------------------------------------------------------------------- */

static void lrn_terms(Ui *ui, Model *m, Rect r, const Taken *t)
{
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

/* The columns of a class: its name, its score, how far that is below the largest, and e to the power of that. */
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

/* The terms by their size; the class that is explained is among them without scrolling: at its place, or above them with its place. */
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

static void source_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char name[NET_NAME_MAX + 32], head[128], text[512];
    const Unit u = t->e.of.source.unit;
    cursor_text(model_net(m), (Cursor){u.layer, u.c, u.y, u.x}, name, sizeof name);
    snprintf(head, sizeof head, model_text(m, STR_COPIED_FROM), name);
    Rect in = value_terms_card(ui, r, head, "");
    value_unit_row(ui, m, &in, t, u, 0);
    rect_cut_top(&in, 8);
    if (l->op == OP_DROPOUT) {
        snprintf(text, sizeof text, model_text(m, STR_DROPOUT_WHY), 1 - (double)l->drop);
        part_paragraph(ui, &in, part_body(ui), text);
        rect_cut_top(&in, 8);
    }
    Taken inner; /* what it was copied from, taken apart in the room that is left */
    if (in.h < 160 || !taken_make(m, (Cursor){u.layer, u.c, u.y, u.x}, &inner))
        return;
    if (inner.e.op != OP_CONCAT && inner.e.op != OP_DROPOUT)
        value_terms(ui, m, v, (Rect){r.x, in.y, r.w, r.y + r.h - in.y}, &inner);
    taken_free(&inner);
}

static void input_terms(Ui *ui, Model *m, Rect r, const Taken *t)
{
    const bool given = m->picture.path[0] == '\0'; /* nothing was done to its numbers */
    input_steps(ui, m, value_terms_card(ui, r, given ? "" : model_text(m, STR_PREPROCESSING), ""), t->maps[0], t->at);
}

void value_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    switch (t->e.op) {
    case OP_CONV:
    case OP_FC: value_conv_terms(ui, m, v, r, t); break;
    case OP_MAXPOOL:
    case OP_AVGPOOL: value_pool_terms(ui, m, v, r, t); break;
    case OP_LRN: lrn_terms(ui, m, r, t); break;
    case OP_SOFTMAX: softmax_terms(ui, m, v, r, t); break;
    case OP_CONCAT:
    case OP_DROPOUT: source_terms(ui, m, v, r, t); break;
    case OP_INPUT: input_terms(ui, m, r, t); break;
    case OP_COUNT: break;
    }
}

/* ---- the ledger ------------------------------------------------------------------------------------------------------------------------ */

static void line(Ui *ui, Rect *r)
{
    ui_fill(ui, (Rect){r->x, r->y + 3, r->w, 1}, ui->theme->panel_edge);
    rect_cut_top(r, 7);
}

static void sum_row(Ui *ui, Rect *r, const char *left, float value)
{
    char number[NUM_MAX];
    line(ui, r);
    part_row_styled(ui, r, part_bold(ui), left, ui_style(FACE_MONO_BOLD, ui->theme->size_small, ui->theme->text), num_exact(number, value));
}

/* While the terms are gone through one by one: this one, and apart from it what they have come to so far. */
static void step_rows(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const int n = m->term, all = t->e.term_count;
    char left[96], right[64], a[NUM_MAX];
    if (n < 1 || n > all)
        return;
    const Term *term = &t->terms[n - 1];
    const bool weighted = t->e.op == OP_CONV || t->e.op == OP_FC, max = t->e.op == OP_MAXPOOL;
    const TextStyle words = part_colored(part_body(ui), ui->theme->selection), number = part_colored(part_mono(ui), ui->theme->selection);
    snprintf(left, sizeof left, model_text(m, weighted ? STR_AT_TERM : STR_AT_VALUE), n, all);
    if (weighted) {
        snprintf(right, sizeof right, "%.4g · %.4g", (double)term->in, (double)term->w);
        part_row_styled(ui, r, words, left, number, right);
        snprintf(left, sizeof left, "%s", model_text(m, STR_THIS_TERM));
    }
    part_row_styled(ui, r, words, left, number, num_exact(a, term->product));
    snprintf(left, sizeof left, model_text(m, max ? STR_LARGEST_AFTER : STR_SUM_AFTER), n, all);
    part_row_styled(ui, r, words, left, number, num_exact(a, term->sum));
}

static void weighted_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const WeightedSum *w = &t->e.of.weighted;
    char left[128], right[64], a[NUM_MAX], b[NUM_MAX];
    snprintf(left, sizeof left, model_text(m, l->bias ? STR_START_BIAS : STR_START_ZERO), t->at.channel);
    part_row(ui, r, left, num_exact(a, w->bias));
    const bool conv = l->op == OP_CONV;
    const int taps = conv ? l->k * l->k : l->in.h * l->in.w, channels = conv ? l->in.c / l->groups : l->in.c, all = channels * taps;
    if (taps > 1)
        snprintf(left, sizeof left, model_text(m, conv ? STR_CHANNELS_TAPS : STR_CHANNELS_PLACES), channels, taps);
    else
        snprintf(left, sizeof left, model_text(m, STR_CHANNELS_N), channels);
    snprintf(right, sizeof right, model_text(m, STR_TERMS_N), num_count(a, all));
    part_row(ui, r, left, right);
    if (t->e.term_count < all) {
        snprintf(right, sizeof right, "−%s", num_count(b, all - t->e.term_count));
        part_row_styled(ui, r, part_small(ui), model_text(m, STR_IN_PADDING), part_mono(ui), right);
    }
    snprintf(right, sizeof right, "%+.4f", w->positive);
    part_row(ui, r, model_text(m, STR_POSITIVE_TERMS), right);
    snprintf(right, sizeof right, "%+.4f", w->negative);
    part_row(ui, r, model_text(m, STR_NEGATIVE_TERMS), right);
    step_rows(ui, m, r, t);
    sum_row(ui, r, model_text(m, taps == 1 ? STR_SUM_BY_CHANNEL : conv ? STR_SUM_IN_ORDER : STR_SUM_BY_PLACE), w->total);
    if (l->bn)
        part_row(ui, r, model_text(m, STR_BATCH_NORM), num_exact(a, t->e.pre));
    if (l->relu)
        part_row(ui, r, model_text(m, STR_RELU_OF), num_exact(a, t->e.value));
}

void value_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    char left[96], right[NUM_MAX];
    switch (t->e.op) {
    case OP_CONV:
    case OP_FC: weighted_ledger(ui, m, r, t); break;
    case OP_MAXPOOL: {
        const Term *winner = &t->terms[t->e.of.max.winner];
        step_rows(ui, m, r, t);
        snprintf(left, sizeof left, "%s · y %d, x %d", model_text(m, STR_WINNER), winner->y, winner->x);
        sum_row(ui, r, left, t->e.value);
        break;
    }
    case OP_AVGPOOL:
        step_rows(ui, m, r, t);
        part_row(ui, r, model_text(m, STR_SUM_PLAIN), num_exact(right, t->e.of.average.total));
        snprintf(right, sizeof right, "%d", t->e.of.average.divisor);
        part_row(ui, r, model_text(m, STR_DIVISOR), right);
        sum_row(ui, r, "y", t->e.value);
        break;
    case OP_LRN:
        part_row(ui, r, model_text(m, STR_SQUARES), num_exact(right, t->e.of.lrn.squares));
        part_row(ui, r, model_text(m, STR_DENOMINATOR), num_exact(right, t->e.of.lrn.denominator));
        part_row(ui, r, model_text(m, STR_TO_THE_POWER), num_exact(right, t->e.of.lrn.factor));
        sum_row(ui, r, model_text(m, STR_TIMES_FACTOR), t->e.value);
        break;
    case OP_SOFTMAX:
        part_row(ui, r, model_text(m, STR_LARGEST_SCORE), num_exact(right, t->e.of.softmax.max));
        part_row(ui, r, model_text(m, STR_EXPONENTIATE), num_exact(right, t->e.of.softmax.exponential));
        snprintf(left, sizeof left, model_text(m, STR_SUM_CLASSES), t->e.term_count);
        part_row(ui, r, left, num_exact(right, t->e.of.softmax.sum));
        sum_row(ui, r, model_text(m, STR_ONE_BY_OTHER), t->e.value);
        break;
    case OP_INPUT: sum_row(ui, r, "x", t->e.value); break; /* made of a pixel */
    case OP_CONCAT:
    case OP_DROPOUT: sum_row(ui, r, "y", t->e.value); break; /* copied */
    case OP_COUNT: break;
    }
}
