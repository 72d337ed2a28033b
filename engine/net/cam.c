/* cam.c - see cam.h. */
#include "engine/net/cam.h"

#include <string.h>

/* Fully connected over single values; a 1x1 convolution on a 1x1 map is the same. */
static bool weighs_plainly(const Layer *l)
{
    const bool conv = l->op == OP_CONV && l->k == 1 && l->stride == 1 && l->pad == 0 && l->groups == 1 && !l->bn;
    return (l->op == OP_FC || conv) && l->in.h == 1 && l->in.w == 1 && !l->relu;
}

bool cam_is_map(const Net *net)
{
    return !weighs_plainly(&net->layers[net->heads[0].logits]);
}

int cam_layer(const Net *net, Err *err)
{
    const int logits = net->heads[0].logits;
    if (!net_need_scores(net, err))
        return -1;
    int l = cam_is_map(net) ? logits : net->layers[logits].inputs[0];
    while (net->layers[l].op == OP_DROPOUT)
        l = net->layers[l].inputs[0];
    const Layer *pool = &net->layers[l];
    const bool global = pool->op == OP_AVGPOOL && pool->out.h == 1 && pool->out.w == 1 &&
                        (pool->adaptive || (pool->k == pool->in.h && pool->k == pool->in.w && pool->pad == 0));
    if (global)
        return pool->inputs[0];
    err_set(err, "%s:%d: network %s has no class activation map: its scores '%s' are not a weighted sum of one global average; explain "
            "occlusion works with every classifier", net->source, net_line(net, logits), net->name, net->layers[logits].name);
    return -1;
}

const float *cam_weights(const Net *net, const float *weights, int class_index)
{
    const Layer *scores = &net->layers[net->heads[0].logits];
    assert(class_index >= 0 && class_index < scores->out.c);
    return cam_is_map(net) ? NULL : weights + net->params[scores->weight].offset + (size_t)class_index * (size_t)scores->in.c;
}

float cam_compute(const Net *net, const float *weights, const float *map, int class_index, float *out)
{
    const Layer *scores = &net->layers[net->heads[0].logits];
    const int layer = cam_layer(net, NULL);
    assert(layer >= 0);
    const Shape s = net->layers[layer].out;
    const float *w = cam_weights(net, weights, class_index);
    if (w == NULL) {
        memcpy(out, map + at(s, 0, class_index, 0, 0), (size_t)s.h * (size_t)s.w * sizeof *out);
        return 0;
    }
    for (int y = 0; y < s.h; y++)
        for (int x = 0; x < s.w; x++) {
            double sum = 0;
            for (int c = 0; c < s.c; c++)
                sum += (double)w[c] * (double)map[at(s, 0, c, y, x)];
            out[y * s.w + x] = (float)sum;
        }
    return scores->bias_param >= 0 ? weights[net->params[scores->bias_param].offset + (size_t)class_index] : 0;
}
