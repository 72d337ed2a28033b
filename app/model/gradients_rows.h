/* gradients_rows.h - turns the gradients of a loss into rows of a list: one per layer, or one per module with all its layers. */
#ifndef INCEPTOSCOPE_GRADIENTS_ROWS_H
#define INCEPTOSCOPE_GRADIENTS_ROWS_H

#include "app/model/model.h"

/* One line of the list: a layer, or a module with all its layers. */
typedef struct GradientsRow {
    const char *name;
    int layer;                  /* a click goes there */
    double rms[PASS_COUNT];     /* of the gradient by the map's values or by the weights; -1: unknown */
    int channels, dead;         /* channels is 0 if no layer has ReLU */
} GradientsRow;

enum { GRADIENTS_ROWS_MAX = 256 };

/* Whether to show what the auxiliary heads add: some take part in the loss, and either both they and the main path are trained or neither
 * is. */
bool gradients_show_heads(const Model *m);
/* Writes a row for each layer with weights and each module, or for every layer, as the view's switches say. Without `heads`,
 * layers of auxiliary heads are left out, and always those of heads that take no part. Returns the number of rows, at most GRADIENTS_ROWS_MAX. */
int gradients_rows(const Net *net, const Gradients *g, bool heads, GradientsRow *rows);
/* "1.94": the gradient with the auxiliary heads divided by the one without; "" if the ratio is meaningless. */
char *gradients_ratio_text(const GradientsRow *row, char out[NUM_MAX]);

#endif
