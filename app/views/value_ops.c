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
    char name[NET_NAME_MAX + 32];
    const char *slash;
    Color color = ui->theme->text;
    cursor_text(net, (Cursor){input, channel, -1, -1}, name, sizeof name);
    if (in->op == OP_CONCAT)
        color = ui->theme->branch_text[part_branch_of(&net->modules[in->module], channel)];
    slash = strchr(name, '/'); /* the module is in the title */
    ui_text(ui, r, ui_style(FACE_MONO, ui->theme->size_caption, color), ALIGN_LEFT, slash != NULL ? slash + 1 : name);
}

void value_unit_row(Ui *ui, Model *m, Rect *r, const Taken *t, Unit u, int index)
{
    const Net *net = model_net(m);
    char name[NET_NAME_MAX + 32], place[64], number[NUM_MAX], value[NUM_MAX + 32];
    const Rect row = rect_cut_top(r, VALUE_UNIT_ROW);
    cursor_text(net, (Cursor){u.layer, u.c, u.y, u.x}, name, sizeof name);
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

static void softmax_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    char head[96], number[NUM_MAX];
    snprintf(head, sizeof head, model_text(m, STR_SUBTRACT_MAX), num_exact(number, t->e.of.softmax.max));
    Rect in = value_terms_card(ui, r, head, "e^(x − max)");
    const float row_h = 26;
    Rect body = ui_scroll_begin(ui, ui_id("terms", 0), in, &v->scroll[SCROLL_VALUE], row_h * (float)t->e.term_count);
    for (int i = 0; i < t->e.term_count; i++) {
        const Term *term = &t->terms[t->order[i]];
        const Rect row = {body.x, body.y + (float)i * row_h, body.w, row_h};
        char a[NUM_MAX], b[NUM_MAX], name[96];
        if (row.y + row.h < in.y || row.y > in.y + in.h)
            continue;
        if (term->c == t->at.channel)
            ui_round(ui, row, 4, ui->theme->accent_soft);
        part_class_name(m, term->c, name, sizeof name);
        ui_text(ui, (Rect){row.x + 8, row.y, row.w * 0.3f - 8, row.h}, part_body(ui), ALIGN_LEFT, name);
        snprintf(a, sizeof a, "%.4f", (double)term->in);
        ui_text(ui, (Rect){row.x + row.w * 0.3f, row.y, row.w * 0.18f, row.h}, part_mono(ui), ALIGN_RIGHT, a);
        snprintf(a, sizeof a, "%.4f", (double)(term->in - t->e.of.softmax.max));
        ui_text(ui, (Rect){row.x + row.w * 0.48f, row.y, row.w * 0.22f, row.h}, part_mono(ui), ALIGN_RIGHT, a);
        ui_text(ui, (Rect){row.x + row.w * 0.7f, row.y, row.w * 0.3f - 8, row.h}, part_mono(ui), ALIGN_RIGHT, num_exact(b, term->product));
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
    input_steps(ui, m, value_terms_card(ui, r, model_text(m, STR_PREPROCESSING), ""), t->maps[0], t->at);
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
    default: break;
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

static void weighted_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const WeightedSum *w = &t->e.of.weighted;
    char left[128], right[64], a[NUM_MAX], b[NUM_MAX];
    const bool conv = l->op == OP_CONV, stepping = m->play.term >= 0;
    snprintf(left, sizeof left, model_text(m, l->bias ? STR_START_BIAS : STR_START_ZERO), t->at.channel);
    part_row(ui, r, left, num_exact(a, w->bias));
    const int taps = conv ? l->k * l->k : 1, channels = conv ? l->in.c / l->groups : (int)shape_size(l->in), all = channels * taps;
    if (taps > 1)
        snprintf(left, sizeof left, model_text(m, STR_CHANNELS_TAPS), channels, taps);
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
    if (stepping) {
        snprintf(left, sizeof left, model_text(m, STR_AT_TERM), m->play.term, t->e.term_count);
        const float so_far = m->play.term > 0 && m->play.term <= t->e.term_count ? t->terms[m->play.term - 1].sum : w->bias;
        part_row_styled(ui, r, part_colored(part_body(ui), ui->theme->selection), left, part_colored(part_mono(ui), ui->theme->selection), num_exact(a, so_far));
    }
    sum_row(ui, r, model_text(m, conv && taps > 1 ? STR_SUM_IN_ORDER : STR_SUM_PLAIN), w->total);
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
        snprintf(left, sizeof left, "%s · y %d, x %d", model_text(m, STR_WINNER), winner->y, winner->x);
        sum_row(ui, r, left, t->e.value);
        break;
    }
    case OP_AVGPOOL:
        part_row(ui, r, model_text(m, STR_SUM_PLAIN), num_exact(right, t->e.of.average.total));
        snprintf(right, sizeof right, "%d", t->e.of.average.divisor);
        part_row(ui, r, model_text(m, STR_DIVISOR), right);
        sum_row(ui, r, "y", t->e.value);
        break;
    case OP_LRN:
        part_row(ui, r, model_text(m, STR_SQUARES), num_exact(right, t->e.of.lrn.squares));
        part_row(ui, r, model_text(m, STR_DENOMINATOR), num_exact(right, t->e.of.lrn.denominator));
        part_row(ui, r, "^ −β", num_exact(right, t->e.of.lrn.factor));
        sum_row(ui, r, "x · f", t->e.value);
        break;
    case OP_SOFTMAX:
        part_row(ui, r, "max", num_exact(right, t->e.of.softmax.max));
        part_row(ui, r, model_text(m, STR_EXPONENTIATE), num_exact(right, t->e.of.softmax.exponential));
        part_row(ui, r, model_text(m, STR_SUM_PLAIN), num_exact(right, t->e.of.softmax.sum));
        sum_row(ui, r, "p", t->e.value);
        break;
    default: sum_row(ui, r, t->e.op == OP_INPUT ? "x" : "y", t->e.value); break; /* copied, or made of a pixel */
    }
}
