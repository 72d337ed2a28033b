/* view_lineage.c - the networks that led to GoogLeNet, a row each: depth, parameters and where they are, multiply-adds. All bars of a column
 * have one scale. See app/model/lineage.h. */
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

static const float HEAD = 26, ROW_MOST = 62, YEAR = 48, GAP = 18;

/* Columns, shared by the head and the rows. */
typedef struct LineageColumns { Rect year, name, depth, params, macs; } LineageColumns;

static LineageColumns columns_of(Rect row)
{
    LineageColumns c = {.year = rect_cut_left(&row, YEAR)};
    c.name = rect_cut_left(&row, fminf(fmaxf(row.w * 0.2f, 120), 230));
    rect_cut_left(&row, GAP);
    c.depth = rect_cut_left(&row, 62);
    rect_cut_left(&row, GAP);
    c.params = rect_cut_left(&row, floorf((row.w - GAP) / 2));
    rect_cut_left(&row, GAP);
    c.macs = row;
    return c;
}

/* A count over its bar; `part` of it is in the second colour. */
static void bar(Ui *ui, Rect r, int64_t value, int64_t part, int64_t most, Color color, Color second)
{
    char number[NUM_MAX];
    const float h = r.h >= 40 ? 12 : 7, y = roundf(r.y + r.h / 2 + 2), w = fmaxf(r.w * (float)((double)value / (double)most), 1);
    const float of = value > 0 ? w * (float)((double)part / (double)value) : 0;
    ui_text(ui, (Rect){r.x, y - 19, r.w, 18}, part_mono(ui), ALIGN_LEFT, num_count(number, value));
    ui_fill(ui, (Rect){r.x, y, r.w, h}, color_mix(ui->theme->panel, ui->theme->text, 0.05f));
    ui_fill(ui, (Rect){r.x, y, w, h}, color);
    if (of > 0)
        ui_fill(ui, (Rect){r.x + w - of, y, of, h}, second);
}

static void row(Ui *ui, const Model *m, Rect r, const LineageRow *row, const LineageRow *most)
{
    const Theme *t = ui->theme;
    const LineageColumns c = columns_of(rect_inset(r, 0));
    const bool stage = row->year == 0;
    char text[64], cut[128];
    const char *title = str_title(m->screen.lang, row->title, row->title_zh);
    if (stage)
        ui_round(ui, (Rect){r.x - 8, r.y + 1, r.w + 16, r.h - 2}, 5, t->accent_soft);
    snprintf(text, sizeof text, "%d", row->year);
    if (!stage)
        ui_text(ui, c.year, part_small(ui), ALIGN_LEFT, text);
    part_cut(ui, part_bold(ui), title, stage ? c.name.w + YEAR : c.name.w, cut, sizeof cut);
    const float x = stage ? c.year.x : c.name.x, w = c.name.x + c.name.w - x, y = r.y + r.h / 2;
    ui_text(ui, (Rect){x, y - 18, w, 18}, part_bold(ui), ALIGN_LEFT, cut);
    snprintf(text, sizeof text, model_text(m, stage ? STR_LINEAGE_STAGE : STR_LINEAGE_CLASSES), row->classes);
    part_text_fit(ui, (Rect){x, y, w, 16}, part_caption(ui), text);
    snprintf(text, sizeof text, "%lld", (long long)row->depth);
    ui_text(ui, c.depth, part_mono(ui), ALIGN_LEFT, text);
    bar(ui, c.params, row->params, row->dense, most->params, t->branch[0], t->branch[1]);
    bar(ui, c.macs, row->macs, 0, most->macs, t->branch[2], 0);
    ui_item(ui, r, "row", title);
}

static void head(Ui *ui, const Model *m, Rect r)
{
    const LineageColumns c = columns_of(r);
    const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim);
    ui_text(ui, c.name, style, ALIGN_LEFT, model_text(m, STR_LINEAGE_NETWORK));
    ui_text(ui, (Rect){c.depth.x, c.depth.y, c.depth.w + GAP - 2, c.depth.h}, style, ALIGN_LEFT, model_text(m, STR_LINEAGE_DEPTH));
    ui_text(ui, c.params, style, ALIGN_LEFT, model_text(m, STR_LINEAGE_PARAMS));
    ui_text(ui, c.macs, style, ALIGN_LEFT, model_text(m, STR_LINEAGE_MACS));
}

static void legend(Ui *ui, const Model *m, Rect r)
{
    const struct { Color color; Str says; } marks[] = {{ui->theme->branch[0], STR_LINEAGE_CONV}, {ui->theme->branch[1], STR_LINEAGE_DENSE}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        ui_round(ui, (Rect){r.x, r.y + r.h / 2 - 5, 10, 10}, 2, marks[i].color);
        rect_cut_left(&r, 16);
        rect_cut_left(&r, ui_text(ui, r, part_caption(ui), ALIGN_LEFT, model_text(m, marks[i].says)) + 18);
    }
    part_text_fit(ui, r, part_caption(ui), model_text(m, STR_LINEAGE_NOTE));
}

void view_lineage(Ui *ui, Session *session, ViewState *v, Rect area)
{
    (void)v;
    const Model *m = &session->model;
    const Lineage *l = &m->lineage;
    LineageRow most = {.params = 1, .macs = 1};
    part_stage_title(ui, &area, model_text(m, STR_LINEAGE_TITLE), l->problem.text[0] != '\0' ? l->problem.text : model_text(m, STR_LINEAGE_SAYS));
    rect_cut_top(&area, 8);
    const float h = l->count > 0 ? fminf(floorf((area.h - HEAD - 44) / (float)l->count), ROW_MOST) : 0;
    area.h = fminf(area.h, HEAD + 44 + h * (float)l->count);
    ui_panel(ui, area);
    Rect in = {area.x + 20, area.y + 8, area.w - 40, area.h - 12};
    head(ui, m, rect_cut_top(&in, HEAD));
    for (int i = 0; i < l->count; i++) {
        most.params = l->rows[i].params > most.params ? l->rows[i].params : most.params;
        most.macs = l->rows[i].macs > most.macs ? l->rows[i].macs : most.macs;
    }
    for (int i = 0; i < l->count; i++)
        row(ui, m, rect_cut_top(&in, h), &l->rows[i], &most);
    legend(ui, m, rect_cut_top(&in, 22));
}
