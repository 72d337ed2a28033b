/* primitives.c - adds rectangles, frames, lines, polygons and pictures to the draw list. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"

#include <math.h>

void ui_fill(Ui *ui, Rect r, Color c)
{
    ui_round(ui, r, 0, c);
}

void ui_round(Ui *ui, Rect r, float radius, Color c)
{
    if (ui_visible(ui, r))
        ui_list_command(ui, CMD_RECT, r, c)->radius = radius;
}

void ui_frame(Ui *ui, Rect r, float width, Color c)
{
    ui_frame_round(ui, r, 0, width, c);
}

void ui_frame_round(Ui *ui, Rect r, float radius, float width, Color c)
{
    if (!ui_visible(ui, r))
        return;
    Command *command = ui_list_command(ui, CMD_FRAME, r, c);
    command->radius = radius;
    command->width = width;
}

void ui_shadow(Ui *ui, Rect r, float radius, float reach, Color c)
{
    Command *command = ui_list_command(ui, CMD_SHADOW, r, c);
    command->radius = radius;
    command->width = reach;
}

void ui_panel(Ui *ui, Rect r)
{
    ui_shadow(ui, (Rect){r.x, r.y + 1, r.w, r.h}, 6, 3, ui->theme->shadow);
    ui_round(ui, r, 6, ui->theme->panel);
}

void ui_panel_marked(Ui *ui, Rect r, Color mark)
{
    ui_shadow(ui, (Rect){r.x, r.y + 1, r.w, r.h}, 6, 3, ui->theme->shadow);
    ui_clip_enter(ui, (Rect){r.x, r.y, 8, r.h}, true);
    ui_round(ui, (Rect){r.x, r.y, 24, r.h}, 6, mark); /* its left corners match the card's; the card covers the rest */
    ui_clip_pop(ui);
    ui_clip_enter(ui, (Rect){r.x + 4, r.y, r.w - 4, r.h}, true);
    ui_round(ui, (Rect){r.x - 4, r.y, r.w + 4, r.h}, 6, ui->theme->panel);
    ui_clip_pop(ui);
}

void ui_line(Ui *ui, float x0, float y0, float x1, float y1, float width, Color c)
{
    ui_list_command(ui, CMD_LINE, (Rect){x0, y0, x1 - x0, y1 - y0}, c)->width = width;
}

void ui_arrow(Ui *ui, float x0, float y0, float x1, float y1, float width, Color c)
{
    float dx = x1 - x0, dy = y1 - y0, length = sqrtf(dx * dx + dy * dy);
    if (length <= 0)
        return;
    dx /= length;
    dy /= length;
    float head = fminf(width * 2.5f + 2, length);
    const float barbs[6] = {x1 - head * (dx + dy * 0.8f), y1 - head * (dy - dx * 0.8f), x1, y1,
                            x1 - head * (dx - dy * 0.8f), y1 - head * (dy + dx * 0.8f)};
    ui_line(ui, x0, y0, x1, y1, width, c);
    ui_polyline(ui, barbs, 3, width, c);
}

void ui_poly(Ui *ui, const float *xy, int count, Color c)
{
    if (count >= 3)
        ui_list_points(ui, ui_list_command(ui, CMD_POLY, (Rect){0, 0, 0, 0}, c), xy, count);
}

void ui_polyline(Ui *ui, const float *xy, int count, float width, Color c)
{
    if (count < 2)
        return;
    Command *command = ui_list_command(ui, CMD_POLYLINE, (Rect){0, 0, 0, 0}, c);
    command->width = width;
    ui_list_points(ui, command, xy, count);
}

/* Along the upper edge and back along the lower one. The easing makes both ends horizontal. */
void ui_ribbon(Ui *ui, float x0, float a0, float b0, float x1, float a1, float b1, Color c)
{
    enum { STEPS = 24 };
    float xy[(STEPS + 1) * 4];
    for (int i = 0; i <= STEPS; i++) {
        float t = (float)i / STEPS, s = t * t * (3 - 2 * t);
        float *upper = xy + i * 2, *lower = xy + (2 * STEPS + 1 - i) * 2;
        upper[0] = lower[0] = x0 + (x1 - x0) * t;
        upper[1] = a0 + (a1 - a0) * s;
        lower[1] = b0 + (b1 - b0) * s;
    }
    ui_poly(ui, xy, (STEPS + 1) * 2, c);
}

void ui_picture(Ui *ui, Rect r, const unsigned char *rgb, int w, int h, uint64_t version, bool smooth)
{
    if (!ui_visible(ui, r))
        return;
    Command *command = ui_list_command(ui, CMD_PICTURE, r, 0);
    command->rgb = rgb;
    command->rgb_w = w;
    command->rgb_h = h;
    command->version = version;
    command->smooth = smooth;
    ui_list_item(ui, r, "picture", 0);
}
