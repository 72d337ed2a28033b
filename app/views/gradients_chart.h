/* gradients_chart.h - the gradient flow as a list: one row for each module or layer, its gradient on a logarithmic axis and as a number. */
#ifndef INCEPTOSCOPE_GRADIENTS_CHART_H
#define INCEPTOSCOPE_GRADIENTS_CHART_H

#include "app/views/parts.h"

/* One line of the list: a layer, or a module with all its layers. */
typedef struct GradientsRow {
    const char *name;
    int layer;                  /* where a click leads */
    double rms[PASS_COUNT];     /* of the gradient, over the values of the map or over the weights; -1: unknown */
    int channels, dead;         /* 0 channels: none with ReLU */
} GradientsRow;

enum { GRADIENTS_ROWS_MAX = 256 };

/* Whether what the auxiliary heads add is shown: there are some, and their weights mean as much as the main path's. */
bool gradients_show_heads(const Model *m);
/* Layers with weights, and modules: one row each, or one per layer, as the view's switches say; those of heads that are not shown are left
 * out. At most GRADIENTS_ROWS_MAX. */
int gradients_rows(const Model *m, GradientsRow *rows);
/* "1.94": how often the gradient without the auxiliary heads goes into the one with them; "" where that says nothing. */
char *gradients_ratio_text(const GradientsRow *row, char out[NUM_MAX]);
void gradients_chart(Ui *ui, Model *m, ViewState *v, Rect r, const GradientsRow *rows, int count);

#endif
