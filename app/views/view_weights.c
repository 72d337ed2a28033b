/* view_weights.c - the kernels of a convolution. Without a selection all of them: as pictures if they read the input's colours
 * (part_kernels.c), else as matrices (weights_matrix.c). With one all slices of that kernel (weights_kernel.c). */
#include "app/views/weights.h"
#include "app/views/views.h"

#include <stdio.h>

void view_weights(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const int layer = m->cursor.channel >= 0 && net->layers[m->cursor.layer].weight >= 0 ? m->cursor.layer : m->at;
    const Layer *l = &net->layers[layer];
    char title[128], says[160], name[NET_NAME_MAX + 32];
    cursor_text(net, (Cursor){layer, -1, -1, -1}, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_WEIGHTS_OF), name);
    if (l->weight < 0) {
        part_stage_title(ui, &area, title, model_text(m, STR_NO_WEIGHTS));
        return;
    }
    const LayerKernels kernels = layer_kernels(net, model_weights(m), layer);
    snprintf(says, sizeof says, model_text(m, STR_WEIGHTS_SAYS), kernels.count, kernels.k, kernels.k, kernels.channels);
    part_stage_title(ui, &area, title, says);
    rect_cut_top(&area, 8);
    if (m->cursor.layer == layer && m->cursor.channel >= 0) {
        weights_kernel(ui, m, v, area, &kernels, m->cursor.channel);
    } else if (part_kernels_are_colours(net, layer)) {
        ui_panel(ui, area);
        part_kernels(ui, m, v, rect_inset(area, 16), layer, 160);
    } else {
        weights_matrix(ui, m, v, area, &kernels);
    }
}
