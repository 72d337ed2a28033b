/* overfit_shown.c - which numbers of a training step are shown, and in which color; see overfit_view.h. */
#include "app/views/overfit_view.h"

#include <stdio.h>

/* Below a millionth a loss is only a float's rounding error. */
char *overfit_loss_text(char out[NUM_MAX], double loss)
{
    if (loss >= 1e-6)
        return num_value(out, loss);
    snprintf(out, NUM_MAX, "<1e-06");
    return out;
}

Color overfit_color(const Ui *ui, int head)
{
    return head == 0 ? ui->theme->accent : ui->theme->branch_text[1 + (head - 1) % 3];
}

double overfit_shown(const Model *m)
{
    return m->overfit.job != NULL && !m->overfit.hurry ? m->overfit.shown : OVERFIT_PARTS;
}

/* The last step's own numbers, while those of the weights after it are not known: steps follow each other. */
const OverfitStep *overfit_last(const Model *m)
{
    const Overfit *o = &m->overfit;
    return o->last.flow != NULL && !o->undone && m->gradients.key.weights_version != m->weights_version ? &o->last : NULL;
}

double overfit_head_loss(const Model *m, int head)
{
    const OverfitStep *last = overfit_last(m);
    return last != NULL ? last->result.losses.head[head] : m->gradients.flow.heads[head].loss;
}

double overfit_flow(const Model *m, int layer)
{
    const OverfitStep *last = overfit_last(m);
    const LossGradients *flow = &m->gradients.flow;
    if (last != NULL)
        return last->flow[layer];
    for (int i = 0; i < flow->layer_count; i++)
        if (flow->layers[i].layer == layer)
            return loss_gradients_map_rms(model_net(m), &flow->layers[i], PASS_WITH_AUX);
    return -1;
}
