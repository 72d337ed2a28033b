/* view_ledger.c - the whole network as a table (key L): columns to sort by, branches folded under their module, what was printed and
 * the verdict on it, the cumulative share as a bar, the formula of the selected cell. All content comes from engine/net/ledger.h. */
#include "app/model/save.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float ROW = 24, ROW_MOST = 34, HEAD = 28, SHARE_W = 118, WIDEN_MOST = 24;

typedef struct Column {
    LedgerColumn column;
    float width;
} Column;

/* In the order on the screen. What is needed first; further ones where the window is wide enough. */
static const Column all_columns[] = {
    {LEDGER_NAME, 136},      {LEDGER_OUTPUT, 94},   {LEDGER_WEIGHTS, 82},     {LEDGER_PARAMS, 98},      {LEDGER_KI, 78},    {LEDGER_PRINTED, 64},
    {LEDGER_VERDICT, 122},   {LEDGER_MACS, 112},    {LEDGER_PRINTED_OPS, 88}, {LEDGER_VERDICT_OPS, 122}, {LEDGER_FIELD, 70}, {LEDGER_WINDOW, 138},
    {LEDGER_MULTIPLICATIONS, 112}, {LEDGER_K, 78},  {LEDGER_MACS_BIAS, 112},  {LEDGER_FLOPS, 112},      {LEDGER_STRIDE, 56}, {LEDGER_BYTES, 84},
};
enum { COLUMNS = sizeof all_columns / sizeof all_columns[0] };

typedef struct Columns {
    Column at[COLUMNS];
    int count;
} Columns;

static const char *column_title(const Model *m, LedgerColumn column)
{
    static const Str titles[LEDGER_COLUMN_COUNT] = {
        [LEDGER_NAME] = STR_COL_ROW,           [LEDGER_WINDOW] = STR_COL_WINDOW,         [LEDGER_OUTPUT] = STR_COL_OUTPUT,
        [LEDGER_WEIGHTS] = STR_COL_WEIGHTS,    [LEDGER_PARAMS] = STR_COL_PARAMS,         [LEDGER_K] = STR_COL_K,
        [LEDGER_KI] = STR_COL_KI,              [LEDGER_PRINTED] = STR_COL_PRINTED,       [LEDGER_VERDICT] = STR_COL_VERDICT,
        [LEDGER_MACS] = STR_COL_MACS,          [LEDGER_MACS_BIAS] = STR_COL_MACS_BIAS,   [LEDGER_FLOPS] = STR_COL_FLOPS,
        [LEDGER_MULTIPLICATIONS] = STR_COL_MULTIPLIED, [LEDGER_PRINTED_OPS] = STR_COL_PRINTED_OPS, [LEDGER_VERDICT_OPS] = STR_COL_VERDICT,
        [LEDGER_FIELD] = STR_COL_FIELD,        [LEDGER_STRIDE] = STR_COL_STRIDE,         [LEDGER_BYTES] = STR_COL_BYTES,
    };
    return model_text(m, titles[column]);
}

static const char *verdict_word(const Model *m, VerdictKind kind)
{
    static const Str words[VERDICT_COUNT] = {
        [VERDICT_EXACT] = STR_VERDICT_EXACT, [VERDICT_KI] = STR_VERDICT_KI, [VERDICT_K] = STR_VERDICT_K,
        [VERDICT_ROUNDING] = STR_ROUNDING,   [VERDICT_DIFFERS] = STR_DIFFERS,
    };
    return model_text(m, words[kind]);
}

/* Whether something is printed in a column: most networks come without claims. */
static bool column_used(const Ledger *ledger, LedgerColumn c)
{
    char text[96];
    if (c != LEDGER_PRINTED && c != LEDGER_VERDICT && c != LEDGER_PRINTED_OPS && c != LEDGER_VERDICT_OPS)
        return true;
    for (int row = 0; row < ledger->count; row++) {
        ledger_text(ledger, row, c, text, sizeof text);
        if (text[0] != '\0')
            return true;
    }
    return false;
}

/* The columns that are used and fit; what is left over widens them, and then the bar. */
static Columns columns_for(const Ledger *ledger, float width)
{
    Columns c = {.count = 0};
    float used = SHARE_W;
    for (int i = 0; i < COLUMNS; i++) {
        if (!column_used(ledger, all_columns[i].column))
            continue;
        if (used + all_columns[i].width > width)
            break;
        used += all_columns[i].width;
        c.at[c.count++] = all_columns[i];
    }
    for (int i = 0; i < c.count; i++)
        c.at[i].width += floorf(fminf((width - used) / (float)(c.count + 1), WIDEN_MOST));
    return c;
}

/* The place of a cell's text: columns that begin at the left keep their distance from the numbers before them. */
static Rect text_place(LedgerColumn c, Rect cell)
{
    const float left = ledger_is_number(c) ? 4 : c == LEDGER_NAME ? 6 : c == LEDGER_VERDICT || c == LEDGER_VERDICT_OPS ? 8 : 14;
    return (Rect){cell.x + left, cell.y, cell.w - left - 4, cell.h};
}

static void header(Ui *ui, const Model *m, LedgerState *s, Rect r, const Columns *columns)
{
    const Theme *t = ui->theme;
    float x = r.x;
    ui_fill(ui, (Rect){r.x, r.y + r.h - 1, r.w, 1}, t->panel_edge);
    for (int i = 0; i < columns->count; i++) {
        const LedgerColumn c = columns->at[i].column;
        const Rect cell = {x, r.y, columns->at[i].width, r.h};
        char title[64];
        snprintf(title, sizeof title, s->sort == c && c != LEDGER_NAME ? (s->descending ? "%s ▾" : "%s ▴") : "%s", column_title(m, c));
        if (ui_hover(ui, cell))
            ui_fill(ui, cell, color_alpha(t->text, 0.05f));
        if (ui_click(ui, ui_id("ledger head", (int)c), cell)) { /* largest first, then smallest, then the description's order */
            if (s->sort == c && !s->descending)
                s->sort = LEDGER_NAME;
            else
                s->descending = s->sort != c;
            s->sort = c == LEDGER_NAME || (s->sort == LEDGER_NAME && !s->descending) ? LEDGER_NAME : c;
            ui->want_frame = true;
        }
        ui_text(ui, text_place(c, cell), ui_style(FACE_BOLD, t->size_caption, s->sort == c ? t->text : t->text_dim),
                ledger_is_number(c) ? ALIGN_RIGHT : ALIGN_LEFT, title);
        x += cell.w;
    }
    ui_text(ui, (Rect){x + 10, r.y, r.x + r.w - x - 10, r.h}, ui_style(FACE_BOLD, t->size_caption, t->text_dim), ALIGN_LEFT, column_title(m, s->share));
}

static Color verdict_color(const Theme *t, VerdictKind kind)
{
    return kind == VERDICT_DIFFERS ? t->warn : kind == VERDICT_ROUNDING ? t->text_dim : t->good;
}

/* switched: the module is not as it stands in the description. */
static void name_cell(Ui *ui, LedgerState *s, const LedgerRow *row, int index, bool switched, Rect cell)
{
    const Theme *t = ui->theme;
    cell.x += row->parent >= 0 ? 22 : 6;
    cell.w -= row->parent >= 0 ? 22 : 6;
    if (row->has_parts && index < LEDGER_OPEN_MAX) {
        const Rect mark = rect_cut_left(&cell, 16);
        ui_text(ui, mark, part_small(ui), ALIGN_LEFT, s->open[index] ? "▾" : "▸");
        if (ui_click(ui, ui_id("fold", index), mark)) {
            s->open[index] = !s->open[index];
            ui->want_frame = true;
        }
    } else if (row->parent < 0) {
        rect_cut_left(&cell, 16);
    }
    if (row->branch != BRANCH_NONE) {
        ui_round(ui, (Rect){cell.x, cell.y + 6, 4, cell.h - 12}, 2, t->branch[row->branch]);
        rect_cut_left(&cell, 10);
    }
    const Color color = row->branch != BRANCH_NONE ? t->branch_text[row->branch] : row->head > 0 ? t->text_dim : t->text;
    char name[NET_NAME_MAX + 4];
    snprintf(name, sizeof name, "%s%s", row->name, switched ? " *" : "");
    ui_text(ui, cell, ui_style(row->has_parts ? FACE_BOLD : FACE_SANS, t->size_small, switched ? t->accent : color), ALIGN_LEFT, name);
}

static void value_cell(Ui *ui, const Model *m, const LedgerRow *row, int index, LedgerColumn c, Rect cell)
{
    const Theme *t = ui->theme;
    char text[96];
    VerdictKind kind;
    Color color = row->parent >= 0 ? t->text_dim : t->text;
    ledger_text(model_ledger(m), index, c, text, sizeof text);
    if (c == LEDGER_WINDOW && row->module >= 0 && row->parent < 0)
        snprintf(text, sizeof text, "%s", model_text(m, STR_FOUR_BRANCHES));
    if ((c == LEDGER_VERDICT || c == LEDGER_VERDICT_OPS) && ledger_verdict(model_ledger(m), index, c, &kind)) {
        char marked[112];
        snprintf(marked, sizeof marked, "%s %s", verdict_mark(kind), verdict_word(m, kind));
        ui_text(ui, text_place(c, cell), ui_style(FACE_SANS, t->size_small, verdict_color(t, kind)), ALIGN_LEFT, marked);
        return;
    }
    const bool number = ledger_is_number(c) || c == LEDGER_OUTPUT || c == LEDGER_WINDOW || c == LEDGER_FIELD;
    ui_text(ui, text_place(c, cell), ui_style(number ? FACE_MONO : FACE_SANS, t->size_caption, color), ledger_is_number(c) ? ALIGN_RIGHT : ALIGN_LEFT, text);
}

static void share_cell(Ui *ui, const LedgerShown *shown, const LedgerRow *row, Rect cell)
{
    const Theme *t = ui->theme;
    const Rect bar = {cell.x + 10, cell.y + cell.h / 2 - 4, cell.w - 14, 8};
    const float before = (float)(shown->cumulative - shown->share), share = (float)shown->share;
    ui_round(ui, bar, 2, color_alpha(t->text, 0.06f));
    ui_fill(ui, (Rect){bar.x, bar.y, bar.w * before, bar.h}, color_alpha(t->accent, 0.18f));
    ui_fill(ui, (Rect){bar.x + bar.w * before, bar.y, fmaxf(bar.w * share, share > 0 ? 1 : 0), bar.h}, row->branch != BRANCH_NONE ? t->branch[row->branch] : t->accent);
}

static void table_row(Ui *ui, Model *m, LedgerState *s, Rect r, const LedgerShown *shown, const Columns *columns)
{
    const Ledger *ledger = model_ledger(m);
    const LedgerRow *row = &ledger->rows[shown->row];
    const Theme *t = ui->theme;
    const bool switched = row->module >= 0 && row->parent < 0 &&
                          (switched_in(&m->switched, model_net(m), row->module, false) || switched_in(&m->switched, model_net(m), row->module, true));
    float x = r.x;
    if (s->row == shown->row)
        ui_fill(ui, r, t->accent_soft);
    else if (ui_hover(ui, r))
        ui_fill(ui, r, color_alpha(t->text, 0.035f));
    for (int i = 0; i < columns->count; i++) {
        const Rect cell = {x, r.y, columns->at[i].width, r.h};
        if (columns->at[i].column == LEDGER_NAME)
            name_cell(ui, s, row, shown->row, switched, cell);
        else
            value_cell(ui, m, row, shown->row, columns->at[i].column, cell);
        if (s->row == shown->row && s->column == columns->at[i].column)
            ui_frame_round(ui, rect_inset(cell, 1), 3, 1, t->accent);
        if (ui_hover(ui, cell) && part_pressed(ui)) {
            const bool again = s->row == shown->row && ui->in.double_clicked;
            s->row = shown->row;
            s->column = columns->at[i].column == LEDGER_NAME ? LEDGER_WEIGHTS : columns->at[i].column;
            if (again)
                model_go(m, m->ledger.rows[s->row].layer);
            ui->want_frame = true;
        }
        x += cell.w;
    }
    share_cell(ui, shown, row, (Rect){x, r.y, r.x + r.w - x, r.h});
    ui_item(ui, r, "row", row->name);
}

/* What was pressed in this frame, done when the table that it changes is drawn. */
typedef struct Pressed {
    int module;                 /* whose switch was pressed, or -1 */
    bool third, restore;
} Pressed;

/* A module's two switches, each with what it costs: the module as the switch alone would make it. */
static void switches(Ui *ui, const Model *m, Rect r, const LedgerRow *plain, Pressed *pressed)
{
    static const struct { Str name; ModuleSwitch change; } both[] = {{STR_SWITCH_NAIVE, {.without_reductions = true}}, {STR_SWITCH_THIRD, {.third_3x3 = true}}};
    for (int i = 0; i < 2; i++) {
        const char *name = model_text(m, both[i].name);
        const Counts counts = trace_module_switched(model_net(m), plain->module, both[i].change);
        char text[96], weights[NUM_MAX];
        const float w = ui_button_width(ui, name);
        if (r.w < w)
            return;
        if (ui_choice(ui, ui_id("module switch", 2 * plain->module + i), rect_cut_left(&r, w), name, switched_in(&m->switched, model_net(m), plain->module, i == 1)))
            *pressed = (Pressed){.module = plain->module, .third = i == 1};
        rect_cut_left(&r, 8);
        snprintf(text, sizeof text, model_text(m, STR_SWITCH_COST), num_count(weights, counts.weights), (double)counts.weights / (double)plain->counts.weights);
        rect_cut_left(&r, part_text_fit(ui, r, part_small(ui), text) + 24);
    }
}

/* What the selected count is made of; for a module also its switches. */
static void detail(Ui *ui, Model *m, const LedgerState *s, Rect r, Pressed *pressed)
{
    const Ledger *ledger = model_ledger(m);
    const LedgerRow *row = &ledger->rows[s->row];
    char formula[768], text[192];
    ui_panel(ui, r);
    Rect in = rect_inset(r, 12);
    const char *go = model_text(m, STR_GO_TO_LAYER);
    const float w = ui_button_width(ui, go);
    if (ui_button(ui, ui_id("go to layer", 0), (Rect){in.x + in.w - w, in.y, w, 28}, go, BUTTON_PLAIN))
        model_go(m, m->ledger.rows[s->row].layer);
    in.w -= w + 16;
    snprintf(text, sizeof text, "%s · %s", row->name, column_title(m, s->column));
    ui_text(ui, rect_cut_top(&in, 20), part_bold(ui), ALIGN_LEFT, text);
    ledger_formula(ledger, s->row, s->column, formula, sizeof formula);
    part_paragraph(ui, &in, ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text), formula);
    if (row->module < 0 || row->parent >= 0)
        return;
    rect_cut_top(&in, 4);
    switches(ui, m, rect_cut_top(&in, 28), &m->ledger.rows[s->row], pressed);
}

static void tools(Ui *ui, Model *m, LedgerState *s, Rect r, const LedgerShown *shown, int count)
{
    const char *csv = model_text(m, STR_LEDGER_CSV), *heads = model_text(m, STR_LEDGER_HEADS), *fold = model_text(m, STR_LEDGER_FOLD);
    float w = ui_button_width(ui, csv);
    if (ui_button(ui, ui_id("save csv", 0), rect_cut_right(&r, w), csv, BUTTON_PLAIN)) {
        char *text = ledger_csv(model_ledger(m), shown, count);
        if (text != NULL)
            save_text(m, "inceptoscope-ledger", ".csv", text);
        free(text);
    }
    rect_cut_right(&r, 8);
    w = ui_button_width(ui, heads);
    if (model_net(m)->head_count > 1 && ui_choice(ui, ui_id("ledger heads", 0), rect_cut_right(&r, w), heads, s->heads))
        s->heads = !s->heads;
    rect_cut_right(&r, 8);
    w = ui_button_width(ui, fold);
    if (ui_choice(ui, ui_id("ledger fold", 0), rect_cut_right(&r, w), fold, s->open[LEDGER_OPEN_MAX])) {
        s->open[LEDGER_OPEN_MAX] = !s->open[LEDGER_OPEN_MAX];
        for (int i = 0; i < LEDGER_OPEN_MAX; i++)
            s->open[i] = s->open[LEDGER_OPEN_MAX];
    }
    rect_cut_right(&r, 8);
    const LedgerColumn next = s->share == LEDGER_WEIGHTS ? LEDGER_MACS : s->share == LEDGER_MACS ? LEDGER_BYTES : LEDGER_WEIGHTS;
    w = ui_button_width(ui, column_title(m, s->share)) + 20;
    if (ui_choice(ui, ui_id("ledger share", 0), rect_cut_right(&r, w), column_title(m, s->share), true))
        s->share = next;
    ui_field(ui, ui_id("ledger search", 0), rect_cut_left(&r, fminf(r.w, 260)), model_text(m, STR_LEDGER_SEARCH), s->query, sizeof s->query);
}

void view_ledger(Ui *ui, Model *m, ViewState *v, Rect area)
{
    LedgerState *s = &v->ledger;
    const Ledger *ledger = model_ledger(m);
    if (s->share == LEDGER_NAME)
        s->share = LEDGER_WEIGHTS;
    LedgerShown *shown = view_scratch(v, (size_t)ledger->count * sizeof *shown);
    part_stage_title(ui, &area, model_text(m, STR_LEDGER_TITLE), model_text(m, STR_LEDGER_SAYS));
    if (shown == NULL)
        return;
    const LedgerView view = {.sort = s->sort, .descending = s->descending, .share = s->share, .heads = s->heads,
                             .open = ledger->count <= LEDGER_OPEN_MAX ? s->open : NULL, .search = s->query};
    const int count = ledger_arrange(ledger, &view, shown);
    if (s->row >= ledger->count)
        s->row = -1;
    Pressed pressed = {.module = -1};
    rect_cut_top(&area, 6);
    tools(ui, m, s, rect_cut_top(&area, 30), shown, count);
    rect_cut_top(&area, 10);
    if (s->row >= 0) {
        detail(ui, m, s, rect_cut_bottom(&area, 112), &pressed);
        rect_cut_bottom(&area, 10);
    }
    ui_panel(ui, area);
    Rect in = rect_inset(area, 6);
    const Columns columns = columns_for(ledger, in.w - 12);
    header(ui, m, s, (Rect){in.x, in.y, in.w - 10, HEAD}, &columns);
    rect_cut_top(&in, HEAD);
    Rect total = rect_cut_bottom(&in, ROW);
    const float row_h = fminf(fmaxf(floorf(in.h / (float)(count > 0 ? count : 1)), ROW), ROW_MOST);
    Rect body = ui_scroll_begin(ui, ui_id("ledger", 0), in, &v->scroll[SCROLL_LIST], row_h * (float)count);
    body.w = area.w - 22; /* as wide with a scroll bar as without, so that columns stay below their titles */
    for (int i = 0; i < count; i++) {
        const Rect r = {body.x, body.y + row_h * (float)i, body.w, row_h};
        if (r.y + r.h > in.y && r.y < in.y + in.h)
            table_row(ui, m, s, r, &shown[i], &columns);
    }
    ui_scroll_end(ui);
    const Counts all = s->heads ? ledger->trace->training : ledger->trace->main, plain = s->heads ? m->trace.training : m->trace.main;
    char text[256], a[NUM_MAX], b[NUM_MAX], c[NUM_MAX];
    ui_fill(ui, (Rect){total.x, total.y, total.w, 1}, ui->theme->panel_edge);
    snprintf(text, sizeof text, model_text(m, STR_LEDGER_TOTAL), num_count(a, all.weights), num_count(b, all.params), num_count(c, all.macs));
    total = (Rect){total.x + 8, total.y, total.w - 16, total.h};
    rect_cut_left(&total, ui_text(ui, total, part_bold(ui), ALIGN_LEFT, text) + 20);
    if (m->switched.net != NULL) {
        const char *restore = model_text(m, STR_RESTORE_KEY);
        const float w = ui_button_width(ui, restore);
        if (ui_button(ui, ui_id("restore modules", 0), rect_inset(rect_cut_right(&total, w), 2), restore, BUTTON_PLAIN))
            pressed.restore = true;
        snprintf(text, sizeof text, model_text(m, STR_SWITCH_WHOLE), num_count(a, plain.weights), num_count(b, plain.macs));
        part_text_fit(ui, total, part_small(ui), text);
    }
    if (pressed.module >= 0)
        model_switch(m, pressed.module, pressed.third);
    if (pressed.restore)
        model_do(m, VERB_RESTORE);
    if (pressed.module >= 0 || pressed.restore)
        ui->want_frame = true;
}
