/* class_bars.c - draws scores and probabilities as bars; see class_bars.h. */
#include "app/views/class_bars.h"

#include <math.h>

enum { TOP = 40 };
static const float NUMBER_W = 66, AXIS_FOOT = 18;

bool class_bars_for(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->op == OP_SOFTMAX)
        return l->out.h == 1 && l->out.w == 1;
    return layer == net->heads[l->head].logits && net_scores(net, l->head) > 0;
}

/* What all rows share. */
typedef struct Bars {
    Rect in;                    /* of the bars, without names and numbers */
    float lo, hi;               /* values at its ends; 0 is between them */
    float row;                  /* height of one row */
    float name_w;
    bool means;                 /* the weights are trained: the numbers mean something */
    bool probabilities;
} Bars;

static float bar_x(const Bars *b, float value)
{
    return b->in.x + (b->hi > b->lo ? b->in.w * (value - b->lo) / (b->hi - b->lo) : 0);
}

static Bars bars_of(Ui *ui, const Model *m, Rect in, int layer, const Guess *top, int count, float row)
{
    const Layer *l = &model_net(m)->layers[layer];
    Bars b = {.row = row, .means = source_trained(&m->source->source, l->head), .probabilities = l->op == OP_SOFTMAX};
    for (int i = 0; i < count; i++) {
        char name[128];
        part_class_name(m, top[i].index, name, sizeof name);
        b.name_w = fmaxf(b.name_w, ceilf(ui_text_width(ui, part_bold(ui), name)) + 2);
        b.lo = fminf(b.lo, top[i].prob);
        b.hi = fmaxf(b.hi, top[i].prob);
    }
    b.name_w = fminf(b.name_w, fminf(200, in.w * 0.42f));
    b.in = (Rect){in.x + b.name_w + 10, in.y, in.w - b.name_w - NUMBER_W - 20, row * (float)count};
    return b;
}

static void draw_bar(Ui *ui, const Bars *b, float y, float value, bool best)
{
    const Theme *t = ui->theme;
    const float pad = floorf(b->row * 0.12f), zero = bar_x(b, 0), end = bar_x(b, value);
    const Rect track = {b->in.x, y + pad, b->in.w, b->row - 4 - 2 * pad};
    const float w = fmaxf(fabsf(end - zero), 2);
    const Color color = !b->means ? t->op_chip : value < 0 ? t->negative : best ? t->accent : t->histogram;
    ui_round(ui, track, 3, color_mix(t->panel, t->text, 0.05f));
    ui_round(ui, (Rect){value < 0 ? zero - w : zero, track.y, w, track.h}, 3, color);
}

static void draw_class(Ui *ui, Model *m, const Bars *b, Rect r, int layer, Guess guess, bool best)
{
    char number[NUM_MAX], address[64], name[128];
    const Cursor here = {layer, guess.index, 0, 0};
    const bool selected = m->cursor.layer == layer && m->cursor.channel == guess.index;
    const Color ink = b->means ? ui->theme->text : ui->theme->text_faint;
    cursor_text(model_net(m), here, address, sizeof address);
    part_class_name(m, guess.index, name, sizeof name);
    ui_address(ui, address);
    if (ui_hover(ui, r)) {
        model_point(m, here);
        ui_round(ui, (Rect){r.x - 6, r.y, r.w + 12, r.h}, 4, color_alpha(ui->theme->text, 0.05f));
    }
    if (ui_click(ui, ui_id(address, 0), r))
        model_select(m, here);
    ui_text(ui, (Rect){r.x, r.y, b->name_w, r.h}, part_colored(selected ? part_bold(ui) : part_body(ui), ink), ALIGN_RIGHT, name);
    draw_bar(ui, b, r.y, guess.prob, best);
    ui_text(ui, (Rect){r.x + r.w - NUMBER_W, r.y, NUMBER_W, r.h}, part_colored(part_mono(ui), ink), ALIGN_RIGHT,
            b->probabilities ? num_probability(number, (double)guess.prob) : num_value(number, (double)guess.prob));
    ui_item(ui, r, "row", name);
    ui_address(ui, NULL);
}

void class_bars(Ui *ui, Model *m, Rect in, int layer, const LayerMap *map)
{
    Guess top[TOP];
    const int all = (int)map->stats->count;
    const float foot = map->stats->min < 0 ? AXIS_FOOT : 0;
    const float row = fminf(fmaxf(floorf((in.h - foot) / (float)(all > 0 ? all : 1)), 26), 40); /* few classes have higher rows */
    const int rows = (int)((in.h - foot) / row);
    const int count = top_guesses(map->data, all, top, rows > TOP ? TOP : rows < 1 ? 1 : rows);
    if (count == 0)
        return;
    const Bars b = bars_of(ui, m, in, layer, top, count, row);
    for (int i = 0; i < count; i++)
        draw_class(ui, m, &b, (Rect){in.x, in.y + (float)i * row, in.w, row - 4}, layer, top[i], i == 0);
    if (b.lo < 0) {
        const float zero = roundf(bar_x(&b, 0));
        ui_fill(ui, (Rect){zero, b.in.y - 2, 1, b.in.h + 2}, ui->theme->text_dim);
        ui_text(ui, (Rect){zero - 20, b.in.y + b.in.h, 41, AXIS_FOOT}, part_caption(ui), ALIGN_CENTER, "0");
        ui_item(ui, (Rect){zero, b.in.y, 1, b.in.h}, "axis", "0");
    }
}
