/* small_nets.h - networks built in memory for tests of engines: a few layers each, any sizes, no file. */
#ifndef INCEPTOSCOPE_SMALL_NETS_H
#define INCEPTOSCOPE_SMALL_NETS_H

#include "engine/net/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_LAYERS = 32, SMALL_PARAMS = 96 };

typedef struct SmallNet {
    Net net;
    Layer layers[SMALL_LAYERS];
    Param params[SMALL_PARAMS];
} SmallNet;

static inline void small_start(SmallNet *s, int c, int h, int w)
{
    memset(s, 0, sizeof *s);
    s->net.layers = s->layers;
    s->net.params = s->params;
    s->net.input = (Shape){1, c, h, w};
    snprintf(s->net.name, sizeof s->net.name, "small");
    s->layers[0] = (Layer){.name = "input", .op = OP_INPUT, .out = s->net.input, .in = s->net.input, .module = -1,
                           .weight = -1, .bias_param = -1, .bn_param = -1};
    s->net.layer_count = s->net.main_count = 1;
    s->net.head_count = 1;
}

static inline int small_param(SmallNet *s, int layer, ParamKind kind, int a, int b, int c, int d)
{
    Param *p = &s->params[s->net.param_count];
    *p = (Param){.layer = layer, .kind = kind, .dims = {a, b, c, d}, .offset = s->net.weight_count,
                 .count = (size_t)a * (size_t)b * (size_t)c * (size_t)d};
    p->dim_count = d > 1 || c > 1 ? 4 : b > 1 ? 2 : 1;
    s->net.weight_count += p->count;
    return s->net.param_count++;
}

/* Adds a layer that reads `input`; the caller has set op and geometry, and the output shape for a concat. Returns its index. */
static inline int small_add(SmallNet *s, int input, Layer l)
{
    int index = s->net.layer_count++;
    l.module = -1;
    l.branch = BRANCH_NONE;
    l.weight = l.bias_param = l.bn_param = -1;
    if (l.input_count == 0) {
        l.inputs[0] = input;
        l.input_count = 1;
    }
    l.in = s->layers[l.inputs[0]].out;
    snprintf(l.name, sizeof l.name, "%s%d", op_name(l.op), index);
    if (l.op == OP_CONV || l.op == OP_FC) {
        bool fc = l.op == OP_FC;
        int in = fc ? l.in.c * l.in.h * l.in.w : l.in.c / l.groups, o = l.out.c;
        l.weight = small_param(s, index, PARAM_WEIGHT, o, in, fc ? 1 : l.k, fc ? 1 : l.k);
        if (l.bias)
            l.bias_param = small_param(s, index, PARAM_BIAS, o, 1, 1, 1);
        if (l.bn) {
            l.bn_param = small_param(s, index, PARAM_BN_GAMMA, o, 1, 1, 1);
            small_param(s, index, PARAM_BN_BETA, o, 1, 1, 1);
            small_param(s, index, PARAM_BN_MEAN, o, 1, 1, 1);
            small_param(s, index, PARAM_BN_VAR, o, 1, 1, 1);
        }
    }
    if (l.op == OP_CONV || ((l.op == OP_MAXPOOL || l.op == OP_AVGPOOL) && !l.adaptive)) {
        l.out.h = window_out(l.in.h, l.k, l.stride, l.pad, l.rounding);
        l.out.w = window_out(l.in.w, l.k, l.stride, l.pad, l.rounding);
        l.out.c = l.op == OP_CONV ? l.out.c : l.in.c;
        l.out.n = 1;
    } else if (l.op == OP_FC) {
        l.out = (Shape){1, l.out.c, 1, 1};
    } else if (l.op == OP_CONCAT) {
        l.out = l.in;
        l.out.c = 0;
        for (int i = 0; i < l.input_count; i++)
            l.out.c += s->layers[l.inputs[i]].out.c;
    } else {
        l.out = (Shape){1, l.in.c, l.adaptive ? l.out.h : l.in.h, l.adaptive ? l.out.w : l.in.w};
    }
    s->layers[index] = l;
    s->net.main_count = s->net.layer_count;
    s->net.heads[0] = (Head){.name = "main", .first = 0, .last = index, .logits = index, .loss_weight = 1};
    return index;
}

static inline int small_conv(SmallNet *s, int input, int o, int k, int stride, int pad)
{
    return small_add(s, input, (Layer){.op = OP_CONV, .out = {1, o, 0, 0}, .k = k, .stride = stride, .pad = pad, .groups = 1,
                                       .bias = true, .relu = true});
}

/* Convolutions of every kind, one after the other. */
static inline void small_conv_kinds(SmallNet *s, int last_stride)
{
    small_start(s, 24, 9, 8);
    Layer l = {.op = OP_CONV, .out = {1, 36, 0, 0}, .k = 3, .stride = 1, .pad = 1, .groups = 4};
    int a = small_add(s, 0, l); /* groups, no bias, no ReLU */
    l.bn = true;
    l.bn_eps = 1e-3f;
    l.groups = 1;
    a = small_add(s, a, l);
    l.bias = l.relu = true;
    l.groups = 36;
    l.stride = last_stride;
    small_add(s, a, l); /* one channel a group, bias and BN and ReLU */
}

/* Values in [-1, 1), positive for variances; the caller frees them. */
static inline float *small_values(size_t count, uint64_t seed)
{
    float *values = malloc(count * sizeof *values);
    Rng rng = rng_make(seed, 0);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(2 * rng_uniform(&rng) - 1);
    return values;
}

static inline float *small_weights(const Net *net, uint64_t seed)
{
    float *w = small_values(net->weight_count > 0 ? net->weight_count : 1, seed);
    for (int p = 0; p < net->param_count; p++) {
        const Param *param = &net->params[p];
        float fan_in = (float)(param->count / (size_t)param->dims[0]);
        for (size_t i = 0; i < param->count; i++) {
            float *value = &w[param->offset + i];
            if (param->kind == PARAM_WEIGHT)
                *value *= sqrtf(3.0f / fan_in);
            else if (param->kind == PARAM_BN_VAR || param->kind == PARAM_BN_GAMMA)
                *value = *value * *value + 0.1f;
        }
    }
    return w;
}

/* Pools, and norms, whose windows overlap, leave gaps, reach into the padding or are found by the output's size; a pool with each rounding. */
static const Rounding small_roundings[] = {ROUND_FLOOR, ROUND_CEIL_CAFFE, ROUND_CEIL_TORCH};
static const Layer small_pools[] = {
    {.op = OP_MAXPOOL, .k = 3, .stride = 1, .pad = 1}, {.op = OP_MAXPOOL, .k = 3, .stride = 2},
    {.op = OP_MAXPOOL, .k = 2, .stride = 2, .pad = 1}, {.op = OP_AVGPOOL, .k = 5, .stride = 3, .pad = 2},
    {.op = OP_AVGPOOL, .k = 5, .stride = 3, .pad = 2, .count_padding = true},
    {.op = OP_AVGPOOL, .adaptive = true, .out = {1, 0, 4, 4}},
    {.op = OP_LRN, .lrn_size = 5, .lrn_alpha = 0.9f, .lrn_beta = 0.75f, .lrn_k = 1},
    {.op = OP_LRN, .lrn_size = 41, .lrn_alpha = 2, .lrn_beta = 0.6f, .lrn_k = 2},
};

/* A module with branches of the given widths, then what a classifier has. */
typedef struct SmallModule { int concat, logits; } SmallModule;

static inline SmallModule small_module(SmallNet *s, int a, int b, int c, int d, int size)
{
    small_start(s, 3, 2 * size + 1, 2 * size);
    int stem = small_conv(s, 0, 20, 3, 2, 1);
    int b0 = small_conv(s, stem, a, 1, 1, 0);
    int b1 = small_conv(s, small_conv(s, stem, 8, 1, 1, 0), b, 3, 1, 1);
    int b2 = small_conv(s, small_conv(s, stem, 4, 1, 1, 0), c, 5, 1, 2);
    int b3 = small_conv(s, small_add(s, stem, (Layer){.op = OP_MAXPOOL, .k = 3, .stride = 1, .pad = 1}), d, 1, 1, 0);
    int all = small_add(s, 0, (Layer){.op = OP_CONCAT, .inputs = {b0, b1, b2, b3}, .input_count = 4});
    int pool = small_add(s, all, (Layer){.op = OP_MAXPOOL, .k = 3, .stride = 2, .rounding = ROUND_CEIL_CAFFE});
    int conv = small_conv(s, pool, 18, 3, 1, 1);
    int drop = small_add(s, conv, (Layer){.op = OP_DROPOUT, .dropout_p = 0.4f});
    int fc = small_add(s, drop, (Layer){.op = OP_FC, .out = {1, 37, 1, 1}, .bias = true, .relu = true});
    int drop2 = small_add(s, fc, (Layer){.op = OP_DROPOUT, .dropout_p = 0.25f});
    int logits = small_add(s, drop2, (Layer){.op = OP_FC, .out = {1, 11, 1, 1}, .bias = true});
    small_add(s, logits, (Layer){.op = OP_SOFTMAX});
    return (SmallModule){all, logits};
}

#endif
