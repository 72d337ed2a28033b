/* weights_group.c - texts about a group of input channels in the weights view; see weights.h. */
#include "app/views/weights.h"

#include <stdio.h>

Color weights_group_color(const Ui *ui, const KernelGroup *g)
{
    return g->branch != BRANCH_NONE ? ui->theme->branch_text[g->branch] : ui->theme->text_dim;
}

void weights_group_name(const Model *m, const KernelGroup *g, char *out, size_t size)
{
    char name[NET_NAME_MAX + 32], from[NET_NAME_MAX + 64];
    cursor_text(model_net(m), (Cursor){g->layer, -1, -1, -1}, name, sizeof name);
    snprintf(from, sizeof from, model_text(m, STR_FROM_BRANCH), name);
    snprintf(out, size, "%s · %d–%d", from, g->first, g->first + g->count - 1);
}

void weights_group_share(const Model *m, double sum, double values, double all, char *out, size_t size)
{
    char mean[NUM_MAX], share[NUM_MAX];
    snprintf(out, size, model_text(m, STR_GROUP_SHARE), num_value(mean, values > 0 ? sum / values : 0), num_percent(share, all > 0 ? sum / all : 0));
}

const KernelGroup *weights_group_of(const LayerKernels *kernels, int c)
{
    for (int g = 0; g < kernels->group_count; g++)
        if (c >= kernels->group[g].first && c < kernels->group[g].first + kernels->group[g].count)
            return &kernels->group[g];
    return &kernels->group[0];
}
