/* ledger_table.c - the ledger's table: the used columns that fit, titles that sort, rows with branches folded under their module,
 * the sums below. See ledger_view.h. */
#include "app/model/reason.h"
#include "app/views/ledger_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float ROW = 24, ROW_MOST = 34, HEAD = 28, SHARE_W = 72, WIDEN_MOST = 24;

typedef struct LedgerTableColumn {
    LedgerColumn column;
    float width;
} LedgerTableColumn;

/* In screen order. The important columns come first; the others are shown if the window is wide enough. */
static const LedgerTableColumn all_columns[] = {
    {LEDGER_NAME, 118},      {LEDGER_OUTPUT, 84},   {LEDGER_WEIGHTS, 70},     {LEDGER_PARAMS, 80},       {LEDGER_KI, 60},    {LEDGER_PRINTED, 58},
    {LEDGER_VERDICT, 130},   {LEDGER_MACS, 86},     {LEDGER_PRINTED_OPS, 76}, {LEDGER_VERDICT_OPS, 128}, {LEDGER_FIELD, 70}, {LEDGER_WINDOW, 138},
    {LEDGER_MULTIPLICATIONS, 112}, {LEDGER_K, 78},  {LEDGER_MACS_BIAS, 112},  {LEDGER_FLOPS, 112},      {LEDGER_STRIDE, 56}, {LEDGER_BYTES, 84},
};
enum { COLUMNS = sizeof all_columns / sizeof all_columns[0] };

typedef struct TableColumns {
    LedgerTableColumn at[COLUMNS];
    int count;
} TableColumns;

/* The source of all printed numbers of a column, or NULL if there is more than one. */
static const char *only_source(const Ledger *ledger, LedgerColumn column)
{
    const char *source = NULL;
    for (int row = 0; row < ledger->count; row++) {
        const AuditLine *line = ledger_claim(ledger, row, column);
        if (line == NULL)
            continue;
        if (source != NULL && strcmp(source, line->claim->source) != 0)
            return NULL;
        source = line->claim->source;
    }
    return source;
}

const char *ledger_column_title(const Model *m, LedgerColumn column, char *own, size_t size)
{
    const bool ops = column == LEDGER_PRINTED_OPS;
    const char *source = ops || column == LEDGER_PRINTED ? only_source(model_ledger(m), column) : NULL;
    if (source != NULL) {
        snprintf(own, size, ops ? model_text(m, STR_COL_PRINTED_OPS_BY) : "%s", reason_source(m->screen.lang, source));
        return own;
    }
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

/* Whether a column has any text: most networks have no claims. */
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

/* The place of a cell's text: left-aligned columns keep a distance from the numbers before them. */
static Rect text_place(LedgerColumn c, Rect cell)
{
    const float left = ledger_is_number(c) ? 4 : c == LEDGER_NAME ? 6 : c == LEDGER_VERDICT || c == LEDGER_VERDICT_OPS ? 8 : 14;
    return (Rect){cell.x + left, cell.y, cell.w - left - 4, cell.h};
}

/* The used columns that fit, each as wide as its title. Spare width goes to them first, then to the bar. */
static TableColumns columns_for(Ui *ui, const Model *m, float width)
{
    const Ledger *ledger = model_ledger(m);
    const TextStyle bold = ui_style(FACE_BOLD, ui->theme->size_caption, 0);
    TableColumns c = {.count = 0};
    float used = SHARE_W;
    for (int i = 0; i < COLUMNS; i++) {
        char own[64];
        LedgerTableColumn column = all_columns[i];
        if (!column_used(ledger, column.column))
            continue;
        column.width = fmaxf(column.width, ceilf(ui_text_width(ui, bold, ledger_column_title(m, column.column, own, sizeof own))) + 10);
        if (used + column.width > width)
            break;
        used += column.width;
        c.at[c.count++] = column;
    }
    for (int i = 0; i < c.count; i++)
        c.at[i].width += floorf(fminf((width - used) / (float)(c.count + 1), WIDEN_MOST));
    return c;
}

static void header(Ui *ui, const Model *m, LedgerState *s, Rect r, const TableColumns *columns)
{
    const Theme *t = ui->theme;
    float x = r.x;
    ui_fill(ui, (Rect){r.x, r.y + r.h - 1, r.w, 1}, t->panel_edge);
    for (int i = 0; i < columns->count; i++) {
        const LedgerColumn c = columns->at[i].column;
        const Rect cell = {x, r.y, columns->at[i].width, r.h};
        char title[96], own[64];
        snprintf(title, sizeof title, s->sort == c && c != LEDGER_NAME ? (s->descending ? "%s ▾" : "%s ▴") : "%s", ledger_column_title(m, c, own, sizeof own));
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
    ui_text(ui, (Rect){x + 10, r.y, r.x + r.w - x - 10, r.h}, ui_style(FACE_BOLD, t->size_caption, t->text_dim), ALIGN_LEFT, model_text(m, STR_COL_SHARE_ALONE));
}

/* switched: the module differs from the description. */
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
    claim_row(row->name, name, NET_NAME_MAX);
    snprintf(name + strlen(name), sizeof name - strlen(name), "%s", switched ? " *" : "");
    ui_text(ui, cell, ui_style(row->has_parts ? FACE_BOLD : FACE_SANS, t->size_small, switched ? t->accent : color), ALIGN_LEFT, name);
}

static void value_cell(Ui *ui, const Model *m, const LedgerState *s, int index, LedgerColumn c, Rect cell)
{
    const Theme *t = ui->theme;
    const LedgerRow *row = &model_ledger(m)->rows[index];
    char text[96];
    const Color color = row->parent >= 0 ? t->text_dim : t->text;
    const AuditLine *line = ledger_claim(model_ledger(m), index, c);
    ledger_text(model_ledger(m), index, c, text, sizeof text);
    if (c == LEDGER_OUTPUT)
        num_shape(text, model_net(m)->layers[row->last].out);
    if (c == LEDGER_WINDOW && row->module >= 0 && row->parent < 0)
        snprintf(text, sizeof text, "%s", model_text(m, STR_FOUR_BRANCHES));
    if (line != NULL && ui_hover(ui, cell) && !(s->row == index && s->column == c)) /* the panel below describes the selection */
        claim_tooltip(ui, m, &model_ledger(m)->audit, line);
    if ((c == LEDGER_VERDICT || c == LEDGER_VERDICT_OPS) && line != NULL) {
        char marked[224], words[192];
        reason_short(m->screen.lang, &model_ledger(m)->audit, line, words, sizeof words);
        snprintf(marked, sizeof marked, "%s %s", verdict_mark(line->verdict.kind), words);
        ui_text(ui, text_place(c, cell), ui_style(FACE_SANS, t->size_small, claim_color(t, line->verdict.kind)), ALIGN_LEFT, marked);
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

static void table_row(Ui *ui, Model *m, LedgerState *s, Rect r, const LedgerShown *shown, const TableColumns *columns)
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
            value_cell(ui, m, s, shown->row, columns->at[i].column, cell);
        if (s->row == shown->row && s->column == columns->at[i].column)
            ui_frame_round(ui, rect_inset(cell, 1), 3, 1, t->accent);
        if (ui_hover(ui, cell) && part_pressed(ui)) {
            const bool again = s->row == shown->row && ui->in.double_clicked;
            ledger_select(s, shown->row, columns->at[i].column == LEDGER_NAME ? LEDGER_WEIGHTS : columns->at[i].column);
            if (again)
                model_go(m, m->ledger.rows[s->row].layer);
            ui->want_frame = true;
        }
        x += cell.w;
    }
    share_cell(ui, shown, row, (Rect){x, r.y, r.x + r.w - x, r.h});
    ui_item(ui, r, "row", row->name);
}

/* The sums below the table, and beside them a note if switches are set or there are no claims. */
static void foot(Ui *ui, const Model *m, const LedgerState *s, Rect r, LedgerPressed *pressed)
{
    const Ledger *ledger = model_ledger(m);
    const Counts all = s->heads ? ledger->trace->training : ledger->trace->main, plain = s->heads ? m->trace.training : m->trace.main;
    char text[256], a[NUM_MAX], b[NUM_MAX], c[NUM_MAX];
    ui_fill(ui, (Rect){r.x, r.y, r.w, 1}, ui->theme->panel_edge);
    snprintf(text, sizeof text, model_text(m, STR_LEDGER_TOTAL), num_count(a, all.weights), num_count(b, all.params), num_count(c, all.macs));
    r = (Rect){r.x + 8, r.y, r.w - 16, r.h};
    rect_cut_left(&r, ui_text(ui, r, part_bold(ui), ALIGN_LEFT, text) + 20);
    if (m->switched.net != NULL) {
        const char *restore = model_text(m, STR_RESTORE_KEY);
        if (ui_button(ui, ui_id("restore modules", 0), rect_inset(rect_cut_right(&r, ui_button_width(ui, restore)), 2), restore, BUTTON_PLAIN))
            pressed->restore = true;
        snprintf(text, sizeof text, model_text(m, STR_SWITCH_WHOLE), num_count(a, plain.weights), num_count(b, plain.macs));
        part_text_fit(ui, r, part_small(ui), text);
    } else if (ledger->audit.count == 0) {
        part_text_fit(ui, r, part_small(ui), model_text(m, STR_AUDIT_NOBODY));
    }
}

/* The place in the table of the row with the stage's layer; -1: it is not shown. */
static int place_of_stage(const Model *m, const LedgerShown *shown, int count)
{
    const Ledger *ledger = model_ledger(m);
    int place = -1;
    for (int i = 0; i < count; i++)
        if (ledger->rows[shown[i].row].first <= m->at && m->at <= ledger->rows[shown[i].row].last)
            place = i; /* the last one is the part, if its parent is open */
    return place;
}

void ledger_table(Ui *ui, Model *m, ViewState *v, Rect in, const LedgerShown *shown, int count, LedgerPressed *pressed)
{
    LedgerState *s = &v->ledger;
    const TableColumns columns = columns_for(ui, m, in.w - 12);
    header(ui, m, s, (Rect){in.x, in.y, in.w - 10, HEAD}, &columns);
    rect_cut_top(&in, HEAD);
    const Rect total = rect_cut_bottom(&in, ROW);
    const float row_h = fminf(fmaxf(floorf(in.h / (float)(count > 0 ? count : 1)), ROW), ROW_MOST);
    Rect body = ui_scroll_begin(ui, ui_id("ledger", 0), in, &v->scroll[SCROLL_LIST], row_h * (float)count);
    const int followed = s->follow > 0 ? place_of_stage(m, shown, count) : -1;
    s->follow = s->follow > 0 ? s->follow - 1 : 0;
    body.w = in.w - 10; /* the same width with and without a scroll bar, so that columns stay below their titles */
    for (int i = 0; i < count; i++) {
        const Rect r = {body.x, body.y + row_h * (float)i, body.w, row_h};
        if (r.y + r.h > in.y && r.y < in.y + in.h)
            table_row(ui, m, s, r, &shown[i], &columns);
        if (i == followed) {
            ui_scroll_show(ui, r);
            ui->want_frame = true;
        }
        if (shown[i].row == s->row && s->show > 0) {
            s->show--;
            ui_scroll_show(ui, r);
            ui->want_frame = true;
        }
    }
    ui_scroll_end(ui);
    foot(ui, m, s, total, pressed);
}
