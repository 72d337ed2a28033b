/* accuracy_charts.c - numbers, reliability and classes of the accuracy's view; see accuracy_view.h. */
#include "app/views/accuracy_view.h"
#include "app/views/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const Str side_names[ACCURACY_SIDES] = {STR_ACCURACY_AS_IT_IS, STR_ACCURACY_CHANGED};

Color accuracy_color(const Ui *ui, AccuracySide side)
{
    return side == ACCURACY_OWN ? ui->theme->histogram : ui->theme->selection;
}

static double share(int part, int whole)
{
    return whole > 0 ? (double)part / whole : 0;
}

/* ---- numbers ---- */

typedef enum NumberRow { ROW_TOP1, ROW_TOP5, ROW_ECE, NUMBER_ROWS } NumberRow;

static void number_text(const Model *m, const Accuracy *a, NumberRow row, char *out, size_t size)
{
    char percent[NUM_MAX];
    const int right = row == ROW_TOP1 ? a->top1 : a->top5;
    if (row == ROW_ECE)
        snprintf(out, size, "%.4f", accuracy_ece(a));
    else
        snprintf(out, size, model_text(m, STR_ACCURACY_OF_ALL), num_percent(percent, share(right, a->count)), right, a->count);
}

static void difference_text(const Accuracy *own, const Accuracy *changed, NumberRow row, char out[NUM_MAX])
{
    const double ece = accuracy_ece(changed) - accuracy_ece(own);
    const int right = row == ROW_TOP1 ? changed->top1 - own->top1 : changed->top5 - own->top5;
    if (row == ROW_ECE)
        snprintf(out, NUM_MAX, "%s%.4f", ece < 0 ? "−" : "+", fabs(ece));
    else
        snprintf(out, NUM_MAX, "%s%d", right < 0 ? "−" : right > 0 ? "+" : "", abs(right));
}

/* Cells of the table's columns: what it is, as it is, changed, the difference. */
static void columns(Rect row, bool compares, Rect cells[4])
{
    const float name = fminf(floorf(row.w * 0.26f), 170), number = fminf(floorf((row.w - name) / (compares ? 2.5f : 1)), 190);
    cells[0] = rect_cut_left(&row, name);
    cells[1] = rect_cut_left(&row, number);
    cells[2] = rect_cut_left(&row, compares ? number : 0);
    cells[3] = rect_cut_left(&row, fminf(row.w, 80));
}

static void moved_choice(Ui *ui, Model *m, Rect *row, AccuracyPick way)
{
    char text[64];
    AccuracyShown shown = m->accuracy.shown;
    snprintf(text, sizeof text, model_text(m, way == PICK_LOST ? STR_ACCURACY_LOST : STR_ACCURACY_WON), accuracy_moved(&m->accuracy, way));
    const float w = ceilf(ui_text_width(ui, part_small(ui), text)) + 20;
    if (w > row->w || !ui_choice(ui, ui_id("accuracy moved", way), rect_cut_left(row, w), text, shown.pick == way))
        return;
    shown.pick = shown.pick == way ? PICK_NONE : way;
    model_accuracy_show(m, shown);
    ui->want_frame = true;
}

void accuracy_numbers(Ui *ui, Model *m, Rect *r)
{
    static const Str names[NUMBER_ROWS] = {STR_ACCURACY_TOP1, STR_ACCURACY_TOP5, STR_ACCURACY_ECE};
    static const float ROW = 22;
    const Accuracy *sides[ACCURACY_SIDES] = {accuracy_of(&m->accuracy, ACCURACY_OWN), accuracy_of(&m->accuracy, ACCURACY_CHANGED)};
    const bool five = sides[0]->classes > ACCURACY_TOP;
    Rect cells[4], in = rect_cut_top(r, ROW * (five ? 4 : 3) + (sides[1] != NULL ? 28 : 0) + 16);
    char text[96], name[96];
    ui_panel(ui, in);
    in = rect_inset(in, 8);
    in.x += 4;
    in.w -= 8;
    columns(rect_cut_top(&in, ROW), sides[1] != NULL, cells);
    for (int side = 0; side < ACCURACY_SIDES && sides[side] != NULL; side++)
        ui_text(ui, cells[1 + side], part_caption(ui), ALIGN_LEFT, model_text(m, side_names[side]));
    for (int row = 0; row < NUMBER_ROWS; row++) {
        if (row == ROW_TOP5 && !five)
            continue;
        columns(rect_cut_top(&in, ROW), sides[1] != NULL, cells);
        part_cut(ui, part_body(ui), model_text(m, names[row]), cells[0].w - 6, name, sizeof name);
        ui_text(ui, cells[0], part_body(ui), ALIGN_LEFT, name);
        for (int side = 0; side < ACCURACY_SIDES && sides[side] != NULL; side++) {
            number_text(m, sides[side], (NumberRow)row, text, sizeof text);
            ui_text(ui, cells[1 + side], row == ROW_TOP1 ? part_bold(ui) : part_body(ui), ALIGN_LEFT, text);
            ui_item(ui, cells[1 + side], "number", text);
        }
        if (sides[1] != NULL) {
            difference_text(sides[0], sides[1], (NumberRow)row, text);
            ui_text(ui, cells[3], part_mono(ui), ALIGN_LEFT, text);
        }
    }
    if (sides[1] == NULL)
        return;
    rect_cut_top(&in, 4);
    Rect row = rect_cut_top(&in, 24);
    moved_choice(ui, m, &row, PICK_LOST);
    moved_choice(ui, m, &row, PICK_WON);
}

/* ---- reliability ---- */

/* The bins of one side as a curve; a point's tooltip has its numbers, a click lists its pictures. */
static void curve(Ui *ui, Model *m, const Chart *chart, AccuracySide side)
{
    const Accuracy *a = accuracy_of(&m->accuracy, side);
    double x[CALIBRATION_BINS], y[CALIBRATION_BINS];
    float scratch[2 * CALIBRATION_BINS];
    int points = 0;
    char text[240];
    const Color color = accuracy_color(ui, side);
    for (int k = 0; k < CALIBRATION_BINS; k++)
        if (a->bins[k].count > 0) {
            x[points] = 100 * a->bins[k].confidence / a->bins[k].count;
            y[points++] = 100.0 * a->bins[k].right / a->bins[k].count;
        }
    chart_curve(ui, chart, x, y, points, scratch, 2, color);
    for (int k = 0, i = 0; k < CALIBRATION_BINS; k++) {
        const CalibrationBin *b = &a->bins[k];
        if (b->count == 0)
            continue;
        const float size = roundf(4 + 5 * sqrtf((float)b->count / (float)a->count)), px = roundf(chart_x(chart, x[i])), py = roundf(chart_y(chart, y[i]));
        const Rect dot = {px - size, py - size, 2 * size, 2 * size};
        i++;
        ui_round(ui, dot, size, color);
        snprintf(text, sizeof text, model_text(m, STR_ACCURACY_BIN), model_text(m, side_names[side]), 10 * k, 10 * k + 10, b->count, b->right, b->confidence / b->count,
                 (double)b->right / b->count);
        ui_item(ui, dot, "bin", text);
        if (ui_hover(ui, dot))
            ui_tooltip(ui, text);
        if (ui_click(ui, ui_id("accuracy bin", 100 * (int)side + k), dot)) {
            AccuracyShown shown = m->accuracy.shown;
            shown.pick = PICK_BIN;
            shown.bin = k;
            shown.bin_side = side;
            model_accuracy_show(m, shown);
            ui->want_frame = true;
        }
    }
}

static void curve_names(Ui *ui, const Model *m, Rect row)
{
    char text[96];
    for (int side = 0; side < ACCURACY_SIDES; side++) {
        const Accuracy *a = accuracy_of(&m->accuracy, (AccuracySide)side);
        if (a == NULL)
            continue;
        snprintf(text, sizeof text, "%s %.4f", model_text(m, side_names[side]), accuracy_ece(a));
        const float w = ui_text_width(ui, part_caption(ui), text) + 20;
        if (w > row.w)
            return;
        ui_fill(ui, (Rect){row.x, roundf(row.y + row.h / 2) - 1, 12, 3}, accuracy_color(ui, (AccuracySide)side));
        rect_cut_left(&row, 17);
        rect_cut_left(&row, ui_text(ui, row, part_caption(ui), ALIGN_LEFT, text) + 18);
    }
}

void accuracy_reliability(Ui *ui, Model *m, Rect *r)
{
    static const float PLOT = 190;
    const char *says = model_text(m, STR_ACCURACY_RELIABILITY_SAYS);
    const float text_h = ui_paragraph_height(ui, r->w - 2 * PART_CARD_PAD, part_caption(ui), says);
    Rect in = part_card(ui, rect_cut_top(r, PLOT + 20 + text_h + 46), model_text(m, STR_ACCURACY_RELIABILITY), "", 0);
    curve_names(ui, m, rect_cut_top(&in, 20));
    Rect plot = rect_cut_top(&in, PLOT);
    plot.w = fminf(plot.w, PLOT * 1.9f);
    const Chart chart = chart_begin(ui, plot, 0, 100, 0, 100, 0);
    ui_line(ui, chart_x(&chart, 0), chart_y(&chart, 0), chart_x(&chart, 100), chart_y(&chart, 100), 1, ui->theme->text_faint);
    for (int side = 0; side < ACCURACY_SIDES; side++)
        if (accuracy_of(&m->accuracy, (AccuracySide)side) != NULL)
            curve(ui, m, &chart, (AccuracySide)side);
    ui_item(ui, chart.plot, "chart", "reliability");
    ui_paragraph(ui, in, part_caption(ui), says);
}

/* ---- classes ---- */

void accuracy_by_class(Ui *ui, const Model *m, Rect *r)
{
    static const float ROW = 21;
    const AccuracyModel *a = &m->accuracy;
    const Dataset *set = accuracy_dataset(a);
    const Accuracy *own = accuracy_of(a, ACCURACY_OWN), *changed = accuracy_of(a, ACCURACY_CHANGED);
    Rect in = part_card(ui, rect_cut_top(r, ROW * (float)set->classes.count + 44), model_text(m, STR_ACCURACY_CLASSES), "", 0);
    for (int k = 0; k < set->classes.count; k++) {
        const int c = accuracy_class_of(a)[k], pictures = accuracy_pictures_of(own, c);
        const size_t right = (size_t)c * (size_t)own->classes + (size_t)c;
        char before[NUM_MAX], after[NUM_MAX], text[2 * NUM_MAX + 16];
        num_percent(before, share(own->confusion[right], pictures));
        if (changed == NULL)
            snprintf(text, sizeof text, "%s", pictures > 0 ? before : "–");
        else
            snprintf(text, sizeof text, "%s → %s", before, num_percent(after, share(changed->confusion[right], accuracy_pictures_of(changed, c))));
        part_row(ui, &in, str_class(m->screen.lang, set->classes.items, set->classes.count, k), text);
    }
}
