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

#endif
