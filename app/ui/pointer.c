/* pointer.c - finds what the pointer is over, and what it holds between press and release. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"

bool ui_hover_id(Ui *ui, uint64_t id, Rect r)
{
    float x = ui->in.mouse_x, y = ui->in.mouse_y;
    if (!ui->in.mouse_inside || (ui->active != 0 && ui->active != id))
        return false;
    if (!ui->in_overlay && ui->overlay.w > 0 && rect_has(ui->overlay, x, y))
        return false;
    return rect_has(r, x, y) && rect_has(ui->clip[ui->clip_count - 1].rect, x, y);
}

bool ui_hover(Ui *ui, Rect r)
{
    return ui_hover_id(ui, 0, r);
}

bool ui_hold(Ui *ui, uint64_t id, Rect r)
{
    if (ui->in.pressed && !ui->clicked && ui_hover_id(ui, id, r)) {
        ui->active = id;
        ui->clicked = true;
        if (ui->focus != id)
            ui->focus = 0;
    }
    return ui->active == id;
}

bool ui_drag(Ui *ui, uint64_t id, Rect r)
{
    ui_list_id(ui, id);
    ui->over_drag = ui->over_drag || ui_hover_id(ui, id, r);
    return ui_hold(ui, id, r);
}

bool ui_click(Ui *ui, uint64_t id, Rect r)
{
    ui_list_id(ui, id);
    if (ui_hover_id(ui, id, r))
        ui->pointer = POINTER_HAND;
    return ui_hold(ui, id, r) && ui->in.released && ui_hover_id(ui, id, r);
}
