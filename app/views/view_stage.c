/* view_stage.c - a layer (a whole module is view_module.c): what goes in on the left, what comes out on the right, and between them what
 * happens. A first convolution also shows its kernels as colours; scores are bars; the input has its own file, input_stage.c. */
#include "app/model/walk.h"
#include "app/views/class_bars.h"
#include "app/views/input_stage.h"
#include "app/views/parts.h"
#include "app/views/strongest.h"
#include "app/views/twin.h"
#include "app/views/value_page.h"
#include "app/views/views.h"
#include "app/views/window_marks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float ARROW = 56, MIN_TILE = 12, MAX_TILE = 320;

static void title(Ui *ui, const Model *m, Rect *area)
{
    const Layer *l = &model_net(m)->layers[m->at];
    char name[NET_NAME_MAX + 16], says[192], head[256];
    part_layer_title(m, m->at, name, sizeof name);
    part_says(m, m->at, says, sizeof says);
    if (l->head > 0) {
        snprintf(head, sizeof head, model_text(m, STR_SAYS_AUX), l->head);
        const bool trained = source_trained(&m->source->source, l->head) || m->source->source.untrained;
        snprintf(head + strlen(head), sizeof head - strlen(head), " — %s", trained ? says : model_text(m, STR_SAYS_UNTRAINED_HEAD));
    }
    part_stage_title(ui, area, name, l->head > 0 ? head : says);
}

/* The card of a layer's maps with their shape and range; *in is its room. False, and said there, if they are not computed. */
static bool open_card(Ui *ui, const Model *m, Rect r, int layer, const char *caption, LayerMap *map, Rect *in)
{
    const Layer *l = &model_net(m)->layers[layer];
    char shape[NUM_MAX], range[96] = "", dim[192];
    const bool there = compute_map(m->compute, layer, map);
    if (there)
        part_range_text(m, layer, map, range, sizeof range);
    snprintf(dim, sizeof dim, "%s%s%s", num_shape(shape, l->out), there ? " · " : "", range);
    *in = part_card(ui, r, caption, dim, l->branch != BRANCH_NONE ? ui->theme->branch[l->branch] : 0);
    if (!there)
        ui_text(ui, *in, part_small(ui), ALIGN_CENTER, model_text(m, STR_NOT_COMPUTED));
    return there;
}

/* The channel of the output whose window is shown, or NULL. */
static const int *window_channel(const Model *m, const ViewState *v)
{
    return v->window.on && v->window.of.at.layer == m->at ? &v->window.of.at.channel : NULL;
}

/* A card with all maps of a layer. */
static void map_card(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const char *caption, int slot)
{
    LayerMap map;
    Rect in;
    if (!open_card(ui, m, r, layer, caption, &map, &in))
        return;
    const float used = part_maps_fit(ui, m, v, in, layer, &map, MIN_TILE, MAX_TILE, slot), tile = part_fit(ui, map.shape, in, MIN_TILE, MAX_TILE).tile;
    rect_cut_top(&in, used);
    const SlidingWindow *window = v->window.on && v->window.of.input == layer && layer != m->at ? &v->window.of : NULL;
    if (in.h >= strongest_least(tile) && map.shape.h >= 2)
        strongest(ui, m, v, in, &map,
                  &(Strongest){.layer = layer, .count = map.shape.c, .by = map.channels->hi, .tile = tile, .must = layer == m->at ? window_channel(m, v) : NULL,
                               .parts = window != NULL ? window->top : NULL, .part_count = window != NULL ? window->count : 0,
                               .heading = model_text(m, window != NULL ? STR_SLIDE_PARTS : STR_STRONGEST), .color = ui->theme->text_dim});
}

/* A layer that keeps its channels: two cards of the same size, each channel in the same place of both, and below them, of the channels
 * with the largest values, what they were before. They scroll together. */
static void twin_cards(Ui *ui, Model *m, ViewState *v, Rect left, Rect right)
{
    const int layers[2] = {model_net(m)->layers[m->at].inputs[0], m->at};
    const Shape shapes[2] = {model_net(m)->layers[layers[0]].out, model_net(m)->layers[layers[1]].out}, larger = twin_larger(shapes[0], shapes[1]);
    LayerMap map[2];
    Rect in[2];
    bool there[2];
    for (int side = 0; side < 2; side++) {
        char name[NET_NAME_MAX + 16];
        part_layer_title(m, layers[side], name, sizeof name);
        there[side] = open_card(ui, m, side == 0 ? left : right, layers[side], name, &map[side], &in[side]);
    }
    const float top = fmaxf(in[0].y, in[1].y), bottom = in[0].y + in[0].h;
    const Rect whole = {0, 0, in[0].w, bottom - top};
    MapGrid fit = part_fit(ui, larger, whole, MIN_TILE, MAX_TILE);
    fit = part_fit(ui, larger, whole, MIN_TILE, twin_tile(ui, &fit, shapes[0], shapes[1]));
    const Shape smaller = larger.h == shapes[0].h && larger.w == shapes[0].w ? shapes[1] : shapes[0];
    if (twin_grid(ui, &fit, smaller).tile < MIN_TILE - 0.01f) /* then those have to fit, and the larger ones have the gaps */
        fit = part_fit(ui, smaller, whole, MIN_TILE, MAX_TILE);
    float offset[2];
    for (int side = 0; side < 2; side++) {
        const MapGrid own = twin_grid(ui, &fit, shapes[side]);
        Rect room = {in[side].x, top, in[side].w, bottom - top};
        offset[side] = v->scroll[SCROLL_OUTPUT].offset;
        if (!there[side])
            continue;
        rect_cut_top(&room, part_maps_as(ui, m, v, room, layers[side], &map[side], &own, SCROLL_INPUT + side, &v->scroll[SCROLL_OUTPUT]));
        room.y = roundf(fmaxf(room.y, top + map_grid_height(&fit)));
        room.h = bottom - room.y;
        if (there[1] && larger.h >= 2 && room.h >= strongest_least(fit.tile))
            strongest(ui, m, v, room, &map[side],
                      &(Strongest){.layer = layers[side], .count = shapes[side].c, .by = map[1].channels->hi, .tile = fit.tile, .room = larger, .must = window_channel(m, v),
                                   .heading = model_text(m, side == 0 ? STR_SAME_BEFORE : STR_STRONGEST), .color = ui->theme->text_dim});
    }
    if (offset[1] > offset[0] || offset[1] < offset[0] || v->scroll[SCROLL_OUTPUT].offset > offset[1] || v->scroll[SCROLL_OUTPUT].offset < offset[1])
        ui->want_frame = true; /* the left one was drawn where it was before the right one was scrolled */
}

/* How much of two cards beside each other is maps when the left one has this share of the width. */
static float covered(const Ui *ui, Shape left, Shape right, Rect area, float share)
{
    const float w = floorf(area.w * share);
    float sum = 0;
    for (int side = 0; side < 2; side++) {
        const Rect in = {0, 0, (side == 0 ? w : area.w - w) - 2 * PART_CARD_PAD, area.h - 2 * PART_CARD_PAD - 21};
        const MapGrid grid = part_fit(ui, side == 0 ? left : right, in, MIN_TILE, MAX_TILE);
        const float worth = map_is_averaged(ui, &grid) ? 0.85f : 1; /* a map as it is, is worth more than one a little smaller */
        sum += worth * map_grid_width(&grid) * fminf(map_grid_height(&grid), in.h);
    }
    return sum;
}

/* The share with which most of the stage is maps; `usual` where another would gain little. */
static float best_share(const Ui *ui, Shape left, Shape right, Rect area, float usual)
{
    float best = usual, most = 1.08f * covered(ui, left, right, area, usual);
    for (int percent = 30; percent <= 70; percent += 2) {
        const float share = (float)percent / 100, sum = covered(ui, left, right, area, share);
        if (sum > most || (sum >= most && fabsf(share - usual) < fabsf(best - usual))) {
            most = sum;
            best = share;
        }
    }
    return best;
}

static void op_words(const Model *m, const Layer *l, char *above, char *below, size_t size)
{
    above[0] = below[0] = '\0';
    if (l->k > 0 && l->op != OP_LRN)
        snprintf(above, size, l->stride > 1 ? "%d×%d /%d" : "%d×%d", l->k, l->k, l->stride);
    else if (l->op == OP_DROPOUT)
        snprintf(above, size, "%s", model_text(m, STR_IDENTITY));
    if (l->relu)
        snprintf(below, size, "%s", model_text(m, STR_RELU));
}

static void class_card(Ui *ui, Model *m, Rect r, int layer, const char *caption)
{
    LayerMap map;
    char shape[NUM_MAX], dim[128];
    const bool means = source_trained(&m->source->source, model_net(m)->layers[layer].head);
    num_shape(shape, model_net(m)->layers[layer].out);
    snprintf(dim, sizeof dim, "%s%s%s", shape, means ? "" : " · ", means ? "" : model_text(m, STR_NO_MEANING));
    Rect in = part_card(ui, r, caption, dim, 0);
    if (compute_map(m->compute, layer, &map))
        class_bars(ui, m, in, layer, &map);
    else
        ui_text(ui, in, part_small(ui), ALIGN_CENTER, model_text(m, STR_NOT_COMPUTED));
}

/* ---- the stage ----------------------------------------------------------------------------------------------------------------- */

/* A small triangle below the arrow: the window slides over the map once; two bars while it does. */
static void slide_button(Ui *ui, Session *session, Rect gap)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const bool runs = m->playing && play_slides(&session->play, m);
    const float r = 10, x = gap.x + floorf(gap.w / 2), y = gap.y + floorf(gap.h / 2) + 44;
    const Rect button = {x - r - 2, y - r - 2, 2 * r + 4, 2 * r + 4};
    ui_round(ui, (Rect){x - r, y - r, 2 * r, 2 * r}, r, ui_hover(ui, button) || runs ? t->accent : color_alpha(t->accent, 0.75f));
    part_play_icon(ui, x, y, 5, runs, t->accent_text);
    if (ui_click(ui, ui_id("slide", 0), button))
        session_do(session, VERB_SLIDE);
    ui_item(ui, button, "button", model_text(m, STR_HELP_SLIDE));
    part_verb_tip(ui, m, button, STR_SLIDE_TIP, VERB_SLIDE);
}

/* Returns where the gap between input and output begins. */
static float layer_stage(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    char above[48], below[48], name[NET_NAME_MAX + 16];
    const bool kernels = part_kernels_are_colours(net, m->at);
    const bool bars = class_bars_for(net, m->at);
    const int input = l->inputs[0];
    const Layer *in_layer = &net->layers[input];
    const Rect both = {0, 0, area.w - ARROW, area.h};
    const bool twins = !kernels && !bars && !class_bars_for(net, input) && twin_layer(l);
    const float share = twins ? 0.5f : kernels ? 0.22f : bars ? 0.42f : best_share(ui, in_layer->out, l->out, both, l->out.h < l->in.h ? 0.52f : 0.46f);
    Rect left = rect_cut_left(&area, floorf(both.w * share)), gap = rect_cut_left(&area, ARROW);
    op_words(m, l, above, below, sizeof above);
    part_op_arrow(ui, gap, above, below);
    if (sliding_layer(l) && l->out.h * l->out.w > 1)
        slide_button(ui, session, gap);
    part_layer_title(m, input, name, sizeof name);
    if (twins) {
        twin_cards(ui, m, v, left, (Rect){area.x, area.y, left.w, left.h});
        return gap.x + 6;
    }
    if (kernels) {
        left.h = fminf(left.h, left.w * 3 + 60);
        map_card(ui, m, v, left, input, name, SCROLL_INPUT);
        Rect filters = rect_cut_left(&area, floorf(area.w * 0.36f));
        char caption[64];
        snprintf(caption, sizeof caption, model_text(m, STR_KERNELS_RGB), l->out.c);
        part_kernels(ui, m, v, part_card(ui, filters, caption, "", 0), m->at, 56);
        rect_cut_left(&area, 20);
    } else if (class_bars_for(net, input)) {
        class_card(ui, m, left, input, name);
    } else {
        map_card(ui, m, v, left, input, name, SCROLL_INPUT);
    }
    part_layer_title(m, m->at, name, sizeof name);
    if (bars && part_lit(m, v, m->at))
        part_light(ui, area);
    if (bars)
        class_card(ui, m, area, m->at, model_text(m, l->op == OP_SOFTMAX ? STR_PROBABILITIES : STR_SCORES));
    else
        map_card(ui, m, v, area, m->at, name, SCROLL_OUTPUT);
    return gap.x + 6;
}

void view_stage(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    float bend = 0;
    window_marks_begin(session, v);
    if (walk_is_module(model_net(m), m->at)) {
        view_module(ui, session, v, area);
    } else if (model_net(m)->layers[m->at].op == OP_INPUT) {
        input_stage(ui, m, v, area);
    } else {
        title(ui, m, &area);
        rect_cut_top(&area, 8);
        bend = layer_stage(ui, session, v, area);
    }
    window_marks_end(ui, v, bend);
}
