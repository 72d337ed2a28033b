/* flow_chart.h - the gradient flow as a list: one row for each module or layer, its gradient on a logarithmic axis and as a number. */
#ifndef INCEPTOSCOPE_FLOW_CHART_H
#define INCEPTOSCOPE_FLOW_CHART_H

#include "app/views/parts.h"

/* One line of the list: a layer, or a module with all its layers. */
typedef struct FlowRow {
    const char *name;
    int layer;                  /* where a click leads */
    double rms[PASS_COUNT];     /* of the gradient, over the values of the map or over the weights; -1: unknown */
    int channels, dead;         /* 0 channels: none with ReLU */
} FlowRow;

enum { FLOW_ROWS_MAX = 256 };

/* Whether what the auxiliary heads add is shown: there are some, and their weights mean as much as the main path's. */
bool flow_shows_heads(const Model *m);
/* Layers with weights, and modules: one row each, or one per layer, as the view's switches say; those of heads that are not shown are left
 * out. At most FLOW_ROWS_MAX. */
int flow_rows(const Model *m, FlowRow *rows);
/* "1.94": how often the gradient without the auxiliary heads goes into the one with them; "" where that says nothing. */
char *flow_ratio_text(const FlowRow *row, char out[NUM_MAX]);
void flow_chart(Ui *ui, Model *m, ViewState *v, Rect r, const FlowRow *rows, int count);

#endif
