/* view_value.h - shared by the files of the one-value view: view_value.c has its frame, value_ops.c what each op shows and the
 * ledger, value_conv.c, value_pool.c and value_input.c what takes more than a list, value_words.c what is said in words. */
#ifndef INCEPTOSCOPE_VIEW_VALUE_H
#define INCEPTOSCOPE_VIEW_VALUE_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* The card in the middle: how the value came about. */
void value_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken);
/* In words: how the value came about by its op and whether the engine has stored just that; the keys that do something here; what of the
 * picture a receptive field covers, never more than there is; the formula, "" where
 * there is none. An address with its colour (input) or class (scores). */
void value_says(const Model *m, const Taken *taken, char *out, size_t size);
void value_hints(const Model *m, char *out, size_t size);
void value_sees(const Model *m, const ReceptiveField *field, char *out, size_t size);
void value_formula(const Model *m, const Taken *taken, char *out, size_t size);
void value_name(const Model *m, Cursor c, char *out, size_t size);
/* Whether the stored value has the bits of the explained one, and "-5.96e-08" where it has not. */
bool value_agrees(const Taken *taken);
char *value_difference(char out[NUM_MAX], const Taken *taken);
bool value_is_copy(Op op);
/* Rows of the ledger from start to sum; cut off r. */
void value_ledger(Ui *ui, const Model *m, Rect *r, const Taken *taken);
/* A number as it stands in a cell. */
char *value_cell_text(char out[NUM_MAX], float value, bool sign);

/* A value on a ground that shows its size: blue positive, orange negative. Without room for the number only the ground. */
void value_cell(Ui *ui, Rect r, float value, float reach, bool sign, bool faded);
/* The place of a value that is not there: outside the map. */
void value_no_cell(Ui *ui, Rect r);
/* The card that the terms stand in, with a heading at its left and right. Returns what is inside. */
Rect value_terms_card(Ui *ui, Rect r, const char *left, const char *right);
/* A channel of the input, named and coloured by the branch it comes from. */
void value_channel_label(Ui *ui, const Model *m, Rect r, int input, int channel);
enum { VALUE_UNIT_ROW = 22 };
/* A row of that height with one value elsewhere, cut off r; a click takes that apart. index: a number of its own in the view. */
void value_unit_row(Ui *ui, Model *m, Rect *r, const Taken *taken, Unit u, int index);
void value_conv_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken);
void value_pool_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken);
/* How a pixel becomes a number: in the file, as it was fitted, as the network receives it; each with what is around it. x: the
 * network's input (C, H, W); at: one of its values. */
void input_steps(Ui *ui, const Model *m, Rect in, const float *x, Cursor at);

#endif
