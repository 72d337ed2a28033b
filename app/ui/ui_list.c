/* ui_list.c - appends to the frame's lists: draw list, items, texts, points, ids; keeps clip and address. See ui_list.h. */
#include "app/ui/ui_list.h"
#include "app/ui/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Room for `wanted` elements; list: where the pointer to the first is. Without memory the frame goes without what does not fit, and the
 * next one tries again. */
static bool grow(void *list, size_t *capacity, size_t wanted, size_t element)
{
    if (wanted <= *capacity)
        return true;
    size_t next = *capacity < 64 ? 64 : *capacity * 2;
    while (next < wanted)
        next *= 2;
    void *array;
    memcpy(&array, list, sizeof array);
    array = realloc(array, next * element);
    if (array == NULL)
        return false;
    *capacity = next;
    memcpy(list, &array, sizeof array);
    return true;
}

bool ui_list_open(Ui *ui)
{
    return grow(&ui->text, &ui->text_capacity, 1, 1);
}

size_t ui_list_text(Ui *ui, const char *text, size_t bytes)
{
    if (!grow(&ui->text, &ui->text_capacity, ui->text_size + bytes + 1, 1))
        return 0; /* the empty string */
    size_t offset = ui->text_size;
    memcpy(ui->text + offset, text, bytes);
    ui->text[offset + bytes] = '\0';
    for (size_t i = 0, size; i < bytes; i += size) /* a file name may have any bytes; the screen and the dump are UTF-8 */
        if (utf8_code(ui->text + offset + i, &size) == 0xfffd && size == 1)
            ui->text[offset + i] = '?';
    if (ui->blank != NULL)
        ui->blank(ui->blank_user, ui->text + offset);
    ui->text_size += strlen(ui->text + offset) + 1;
    return offset;
}

Command *ui_list_command(Ui *ui, CommandKind kind, Rect r, Color color)
{
    const bool room = grow(&ui->commands, &ui->command_capacity, ui->command_count + 1, sizeof *ui->commands);
    Command *command = room ? &ui->commands[ui->command_count++] : &ui->spare_command;
    *command = (Command){.kind = kind, .rect = r, .color = color};
    return command;
}

Item *ui_list_item(Ui *ui, Rect r, const char *role, size_t text)
{
    const bool room = grow(&ui->items, &ui->item_capacity, ui->item_count + 1, sizeof *ui->items);
    Item *item = room ? &ui->items[ui->item_count++] : &ui->spare_item;
    *item = (Item){.rect = r, .text = text, .layer = ui->in_overlay};
    assert(strlen(role) < sizeof item->role);
    strcpy(item->role, role);
    strcpy(item->address, ui->address);
    return item;
}

void ui_list_id(Ui *ui, uint64_t id)
{
    if (grow(&ui->ids, &ui->id_capacity, ui->id_count + 1, sizeof *ui->ids))
        ui->ids[ui->id_count++] = id;
}

void ui_list_points(Ui *ui, Command *command, const float *xy, int count)
{
    size_t floats = (size_t)count * 2;
    if (!grow(&ui->points, &ui->point_capacity, ui->point_size + floats, sizeof *ui->points)) {
        command->kind = CMD_RECT; /* an empty one */
        return;
    }
    memcpy(ui->points + ui->point_size, xy, floats * sizeof *xy);
    command->point = ui->point_size;
    command->point_count = count;
    ui->point_size += floats;
}

void ui_address(Ui *ui, const char *address)
{
    size_t size = address == NULL ? 0 : strlen(address);
    if (size >= sizeof ui->address)
        size = sizeof ui->address - 1;
    memcpy(ui->address, address == NULL ? "" : address, size);
    ui->address[size] = '\0';
}

void ui_item(Ui *ui, Rect r, const char *role, const char *text)
{
    if (ui_visible(ui, r))
        ui_list_item(ui, r, role, ui_list_text(ui, text, strlen(text)));
}

/* ---- clip -------------------------------------------------------------------------------------------------------- */

void ui_clip_enter(Ui *ui, Rect r, bool scrolls)
{
    assert(ui->clip_count < (int)(sizeof ui->clip / sizeof ui->clip[0]));
    const Clip *outer = &ui->clip[ui->clip_count - 1];
    Clip inner = {rect_intersect(outer->rect, r), scrolls || outer->scrolls};
    ui->clip[ui->clip_count++] = inner;
    ui_list_command(ui, CMD_CLIP, inner.rect, 0);
}

void ui_clip_push(Ui *ui, Rect r)
{
    ui_clip_enter(ui, r, false);
}

void ui_clip_pop(Ui *ui)
{
    assert(ui->clip_count > 1);
    ui->clip_count--;
    ui_list_command(ui, CMD_CLIP, ui->clip[ui->clip_count - 1].rect, 0);
}

bool ui_visible(const Ui *ui, Rect r)
{
    Rect cut = rect_intersect(ui->clip[ui->clip_count - 1].rect, r);
    return cut.w > 0 && cut.h > 0;
}

/* Half a pixel is rounding, not a defect. */
bool ui_cut(const Ui *ui, Rect r)
{
    const Clip *clip = &ui->clip[ui->clip_count - 1];
    bool across = r.x < clip->rect.x - 0.5f || r.x + r.w > clip->rect.x + clip->rect.w + 0.5f;
    bool down = r.y < clip->rect.y - 0.5f || r.y + r.h > clip->rect.y + clip->rect.h + 0.5f;
    return across || (down && !clip->scrolls);
}
