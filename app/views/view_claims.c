/* view_claims.c - the list of printed numbers about the network; see claims.h. */
#include "app/views/claims.h"

#include "app/model/phrases.h"
#include "app/model/reason.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void claim_row(const char *row, char *out, size_t size)
{
    const size_t word = strlen("inception");
    snprintf(out, size, "%s", row);
    if (strncmp(row, "inception_", word + 1) == 0 && word < size)
        out[word] = ' ';
}

Color claim_color(const Theme *t, VerdictKind kind)
{
    return verdict_agrees(kind) ? t->good : kind == VERDICT_DIFFERS ? t->warn : t->text_dim;
}

int claims_of_row(const Audit *audit, int row)
{
    int count = 0;
    for (int i = 0; i < audit->count; i++)
        count += audit->lines[i].row_index == row;
    return count;
}

void claim_text(const Model *m, const Audit *audit, const AuditLine *line, ClaimText *out)
{
    const Lang lang = m->screen.lang;
    const Phrases phrases = phrases_in(lang);
    char what[96], verdict[160], row[NET_NAME_MAX];
    claim_row(line->row, row, sizeof row);
    reason_what(lang, line->claim->what, what, sizeof what);
    reason_verdict(lang, line, verdict, sizeof verdict);
    snprintf(out->title, sizeof out->title, "%s · %s %s %s · %s", row, reason_source(lang, line->claim->source), what, line->printed, verdict);
    audit_formula(audit, line, &phrases, out->formula, sizeof out->formula);
    reason_text(lang, audit, line, true, out->reason, sizeof out->reason);
}

void claim_tooltip(Ui *ui, const Model *m, const Audit *audit, const AuditLine *line)
{
    ClaimText text;
    char all[sizeof text.title + sizeof text.reason + 2];
    claim_text(m, audit, line, &text);
    snprintf(all, sizeof all, "%s%s%s", text.title, text.reason[0] != '\0' ? "\n" : "", text.reason);
    ui_tooltip(ui, all);
}

void ledger_select(LedgerState *s, int row, LedgerColumn column)
{
    s->row = row;
    s->column = column;
    s->claims = false;
    s->show = 3;
}

/* -------------------------------------------------------------------- the list */

typedef enum ClaimColumn { COL_ROW, COL_WHAT, COL_SOURCE, COL_PRINTED, COL_VALUE, COL_HERE, COL_VERDICT, COLUMNS } ClaimColumn;
static const float ROW_H = 24, HEAD_H = 28;

typedef struct Layout {
    float width[COLUMNS];
} Layout;

static void cell_text(const Model *m, const AuditLine *line, ClaimColumn column, char *out, size_t size)
{
    const Lang lang = m->screen.lang;
    char verdict[160];
    switch (column) {
    case COL_ROW:
        if (line->row_index == AUDIT_NETWORK)
            snprintf(out, size, "%s", model_text(m, STR_NETWORK_ROW));
        else
            claim_row(line->row, out, size);
        break;
    case COL_WHAT: reason_what(lang, line->claim->what, out, size); break;
    case COL_SOURCE: snprintf(out, size, "%s", reason_source(lang, line->claim->source)); break;
    case COL_PRINTED: snprintf(out, size, "%s", line->printed); break;
    case COL_VALUE: snprintf(out, size, "%s", line->value); break;
    case COL_HERE: snprintf(out, size, "%s", !line->elsewhere ? "" : line->here[0] != '\0' ? line->here : "–"); break;
    case COL_VERDICT:
        reason_verdict(lang, line, verdict, sizeof verdict);
        snprintf(out, size, "%s %s", verdict_mark(line->verdict.kind), verdict);
        break;
    case COLUMNS: out[0] = '\0'; break;
    }
}

static bool found(const Model *m, const AuditLine *line, const char *query)
{
    char text[192];
    if (query[0] == '\0')
        return true;
    for (int c = 0; c < COLUMNS; c++) {
        cell_text(m, line, (ClaimColumn)c, text, sizeof text);
        if (strcasestr(text, query) != NULL)
            return true;
    }
    return strcasestr(line->row, query) != NULL || strcasestr(line->claim->what, query) != NULL ||
           strcasestr(line->claim->source, query) != NULL;
}

/* The column of values here is shown only if classes, input or switches of this network give other values. */
static Layout layout(const Audit *audit, float width)
{
    Layout l = {{104, 262, 104, 134, 110, 0, 0}};
    for (int i = 0; i < audit->count; i++)
        if (audit->lines[i].elsewhere)
            l.width[COL_HERE] = 100;
    float used = 0;
    for (int c = 0; c < COL_VERDICT; c++)
        used += l.width[c];
    if (width - used < 170) { /* narrow: expressions are cut first */
        const float less = fminf(170 - (width - used), 140);
        l.width[COL_WHAT] -= less;
        used -= less;
    }
    l.width[COL_VERDICT] = fmaxf(width - used, 60);
    return l;
}

static Rect place_of(int column, Rect cell)
{
    const bool number = column == COL_PRINTED || column == COL_VALUE || column == COL_HERE;
    return (Rect){cell.x + (number ? 4 : column == COL_VERDICT ? 14 : 6), cell.y, cell.w - (column == COL_VERDICT ? 18 : 10), cell.h};
}

static Align align_of(int column) { return column == COL_PRINTED || column == COL_VALUE || column == COL_HERE ? ALIGN_RIGHT : ALIGN_LEFT; }

static void heads(Ui *ui, const Model *m, Rect r, const Layout *l)
{
    static const Str titles[COLUMNS] = {STR_COL_ROW, STR_COL_CLAIM, STR_COL_SOURCE, STR_COL_PRINTED, STR_COL_ARITHMETIC, STR_COL_HERE, STR_COL_VERDICT};
    ui_fill(ui, (Rect){r.x, r.y + r.h - 1, r.w, 1}, ui->theme->panel_edge);
    for (int c = 0; c < COLUMNS; c++) {
        const Rect cell = rect_cut_left(&r, l->width[c]);
        if (cell.w > 0)
            ui_text(ui, place_of(c, cell), ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim), align_of(c), model_text(m, titles[c]));
    }
}

static void one_row(Ui *ui, const Model *m, LedgerState *s, const Audit *audit, int index, Rect r, const Layout *l)
{
    const Theme *t = ui->theme;
    const AuditLine *line = &audit->lines[index];
    char text[192];
    if (s->claim == index + 1)
        ui_fill(ui, r, t->accent_soft);
    else if (ui_hover(ui, r))
        ui_fill(ui, r, color_alpha(t->text, 0.035f));
    if (ui_click(ui, ui_id("claim", index), r)) {
        s->claim = index + 1;
        ui->want_frame = true;
    }
    ui_item(ui, r, "claim", line->claim->what);
    for (int c = 0; c < COLUMNS; c++) {
        const Rect cell = rect_cut_left(&r, l->width[c]);
        const bool number = align_of(c) == ALIGN_RIGHT;
        const Color color = c == COL_VERDICT ? claim_color(t, line->verdict.kind) : c == COL_ROW || c == COL_SOURCE ? t->text_dim : t->text;
        if (cell.w <= 0)
            continue;
        cell_text(m, line, (ClaimColumn)c, text, sizeof text);
        const bool code = c == COL_WHAT && strchr(text, '(') != NULL;
        ui_text(ui, place_of(c, cell), ui_style(number || code ? FACE_MONO : FACE_SANS, number || code ? t->size_caption : t->size_small, color), align_of(c), text);
    }
}

void claims_list(Ui *ui, Model *m, ViewState *v, Rect in)
{
    LedgerState *s = &v->ledger;
    const Audit *audit = &model_ledger(m)->audit;
    const Layout l = layout(audit, in.w - 12);
    char sum[512];
    int shown = 0;
    for (int i = 0; i < audit->count; i++)
        shown += found(m, &audit->lines[i], s->query);
    if (s->claim > audit->count)
        s->claim = 0;
    heads(ui, m, (Rect){in.x, in.y, in.w - 10, HEAD_H}, &l);
    rect_cut_top(&in, HEAD_H);
    Rect foot = rect_cut_bottom(&in, ROW_H);
    Rect body = ui_scroll_begin(ui, ui_id("claims", 0), in, &v->scroll[SCROLL_LIST], ROW_H * (float)shown);
    body.w = in.w - 10;
    for (int i = 0; i < audit->count; i++) {
        if (!found(m, &audit->lines[i], s->query))
            continue;
        const Rect r = rect_cut_top(&body, ROW_H);
        if (r.y + r.h > in.y && r.y < in.y + in.h)
            one_row(ui, m, s, audit, i, r, &l);
    }
    ui_scroll_end(ui);
    reason_sum(m->screen.lang, audit, NULL, sum, sizeof sum);
    ui_fill(ui, (Rect){foot.x, foot.y, foot.w, 1}, ui->theme->panel_edge);
    ui_text(ui, (Rect){foot.x + 8, foot.y, foot.w - 16, foot.h}, part_bold(ui), ALIGN_LEFT, sum);
}
