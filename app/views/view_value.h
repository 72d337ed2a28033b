/* view_value.h - shared by the two files of the one-value view: view_value.c has its frame, value_ops.c what each op shows. */
#ifndef INCEPTOSCOPE_VIEW_VALUE_H
#define INCEPTOSCOPE_VIEW_VALUE_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* The card in the middle: how the value came about. */
void value_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken);
/* Rows of the ledger from start to sum; cut off r. */
void value_ledger(Ui *ui, const Model *m, Rect *r, const Taken *taken);
/* A number as it stands in a cell. */
char *value_cell_text(char out[NUM_MAX], float value, bool sign);

/* A value on a ground that shows its size: blue positive, orange negative. Without room for the number only the ground. */
void value_cell(Ui *ui, Rect r, float value, float reach, bool sign, bool faded);
/* The place of a value that is not there: outside the map. */
void value_no_cell(Ui *ui, Rect r);
/* How a pixel becomes a number: in the file, as it was fitted, as the network receives it; each with what is around it. x: the
 * network's input (C, H, W); at: one of its values. */
void input_steps(Ui *ui, const Model *m, Rect in, const float *x, Cursor at);

#endif
