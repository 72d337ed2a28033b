/* window_marks.h - draws the window of one output value: its frame on the input's maps, what of it is in the padding, the value's cell, and
 * a line between them. */
#ifndef INCEPTOSCOPE_WINDOW_MARKS_H
#define INCEPTOSCOPE_WINDOW_MARKS_H

#include "app/views/view_state.h"

/* Call before a stage's maps are drawn: the window of what is pointed at on layers of the stage, else of what is selected; while it
 * slides, that of the place where it is. */
void window_marks_begin(const Session *session, ViewState *v);
/* Marks the window on its channels' tiles of the grid drawn at r, or the value's cell. */
void window_marks_on(Ui *ui, const Model *m, ViewState *v, Rect r, int layer, const MapGrid *grid);
/* The line, when both ends were drawn; it goes up or down at x = bend, or half way if that is not between them. */
void window_marks_end(Ui *ui, const ViewState *v, float bend);

#endif
