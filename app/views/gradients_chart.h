/* gradients_chart.h - draws the gradient flow as a list: one row per module or layer, with its gradient on a logarithmic axis and
 * as a number. */
#ifndef INCEPTOSCOPE_GRADIENTS_CHART_H
#define INCEPTOSCOPE_GRADIENTS_CHART_H

#include "app/model/gradients_rows.h"
#include "app/views/parts.h"

void gradients_chart(Ui *ui, Model *m, ViewState *v, Rect r, const GradientsRow *rows, int count);

#endif
