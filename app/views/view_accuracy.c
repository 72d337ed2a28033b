/* view_accuracy.c - right answers on a folder of labelled pictures, of the network as it is and as it is changed here: what is changed at the
 * left (accuracy_cuts.c), the numbers and charts (accuracy_charts.c), the confusion matrix and its pictures (accuracy_matrix.c). */
#include "app/views/accuracy_view.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

static const float CUTS = 268, CUTS_NARROW = 236, TWO_COLUMNS = 600;

/* A button at the right end of the row, cut off it. */
static bool row_button(Ui *ui, Rect *row, const char *id, int index, const char *words)
{
    const bool clicked = ui_button(ui, ui_id(id, index), rect_cut_right(row, ui_button_width(ui, words)), words, BUTTON_PLAIN);
    rect_cut_right(row, 8);
    return clicked;
}

/* How far it is: how much of what is to be done, 0 to 1; below 0 if nothing is. */
static float progress(const Model *m, char *out, size_t size)
{
    const AccuracyModel *a = &m->accuracy;
    const Dataset *set = accuracy_dataset(a);
    out[0] = '\0';
    if (set == NULL) {
        snprintf(out, size, "%s", accuracy_busy(a) ? model_text(m, STR_ACCURACY_LISTING) : "");
        return -1;
    }
    const int own = accuracy_done(a, ACCURACY_OWN), changed = accuracy_done(a, ACCURACY_CHANGED);
    if (own < set->count)
        snprintf(out, size, model_text(m, STR_ACCURACY_SO_FAR), own, set->count);
    else if (a->compares && changed < set->count)
        snprintf(out, size, model_text(m, STR_ACCURACY_CHANGED_SO_FAR), changed, set->count);
    else
        snprintf(out, size, model_text(m, STR_ACCURACY_OF), set->count, set->classes.count, part_file_name(set->root));
    return own < set->count ? (float)own / (float)set->count : a->compares && changed < set->count ? (float)changed / (float)set->count : -1;
}

/* The title row: which pictures, how far it is, and at its right what can be done about it. */
static void title(Ui *ui, Session *session, Rect *area)
{
    Model *m = &session->model;
    const AccuracyModel *a = &m->accuracy;
    Rect row = {area->x, area->y, area->w, 30}, rest = *area;
    char text[1300];
    const float done = progress(m, text, sizeof text);
    if (a->folder[0] != '\0') {
        if (row_button(ui, &row, "accuracy folder", 0, model_text(m, STR_UNITS_CHOOSE)))
            session_do(session, VERB_PICTURES);
        if (a->stopped && row_button(ui, &row, "accuracy stop", 1, model_text(m, STR_UNITS_GO_ON)))
            model_judge_go_on(m);
        else if (!a->stopped && done >= 0 && row_button(ui, &row, "accuracy stop", 0, model_text(m, STR_UNITS_STOP)))
            model_judge_stop(m);
    }
    rest.w = row.w - 8;
    part_stage_title(ui, &rest, model_text(m, STR_ACCURACY_TITLE), text);
    rect_cut_top(area, fmaxf(rest.y - area->y, 34));
    if (done >= 0) {
        const Rect bar = rect_cut_top(area, 6);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w, 3}, 1.5f, ui->theme->panel_edge);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * done, 3}, 1.5f, ui->theme->accent);
        ui_item(ui, bar, "progress", text);
    }
}

/* What must be known about these numbers. */
static void warnings(Ui *ui, const Model *m, Rect *area)
{
    const AccuracyModel *a = &m->accuracy;
    const TextStyle bad = ui_style(FACE_SANS, ui->theme->size_small, ui->theme->bad);
    const char *first;
    char text[1000];
    const int broken = accuracy_broken(a, &first);
    const float top = area->y;
    if (a->failed)
        part_paragraph(ui, area, bad, a->problem.text);
    if (broken > 0) {
        snprintf(text, sizeof text, model_text(m, STR_UNITS_BROKEN), broken, first);
        part_paragraph(ui, area, bad, text);
    }
    if (!source_trained(&m->source->source, 0))
        part_paragraph(ui, area, bad, model_text(m, STR_NO_MEANING));
    if (accuracy_said(a)[0] != '\0')
        part_paragraph(ui, area, part_caption(ui), accuracy_said(a));
    if (area->y > top)
        rect_cut_top(area, 6);
}

/* Without a folder: what this is, and how it begins. */
static void invite(Ui *ui, Session *session, Rect area)
{
    const Model *m = &session->model;
    const char *choose = model_text(m, STR_UNITS_CHOOSE);
    const float w = fminf(area.w, 560);
    const Rect card = {area.x + floorf((area.w - w) / 2), area.y + 24, w, fminf(area.h - 24, 210)};
    Rect in = part_card(ui, card, model_text(m, STR_ACCURACY_TITLE), "", 0);
    part_paragraph(ui, &in, part_body(ui), model_text(m, ui->in_page ? STR_ACCURACY_INVITE_PAGE : STR_ACCURACY_INVITE));
    rect_cut_top(&in, 12);
    if (!ui->in_page && ui_button(ui, ui_id("accuracy folder", 0), (Rect){in.x, in.y, ui_button_width(ui, choose), 30}, choose, BUTTON_PRIMARY))
        session_do(session, VERB_PICTURES);
}

/* The matrix and, below it or in a column of their own, the charts. The pictures that a click chose have the place of the charts. */
static void charts(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const bool two = area.w >= TWO_COLUMNS, listed = m->accuracy.shown.pick != PICK_NONE;
    if (listed) {
        accuracy_list(ui, session, v, two ? rect_cut_right(&area, floorf(area.w / 2) - 6) : area);
        if (!two)
            return;
        rect_cut_right(&area, 12);
    } else if (two) {
        Rect right = rect_cut_right(&area, floorf(area.w / 2) - 6), in = ui_column_begin(ui, ui_id("accuracy charts", 0), right, &v->scroll[SCROLL_OUTPUT]);
        const float top = in.y;
        accuracy_reliability(ui, m, &in);
        rect_cut_top(&in, 12);
        accuracy_by_class(ui, m, &in);
        ui_column_end(ui, in.y - top + 2);
        rect_cut_right(&area, 12);
    }
    Rect in = ui_column_begin(ui, ui_id("accuracy matrix", 0), area, &v->scroll[SCROLL_INPUT]);
    const float top = in.y;
    accuracy_matrix(ui, m, &in);
    if (!two) {
        rect_cut_top(&in, 12);
        accuracy_reliability(ui, m, &in);
        rect_cut_top(&in, 12);
        accuracy_by_class(ui, m, &in);
    }
    ui_column_end(ui, in.y - top + 2);
}

void view_accuracy(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    title(ui, session, &area);
    warnings(ui, m, &area);
    accuracy_cuts(ui, session, v, rect_cut_left(&area, area.w < 900 ? CUTS_NARROW : CUTS));
    rect_cut_left(&area, 12);
    if (m->accuracy.folder[0] == '\0') {
        invite(ui, session, area);
        return;
    }
    if (accuracy_of(&m->accuracy, ACCURACY_OWN) == NULL)
        return;
    accuracy_numbers(ui, m, &area);
    rect_cut_top(&area, 12);
    charts(ui, session, v, area);
}
