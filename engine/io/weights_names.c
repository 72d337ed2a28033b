/* weights_names.c - the names of a network's parameters in PyTorch and in Caffe. */
#include "engine/io/weights_names.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_caffe[] = {
    [PARAM_WEIGHT] = "weight", [PARAM_BIAS] = "bias", [PARAM_BN_GAMMA] = "gamma", [PARAM_BN_BETA] = "beta", [PARAM_BN_MEAN] = "mean",
    [PARAM_BN_VAR] = "var"};
_Static_assert(sizeof kind_caffe / sizeof *kind_caffe == PARAM_BN_VAR + 1, "every kind of parameter has Caffe's name");

/* "inception_3a/3x3_reduce" is branch2.0 of the module in the tutorial's and torchvision's model; branch4.0 is the pool. */
static const struct {
    const char *ours, *torch;
} branches[] = {
    {"1x1", "branch1"},           {"3x3_reduce", "branch2.0"}, {"3x3", "branch2.1"},
    {"5x5_reduce", "branch3.0"},  {"5x5", "branch3.1"},        {"pool_proj", "branch4.1"},
};

static const struct {
    const char *ours, *caffe;
} caffe_layers[] = {
    {"conv1", "conv1/7x7_s2"},      {"conv2", "conv2/3x3_reduce"}, {"conv3", "conv2/3x3"},
    {"fc", "loss3/classifier"},     {"aux1/conv", "loss1/conv"},   {"aux1/fc1", "loss1/fc"},
    {"aux1/fc2", "loss1/classifier"}, {"aux2/conv", "loss2/conv"}, {"aux2/fc1", "loss2/fc"},
    {"aux2/fc2", "loss2/classifier"},
};

void layer_torch_name(const char *layer, char *out, size_t size)
{
    const char *slash = strchr(layer, '/');
    const char *rest = net_short_name(layer);
    if (slash == NULL) {
        snprintf(out, size, "%s", layer);
        return;
    }
    for (size_t i = 0; i < sizeof branches / sizeof branches[0]; i++)
        if (strcmp(slash + 1, branches[i].ours) == 0) {
            snprintf(out, size, "%s%.*s.%s", rest != layer ? "inception" : "", (int)(slash - rest), rest,
                     branches[i].torch);
            return;
        }
    snprintf(out, size, "%.*s.%s", (int)(slash - layer), layer, slash + 1);
}

const char *layer_caffe_name(const char *layer)
{
    for (size_t i = 0; i < sizeof caffe_layers / sizeof caffe_layers[0]; i++)
        if (strcmp(layer, caffe_layers[i].ours) == 0)
            return caffe_layers[i].caffe;
    return layer;
}

void param_torch_name(const Net *net, int param, char *out, size_t size)
{
    static const char *const conv_kind[] = {
        [PARAM_WEIGHT] = "conv.weight", [PARAM_BIAS] = "conv.bias", [PARAM_BN_GAMMA] = "bn.weight", [PARAM_BN_BETA] = "bn.bias",
        [PARAM_BN_MEAN] = "bn.running_mean", [PARAM_BN_VAR] = "bn.running_var"};
    _Static_assert(sizeof conv_kind / sizeof *conv_kind == PARAM_BN_VAR + 1, "every kind of parameter has PyTorch's name");
    const Param *p = &net->params[param];
    const Layer *layer = &net->layers[p->layer];
    char base[2 * NET_NAME_MAX];
    layer_torch_name(layer->name, base, sizeof base);
    if (layer->op == OP_FC && (p->kind == PARAM_WEIGHT || p->kind == PARAM_BIAS))
        snprintf(out, size, "%s.%s", base, p->kind == PARAM_WEIGHT ? "weight" : "bias");
    else
        snprintf(out, size, "%s.%s", base, conv_kind[p->kind]);
}

void param_caffe_name(const Net *net, int param, char *out, size_t size)
{
    const Param *p = &net->params[param];
    snprintf(out, size, "%s.%s", layer_caffe_name(net->layers[p->layer].name), kind_caffe[p->kind]);
}

void param_file_name(const Net *net, int param, char *out, size_t size)
{
    if (strcmp(net->name, "bvlc_googlenet") == 0)
        param_caffe_name(net, param, out, size);
    else
        param_torch_name(net, param, out, size);
}
