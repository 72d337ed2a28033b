/* window_marks.c - marks the window of one output value; see window_marks.h. */
#include "app/views/window_marks.h"

#include <math.h>
#include <stdio.h>

static const float SEEN_LEAST = 5;  /* a frame around less cannot be seen */

void window_marks_begin(const Session *session, ViewState *v)
{
    const Model *m = &session->model;
    const bool slides = play_slides(&session->play, m), runs = slides && m->playing;
    const bool pointed = !runs && v->lit.layer >= 0 && v->lit.y >= 0 && sliding_layer(&model_net(m)->layers[v->lit.layer]);
    const Cursor at = pointed ? v->lit : m->cursor;
    v->window = (WindowShown){.rank = SLIDING_TOP};
    v->window.on = sliding_window(m, at, slides && !pointed ? session->play.ranked : at, &v->window.of);
}

/* In the padding there is no value: grey, hatched where there is room. */
static void mark_outside(Ui *ui, Rect r, float cell_w, float cell_h)
{
    const Color grey = ui->theme->text_dim;
    if (r.w <= 0 || r.h <= 0)
        return;
    ui_fill(ui, r, color_alpha(grey, 0.3f));
    const int across = (int)roundf(r.w / cell_w), down = (int)roundf(r.h / cell_h);
    for (int i = 0; i < across * down && cell_w >= 4; i++) {
        const float x = r.x + (float)(i % across) * cell_w, y = r.y + (float)(i / across) * cell_h;
        ui_line(ui, x, y + cell_h, x + cell_w, y, 1, grey);
    }
    ui_item(ui, r, "outside", "");
}

/* The parts of `window` above, below, left and right of `tile`. */
static void outsides(Ui *ui, Rect window, Rect tile, float cell_w, float cell_h)
{
    const Rect in = rect_intersect(window, tile);
    const float bottom = window.y + window.h, right = window.x + window.w;
    if (in.w <= 0 || in.h <= 0) {
        mark_outside(ui, window, cell_w, cell_h);
        return;
    }
    mark_outside(ui, (Rect){window.x, window.y, window.w, in.y - window.y}, cell_w, cell_h);
    mark_outside(ui, (Rect){window.x, in.y + in.h, window.w, bottom - in.y - in.h}, cell_w, cell_h);
    mark_outside(ui, (Rect){window.x, in.y, in.x - window.x, in.h}, cell_w, cell_h);
    mark_outside(ui, (Rect){in.x + in.w, in.y, right - in.x - in.w, in.h}, cell_w, cell_h);
}

/* Two thin lines, dark and light, can be seen on every colour. */
static Rect frame(Ui *ui, Rect r)
{
    const Rect seen = {r.x - fmaxf(SEEN_LEAST - r.w, 0) / 2, r.y - fmaxf(SEEN_LEAST - r.h, 0) / 2, fmaxf(r.w, SEEN_LEAST), fmaxf(r.h, SEEN_LEAST)};
    ui_frame(ui, rect_inset(seen, -2), 1, 0x000000ff);
    ui_frame(ui, rect_inset(seen, -1), 1, 0xffffffff);
    return seen;
}

static bool in_sight(const Ui *ui, Rect tile)
{
    const Rect clip = ui->clip[ui->clip_count - 1].rect;
    return tile.w > 0 && rect_has(clip, tile.x + tile.w / 2, tile.y + tile.h / 2);
}

static void mark_window(Ui *ui, const Model *m, ViewState *v, Rect r, const MapGrid *grid, int rank)
{
    WindowShown *shown = &v->window;
    const ReceptiveField p = shown->of.place;
    const int channel = shown->of.top[rank].channel;
    const Rect tile = map_tile_rect(r, grid, channel);
    char address[NET_NAME_MAX + 32], text[64];
    if (!in_sight(ui, tile))
        return;
    const float w = tile.w / (float)grid->w, h = tile.h / (float)grid->h;
    const Rect window = {tile.x + (float)p.x0 * w, tile.y + (float)p.y0 * h, (float)(p.x1 - p.x0) * w, (float)(p.y1 - p.y0) * h};
    cursor_text(model_net(m), (Cursor){shown->of.input, channel, -1, -1}, address, sizeof address);
    snprintf(text, sizeof text, "%d..%d, %d..%d", p.y0, p.y1 - 1, p.x0, p.x1 - 1);
    ui_address(ui, address);
    outsides(ui, window, tile, w, h);
    const Rect seen = frame(ui, window);
    ui_item(ui, window, "window", text);
    ui_address(ui, NULL);
    if (rank < shown->rank || (rank == shown->rank && tile.w > shown->from_tile)) { /* the line begins at the strongest, where it is largest */
        shown->rank = rank;
        shown->from = seen;
        shown->from_tile = tile.w;
    }
}

void window_marks_on(Ui *ui, const Model *m, ViewState *v, Rect r, int layer, const MapGrid *grid)
{
    WindowShown *shown = &v->window;
    if (!shown->on)
        return;
    for (int i = 0; i < shown->of.count && layer == shown->of.input; i++)
        if (map_place(grid, shown->of.top[i].channel) >= 0)
            mark_window(ui, m, v, r, grid, i);
    const Cursor at = shown->of.at;
    const Rect tile = map_tile_rect(r, grid, at.channel);
    if (layer != at.layer || map_place(grid, at.channel) < 0 || !in_sight(ui, tile))
        return;
    const Rect seen = frame(ui, map_cell_rect(r, grid, at.channel, at.y, at.x));
    const float width = ui_hover(ui, tile) ? INFINITY : tile.w; /* it ends under the pointer */
    if (width > shown->to_tile) {
        shown->to = seen;
        shown->to_tile = width;
    }
}

/* Along the axes: a slanted line across the stage costs as much as all maps. */
static void stroke(Ui *ui, float x0, float y0, float x1, float y1, float width, Color color)
{
    const float half = width / 2;
    ui_fill(ui, (Rect){fminf(x0, x1) - half, fminf(y0, y1) - half, fabsf(x1 - x0) + width, fabsf(y1 - y0) + width}, color);
}

void window_marks_end(Ui *ui, const ViewState *v, float bend)
{
    const Rect a = v->window.from, b = v->window.to;
    if (!v->window.on || a.w <= 0 || b.w <= 0)
        return;
    const float x0 = roundf(a.x + a.w + 2), y0 = roundf(a.y + a.h / 2), x1 = roundf(b.x - 2), y1 = roundf(b.y + b.h / 2);
    const float x = bend > x0 && bend < x1 ? roundf(bend) : roundf((x0 + x1) / 2);
    const float widths[] = {4, 2};
    const Color colors[] = {0x0b1220ff, ui->theme->selection}; /* a dark edge, so that it can be seen on bright maps */
    for (int i = 0; i < 2; i++) {
        stroke(ui, x0, y0, x, y0, widths[i], colors[i]);
        stroke(ui, x, y0, x, y1, widths[i], colors[i]);
        stroke(ui, x, y1, x1, y1, widths[i], colors[i]);
    }
    ui_item(ui, (Rect){fminf(x0, x1), fminf(y0, y1), fabsf(x1 - x0), fmaxf(fabsf(y1 - y0), 1)}, "window line", "");
}
