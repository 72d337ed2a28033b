/* ui_list.h - appends to the frame's lists, for the files of app/ui that make widgets. Views use ui.h only. */
#ifndef INCEPTOSCOPE_UI_LIST_H
#define INCEPTOSCOPE_UI_LIST_H

#include "app/ui/ui.h"

bool ui_list_open(Ui *ui);                          /* for ui_init: room for the empty string */
/* Pointers are valid until the next append to the same list. */
size_t ui_list_text(Ui *ui, const char *text, size_t bytes);    /* copies text; returns its offset in ui->text */
Command *ui_list_command(Ui *ui, CommandKind kind, Rect r, Color color);
void ui_list_id(Ui *ui, uint64_t id);               /* call once for each widget */
Item *ui_list_item(Ui *ui, Rect r, const char *role, size_t text); /* gets the current address */
void ui_list_points(Ui *ui, Command *command, const float *xy, int count); /* of a CMD_POLY..: count pairs (x, y), copied */

void ui_clip_enter(Ui *ui, Rect r, bool scrolls);   /* ui_clip_push; scrolls: it may cut things at its edges */
bool ui_visible(const Ui *ui, Rect r);              /* some of r is inside the clip */
bool ui_cut(const Ui *ui, Rect r);                  /* some of r is cut away and cannot be scrolled into view */

void ui_tooltip_draw(Ui *ui);                       /* at the end of a frame, over everything */

/* ui_hover for a widget that may itself be the active one. */
bool ui_hover_id(Ui *ui, uint64_t id, Rect r);
/* Takes a press on r; then true until the button is released, wherever the pointer is. */
bool ui_hold(Ui *ui, uint64_t id, Rect r);

#endif
