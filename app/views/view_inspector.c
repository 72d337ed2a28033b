/* view_inspector.c - the column at the right: about the stage (inspector_stage.c), and about what is under the pointer
 * (inspector_focus.c). */
#include "app/views/inspector.h"
#include "app/views/views.h"

#include <math.h>

typedef void SectionsFn(Ui *ui, Session *session, ViewState *v, Rect *r);

/* Draws sections into `in`, which scrolls if they are longer. The bar is in the right margin: if it made the text narrower, the
 * text could grow and need the bar only because of the bar. */
static void scrolled(Ui *ui, Session *session, ViewState *v, Rect in, int slot, SectionsFn *sections)
{
    const Rect body = ui_column_begin(ui, ui_id("inspector", slot), (Rect){in.x, in.y, in.w + 10, in.h}, &v->scroll[slot]);
    Rect r = {body.x, body.y + 4, in.w, 10000};
    sections(ui, session, v, &r);
    ui_column_end(ui, r.y - body.y + 12);
}

void view_inspector(Ui *ui, Session *session, ViewState *v, Rect area)
{
    ui_fill(ui, area, ui->theme->rail);
    ui_fill(ui, (Rect){area.x, area.y, 1, area.h}, ui->theme->panel_edge);
    const float focus = fmaxf(v->scroll[SCROLL_FOCUS].content, 60), room = area.h - v->scroll[SCROLL_INSPECTOR].content;
    const Rect in = {area.x + 17, area.y, area.w - 30, area.h};
    if (focus <= room) { /* everything fits, one below the other */
        scrolled(ui, session, v, (Rect){in.x, in.y, in.w, area.h - room}, SCROLL_INSPECTOR, inspector_stage);
        scrolled(ui, session, v, (Rect){in.x, in.y + area.h - room - 10, in.w, room + 10}, SCROLL_FOCUS, inspector_focus);
        return;
    }
    /* No room for both: what is under the pointer stays visible at the bottom, the rest scrolls above it. */
    const float h = fminf(focus, floorf(area.h * 0.64f));
    const Rect below = {area.x, area.y + area.h - h, area.w, h};
    scrolled(ui, session, v, (Rect){in.x, in.y, in.w, area.h - h}, SCROLL_INSPECTOR, inspector_stage);
    ui_fill(ui, (Rect){below.x + 1, below.y, below.w - 1, below.h}, ui->theme->panel);
    ui_fill(ui, (Rect){below.x, below.y, below.w, 1}, ui->theme->panel_edge);
    scrolled(ui, session, v, (Rect){in.x, below.y, in.w, below.h}, SCROLL_FOCUS, inspector_focus);
}
