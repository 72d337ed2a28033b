/* value_cells.h - the parts of the one-value view's pages: the card, cells with numbers, rows. Nothing here depends on the op. */
#ifndef INCEPTOSCOPE_VALUE_CELLS_H
#define INCEPTOSCOPE_VALUE_CELLS_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* A bar from the middle: to the right for what adds, to the left for what takes away. reach: the value that fills a half. */
void value_bar(Ui *ui, Rect r, double value, double reach);
/* A value on a background that shows its size: blue positive, orange negative. If the number does not fit, no number. */
void value_cell(Ui *ui, Rect r, float value, float reach, bool sign, bool faded);
/* The same for a whole number. */
void value_integer_cell(Ui *ui, Rect r, int value, int reach, bool faded);
/* The cell of a value that does not exist, outside the map. */
void value_no_cell(Ui *ui, Rect r);
/* The card of the terms, with a heading at its left and right. Returns the rectangle inside. */
Rect value_terms_card(Ui *ui, Rect r, const char *left, const char *right);
/* A channel of the input, named and coloured by the branch it comes from. */
void value_channel_label(Ui *ui, const Model *m, Rect r, int input, int channel);
enum { VALUE_UNIT_ROW = 22 };
/* A row of that height for one value elsewhere, cut off r; a click takes that value apart. index: unique in the view. */
void value_unit_row(Ui *ui, Model *m, Rect *r, const Taken *taken, Unit u, int index);

/* Rows of the ledger, cut off r: the result of the terms, below a line. */
void value_sum_row(Ui *ui, Rect *r, const char *left, float value);
/* While stepping through the terms: this term, and apart from it the sum so far, named `sum`. */
void value_step_rows(Ui *ui, const Model *m, Rect *r, const Taken *taken, Str sum);

#endif
