/* view_order.c - the last bit: one value added up by two engines, where their orders part, how many values of each layer differ and by how
 * much; and the same additions in random orders, whose sums come and go around the reference's. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ORDERS = 32 };           /* random orders in the chart */
static const float ROW = 20, CHART = 74, COLUMN_LEAST = 300;

static const Str ways[ORDER_WAYS] = {STR_ORDER_AS_REFERENCE, STR_ORDER_FUSED, STR_ORDER_TILES, STR_ORDER_TILES_FUSED};

/* ---- random orders ---------------------------------------------------------------------------------------------------------------------- */

typedef struct Shuffled { float sum; int64_t away; } Shuffled;

static Shuffled shuffled(const OrderPage *p, int seed, int *order)
{
    order_shuffled(p->e.term_count, (uint64_t)seed, order);
    const float sum = order_sum(&p->e, p->terms, order, false, NULL);
    return (Shuffled){sum, ulps_between(p->e.of.weighted.total, sum)};
}

/* A bar for each random order up to the one that is looked at: how many floats its sum is away, up if it is larger. */
static void chart(Ui *ui, Model *m, Rect r, const OrderPage *p, const Shuffled *all, int first, int count)
{
    const float total = p->e.of.weighted.total, middle = roundf(r.y + r.h / 2), step = r.w / ORDERS;
    int64_t most = 1;
    for (int i = 0; i < count; i++)
        most = all[i].away > most ? all[i].away : most;
    for (int i = 0; i < count; i++) {
        const int seed = first + i;
        const Rect column = {r.x + (float)i * step, r.y, step, r.h};
        const float h = (float)((double)all[i].away / (double)most) * (r.h / 2 - 4);
        const bool up = all[i].sum > total, here = seed == m->order.seed;
        if (here || ui_hover(ui, column))
            ui_fill(ui, column, here ? ui->theme->accent_soft : color_alpha(ui->theme->text, 0.06f));
        ui_fill(ui, (Rect){column.x + 2, up ? middle - h : middle, fmaxf(step - 4, 1), fmaxf(h, 1)}, all[i].away == 0 ? ui->theme->good : up ? ui->theme->positive : ui->theme->negative);
        if (ui_click(ui, ui_id("order", seed), column))
            model_order(m, seed);
        if (here)
            ui_item(ui, column, "order", "");
    }
    ui_fill(ui, (Rect){r.x, middle, r.w, 1}, ui->theme->panel_edge);
}

static void random_orders(Ui *ui, Model *m, ViewState *v, Rect *in, const OrderPage *p)
{
    char text[160], number[NUM_MAX], away[NUM_MAX];
    int *order = view_scratch(v, (size_t)p->e.term_count * sizeof *order), same = 0;
    const int seed = m->order.seed, first = seed > ORDERS ? seed - ORDERS + 1 : 1, count = seed - first + 1;
    Shuffled all[ORDERS];
    if (order == NULL)
        return;
    for (int i = 0; i < count; i++) {
        all[i] = shuffled(p, first + i, order);
        same += all[i].away == 0;
    }
    const Shuffled *now = &all[count - 1];
    snprintf(text, sizeof text, model_text(m, STR_ORDER_RANDOM), num_count(number, p->e.term_count), seed);
    part_paragraph(ui, in, part_bold(ui), text);
    snprintf(text, sizeof text, "%s: %s", num_exact(number, now->sum), now->away == 0 ? model_text(m, STR_ORDER_EXACTLY) : "");
    if (now->away != 0) {
        num_count(away, now->away);
        snprintf(text, sizeof text, model_text(m, STR_ORDER_AWAY), num_exact(number, now->sum), away);
    }
    part_paragraph(ui, in, part_colored(part_body(ui), now->away == 0 ? ui->theme->good : ui->theme->text), text);
    chart(ui, m, rect_cut_top(in, CHART), p, all, first, count);
    rect_cut_top(in, 4);
    snprintf(text, sizeof text, model_text(m, STR_ORDER_OF_THESE), same, count);
    part_paragraph(ui, in, part_caption(ui), text);
    Rect row = rect_cut_top(in, 28);
    const char *another = model_text(m, STR_ORDER_ANOTHER), *former = model_text(m, STR_ORDER_FORMER);
    if (ui_button(ui, ui_id("order next", 0), rect_cut_left(&row, ui_button_width(ui, another)), another, BUTTON_PRIMARY))
        model_do(m, VERB_ORDER_NEXT);
    rect_cut_left(&row, 6);
    if (seed > 1 && row.w < ui_button_width(ui, former))
        row = rect_cut_top(in, 28);
    if (seed > 1 && ui_button(ui, ui_id("order prev", 0), rect_cut_left(&row, ui_button_width(ui, former)), former, BUTTON_PLAIN))
        model_do(m, VERB_ORDER_PREV);
    rect_cut_top(in, 8);
}

/* ---- the layers ------------------------------------------------------------------------------------------------------------------------- */

/* A layer: how many of its values differ, as a bar, and by how many floats at most. */
static void layer_row(Ui *ui, Model *m, Rect row, const OrderPage *p, int layer)
{
    const MapDifference *d = &p->layers[layer];
    const Rect all = row;
    char name[NET_NAME_MAX + 32], share[NUM_MAX], most[NUM_MAX], text[2 * NUM_MAX + 8];
    if (layer == p->unit.layer || ui_hover(ui, all))
        ui_round(ui, (Rect){all.x - 4, all.y, all.w + 4, all.h}, 4, layer == p->unit.layer ? ui->theme->accent_soft : color_alpha(ui->theme->text, 0.05f));
    part_layer_address(m, layer, name, sizeof name);
    num_percent(share, (double)d->differ / (double)d->count);
    snprintf(text, sizeof text, "%s · %s", share, num_count(most, d->most));
    ui_pair(ui, row, part_mono(ui), name, part_mono(ui), d->differ > 0 && row.w >= COLUMN_LEAST ? text : share);
    if (row.w >= COLUMN_LEAST) {
        const Rect bar = {row.x + row.w * 0.38f, row.y + 6, row.w * 0.2f, 8};
        ui_fill(ui, bar, color_alpha(ui->theme->text, 0.08f));
        ui_fill(ui, (Rect){bar.x, bar.y, bar.w * (float)((double)d->differ / (double)d->count), bar.h}, ui->theme->accent);
    }
    if (ui_hover(ui, all)) {
        char note[256], count[NUM_MAX], differ[NUM_MAX], one[NUM_MAX];
        snprintf(note, sizeof note, model_text(m, STR_ORDER_NOTE), num_count(differ, (int64_t)d->differ), num_count(count, (int64_t)d->count), num_count(one, (int64_t)d->by_one),
                 most, d->share);
        ui_tooltip(ui, note);
    }
    ui_item(ui, all, "layer", name);
}

static void middle_column(Ui *ui, Model *m, ViewState *v, Rect area, const OrderPage *p)
{
    const Net *net = model_net(m);
    const int rows = net->main_count - 1;
    Rect in = value_terms_card(ui, area, model_text(m, STR_ORDER_BITS), "");
    random_orders(ui, m, v, &in, p);
    const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim);
    ui_pair(ui, rect_cut_top(&in, 20), style, model_text(m, STR_ORDER_LAYERS), style, in.w >= COLUMN_LEAST ? model_text(m, STR_ORDER_DIFFER) : "");
    Rect body = ui_scroll_begin(ui, ui_id("order layers", 0), (Rect){in.x - 4, in.y, in.w + 8, in.h}, &v->scroll[SCROLL_VALUE], (float)rows * ROW + 4);
    for (int l = 1; l < net->main_count; l++) {
        const Rect row = {body.x + 4, body.y + (float)(l - 1) * ROW, body.w - 14, ROW};
        if (row.y + row.h > in.y && row.y < in.y + in.h)
            layer_row(ui, m, row, p, l);
    }
    ui_scroll_end(ui);
}

/* ---- the two engines -------------------------------------------------------------------------------------------------------------------- */

static void number_line(Ui *ui, const Model *m, Rect *r, Str label, float value)
{
    char number[NUM_MAX];
    part_row_styled(ui, r, part_body(ui), model_text(m, label), part_colored(part_mono(ui), ui->theme->text), num_exact(number, value));
}

/* The same, and how many floats it is away from another number. */
static void sum_line(Ui *ui, const Model *m, Rect *r, Str label, float value, float from)
{
    char away[NUM_MAX], text[64];
    const int64_t ulps = ulps_between(from, value);
    number_line(ui, m, r, label, value);
    if (ulps == 0)
        snprintf(text, sizeof text, "%s", model_text(m, STR_ORDER_EXACTLY));
    else
        snprintf(text, sizeof text, model_text(m, STR_ORDER_BY), num_count(away, ulps));
    ui_text(ui, rect_cut_top(r, 16), part_colored(part_caption(ui), ulps == 0 ? ui->theme->good : ui->theme->text_dim), ALIGN_RIGHT, text);
}

static void parting(Ui *ui, const Model *m, Rect *r, const OrderPage *p)
{
    char text[320];
    if (p->way == ORDER_UNKNOWN) {
        part_paragraph(ui, r, part_body(ui), model_text(m, STR_ORDER_UNKNOWN));
        return;
    }
    snprintf(text, sizeof text, model_text(m, STR_ORDER_ADDS), model_text(m, ways[p->way]));
    part_paragraph(ui, r, part_body(ui), text);
    rect_cut_top(r, 4);
    const int term = order_parts_at(p), sum = order_sums_part_at(p), count = p->e.term_count;
    if (term < count) {
        const Term *a = &p->terms[term], *b = &p->terms[p->other_order[term]];
        snprintf(text, sizeof text, model_text(m, STR_ORDER_PARTS), term + 1, a->c, a->y, a->x, b->c, b->y, b->x);
    }
    part_paragraph(ui, r, part_body(ui), term < count ? text : model_text(m, STR_ORDER_SAME));
    rect_cut_top(r, 4);
    if (sum < count)
        snprintf(text, sizeof text, model_text(m, STR_ORDER_SUMS_PART), sum + 1, (double)p->sums[sum], (double)p->other_sums[sum]);
    part_paragraph(ui, r, part_body(ui), sum < count ? text : model_text(m, STR_ORDER_SUMS_SAME));
}

static void answers(Ui *ui, const Model *m, Rect *r, const OrderPage *p)
{
    static const Str engines[] = {STR_ENGINE_REFERENCE, STR_ENGINE_FAST};
    char name[128], text[192], number[NUM_MAX];
    if (p->answers[0] < 0)
        return;
    rect_cut_top(r, 6);
    part_heading(ui, r, model_text(m, STR_ORDER_ANSWER));
    for (int i = 0; i < 2; i++) {
        part_class_name(m, p->answers[i], name, sizeof name);
        snprintf(text, sizeof text, "%s: %s", model_text(m, engines[i]), name);
        part_row_styled(ui, r, part_body(ui), text, part_mono(ui), num_exact(number, p->scores[i]));
    }
    const bool stays = p->answers[0] == p->answers[1];
    part_paragraph(ui, r, part_colored(part_bold(ui), stays ? ui->theme->good : ui->theme->bad), model_text(m, stays ? STR_ORDER_STAYS : STR_ORDER_CHANGES));
}

static void right_column(Ui *ui, Model *m, ViewState *v, Rect area, const OrderPage *p)
{
    char text[192];
    ui_panel(ui, area);
    Rect body = ui_column_begin(ui, ui_id("order right", 0), (Rect){area.x + 14, area.y + 4, area.w - 20, area.h - 8}, &v->scroll[SCROLL_EXTRA]);
    body.w -= 8;
    Rect row = {body.x, body.y, body.w, 10000};
    const float total = p->e.of.weighted.total;
    part_heading(ui, &row, model_text(m, STR_ORDER_SUMS));
    number_line(ui, m, &row, STR_ORDER_REFERENCE, total);
    sum_line(ui, m, &row, STR_ORDER_EXACT, order_exact(&p->e, p->terms), total);
    part_heading(ui, &row, model_text(m, STR_ORDER_STORED));
    number_line(ui, m, &row, STR_ENGINE_REFERENCE, p->e.value);
    sum_line(ui, m, &row, STR_ORDER_SAME_INPUTS, p->other, p->e.value);
    sum_line(ui, m, &row, STR_ORDER_OWN_INPUTS, p->other_own, p->e.value);
    rect_cut_top(&row, 6);
    snprintf(text, sizeof text, "%s · %s", p->kernels, p->kernel);
    part_heading(ui, &row, model_text(m, STR_ORDER_WHERE));
    part_paragraph(ui, &row, part_caption(ui), text);
    rect_cut_top(&row, 4);
    parting(ui, m, &row, p);
    answers(ui, m, &row, p);
    ui_column_end(ui, row.y - body.y + 12);
}

/* ---- the view ----------------------------------------------------------------------------------------------------------------------------- */

void view_order(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Unit unit = circuit_unit(model_net(m), m->cursor);
    const OrderPage *p = order_shown(&m->order, unit);
    char name[NET_NAME_MAX + 32], says[160 + NET_NAME_MAX];
    Taken t;
    value_title(ui, m, &area);
    if (!order_allowed(model_net(m), unit.layer)) {
        part_layer_address(m, unit.layer, name, sizeof name);
        snprintf(says, sizeof says, model_text(m, STR_ORDER_NONE), name);
        part_paragraph(ui, &area, part_small(ui), says);
        return;
    }
    if (p == NULL || !model_taken(m, m->cursor, &t)) {
        value_waiting(ui, m, area, m->order.problem.text[0] != '\0' ? &m->order.problem : &m->exact.problem);
        return;
    }
    part_paragraph(ui, &area, part_small(ui), model_text(m, STR_ORDER_SAYS));
    rect_cut_top(&area, 8);
    Rect left, middle, right;
    value_columns(area, &left, &middle, &right);
    value_left(ui, m, v, left, &t);
    middle_column(ui, m, v, middle, p);
    right_column(ui, m, v, right, p);
    taken_free(&t);
}

void order_hints(const Model *m, char *out, size_t size)
{
    snprintf(out, size, "%s · %s · %s", model_text(m, STR_HINT_ORDER), model_text(m, STR_HINT_BACK), model_text(m, STR_HINT_ARROWS));
}
