/* ui_list.c - appends to the frame's lists: draw list, items, texts, points, ids; keeps clip and address. See ui_list.h. */
#include "app/ui/ui_list.h"
#include "app/ui/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The interface needs memory for its own lists, a few hundred kilobytes; without it it cannot even show a message. */
static void *grow(void *array, size_t *capacity, size_t wanted, size_t element)
{
    if (wanted <= *capacity)
        return array;
    size_t next = *capacity < 64 ? 64 : *capacity * 2;
    while (next < wanted)
        next *= 2;
    void *larger = realloc(array, next * element);
    if (larger == NULL) {
        fprintf(stderr, "inceptoscope: not enough memory for the window\n");
        exit(1);
    }
    *capacity = next;
    return larger;
}

size_t ui_list_text(Ui *ui, const char *text, size_t bytes)
{
    ui->text = grow(ui->text, &ui->text_capacity, ui->text_size + bytes + 1, 1);
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
    ui->commands = grow(ui->commands, &ui->command_capacity, ui->command_count + 1, sizeof *ui->commands);
    Command *command = &ui->commands[ui->command_count++];
    *command = (Command){.kind = kind, .rect = r, .color = color};
    return command;
}

Item *ui_list_item(Ui *ui, Rect r, const char *role, size_t text)
{
    ui->items = grow(ui->items, &ui->item_capacity, ui->item_count + 1, sizeof *ui->items);
    Item *item = &ui->items[ui->item_count++];
    *item = (Item){.rect = r, .text = text, .layer = ui->in_overlay};
    assert(strlen(role) < sizeof item->role);
    strcpy(item->role, role);
    strcpy(item->address, ui->address);
    return item;
}

void ui_list_id(Ui *ui, uint64_t id)
{
    ui->ids = grow(ui->ids, &ui->id_capacity, ui->id_count + 1, sizeof *ui->ids);
    ui->ids[ui->id_count++] = id;
}

void ui_list_points(Ui *ui, Command *command, const float *xy, int count)
{
    size_t floats = (size_t)count * 2;
    ui->points = grow(ui->points, &ui->point_capacity, ui->point_size + floats, sizeof *ui->points);
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
