/* widgets.c - the widgets of ui.h: buttons, choices, sliders, text fields, scrolling, overlays. Each widget: id, update, draw. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"
#include "app/ui/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const float WHEEL_ROW = 48; /* logical pixels per notch */

float ui_button_width(Ui *ui, const char *label)
{
    return ui_text_width(ui, ui_style(FACE_SANS, ui->theme->size_small, 0), label) + 24;
}

bool ui_button(Ui *ui, uint64_t id, Rect r, const char *label, ButtonKind kind)
{
    const Theme *t = ui->theme;
    bool clicked = ui_click(ui, id, r), over = ui_hover_id(ui, id, r), down = over && ui->active == id;
    Color fill = kind == BUTTON_PRIMARY ? t->accent : kind == BUTTON_STRIP ? t->strip : t->panel;
    Color text = kind == BUTTON_PRIMARY ? t->accent_text : kind == BUTTON_STRIP ? t->strip_text : t->text;
    Color edge = kind == BUTTON_STRIP ? color_mix(t->strip, t->strip_text, 0.35f) : t->panel_edge;
    if (over)
        fill = color_mix(fill, text, down ? 0.18f : 0.09f);
    ui_round(ui, r, 5, fill);
    if (kind != BUTTON_PRIMARY)
        ui_frame_round(ui, r, 5, 1, edge);
    ui_item(ui, r, "button", label);
    ui_text(ui, rect_inset(r, 4), ui_style(FACE_SANS, t->size_small, text), ALIGN_CENTER, label);
    return clicked;
}

bool ui_choice(Ui *ui, uint64_t id, Rect r, const char *label, bool selected)
{
    const Theme *t = ui->theme;
    bool clicked = ui_click(ui, id, r), over = ui_hover_id(ui, id, r);
    if (selected || over)
        ui_round(ui, r, fminf(r.h / 2, 10), selected ? t->accent_soft : color_alpha(t->text, 0.06f));
    Color text = selected ? color_mix(t->accent, t->text, 0.25f) : over ? t->text : t->text_dim;
    ui_item(ui, r, "choice", label);
    ui_text(ui, r, ui_style(FACE_SANS, t->size_small, text), ALIGN_CENTER, label);
    return clicked;
}

bool ui_slider(Ui *ui, uint64_t id, Rect r, const char *label, float *value, float lo, float hi)
{
    const Theme *t = ui->theme;
    Rect whole = r;
    TextStyle style = ui_style(FACE_SANS, t->size_small, t->text);
    char number[32];
    snprintf(number, sizeof number, "%.*f", hi - lo < 1 ? 4 : 2, (double)*value); /* enough to see a step of a hundredth */
    rect_cut_left(&r, ui_text(ui, r, style, ALIGN_LEFT, label) + 10);
    const TextStyle mono = ui_style(FACE_MONO, t->size_small, t->text);
    Rect number_place = rect_cut_right(&r, ui_text_width(ui, mono, hi - lo < 1 ? "-0.0000" : "-00.00") + 8);
    float span = r.w - 12, before = *value;
    const bool was_active = ui->active == id;
    if (ui_drag(ui, id, r) && span > 0) {
        if (!was_active) /* remember the track: if the layout moves it during the drag, the value stays */
            ui->grab = r.x;
        *value = lo + (hi - lo) * fminf(fmaxf((ui->in.mouse_x - ui->grab - 6) / span, 0), 1);
    }
    float part = hi > lo ? fminf(fmaxf((*value - lo) / (hi - lo), 0), 1) : 0, middle = r.y + r.h / 2;
    bool lit = ui->active == id || ui_hover_id(ui, id, r);
    ui_round(ui, (Rect){r.x, middle - 2, r.w, 4}, 2, t->panel_edge);
    ui_round(ui, (Rect){r.x, middle - 2, 6 + span * part, 4}, 2, t->accent);
    ui_round(ui, (Rect){r.x + span * part, middle - 6, 12, 12}, 6, lit ? color_mix(t->accent, t->text, 0.2f) : t->accent);
    ui_text(ui, number_place, mono, ALIGN_RIGHT, number);
    ui_item(ui, whole, "slider", label);
    return *value < before || *value > before;
}

/* ---- text field -------------------------------------------------------------------------------------------------- */

void ui_field_focus(Ui *ui, uint64_t id)
{
    ui->focus = id;
    ui->cursor = 1 << 20; /* cut to the end of the text when the field is drawn */
    ui->focus_seen = true;
}

/* Applies this frame's text and editing key; true on Enter. */
static bool edit(Ui *ui, char *text, size_t size)
{
    size_t length = strlen(text), cursor = (size_t)ui->cursor < length ? (size_t)ui->cursor : length;
    const size_t left = cursor > 0 ? utf8_before(text, cursor) : 0, right = cursor < length ? cursor + utf8_size(text + cursor) : cursor;
    const char *key = ui->in.key;
    if (strcmp(key, "Left") == 0)
        cursor = left;
    else if (strcmp(key, "Right") == 0)
        cursor = right;
    else if (strcmp(key, "Home") == 0)
        cursor = 0;
    else if (strcmp(key, "End") == 0)
        cursor = length;
    else if (strcmp(key, "Backspace") == 0) {
        memmove(text + left, text + cursor, length - cursor + 1);
        cursor = left;
    } else if (strcmp(key, "Delete") == 0) {
        memmove(text + cursor, text + right, length - right + 1);
    }
    length = strlen(text);
    size_t added = strlen(ui->in.text);
    if (added > 0 && length + added < size) {
        memmove(text + cursor + added, text + cursor, length - cursor + 1);
        memcpy(text + cursor, ui->in.text, added);
        cursor += added;
    }
    ui->cursor = (int)cursor;
    return strcmp(key, "Enter") == 0;
}

bool ui_field(Ui *ui, uint64_t id, Rect r, const char *label, char *text, size_t size)
{
    const Theme *t = ui->theme;
    if (ui_drag(ui, id, r) && ui->focus != id)
        ui_field_focus(ui, id);
    if (ui_hover_id(ui, id, r))
        ui->pointer = POINTER_TEXT;
    bool focused = ui->focus == id, entered = false;
    if (focused) {
        ui->focus_seen = true;
        entered = edit(ui, text, size);
    }
    ui_round(ui, r, 5, t->panel);
    ui_frame_round(ui, r, 5, focused ? 2 : 1, focused ? t->accent : t->panel_edge);
    TextStyle style = ui_style(FACE_SANS, t->size_body, text[0] != '\0' ? t->text : t->text_faint);
    Rect inside = {r.x + 10, r.y, r.w - 20, r.h};
    ui_clip_enter(ui, inside, true);
    float before = focused ? ui->measure(ui->measure_user, style.face, style.size, text, (size_t)ui->cursor) : 0;
    float shift = fmaxf(before + 2 - inside.w, 0); /* the cursor stays visible */
    if (text[0] == '\0')
        ui_text(ui, inside, style, ALIGN_LEFT, label);
    else
        ui_text(ui, (Rect){inside.x - shift, r.y, shift + inside.w + 10000, r.h}, style, ALIGN_LEFT, text);
    if (focused)
        ui_fill(ui, (Rect){inside.x - shift + before, r.y + r.h / 2 - 9, 1, 18}, t->accent);
    ui_clip_pop(ui);
    ui_item(ui, r, "field", label);
    return entered;
}

/* ---- scrolling --------------------------------------------------------------------------------------------------- */

Rect ui_scroll_begin(Ui *ui, uint64_t id, Rect r, Scroll *scroll, float content_height)
{
    assert(ui->area_count < (int)(sizeof ui->area / sizeof ui->area[0]));
    ui_list_id(ui, id);
    scroll->content = content_height;
    float most = fmaxf(content_height - r.h, 0);
    scroll->offset = fminf(fmaxf(scroll->offset, 0), most);
    ui->area[ui->area_count++] = (ScrollArea){r, scroll, id};
    ui_clip_enter(ui, r, true);
    return (Rect){r.x, r.y - scroll->offset, r.w - (most > 0 ? 10 : 0), fmaxf(content_height, r.h)};
}

/* The wheel goes to the innermost area, which ends first; what it does not use goes to the next outer one. */
void ui_scroll_end(Ui *ui)
{
    assert(ui->area_count > 0);
    ScrollArea area = ui->area[--ui->area_count];
    Rect r = area.rect;
    ui_clip_pop(ui);
    float most = area.scroll->content - r.h;
    if (most <= 0)
        return;
    float before = area.scroll->offset, length = fmaxf(r.h * r.h / area.scroll->content, 24);
    Rect bar = {r.x + r.w - 7, r.y + (r.h - length) * before / most, 5, length};
    Rect track = {r.x + r.w - 10, r.y, 10, r.h};
    bool was_active = ui->active == area.id;
    if (ui_hold(ui, area.id, track)) {
        if (!was_active) /* from the track's top at the press; a press beside the bar holds it at its middle */
            ui->grab = r.y + (rect_has((Rect){track.x, bar.y, track.w, bar.h}, ui->in.mouse_x, ui->in.mouse_y)
                                  ? ui->in.mouse_y - bar.y : length / 2);
        if (r.h > length)
            area.scroll->offset = (ui->in.mouse_y - ui->grab) / (r.h - length) * most;
    } else if (ui_hover(ui, r) && (ui->in.wheel_y < 0 || ui->in.wheel_y > 0)) {
        area.scroll->offset -= ui->in.wheel_y * WHEEL_ROW;
    }
    area.scroll->offset = fminf(fmaxf(area.scroll->offset, 0), most);
    if (area.scroll->offset < before || area.scroll->offset > before) {
        ui->in.wheel_y = 0;
        ui->want_frame = true;
    }
    bool lit = ui->active == area.id || ui_hover_id(ui, area.id, track);
    ui_round(ui, bar, 2.5f, color_alpha(ui->theme->text_faint, lit ? 1 : 0.55f));
    ui_item(ui, bar, "scrollbar", "");
}

Rect ui_column_begin(Ui *ui, uint64_t id, Rect r, Scroll *scroll)
{
    return ui_scroll_begin(ui, id, r, scroll, scroll->content > 0 ? scroll->content : r.h);
}

void ui_column_end(Ui *ui, float used)
{
    assert(ui->area_count > 0);
    Scroll *scroll = ui->area[ui->area_count - 1].scroll;
    ui_scroll_end(ui);
    if (fabsf(used - scroll->content) > 0.5f)
        ui->want_frame = true;
    scroll->content = used;
}

void ui_scroll_to(Scroll *scroll, float height, float top, float bottom)
{
    scroll->offset = fminf(fmaxf(scroll->offset, bottom - height), top);
}

void ui_scroll_show(Ui *ui, Rect r)
{
    for (int i = ui->area_count - 1; i >= 0; i--) { /* scrolling an inner area moves r in the outer ones */
        const ScrollArea *area = &ui->area[i];
        const float below = fmaxf(r.y + r.h - area->rect.y - area->rect.h, 0), above = fmaxf(area->rect.y - r.y + below, 0);
        const float most = fmaxf(area->scroll->content - area->rect.h, 0), before = area->scroll->offset;
        area->scroll->offset = fminf(fmaxf(before + below - above, 0), most);
        r.y -= area->scroll->offset - before;
        if (area->scroll->offset < before || area->scroll->offset > before)
            ui->want_frame = true;
    }
}

/* ---- overlays ---------------------------------------------------------------------------------------------------- */

void ui_overlay_begin(Ui *ui, Rect r)
{
    assert(!ui->in_overlay);
    ui->in_overlay = true;
    ui->overlay_next = r;
}

void ui_overlay_end(Ui *ui)
{
    assert(ui->in_overlay);
    ui->in_overlay = false;
}
