/* value_conv.c - one value of a convolution or a fully connected layer: patch and kernel of each input channel, side by side, and
 * the sum of their products. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "engine/net/quantize.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* From the middle of the bar to the right for positive contributions, to the left for negative ones. */
static void contribution_bar(Ui *ui, Rect r, double value, double reach)
{
    const float middle = r.x + r.w / 2, w = reach > 0 ? (float)(fabs(value) / reach) * r.w / 2 : 0;
    ui_fill(ui, (Rect){middle, r.y - 2, 1, r.h + 4}, ui->theme->panel_edge);
    ui_fill(ui, value < 0 ? (Rect){middle - w, r.y, w, r.h} : (Rect){middle + 1, r.y, w, r.h}, value < 0 ? ui->theme->negative : ui->theme->positive);
}

/* Widths around the cells. Name and sum are beside them, or above if a large kernel needs the whole width for its numbers. */
static const float LABEL_W = 118, TIMES_W = 24, EQUALS_W = 26, SUM_W = 74, BAR_LEAST = 70, HEAD_H = 21, CELL_READABLE = 36;

typedef struct ConvLook {
    int kh, kw;                 /* cells of one channel: the kernel, or for a fully connected layer the input's whole map */
    int pad_y, pad_x;           /* start of the window in the input's map */
    float cell_w, cell_h, label_w, row_h;
    float head_h;               /* of the line above the cells; 0: name and sum are beside them */
    float x_reach, w_reach;
    double part_reach;
    int stepped;                /* terms multiplied so far, or -1: all */
} ConvLook;

static ConvLook conv_look(const Model *m, const Taken *t, Rect in)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const bool conv = l->op == OP_CONV;
    ConvLook look = {.kh = conv ? l->k : l->in.h, .kw = conv ? l->k : l->in.w, .pad_y = t->e.y0, .pad_x = t->e.x0, .label_w = LABEL_W, .stepped = m->term};
    float room = in.w - LABEL_W - TIMES_W - EQUALS_W - SUM_W - BAR_LEAST;
    if (floorf(room / (float)(2 * look.kw)) < CELL_READABLE) {
        look.label_w = 0;
        look.head_h = HEAD_H;
        room = in.w - TIMES_W - 12; /* 12 for the scroll bar */
    }
    look.cell_w = floorf(fminf(room / (float)(2 * look.kw), 62));
    look.cell_h = look.kh <= 3 ? 25 : fmaxf(fminf(floorf(look.cell_w * 0.62f), 22), 13);
    const float gap = (look.kh > 1 ? 9 : 2) + look.head_h;
    const float whole = floorf(((in.h - 4) / (float)(t->part_count > 0 ? t->part_count : 1) - gap) / (float)look.kh);
    if (whole > look.cell_h) { /* few channels: make the cells larger */
        look.cell_h = fminf(whole, look.kh > 1 ? 40 : 32);
        look.cell_w = floorf(fminf(room / (float)(2 * look.kw), fmaxf(look.cell_w, look.cell_h * 2.4f)));
    } else if (whole >= 18) { /* make them slightly smaller, so that nothing scrolls */
        look.cell_h = whole;
    }
    look.row_h = (float)look.kh * look.cell_h + gap;
    for (int i = 0; i < t->e.term_count; i++) {
        look.x_reach = fmaxf(look.x_reach, fabsf(t->terms[i].in));
        look.w_reach = fmaxf(look.w_reach, fabsf(t->terms[i].w));
    }
    for (int p = 0; p < t->part_count; p++)
        look.part_reach = fmax(look.part_reach, fabs(t->parts[p].sum));
    return look;
}

/* Shows the whole term in a tooltip while the pointer is on one of its cells. */
static void term_note(Ui *ui, const Model *m, Rect place, const Taken *t, const Term *term)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char text[400], weight[64], after[96], rounded[80] = "";
    if (!ui_hover(ui, place))
        return;
    if (l->op == OP_FC)
        snprintf(weight, sizeof weight, "w[%d, %zu]", t->at.channel, at(l->in, 0, term->c, term->y, term->x));
    else
        snprintf(weight, sizeof weight, "w[%d, %d, %d, %d]", t->at.channel, term->c % (l->in.c / l->groups), term->ky, term->kx);
    snprintf(after, sizeof after, model_text(m, STR_SUM_AFTER), (int)(term - t->terms) + 1, t->e.term_count);
    if (t->bits > 0)
        snprintf(rounded, sizeof rounded, " = %d · %.9g", quantize_integer(term->w, t->scale, t->bits), (double)t->scale);
    snprintf(text, sizeof text, "x[%d, %d, %d] = %.9g\n%s = %.9g%s\nx · w = %.9g\n%s: %.9g", term->c, term->y, term->x, (double)term->in, weight,
             (double)term->w, rounded, (double)term->product, after, (double)term->sum);
    ui_tooltip(ui, text);
}

/* The index of a term's weight in the flat array. */
static size_t weight_index(const Net *net, const Taken *t, const Term *term)
{
    const Layer *l = &net->layers[t->at.layer];
    const Param *p = &net->params[l->weight];
    const size_t row = p->count / (size_t)p->dims[0] * (size_t)t->at.channel + p->offset;
    if (l->op == OP_FC)
        return row + at(l->in, 0, term->c, term->y, term->x);
    const int group = l->in.c / l->groups;
    return row + (size_t)((term->c % group * l->k + term->ky) * l->k + term->kx);
}

static void conv_row(Ui *ui, const Model *m, ViewState *v, Rect r, const Taken *t, const ConvLook *look, const ChannelPart *part)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const bool above = look->head_h > 0;
    const float side = (float)look->kw * look->cell_w, top = r.y + look->head_h, middle = top + (float)look->kh * look->cell_h / 2;
    const float said = above ? r.y + 9 : middle; /* the middle of the line with name and sum */
    char text[NUM_MAX];
    const TextStyle sign = ui_style(FACE_SANS, ui->theme->size_body, ui->theme->text_dim);
    value_channel_label(ui, m, (Rect){r.x, said - 10, LABEL_W - 8, 20}, l->inputs[0], part->channel);
    const float x0 = r.x + look->label_w, w0 = x0 + side + TIMES_W;
    if (l->op == OP_CONV)
        for (int i = 0, k = l->k; i < k * k; i++) { /* taps in the padding are not terms: their cells are crossed out */
            const Rect place = {(float)(i % k) * look->cell_w, top + (float)(i / k) * look->cell_h, look->cell_w, look->cell_h};
            const int y = look->pad_y + i / k, x = look->pad_x + i % k;
            if (y >= 0 && y < l->in.h && x >= 0 && x < l->in.w)
                continue;
            value_no_cell(ui, (Rect){x0 + place.x, place.y, place.w, place.h});
            value_no_cell(ui, (Rect){w0 + place.x, place.y, place.w, place.h});
        }
    double sum = 0;
    for (int i = part->first; i < part->first + part->count; i++) {
        const Term *term = &t->terms[i];
        const bool faded = look->stepped >= 0 && i >= look->stepped;
        const float dx = (float)(l->op == OP_FC ? term->x : term->kx) * look->cell_w, y = top + (float)(l->op == OP_FC ? term->y : term->ky) * look->cell_h;
        value_cell(ui, (Rect){x0 + dx, y, look->cell_w, look->cell_h}, term->in, look->x_reach, false, faded);
        if (t->bits > 0)
            value_integer_cell(ui, (Rect){w0 + dx, y, look->cell_w, look->cell_h}, quantize_integer(term->w, t->scale, t->bits), quantize_limit(t->bits), faded);
        else
            value_cell(ui, (Rect){w0 + dx, y, look->cell_w, look->cell_h}, term->w, look->w_reach, true, faded);
        term_note(ui, m, (Rect){x0 + dx, y, look->cell_w, look->cell_h}, t, term);
        const Rect weight = {w0 + dx, y, look->cell_w, look->cell_h};
        const size_t index = weight_index(model_net(m), t, term);
        term_note(ui, m, weight, t, term);
        part_choose_weight(ui, v, weight, t->at.layer, index);
        sum += faded ? 0 : (double)term->product;
        if (i + 1 == look->stepped) {
            ui_frame_round(ui, (Rect){x0 + dx - 1, y - 1, look->cell_w + 2, look->cell_h + 2}, 4, 2, ui->theme->selection);
            ui_frame_round(ui, (Rect){w0 + dx - 1, y - 1, look->cell_w + 2, look->cell_h + 2}, 4, 2, ui->theme->selection);
        }
    }
    ui_text(ui, (Rect){x0 + side, middle - 10, TIMES_W, 20}, sign, ALIGN_CENTER, "·");
    const float sum_x = above ? w0 + EQUALS_W : w0 + side + EQUALS_W; /* above the kernel, or to its right */
    ui_text(ui, (Rect){sum_x - EQUALS_W, said - 10, EQUALS_W, 20}, sign, ALIGN_CENTER, "=");
    snprintf(text, sizeof text, "%+.4f", sum);
    ui_text(ui, (Rect){sum_x, said - 10, SUM_W, 20}, part_mono(ui), ALIGN_RIGHT, text);
    const float bar_x = sum_x + SUM_W + 12, bar_w = (above ? w0 + side : r.x + r.w - 6) - bar_x;
    if (bar_w > 24)
        contribution_bar(ui, (Rect){bar_x, said - 5, bar_w, 10}, sum, look->part_reach);
}

/* While stepping, the channels are in the engine's order, else the largest part is first. All have the same number of terms. */
static int channel_at(const Taken *t, int row, bool stepping)
{
    int p = row;
    if (stepping)
        for (p = 0; p + 1 < t->part_count && t->parts[p].first != row * t->parts[p].count; p++)
            ;
    return p;
}

static void weighted_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    char left[192], right[64], order[96];
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const bool stepping = m->term >= 0, conv = l->op == OP_CONV;
    const int taps = conv ? l->k * l->k : l->in.h * l->in.w;
    const Str what = conv ? (taps > 1 ? STR_PATCH_KERNEL : STR_INPUT_WEIGHT_1X1) : taps > 1 ? STR_MAP_WEIGHTS : STR_INPUT_WEIGHT;
    if (stepping)
        snprintf(order, sizeof order, model_text(m, STR_AT_TERM), m->term, t->e.term_count);
    else
        snprintf(order, sizeof order, model_text(m, STR_RANKED), t->part_count);
    const char *integers = t->bits > 0 ? model_text(m, STR_INTEGERS) : "";
    snprintf(left, sizeof left, "%s%s · %s", model_text(m, what), integers, order);
    snprintf(right, sizeof right, model_text(m, stepping ? STR_SUM_SO_FAR : conv ? STR_SUM_TAPS : STR_SUM_PLACES), taps);
    Rect in = value_terms_card(ui, r, left, taps > 1 ? right : "");
    const ConvLook look = conv_look(m, t, in);
    Scroll *scroll = &v->scroll[SCROLL_VALUE];
    if (stepping && m->term > 0) { /* keep the row that is being multiplied visible */
        int row = 0;
        for (int p = 0; p < t->part_count; p++)
            row += t->parts[p].first + t->parts[p].count < m->term;
        const float y = (float)row * look.row_h;
        if (y < scroll->offset || y + look.row_h > scroll->offset + in.h)
            scroll->offset = fmaxf(y - in.h / 2, 0);
    }
    Rect body = ui_scroll_begin(ui, ui_id("terms", 0), in, scroll, (float)t->part_count * look.row_h + 4);
    for (int row = 0; row < t->part_count; row++) {
        const Rect place = {body.x, body.y + (float)row * look.row_h, body.w, look.row_h};
        if (place.y + place.h > in.y && place.y < in.y + in.h)
            conv_row(ui, m, v, place, t, &look, &t->parts[channel_at(t, row, stepping)]);
    }
    ui_scroll_end(ui);
}

/* ---- words and numbers ------------------------------------------------------------------------------------------------------------------ */

static void weighted_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const WeightedSum *w = &t->e.of.weighted;
    char left[128], right[64], a[NUM_MAX], b[NUM_MAX];
    snprintf(left, sizeof left, model_text(m, l->bias ? STR_START_BIAS : STR_START_ZERO), t->at.channel);
    part_row(ui, r, left, num_exact(a, w->bias));
    if (t->bits > 0) {
        snprintf(left, sizeof left, model_text(m, STR_WEIGHT_BITS), t->bits);
        part_row(ui, r, left, num_exact(a, t->scale));
    }
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
    value_step_rows(ui, m, r, t, STR_SUM_AFTER);
    value_sum_row(ui, r, model_text(m, taps == 1 ? STR_SUM_BY_CHANNEL : conv ? STR_SUM_IN_ORDER : STR_SUM_BY_PLACE), w->total);
    if (l->bn)
        part_row(ui, r, model_text(m, STR_BATCH_NORM), num_exact(a, t->e.pre));
    if (l->relu)
        part_row(ui, r, model_text(m, STR_RELU_OF), num_exact(a, t->e.value));
}

static void weighted_says(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char count[NUM_MAX];
    snprintf(out, size, model_text(m, l->bias ? STR_VALUE_OF_BIAS : STR_VALUE_OF_TERMS), num_count(count, t->e.term_count));
    snprintf(out + strlen(out), size - strlen(out), "%s%s", l->bn ? model_text(m, STR_VALUE_THEN_NORM) : "", l->relu ? model_text(m, STR_VALUE_THEN_RELU) : "");
}

static void weighted_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const Cursor c = t->at;
    char left[96], bias[32] = "", close[8];
    if (l->bias)
        snprintf(bias, sizeof bias, "b[%d] +\n  ", c.channel);
    if (l->op == OP_FC)
        snprintf(left, sizeof left, "y[%d]", c.channel);
    else
        snprintf(left, sizeof left, "y[%d,%d,%d]", c.channel, c.y, c.x);
    snprintf(close, sizeof close, "%s%s", l->bn ? " )" : "", l->relu ? " )" : "");
    size_t used = (size_t)snprintf(out, size, "%s = %s%s%s", left, l->relu ? "ReLU( " : "", l->bn ? "BN(\n  " : "", bias);
    if (l->op == OP_FC)
        used += (size_t)snprintf(out + used, size - used, "Σ i=0…%d  w[%d,i] · x[i]", (int)shape_size(l->in) - 1, c.channel);
    else if (l->k == 1)
        used += (size_t)snprintf(out + used, size - used, "Σ c=0…%d  w[%d,c] · x[c,%d,%d]", l->in.c / l->groups - 1, c.channel, c.y * l->stride, c.x * l->stride);
    else
        used += (size_t)snprintf(out + used, size - used, "Σ c=0…%d  Σ ky,kx=0…%d\n  w[%d,c,ky,kx] ·\n  x[c, %d+ky−%d, %d+kx−%d]", l->in.c / l->groups - 1, l->k - 1,
                                 c.channel, c.y * l->stride, l->pad, c.x * l->stride, l->pad);
    snprintf(out + used, size - used, "%s", close);
}

const ValuePage value_conv = {.terms = weighted_terms, .ledger = weighted_ledger, .says = weighted_says, .formula = weighted_formula,
                              .rounds = true, .hint = STR_HINT_MULTIPLY, .hint_play = STR_HINT_PLAY_KERNEL};
const ValuePage value_fc = {.terms = weighted_terms, .ledger = weighted_ledger, .says = weighted_says, .formula = weighted_formula,
                            .rounds = true, .hint = STR_HINT_MULTIPLY, .hint_play = STR_HINT_PLAY_PLACES};
