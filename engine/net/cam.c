/* cam.c - see cam.h. */
#include "engine/net/cam.h"

int cam_layer(const Net *net, Err *err)
{
    const int logits = net->heads[0].logits;
    int l = net->layers[logits].inputs[0];
    while (net->layers[l].op == OP_DROPOUT)
        l = net->layers[l].inputs[0];
    const Layer *pool = &net->layers[l];
    const bool global = pool->op == OP_AVGPOOL && pool->out.h == 1 && pool->out.w == 1 &&
                        (pool->adaptive || (pool->k == pool->in.h && pool->k == pool->in.w && pool->pad == 0));
    if (net->layers[logits].op == OP_FC && global && !net->layers[logits].relu)
        return pool->inputs[0];
    err_set(err, "network %s has no class activation map: its scores are no plain weighting of one global average", net->name);
    return -1;
}

float cam_compute(const Net *net, const float *weights, const float *map, int class_index, float *out)
{
    const Layer *fc = &net->layers[net->heads[0].logits];
    const int layer = cam_layer(net, NULL);
    assert(layer >= 0);
    const Shape s = net->layers[layer].out;
    assert(class_index >= 0 && class_index < fc->out.c);
    const float *w = weights + net->params[fc->weight].offset + (size_t)class_index * (size_t)s.c;
    for (int y = 0; y < s.h; y++)
        for (int x = 0; x < s.w; x++) {
            double sum = 0;
            for (int c = 0; c < s.c; c++)
                sum += (double)w[c] * (double)map[at(s, 0, c, y, x)];
            out[y * s.w + x] = (float)sum;
        }
    return fc->bias_param >= 0 ? weights[net->params[fc->bias_param].offset + (size_t)class_index] : 0;
}
