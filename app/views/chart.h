/* chart.h - draws a plot with two axes: grid, ticks, curves. For the view of a training. */
#ifndef INCEPTOSCOPE_CHART_H
#define INCEPTOSCOPE_CHART_H

#include "app/ui/ui.h"

typedef struct Chart {
    Rect plot;                  /* inside the axes' labels */
    double x0, x1, y0, y1;      /* values at the plot's edges; x0 < x1, y0 < y1 */
} Chart;

/* Leaves room for the labels in `area` and draws grid and ticks; y labels have `digits` decimals, x ticks are whole numbers. */
Chart chart_begin(Ui *ui, Rect area, double x0, double x1, double y0, double y1, int digits);
float chart_x(const Chart *c, double x);
float chart_y(const Chart *c, double y);
double chart_at(const Chart *c, float x);   /* the value at a place of the screen */
/* The x under the pointer, or `otherwise` if the pointer is elsewhere. */
double chart_pointer(Ui *ui, const Chart *c, double otherwise);
/* A curve through count points (x, y); NaN breaks it. scratch has room for 2 * count floats. */
void chart_curve(Ui *ui, const Chart *c, const double *x, const double *y, int count, float *scratch, float width, Color color);
/* A dashed line across at y, with its label above its right end. */
void chart_level(Ui *ui, const Chart *c, double y, Color color, const char *label);
/* A vertical line at x. */
void chart_mark(Ui *ui, const Chart *c, double x, float width, Color color);

/* A step of 1, 2 or 5 times a power of ten that divides the span into at most `most` parts. */
double chart_step(double span, int most);

#endif
