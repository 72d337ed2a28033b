/* net.c - small questions about a Net: names of its enums, geometry of its layers, its classes; and freeing it. */
#include "engine/net/net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void net_free(Net *net)
{
    if (net == NULL)
        return;
    free(net->layers);
    free(net->params);
    free(net->modules);
    free(net->rows);
    free(net->claims);
    free(net->hypotheses);
    free(net->text);
    free(net->given_weights);
    free(net->given_input);
    free(net);
}

const char *net_short_name(const char *name)
{
    const size_t word = strlen("inception_");
    return strncmp(name, "inception_", word) == 0 ? name + word : name;
}

bool net_listed(const char *list, const char *title)
{
    if (list == NULL || strcmp(list, "all") == 0)
        return list != NULL;
    size_t length = strlen(title);
    for (const char *p = list; *p != '\0'; p += strcspn(p, ","), p += *p == ',') {
        const char *name = net_short_name(p);
        if (strcspn(name, ",") == length && strncmp(name, title, length) == 0)
            return true;
    }
    return false;
}

/* Whether a list entry of `length` bytes is this module: "3a" or "inception_3a". */
static bool has_module(const Net *net, const char *name, size_t length)
{
    for (int m = 0; m < net->module_count; m++) {
        const char *names[2] = {net->modules[m].title, net->modules[m].name};
        for (int i = 0; i < 2; i++)
            if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
                return true;
    }
    return false;
}

bool net_check_modules(const Net *net, const char *list, Err *err)
{
    char all[200] = "";
    if (list == NULL || strcmp(list, "all") == 0)
        return true;
    for (const char *p = list; *p != '\0'; p += *p == ',') {
        const size_t length = strcspn(p, ",");
        if (!has_module(net, p, length)) {
            for (int m = 0; m < net->module_count; m++)
                snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", m > 0 ? "," : "", net->modules[m].title);
            return err_set(err, "%s has no module '%.*s'; it has %s", net->name, length < 60 ? (int)length : 60, p, all[0] != '\0' ? all : "none");
        }
        p += length;
    }
    return true;
}

int net_scores(const Net *net, int head)
{
    const Shape s = net->layers[net->heads[head].logits].out;
    return s.h == 1 && s.w == 1 ? s.c : 0;
}

int net_scorer(const Net *net, int head)
{
    int l = net->heads[head].logits;
    while (op_keeps_channels(net->layers[l].op))
        l = net->layers[l].inputs[0];
    return net->layers[l].op == OP_CONV || net->layers[l].op == OP_FC ? l : -1;
}

int net_line(const Net *net, int layer)
{
    return net->rows[net->layers[layer].row].line;
}

static bool need_scores(const Net *net, int head, Err *err)
{
    const Layer *l = &net->layers[net->heads[head].logits];
    if (net_scores(net, head) > 0)
        return true;
    return err_set(err, "%s:%d: %s%s has no class scores: '%s' at its end is %dx%dx%d, not one value for each class; add a row 'avgpool NAME to=1x1' "
                   "below it", net->source, net_line(net, net->heads[head].logits), head > 0 ? "head " : "network ",
                   head > 0 ? net->heads[head].name : net->name, l->name, l->out.c, l->out.h, l->out.w);
}

bool net_need_scores(const Net *net, Err *err)
{
    return need_scores(net, 0, err);
}

bool net_need_class(const Net *net, int class_index, Err *err)
{
    if (!net_need_scores(net, err))
        return false;
    return (class_index >= 0 && class_index < net_scores(net, 0)) ||
           err_set(err, "--class %d: network %s has classes 0 to %d", class_index, net->name, net_scores(net, 0) - 1);
}

bool net_need_losses(const Net *net, Err *err)
{
    for (int h = 0; h < net->head_count; h++) {
        if (!need_scores(net, h, err))
            return false;
        if (net_scores(net, h) != net_scores(net, 0))
            return err_set(err, "%s:%d: head %s gives %d class scores and the main path %d, so no label fits both; end both with a row "
                           "'fc NAME classes'", net->source, net_line(net, net->heads[h].logits), net->heads[h].name, net_scores(net, h),
                           net_scores(net, 0));
    }
    return true;
}

int64_t layer_macs(const Layer *layer)
{
    if (layer->op == OP_CONV) {
        int64_t kernel = (int64_t)(layer->in.c / layer->groups) * layer->k * layer->k;
        return kernel * shape_values(layer->out);
    }
    if (layer->op == OP_FC)
        return shape_values(layer->in) * layer->out.c;
    return 0;
}

bool layer_reads(const Layer *layer, int input)
{
    for (int i = 0; i < layer->input_count; i++)
        if (layer->inputs[i] == input)
            return true;
    return false;
}

bool net_way(const Net *net, int from, int to, bool *way)
{
    /* Every layer comes after its inputs. So one pass upwards finds the layers that depend on `to`, and one pass downwards those
     * that `from` depends on. */
    for (int l = 0; l < net->layer_count; l++) {
        way[l] = l == to;
        for (int i = 0; i < net->layers[l].input_count; i++)
            way[l] = way[l] || way[net->layers[l].inputs[i]];
    }
    const bool depends = way[from];
    for (int l = net->layer_count - 1; l >= 0; l--) {
        bool read = l == from;
        for (int later = l + 1; later <= from && !read; later++)
            read = way[later] && layer_reads(&net->layers[later], l);
        way[l] = way[l] && read && depends;
    }
    return depends;
}

size_t net_largest_map(const Net *net)
{
    size_t most = 0;
    for (int l = 0; l < net->layer_count; l++)
        most = shape_size(net->layers[l].out) > most ? shape_size(net->layers[l].out) : most;
    return most;
}

int net_branch_of(const Net *net, const Layer *layer, int *channel)
{
    int branch = 0;
    for (; *channel >= net->layers[layer->inputs[branch]].out.c; branch++)
        *channel -= net->layers[layer->inputs[branch]].out.c;
    return branch;
}

void layer_affine(const Net *net, const float *weights, int layer, float *scale, float *shift)
{
    const Layer *l = &net->layers[layer];
    const Param *params = net->params;
    assert(l->op == OP_CONV || l->op == OP_FC);
    for (int c = 0; c < l->out.c; c++) {
        const float bias = l->bias_param >= 0 ? weights[params[l->bias_param].offset + (size_t)c] : 0.0f;
        float factor = 1, constant = bias;
        if (l->bn) {
            const float *gamma = weights + params[l->bn_param].offset, *beta = weights + params[l->bn_param + 1].offset;
            const float *mean = weights + params[l->bn_param + 2].offset, *var = weights + params[l->bn_param + 3].offset;
            factor = gamma[c] / sqrtf(var[c] + l->bn_eps);
            constant = (bias - mean[c]) * factor + beta[c];
        }
        if (scale != NULL)
            scale[c] = factor;
        if (shift != NULL)
            shift[c] = constant;
    }
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
    _Static_assert(OP_COUNT == 9, "an op without a name");
    return names[op];
}

bool op_keeps_channels(Op op)
{
    switch (op) {
    case OP_MAXPOOL:
    case OP_AVGPOOL:
    case OP_LRN:
    case OP_DROPOUT:
        return true;
    case OP_INPUT:
    case OP_CONV:
    case OP_CONCAT:
    case OP_FC:
    case OP_SOFTMAX:            /* a probability belongs to a class, but is not its score */
    case OP_COUNT:
        return false;
    }
    return false;
}

const char *branch_name(Branch b)
{
    static const char *const names[BRANCH_COUNT] = {
        [BRANCH_1X1] = "1x1", [BRANCH_3X3] = "3x3", [BRANCH_5X5] = "5x5", [BRANCH_POOL] = "pool",
    };
    _Static_assert(BRANCH_COUNT == 4, "a branch without a name");
    return b == BRANCH_NONE ? NULL : names[b];
}

const char *rounding_name(Rounding r)
{
    static const char *const names[ROUND_COUNT] = {
        [ROUND_FLOOR] = "floor", [ROUND_CEIL_CAFFE] = "ceil-caffe", [ROUND_CEIL_TORCH] = "ceil-torch", [ROUND_CEIL_ONNX] = "ceil-onnx",
    };
    _Static_assert(ROUND_COUNT == 4, "a rounding rule without a name");
    return names[r];
}
