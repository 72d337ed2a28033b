/* weights_kernel.c - one kernel of a layer: its slices, the largest weights first, each beside the map that it reads. See weights.h. */
#include "app/model/walk.h"
#include "app/views/class_bars.h"
#include "app/views/weights.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The heading: number, bias, mean size. */
static void kernel_heading(Ui *ui, const Model *m, Rect r, const LayerKernels *kernels, int kernel, double sum)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[kernels->layer];
    char text[128], mean[96], right[256], number[NUM_MAX];
    snprintf(text, sizeof text, model_text(m, l->op == OP_FC ? STR_OUTPUT_N : STR_KERNEL_N), kernel);
    if (class_bars_for(net, kernels->layer)) {
        char name[48];
        part_class_name(m, kernel, name, sizeof name);
        snprintf(text + strlen(text), sizeof text - strlen(text), " · %s", name);
    }
    snprintf(mean, sizeof mean, model_text(m, STR_MEAN_ABS), num_value(number, sum / (double)(kernels->channels * kernels->taps)));
    snprintf(right, sizeof right, "%s", mean);
    if (l->bias_param >= 0) {
        char bias[96];
        snprintf(bias, sizeof bias, model_text(m, STR_BIAS_IS), num_exact(number, model_weights(m)[net->params[l->bias_param].offset + (size_t)kernel]));
        snprintf(right, sizeof right, "%s · %s", bias, mean);
    }
    if (ui_text_width(ui, part_bold(ui), text) + ui_text_width(ui, part_small(ui), right) + 12 > r.w)
        snprintf(right, sizeof right, "%s", mean); /* no room for the bias */
    if (ui_text_width(ui, part_bold(ui), text) + ui_text_width(ui, part_small(ui), right) + 12 > r.w)
        right[0] = '\0';
    char cut[128];
    part_cut(ui, part_bold(ui), text, r.w, cut, sizeof cut);
    ui_pair(ui, r, part_bold(ui), cut, part_small(ui), right);
}

/* The weight under the pointer; a click chooses it for editing. The chosen one is framed. */
static void slice_weight(Ui *ui, const Model *m, ViewState *v, Rect place, const MapGrid *grid, const LayerKernels *kernels, int kernel, MapHit hit)
{
    char text[128], number[NUM_MAX];
    const Param *p = &model_net(m)->params[model_net(m)->layers[kernels->layer].weight];
    const size_t row = p->offset + (size_t)kernel * (size_t)kernels->channels * (size_t)kernels->taps, first = row + (size_t)grid->first * (size_t)kernels->taps;
    if (v->weight_layer == kernels->layer && v->weight >= first && v->weight < first + (size_t)grid->count * (size_t)kernels->taps) {
        const int i = (int)(v->weight - row), tap = i % kernels->taps;
        part_choose_weight(ui, v, map_cell_rect(place, grid, i / kernels->taps, tap / kernels->k, tap % kernels->k), kernels->layer, v->weight);
    }
    if (hit.channel < 0)
        return;
    const size_t index = row + (size_t)((hit.channel * kernels->k + hit.y) * kernels->k + hit.x);
    part_choose_weight(ui, v, map_cell_rect(place, grid, hit.channel, hit.y, hit.x), kernels->layer, index);
    snprintf(text, sizeof text, "w[%d, %d, %d, %d] = %s", kernel, hit.channel, hit.y, hit.x,
             num_exact(number, layer_kernel(kernels, kernel)[(hit.channel * kernels->k + hit.y) * kernels->k + hit.x]));
    ui_tooltip(ui, text);
}

static MapGrid slice_grid(const Model *m, const LayerKernels *kernels, int kernel, const float *pair)
{
    return (MapGrid){.data = layer_kernel(kernels, kernel), .c = kernels->channels, .h = kernels->k, .w = kernels->k,
                     .version = part_weights_version(m, kernels->layer, kernel), .map = MAP_SIGNED, .lo = &pair[0], .hi = &pair[1],
                     .range_count = 1, .gap = 2};
}

/* A kernel that reads colours: as a picture, then its weights for each colour, then the map that it makes. */
static void colour_parts(Ui *ui, Model *m, ViewState *v, Rect in, const LayerKernels *kernels, int kernel, const float *pair)
{
    const Net *net = model_net(m);
    MapGrid picture, grid = slice_grid(m, kernels, kernel, pair);
    LayerMap map;
    char text[64];
    if (!part_kernel_grid(m, v, kernels->layer, kernel, 1, &picture))
        return;
    const float gap = 18, tile = map_tile_sharp(ui, kernels->k, kernels->k, fminf((in.w - 3 * gap) / 4, in.h * 0.4f));
    picture.columns = grid.columns = grid.count = 1;
    picture.tile = grid.tile = tile;
    Rect row = rect_cut_top(&in, tile + 28), cell = rect_cut_left(&row, tile + gap);
    ui_text(ui, (Rect){cell.x, cell.y, tile, 20}, part_caption(ui), ALIGN_LEFT, model_text(m, STR_IN_COLOUR));
    ui_maps(ui, (Rect){cell.x, cell.y + 22, tile, tile}, &picture, "kernels");
    for (int c = 0; c < 3; c++) {
        cell = rect_cut_left(&row, tile + gap);
        snprintf(text, sizeof text, model_text(m, STR_CHANNEL_IS_COLOUR), c, model_text(m, part_input_colour(net, c)));
        ui_text(ui, (Rect){cell.x, cell.y, tile, 20}, part_caption(ui), ALIGN_LEFT, text);
        grid.first = c;
        const Rect place = {cell.x, cell.y + 22, tile, tile};
        slice_weight(ui, m, v, place, &grid, kernels, kernel, ui_maps(ui, place, &grid, "weights"));
    }
    Rect legend = rect_cut_top(&in, 24);
    rect_cut_left(&legend, tile + gap);
    part_legend(ui, (Rect){legend.x, legend.y + 2, fminf(legend.w, 3 * tile + 2 * gap), 18}, MAP_SIGNED, pair[0], pair[1]);
    rect_cut_top(&in, 8);
    if (in.h < 90 || !compute_map(m->compute, kernels->layer, &map))
        return;
    MapGrid out = part_grid(m, v, kernels->layer, &map, kernel, 1);
    out.columns = 1;
    out.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, fminf(in.h - 22, (in.w - gap) / 2));
    Rect labels = rect_cut_top(&in, 20);
    const Rect seen = {in.x, in.y, out.tile, out.tile}, made = {in.x + out.tile + gap, in.y, out.tile, out.tile};
    ui_text(ui, labels, part_caption(ui), ALIGN_LEFT, model_text(m, STR_AS_SEEN));
    part_picture(ui, &m->picture, seen, NULL);
    labels.x = made.x;
    ui_text(ui, labels, part_caption(ui), ALIGN_LEFT, model_text(m, STR_ITS_MAP));
    part_maps(ui, m, v, made, kernels->layer, &map, &out);
}

/* The panel, the heading, and the range of the kernel's colours. Returns the room inside. */
static Rect kernel_card(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel, const float **pair)
{
    const KernelSize size = kernel_size(kernels, kernel);
    ui_panel(ui, area);
    Rect in = rect_inset(area, 14);
    kernel_heading(ui, m, rect_cut_top(&in, 22), kernels, kernel, size.total);
    *pair = part_range_pair(v, 0 - size.reach, size.reach); /* a silent kernel has 0, not -0 */
    return in;
}

void weights_colour_kernel(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel)
{
    const float *pair;
    const Rect in = kernel_card(ui, m, v, area, kernels, kernel, &pair);
    colour_parts(ui, m, v, in, kernels, kernel, pair);
}

/* ---- the inputs ------------------------------------------------------------------------------------------------------------------------ */

/* The layer whose maps a kernel's inputs are shown with: what it reads, or for single values the maps that they are the averages of. A
 * fully connected layer over larger maps reads each of their places: `places` of them in each map. */
static int maps_of(const Net *net, const LayerKernels *kernels, int *places)
{
    const Layer *l = &net->layers[kernels->layer];
    const int input = l->inputs[0], made = walk_channels_of(net, input);
    *places = l->op == OP_FC ? l->in.h * l->in.w : 1;
    return *places == 1 && net->layers[input].out.h == 1 && net->layers[made].out.c == net->layers[input].out.c ? made : input;
}

/* Where each input is: a square of this pitch, its slice at the left, its map at the right, two lines of text below. */
typedef struct InputCells {
    float slice, map, pitch;
    int columns;
} InputCells;

static InputCells cells_of(const Ui *ui, const LayerKernels *kernels, Shape map, float width, float room)
{
    InputCells c = {.slice = map_tile_sharp(ui, kernels->k, kernels->k, room), .map = map_tile_sharp(ui, map.h, map.w, room)};
    c.pitch = fmaxf(c.slice + c.map + 12, fmaxf(c.slice, c.map) + 42);
    c.columns = (int)fmaxf(floorf((width + 6) / c.pitch), 1);
    return c;
}

/* The largest with which all inputs are in sight, if there are so few. */
static InputCells input_cells(const Ui *ui, const LayerKernels *kernels, Shape map, Rect in)
{
    for (float room = 196; room > 56; room -= 14) {
        const InputCells c = cells_of(ui, kernels, map, in.w, room);
        if (c.pitch <= in.w && (float)((kernels->channels + c.columns - 1) / c.columns) * c.pitch <= in.h)
            return c;
    }
    return cells_of(ui, kernels, map, in.w, in.w >= 640 ? 56 : 44);
}

/* "3x3[41]" in its branch's colour, or "[41]", and the sum of |w|, or the weight itself if it is only one. */
static void input_words(Ui *ui, const Model *m, Rect r, const LayerKernels *kernels, int kernel, int c, int places)
{
    const KernelGroup *group = weights_group_of(kernels, c);
    char name[NET_NAME_MAX + 32], cut[NET_NAME_MAX + 32], number[NUM_MAX], value[NUM_MAX + 16];
    const int input = kernel_input(kernels, kernel, c) / places;
    if (group->branch != BRANCH_NONE)
        cursor_text(model_net(m), (Cursor){group->layer, input - group->first / places, -1, -1}, name, sizeof name);
    else
        snprintf(name, sizeof name, "[%d]", input); /* all come from one layer, which is named beside the matrix */
    const char *slash = strchr(name, '/');
    const TextStyle style = part_colored(part_caption(ui), group->branch != BRANCH_NONE ? weights_group_color(ui, group) : ui->theme->text);
    part_cut(ui, style, slash != NULL ? slash + 1 : name, r.w, cut, sizeof cut);
    ui_text(ui, rect_cut_top(&r, 14), style, ALIGN_LEFT, cut);
    if (kernels->taps == 1)
        snprintf(value, sizeof value, "w %s", num_value(number, (double)layer_kernel(kernels, kernel)[c]));
    else
        snprintf(value, sizeof value, "Σ|w| %s", num_value(number, (double)slice_size(kernels, kernel, c)));
    part_cut(ui, part_caption(ui), value, r.w, cut, sizeof cut);
    ui_text(ui, rect_cut_top(&r, 14), part_caption(ui), ALIGN_LEFT, cut);
}

static void draw_inputs(Ui *ui, Model *m, ViewState *v, Rect in, const LayerKernels *kernels, int kernel, const float *pair)
{
    const WeightRanks *ranks = &v->ranked_inputs;
    const Net *net = model_net(m);
    LayerMap map;
    int places;
    const int source = maps_of(net, kernels, &places);
    const bool there = compute_map(m->compute, source, &map);
    const InputCells cells = input_cells(ui, kernels, net->layers[source].out, in);
    const int rows = (ranks->count + cells.columns - 1) / cells.columns;
    Rect body = ui_scroll_begin(ui, ui_id("slices", 0), in, &v->scroll[SCROLL_EXTRA], (float)rows * cells.pitch);
    MapGrid slices = slice_grid(m, kernels, kernel, pair);
    slices.tile = cells.slice;
    slices.gap = cells.pitch - cells.slice;
    slices.columns = cells.columns;
    slices.picked = ranks->order;
    slices.count = ranks->count;
    const MapHit hit = ui_maps(ui, body, &slices, "weights");
    part_digits(ui, body, &slices);
    slice_weight(ui, m, v, body, &slices, kernels, kernel, hit);
    int *channels = view_scratch(v, (size_t)ranks->count * sizeof *channels);
    if (there && channels != NULL) {
        MapGrid maps = part_grid(m, v, source, &map, 0, ranks->count);
        for (int i = 0; i < ranks->count; i++)
            channels[i] = kernel_input(kernels, kernel, ranks->order[i]) / places;
        maps.tile = cells.map;
        maps.gap = cells.pitch - cells.map;
        maps.columns = cells.columns;
        maps.picked = channels;
        part_maps(ui, m, v, (Rect){body.x + cells.slice + 4, body.y, body.w, body.h}, source, &map, &maps);
    }
    const float below = fmaxf(cells.slice, cells.map) + 2;
    for (int i = 0; i < ranks->count; i++) {
        const Rect r = {body.x + (float)(i % cells.columns) * cells.pitch, body.y + (float)(i / cells.columns) * cells.pitch + below, cells.pitch - 6, 30};
        if (r.y + r.h > in.y && r.y < in.y + in.h)
            input_words(ui, m, r, kernels, kernel, ranks->order[i], places);
    }
    ui_scroll_end(ui);
}

void weights_kernel(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel)
{
    const float *pair;
    Rect in = kernel_card(ui, m, v, area, kernels, kernel, &pair);
    /* In the order of the network's own weights: what is being changed must not move away. */
    const LayerKernels own = layer_kernels(model_net(m), m->source->source.weights, kernels->layer);
    if (!rank_inputs(&own, kernel, part_weights_version(m, kernels->layer, kernel), &v->ranked_inputs))
        return;
    char says[256], chosen[128] = "";
    if (m->cursor.layer != kernels->layer || m->cursor.channel < 0)
        snprintf(chosen, sizeof chosen, "%s · ", model_text(m, class_bars_for(model_net(m), kernels->layer) ? STR_KERNEL_ANSWER : STR_KERNEL_LARGEST));
    const size_t used = (size_t)snprintf(says, sizeof says, "%s", chosen);
    snprintf(says + used, sizeof says - used, model_text(m, STR_INPUTS_RANKED), kernels->channels);
    const float legend = fminf(190, in.w * 0.5f);
    const bool beside = ui_text_width(ui, part_caption(ui), says) <= in.w - legend - 10;
    if (!beside)
        rect_cut_top(&in, ui_paragraph(ui, in, part_caption(ui), says));
    Rect row = rect_cut_top(&in, 24);
    part_legend(ui, rect_cut_right(&row, legend), MAP_SIGNED, pair[0], pair[1]);
    if (beside)
        ui_text(ui, row, part_caption(ui), ALIGN_LEFT, says);
    draw_inputs(ui, m, v, in, kernels, kernel, pair);
}
