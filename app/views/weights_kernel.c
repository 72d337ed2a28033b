/* weights_kernel.c - one kernel of a layer: all its slices, grouped by where its input channels come from. See weights.h. */
#include "app/views/weights.h"

#include <math.h>
#include <stdio.h>

/* The heading: number, bias, mean size. */
static void kernel_heading(Ui *ui, const Model *m, Rect r, const LayerKernels *kernels, int kernel, double sum)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[kernels->layer];
    char text[64], mean[96], right[256], number[NUM_MAX];
    snprintf(text, sizeof text, model_text(m, STR_KERNEL_N), kernel);
    snprintf(mean, sizeof mean, model_text(m, STR_MEAN_ABS), num_value(number, sum / (double)(kernels->channels * kernels->taps)));
    snprintf(right, sizeof right, "%s", mean);
    if (l->bias_param >= 0) {
        char bias[96];
        snprintf(bias, sizeof bias, model_text(m, STR_BIAS_IS), num_exact(number, model_weights(m)[net->params[l->bias_param].offset + (size_t)kernel]));
        snprintf(right, sizeof right, "%s · %s", bias, mean);
    }
    ui_pair(ui, r, part_bold(ui), text, part_small(ui), right);
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
static void colour_kernel(Ui *ui, Model *m, ViewState *v, Rect in, const LayerKernels *kernels, int kernel, const float *pair)
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

/* The largest tile with which all groups' slices fit; *height is their height. */
static float slices_fit(const Ui *ui, const LayerKernels *kernels, Rect in, float *height)
{
    float tile = 14;
    for (float want = 64; want >= 12; want -= 1) {
        tile = kernels->k > 1 ? map_tile_sharp(ui, kernels->k, kernels->k, want) : floorf(want / 2);
        const int columns = (int)fmaxf((in.w - 10) / (tile + 2), 1);
        *height = 0;
        for (int g = 0; g < kernels->group_count; g++)
            *height += 24 + (float)((kernels->group[g].count + columns - 1) / columns) * (tile + 2) + 8;
        if (*height <= in.h)
            break;
    }
    return tile;
}

void weights_kernel(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel)
{
    const KernelSize size = kernel_size(kernels, kernel);
    float height = 0;
    char text[192], share[96];
    ui_panel(ui, area);
    Rect in = rect_inset(area, 14);
    kernel_heading(ui, m, rect_cut_top(&in, 22), kernels, kernel, size.total);
    const float *pair = part_range_pair(v, 0 - size.reach, size.reach); /* a silent kernel has 0, not -0 */
    if (part_kernels_are_colours(model_net(m), kernels->layer)) {
        colour_kernel(ui, m, v, in, kernels, kernel, pair);
        return;
    }
    part_legend(ui, (Rect){in.x + in.w - 260, in.y + 2, 260, 18}, MAP_SIGNED, pair[0], pair[1]);
    const float tile = slices_fit(ui, kernels, in, &height);
    Rect body = ui_scroll_begin(ui, ui_id("slices", 0), in, &v->scroll[SCROLL_EXTRA], height);
    for (int g = 0; g < kernels->group_count; g++) {
        const KernelGroup *group = &kernels->group[g];
        Rect label = rect_cut_top(&body, 24);
        label.w -= g == 0 ? 270 : 0;
        if (group->branch != BRANCH_NONE) {
            const Rect mark = rect_cut_left(&label, 10);
            ui_round(ui, (Rect){mark.x, mark.y + 3, 4, mark.h - 6}, 2, ui->theme->branch[group->branch]);
        }
        weights_group_name(m, group, text, sizeof text);
        const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, weights_group_color(ui, group));
        rect_cut_left(&label, ui_text(ui, label, style, ALIGN_LEFT, text) + 12);
        weights_group_share(m, size.sum[g], (double)(group->count * kernels->taps), size.total, share, sizeof share);
        part_text_fit(ui, label, part_caption(ui), share);
        MapGrid grid = slice_grid(m, kernels, kernel, pair);
        grid.tile = tile;
        grid.columns = (int)fmaxf((in.w - 10) / (tile + 2), 1);
        grid.first = group->first;
        grid.count = group->count;
        slice_weight(ui, m, v, body, &grid, kernels, kernel, ui_maps(ui, body, &grid, "weights"));
        rect_cut_top(&body, map_grid_height(&grid) + 8);
    }
    ui_scroll_end(ui);
}
