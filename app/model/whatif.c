/* whatif.c - see whatif.h. */
#include "app/model/whatif.h"
#include "app/model/source.h"

#include <stdlib.h>
#include <string.h>

bool whatif_target(const Net *net, int layer, int channel, int *target, int *target_channel)
{
    if (channel < 0)
        return false;
    const Layer *l = &net->layers[layer];
    Address twin;
    if (l->op == OP_CONCAT) {
        if (!net_address_twin(net, (Address){.layer = layer, .channel = channel}, &twin))
            return false;
        layer = twin.layer;
        channel = twin.channel;
        l = &net->layers[layer];
    }
    if (l->op != OP_CONV && l->op != OP_FC)
        return false;
    *target = layer;
    *target_channel = channel;
    return true;
}

/* Where a layer's channels stand among all channels of all layers. */
static size_t scale_index(const Net *net, int layer, int channel)
{
    size_t index = 0;
    for (int l = 0; l < layer; l++)
        index += (size_t)net->layers[l].out.c;
    return index + (size_t)channel;
}

static bool begin(WhatIf *w, const Net *net, const float *weights)
{
    if (w->weights != NULL)
        return true;
    const size_t channels = scale_index(net, net->layer_count - 1, net->layers[net->layer_count - 1].out.c);
    float *copy = copy_floats(weights, net->weight_count), *scales = malloc(channels * sizeof *scales);
    uint64_t *stamps = calloc((size_t)net->layer_count, sizeof *stamps);
    if (copy == NULL || scales == NULL || stamps == NULL) {
        free(copy);
        free(scales);
        free(stamps);
        return false;
    }
    for (size_t i = 0; i < channels; i++)
        scales[i] = 1;
    w->weights = copy;
    w->scales = scales;
    w->stamps = stamps;
    return true;
}

/* Scales row `channel` of a parameter whose first dimension is the output channel. */
static void scale_param(float *to, const float *from, const Net *net, int param, int channel, float scale)
{
    if (param < 0)
        return;
    const Param *p = &net->params[param];
    const size_t row = p->count / (size_t)p->dims[0], first = p->offset + row * (size_t)channel;
    for (size_t i = first; i < first + row; i++)
        to[i] = from[i] * scale;
}

bool whatif_scale(WhatIf *w, const Net *net, const float *weights, int layer, int channel, float scale)
{
    if (!begin(w, net, weights))
        return false;
    const Layer *l = &net->layers[layer];
    if (l->bn) { /* y = (x - mean) / deviation * gamma + beta: scaling gamma and beta scales y */
        scale_param(w->weights, weights, net, l->bn_param, channel, scale);
        scale_param(w->weights, weights, net, l->bn_param + 1, channel, scale);
    } else {
        scale_param(w->weights, weights, net, l->weight, channel, scale);
        scale_param(w->weights, weights, net, l->bias_param, channel, scale);
    }
    w->scales[scale_index(net, layer, channel)] = scale;
    w->stamps[layer] = ++w->edits;
    return true;
}

float whatif_scale_of(const WhatIf *w, const Net *net, int layer, int channel)
{
    return w->scales != NULL ? w->scales[scale_index(net, layer, channel)] : 1;
}

bool whatif_weight(WhatIf *w, const Net *net, const float *weights, size_t index, float value)
{
    if (!begin(w, net, weights))
        return false;
    int param = 0;
    while (index >= net->params[param].offset + net->params[param].count)
        param++;
    w->weights[index] = value;
    w->stamps[net->params[param].layer] = ++w->edits;
    return true;
}

void whatif_remember(WhatIf *w, float *before, int count)
{
    assert(w->before == NULL);
    w->before = before;
    w->before_count = before != NULL ? count : 0;
}

void whatif_restore(WhatIf *w)
{
    free(w->weights);
    free(w->scales);
    free(w->stamps);
    free(w->before);
    *w = (WhatIf){.edits = w->edits};
}
