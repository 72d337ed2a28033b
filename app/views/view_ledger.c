/* view_ledger.c - the whole network as a table (key L): columns to sort by, branches folded under their module, what was printed and
 * the verdict on it, the cumulative share as a bar, the formula of the selected cell. All content comes from engine/net/ledger.h. */
#include "app/model/phrases.h"
#include "app/model/reason.h"
#include "app/session/save.h"
#include "app/views/claims.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float ROW = 24, ROW_MOST = 34, HEAD = 28, SHARE_W = 72, WIDEN_MOST = 24;

typedef struct Column {
    LedgerColumn column;
    float width;
} Column;

/* In the order on the screen. What is needed first; further ones where the window is wide enough. */
static const Column all_columns[] = {
    {LEDGER_NAME, 118},      {LEDGER_OUTPUT, 84},   {LEDGER_WEIGHTS, 70},     {LEDGER_PARAMS, 80},       {LEDGER_KI, 60},    {LEDGER_PRINTED, 58},
    {LEDGER_VERDICT, 130},   {LEDGER_MACS, 86},     {LEDGER_PRINTED_OPS, 76}, {LEDGER_VERDICT_OPS, 128}, {LEDGER_FIELD, 70}, {LEDGER_WINDOW, 138},
    {LEDGER_MULTIPLICATIONS, 112}, {LEDGER_K, 78},  {LEDGER_MACS_BIAS, 112},  {LEDGER_FLOPS, 112},      {LEDGER_STRIDE, 56}, {LEDGER_BYTES, 84},
};
enum { COLUMNS = sizeof all_columns / sizeof all_columns[0] };

typedef struct Columns {
    Column at[COLUMNS];
    int count;
} Columns;

/* Who printed all numbers of a column, or NULL when it was not one source alone. */
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

static const char *column_title(const Model *m, LedgerColumn column, char *own, size_t size)
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

/* The place of a cell's text: columns that begin at the left keep their distance from the numbers before them. */
static Rect text_place(LedgerColumn c, Rect cell)
{
    const float left = ledger_is_number(c) ? 4 : c == LEDGER_NAME ? 6 : c == LEDGER_VERDICT || c == LEDGER_VERDICT_OPS ? 8 : 14;
    return (Rect){cell.x + left, cell.y, cell.w - left - 4, cell.h};
}

static const char *share_title(const Model *m, LedgerColumn column, char *out, size_t size)
{
    char own[64];
    snprintf(out, size, model_text(m, STR_COL_SHARE), column_title(m, column, own, sizeof own));
    return out;
}

/* The columns that are used and fit, each as wide as its title; what is left over widens them, and then the bar. */
static Columns columns_for(Ui *ui, const Model *m, float width)
{
    const Ledger *ledger = model_ledger(m);
    const TextStyle bold = ui_style(FACE_BOLD, ui->theme->size_caption, 0);
    Columns c = {.count = 0};
    float used = SHARE_W;
    for (int i = 0; i < COLUMNS; i++) {
        char own[64];
        Column column = all_columns[i];
        if (!column_used(ledger, column.column))
            continue;
        column.width = fmaxf(column.width, ceilf(ui_text_width(ui, bold, column_title(m, column.column, own, sizeof own))) + 10);
        if (used + column.width > width)
            break;
        used += column.width;
        c.at[c.count++] = column;
    }
    for (int i = 0; i < c.count; i++)
        c.at[i].width += floorf(fminf((width - used) / (float)(c.count + 1), WIDEN_MOST));
    return c;
}

static void header(Ui *ui, const Model *m, LedgerState *s, Rect r, const Columns *columns)
{
    const Theme *t = ui->theme;
    float x = r.x;
    ui_fill(ui, (Rect){r.x, r.y + r.h - 1, r.w, 1}, t->panel_edge);
    for (int i = 0; i < columns->count; i++) {
        const LedgerColumn c = columns->at[i].column;
        const Rect cell = {x, r.y, columns->at[i].width, r.h};
        char title[96], own[64];
        snprintf(title, sizeof title, s->sort == c && c != LEDGER_NAME ? (s->descending ? "%s ▾" : "%s ▴") : "%s", column_title(m, c, own, sizeof own));
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
    if (line != NULL && ui_hover(ui, cell) && !(s->row == index && s->column == c)) /* what is selected is said below */
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

/* What was pressed in this frame, done when the table that it changes is drawn. */
typedef struct Pressed {
    int module;                 /* whose switch was pressed, or -1 */
    bool third, restore;
} Pressed;

/* A track with a knob, and what it switches. Returns its width; *pressed becomes true. */
static float toggle(Ui *ui, Rect r, uint64_t id, const char *label, bool on, bool *pressed)
{
    const Theme *t = ui->theme;
    const float w = 34 + 8 + ui_text_width(ui, part_body(ui), label) + 4;
    const Rect all = {r.x, r.y, w, r.h}, track = {r.x, r.y + r.h / 2 - 9, 34, 18};
    const bool over = ui_hover(ui, all);
    *pressed = *pressed || ui_click(ui, id, all);
    ui_round(ui, track, 9, on ? t->accent : color_mix(t->panel_edge, t->text_dim, over ? 0.45f : 0.25f));
    ui_round(ui, (Rect){on ? track.x + 18 : track.x + 2, track.y + 2, 14, 14}, 7, on ? t->accent_text : t->panel);
    ui_text(ui, (Rect){r.x + 42, r.y, w - 42, r.h}, part_body(ui), ALIGN_LEFT, label);
    ui_item(ui, all, "switch", label);
    return w;
}

/* A module's two switches, each with what it costs: the module as the switch alone would make it. */
static void switches(Ui *ui, const Model *m, Rect r, const LedgerRow *plain, Pressed *pressed)
{
    static const struct { Str name; ModuleSwitch change; } both[] = {{STR_SWITCH_NAIVE, {.without_reductions = true}}, {STR_SWITCH_THIRD, {.third_3x3 = true}}};
    for (int i = 0; i < 2; i++) {
        const Counts counts = trace_module_switched(model_net(m), plain->module, both[i].change);
        char text[96], weights[NUM_MAX];
        bool on = false;
        if (r.w < 200)
            return;
        rect_cut_left(&r, toggle(ui, r, ui_id("module switch", 2 * plain->module + i), model_text(m, both[i].name),
                                 switched_in(&m->switched, model_net(m), plain->module, i == 1), &on) + 8);
        if (on)
            *pressed = (Pressed){.module = plain->module, .third = i == 1};
        snprintf(text, sizeof text, model_text(m, STR_SWITCH_COST), num_count(weights, counts.weights), (double)counts.weights / (double)plain->counts.weights);
        rect_cut_left(&r, part_text_fit(ui, r, part_small(ui), text) + 28);
    }
}

/* What the panel below the table says about the selected cell or claim. */
typedef struct Detail {
    ClaimText text;
    int layer;                  /* where it leads, or -1 */
    int claims;                 /* printed numbers about the selected row, in the table alone */
    const LedgerRow *module;    /* as it is, where it has switches, or NULL */
} Detail;

static bool detail_of(const Model *m, const LedgerState *s, Detail *d)
{
    const Ledger *ledger = model_ledger(m);
    *d = (Detail){.layer = -1};
    if (s->claims) {
        if (s->claim <= 0 || s->claim > ledger->audit.count)
            return false;
        const AuditLine *line = &ledger->audit.lines[s->claim - 1];
        claim_text(m, &ledger->audit, line, &d->text);
        d->layer = line->row_index >= 0 ? model_net(m)->rows[line->row_index].last : -1;
        return true;
    }
    if (s->row < 0)
        return false;
    const LedgerRow *row = &ledger->rows[s->row];
    const AuditLine *line = ledger_claim(ledger, s->row, s->column);
    const Phrases phrases = phrases_in(m->screen.lang);
    char own[64];
    d->layer = m->ledger.rows[s->row].layer;
    if (row->parent < 0)
        d->claims = claims_of_row(&ledger->audit, model_net(m)->layers[d->layer].row);
    if (line != NULL) {
        claim_text(m, &ledger->audit, line, &d->text);
    } else {
        char name[NET_NAME_MAX];
        claim_row(row->name, name, sizeof name);
        snprintf(d->text.title, sizeof d->text.title, "%s · %s", name, column_title(m, s->column, own, sizeof own));
        ledger_formula(ledger, s->row, s->column, &phrases, d->text.formula, sizeof d->text.formula);
    }
    if (row->module >= 0 && row->parent < 0)
        d->module = &m->ledger.rows[s->row];
    return true;
}

static const float DETAIL_BUTTONS = 190;

/* With everything in it, from the width that its text has. */
static float detail_height(Ui *ui, const Detail *d, float width)
{
    const Theme *t = ui->theme;
    float h = 24 + 22;
    if (d->text.formula[0] != '\0')
        h += ui_paragraph_height(ui, width, ui_style(FACE_MONO, t->size_small, t->text), d->text.formula) + 2;
    if (d->text.reason[0] != '\0')
        h += ui_paragraph_height(ui, width, part_body(ui), d->text.reason) + 6;
    return fmaxf(h, 24 + 2 * 34) + (d->module != NULL ? 34 : 0);
}

static void detail(Ui *ui, Model *m, ViewState *v, Rect r, const Detail *d, Pressed *pressed)
{
    LedgerState *s = &v->ledger;
    char text[96];
    ui_panel(ui, r);
    Rect in = rect_inset(r, 12);
    if (d->module != NULL) {
        switches(ui, m, rect_cut_bottom(&in, 28), d->module, pressed);
        rect_cut_bottom(&in, 6);
    }
    Rect buttons = rect_cut_right(&in, DETAIL_BUTTONS);
    in.w -= 12;
    if (d->layer >= 0 && ui_button(ui, ui_id("go to layer", 0), rect_cut_top(&buttons, 28), model_text(m, STR_GO_TO_LAYER), BUTTON_PLAIN))
        model_go(m, d->layer);
    rect_cut_top(&buttons, 6);
    snprintf(text, sizeof text, model_text(m, STR_LEDGER_ITS_CLAIMS), d->claims);
    if (d->claims > 0 && ui_button(ui, ui_id("its claims", 0), rect_cut_top(&buttons, 28), text, BUTTON_PLAIN)) {
        s->claims = true;
        s->claim = 0;
        v->scroll[SCROLL_LIST].offset = 0;
        claim_row(model_net(m)->rows[model_net(m)->layers[d->layer].row].name, s->query, sizeof s->query);
        ui->want_frame = true;
    }
    const float content = detail_height(ui, d, in.w) - 24 - (d->module != NULL ? 34 : 0);
    Rect body = ui_scroll_begin(ui, ui_id("ledger detail", 0), (Rect){in.x, in.y, in.w + 10, in.h}, &v->scroll[SCROLL_EXTRA], content);
    body.w = in.w;
    ui_text(ui, rect_cut_top(&body, 22), part_bold(ui), ALIGN_LEFT, d->text.title);
    if (d->text.formula[0] != '\0')
        part_paragraph(ui, &body, ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text), d->text.formula);
    if (d->text.reason[0] != '\0')
        part_paragraph(ui, &body, part_body(ui), d->text.reason);
    ui_scroll_end(ui);
    if (ui_hover(ui, r))
        part_pressed(ui); /* who clicks into the text does not mean to leave */
}

/* One of the words above the table: with an edge, so that it looks like something to press also where it is not chosen. */
static bool pill(Ui *ui, uint64_t id, Rect *r, const char *label, bool chosen)
{
    const Rect place = rect_cut_right(r, ui_button_width(ui, label));
    const bool pressed = ui_choice(ui, id, place, label, chosen);
    ui_frame_round(ui, place, 10, 1, chosen ? ui->theme->accent : ui->theme->panel_edge);
    rect_cut_right(r, 8);
    return pressed;
}

static void tools(Ui *ui, Model *m, ViewState *v, Rect r, const LedgerShown *shown, int count)
{
    LedgerState *s = &v->ledger;
    const int claims = model_ledger(m)->audit.count;
    char text[96];
    if (!s->claims) {
        const char *csv = model_text(m, STR_LEDGER_CSV);
        if (ui_button(ui, ui_id("save csv", 0), rect_cut_right(&r, ui_button_width(ui, csv)), csv, BUTTON_PLAIN)) {
            char *table = ledger_csv(model_ledger(m), shown, count);
            if (table != NULL)
                save_text(m, "inceptoscope-ledger", ".csv", table);
            free(table);
        }
        rect_cut_right(&r, 8);
        if (model_net(m)->head_count > 1 && pill(ui, ui_id("ledger heads", 0), &r, model_text(m, STR_LEDGER_HEADS), s->heads))
            s->heads = !s->heads;
        if (pill(ui, ui_id("ledger fold", 0), &r, model_text(m, STR_LEDGER_FOLD), s->open[LEDGER_OPEN_MAX])) {
            s->open[LEDGER_OPEN_MAX] = !s->open[LEDGER_OPEN_MAX];
            for (int i = 0; i < LEDGER_OPEN_MAX; i++)
                s->open[i] = s->open[LEDGER_OPEN_MAX];
        }
        if (pill(ui, ui_id("ledger share", 0), &r, share_title(m, s->share, text, sizeof text), true))
            s->share = s->share == LEDGER_WEIGHTS ? LEDGER_MACS : s->share == LEDGER_MACS ? LEDGER_BYTES : LEDGER_WEIGHTS;
    }
    snprintf(text, sizeof text, model_text(m, STR_LEDGER_CLAIMS), claims);
    if (claims > 0 && pill(ui, ui_id("ledger claims", 0), &r, text, s->claims)) {
        s->claims = !s->claims;
        s->query[0] = '\0';
        v->scroll[SCROLL_LIST].offset = 0;
        ui->want_frame = true;
    }
    ui_field(ui, ui_id("ledger search", 0), rect_cut_left(&r, fminf(r.w, 260)), model_text(m, s->claims ? STR_LEDGER_CLAIMS_FIND : STR_LEDGER_SEARCH), s->query, sizeof s->query);
}

/* The sums below the table, and beside them that switches are set, or that nobody printed anything. */
static void foot(Ui *ui, const Model *m, const LedgerState *s, Rect r, Pressed *pressed)
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

static void table(Ui *ui, Model *m, ViewState *v, Rect in, const LedgerShown *shown, int count, Pressed *pressed)
{
    LedgerState *s = &v->ledger;
    const Columns columns = columns_for(ui, m, in.w - 12);
    header(ui, m, s, (Rect){in.x, in.y, in.w - 10, HEAD}, &columns);
    rect_cut_top(&in, HEAD);
    const Rect total = rect_cut_bottom(&in, ROW);
    const float row_h = fminf(fmaxf(floorf(in.h / (float)(count > 0 ? count : 1)), ROW), ROW_MOST);
    Rect body = ui_scroll_begin(ui, ui_id("ledger", 0), in, &v->scroll[SCROLL_LIST], row_h * (float)count);
    body.w = in.w - 10; /* as wide with a scroll bar as without, so that columns stay below their titles */
    for (int i = 0; i < count; i++) {
        const Rect r = {body.x, body.y + row_h * (float)i, body.w, row_h};
        if (r.y + r.h > in.y && r.y < in.y + in.h)
            table_row(ui, m, s, r, &shown[i], &columns);
        if (shown[i].row == s->row && s->show > 0) {
            s->show--;
            ui_scroll_show(ui, r);
            ui->want_frame = true;
        }
    }
    ui_scroll_end(ui);
    foot(ui, m, s, total, pressed);
}

void view_ledger(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
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
    if (ledger->audit.count == 0)
        s->claims = false;
    Pressed pressed = {.module = -1};
    Detail d;
    rect_cut_top(&area, 6);
    tools(ui, m, v, rect_cut_top(&area, 30), shown, count);
    rect_cut_top(&area, 10);
    if (detail_of(m, s, &d)) {
        detail(ui, m, v, rect_cut_bottom(&area, fminf(detail_height(ui, &d, area.w - 36 - DETAIL_BUTTONS), floorf(area.h * 0.45f))), &d, &pressed);
        rect_cut_bottom(&area, 10);
    }
    ui_panel(ui, area);
    if (s->claims)
        claims_list(ui, m, v, rect_inset(area, 6));
    else
        table(ui, m, v, rect_inset(area, 6), shown, count, &pressed);
    if (pressed.module >= 0)
        model_switch(m, pressed.module, pressed.third);
    if (pressed.restore)
        model_do(m, VERB_RESTORE);
    if (pressed.module >= 0 || pressed.restore)
        ui->want_frame = true;
}
