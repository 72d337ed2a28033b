/* value_cells.h - what the pages of the one-value view are made of: the card, cells with numbers, rows. It knows no op. */
#ifndef INCEPTOSCOPE_VALUE_CELLS_H
#define INCEPTOSCOPE_VALUE_CELLS_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* A value on a ground that shows its size: blue positive, orange negative. Without room for the number only the ground. */
void value_cell(Ui *ui, Rect r, float value, float reach, bool sign, bool faded);
/* The place of a value that is not there: outside the map. */
void value_no_cell(Ui *ui, Rect r);
/* The card of the terms, with a heading at its left and right. Returns what is inside. */
Rect value_terms_card(Ui *ui, Rect r, const char *left, const char *right);
/* A channel of the input, named and coloured by the branch it comes from. */
void value_channel_label(Ui *ui, const Model *m, Rect r, int input, int channel);
enum { VALUE_UNIT_ROW = 22 };
/* A row of that height with one value elsewhere, cut off r; a click takes that apart. index: a number of its own in the view. */
void value_unit_row(Ui *ui, Model *m, Rect *r, const Taken *taken, Unit u, int index);

/* Rows of the ledger, cut off r: what the terms come to, below a line. */
void value_sum_row(Ui *ui, Rect *r, const char *left, float value);
/* While the terms are gone through one by one: this one, and apart from it what they have come to so far, which `sum` names. */
void value_step_rows(Ui *ui, const Model *m, Rect *r, const Taken *taken, Str sum);

#endif
