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

/* From the middle of the bar to the right for positive contributions, to the left for negative ones. */
static void contribution_bar(Ui *ui, Rect r, double value, double reach)
{
    const float middle = r.x + r.w / 2, w = reach > 0 ? (float)(fabs(value) / reach) * r.w / 2 : 0;
    ui_fill(ui, (Rect){middle, r.y - 2, 1, r.h + 4}, ui->theme->panel_edge);
    ui_fill(ui, value < 0 ? (Rect){middle - w, r.y, w, r.h} : (Rect){middle + 1, r.y, w, r.h}, value < 0 ? ui->theme->negative : ui->theme->positive);
}

static Rect terms_card(Ui *ui, Rect r, const char *left, const char *right)
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

/* A channel of the input, named and coloured by the branch it comes from. */
static void channel_label(Ui *ui, const Model *m, Rect r, int input, int channel)
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

/* ---- convolution ----------------------------------------------------------------------------------------------------------------- */

/* Widths around the cells: a name and a sum beside them, or above them where large windows need the whole width for their numbers. */
static const float LABEL_W = 118, TIMES_W = 24, EQUALS_W = 26, SUM_W = 74, BAR_LEAST = 70, HEAD_H = 21, CELL_READABLE = 36;

typedef struct ConvLook {
    int k, pad_y, pad_x;        /* where the window starts in the input's map */
    float cell_w, cell_h, label_w, row_h;
    float head_h;               /* of the line above the cells; 0: name and sum stand beside them */
    float x_reach, w_reach;
    double part_reach;
    int stepped;                /* terms multiplied so far, or -1: all */
} ConvLook;

static ConvLook conv_look(const Model *m, const Taken *t, Rect in)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    ConvLook look = {.k = l->op == OP_CONV ? l->k : 1, .pad_y = t->e.y0, .pad_x = t->e.x0, .label_w = LABEL_W, .stepped = m->play.term};
    float room = in.w - LABEL_W - TIMES_W - EQUALS_W - SUM_W - BAR_LEAST;
    if (floorf(room / (float)(2 * look.k)) < CELL_READABLE) {
        look.label_w = 0;
        look.head_h = HEAD_H;
        room = in.w - TIMES_W - 12; /* the scroll bar's */
    }
    look.cell_w = floorf(fminf(room / (float)(2 * look.k), 62));
    look.cell_h = look.k <= 3 ? 25 : fmaxf(fminf(floorf(look.cell_w * 0.62f), 22), 13);
    const float gap = (look.k > 1 ? 9 : 2) + look.head_h;
    const float whole = floorf(((in.h - 4) / (float)(t->part_count > 0 ? t->part_count : 1) - gap) / (float)look.k);
    if (whole > look.cell_h) { /* few channels: larger cells */
        look.cell_h = fminf(whole, look.k > 1 ? 40 : 32);
        look.cell_w = floorf(fminf(room / (float)(2 * look.k), fmaxf(look.cell_w, look.cell_h * 2.4f)));
    } else if (whole >= 18) { /* slightly smaller ones, so that nothing scrolls */
        look.cell_h = whole;
    }
    look.row_h = (float)look.k * look.cell_h + gap;
    for (int i = 0; i < t->e.term_count; i++) {
        look.x_reach = fmaxf(look.x_reach, fabsf(t->terms[i].in));
        look.w_reach = fmaxf(look.w_reach, fabsf(t->terms[i].w));
    }
    for (int p = 0; p < t->part_count; p++)
        look.part_reach = fmax(look.part_reach, fabs(t->parts[p].sum));
    return look;
}

/* The whole term in a note while the pointer is on one of its cells. */
static void term_note(Ui *ui, Rect place, const Term *term)
{
    char text[160];
    if (!ui_hover(ui, place))
        return;
    snprintf(text, sizeof text, "x[%d, %d, %d] = %.9g\nw[%d, %d, %d] = %.9g\nx · w = %.9g\nΣ = %.9g", term->c, term->y, term->x, (double)term->in, term->c,
             term->ky, term->kx, (double)term->w, (double)term->product, (double)term->sum);
    ui_tooltip(ui, text);
}

/* Where the weight of a term stands in the flat array. */
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
    const int k = look->k;
    const bool above = look->head_h > 0;
    const float side = (float)k * look->cell_w, top = r.y + look->head_h, middle = top + (float)k * look->cell_h / 2;
    const float said = above ? r.y + 9 : middle; /* the middle of the line with name and sum */
    char text[NUM_MAX];
    const TextStyle sign = ui_style(FACE_SANS, ui->theme->size_body, ui->theme->text_dim);
    channel_label(ui, m, (Rect){r.x, said - 10, LABEL_W - 8, 20}, l->inputs[0], part->channel);
    const float x0 = r.x + look->label_w, w0 = x0 + side + TIMES_W;
    if (l->op == OP_CONV)
        for (int i = 0; i < k * k; i++) { /* taps in the padding are no terms: their places stay crossed out */
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
        const float dx = (float)term->kx * look->cell_w, y = top + (float)term->ky * look->cell_h;
        value_cell(ui, (Rect){x0 + dx, y, look->cell_w, look->cell_h}, term->in, look->x_reach, false, faded);
        value_cell(ui, (Rect){w0 + dx, y, look->cell_w, look->cell_h}, term->w, look->w_reach, true, faded);
        term_note(ui, (Rect){x0 + dx, y, look->cell_w, look->cell_h}, term);
        const Rect weight = {w0 + dx, y, look->cell_w, look->cell_h};
        const size_t index = weight_index(model_net(m), t, term);
        term_note(ui, weight, term);
        part_choose_weight(ui, v, weight, t->at.layer, index);
        sum += faded ? 0 : (double)term->product;
        if (i + 1 == look->stepped) {
            ui_frame_round(ui, (Rect){x0 + dx - 1, y - 1, look->cell_w + 2, look->cell_h + 2}, 4, 2, ui->theme->selection);
            ui_frame_round(ui, (Rect){w0 + dx - 1, y - 1, look->cell_w + 2, look->cell_h + 2}, 4, 2, ui->theme->selection);
        }
    }
    ui_text(ui, (Rect){x0 + side, middle - 10, TIMES_W, 20}, sign, ALIGN_CENTER, "·");
    const float sum_x = above ? w0 + EQUALS_W : w0 + side + EQUALS_W; /* above the kernel, or behind it */
    ui_text(ui, (Rect){sum_x - EQUALS_W, said - 10, EQUALS_W, 20}, sign, ALIGN_CENTER, "=");
    snprintf(text, sizeof text, "%+.4f", sum);
    ui_text(ui, (Rect){sum_x, said - 10, SUM_W, 20}, part_mono(ui), ALIGN_RIGHT, text);
    const float bar_x = sum_x + SUM_W + 12, bar_w = (above ? w0 + side : r.x + r.w - 6) - bar_x;
    if (bar_w > 24)
        contribution_bar(ui, (Rect){bar_x, said - 5, bar_w, 10}, sum, look->part_reach);
}

/* While multiplying one by one, the channels stand in the engine's order, else the largest part comes first. */
static int channel_at(const Taken *t, int row, bool stepping)
{
    if (!stepping)
        return row;
    for (int p = 0; p < t->part_count; p++) {
        int before = 0;
        for (int q = 0; q < t->part_count; q++)
            before += t->parts[q].first < t->parts[p].first;
        if (before == row)
            return p;
    }
    return row;
}

static void conv_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    char left[160], right[64];
    const bool stepping = m->play.term >= 0;
    const int taps = model_net(m)->layers[t->at.layer].op == OP_CONV ? model_net(m)->layers[t->at.layer].k : 1;
    if (stepping)
        snprintf(left, sizeof left, model_text(m, STR_AT_TERM), m->play.term, t->e.term_count);
    else
        snprintf(left, sizeof left, "%s · %d", model_text(m, STR_PATCH_KERNEL), t->part_count);
    snprintf(right, sizeof right, model_text(m, STR_SUM_TAPS), taps * taps);
    Rect in = terms_card(ui, r, left, taps > 1 ? right : "");
    const ConvLook look = conv_look(m, t, in);
    Scroll *scroll = &v->scroll[SCROLL_VALUE];
    if (stepping && m->play.term > 0) { /* the row being multiplied stays in sight */
        int row = 0;
        for (int p = 0; p < t->part_count; p++)
            row += t->parts[p].first + t->parts[p].count < m->play.term;
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

/* ---- windows of pools -------------------------------------------------------------------------------------------------------------- */

static void unit_row(Ui *ui, Model *m, Rect *r, const Taken *t, Unit u, int index)
{
    const Net *net = model_net(m);
    char name[NET_NAME_MAX + 32], place[64], number[NUM_MAX], value[NUM_MAX + 32];
    const Rect row = rect_cut_top(r, 22);
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

static void pool_terms(Ui *ui, Model *m, Rect r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const int h = t->e.y1 - t->e.y0, w = t->e.x1 - t->e.x0;
    char head[96];
    snprintf(head, sizeof head, "%s · y %d–%d, x %d–%d", model_text(m, STR_WINDOW), t->e.y0, t->e.y1 - 1, t->e.x0, t->e.x1 - 1);
    Rect in = terms_card(ui, r, head, "");
    const float path_h = t->path_count > 1 ? 62 + 22 * (float)t->path_count : 8;
    const float cw = floorf(fminf(in.w / (float)w, 128)), ch = floorf(fmaxf(fminf(cw * 0.55f, (in.h - path_h) / (float)h), 16));
    float reach = 0;
    for (int i = 0; i < t->e.term_count; i++)
        reach = fmaxf(reach, fabsf(t->terms[i].in));
    bool outside = false;
    for (int i = 0; i < h * w; i++) {
        const int y = t->e.y0 + i / w, x = t->e.x0 + i % w;
        if (y >= 0 && x >= 0 && y < l->in.h && x < l->in.w)
            continue;
        value_no_cell(ui, (Rect){in.x + (float)(i % w) * cw, in.y + (float)(i / w) * ch, cw, ch});
        outside = true;
    }
    for (int i = 0; i < t->e.term_count; i++) {
        const Term *term = &t->terms[i];
        const Rect place = {in.x + (float)(term->x - t->e.x0) * cw, in.y + (float)(term->y - t->e.y0) * ch, cw, ch};
        value_cell(ui, place, term->in, reach, false, m->play.term >= 0 && i >= m->play.term);
        if ((l->op == OP_MAXPOOL && i == t->e.of.max.winner) || i + 1 == m->play.term)
            ui_frame_round(ui, rect_inset(place, -1), 4, 2, ui->theme->selection);
    }
    rect_cut_top(&in, (float)h * ch + 8);
    if (outside)
        ui_text(ui, rect_cut_top(&in, 18), part_caption(ui), ALIGN_LEFT, model_text(m, STR_OVER_THE_EDGE));
    if (t->path_count < 2)
        return;
    part_heading(ui, &in, model_text(m, STR_WAY_TO_PIXEL));
    for (int i = 0; i < t->path_count && in.h > 22; i++)
        unit_row(ui, m, &in, t, t->path[i], i);
}

/* ---- lists --------------------------------------------------------------------------------------------------------------------------- */

static void lrn_terms(Ui *ui, Model *m, Rect r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    Rect in = terms_card(ui, r, model_text(m, STR_NEIGHBOURS), "x²");
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
        channel_label(ui, m, (Rect){row.x + 8, row.y, 120, row.h}, l->inputs[0], term->c);
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
    Rect in = terms_card(ui, r, head, "e^(x − max)");
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
    Rect in = terms_card(ui, r, head, "");
    unit_row(ui, m, &in, t, u, 0);
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
    input_steps(ui, m, terms_card(ui, r, model_text(m, STR_PREPROCESSING), ""), t->maps[0], t->at);
}

void value_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    switch (t->e.op) {
    case OP_CONV:
    case OP_FC: conv_terms(ui, m, v, r, t); break;
    case OP_MAXPOOL:
    case OP_AVGPOOL: pool_terms(ui, m, r, t); break;
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
