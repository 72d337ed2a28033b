/* value_pool.c - one value of a pool: its window, and for a max pool the winner's path back to a pixel of the picture. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/value_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float ARROW = 28, SIDE_MOST = 260, SIDE_LEAST = 84, CAPTION = 24, CELL_LEAST = 18;

static void frame_cell(Ui *ui, Rect cell)
{
    ui_frame(ui, rect_inset(cell, -4), 1, 0x000000ff);
    ui_frame(ui, rect_inset(cell, -3), 2, ui->theme->selection);
}

/* Draws one unit of the path in its map, or the last one in the picture. */
static void unit_picture(Ui *ui, Model *m, ViewState *v, Rect r, Unit u, int index)
{
    LayerMap map;
    char name[NET_NAME_MAX + 128];
    if (!compute_map(m->compute, u.layer, &map))
        return;
    Rect place;
    if (u.layer == 0) {
        place = part_picture(ui, &m->picture, (Rect){r.x, r.y, r.w, r.w}, NULL);
        const float sx = place.w / (float)map.shape.w, sy = place.h / (float)map.shape.h;
        frame_cell(ui, (Rect){place.x + (float)u.x * sx, place.y + (float)u.y * sy, sx, sy});
    } else {
        MapGrid grid = part_grid(m, v, u.layer, &map, u.c, 1);
        grid.columns = 1;
        grid.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, r.w);
        /* The gap from rounding is above the picture, so that names align. */
        const Rect low = {r.x, r.y + r.w - grid.tile, r.w, grid.tile};
        ui_maps(ui, low, &grid, "");
        place = map_tile_rect(low, &grid, u.c);
        frame_cell(ui, map_cell_rect(low, &grid, u.c, u.y, u.x));
    }
    if (ui_click(ui, ui_id("unit picture", index), place)) {
        model_select(m, (Cursor){u.layer, u.c, u.y, u.x});
        model_view(m, VIEW_VALUE);
    }
    value_name(m, (Cursor){u.layer, u.c, -1, -1}, name, sizeof name);
    const char *slash = strchr(name, '/'); /* the module's name is in the list */
    const char *shown = slash != NULL && ui_text_width(ui, part_caption(ui), name) > r.w + ARROW - 6 ? slash + 1 : name;
    ui_text(ui, (Rect){r.x, r.y + r.w + 4, r.w + ARROW - 6, 18}, part_caption(ui), ALIGN_LEFT, shown);
}

/* Draws the path as pictures, as many as fit: the first ones, and always the last, which is the picture itself. Returns the
 * height. */
static float way_pictures(Ui *ui, Model *m, ViewState *v, Rect in, const Taken *t, float high)
{
    const float all = floorf((in.w + ARROW) / (float)t->path_count - ARROW), side = fmaxf(fminf(fminf(high, all), SIDE_MOST), SIDE_LEAST);
    int count = (int)((in.w + ARROW) / (side + ARROW));
    count = count < t->path_count ? count : t->path_count;
    if (count < 2)
        return 0;
    for (int i = 0; i < count; i++) {
        const int index = i + 1 < count ? i : t->path_count - 1;
        const float x = in.x + (float)i * (side + ARROW);
        if (i > 0)
            ui_text(ui, (Rect){x - ARROW, in.y + side / 2 - 10, ARROW, 20}, part_small(ui), ALIGN_CENTER, index == i ? "←" : "…");
        unit_picture(ui, m, v, (Rect){x, in.y, side, side + CAPTION}, t->path[index], index);
    }
    return side + CAPTION;
}

static void way_back(Ui *ui, Model *m, ViewState *v, Rect in, const Taken *t)
{
    const float list_h = VALUE_UNIT_ROW * (float)t->path_count;
    part_heading(ui, &in, model_text(m, STR_WAY_TO_PIXEL));
    rect_cut_top(&in, 2);
    rect_cut_top(&in, way_pictures(ui, m, v, in, t, in.h - list_h - CAPTION - 8) + 8);
    Rect body = ui_scroll_begin(ui, ui_id("way", 0), in, &v->scroll[SCROLL_VALUE], list_h);
    for (int i = 0; i < t->path_count; i++)
        value_unit_row(ui, m, &body, t, t->path[i], i);
    ui_scroll_end(ui);
}

static void pool_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const int h = t->e.y1 - t->e.y0, w = t->e.x1 - t->e.x0;
    char head[96];
    snprintf(head, sizeof head, "%s · y %d…%d, x %d…%d", model_text(m, STR_WINDOW), t->e.y0, t->e.y1 - 1, t->e.x0, t->e.x1 - 1);
    char step[64] = "";
    if (m->term > 0)
        snprintf(step, sizeof step, model_text(m, STR_AT_VALUE), m->term, t->e.term_count);
    Rect in = value_terms_card(ui, r, head, step);
    const float path_h = t->path_count > 1 ? 72 + SIDE_LEAST + CAPTION + VALUE_UNIT_ROW * (float)t->path_count : 8;
    const float cw = floorf(fminf(in.w / (float)w, 128)), ch = floorf(fmaxf(fminf(cw * 0.55f, (in.h - path_h) / (float)h), CELL_LEAST));
    float reach = 0;
    for (int i = 0; i < t->e.term_count; i++)
        reach = fmaxf(reach, fabsf(t->terms[i].in));
    bool outside = false;
    for (int i = 0; i < h * w; i++) {
        const int y = t->e.y0 + i / w, x = t->e.x0 + i % w;
        if (y >= 0 && x >= 0 && y < l->in.h && x < l->in.w)
            continue;
        value_no_cell(ui, (Rect){in.x + (float)(i % w) * cw, in.y + (float)(i / w) * ch, cw, ch});
        outside = true;
    }
    for (int i = 0; i < t->e.term_count; i++) {
        const Term *term = &t->terms[i];
        const Rect place = {in.x + (float)(term->x - t->e.x0) * cw, in.y + (float)(term->y - t->e.y0) * ch, cw, ch};
        value_cell(ui, place, term->in, reach, false, m->term >= 0 && i >= m->term);
        if (m->term >= 0 ? i + 1 == m->term : l->op == OP_MAXPOOL && i == t->e.of.max.winner)
            ui_frame_round(ui, rect_inset(place, -1), 4, 2, ui->theme->selection);
    }
    rect_cut_top(&in, (float)h * ch + 8);
    if (outside)
        ui_text(ui, rect_cut_top(&in, 18), part_caption(ui), ALIGN_LEFT, model_text(m, STR_OVER_THE_EDGE));
    if (t->path_count > 1)
        way_back(ui, m, v, in, t);
}

/* ---- words and numbers ------------------------------------------------------------------------------------------------------------------ */

static void max_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Term *winner = &t->terms[t->e.of.max.winner];
    char left[96];
    value_step_rows(ui, m, r, t, STR_LARGEST_AFTER);
    snprintf(left, sizeof left, "%s · y %d, x %d", model_text(m, STR_WINNER), winner->y, winner->x);
    value_sum_row(ui, r, left, t->e.value);
}

static void average_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    char right[NUM_MAX];
    value_step_rows(ui, m, r, t, STR_SUM_AFTER);
    part_row(ui, r, model_text(m, STR_SUM_PLAIN), num_exact(right, t->e.of.average.total));
    snprintf(right, sizeof right, "%d", t->e.of.average.divisor);
    part_row(ui, r, model_text(m, STR_DIVISOR), right);
    value_sum_row(ui, r, "y", t->e.value);
}

static void max_says(const Model *m, const Taken *t, char *out, size_t size)
{
    snprintf(out, size, model_text(m, STR_VALUE_OF_MAX), t->e.term_count);
}

static void average_says(const Model *m, const Taken *t, char *out, size_t size)
{
    snprintf(out, size, model_text(m, STR_VALUE_OF_AVERAGE), t->e.term_count, t->e.of.average.divisor);
}

/* Only over the part of the window that is in the map. */
static int window_formula(const Model *m, const Taken *t, const char *op, char *out, size_t size)
{
    const ReceptiveField in = field_within((ReceptiveField){t->e.y0, t->e.y1, t->e.x0, t->e.x1}, model_net(m)->layers[t->at.layer].in);
    return snprintf(out, size, "y[%d,%d,%d] = %s\n  y=%d…%d, x=%d…%d\n  x[%d, y, x]", t->at.channel, t->at.y, t->at.x, op, in.y0, in.y1 - 1,
                    in.x0, in.x1 - 1, t->at.channel);
}

static void max_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    window_formula(m, t, "max", out, size);
}

static void average_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    const int used = window_formula(m, t, "Σ", out, size);
    snprintf(out + used, size - (size_t)used, " / %d", t->e.of.average.divisor);
}

const ValuePage value_maxpool = {.terms = pool_terms, .ledger = max_ledger, .says = max_says, .formula = max_formula,
                                 .hint = STR_HINT_NEXT_VALUE, .hint_play = STR_HINT_PLAY_WINDOW};
const ValuePage value_avgpool = {.terms = pool_terms, .ledger = average_ledger, .says = average_says, .formula = average_formula,
                                 .rounds = true, .hint = STR_HINT_NEXT_VALUE, .hint_play = STR_HINT_PLAY_WINDOW};
