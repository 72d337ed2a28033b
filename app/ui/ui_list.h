/* ui_list.h - what the widget files share among themselves: appending to the frame's lists. Views use ui.h only. */
#ifndef INCEPTOSCOPE_UI_LIST_H
#define INCEPTOSCOPE_UI_LIST_H

#include "app/ui/ui.h"

/* Pointers are valid until the next append to the same list. */
size_t ui_list_text(Ui *ui, const char *text, size_t bytes);    /* a copy; its offset in ui->text */
Command *ui_list_command(Ui *ui, CommandKind kind, Rect r, Color color);
void ui_list_id(Ui *ui, uint64_t id);               /* once for each widget */
Item *ui_list_item(Ui *ui, Rect r, const char *role, size_t text); /* gets the current address */

void ui_clip_enter(Ui *ui, Rect r, bool scrolls);   /* ui_clip_push, and whether being cut there is no defect */
bool ui_visible(const Ui *ui, Rect r);              /* some of r is inside the clip */
bool ui_cut(const Ui *ui, Rect r);                  /* some of r is cut away where nothing can scroll it back */

/* UTF-8: bytes of the character at p (1 for a stray byte), and its code point (U+FFFD for a stray byte). */
size_t utf8_size(const char *p);
uint32_t utf8_code(const char *p, size_t *size);

void ui_tooltip_draw(Ui *ui);                       /* at the end of a frame, over everything */

/* ui_hover for a widget that may itself be the active one. */
bool ui_hover_id(Ui *ui, uint64_t id, Rect r);

#endif
