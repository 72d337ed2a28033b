/* overlay.c - the card and lists of overlays; see overlay.h. */
#include "app/views/overlay.h"

#include <math.h>
#include <string.h>

Rect overlay_dialog(Ui *ui, Model *m, float w, float h, const char *title)
{
    const Rect all = {0, 0, ui->width, ui->height};
    w = fminf(w, ui->width - 40);
    h = fminf(h, ui->height - 40);
    const Rect box = {floorf((ui->width - w) / 2), floorf((ui->height - h) * 0.4f), w, h};
    ui_overlay_begin(ui, all);
    ui_fill(ui, all, 0x0b122066);
    ui_shadow(ui, (Rect){box.x, box.y + 4, box.w, box.h}, 10, 24, 0x0b122060);
    ui_round(ui, box, 10, ui->theme->panel);
    ui_frame_round(ui, box, 10, 1, ui->theme->panel_edge);
    if (ui->in.pressed && !rect_has(box, ui->in.mouse_x, ui->in.mouse_y)) {
        ui->clicked = true;
        model_overlay(m, OVERLAY_NONE);
    }
    Rect in = rect_inset(box, 22);
    ui_text(ui, rect_cut_top(&in, 26), part_title(ui), ALIGN_LEFT, title);
    rect_cut_top(&in, 10);
    return in;
}

void overlay_end(Ui *ui)
{
    ui_overlay_end(ui);
}

static bool row(Ui *ui, const char *role, Rect r, float indent, int index, bool chosen, const char *left, const char *right)
{
    if (chosen)
        ui_round(ui, r, 5, ui->theme->accent_soft);
    else if (ui_hover(ui, r))
        ui_round(ui, r, 5, color_alpha(ui->theme->text, 0.05f));
    const bool clicked = ui_click(ui, ui_id(strcmp(role, "row") == 0 ? "list row" : "list entry", index), r);
    ui_pair(ui, (Rect){r.x + 10 + indent, r.y, r.w - 20 - indent, r.h}, chosen ? part_bold(ui) : part_body(ui), left, part_caption(ui), right);
    ui_item(ui, r, role, left);
    return clicked;
}

bool overlay_row(Ui *ui, Rect r, float indent, int index, bool chosen, const char *left, const char *right)
{
    return row(ui, "row", r, indent, index, chosen, left, right);
}

bool overlay_entry(Ui *ui, Rect r, int index, bool chosen, const char *left, const char *right)
{
    char name[256]; /* of any length: its beginning is enough */
    part_cut(ui, part_bold(ui), left, r.w - 30 - ui_text_width(ui, part_caption(ui), right), name, sizeof name);
    return row(ui, "entry", r, 0, index, chosen, name, right);
}

bool overlay_keys(Session *session, ViewState *v, int count)
{
    static const struct { const char *key; int by; } keys[] = {{"Down", 1}, {"Up", -1}, {"PageDown", 8}, {"PageUp", -8}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(session->last_key, keys[i].key) != 0)
            continue;
        session_key_taken(session);
        v->row += keys[i].by;
        v->row = v->row >= count ? count - 1 : v->row;
        v->row = v->row < 0 ? 0 : v->row;
        return true;
    }
    return false;
}
