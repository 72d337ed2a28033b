/* view_compare.c - two pictures in the same layer, side by side with one scale, and their difference: what the network answers to each, the
 * channels in which they differ most, and all channels. Pointing at a place shows both values and their difference. */
#include "app/model/compare.h"
#include "app/views/class_bars.h"
#include "app/views/parts.h"
#include "app/views/value_words.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 3, FIRST = 0, SECOND = 1, DIFFERENCE = 2, GUESSES = 5 };
static const float GAP = 14, PAD = 12, HEADING = 22, BAND = 18, LEAST_TILE = 20, MOST_TILE = 112, LARGE_TILE = 44;

/* What the three columns share: each has its own data, but the same places. */
typedef struct Columns {
    int layer;
    const LayerMap *first;      /* for the pointer: the layer's own map */
    const Compared *compared;
    MapGrid grid[COLUMNS];      /* all channels, with columns and tile */
    int most, most_columns;     /* the channels that differ most: how many are shown, and in a row */
    float most_tile;
    float height;               /* of a column's content */
} Columns;

/* ---- heads ------------------------------------------------------------------------------------------------------------------------- */

/* One class: its name, a bar as long as its probability, the percent. */
static void guess_row(Ui *ui, const Model *m, Rect r, Guess guess, bool best)
{
    const Theme *t = ui->theme;
    char name[96], cut[96], percent[NUM_MAX];
    const float number_w = ui_text_width(ui, part_caption(ui), ">99.9 %") + 3;
    const TextStyle style = part_means(ui, m, part_colored(part_caption(ui), best ? t->text : t->text_dim));
    part_class_name(m, guess.index, name, sizeof name);
    const Rect number = rect_cut_right(&r, number_w), words = rect_cut_left(&r, fminf(84, r.w * 0.6f));
    part_cut(ui, style, name, words.w - 4, cut, sizeof cut);
    ui_text(ui, words, style, ALIGN_LEFT, cut);
    ui_text(ui, number, style, ALIGN_RIGHT, num_probability(percent, (double)guess.prob));
    const Rect track = {r.x, r.y + floorf(r.h / 2) - 3, fmaxf(r.w - 6, 0), 6};
    ui_round(ui, track, 3, color_alpha(t->text, 0.06f));
    ui_round(ui, (Rect){track.x, track.y, fmaxf(track.w * guess.prob, 2), track.h}, 3, best ? t->accent : t->histogram);
}

static void picture_head(Ui *ui, const Model *m, const Picture *p, Rect r, const Guess *top, int count)
{
    const float side = fminf(r.h - 6, r.w * 0.32f);
    part_picture(ui, p, (Rect){r.x, r.y, side, side}, NULL);
    Rect rows = {r.x + side + 10, r.y - 3, r.w - side - 10, r.h};
    char name[96];
    const Rect row = rect_cut_top(&rows, 17);
    part_cut(ui, part_bold(ui), p->name, row.w, name, sizeof name);
    ui_text(ui, row, part_bold(ui), ALIGN_LEFT, name);
    for (int i = 0; i < count && rows.h >= 14; i++)
        guess_row(ui, m, rect_cut_top(&rows, 14), top[i], i == 0);
}

/* Above the difference: where its colours end, and the button that exchanges the pictures. */
static void difference_head(Ui *ui, Model *m, Rect r, const Comparison *compared, const Compared *made)
{
    char text[160], reach[NUM_MAX], lo[NUM_MAX], hi[NUM_MAX];
    if (compared->clipped) {
        snprintf(text, sizeof text, model_text(m, STR_COMPARE_CLIPPED), num_value(reach, (double)compared->reach), num_value(lo, (double)made->least),
                 num_value(hi, (double)made->most));
        rect_cut_top(&r, ui_paragraph(ui, (Rect){r.x, r.y, r.w, 40}, part_caption(ui), text) + 4);
    }
    if (!model_can_swap(m) || r.h < 24)
        return;
    const char *word = model_text(m, STR_COMPARE_SWAP);
    if (ui_button(ui, ui_id("swap pictures", 0), (Rect){r.x, r.y, fminf(ui_button_width(ui, word), r.w), 24}, word, BUTTON_PLAIN)) {
        model_swap(m);
        ui->want_frame = true;
    }
}

/* ---- columns ------------------------------------------------------------------------------------------------------------------------- */

/* The channels [first, end) of a concat's branch; a layer without branches is one such part. */
static int part_of(const Model *m, int layer, int branch, int *first)
{
    const Layer *l = &model_net(m)->layers[layer];
    if (l->op != OP_CONCAT || l->module < 0) {
        *first = 0;
        return branch == 0 ? l->out.c : 0;
    }
    const int *offset = model_net(m)->modules[l->module].offset;
    *first = offset[branch];
    return offset[branch + 1];
}

static bool is_stacked(const Model *m, int layer)
{
    int first;
    return part_of(m, layer, BRANCH_COUNT - 1, &first) > 0;
}

static MapGrid part_of_grid(const MapGrid *grid, int first, int end)
{
    MapGrid out = *grid;
    out.first = first;
    out.count = end - first;
    return out;
}

/* Finds tiles and heights for columns of this width. */
static void fit_columns(Ui *ui, const Model *m, float width, float height, Columns *c)
{
    MapGrid *grid = &c->grid[FIRST];
    c->most_tile = map_tile_least(ui, grid->h, grid->w, LARGE_TILE);
    c->most_columns = (int)fmaxf((width + GAP) / (c->most_tile + GAP), 1);
    const int rows = height > 2.6f * (c->most_tile + GAP + HEADING) ? 2 : 1, count = grid->c;
    c->most = count <= 3 ? 0 : c->most_columns * rows < count ? c->most_columns * rows : count; /* three are all in sight anyway */
    const float used = HEADING + (c->most > 0 ? HEADING + ceilf((float)c->most / (float)c->most_columns) * (c->most_tile + GAP + 2) : 0);
    grid->count = count;
    map_grid_fit(ui, grid, width - BAND / 2, height - used - (is_stacked(m, c->layer) ? 4 * BAND : 0), LEAST_TILE, MOST_TILE);
    c->height = used;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        int first;
        const int end = part_of(m, c->layer, b, &first);
        if (end <= first)
            continue;
        const MapGrid part = part_of_grid(grid, first, end);
        c->height += map_grid_height(&part) + (is_stacked(m, c->layer) ? BAND : 0) + 6;
    }
    for (int i = SECOND; i < COLUMNS; i++) {
        c->grid[i].columns = grid->columns;
        c->grid[i].tile = grid->tile;
        c->grid[i].count = count;
    }
}

static void class_caption(Ui *ui, const Model *m, int class_index, float width, char *out, size_t size)
{
    char name[96];
    part_class_name(m, class_index, name, sizeof name);
    part_cut(ui, part_caption(ui), name, width, out, size);
}

static void most_different(Ui *ui, Model *m, ViewState *v, Rect *r, int index, const Columns *c)
{
    MapGrid grid = c->grid[index];
    char text[64], number[NUM_MAX];
    if (c->most == 0)
        return;
    ui_text(ui, rect_cut_top(r, HEADING), ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim), ALIGN_LEFT,
            model_text(m, index == DIFFERENCE ? STR_COMPARE_MEAN : STR_COMPARE_MOST));
    grid.picked = c->compared->order;
    grid.first = 0;
    grid.count = c->most;
    grid.columns = c->most_columns;
    grid.tile = c->most_tile;
    grid.gap = GAP + 2;
    part_maps(ui, m, v, *r, c->layer, c->first, &grid);
    for (int i = 0; i < c->most; i++) {
        const int channel = c->compared->order[i];
        const Rect tile = map_tile_rect(*r, &grid, channel);
        const Layer *l = &model_net(m)->layers[c->layer];
        const Color color = is_stacked(m, c->layer) ? ui->theme->branch_text[part_branch_of(&model_net(m)->modules[l->module], channel)] : ui->theme->text_dim;
        snprintf(text, sizeof text, "[%d]", channel);
        if (index == DIFFERENCE)
            snprintf(text, sizeof text, "%s", num_value(number, (double)c->compared->mean[channel]));
        else if (class_bars_for(model_net(m), c->layer))
            class_caption(ui, m, channel, tile.w + GAP, text, sizeof text);
        ui_text(ui, (Rect){tile.x, tile.y + tile.h, tile.w + GAP, GAP + 1}, part_colored(part_caption(ui), color), ALIGN_LEFT, text);
    }
    rect_cut_top(r, map_grid_height(&grid) + GAP + 2);
}

/* All channels, those of a concat by branch with its colour. */
static void all_channels(Ui *ui, Model *m, ViewState *v, Rect *r, int index, const Columns *c)
{
    const Theme *t = ui->theme;
    ui_text(ui, rect_cut_top(r, HEADING), ui_style(FACE_BOLD, t->size_caption, t->text_dim), ALIGN_LEFT, model_text(m, STR_COMPARE_ALL));
    for (int b = 0; b < BRANCH_COUNT; b++) {
        int first;
        const int end = part_of(m, c->layer, b, &first);
        if (end <= first)
            continue;
        const MapGrid grid = part_of_grid(&c->grid[index], first, end);
        Rect place = *r;
        if (is_stacked(m, c->layer)) {
            char text[64];
            snprintf(text, sizeof text, "%s · %d–%d", part_branch_title(m, (Branch)b), first, end - 1);
            ui_text(ui, rect_cut_top(r, BAND), ui_style(FACE_BOLD, t->size_caption, t->branch_text[b]), ALIGN_LEFT, text);
            const Rect band = {r->x, r->y, 4, map_grid_height(&grid)};
            ui_round(ui, band, 2, t->branch[b]);
            ui_item(ui, band, "band", part_branch_title(m, (Branch)b));
            place = (Rect){r->x + BAND / 2, r->y, r->w, r->h};
        }
        part_maps(ui, m, v, place, c->layer, c->first, &grid);
        rect_cut_top(r, map_grid_height(&grid) + 6);
    }
}

/* The columns share width, tile and scroll position, so that a channel has the same place in all three. */
static void column(Ui *ui, Model *m, ViewState *v, Rect r, int index, const char *caption, const char *dim, const Columns *c)
{
    ui_panel(ui, r);
    Rect in = rect_inset(r, PAD);
    Rect row = rect_cut_top(&in, 20);
    char name[96], says[224], averaged[48];
    part_cut(ui, part_bold(ui), caption, row.w, name, sizeof name);
    rect_cut_left(&row, ui_text(ui, row, part_bold(ui), ALIGN_LEFT, name) + 8);
    part_averaged(ui, m, &c->grid[index], averaged, sizeof averaged);
    snprintf(says, sizeof says, "%s%s%s", dim, dim[0] != '\0' && averaged[0] != '\0' ? " · " : "", averaged);
    part_text_fit(ui, row, part_caption(ui), says);
    part_averaged_tip(ui, m, row, &c->grid[index]);
    Rect body = ui_scroll_begin(ui, ui_id("compared maps", index), (Rect){in.x - 4, in.y, in.w + 8, in.h}, &v->scroll[SCROLL_OUTPUT], c->height + 4);
    body = (Rect){body.x + 4, body.y, body.w - 4, body.h};
    most_different(ui, m, v, &body, index, c);
    all_channels(ui, m, v, &body, index, c);
    ui_scroll_end(ui);
}

/* ---- the pointer --------------------------------------------------------------------------------------------------------------------- */

/* Beside the pointer: the channel of both pictures and of the difference, enlarged, with the three values at the place. */
static void pointed(Ui *ui, const Model *m, const ViewState *v, const Columns *c)
{
    const Theme *t = ui->theme;
    const Cursor at_place = m->hover;
    const Shape s = c->first->shape;
    if (at_place.layer != c->layer || at_place.channel < 0)
        return;
    const char *const names[COLUMNS] = {m->picture.name, m->other.name, model_text(m, STR_COMPARE_DIFFERENCE)};
    char title[NET_NAME_MAX + 160], name[96], number[NUM_MAX];
    const float tile = map_tile_sharp(ui, s.h, s.w, s.h * s.w > 1 ? 112 : 40), w = fmaxf(tile, 96), gap = 10, h = 20 + tile + 40;
    value_name(m, at_place, title, sizeof title);
    if (s.h * s.w > 1)
        snprintf(title + strlen(title), sizeof title - strlen(title), " · y %d, x %d", at_place.y, at_place.x);
    Rect box = {ui->in.mouse_x + 18, ui->in.mouse_y + 18, COLUMNS * w + 2 * gap + 16, h + 12};
    if (box.x + box.w > v->stage_right - 4)
        box.x = fmaxf(ui->in.mouse_x - box.w - 14, 4);
    if (box.y + box.h > ui->height - 4)
        box.y = fmaxf(ui->in.mouse_y - box.h - 14, 4);
    ui_overlay_begin(ui, (Rect){0, 0, 0, 0});
    ui_shadow(ui, (Rect){box.x, box.y + 3, box.w, box.h}, 7, 14, 0x0b122058);
    ui_round(ui, box, 7, t->panel);
    ui_frame_round(ui, box, 7, 1, t->panel_edge);
    ui_item(ui, box, "card", title);
    Rect in = rect_inset(box, 8);
    ui_text(ui, rect_cut_top(&in, 20), part_bold(ui), ALIGN_LEFT, title);
    for (int i = 0; i < COLUMNS; i++) {
        MapGrid grid = c->grid[i];
        grid.first = at_place.channel;
        grid.count = grid.columns = 1;
        grid.tile = tile;
        const Rect place = {in.x + (float)i * (w + gap), in.y, w, tile}, cell = map_cell_rect(place, &grid, at_place.channel, at_place.y, at_place.x);
        ui_maps(ui, place, &grid, title);
        part_digits(ui, place, &grid);
        ui_frame(ui, rect_inset(cell, -2), 1, 0x000000ff);
        ui_frame(ui, rect_inset(cell, -1), 1, 0xffffffff);
        Rect words = {place.x, in.y + tile + 4, w, 40};
        part_cut(ui, part_caption(ui), names[i], w, name, sizeof name);
        ui_text(ui, rect_cut_top(&words, 16), part_caption(ui), ALIGN_LEFT, name);
        ui_text(ui, rect_cut_top(&words, 18), ui_style(FACE_MONO_BOLD, t->size_small, t->text), ALIGN_LEFT,
                num_exact(number, grid.data[at(s, 0, at_place.channel, at_place.y, at_place.x)]));
    }
    ui_overlay_end(ui);
}

/* ---- the view ------------------------------------------------------------------------------------------------------------------------ */

static float head_height(const Ui *ui)
{
    return ui->height < 700 ? 62 : 92; /* three or five classes */
}

static Rect third(Rect area, int index)
{
    const float w = floorf((area.w - 2 * GAP) / COLUMNS);
    return (Rect){area.x + (float)index * (w + GAP), area.y, w, area.h};
}

/* Without a second picture: the first one in its later place, and beside it what to do. */
static void first_alone(Ui *ui, Model *m, ViewState *v, Rect area, const LayerMap *first)
{
    const char *text = model_text(m, m->other.path[0] == '\0' ? STR_COMPARE_PICK : STR_NOT_COMPUTED);
    Guess top[GUESSES];
    const Rect heads = rect_cut_top(&area, head_height(ui));
    picture_head(ui, m, &m->picture, third(heads, FIRST), top, model_top(m, top, GUESSES));
    Rect left = third(area, FIRST);
    rect_cut_left(&area, left.w + GAP);
    ui_panel(ui, left);
    left = rect_inset(left, PAD);
    ui_text(ui, rect_cut_top(&left, 20), part_bold(ui), ALIGN_LEFT, m->picture.name);
    if (first != NULL)
        part_maps_fit(ui, m, v, left, m->at, first, 12, MOST_TILE, SCROLL_OUTPUT);
    ui_frame_round(ui, area, 8, 1, ui->theme->panel_edge);
    const float button = ui_button_width(ui, text);
    if (ui_button(ui, ui_id("choose second picture", 0), (Rect){area.x + floorf((area.w - button) / 2), area.y + floorf(area.h / 2) - 16, button, 32}, text, BUTTON_PRIMARY))
        model_overlay(m, OVERLAY_PICTURES);
}

/* The grids of both maps with one range, and of their difference. */
static void make_grids(Model *m, ViewState *v, const Comparison *compared, const LayerMap *a, const LayerMap *b, Columns *c)
{
    MapGrid left = part_grid(m, v, c->layer, a, 0, a->shape.c);
    if (left.tints == NULL) { /* a photo's own colours are the same for every photo */
        v->drawn = compared->range;
        v->drawn_set = true;
        const float *shared = part_range_pair(v, compared->range.lo, compared->range.hi);
        left.lo = &shared[0];
        left.hi = &shared[1];
        left.range_count = 1;
        left.map = a->stats->min < 0 || b->stats->min >= 0 ? left.map : part_colormap(m, c->layer, b, 0);
    }
    const float *reach = part_range_pair(v, -compared->reach, compared->reach);
    c->grid[FIRST] = c->grid[SECOND] = c->grid[DIFFERENCE] = left;
    c->grid[SECOND].data = b->data;
    c->grid[SECOND].version = b->version;
    MapGrid *delta = &c->grid[DIFFERENCE];
    delta->data = c->compared->difference;
    delta->version = 1ull << 62 | c->compared->version;
    delta->map = MAP_SIGNED;
    delta->tints = NULL;
    delta->lo = &reach[0];
    delta->hi = &reach[1];
    delta->range_count = 1;
}

void view_compare(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    char name[NET_NAME_MAX + 16], title[128], lo[NUM_MAX], hi[NUM_MAX], range[160], delta[64];
    LayerMap a, b;
    part_layer_title(m, m->at, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_COMPARE_TITLE), name);
    part_stage_title(ui, &area, title, model_text(m, STR_COMPARE_SAYS));
    rect_cut_top(&area, 6);
    const bool first = compute_map(m->compute, m->at, &a);
    if (!first || m->other.path[0] == '\0' || m->other_compute == NULL || !compute_map(m->other_compute, m->at, &b)) {
        first_alone(ui, m, v, area, first ? &a : NULL);
        return;
    }
    if (!compared_make(&v->compared, &a, &b))
        return;
    Columns c = {.layer = m->at, .first = &a, .compared = &v->compared};
    Guess top[2][GUESSES];
    const Comparison compared = compare_ranges(&m->look, &a, &b, &v->compared);
    make_grids(m, v, &compared, &a, &b, &c);
    const int count[2] = {model_top(m, top[0], GUESSES), model_top_other(m, top[1], GUESSES)};
    const Picture *const pictures[2] = {&m->picture, &m->other};
    const char *const names[2] = {m->picture.name, m->other.name};
    const Rect heads = rect_cut_top(&area, head_height(ui));
    for (int i = 0; i < 2; i++)
        picture_head(ui, m, pictures[i], third(heads, i), top[i], count[i]);
    fit_columns(ui, m, third(area, FIRST).w - 2 * PAD - 12, area.h - 2 * PAD - 20, &c);
    snprintf(range, sizeof range, model_text(m, STR_SHARED_RANGE), num_value(lo, (double)c.grid[FIRST].lo[0]), num_value(hi, (double)c.grid[FIRST].hi[0]));
    snprintf(delta, sizeof delta, "± %s", num_value(hi, (double)compared.reach));
    for (int i = 0; i < 2; i++)
        column(ui, m, v, third(area, i), i, names[i], c.grid[FIRST].tints == NULL ? range : "", &c);
    column(ui, m, v, third(area, DIFFERENCE), DIFFERENCE, model_text(m, STR_COMPARE_DIFFERENCE), delta, &c);
    v->loupe.on = false; /* the card shows all three */
    pointed(ui, m, v, &c);
    difference_head(ui, m, third(heads, DIFFERENCE), &compared, &v->compared); /* last: the button exchanges what was drawn */
}
