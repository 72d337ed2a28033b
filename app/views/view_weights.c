/* view_weights.c - the kernels of a convolution. A module shows those of its four branches (weights_module.c); a convolution that reads the
 * input's colours shows all of them as pictures (part_kernels.c). Any other layer has one kernel with all its inputs, the largest weights
 * first (weights_kernel.c), and beside it all kernels as matrices (weights_matrix.c). */
#include "app/model/walk.h"
#include "app/views/class_bars.h"
#include "app/views/weights.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

/* One kernel, and beside it where it is among all. Without a selection it is the predicted class's, or the one with the
 * largest weights. */
static void kernel_and_matrix(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels)
{
    const float GAP = 14, LEAST = 560;
    const bool chosen = m->cursor.layer == kernels->layer && m->cursor.channel >= 0;
    if (!chosen && !rank_kernels(kernels, part_weights_version(m, kernels->layer, (1 << 15) + 3), &v->ranked_kernels[0]))
        return;
    Guess answer;
    const bool classes = class_bars_for(model_net(m), kernels->layer) && model_top(m, &answer, 1) == 1;
    const int kernel = chosen ? m->cursor.channel : classes ? answer.index : v->ranked_kernels[0].order[0];
    if (area.w < LEAST && !chosen) {
        weights_matrix(ui, m, v, area, kernels, -1);
        return;
    }
    const Rect right = rect_cut_right(&area, area.w >= LEAST ? floorf(area.w * 0.4f) : 0);
    if (right.w > 0)
        rect_cut_right(&area, GAP);
    weights_kernel(ui, m, v, area, kernels, kernel);
    if (right.w > 0)
        weights_matrix(ui, m, v, right, kernels, kernel);
}

void view_weights(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const int layer = m->cursor.channel >= 0 && net->layers[m->cursor.layer].weight >= 0 ? m->cursor.layer : m->at;
    const Layer *l = &net->layers[layer];
    char title[128], says[160], name[NET_NAME_MAX + 32];
    cursor_text(net, (Cursor){layer, -1, -1, -1}, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_WEIGHTS_OF), name);
    if (walk_is_module(net, layer)) {
        part_stage_title(ui, &area, title, model_text(m, STR_WEIGHTS_MODULE_SAYS));
        rect_cut_top(&area, 8);
        weights_module(ui, m, v, area, layer);
        return;
    }
    if (l->weight < 0) {
        part_stage_title(ui, &area, title, model_text(m, STR_NO_WEIGHTS));
        return;
    }
    const LayerKernels kernels = layer_kernels(net, model_weights(m), layer);
    if (l->op == OP_FC)
        snprintf(says, sizeof says, model_text(m, STR_WEIGHTS_SAYS_FC), kernels.count, kernels.channels);
    else
        snprintf(says, sizeof says, model_text(m, STR_WEIGHTS_SAYS), kernels.count, kernels.k, kernels.k, kernels.channels);
    part_stage_title(ui, &area, title, says);
    rect_cut_top(&area, 8);
    if (!part_kernels_are_colours(net, layer)) {
        kernel_and_matrix(ui, m, v, area, &kernels);
    } else if (m->cursor.layer == layer && m->cursor.channel >= 0) {
        weights_colour_kernel(ui, m, v, area, &kernels, m->cursor.channel);
    } else {
        ui_panel(ui, area);
        part_kernels(ui, m, v, rect_inset(area, 16), layer, 160);
    }
}
