/* value_products.c - the terms of a convolution's or a fully connected layer's value: for each input channel its map with the window, patch and
 * kernel, their products, and the sum of these; below them what steps through all products, and the sum that grows. */
#include "app/model/terms.h"
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "engine/net/quantize.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Widths around the cells. Name and sum are beside them, or above if the cells need the whole width for their numbers. */
static const float LABEL_W = 118, TIMES_W = 24, EQUALS_W = 26, SUM_W = 74, BAR_LEAST = 70, HEAD_H = 21, CELL_READABLE = 36, CELL_COLOUR = 14, MAP_MOST = 72, MAP_SMALL = 44,
                   MAP_GAP = 10, PRODUCTS_LEAST = 330, SCRUB_ROW = 26, SUM_LEAST = 330;

typedef struct ConvLook {
    int kh, kw;                 /* cells of one channel: the kernel, or for a fully connected layer the input's whole map */
    int pad_y, pad_x;           /* start of the window in the input's map */
    float cell_w, cell_h, label_w, row_h;
    float product_w;            /* width of a product's cell; 0: there is no room for products */
    float map_w;                /* width of the input's map; 0: it has none, or there is no room */
    float head_h;               /* of the line above the cells; 0: name and sum are beside them */
    float x_reach, w_reach, p_reach;
    double part_reach;
    int stepped;                /* terms multiplied so far, or -1: all */
} ConvLook;

/* The width of a cell where `grids` of them, and `other` of other things, share w. */
static float cell_width(const ConvLook *look, float w, float other, int grids)
{
    return floorf(fminf((w - other) / (float)(grids * look->kw), 62));
}

/* Chooses the widths: numbers in all three grids beside name and sum; else with name and sum above; else products as colours; and if the other
 * numbers are to be read only without map and products, without them. */
static void choose_widths(ConvLook *look, float w, bool map)
{
    const float kw = (float)look->kw, map_w = map ? fminf(fmaxf((float)look->kh * 25, 25), MAP_MOST) + MAP_GAP : 0, end = 12; /* the scroll bar */
    look->label_w = LABEL_W;
    look->map_w = map ? map_w - MAP_GAP : 0;
    look->cell_w = look->product_w = cell_width(look, w, LABEL_W + map_w + TIMES_W + 2 * EQUALS_W + SUM_W + BAR_LEAST, 3);
    if (look->cell_w >= CELL_READABLE)
        return;
    look->label_w = 0;
    look->head_h = HEAD_H;
    look->cell_w = look->product_w = cell_width(look, w, map_w + TIMES_W + EQUALS_W + end, 3);
    if (look->cell_w >= CELL_READABLE)
        return;
    look->map_w = map ? fminf(look->map_w, MAP_SMALL) : 0;
    look->product_w = kw < 7 ? CELL_COLOUR : CELL_COLOUR / 2;
    look->cell_w = cell_width(look, w, look->map_w + (map ? MAP_GAP : 0) + TIMES_W + EQUALS_W + end + kw * look->product_w, 2);
    if (look->cell_w >= CELL_READABLE || (w >= PRODUCTS_LEAST && cell_width(look, w, TIMES_W + end, 2) < CELL_READABLE))
        return;
    look->map_w = look->product_w = 0;
    look->cell_w = cell_width(look, w, TIMES_W + end, 2);
}

static ConvLook conv_look(const Model *m, const Taken *t, Rect in)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const bool conv = l->op == OP_CONV;
    ConvLook look = {.kh = conv ? l->k : l->in.h, .kw = conv ? l->k : l->in.w, .pad_y = t->e.y0, .pad_x = t->e.x0, .stepped = m->term};
    choose_widths(&look, in.w, conv && l->in.h > 1);
    look.cell_h = look.kh <= 3 ? 25 : fmaxf(fminf(floorf(look.cell_w * 0.62f), 22), 13);
    const float gap = (look.kh > 1 ? 9 : 2) + look.head_h;
    const float whole = floorf(((in.h - 4) / (float)(t->part_count > 0 ? t->part_count : 1) - gap) / (float)look.kh);
    if (whole > look.cell_h)    /* few channels: make the cells larger */
        look.cell_h = fminf(whole, look.kh > 1 ? 40 : 32);
    else if (whole >= 18)       /* make them slightly smaller, so that nothing scrolls */
        look.cell_h = whole;
    look.row_h = (float)look.kh * look.cell_h + gap;
    for (int i = 0; i < t->e.term_count; i++) {
        look.x_reach = fmaxf(look.x_reach, fabsf(t->terms[i].in));
        look.w_reach = fmaxf(look.w_reach, fabsf(t->terms[i].w));
        look.p_reach = fmaxf(look.p_reach, fabsf(t->terms[i].product));
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

/* The channel of the input's map, and the window on it. */
static void input_map(Ui *ui, const Model *m, ViewState *v, Rect r, const Taken *t, const ConvLook *look, int channel)
{
    const int input = model_net(m)->layers[t->at.layer].inputs[0];
    LayerMap map;
    char name[NET_NAME_MAX + 32];
    if (!compute_map(m->compute, input, &map))
        return;
    MapGrid grid = part_grid(m, v, input, &map, channel, 1);
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, fminf(look->map_w, r.h));
    cursor_text(model_net(m), (Cursor){input, -1, -1, -1}, name, sizeof name);
    ui_maps(ui, r, &grid, name);
    const Rect tile = map_tile_rect(r, &grid, channel);
    const float sx = tile.w / (float)map.shape.w, sy = tile.h / (float)map.shape.h;
    const Rect window = {tile.x + (float)t->e.x0 * sx, tile.y + (float)t->e.y0 * sy, fmaxf((float)(t->e.x1 - t->e.x0) * sx, 2), fmaxf((float)(t->e.y1 - t->e.y0) * sy, 2)};
    ui_clip_push(ui, rect_inset(tile, -2));
    ui_frame(ui, rect_inset(window, -2), 1, 0x000000ff);
    ui_frame(ui, rect_inset(window, -1), 1, 0xffffffff);
    ui_clip_pop(ui);
    ui_item(ui, window, "window", name);
}

/* Where the grids of a row begin: input, kernel, products; and the middle of the cells. */
typedef struct RowPlace { float x, w, p, top, middle; } RowPlace;

static RowPlace row_place(Rect r, const ConvLook *look)
{
    const float side = (float)look->kw * look->cell_w, top = r.y + look->head_h;
    const float x = r.x + look->label_w + (look->map_w > 0 ? look->map_w + MAP_GAP : 0);
    return (RowPlace){x, x + side + TIMES_W, x + 2 * side + TIMES_W + EQUALS_W, top, top + (float)look->kh * look->cell_h / 2};
}

/* Taps in the padding are not terms: their cells are crossed out. */
static void padding(Ui *ui, const Layer *l, const RowPlace *p, const ConvLook *look)
{
    for (int i = 0, k = l->k; i < k * k; i++) {
        const float dx = (float)(i % k), y = p->top + (float)(i / k) * look->cell_h;
        const int row = look->pad_y + i / k, column = look->pad_x + i % k;
        if (row >= 0 && row < l->in.h && column >= 0 && column < l->in.w)
            continue;
        value_no_cell(ui, (Rect){p->x + dx * look->cell_w, y, look->cell_w, look->cell_h});
        value_no_cell(ui, (Rect){p->w + dx * look->cell_w, y, look->cell_w, look->cell_h});
        if (look->product_w > 0)
            value_no_cell(ui, (Rect){p->p + dx * look->product_w, y, look->product_w, look->cell_h});
    }
}

static void term_cells(Ui *ui, const Model *m, ViewState *v, const RowPlace *p, const Taken *t, const ConvLook *look, int i)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const Term *term = &t->terms[i];
    const bool faded = look->stepped >= 0 && i >= look->stepped, fc = l->op == OP_FC;
    const float column = (float)(fc ? term->x : term->kx), y = p->top + (float)(fc ? term->y : term->ky) * look->cell_h;
    const Rect x = {p->x + column * look->cell_w, y, look->cell_w, look->cell_h}, w = {p->w + column * look->cell_w, y, look->cell_w, look->cell_h};
    const Rect product = {p->p + column * look->product_w, y, look->product_w, look->cell_h};
    value_cell(ui, x, term->in, look->x_reach, false, faded);
    if (t->bits > 0)
        value_integer_cell(ui, w, quantize_integer(term->w, t->scale, t->bits), quantize_limit(t->bits), faded);
    else
        value_cell(ui, w, term->w, look->w_reach, true, faded);
    if (look->product_w > 0 && !faded)
        value_cell(ui, product, term->product != 0 ? term->product : 0, look->p_reach, term->product != 0, false); /* 0, not -0 */
    term_note(ui, m, x, t, term);
    term_note(ui, m, w, t, term);
    if (look->product_w > 0)
        term_note(ui, m, product, t, term);
    part_choose_weight(ui, v, w, t->at.layer, weight_index(model_net(m), t, term));
    if (i + 1 != look->stepped)
        return;
    ui_frame_round(ui, rect_inset(x, -1), 4, 2, ui->theme->selection);
    ui_frame_round(ui, rect_inset(w, -1), 4, 2, ui->theme->selection);
    if (look->product_w > 0)
        ui_frame_round(ui, rect_inset(product, -1), 4, 2, ui->theme->selection);
}

static void conv_row(Ui *ui, const Model *m, ViewState *v, Rect r, const Taken *t, const ConvLook *look, const ChannelPart *part)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const bool above = look->head_h > 0, products = look->product_w > 0;
    const RowPlace p = row_place(r, look);
    const float side = (float)look->kw * look->cell_w, right = products ? p.p + (float)look->kw * look->product_w : p.w + side;
    const float said = above ? r.y + 9 : p.middle; /* the middle of the line with name and sum */
    char text[NUM_MAX];
    const TextStyle sign = ui_style(FACE_SANS, ui->theme->size_body, ui->theme->text_dim);
    const float sum_far = above ? p.w + EQUALS_W : right + EQUALS_W; /* above the kernel, or to the right */
    const float sum_x = fminf(sum_far, r.x + r.w - SUM_W - 14);
    const bool signed_sum = sum_x - EQUALS_W >= r.x + LABEL_W - 8;
    if (look->map_w > 0)
        input_map(ui, m, v, (Rect){r.x + look->label_w, p.top, look->map_w, (float)look->kh * look->cell_h}, t, look, part->channel);
    if (l->op == OP_CONV)
        padding(ui, l, &p, look);
    double sum = 0;
    for (int i = part->first; i < part->first + part->count; i++) {
        term_cells(ui, m, v, &p, t, look, i);
        sum += look->stepped >= 0 && i >= look->stepped ? 0 : (double)t->terms[i].product;
    }
    ui_text(ui, (Rect){p.x + side, p.middle - 10, TIMES_W, 20}, sign, ALIGN_CENTER, "·");
    if (products)
        ui_text(ui, (Rect){p.w + side, p.middle - 10, EQUALS_W, 20}, sign, ALIGN_CENTER, "=");
    if (signed_sum)
        ui_text(ui, (Rect){sum_x - EQUALS_W, said - 10, EQUALS_W, 20}, sign, ALIGN_CENTER, products ? "Σ" : "=");
    snprintf(text, sizeof text, "%+.4f", sum);
    const float name_w = signed_sum ? LABEL_W - 8 : sum_x + SUM_W - ui_text_width(ui, part_mono(ui), text) - 4 - r.x;
    value_channel_label(ui, m, (Rect){r.x, said - 10, name_w, 20}, l->inputs[0], part->channel);
    ui_text(ui, (Rect){sum_x, said - 10, SUM_W, 20}, part_mono(ui), ALIGN_RIGHT, text);
    const float bar_x = sum_x + SUM_W + 12, bar_w = (above ? right : r.x + r.w - 6) - bar_x;
    if (bar_w > 24)
        value_bar(ui, (Rect){bar_x, said - 5, bar_w, 10}, sum, look->part_reach);
}

/* ---- the order of the rows -------------------------------------------------------------------------------------------------------------- */

/* Whether the kernel moves over the map: it plays, or it is dragged. */
static bool kernel_moves(const Ui *ui, const Model *m)
{
    return (m->playing && m->term < 0) || ui->active == ui_id("value map", 0) || ui->active == ui_id("value picture", 0);
}

/* Remembers the rows' channels, to keep them while the kernel moves. */
static void remember_rows(FrozenRows *f, const Taken *t)
{
    int *channels = realloc(f->channels, (size_t)(t->part_count > 0 ? t->part_count : 1) * sizeof *channels);
    f->count = 0;
    if (channels == NULL)
        return;
    f->channels = channels;
    f->layer = t->at.layer;
    f->channel = t->at.channel;
    for (int p = 0; p < t->part_count; p++)
        f->channels[f->count++] = t->parts[p].channel;
}

/* The part of each row: while stepping the channels are in the engine's order; while the kernel moves they stay; else the largest part is first.
 * NULL if out of memory. */
static int *row_order(const Ui *ui, const Model *m, ViewState *v, const Taken *t)
{
    const int input = model_net(m)->layers[t->at.layer].in.c;
    FrozenRows *f = &v->frozen;
    int *rows = view_scratch(v, (size_t)t->part_count * sizeof *rows), *part_of = view_scratch(v, (size_t)input * sizeof *part_of), count = 0;
    if (rows == NULL || part_of == NULL)
        return NULL;
    for (int c = 0; c < input; c++)
        part_of[c] = -1;
    for (int p = 0; p < t->part_count; p++)
        part_of[t->parts[p].channel] = p;
    const bool moves = kernel_moves(ui, m), kept = moves && f->layer == t->at.layer && f->channel == t->at.channel && f->count == t->part_count;
    if (!kept)
        remember_rows(f, t);
    for (int c = 0; m->term >= 0 && c < input; c++)
        if (part_of[c] >= 0)
            rows[count++] = part_of[c];
    for (int i = 0; count == 0 && kept && i < f->count; i++)
        rows[i] = part_of[f->channels[i]];
    for (int p = 0; count == 0 && !kept && p < t->part_count; p++)
        rows[p] = p;
    return rows;
}

/* ---- stepping --------------------------------------------------------------------------------------------------------------------------- */

static int taps_of(const Layer *l)
{
    return l->op == OP_CONV ? l->k * l->k : l->in.h * l->in.w;
}

static const Str step_words[TERM_STEPS] = {STR_TERM_ONE, STR_TERM_ROW, STR_TERM_CHANNEL, STR_TERM_ALL};

/* With one tap a channel is one product. */
static bool step_offered(const Layer *l, int step)
{
    return taps_of(l) > 1 || step == TERM_ONE || step == TERM_ALL;
}

/* The choices from x, y on, each where there is room for it, else in the next row; or only their place, if not drawn. Returns the lower end. */
static float step_choices(Ui *ui, Model *m, Rect r, float x, const Layer *l, bool drawn)
{
    float y = r.y;
    for (int i = 0; i < TERM_STEPS; i++) {
        const char *word = model_text(m, step_words[i]);
        const float w = ui_text_width(ui, part_bold(ui), word) + 20;
        if (!step_offered(l, i))
            continue;
        if (x + w > r.x + r.w && x > r.x) {
            x = r.x;
            y += SCRUB_ROW;
        }
        if (drawn && ui_choice(ui, ui_id("term step", i), (Rect){x, y, w, SCRUB_ROW}, word, (int)m->term_step == i))
            model_term_by(m, (TermStep)i);
        x += w;
    }
    return y + SCRUB_ROW;
}

static void step_buttons(Ui *ui, Model *m, Rect *r)
{
    static const char *const signs[] = {"‹", "›"};
    for (int i = 0; i < 2; i++) {
        if (i == 1) {
            const Rect play = rect_cut_left(r, 34);
            const bool plays = m->playing && m->term >= 0;
            part_play_icon(ui, play.x + 17, roundf(play.y + play.h / 2), 6, plays, ui_hover(ui, play) ? ui->theme->text : ui->theme->accent);
            if (ui_click(ui, ui_id("term play", 0), play))
                model_terms_play(m, !plays);
            ui_item(ui, play, "button", "play the products");
        }
        const Rect place = rect_cut_left(r, 30);
        ui_item(ui, place, "button", i == 0 ? "one step back" : "one step on");
        if (ui_button(ui, ui_id("term by", i), place, signs[i], BUTTON_PLAIN)) {
            model_play(m, false);
            model_term_step(m, i == 0 ? -1 : +1);
        }
    }
}

/* Where all the terms are: a click or a drag goes to one. */
static void term_track(Ui *ui, Model *m, Rect r, int at, int count)
{
    const Theme *t = ui->theme;
    const float y = roundf(r.y + r.h / 2), x = r.x + r.w * (float)at / (float)(count > 0 ? count : 1);
    ui_fill(ui, (Rect){r.x, y - 1, r.w, 2}, t->panel_edge);
    ui_fill(ui, (Rect){r.x, y - 1, x - r.x, 2}, t->accent);
    ui_round(ui, (Rect){roundf(x) - 5, y - 5, 10, 10}, 5, t->accent);
    ui_item(ui, r, "terms", "");
    if (!ui_drag(ui, ui_id("term track", 0), (Rect){r.x - 5, r.y, r.w + 10, r.h}))
        return;
    const int to = (int)roundf((ui->in.mouse_x - r.x) / r.w * (float)count);
    model_play(m, false);
    model_term(m, to < 0 ? 0 : to > count ? count : to);
}

/* The sum so far, as a bar on a scale that holds every partial sum. In a narrow card its words are above it. */
static void partial_sum(Ui *ui, const Model *m, Rect r, const Taken *t, int at)
{
    char text[96], number[NUM_MAX];
    double reach = fabs((double)terms_sum(&t->e, t->terms, 0));
    for (int i = 0; i < t->e.term_count; i++)
        reach = fmax(reach, fabs((double)t->terms[i].sum));
    const float sum = terms_sum(&t->e, t->terms, at);
    snprintf(text, sizeof text, model_text(m, STR_SUM_AFTER), at, t->e.term_count);
    if (r.w < SUM_LEAST)
        ui_text(ui, rect_cut_top(&r, r.h / 2), part_small(ui), ALIGN_LEFT, text);
    else
        rect_cut_left(&r, ui_text(ui, r, part_small(ui), ALIGN_LEFT, text) + 10);
    ui_text(ui, rect_cut_right(&r, ui_text_width(ui, part_mono(ui), "-0.000123456789") + 4), part_colored(part_mono(ui), ui->theme->text), ALIGN_RIGHT, num_exact(number, sum));
    if (r.w > 30)
        value_bar(ui, (Rect){r.x, r.y + 5, r.w - 8, r.h - 10}, (double)sum, reach);
}

/* What steps through the terms, at the card's lower end, cut off `in`. */
static void scrub(Ui *ui, Model *m, Rect *in, const Taken *t)
{
    enum { BUTTONS = 104, TRACK = 20, SUM = 22 };
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const int count = t->e.term_count, at = m->term < 0 || m->term > count ? count : m->term;
    const float choices = step_choices(ui, m, (Rect){0, 0, in->w, 0}, BUTTONS, l, false), sum_h = in->w < SUM_LEAST ? 2 * SUM : SUM;
    Rect r = rect_cut_bottom(in, 6 + choices + TRACK + sum_h);
    ui_fill(ui, (Rect){r.x, r.y + 2, r.w, 1}, ui->theme->panel_edge);
    rect_cut_top(&r, 6);
    const Rect words = rect_cut_top(&r, choices);
    Rect buttons = {words.x, words.y, BUTTONS, SCRUB_ROW};
    step_buttons(ui, m, &buttons);
    step_choices(ui, m, words, words.x + BUTTONS, l, true);
    const Rect track = rect_cut_top(&r, TRACK);
    term_track(ui, m, (Rect){track.x + 5, track.y, track.w - 10, track.h}, at, count);
    partial_sum(ui, m, r, t, at);
}

/* ---- the card --------------------------------------------------------------------------------------------------------------------------- */

void value_products(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    char left[224], right[64], order[96];
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const bool stepping = m->term >= 0, conv = l->op == OP_CONV;
    const int taps = taps_of(l);
    const Str what = conv ? (taps > 1 ? STR_PATCH_KERNEL : STR_INPUT_WEIGHT_1X1) : taps > 1 ? STR_MAP_WEIGHTS : STR_INPUT_WEIGHT;
    if (stepping)
        snprintf(order, sizeof order, model_text(m, STR_AT_TERM), m->term, t->e.term_count);
    else if (kernel_moves(ui, m))
        snprintf(order, sizeof order, "%s", model_text(m, STR_ROWS_STAY));
    else
        snprintf(order, sizeof order, model_text(m, STR_RANKED), t->part_count);
    const char *integers = t->bits > 0 ? model_text(m, STR_INTEGERS) : "";
    snprintf(left, sizeof left, "%s%s · %s", model_text(m, what), integers, order);
    snprintf(right, sizeof right, model_text(m, stepping ? STR_SUM_SO_FAR : conv ? STR_SUM_TAPS : STR_SUM_PLACES), taps);
    const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim);
    const bool both = taps > 1 && ui_text_width(ui, style, left) + ui_text_width(ui, style, right) + 40 <= r.w;
    Rect in = value_terms_card(ui, r, left, both ? right : "");
    scrub(ui, m, &in, t);
    const ConvLook look = conv_look(m, t, in);
    const int *rows = row_order(ui, m, v, t);
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
    for (int row = 0; rows != NULL && row < t->part_count; row++) {
        const Rect place = {body.x, body.y + (float)row * look.row_h, body.w, look.row_h};
        if (place.y + place.h > in.y && place.y < in.y + in.h)
            conv_row(ui, m, v, place, t, &look, &t->parts[rows[row]]);
    }
    ui_scroll_end(ui);
}
