/* view_circuit.c - one value through the 1x1 reduction before it: not the reduced channels, which have no name, but those of the layer before
 * them, by what each gave here; and three sums: the stored one, the exact one with this picture's open gates, and that of the expanded
 * weights, which other tools show. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float GAP = 8, MAP = 56, KERNEL = 48, LINE = 18, EXPANDED_LEAST = 430, BAR_LEAST = 520, NAME_LEAST = 260;

/* ---- the sources ------------------------------------------------------------------------------------------------------------------- */

/* One channel's kernel, of all kernels (C, k, k), in colours that reach as far for every channel. */
static void kernel_tile(Ui *ui, Model *m, ViewState *v, Rect place, const CircuitResult *r, const float *kernels, float reach, int channel, bool expanded)
{
    const int k = model_net(m)->layers[r->circuit.path.layer].k;
    char number[NUM_MAX], name[NET_NAME_MAX + 32], text[NET_NAME_MAX + 160];
    MapGrid grid = {.data = kernels, .c = r->source_count, .h = k, .w = k, .version = 2 * m->circuit.version + (expanded ? 1 : 0) + (1ull << 50), .map = MAP_SIGNED,
                    .lo = part_range_pair(v, -reach, reach), .hi = NULL, .range_count = 1, .columns = 1, .first = channel, .count = 1};
    grid.hi = grid.lo + 1;
    grid.tile = map_tile_sharp(ui, k, k, place.w);
    const MapHit hit = ui_maps(ui, place, &grid, "");
    if (hit.channel < 0)
        return;
    part_layer_address(m, r->circuit.path.layer, name, sizeof name);
    if (expanded)
        snprintf(text, sizeof text, model_text(m, STR_CIRCUIT_EXPANDED_TIP), num_value(number, (double)reach));
    else
        snprintf(text, sizeof text, model_text(m, STR_CIRCUIT_KERNEL_TIP), name, num_value(number, (double)reach));
    snprintf(text + strlen(text), sizeof text - strlen(text), "\n%.6g", (double)kernels[((size_t)channel * (size_t)k + (size_t)hit.y) * (size_t)k + (size_t)hit.x]);
    ui_tooltip(ui, text);
}

static bool shows_expanded(const CircuitResult *r, float w)
{
    return w >= EXPANDED_LEAST && r->circuit.path.kind == CIRCUIT_REDUCTION;
}

static float row_height(float w)
{
    return MAP + 12 + (w < NAME_LEAST ? LINE : 0); /* a narrow card has the name above */
}

/* What a number is, and the number; only that where there is no room. */
static void words_row(Ui *ui, Rect *r, const char *label, TextStyle style, const char *number)
{
    const Rect row = rect_cut_top(r, LINE);
    if (label[0] == '\0')
        ui_text(ui, row, style, ALIGN_RIGHT, number);
    else
        ui_pair(ui, row, part_small(ui), label, style, number);
}

static void source_row(Ui *ui, Model *m, ViewState *v, Rect row, const CircuitResult *r, const LayerMap *map, const CircuitSource *s, double reach)
{
    const int from = r->circuit.path.from;
    const bool pool = r->circuit.path.kind == CIRCUIT_POOL;
    char number[NUM_MAX], text[64];
    const Rect all = row;
    if (ui_hover(ui, all)) {
        ui_round(ui, (Rect){all.x - 4, all.y - 3, all.w + 4, all.h - 2}, 5, color_alpha(ui->theme->text, 0.05f));
        model_point(m, (Cursor){from, s->channel, -1, -1});
    }
    const bool narrow = all.w < NAME_LEAST;
    if (narrow)
        value_channel_label(ui, m, rect_cut_top(&row, LINE), from, s->channel);
    MapGrid grid = part_grid(m, v, from, map, s->channel, 1);
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map->shape.h, map->shape.w, MAP);
    part_layer_address(m, from, text, sizeof text);
    ui_maps(ui, rect_cut_left(&row, grid.tile), &grid, text);
    rect_cut_left(&row, GAP);
    kernel_tile(ui, m, v, rect_cut_left(&row, KERNEL), r, r->kernels, r->reach, s->channel, false);
    rect_cut_left(&row, GAP);
    if (shows_expanded(r, all.w)) {
        kernel_tile(ui, m, v, rect_cut_right(&row, KERNEL), r, r->expanded, r->expanded_reach, s->channel, true);
        rect_cut_right(&row, GAP);
    }
    Rect words = rect_cut_left(&row, all.w >= BAR_LEAST ? 150 : row.w);
    if (!narrow)
        value_channel_label(ui, m, rect_cut_top(&words, LINE), from, s->channel);
    words_row(ui, &words, narrow ? "" : model_text(m, STR_CIRCUIT_GAVE), part_mono(ui), num_signed(number, s->sum));
    if (pool)
        snprintf(number, sizeof number, "%d, %d", s->y, s->x);
    else
        num_signed(number, s->expanded);
    words_row(ui, &words, narrow ? "" : model_text(m, pool ? STR_CIRCUIT_WINNER : STR_CIRCUIT_ALL_OPEN), part_colored(part_mono(ui), ui->theme->text_dim), number);
    if (row.w > 40)
        value_bar(ui, (Rect){row.x + 12, row.y + 20, row.w - 18, 12}, s->sum, reach);
    snprintf(text, sizeof text, "%d", s->channel);
    ui_item(ui, all, "source", text);
    if (ui_click(ui, ui_id("circuit source", s->channel), all))
        model_source(m, s->channel);
}

static void sources(Ui *ui, Model *m, ViewState *v, Rect area, const CircuitResult *r)
{
    char name[NET_NAME_MAX + 32], head[NET_NAME_MAX + 96];
    LayerMap map;
    part_layer_address(m, r->circuit.path.from, name, sizeof name);
    snprintf(head, sizeof head, model_text(m, STR_CIRCUIT_CHANNELS), name);
    Rect in = value_terms_card(ui, area, head, shows_expanded(r, area.w - 40) ? model_text(m, STR_CIRCUIT_ALL_OPEN) : "");
    if (!compute_map(m->compute, r->circuit.path.from, &map))
        return;
    const float step = row_height(in.w - 4);
    Rect body = ui_scroll_begin(ui, ui_id("circuit", 0), (Rect){in.x - 4, in.y, in.w + 8, in.h}, &v->scroll[SCROLL_VALUE], (float)r->source_count * step + 4);
    for (int i = 0; i < r->source_count; i++) {
        const Rect row = {body.x + 4, body.y + 4 + (float)i * step, body.w - 12, step};
        if (row.y + row.h > in.y && row.y < in.y + in.h)
            source_row(ui, m, v, row, r, &map, &r->sources[i], fabs(r->sources[0].sum));
    }
    ui_scroll_end(ui);
}

/* ---- the sums and the gates ----------------------------------------------------------------------------------------------------------- */

/* A sum: what it is, its number, and a bar on the scale of all three. */
static void sum_row(Ui *ui, Rect *r, const char *label, double value, double reach, bool exact)
{
    char number[NUM_MAX];
    part_paragraph(ui, r, part_body(ui), label);
    Rect row = rect_cut_top(r, 22);
    snprintf(number, sizeof number, "%.7g", value);
    const TextStyle style = exact ? part_colored(ui_style(FACE_MONO_BOLD, ui->theme->size_small, 0), ui->theme->text) : part_colored(part_mono(ui), ui->theme->text_dim);
    ui_text(ui, rect_cut_left(&row, fmaxf(104, ui_text_width(ui, style, number) + 6)), style, ALIGN_LEFT, number);
    value_bar(ui, (Rect){row.x, row.y + 6, row.w, 10}, value, reach);
    rect_cut_top(r, 4);
}

static void gate_cell(Ui *ui, Rect r, int open, int gates)
{
    char text[NUM_MAX];
    const Color ground = color_mix(ui->theme->panel, ui->theme->positive, gates > 0 ? 0.6f * (float)open / (float)gates : 0);
    const TextStyle style = ui_style(FACE_MONO, ui->theme->size_caption, color_ink(ground | 0xff));
    ui_round(ui, rect_inset(r, 0.5f), 3, ground);
    num_count(text, open);
    if (ui_text_width(ui, style, text) <= r.w)
        ui_text(ui, r, style, ALIGN_CENTER, text);
}

/* The window's taps, each with how many values of the reduction passed. */
static void gates(Ui *ui, const Model *m, Rect *r, const CircuitResult *result)
{
    const int k = model_net(m)->layers[result->circuit.path.layer].k;
    char a[NUM_MAX], b[NUM_MAX], text[3 * NUM_MAX];
    const float cell = fminf(floorf(r->w / (float)k), 46), h = fminf(cell, 26);
    part_heading(ui, r, model_text(m, STR_CIRCUIT_GATES));
    snprintf(text, sizeof text, model_text(m, STR_CIRCUIT_GATES_N), num_count(a, result->circuit.open), num_count(b, result->circuit.gates));
    snprintf(a, sizeof a, model_text(m, STR_CIRCUIT_GATES_TAPS), result->gates);
    part_row_styled(ui, r, part_small(ui), a, part_mono(ui), text);
    rect_cut_top(r, 4);
    for (int tap = 0; tap < k * k; tap++) {
        const Rect place = {r->x + (float)(tap % k) * cell, r->y + (float)(tap / k) * h, cell, h};
        if (result->open[tap] < 0)
            value_no_cell(ui, place);
        else
            gate_cell(ui, place, result->open[tap], result->gates);
    }
    rect_cut_top(r, (float)k * h + 4);
}

static void right_column(Ui *ui, Model *m, ViewState *v, Rect area, const CircuitResult *r)
{
    const Circuit *c = &r->circuit;
    const bool pool = c->path.kind == CIRCUIT_POOL;
    const double reach = fmax(fmax(fabs((double)c->pre), fabs(c->sum)), fabs(c->expanded));
    char number[NUM_MAX], text[160];
    ui_panel(ui, area);
    Rect in = {area.x + 14, area.y + 4, area.w - 20, area.h - 8};
    Rect body = ui_column_begin(ui, ui_id("circuit right", 0), in, &v->scroll[SCROLL_EXTRA]);
    body.w -= 8;
    Rect row = {body.x, body.y, body.w, 10000};
    part_heading(ui, &row, model_text(m, STR_CIRCUIT_SUMS));
    sum_row(ui, &row, model_text(m, STR_CIRCUIT_STORED), (double)c->pre, reach, true);
    sum_row(ui, &row, model_text(m, pool ? STR_CIRCUIT_EXACT_POOL : STR_CIRCUIT_EXACT), c->sum, reach, true);
    part_row_styled(ui, &row, part_small(ui), model_text(m, STR_CIRCUIT_OF_BIASES), part_mono(ui), num_signed(number, c->bias));
    snprintf(number, sizeof number, "%.2g", c->sum - (double)c->pre);
    part_row_styled(ui, &row, part_small(ui), model_text(m, STR_CIRCUIT_OFF), part_mono(ui), number);
    rect_cut_top(&row, 6);
    if (!pool) {
        sum_row(ui, &row, model_text(m, STR_CIRCUIT_EXPANDED), c->expanded, reach, false);
        gates(ui, m, &row, r);
    }
    rect_cut_top(&row, 6);
    snprintf(text, sizeof text, model_text(m, STR_CIRCUIT_FIVE), num_percent(number, circuit_share(c, r->sources, r->source_count, 5)));
    part_paragraph(ui, &row, part_body(ui), !pool && c->open == 0 ? model_text(m, STR_CIRCUIT_CLOSED) : text);
    rect_cut_top(&row, 6);
    part_paragraph(ui, &row, part_caption(ui), model_text(m, STR_UNITS_NUMBERS));
    ui_column_end(ui, row.y - body.y + 12);
}

/* ---- the view -------------------------------------------------------------------------------------------------------------------------- */

/* Why there is nothing to look through, for people; circuit_path's message names a command. */
static void nothing_text(const Model *m, Unit unit, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[unit.layer];
    char name[NET_NAME_MAX + 32], reads[NET_NAME_MAX + 32];
    part_layer_address(m, unit.layer, name, sizeof name);
    if (l->op != OP_CONV) {
        snprintf(out, size, model_text(m, STR_CIRCUIT_NO_CONV), name);
        return;
    }
    part_layer_address(m, l->inputs[0], reads, sizeof reads);
    snprintf(out, size, model_text(m, STR_CIRCUIT_NOTHING), name, reads);
}

void view_circuit(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Unit unit = circuit_unit(model_net(m), m->cursor);
    const CircuitResult *r = circuit_result(&m->circuit, unit);
    char says[256 + 2 * NET_NAME_MAX], from[NET_NAME_MAX + 32], through[NET_NAME_MAX + 32];
    CircuitPath path;
    Taken t;
    Err none;
    value_title(ui, m, &area);
    const bool way = circuit_path(model_net(m), unit.layer, &path, &none);
    if (!way || r == NULL || !model_taken(m, m->cursor, &t)) {
        nothing_text(m, unit, says, sizeof says);
        part_paragraph(ui, &area, part_small(ui), !way ? says : m->circuit.problem.text[0] != '\0' ? m->circuit.problem.text : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    part_layer_address(m, path.from, from, sizeof from);
    part_layer_address(m, path.through, through, sizeof through);
    snprintf(says, sizeof says, model_text(m, path.kind == CIRCUIT_POOL ? STR_CIRCUIT_SAYS_POOL : STR_CIRCUIT_SAYS), from, through);
    part_paragraph(ui, &area, part_small(ui), says);
    rect_cut_top(&area, 8);
    Rect left, middle, right;
    value_columns(area, &left, &middle, &right);
    value_left(ui, m, v, left, &t);
    sources(ui, m, v, middle, r);
    right_column(ui, m, v, right, r);
    taken_free(&t);
}

void circuit_hints(const Model *m, char *out, size_t size)
{
    snprintf(out, size, "%s · %s · %s", model_text(m, STR_HINT_CIRCUIT), model_text(m, STR_HINT_BACK), model_text(m, STR_HINT_ARROWS));
}
