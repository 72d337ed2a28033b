/* tooltip.c - the note beside the pointer, and the tip of a word in the bars: see ui.h. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"
#include "app/ui/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float MOST = 460, GAP = 6, EDGE = 4; /* the widest line; from a tip to its word, and to the edge of the window */
static const double REST = 0.45, WARM = 0.35; /* seconds that the pointer rests; and within which the next tip comes at once */

void ui_tooltip(Ui *ui, const char *text)
{
    ui->tip.on = false;
    const int bytes = snprintf(ui->tooltip, sizeof ui->tooltip, "%s", text);
    if (bytes < (int)sizeof ui->tooltip)
        return;
    size_t end = sizeof ui->tooltip - sizeof "…";
    end = utf8_before(ui->tooltip, end + 1); /* do not cut a character */
    snprintf(ui->tooltip + end, sizeof ui->tooltip - end, "…");
}

void ui_tip(Ui *ui, Rect target, TipSide side, const char *text)
{
    if (!ui_hover(ui, target))
        return;
    ui_tooltip(ui, text);
    ui->tip.on = true;
    ui->tip.side = side;
    ui->tip.target = target;
}

void ui_frame_later(Ui *ui, double at)
{
    if (at > ui->in.now && (ui->frame_at <= 0 || at < ui->frame_at))
        ui->frame_at = at;
}

/* Whether the pointer has rested long enough on this frame's target; if not yet, asks for a frame at that time. A click ends the tip
 * until the pointer is over another word. */
static bool rested(Ui *ui)
{
    Tip *tip = &ui->tip;
    const double now = ui->in.now;
    const float x = ui->in.mouse_x, y = ui->in.mouse_y;
    if (!rect_has(tip->last, x, y) || tip->last.w <= 0) {
        tip->last = tip->target;
        tip->since = tip->seen > 0 && now - tip->seen < WARM ? now - REST : now;
        tip->ended = false;
    } else if ((x < tip->x || x > tip->x || y < tip->y || y > tip->y) && now - tip->since < REST) {
        tip->since = now;
    }
    tip->x = x;
    tip->y = y;
    tip->ended = tip->ended || ui->in.down || ui->in.pressed;
    if (tip->ended)
        return false;
    if (now - tip->since < REST) {
        ui_frame_later(ui, tip->since + REST + 0.001);
        return false;
    }
    tip->seen = now;
    return true;
}

/* Below the word or beside it; where the window ends, on the other side. */
static void place_tip(const Ui *ui, Rect *box)
{
    const Rect t = ui->tip.target;
    if (ui->tip.side == TIP_BESIDE) {
        box->x = t.x + t.w + GAP;
        box->y = t.y;
        if (box->x + box->w > ui->width - EDGE)
            box->x = t.x - box->w - GAP;
    } else {
        box->x = t.x;
        box->y = t.y + t.h + GAP;
        if (box->y + box->h > ui->height - EDGE)
            box->y = t.y - box->h - GAP;
    }
    if (ui->tip.side == TIP_BESIDE)
        box->y = fmaxf(fminf(box->y, ui->height - box->h - EDGE), EDGE);
    else
        box->x = fmaxf(fminf(box->x, ui->width - box->w - EDGE), EDGE);
}

static void place_note(const Ui *ui, Rect *box)
{
    box->x = ui->in.mouse_x + 14;
    box->y = ui->in.mouse_y + 18;
    if (box->x + box->w > ui->width - EDGE)
        box->x = fmaxf(ui->in.mouse_x - box->w - 10, EDGE);
    if (box->y + box->h > ui->height - EDGE)
        box->y = fmaxf(ui->in.mouse_y - box->h - 10, EDGE);
}

static void draw_note(Ui *ui, const char *text)
{
    const Theme *t = ui->theme;
    TextStyle style = ui_style(FACE_SANS, t->size_small, t->strip_text);
    float width = 0;
    for (const char *p = text; *p != '\0';) {
        size_t bytes = strcspn(p, "\n");
        width = fmaxf(width, ui->measure(ui->measure_user, style.face, style.size, p, bytes));
        p += bytes + (p[bytes] == '\n');
    }
    width = fminf(width, MOST);
    const float height = ui_paragraph_height(ui, ceilf(width) + 2, style, text);
    Rect box = {0, 0, ceilf(width) + 20, height + 12};
    if (ui->tip.on)
        place_tip(ui, &box);
    else
        place_note(ui, &box);
    ui->in_overlay = true;
    ui_shadow(ui, (Rect){box.x, box.y + 2, box.w, box.h}, 6, 8, 0x10182840);
    ui_round(ui, box, 6, color_mix(t->strip, t->strip_text, 0.06f));
    ui_frame_round(ui, box, 6, 1, color_mix(t->strip, t->strip_text, 0.25f));
    ui_item(ui, box, "tooltip", text);
    ui_paragraph(ui, (Rect){box.x + 10, box.y + 6, ceilf(width) + 2, height}, style, text);
    ui->in_overlay = false;
}

void ui_tooltip_draw(Ui *ui)
{
    const bool tip = ui->tooltip[0] != '\0' && ui->tip.on;
    if (!tip)
        ui->tip.last = (Rect){0, 0, 0, 0};
    if (ui->tooltip[0] != '\0' && (!tip || rested(ui)))
        draw_note(ui, ui->tooltip);
    ui->tooltip[0] = '\0';
    ui->tip.on = false;
}
