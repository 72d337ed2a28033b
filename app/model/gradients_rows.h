/* gradients_rows.h - the gradients of a loss as the rows of a list: one for each layer, or one for each module with all its layers. */
#ifndef INCEPTOSCOPE_GRADIENTS_ROWS_H
#define INCEPTOSCOPE_GRADIENTS_ROWS_H

#include "app/model/model.h"

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
/* Layers with weights, and modules: one row each, or one per layer, as the view's switches say; those of auxiliary heads are left out
 * without `heads`. At most GRADIENTS_ROWS_MAX. */
int gradients_rows(const Net *net, const Gradients *g, bool heads, GradientsRow *rows);
/* "1.94": how often the gradient without the auxiliary heads goes into the one with them; "" where that says nothing. */
char *gradients_ratio_text(const GradientsRow *row, char out[NUM_MAX]);

#endif
