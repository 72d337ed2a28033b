/* gradients_chart.c - the gradient flow as a list; see gradients_chart.h. Gradients of a network differ by powers of ten, so the
 * axis is logarithmic. It has no zero, so it has marks, not bars: their length would mean nothing. */
#include "app/views/gradients_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float HEAD = 20, AXIS = 18, ROW_LEAST = 18, ROW_MOST = 36, MARK = 8;

/* ---- the axis ---------------------------------------------------------------------------------------------------------------- */

/* From 10^low to 10^high, with a tick every `step` powers. */
typedef struct PowerAxis {
    int low, high, step;
    bool heads;                 /* each row has two marks and their difference */
} PowerAxis;

static PowerAxis axis_of(const GradientsRow *rows, int count, bool heads)
{
    enum { TICKS = 8 };
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (int i = 0; i < count; i++)
        for (int p = heads ? PASS_WITH_AUX : PASS_MAIN_ONLY; p < PASS_COUNT; p++)
            if (rows[i].rms[p] > 0) {
                low = fmin(low, log10(rows[i].rms[p]));
                high = fmax(high, log10(rows[i].rms[p]));
            }
    PowerAxis a = {-1, 1, 1, heads};
    if (low <= high) {
        a.low = (int)floor(low);
        a.high = (int)ceil(high) > a.low ? (int)ceil(high) : a.low + 1;
    }
    a.step = (a.high - a.low + TICKS - 1) / TICKS;
    return a;
}

static float axis_x(const PowerAxis *a, Rect place, double value)
{
    return place.x + place.w * (float)((log10(value) - a->low) / (double)(a->high - a->low));
}

/* "10⁻⁷" */
static void power_text(int power, char *out, size_t size)
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char plain[16];
    snprintf(plain, sizeof plain, "%d", power);
    snprintf(out, size, "10");
    for (const char *p = plain; *p != '\0'; p++)
        snprintf(out + strlen(out), size - strlen(out), "%s", *p == '-' ? "⁻" : digits[*p - '0']);
}

/* Draws a line down to `bottom` for each tick, with its power of ten above. */
static void draw_axis(Ui *ui, const PowerAxis *a, Rect place, float bottom)
{
    for (int power = a->low; power <= a->high; power += a->step) {
        char text[32];
        const float x = roundf(place.x + place.w * (float)(power - a->low) / (float)(a->high - a->low));
        power_text(power, text, sizeof text);
        ui_text(ui, (Rect){x - 26, place.y, 52, AXIS}, part_caption(ui), ALIGN_CENTER, text);
        ui_fill(ui, (Rect){x, place.y + AXIS, 1, bottom - place.y - AXIS}, ui->theme->panel_edge);
    }
}

/* ---- rows -------------------------------------------------------------------------------------------------------------------- */

/* Columns of the list, shared by its head, its axis and its rows. */
typedef struct ListColumns { Rect name, marks, on, off, ratio, dead; } ListColumns;

static ListColumns columns_of(Rect row, bool heads)
{
    ListColumns c = {.name = rect_cut_left(&row, 130)};
    c.dead = rect_cut_right(&row, 156);
    rect_cut_right(&row, 16);
    c.ratio = rect_cut_right(&row, heads ? 62 : 0);
    c.off = rect_cut_right(&row, 78);
    c.on = rect_cut_right(&row, heads ? 78 : 0);
    rect_cut_right(&row, 34);
    c.marks = row;
    return c;
}

static void dot(Ui *ui, float x, float y, float size, Color color)
{
    ui_round(ui, (Rect){x - size / 2, y - size / 2, size, size}, size / 2, color);
}

/* A grey mark for the gradient of the main loss, a blue one on it for all losses, and a line between them if they differ. */
static void draw_marks(Ui *ui, const PowerAxis *a, Rect place, const GradientsRow *row)
{
    const Theme *t = ui->theme;
    const double on = row->rms[PASS_WITH_AUX], off = row->rms[PASS_MAIN_ONLY];
    const float y = place.y + floorf(place.h / 2);
    if (!a->heads) {
        if (off > 0)
            dot(ui, axis_x(a, place, off), y, MARK, t->accent);
        return;
    }
    if (on > 0 && off > 0) {
        const float x0 = axis_x(a, place, fmin(on, off)), x1 = axis_x(a, place, fmax(on, off));
        ui_fill(ui, (Rect){x0, y - 1, x1 - x0, 2}, color_alpha(t->accent, 0.5f));
    }
    if (off > 0)
        dot(ui, axis_x(a, place, off), y, MARK + 4, t->op_chip);
    if (on > 0)
        dot(ui, axis_x(a, place, on), y, MARK, t->accent);
}

static void number(Ui *ui, Rect r, double value, Color color)
{
    const TextStyle style = ui_style(FACE_MONO, ui->theme->size_caption, color);
    if (value > 0)
        ui_textf(ui, r, style, ALIGN_RIGHT, "%.2e", value);
    else if (value == 0)
        ui_text(ui, r, style, ALIGN_RIGHT, "0");
}

static void draw_dead(Ui *ui, const GradientsRow *row, Rect r)
{
    const Theme *t = ui->theme;
    ui_textf(ui, rect_cut_right(&r, 78), ui_style(FACE_MONO, t->size_caption, t->text_dim), ALIGN_RIGHT, "%d/%d", row->dead, row->channels);
    rect_cut_right(&r, 6);
    const Rect track = {r.x, r.y + floorf(r.h / 2) - 4, r.w, 8};
    ui_round(ui, track, 2, t->tile_back);
    if (row->dead > 0)
        ui_round(ui, (Rect){track.x, track.y, fmaxf(track.w * (float)row->dead / (float)row->channels, 1), track.h}, 2, t->warn);
}

static void draw_row(Ui *ui, Model *m, const GradientsRow *row, const PowerAxis *a, Rect r)
{
    const Theme *t = ui->theme;
    const ListColumns c = columns_of(r, a->heads);
    const Layer *layer = &model_net(m)->layers[row->layer];
    char address[NET_NAME_MAX + 32], ratio[NUM_MAX];
    cursor_text(model_net(m), (Cursor){row->layer, -1, -1, -1}, address, sizeof address);
    if (ui_hover(ui, r)) {
        ui_round(ui, r, 3, color_alpha(t->text, 0.05f));
        model_point(m, (Cursor){row->layer, -1, -1, -1});
    }
    ui_address(ui, address);
    const Color color = layer->branch != BRANCH_NONE && layer->op != OP_CONCAT ? t->branch_text[layer->branch] : t->text;
    ui_text(ui, c.name, part_colored(part_body(ui), color), ALIGN_LEFT, row->name);
    draw_marks(ui, a, c.marks, row);
    number(ui, c.off, row->rms[PASS_MAIN_ONLY], a->heads ? t->text_dim : t->text);
    if (a->heads) {
        number(ui, c.on, row->rms[PASS_WITH_AUX], t->text);
        if (gradients_ratio_text(row, ratio)[0] != '\0')
            ui_textf(ui, c.ratio, ui_style(FACE_MONO, t->size_caption, t->text), ALIGN_RIGHT, "×%s", ratio);
    }
    if (row->channels > 0)
        draw_dead(ui, row, c.dead);
    ui_address(ui, NULL);
    if (ui_click(ui, ui_id("flow row", row->layer), r))
        model_go(m, row->layer);
}

/* Names of the columns, and above the axis what it measures or the key of its marks. */
static void draw_head(Ui *ui, const Model *m, const ListColumns *c, const PowerAxis *a)
{
    const Theme *t = ui->theme;
    const bool by_layer = m->gradients.by_layer;
    const TextStyle small = part_caption(ui);
    Rect key = c->marks;
    const float y = key.y + floorf(key.h / 2);
    ui_text(ui, c->name, small, ALIGN_LEFT, model_text(m, by_layer ? STR_GRADIENTS_LAYER : STR_GRADIENTS_MODULE));
    if (a->heads) {
        const char *with = model_text(m, STR_GRADIENTS_WITH), *without = model_text(m, STR_GRADIENTS_WITHOUT);
        if (ui_text_width(ui, small, with) + ui_text_width(ui, small, without) + 2 * 17 + 16 > key.w) { /* the columns' names */
            with = model_text(m, STR_GRADIENTS_ON);
            without = model_text(m, STR_GRADIENTS_OFF);
        }
        if (ui_text_width(ui, small, with) + ui_text_width(ui, small, without) + 2 * 17 + 16 > key.w)
            with = without = ""; /* the columns' colors say it */
        dot(ui, key.x + 6, y, MARK, t->accent);
        rect_cut_left(&key, 17);
        rect_cut_left(&key, ui_text(ui, key, small, ALIGN_LEFT, with) + 16);
        dot(ui, key.x + 6, y, MARK + 4, t->op_chip);
        rect_cut_left(&key, 17);
        ui_text(ui, key, small, ALIGN_LEFT, without);
        ui_text(ui, c->on, small, ALIGN_RIGHT, model_text(m, STR_GRADIENTS_ON));
        ui_text(ui, c->off, small, ALIGN_RIGHT, model_text(m, STR_GRADIENTS_OFF));
        ui_text(ui, c->ratio, small, ALIGN_RIGHT, model_text(m, STR_GRADIENTS_RATIO));
    } else {
        ui_text(ui, c->off, small, ALIGN_RIGHT, model_text(m, STR_GRADIENTS_GRADIENT));
    }
    ui_text(ui, c->dead, small, ALIGN_RIGHT, model_text(m, STR_GRADIENTS_DEAD));
}

void gradients_chart(Ui *ui, Model *m, ViewState *v, Rect r, const GradientsRow *rows, int count)
{
    const PowerAxis axis = axis_of(rows, count, gradients_show_heads(m));
    const Rect head = rect_cut_top(&r, HEAD), ticks = rect_cut_top(&r, AXIS);
    const float height = fmaxf(ROW_LEAST, fminf(ROW_MOST, floorf(r.h / (float)(count > 0 ? count : 1))));
    const bool scrolls = height * (float)count > r.h;
    const Rect row = {r.x, head.y, r.w - (scrolls ? 10 : 0), HEAD};
    const ListColumns names = columns_of(row, axis.heads);
    draw_head(ui, m, &names, &axis);
    ui_text(ui, (Rect){names.name.x, ticks.y, names.name.w - 20, AXIS}, part_caption(ui), ALIGN_LEFT, model_text(m, STR_GRADIENTS_LOG));
    draw_axis(ui, &axis, (Rect){names.marks.x, ticks.y, names.marks.w, AXIS}, r.y + fminf(r.h, height * (float)count));
    Rect inner = ui_scroll_begin(ui, ui_id("flow", 0), r, &v->scroll[SCROLL_LIST], height * (float)count);
    for (int i = 0; i < count; i++)
        draw_row(ui, m, &rows[i], &axis, (Rect){inner.x, inner.y + height * (float)i, inner.w, height});
    ui_scroll_end(ui);
}
