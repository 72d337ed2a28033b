/* view_stage.c - a layer (a whole module is view_module.c): what goes in on the left, what comes out on the right, and between them what
 * happens. A first convolution also shows its kernels as colours; scores are bars; the input has its own file, input_stage.c. */
#include "app/model/walk.h"
#include "app/views/class_bars.h"
#include "app/views/input_stage.h"
#include "app/views/parts.h"
#include "app/views/strongest.h"
#include "app/views/views.h"

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

/* A card with all maps of a layer. */
static void map_card(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const char *caption, int slot)
{
    const Layer *l = &model_net(m)->layers[layer];
    LayerMap map;
    char shape[NUM_MAX], range[96] = "", dim[192];
    const bool there = compute_map(m->compute, layer, &map);
    if (there)
        part_range_text(m, layer, &map, range, sizeof range);
    snprintf(dim, sizeof dim, "%s%s%s", num_shape(shape, l->out), there ? " · " : "", range);
    Rect in = part_card(ui, r, caption, dim, l->branch != BRANCH_NONE ? ui->theme->branch[l->branch] : 0);
    if (!there) {
        ui_text(ui, in, part_small(ui), ALIGN_CENTER, model_text(m, STR_NOT_COMPUTED));
        return;
    }
    const float used = part_maps_fit(ui, m, v, in, layer, &map, MIN_TILE, MAX_TILE, slot), tile = part_fit(ui, map.shape, in, MIN_TILE, MAX_TILE).tile;
    rect_cut_top(&in, used);
    if (in.h < strongest_least(tile) || map.shape.h < 2)
        return;
    /* Where channels keep their places, input and output show the same ones. */
    const Layer *at = &model_net(m)->layers[m->at];
    LayerMap out;
    const bool same = (at->op == OP_LRN || at->op == OP_MAXPOOL || at->op == OP_AVGPOOL) && compute_map(m->compute, m->at, &out);
    strongest(ui, m, v, in, &map,
              &(Strongest){.layer = layer, .count = map.shape.c, .by = same ? out.channels->hi : map.channels->hi, .tile = tile,
                           .heading = model_text(m, STR_STRONGEST), .color = ui->theme->text_dim});
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

void view_stage(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    char above[48], below[48], name[NET_NAME_MAX + 16];
    if (walk_is_module(net, m->at)) {
        view_module(ui, session, v, area);
        return;
    }
    if (l->op == OP_INPUT) {
        input_stage(ui, m, v, area);
        return;
    }
    title(ui, m, &area);
    rect_cut_top(&area, 8);
    const bool kernels = part_kernels_are_colours(net, m->at);
    const bool bars = class_bars_for(net, m->at);
    const int input = l->inputs[0];
    const Layer *in_layer = &net->layers[input];
    const Rect both = {0, 0, area.w - ARROW, area.h};
    const float share = kernels ? 0.22f : bars ? 0.42f : best_share(ui, in_layer->out, l->out, both, l->out.h < l->in.h ? 0.52f : 0.46f);
    Rect left = rect_cut_left(&area, floorf(both.w * share)), gap = rect_cut_left(&area, ARROW);
    op_words(m, l, above, below, sizeof above);
    part_layer_title(m, input, name, sizeof name);
    if (kernels) {
        left.h = fminf(left.h, left.w * 3 + 60);
        map_card(ui, m, v, left, input, name, SCROLL_INPUT);
        part_op_arrow(ui, gap, above, below);
        Rect filters = rect_cut_left(&area, floorf(area.w * 0.36f));
        char caption[64];
        snprintf(caption, sizeof caption, model_text(m, STR_KERNELS_RGB), l->out.c);
        part_kernels(ui, m, v, part_card(ui, filters, caption, "", 0), m->at, 56);
        gap = rect_cut_left(&area, 20);
    } else if (class_bars_for(net, input)) {
        class_card(ui, m, left, input, name);
        part_op_arrow(ui, gap, above, below);
    } else {
        map_card(ui, m, v, left, input, name, SCROLL_INPUT);
        part_op_arrow(ui, gap, above, below);
    }
    part_layer_title(m, m->at, name, sizeof name);
    if (bars && part_lit(m, v, m->at))
        part_light(ui, area);
    if (bars)
        class_card(ui, m, area, m->at, model_text(m, l->op == OP_SOFTMAX ? STR_PROBABILITIES : STR_SCORES));
    else
        map_card(ui, m, v, area, m->at, name, SCROLL_OUTPUT);
}
