/* chart.c - draws a plot with two axes; see chart.h. */
#include "app/views/chart.h"

#include <math.h>
#include <stdio.h>

static const float LEFT = 38, BOTTOM = 20, TOP = 6, RIGHT = 8;

double chart_step(double span, int most)
{
    double step = pow(10, floor(log10(span / most)));
    static const double factors[] = {1, 2, 5, 10};
    for (int i = 0; i < 4; i++)
        if (span / (step * factors[i]) <= most + 1e-9)
            return step * factors[i];
    return step * 10;
}

float chart_x(const Chart *c, double x)
{
    return c->plot.x + (float)((x - c->x0) / (c->x1 - c->x0)) * c->plot.w;
}

float chart_y(const Chart *c, double y)
{
    return c->plot.y + c->plot.h - (float)((y - c->y0) / (c->y1 - c->y0)) * c->plot.h;
}

Chart chart_begin(Ui *ui, Rect area, double x0, double x1, double y0, double y1, int digits)
{
    Chart c = {.plot = {area.x + LEFT, area.y + TOP, area.w - LEFT - RIGHT, area.h - TOP - BOTTOM}, .x0 = x0, .x1 = x1, .y0 = y0, .y1 = y1};
    const TextStyle style = ui_style(FACE_SANS, ui->theme->size_caption, ui->theme->text_faint);
    double step = chart_step(y1 - y0, (int)fmaxf(2, c.plot.h / 34));
    for (int i = (int)ceil(y0 / step - 1e-9); i * step <= y1 + 1e-9; i++) {
        const double v = i * step;
        const float y = roundf(chart_y(&c, v));
        ui_fill(ui, (Rect){c.plot.x, y, c.plot.w, 1}, ui->theme->panel_edge);
        ui_textf(ui, (Rect){area.x, y - 8, LEFT - 6, 16}, style, ALIGN_RIGHT, "%.*f", digits, v);
    }
    step = fmax(1, chart_step(x1 - x0, (int)fmaxf(2, c.plot.w / 42)));
    for (int i = (int)ceil(x0 / step - 1e-9); i * step <= x1 + 1e-9; i++)
        ui_textf(ui, (Rect){chart_x(&c, i * step) - 20, c.plot.y + c.plot.h + 3, 40, 16}, style, ALIGN_CENTER, "%.0f", i * step);
    return c;
}

double chart_at(const Chart *c, float x)
{
    return c->x0 + (double)((x - c->plot.x) / c->plot.w) * (c->x1 - c->x0);
}

double chart_pointer(Ui *ui, const Chart *c, double otherwise)
{
    return ui_hover(ui, c->plot) ? chart_at(c, ui->in.mouse_x) : otherwise;
}

void chart_curve(Ui *ui, const Chart *c, const double *x, const double *y, int count, float *scratch, float width, Color color)
{
    ui_clip_push(ui, (Rect){c->plot.x - 2, c->plot.y - 2, c->plot.w + 4, c->plot.h + 4});
    for (int i = 0; i < count;) {
        int points = 0;
        for (; i < count && !isnan(y[i]); i++, points++) {
            scratch[2 * points] = chart_x(c, x[i]);
            scratch[2 * points + 1] = chart_y(c, y[i]);
        }
        if (points > 1)
            ui_polyline(ui, scratch, points, width, color);
        else if (points == 1)
            ui_round(ui, (Rect){scratch[0] - 2, scratch[1] - 2, 4, 4}, 2, color);
        for (; i < count && isnan(y[i]); i++)
            ;
    }
    ui_clip_pop(ui);
}

void chart_level(Ui *ui, const Chart *c, double y, Color color, const char *label)
{
    if (y < c->y0 || y > c->y1)
        return;
    const float at = roundf(chart_y(c, y));
    for (float x = c->plot.x; x < c->plot.x + c->plot.w; x += 8)
        ui_fill(ui, (Rect){x, at, fminf(4, c->plot.x + c->plot.w - x), 1}, color);
    ui_text(ui, (Rect){c->plot.x + c->plot.w - 220, at - 16, 218, 15}, ui_style(FACE_SANS, ui->theme->size_caption, color), ALIGN_RIGHT, label);
}

void chart_mark(Ui *ui, const Chart *c, double x, float width, Color color)
{
    if (x >= c->x0 && x <= c->x1)
        ui_fill(ui, (Rect){roundf(chart_x(c, x) - width / 2), c->plot.y, width, c->plot.h}, color);
}
