/* ui.c - begins and ends a frame, and makes widget ids. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"
#include "engine/base/hash.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool ui_init(Ui *ui, const Theme *theme, MeasureFn *measure, void *user)
{
    *ui = (Ui){.theme = theme, .measure = measure, .measure_user = user, .scale = 1, .wish.zoom = 1};
    return ui_list_open(ui);
}

void ui_free(Ui *ui)
{
    free(ui->commands);
    free(ui->items);
    free(ui->text);
    free(ui->points);
    free(ui->ids);
    *ui = (Ui){0};
}

void ui_begin(Ui *ui, const Input *in, float width, float height)
{
    ui->in = *in;
    ui->width = width;
    ui->height = height;
    ui->command_count = ui->item_count = ui->text_size = ui->point_size = ui->id_count = 0;
    ui->clip[0] = (Clip){{0, 0, width, height}, false};
    ui->clip_count = 1;
    ui->area_count = 0;
    ui->address[0] = '\0';
    ui->blank = NULL;
    ui->overlay = ui->overlay_next;
    ui->overlay_next = (Rect){0, 0, 0, 0};
    ui->in_overlay = ui->clicked = ui->focus_seen = ui->want_frame = ui->over_drag = false;
    ui->frame_at = 0;
    ui->pointer = POINTER_ARROW;
    ui->wish.quit = false;
    ui->wish.grab = ui->wish.pick_files = false;
    ui->wish.copy[0] = ui->wish.save_png[0] = '\0';
    ui_list_text(ui, "", 0); /* offset 0 is the empty string */
}

void ui_end(Ui *ui)
{
    assert(ui->clip_count == 1 && ui->area_count == 0 && !ui->in_overlay);
    ui_tooltip_draw(ui);
    if (ui->in.released)
        ui->active = 0;
    if (ui->in.pressed && !ui->clicked)
        ui->focus = 0;
    if (!ui->focus_seen)
        ui->focus = 0;
    ui->want_text = ui->focus != 0;
}

uint64_t ui_id(const char *name, int index)
{
    const uint64_t hash = hash_bytes(hash_bytes(HASH_START, name, strlen(name)), &index, sizeof index);
    return hash != 0 ? hash : 1; /* 0 means no widget */
}
