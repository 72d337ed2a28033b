/* view_rail.c - the whole network as a list, the overview's small form: every stop of the walk with a chip in the colour and shape of its
 * kind, modules with their four branches, and unfolded the layers that one is among. At the bottom, how far the computation is. */
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/rail_rows.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float CHIP_W = 28, CHIP_H = 13, FOOT = 34, CHIP_X = 12, NAME_X = 12 + 28 + 8, EDGE = 1, SHAPE_GAP = 10, RIGHT = 10, TOP_PAD = 8, END_PAD = 6, BAR = 10,
                   NARROW = 100, ROW_LEAST = 18, CHIP_ROW = 16;

/* ---- chips --------------------------------------------------------------------------------------------------------------------- */

/* Parts of a chip as shares of its width and height, so that its kind is seen without colours too. */
typedef struct ChipShape { int count; Rect part[5]; } ChipShape;

static void chip_of_kind(Ui *ui, Rect c, LayerKind kind, float alpha)
{
    static const ChipShape shapes[LAYER_KINDS] = {
        [KIND_INPUT] = {3, {{0, 0, 0.28f, 1}, {0.36f, 0, 0.28f, 1}, {0.72f, 0, 0.28f, 1}}},                     /* three planes */
        [KIND_CONV] = {1, {{0, 0, 1, 1}}},                                                                      /* a block */
        [KIND_POOL] = {2, {{0, 0, 0.55f, 1}, {0.62f, 0.25f, 0.38f, 0.5f}}},                                     /* large, then small */
        [KIND_NORM] = {2, {{0, 0, 1, 0.4f}, {0, 0.6f, 1, 0.4f}}},                                               /* two equal bars */
        [KIND_FC] = {5, {{0, 0, 0.1f, 1}, {0.22f, 0, 0.1f, 1}, {0.45f, 0, 0.1f, 1}, {0.67f, 0, 0.1f, 1}, {0.9f, 0, 0.1f, 1}}}, /* a row of units */
        [KIND_DROPOUT] = {3, {{0, 0, 0.22f, 1}, {0.26f, 0, 0.22f, 1}, {0.78f, 0, 0.22f, 1}}},                   /* one is missing */
        [KIND_SOFTMAX] = {3, {{0, 0, 1, 0.27f}, {0, 0.37f, 0.5f, 0.27f}, {0, 0.74f, 0.2f, 0.26f}}},             /* bars of an answer */
    };
    const ChipShape *s = &shapes[kind];
    for (int i = 0; i < s->count; i++) {
        const Rect p = s->part[i];
        ui_round(ui, (Rect){c.x + roundf(p.x * c.w), c.y + roundf(p.y * c.h), fmaxf(roundf(p.w * c.w), 2), fmaxf(roundf(p.h * c.h), 2)}, s->count == 1 ? 2 : 1,
                 color_alpha(ui->theme->kind[kind], alpha));
    }
}

static float computed_alpha(const Model *m, int layer)
{
    LayerMap map;
    return compute_map(m->compute, layer, &map) && map.current ? 1 : 0.28f;
}

/* At the left of r, in the middle of its height. */
static void chip(Ui *ui, const Model *m, Rect r, int layer)
{
    const Net *net = model_net(m);
    const float alpha = computed_alpha(m, layer), w = (CHIP_W - 3) / BRANCH_COUNT;
    const Rect c = {r.x, r.y + floorf((r.h - CHIP_H) / 2), CHIP_W, CHIP_H};
    if (!walk_is_module(net, layer)) {
        chip_of_kind(ui, c, part_kind(net->layers[layer].op), alpha);
        return;
    }
    for (int b = 0; b < BRANCH_COUNT; b++)
        ui_fill(ui, (Rect){c.x + (float)b * (w + 1), c.y, w, c.h}, color_alpha(ui->theme->branch[b], alpha));
}

/* ---- widths --------------------------------------------------------------------------------------------------------------------- */

/* A row's words: a stop's title, a layer's name within its module or head. */
static void row_title(const Model *m, RailKind kind, int layer, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[layer];
    const char *slash = strchr(l->name, '/');
    if (kind == RAIL_HEAD)
        snprintf(out, size, "aux %d ↗ %s", l->head, model_text(m, STR_AUX_TRAINING_ONLY));
    else if (kind == RAIL_INNER && slash != NULL)
        snprintf(out, size, "%s", slash + 1);
    else
        part_layer_title(m, layer, out, size);
}

/* What a row needs: its name as it is while it is selected, so that the shape stays where it was. */
static float needed(Ui *ui, const Model *m, RailKind kind, int layer)
{
    char title[NET_NAME_MAX + 48], shape[NUM_MAX];
    row_title(m, kind, layer, title, sizeof title);
    num_shape(shape, model_net(m)->layers[layer].out);
    return NAME_X + ui_text_width(ui, part_bold(ui), title) + SHAPE_GAP + ui_text_width(ui, part_caption(ui), shape) + RIGHT;
}

float view_rail_width(Ui *ui, const Model *m, float height)
{
    enum { LEAST = 222, MOST = 300 };
    const Net *net = model_net(m);
    const float room = height - FOOT - TOP_PAD - END_PAD;
    const bool scrolls = rail_most(net, rail_row_height(net, room, ROW_LEAST)) > room;
    float most = 0;
    for (int l = 0; l < net->layer_count; l++)
        most = fmaxf(most, needed(ui, m, walk_is_stop(net, l) ? RAIL_STOP : RAIL_INNER, l) + (scrolls ? BAR : 0) + EDGE);
    return fminf(fmaxf(ceilf(most), LEAST), MOST);
}

/* ---- rows ----------------------------------------------------------------------------------------------------------------------- */

/* The key that leads to this layer from where one is, or "". */
static const char *key_to(const Net *net, int at, int layer, char key[PART_KEY_MAX])
{
    const struct { int to; Verb verb; } ways[] = {
        {walk_next(net, at), VERB_NEXT}, {walk_prev(net, at), VERB_PREV}, {walk_into(net, at, BRANCH_NONE), VERB_INTO},
        {walk_out(net, at), VERB_OUT}, {walk_home(net, at), VERB_HOME}, {walk_end(net, at), VERB_END}, {walk_heads(net, at), VERB_HEADS},
    };
    key[0] = '\0';
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && layer != at; i++)
        if (ways[i].to == layer) {
            part_key_text(verb_key(ways[i].verb), key);
            break;
        }
    return key;
}

/* The legend of the chip, what the layer does, and the key to it. */
static void row_tip(Ui *ui, const Model *m, Rect r, const RailRow *row)
{
    const Net *net = model_net(m);
    char title[NET_NAME_MAX + 48], says[256], text[640], key[PART_KEY_MAX];
    static const Str kinds[LAYER_KINDS] = {STR_KIND_INPUT, STR_KIND_CONV, STR_KIND_POOL, STR_KIND_NORM, STR_KIND_FC, STR_KIND_DROPOUT, STR_KIND_SOFTMAX};
    const bool module = walk_is_module(net, row->layer);
    const Str kind = row->kind == RAIL_HEAD ? STR_KIND_HEAD : module ? STR_KIND_MODULE : kinds[part_kind(net->layers[row->layer].op)];
    if (!ui_hover(ui, r))
        return;
    part_layer_title(m, row->layer, title, sizeof title);
    if (row->kind == RAIL_HEAD)
        snprintf(title, sizeof title, "aux %d", row->head);
    part_says(m, row->layer, says, sizeof says);
    key_to(net, m->at, row->layer, key);
    snprintf(text, sizeof text, "%s · %s%s%s%s%s", title, model_text(m, kind), key[0] != '\0' ? " · " : "", key, row->kind == RAIL_HEAD ? "" : "\n",
             row->kind == RAIL_HEAD ? "" : says);
    ui_tip(ui, r, TIP_BESIDE, text);
}

/* Hover, click and tip, which all rows have; true while the pointer is over it. */
static bool row_button(Ui *ui, Model *m, Rect r, const RailRow *row, bool here)
{
    const bool over = ui_hover(ui, r);
    if (over && !here)
        ui_fill(ui, r, color_alpha(ui->theme->text, 0.045f));
    if (ui_click(ui, ui_id(row->kind == RAIL_HEAD ? "rail head" : "rail", row->layer), r))
        model_go(m, row->layer);
    row_tip(ui, m, r, row);
    return over;
}

static void stop_row(Ui *ui, Model *m, Rect r, const RailRow *row)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[row->layer];
    const bool here = m->at == row->layer || (l->module >= 0 && net->layers[m->at].module == l->module);
    char title[NET_NAME_MAX + 48], shape[NUM_MAX];
    row_title(m, RAIL_STOP, row->layer, title, sizeof title);
    row_button(ui, m, r, row, here);
    ui_address(ui, l->name);
    ui_item(ui, r, "row", title);
    if (r.w < NARROW) { /* the chips alone, and names for the pointer */
        chip(ui, m, (Rect){r.x + floorf((r.w - CHIP_W) / 2), r.y, CHIP_W, r.h}, row->layer);
        ui_address(ui, NULL);
        return;
    }
    chip(ui, m, (Rect){r.x + CHIP_X, r.y, CHIP_W, r.h}, row->layer);
    num_shape(shape, l->out);
    if (needed(ui, m, RAIL_STOP, row->layer) > r.w)
        shape[0] = '\0'; /* a long name is worth more */
    ui_pair(ui, (Rect){r.x + NAME_X, r.y, r.w - NAME_X - RIGHT, r.h}, ui_style(here ? FACE_BOLD : FACE_SANS, ui->theme->size_small, ui->theme->text), title,
            part_caption(ui), shape);
    ui_address(ui, NULL);
}

/* What fits the narrow rail. */
static void short_title(const Model *m, const Layer *l, char *out, size_t size)
{
    const LayerKind kind = part_kind(l->op);
    if (kind == KIND_CONV)
        snprintf(out, size, "%d×%d", l->k, l->k);
    else
        snprintf(out, size, "%s", kind == KIND_POOL ? model_text(m, STR_POOL) : kind == KIND_FC ? "fc" : "·");
}

/* A layer of the module or head that one is in. On the module's stage its name lights its maps. */
static void inner_row(Ui *ui, Model *m, Rect r, const RailRow *row)
{
    const Net *net = model_net(m);
    const Theme *t = ui->theme;
    const Layer *l = &net->layers[row->layer];
    const bool here = m->at == row->layer, chosen = !here && m->cursor.layer == row->layer, narrow = r.w < NARROW;
    const Color color = l->branch != BRANCH_NONE ? t->branch[l->branch] : t->kind[part_kind(l->op)];
    char title[NET_NAME_MAX + 48], shape[NUM_MAX];
    row_title(m, RAIL_INNER, row->layer, title, sizeof title);
    if (row_button(ui, m, r, row, here) && m->view == VIEW_STAGE && walk_is_module(net, m->at))
        model_point(m, (Cursor){row->layer, -1, -1, -1});
    ui_address(ui, l->name);
    ui_item(ui, r, "row", title);
    const float x = narrow ? r.x + 5 : r.x + CHIP_X + CHIP_W - 6;
    ui_fill(ui, (Rect){x, r.y, narrow ? 4 : 6, r.h}, color_alpha(color, computed_alpha(m, row->layer)));
    const float size = r.h < 15 || narrow ? t->size_caption : t->size_small;
    const TextStyle style = ui_style(here || chosen ? FACE_BOLD : FACE_SANS, size, part_layer_text(ui, l));
    if (narrow) {
        short_title(m, l, title, sizeof title);
        ui_text(ui, (Rect){x + 7, r.y, r.w - x + r.x - 8, r.h}, style, ALIGN_LEFT, title);
    } else {
        num_shape(shape, l->out);
        if (needed(ui, m, RAIL_INNER, row->layer) > r.w)
            shape[0] = '\0';
        ui_pair(ui, (Rect){r.x + NAME_X, r.y, r.w - NAME_X - RIGHT, r.h}, style, title, part_caption(ui), shape);
    }
    ui_address(ui, NULL);
}

static void head_row(Ui *ui, Model *m, Rect r, const RailRow *row)
{
    const Theme *t = ui->theme;
    const bool here = model_net(m)->layers[m->at].head == row->head, narrow = r.w < NARROW;
    char text[96];
    row_title(m, RAIL_HEAD, row->layer, text, sizeof text);
    row_button(ui, m, r, row, here);
    ui_item(ui, r, "row", text);
    if (narrow)
        snprintf(text, sizeof text, "aux %d", row->head);
    const Rect words = narrow ? (Rect){r.x + 4, r.y, r.w - 6, r.h} : (Rect){r.x + NAME_X, r.y, r.w - NAME_X - RIGHT, r.h};
    ui_text(ui, words, ui_style(here ? FACE_BOLD : FACE_SANS, t->size_caption, here ? t->text : t->text_dim), ALIGN_LEFT, text);
}

static void footer(Ui *ui, const Model *m, Rect r)
{
    char text[128], time[48];
    const char *engine = model_text(m, strcmp(m->engine->name, "fast") == 0 ? STR_ENGINE_FAST : STR_ENGINE_REFERENCE);
    const Theme *t = ui->theme;
    const Progress at = compute_progress(m->compute);
    ui_fill(ui, (Rect){r.x, r.y, r.w, 1}, t->panel_edge);
    part_verb_tip(ui, m, r, STR_TIP_ENGINE, VERB_ENGINE);
    if (r.w < NARROW) { /* how far it is, without words */
        if (at.done < at.total)
            ui_round(ui, (Rect){r.x + 6, r.y + r.h / 2 - 2, (r.w - 12) * (float)at.done / (float)at.total, 4}, 2, t->accent);
        return;
    }
    Rect row = {r.x + 12, r.y + 1, r.w - 24, r.h - 1};
    if (at.failed.text[0] != '\0') {
        ui_text(ui, row, part_colored(part_caption(ui), t->bad), ALIGN_LEFT, at.failed.text);
        return;
    }
    if (at.done < at.total) {
        const Rect bar = {row.x, r.y + r.h - 9, row.w, 4};
        ui_round(ui, bar, 2, t->panel_edge);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * (float)at.done / (float)at.total, bar.h}, 2, t->accent);
        row.h -= 8;
        snprintf(text, sizeof text, model_text(m, STR_COMPUTING), at.done, at.total);
    } else {
        snprintf(time, sizeof time, model_text(m, at.seconds < 1 ? STR_MILLISECONDS : STR_SECONDS), at.seconds < 1 ? 1e3 * at.seconds : at.seconds);
        if (at.computed > 0)
            snprintf(text, sizeof text, model_text(m, STR_COMPUTED_IN), engine, time);
        else /* all maps were there already */
            snprintf(text, sizeof text, model_text(m, STR_ENGINE_ALONE), engine);
        if (at.computed > 0 && at.computed < at.total) /* a change to the weights: what lies before it stayed */
            snprintf(text + strlen(text), sizeof text - strlen(text), model_text(m, STR_LAYERS_OF), at.computed, at.total);
    }
    part_text_fit(ui, row, part_caption(ui), text);
}

/* The row of where one is comes in sight, with its whole part if that fits, and what is next to it. */
static void keep_visible(const Model *m, ViewState *v, const RailRow *rows, int count, float height)
{
    Scroll *scroll = &v->scroll[SCROLL_RAIL];
    const int here = rail_find(model_net(m), rows, count, m->at);
    const bool same = v->rail_layer == m->at && v->rail_height >= height && v->rail_height <= height;
    if (here < 0 || (same && model_motion(m) >= 1))
        return;
    int first = here, end = here + 1;
    while (first > 0 && rows[first].kind == RAIL_INNER)
        first--;
    while (end < count && rows[end].kind == RAIL_INNER)
        end++;
    const int before = here > 0 ? here - 1 : here, after = here + 1 < count ? here + 1 : here;
    ui_scroll_to(scroll, height, rows[first].y, rows[end - 1].y + rows[end - 1].h);
    ui_scroll_to(scroll, height, rows[before].y, rows[after].y + rows[after].h + END_PAD);
    v->rail_layer = m->at;
    v->rail_height = height;
}

/* The mark glides from the row that was left to the one arrived at. */
static void draw_mark(Ui *ui, const Model *m, Rect list, const RailRow *rows, int count)
{
    const Net *net = model_net(m);
    const int to = rail_find(net, rows, count, m->at), was = rail_find(net, rows, count, m->motion.from), from = was >= 0 ? was : to;
    if (to < 0)
        return;
    const float t = model_motion(m), h = rows[from].h + (rows[to].h - rows[from].h) * t;
    const Rect mark = {list.x, list.y + roundf(rows[from].y + (rows[to].y - rows[from].y) * t), list.w, roundf(h)};
    ui_fill(ui, mark, ui->theme->rail_selected);
    ui_fill(ui, (Rect){mark.x, mark.y, 3, mark.h}, ui->theme->accent);
    ui_item(ui, mark, "mark", net->layers[m->at].name);
}

void view_rail(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    RailRow *rows = view_scratch(v, (size_t)(net->layer_count + net->head_count) * sizeof *rows);
    ui_fill(ui, area, ui->theme->rail);
    ui_fill(ui, (Rect){area.x + area.w - EDGE, area.y, EDGE, area.h}, ui->theme->panel_edge);
    area.w -= EDGE;
    footer(ui, m, rect_cut_bottom(&area, FOOT));
    rect_cut_top(&area, TOP_PAD);
    if (rows == NULL)
        return;
    const int count = rail_rows(m, rail_row_height(net, area.h - END_PAD, area.w < NARROW ? CHIP_ROW : ROW_LEAST), rows);
    keep_visible(m, v, rows, count, area.h);
    Rect list = ui_scroll_begin(ui, ui_id("rail list", 0), area, &v->scroll[SCROLL_RAIL], rows[count - 1].y + rows[count - 1].h + END_PAD);
    draw_mark(ui, m, list, rows, count);
    static void (*const draw[])(Ui *, Model *, Rect, const RailRow *) = {[RAIL_STOP] = stop_row, [RAIL_HEAD] = head_row, [RAIL_INNER] = inner_row};
    for (int i = 0; i < count; i++)
        draw[rows[i].kind](ui, m, (Rect){list.x, list.y + rows[i].y, list.w, rows[i].h}, &rows[i]);
    ui_scroll_end(ui);
}
