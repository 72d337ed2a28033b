/* ui.c - the frame: draw list, item list, text buffer, ids, clip, addresses; and the drawing primitives. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"
#include "engine/base/hash.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ui_init(Ui *ui, const Theme *theme, MeasureFn *measure, void *user)
{
    *ui = (Ui){.theme = theme, .measure = measure, .measure_user = user, .scale = 1, .wish.zoom = 1};
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
    ui->overlay = ui->overlay_next;
    ui->overlay_next = (Rect){0, 0, 0, 0};
    ui->in_overlay = ui->clicked = ui->focus_seen = ui->want_frame = false;
    ui->frame_at = 0;
    ui->pointer = POINTER_ARROW;
    ui->wish.quit = false;
    ui->wish.grab = false;
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

/* ---- the lists --------------------------------------------------------------------------------------------------- */

/* The interface cannot go on without memory for its own lists, a few hundred kilobytes, and has nothing to say so with. */
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
    for (size_t i = 0, size; i < bytes; i += size) /* a file name may be anything; the screen and the dump are UTF-8 */
        if (utf8_code(ui->text + offset + i, &size) == 0xfffd && size == 1)
            ui->text[offset + i] = '?';
    ui->text_size += bytes + 1;
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

static void list_points(Ui *ui, Command *command, const float *xy, int count)
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

/* ---- primitives -------------------------------------------------------------------------------------------------- */

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
    ui_round(ui, (Rect){r.x, r.y, 24, r.h}, 6, mark); /* the left corners follow the card's; the card covers the rest */
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
        list_points(ui, ui_list_command(ui, CMD_POLY, (Rect){0, 0, 0, 0}, c), xy, count);
}

void ui_polyline(Ui *ui, const float *xy, int count, float width, Color c)
{
    if (count < 2)
        return;
    Command *command = ui_list_command(ui, CMD_POLYLINE, (Rect){0, 0, 0, 0}, c);
    command->width = width;
    list_points(ui, command, xy, count);
}

/* Along the upper edge and back along the lower one; the ease gives level tangents at both ends. */
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

/* ---- rectangles and colours -------------------------------------------------------------------------------------- */

Rect rect_cut_left(Rect *r, float w)
{
    w = fminf(w, r->w);
    Rect cut = {r->x, r->y, w, r->h};
    r->x += w;
    r->w -= w;
    return cut;
}

Rect rect_cut_right(Rect *r, float w)
{
    w = fminf(w, r->w);
    r->w -= w;
    return (Rect){r->x + r->w, r->y, w, r->h};
}

Rect rect_cut_top(Rect *r, float h)
{
    h = fminf(h, r->h);
    Rect cut = {r->x, r->y, r->w, h};
    r->y += h;
    r->h -= h;
    return cut;
}

Rect rect_cut_bottom(Rect *r, float h)
{
    h = fminf(h, r->h);
    r->h -= h;
    return (Rect){r->x, r->y + r->h, r->w, h};
}

Rect rect_inset(Rect r, float d)
{
    return (Rect){r.x + d, r.y + d, fmaxf(r.w - 2 * d, 0), fmaxf(r.h - 2 * d, 0)};
}

Rect rect_intersect(Rect a, Rect b)
{
    float x0 = fmaxf(a.x, b.x), y0 = fmaxf(a.y, b.y);
    float x1 = fminf(a.x + a.w, b.x + b.w), y1 = fminf(a.y + a.h, b.y + b.h);
    if (x1 <= x0 || y1 <= y0)
        return (Rect){x0, y0, 0, 0};
    return (Rect){x0, y0, x1 - x0, y1 - y0};
}

bool rect_has(Rect r, float x, float y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

Color color_alpha(Color c, float alpha)
{
    float a = (float)(c & 0xff) * fminf(fmaxf(alpha, 0), 1);
    return (c & 0xffffff00u) | (Color)(a + 0.5f);
}

Color color_mix(Color a, Color b, float t)
{
    Color mixed = 0;
    t = fminf(fmaxf(t, 0), 1);
    for (int shift = 0; shift < 32; shift += 8) {
        float from = (float)((a >> shift) & 0xff), to = (float)((b >> shift) & 0xff);
        mixed |= (Color)(from + (to - from) * t + 0.5f) << shift;
    }
    return mixed;
}

float ui_ease(double now, double start, double duration)
{
    double t = duration > 0 ? (now - start) / duration : 1;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return (float)(t * t * (3 - 2 * t));
}
