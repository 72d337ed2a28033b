/* net.c - the small questions that everybody asks a Net: names of its enums, geometry of its layers, its end. */
#include "engine/net/net.h"

#include <stdlib.h>

void net_free(Net *net)
{
    if (net == NULL)
        return;
    free(net->layers);
    free(net->params);
    free(net->modules);
    free(net->rows);
    free(net->claims);
    free(net->given_weights);
    free(net->given_input);
    free(net);
}

int64_t layer_macs(const Layer *layer)
{
    if (layer->op == OP_CONV) {
        int64_t kernel = (int64_t)(layer->in.c / layer->groups) * layer->k * layer->k;
        return kernel * (int64_t)shape_size(layer->out);
    }
    if (layer->op == OP_FC)
        return (int64_t)shape_size(layer->in) * layer->out.c;
    return 0;
}

static Shape batch_of(Shape s, int n)
{
    s.n = n;
    return s;
}

ConvDims layer_conv_dims(const Layer *layer, int n)
{
    return (ConvDims){.in = batch_of(layer->in, n), .out = batch_of(layer->out, n), .k = layer->k, .stride = layer->stride,
                      .pad = layer->pad, .groups = layer->groups};
}

PoolDims layer_pool_dims(const Layer *layer, int n)
{
    return (PoolDims){.in = batch_of(layer->in, n), .out = batch_of(layer->out, n), .k = layer->k, .stride = layer->stride,
                      .pad = layer->pad, .rounding = layer->rounding, .adaptive = layer->adaptive,
                      .count_padding = layer->count_padding};
}

LrnDims layer_lrn_dims(const Layer *layer, int n)
{
    return (LrnDims){.shape = batch_of(layer->in, n), .size = layer->lrn_size, .alpha = layer->lrn_alpha,
                     .beta = layer->lrn_beta, .k = layer->lrn_k};
}

const char *op_name(Op op)
{
    static const char *const names[OP_COUNT] = {
        [OP_INPUT] = "input", [OP_CONV] = "conv", [OP_MAXPOOL] = "maxpool", [OP_AVGPOOL] = "avgpool", [OP_LRN] = "lrn",
        [OP_CONCAT] = "concat", [OP_DROPOUT] = "dropout", [OP_FC] = "fc", [OP_SOFTMAX] = "softmax",
    };
    return names[op];
}

const char *branch_name(Branch b)
{
    static const char *const names[BRANCH_COUNT] = {"1x1", "3x3", "5x5", "pool"};
    return b == BRANCH_NONE ? NULL : names[b];
}

const char *rounding_name(Rounding r)
{
    static const char *const names[] = {"floor", "ceil-caffe", "ceil-torch", "ceil-onnx"};
    return names[r];
}
