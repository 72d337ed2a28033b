/* view_compare.c - two pictures in the same layer, side by side with one scale, and their difference. */
#include "app/model/compare.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

/* The columns share width, tile and scroll position, so that a channel has the same place in all three. */
static void column(Ui *ui, Model *m, ViewState *v, Rect r, int index, const char *caption, const char *dim, MapGrid *grid, int layer, const LayerMap *map)
{
    ui_panel(ui, r);
    Rect in = rect_inset(r, 12);
    Rect row = rect_cut_top(&in, 20);
    rect_cut_left(&row, ui_text(ui, row, part_bold(ui), ALIGN_LEFT, caption) + 8);
    char says[224], averaged[48];
    part_averaged(ui, m, grid, averaged, sizeof averaged);
    snprintf(says, sizeof says, "%s%s%s", dim, averaged[0] != '\0' ? " · " : "", averaged);
    part_text_fit(ui, row, part_caption(ui), says);
    part_averaged_tip(ui, m, row, grid);
    Rect body = ui_scroll_begin(ui, ui_id("compared maps", index), in, &v->scroll[SCROLL_OUTPUT], map_grid_height(grid));
    if (map != NULL) {
        part_maps(ui, m, v, body, layer, map, grid);
    } else {
        const MapHit hit = ui_maps(ui, body, grid, "difference");
        if (hit.channel >= 0) {
            char text[64];
            const Shape s = {1, grid->c, grid->h, grid->w};
            snprintf(text, sizeof text, "[%d] (%d, %d)  %.4g", hit.channel, hit.y, hit.x, (double)grid->data[at(s, 0, hit.channel, hit.y, hit.x)]);
            ui_tooltip(ui, text);
        }
    }
    ui_scroll_end(ui);
}

static void picture_head(Ui *ui, const Picture *p, Rect r)
{
    part_picture(ui, p, r, NULL);
    ui_text(ui, (Rect){r.x + r.h + 10, r.y, r.w - r.h - 10, r.h}, part_body(ui), ALIGN_LEFT, p->name);
}

/* Without a second picture: the first one in its later place, and beside it what to do. */
static void first_alone(Ui *ui, Model *m, ViewState *v, Rect area, const LayerMap *first)
{
    const float gap = 14, w = floorf((area.w - 2 * gap) / 3);
    const char *text = model_text(m, m->other.path[0] == '\0' ? STR_COMPARE_PICK : STR_NOT_COMPUTED);
    Rect heads = rect_cut_top(&area, 56);
    picture_head(ui, &m->picture, (Rect){heads.x, heads.y, w, 48});
    Rect left = rect_cut_left(&area, w);
    ui_panel(ui, left);
    left = rect_inset(left, 12);
    ui_text(ui, rect_cut_top(&left, 20), part_bold(ui), ALIGN_LEFT, m->picture.name);
    if (first != NULL)
        part_maps_fit(ui, m, v, left, m->at, first, 12, 112, SCROLL_OUTPUT);
    rect_cut_left(&area, gap);
    ui_frame_round(ui, area, 8, 1, ui->theme->panel_edge);
    const float button = ui_button_width(ui, text);
    if (ui_button(ui, ui_id("choose second picture", 0), (Rect){area.x + floorf((area.w - button) / 2), area.y + floorf(area.h / 2) - 16, button, 32}, text, BUTTON_PRIMARY))
        model_overlay(m, OVERLAY_PICTURES);
}

void view_compare(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const int layer = m->at;
    char name[NET_NAME_MAX + 16], title[128], lo[NUM_MAX], hi[NUM_MAX], top[NUM_MAX], range[160];
    LayerMap a, b;
    part_layer_title(m, layer, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_COMPARE_TITLE), name);
    part_stage_title(ui, &area, title, model_text(m, STR_COMPARE_SAYS));
    rect_cut_top(&area, 6);
    const bool first = compute_map(m->compute, layer, &a);
    if (!first || m->other.path[0] == '\0' || m->other_compute == NULL || !compute_map(m->other_compute, layer, &b)) {
        first_alone(ui, m, v, area, first ? &a : NULL);
        return;
    }
    float *difference = view_scratch(v, a.stats->count * sizeof *difference);
    if (difference == NULL)
        return;
    const Comparison compared = compare_maps(&m->look, &a, &b, difference);
    v->drawn = compared.range;
    v->drawn_set = true;
    const float *shared = part_range_pair(v, compared.range.lo, compared.range.hi), *signed_pair = part_range_pair(v, -compared.reach, compared.reach);

    Rect heads = rect_cut_top(&area, 56);
    const float gap = 14, w = floorf((area.w - 2 * gap) / 3);
    picture_head(ui, &m->picture, (Rect){heads.x, heads.y, w, 48});
    picture_head(ui, &m->other, (Rect){heads.x + w + gap, heads.y, w, 48});
    if (compared.clipped) {
        snprintf(range, sizeof range, model_text(m, STR_COMPARE_CLIPPED), num_value(hi, (double)compared.reach), num_value(lo, (double)compared.least),
                 num_value(top, (double)compared.most));
        ui_paragraph(ui, (Rect){heads.x + 2 * (w + gap), heads.y + 8, w, 40}, part_caption(ui), range);
    }
    snprintf(range, sizeof range, model_text(m, STR_SHARED_RANGE), num_value(lo, (double)shared[0]), num_value(hi, (double)shared[1]));
    MapGrid left = {.data = a.data, .c = a.shape.c, .h = a.shape.h, .w = a.shape.w, .version = a.version, .map = part_colormap(m, layer, &a, 0),
                    .lo = &shared[0], .hi = &shared[1], .range_count = 1, .gap = 1, .count = net->layers[layer].out.c};
    map_grid_fit(ui, &left, w - 36, area.h - 44, 12, 112);
    MapGrid right = left, delta = left;
    right.data = b.data;
    right.version = b.version;
    delta.data = difference;
    delta.version = 1ull << 62 | a.version << 24 | (b.version & 0xffffff);
    delta.map = MAP_SIGNED;
    delta.lo = &signed_pair[0];
    delta.hi = &signed_pair[1];
    column(ui, m, v, (Rect){area.x, area.y, w, area.h}, 0, m->picture.name, range, &left, layer, &a);
    column(ui, m, v, (Rect){area.x + w + gap, area.y, w, area.h}, 1, m->other.name, range, &right, layer, &b);
    snprintf(range, sizeof range, "± %s", num_value(hi, (double)compared.reach));
    column(ui, m, v, (Rect){area.x + 2 * (w + gap), area.y, w, area.h}, 2, model_text(m, STR_COMPARE_DIFFERENCE), range, &delta, layer, NULL);
}
