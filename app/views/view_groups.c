/* view_groups.c - neuron groups: all maps of a layer as a few colours on the photo, and a row for each colour with its strength, what it gives
 * to the class, and its strongest channels. Pointing at a row shows that group alone. */
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float GAP = 14, TILE = 44, LINE = 20, STRONGEST = 0.75f;

/* The picture without colours, so that those of the groups are the only ones; NULL if out of memory. */
static const unsigned char *grey(ViewState *v, const Image *image)
{
    const size_t count = (size_t)image->w * (size_t)image->h;
    unsigned char *out = view_scratch(v, 3 * count);
    for (size_t i = 0; out != NULL && i < count; i++) {
        const unsigned char *p = image->rgb + 3 * i;
        out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = (unsigned char)((p[0] * 299 + p[1] * 587 + p[2] * 114) / 1000);
    }
    return out;
}

static int strongest_group(const Groups *g, int place)
{
    int best = 0;
    for (int i = 1; i < g->count; i++)
        best = g->strength[i * g->places + place] > g->strength[best * g->places + place] ? i : best;
    return best;
}

/* Each place in the colour of its strongest group, or with `alone` in that of this one, the stronger the more of it. */
static void places(Ui *ui, const Model *m, Rect r, const GroupsResult *result, int alone)
{
    const Groups *g = &result->groups;
    const int rows = result->shape.h, columns = result->shape.w;
    for (int p = 0; p < g->places; p++) {
        const int y = p / columns, x = p % columns, group = alone >= 0 ? alone : strongest_group(g, p);
        const float share = result->most > 0 ? fminf((float)(g->strength[group * g->places + p] / result->most), STRONGEST) : 0;
        const Rect cell = rect_cell(r, rows, columns, y, x);
        if (share > 0.004f)
            ui_fill(ui, cell, color_alpha(group_colors[group], share));
        if (!ui_hover(ui, cell))
            continue;
        char text[64 + GROUPS_MAX * 24];
        snprintf(text, sizeof text, "(%d, %d)  %s", y, x, model_text(m, STR_GROUPS_PLACE));
        for (int i = 0; i < g->count; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "\n%d  %.3g", i + 1, g->strength[i * g->places + p]);
        ui_frame(ui, cell, 2, 0xffffffff);
        ui_tooltip(ui, text);
    }
}

static void picture(Ui *ui, Model *m, ViewState *v, Rect r, const GroupsResult *result, int alone)
{
    const Image *image = &m->picture.fitted;
    ui_panel(ui, r);
    Rect in = rect_inset(r, GAP);
    const char *note = model_text(m, STR_GROUPS_CHOICE);
    const float note_h = ui_paragraph_height(ui, in.w, part_body(ui), note);
    Rect foot = rect_cut_bottom(&in, note_h + 8);
    rect_cut_top(&foot, 8);
    ui_paragraph(ui, foot, part_body(ui), note);
    const float scale = fminf(in.w / (float)image->w, in.h / (float)image->h), w = floorf((float)image->w * scale), h = floorf((float)image->h * scale);
    const Rect place = {in.x + floorf((in.w - w) / 2), in.y, w, h};
    const unsigned char *pixels = grey(v, image);
    if (pixels == NULL)
        return;
    ui_picture(ui, place, pixels, image->w, image->h, m->picture.version ^ 0x67726579, true);
    ui_item(ui, place, "picture", "groups");
    if (m->look.field)
        places(ui, m, place, result, alone);
}

static float row_height(const GroupsResult *result, float tile)
{
    return (result->class_index >= 0 ? 2 : 1) * LINE + tile + 16 + 14;
}

/* A group: its colour and number, its part of the strength, what it gives, its strongest channels. */
static void group_row(Ui *ui, Model *m, ViewState *v, Rect r, const GroupsResult *result, const LayerMap *map, int group, float tile)
{
    char text[192], whole[96], name[96], number[NUM_MAX], percent[NUM_MAX];
    Rect in = {r.x + 8, r.y + 4, r.w - 16, r.h - 10};
    if (ui_hover(ui, r))
        ui_round(ui, r, 5, color_alpha(ui->theme->text, 0.05f));
    ui_item(ui, r, "group", "");
    Rect row = rect_cut_top(&in, LINE);
    const Rect swatch = rect_cut_left(&row, 26);
    ui_round(ui, (Rect){swatch.x, swatch.y + 2, 20, LINE - 4}, 4, group_colors[group]);
    snprintf(number, sizeof number, "%d", group + 1);
    ui_text(ui, (Rect){swatch.x, swatch.y, 20, LINE}, ui_style(FACE_BOLD, ui->theme->size_caption, color_ink(group_colors[group])), ALIGN_CENTER, number);
    snprintf(text, sizeof text, model_text(m, STR_GROUPS_STRENGTH), num_percent(percent, result->part[group]));
    ui_text(ui, row, part_body(ui), ALIGN_LEFT, text);
    if (result->class_index >= 0) {
        row = rect_cut_top(&in, LINE);
        rect_cut_left(&row, 26);
        part_class_name(m, result->class_index, whole, sizeof whole);
        part_cut(ui, part_body(ui), whole, row.w * 0.45f, name, sizeof name);
        snprintf(text, sizeof text, model_text(m, STR_GROUPS_GIVES), name, num_signed(number, result->gives[group]));
        ui_text(ui, row, part_body(ui), ALIGN_LEFT, text);
    }
    MapGrid grid = part_grid(m, v, result->layer, map, 0, 1);
    grid.columns = 1;
    grid.tile = tile;
    for (int i = 0; i < result->top_count[group] && in.w >= tile; i++) {
        Rect column = rect_cut_left(&in, fmaxf(tile, 42) + 8);
        grid.first = result->top[group][i];
        part_maps(ui, m, v, column, result->layer, map, &grid);
        snprintf(text, sizeof text, "[%d]", grid.first);
        ui_text(ui, (Rect){column.x, column.y + tile + 1, column.w - 2, 16}, part_caption(ui), ALIGN_LEFT, text);
    }
}

static void counts(Ui *ui, Model *m, Rect *r)
{
    Rect row = rect_cut_top(r, 26);
    const char *label = model_text(m, STR_GROUPS_COUNT);
    rect_cut_left(&row, ui_text(ui, row, part_small(ui), ALIGN_LEFT, label) + 10);
    for (int k = GROUPS_LEAST; k <= GROUPS_MOST; k++) {
        char text[16];
        snprintf(text, sizeof text, "%d", k);
        if (ui_choice(ui, ui_id("groups", k), rect_cut_left(&row, 36), text, m->groups.count == k))
            model_groups(m, k);
    }
}

/* Returns the group whose row is under the pointer, or -1. */
static int legend(Ui *ui, Model *m, ViewState *v, Rect rows, const GroupsResult *result, const LayerMap *map, float tile)
{
    const float step = row_height(result, tile);
    Rect body = ui_scroll_begin(ui, ui_id("group rows", 0), rows, &v->scroll[SCROLL_EXTRA], step * (float)result->groups.count);
    int pointed = -1;
    for (int i = 0; i < result->groups.count; i++) {
        const Rect row = {body.x, body.y + (float)i * step, body.w - 12, step};
        pointed = ui_hover(ui, row) ? i : pointed;
        group_row(ui, m, v, row, result, map, i, tile);
    }
    ui_scroll_end(ui);
    return pointed;
}

static void notes_text(const Model *m, const GroupsResult *result, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[result->layer];
    char name[NET_NAME_MAX + 32];
    out[0] = '\0';
    if (result->class_index < 0 && l->module >= 0) {
        part_layer_address(m, model_net(m)->modules[l->module].last, name, sizeof name);
        snprintf(out, size, model_text(m, STR_GROUPS_NO_CLASS), name);
    }
    snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] != '\0' ? "\n" : "", model_text(m, STR_UNITS_NUMBERS));
}

/* Why there are no groups, or NULL. */
static const char *reason(const Model *m, const GroupsResult *result)
{
    const Shape s = model_net(m)->layers[m->at].out;
    if (s.h * s.w == 1)
        return model_text(m, STR_GROUPS_ONE_PLACE);
    if (m->groups.problem.text[0] != '\0')
        return m->groups.problem.text;
    if (result == NULL)
        return model_text(m, STR_NOT_COMPUTED);
    return result->groups.count == 0 ? model_text(m, STR_GROUPS_EMPTY) : NULL;
}

void view_groups(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const GroupsResult *result = groups_result(&m->groups, m->at);
    char name[NET_NAME_MAX + 32], title[NET_NAME_MAX + 96], text[512], percent[NUM_MAX];
    LayerMap map;
    part_layer_address(m, m->at, name, sizeof name);
    const char *none = reason(m, result);
    if (none != NULL || !compute_map(m->compute, m->at, &map)) {
        part_stage_title(ui, &area, name, none != NULL ? none : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    snprintf(title, sizeof title, model_text(m, STR_GROUPS_TITLE), name, result->shape.c, result->groups.count);
    snprintf(text, sizeof text, model_text(m, STR_GROUPS_SAYS), num_percent(percent, result->groups.left_over));
    part_stage_title(ui, &area, title, text);
    rect_cut_top(&area, 8);
    const Rect right = rect_cut_right(&area, fminf(fmaxf(area.w * 0.36f, 300), 420));
    ui_panel(ui, right);
    Rect rows = rect_inset(right, 12);
    notes_text(m, result, text, sizeof text);
    const float notes_h = ui_paragraph_height(ui, rows.w, part_caption(ui), text);
    Rect notes = rect_cut_bottom(&rows, notes_h + 6);
    rect_cut_top(&notes, 6);
    counts(ui, m, &rows);
    rect_cut_top(&rows, 6);
    const float tile = map_tile_sharp(ui, map.shape.h, map.shape.w, TILE);
    const int alone = legend(ui, m, v, rows, result, &map, tile);
    picture(ui, m, v, (Rect){area.x, area.y, area.w - GAP, area.h}, result, alone);
    ui_paragraph(ui, notes, part_caption(ui), text);
}
