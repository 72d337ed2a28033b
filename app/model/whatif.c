/* whatif.c - a changed copy of a network's weights; see whatif.h. */
#include "app/model/whatif.h"
#include "app/model/source.h"
#include "engine/base/array.h"

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

/* The index of a layer's first channel among all channels of all layers. */
static size_t scale_index(const Net *net, int layer, int channel)
{
    size_t index = 0;
    for (int l = 0; l < layer; l++)
        index += (size_t)net->layers[l].out.c;
    return index + (size_t)channel;
}

/* What the edits change. */
static const float *ground(const WhatIf *w, const float *weights)
{
    return w->trained != NULL ? w->trained : weights;
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

/* Whether scaling a channel changes this parameter. With batch norm: gamma and beta, as y = (x - mean) / deviation * gamma +
 * beta. */
static bool is_scaled(const Net *net, const Param *p)
{
    return net->layers[p->layer].bn ? p->kind == PARAM_BN_GAMMA || p->kind == PARAM_BN_BETA : p->kind == PARAM_WEIGHT || p->kind == PARAM_BIAS;
}

/* Makes row `channel` of a parameter (its first dimension is the output channel) from the network's own weights: edits, then
 * scale. */
static void fill_row(WhatIf *w, const Net *net, const float *weights, const Param *p, int channel)
{
    const float scale = is_scaled(net, p) ? w->scales[scale_index(net, p->layer, channel)] : 1;
    weights = ground(w, weights);
    const size_t row = p->count / (size_t)p->dims[0], first = p->offset + row * (size_t)channel;
    for (size_t i = first; i < first + row; i++)
        w->weights[i] = weights[i] * scale;
    for (int i = 0; i < w->edited_count; i++)
        if (w->edited[i].index >= first && w->edited[i].index < first + row)
            w->weights[w->edited[i].index] = w->edited[i].value * scale;
}

bool whatif_scale(WhatIf *w, const Net *net, const float *weights, int layer, int channel, float scale)
{
    if (!begin(w, net, weights))
        return false;
    w->scales[scale_index(net, layer, channel)] = scale;
    for (int p = 0; p < net->param_count; p++)
        if (net->params[p].layer == layer && is_scaled(net, &net->params[p]))
            fill_row(w, net, weights, &net->params[p], channel);
    w->stamps[layer] = ++w->edits;
    return true;
}

float whatif_scale_of(const WhatIf *w, const Net *net, int layer, int channel)
{
    return w->scales != NULL ? w->scales[scale_index(net, layer, channel)] : 1;
}

/* The index of a weight in `edited`, or edited_count. */
static int find_edit(const WhatIf *w, size_t index)
{
    int i = 0;
    while (i < w->edited_count && w->edited[i].index != index)
        i++;
    return i;
}

bool whatif_weight(WhatIf *w, const Net *net, const float *weights, size_t index, float value)
{
    if (!begin(w, net, weights))
        return false;
    const int edit = find_edit(w, index);
    if (edit == w->edited_count) {
        WeightEdit *edited = array_grow(w->edited, w->edited_count, sizeof *edited);
        if (edited == NULL)
            return false;
        w->edited = edited;
        w->edited_count++;
    }
    w->edited[edit] = (WeightEdit){index, value};
    const Param *p = net->params;
    while (index >= p->offset + p->count)
        p++;
    fill_row(w, net, weights, p, (int)((index - p->offset) / (p->count / (size_t)p->dims[0])));
    w->stamps[p->layer] = ++w->edits;
    return true;
}

float whatif_own(const WhatIf *w, const float *weights, size_t index)
{
    const int edit = find_edit(w, index);
    return edit < w->edited_count ? w->edited[edit].value : ground(w, weights)[index];
}

bool whatif_train(WhatIf *w, const Net *net, float *trained)
{
    if (!begin(w, net, trained)) {
        free(trained);
        return false;
    }
    memcpy(w->weights, trained, net->weight_count * sizeof *trained);
    for (size_t i = scale_index(net, net->layer_count - 1, net->layers[net->layer_count - 1].out.c); i-- > 0;)
        w->scales[i] = 1;
    for (int p = 0; p < net->param_count; p++)
        w->stamps[net->params[p].layer] = w->edits + 1;
    w->edits++;
    free(w->trained);
    free(w->edited);
    w->trained = trained;
    w->edited = NULL;
    w->edited_count = 0;
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
    free(w->trained);
    free(w->edited);
    free(w->scales);
    free(w->stamps);
    free(w->before);
    *w = (WhatIf){.edits = w->edits};
}
