/* overlay.h - shared by the views that open above everything: a card in the middle, and lists in it. */
#ifndef INCEPTOSCOPE_OVERLAY_H
#define INCEPTOSCOPE_OVERLAY_H

#include "app/views/parts.h"

/* A card in the middle of the window over a dimmed background. A click beside it closes it. Returns the rectangle inside. */
Rect overlay_dialog(Ui *ui, Model *m, float w, float h, const char *title);
void overlay_end(Ui *ui);
/* One row of a list, with its text `indent` to the right. True if it was clicked. */
bool overlay_row(Ui *ui, Rect r, float indent, int index, bool chosen, const char *left, const char *right);
/* The same in a list of files, whose names may have any length. */
bool overlay_entry(Ui *ui, Rect r, int index, bool chosen, const char *left, const char *right);
/* Handles Up, Down, PageUp and PageDown in a list of `count` rows, while a text field has the focus. True if one was pressed. */
bool overlay_keys(Session *session, ViewState *v, int count);

#endif
