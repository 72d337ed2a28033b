/* run_reference.c - the reference engine: calls the ops of engine/ops layer by layer, in the simplest way.
 *
 * Every map has its own memory, so all maps can be read afterwards. Forward saves nothing for backward. Backward needs more than
 * the maps (winners of max pooling, values before batch norm, LRN's denominators), and computes it again with the same op. So
 * training and inference run the same code. */
#include "engine/net/run.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH_COUNT = 3 };

typedef struct RefRun {
    Run run;                    /* first, so that a Run * of this engine is a RefRun * */
    const float *weights;       /* borrowed, net->weight_count */
    float **maps;               /* per layer (batch, C, H, W); NULL if this run does not compute the layer */
    float **map_grads;          /* the same for dL/d(map); all NULL without training or gradients; training has none for OP_INPUT */
    bool *live;                 /* per layer: the last backward computed its gradient */
    float *memory, *grad_memory; /* what the pointers above point into */
    size_t memory_count;
    float *scratch[SCRATCH_COUNT]; /* backward: each as large as the largest map of a batch */
    int *winners;               /* backward: the same, for max pooling */
} RefRun;

static RefRun *ref(Run *run)
{
    return (RefRun *)run;
}

static bool computes(const Run *run, int layer)
{
    return run->net->layers[layer].head == 0 || run->options.heads || run->options.training;
}

/* The layer's output shape for the current batch. */
static Shape batch_shape(const Run *run, const Layer *layer)
{
    Shape s = layer->out;
    s.n = run->n;
    return s;
}

static void ref_destroy(Run *run)
{
    RefRun *r = ref(run);
    free(r->maps);
    free(r->map_grads);
    free(r->live);
    free(r->memory);
    free(r->grad_memory);
    for (int i = 0; i < SCRATCH_COUNT; i++)
        free(r->scratch[i]);
    free(r->winners);
    free(r);
}

/* Floats of all maps together, and of the largest one, for a whole batch. False if that is more than any machine has: sanitizers
 * abort on an impossible calloc, which otherwise returns NULL. */
static bool count_maps(const Run *run, size_t *total, size_t *largest)
{
    const size_t maps_max = size_limit(512, 30) / sizeof(float);
    *total = 0;
    *largest = 0;
    for (int l = 0; l < run->net->layer_count; l++) {
        Shape s = run->net->layers[l].out;
        s.n = run->options.batch;
        size_t count;
        if (!computes(run, l))
            continue;
        if (!shape_count(s, &count) || count > maps_max - *total)
            return false;
        *total += count;
        if (count > *largest)
            *largest = count;
    }
    return true;
}

static bool allocate_backward(RefRun *r, size_t total, size_t largest)
{
    r->grad_memory = calloc(total, sizeof(float));
    r->winners = calloc(largest, sizeof(int));
    bool ok = r->grad_memory != NULL && r->winners != NULL;
    for (int i = 0; i < SCRATCH_COUNT; i++) {
        r->scratch[i] = calloc(largest, sizeof(float));
        ok = ok && r->scratch[i] != NULL;
    }
    return ok;
}

static Run *ref_create(const Net *net, const RunOptions *options, Err *err)
{
    RefRun *r = calloc(1, sizeof *r);
    size_t total = 0, largest = 0;
    const bool backward = options->training || options->gradients;
    bool ok = r != NULL;
    if (ok) {
        r->run = (Run){.engine = &reference_engine, .net = net, .options = *options};
        const size_t layers = (size_t)net->layer_count;
        r->maps = calloc(layers, sizeof *r->maps);
        r->map_grads = calloc(layers, sizeof *r->map_grads);
        r->live = calloc(layers, sizeof *r->live);
        ok = r->maps != NULL && r->map_grads != NULL && r->live != NULL && count_maps(&r->run, &total, &largest);
    }
    if (ok) {
        r->memory_count = total;
        r->memory = calloc(total, sizeof(float));
        ok = r->memory != NULL && (!backward || allocate_backward(r, total, largest));
    }
    if (!ok) {
        err_set(err, "%s: not enough memory for the maps of a batch of %d; use a smaller batch or input", net->name,
                options->batch);
        if (r != NULL)
            ref_destroy(&r->run);
        return NULL;
    }
    size_t offset = 0;
    for (int l = 0; l < net->layer_count; l++) {
        if (!computes(&r->run, l))
            continue;
        r->maps[l] = r->memory + offset;
        if (options->gradients || (options->training && net->layers[l].op != OP_INPUT))
            r->map_grads[l] = r->grad_memory + offset;
        offset += (size_t)options->batch * shape_size(net->layers[l].out);
    }
    return &r->run;
}

static void ref_weights(Run *run, const float *weights, const bool *layers)
{
    (void)layers; /* nothing is packed */
    ref(run)->weights = weights;
}

static void ref_input(Run *run, const float *x, int n)
{
    for (int l = 0; l < run->net->layer_count; l++) {
        const Layer *layer = &run->net->layers[l];
        if (layer->op == OP_INPUT)
            memcpy(ref(run)->maps[l], x, (size_t)n * shape_size(layer->out) * sizeof *x);
    }
}

/* Where parameter `param` (an index into net->params) is in a flat array; NULL for -1. */
static const float *param_in(const Run *run, const float *flat, int param)
{
    return param < 0 ? NULL : flat + run->net->params[param].offset;
}

/* The same; also NULL if gradients of parameters are not wanted. */
static float *grad_in(const Run *run, float *flat, int param)
{
    return param < 0 || flat == NULL ? NULL : flat + run->net->params[param].offset;
}

static Rng dropout_rng(const Run *run, int layer)
{
    return rng_make(run->dropout_rng.key, (uint64_t)layer);
}

static void forward_conv(Run *run, const Layer *layer, float *y, const float *x)
{
    const float *weights = ref(run)->weights;
    const Shape s = batch_shape(run, layer);
    conv_forward(y, x, param_in(run, weights, layer->weight), param_in(run, weights, layer->bias_param),
                 layer_conv_dims(layer, run->n), 0, s.c);
    if (layer->bn) {
        const int p = layer->bn_param; /* gamma, beta, mean, var in this order */
        batchnorm_forward(y, y, param_in(run, weights, p), param_in(run, weights, p + 1), param_in(run, weights, p + 2),
                          param_in(run, weights, p + 3), layer->bn_eps, s);
    }
    if (layer->relu)
        relu_forward(y, y, shape_size(s));
}

static void forward_fc(Run *run, const Layer *layer, float *y, const float *x)
{
    const float *weights = ref(run)->weights;
    const int in = (int)shape_size(layer->in), out = layer->out.c; /* x is read as (N, C*H*W) */
    fc_forward(y, x, param_in(run, weights, layer->weight), param_in(run, weights, layer->bias_param), run->n, in, out, 0,
               out);
    if (layer->relu)
        relu_forward(y, y, shape_size(batch_shape(run, layer)));
}

static void forward_concat(Run *run, const Layer *layer, float *y)
{
    int offset = 0;
    for (int i = 0; i < layer->input_count; i++) {
        const Layer *input = &run->net->layers[layer->inputs[i]];
        concat_forward(y, ref(run)->maps[layer->inputs[i]], batch_shape(run, layer), batch_shape(run, input), offset);
        offset += input->out.c;
    }
}

static void ref_forward_layer(Run *run, int index)
{
    const Layer *layer = &run->net->layers[index];
    float *y = ref(run)->maps[index];
    assert(y != NULL && ref(run)->weights != NULL);
    const float *x = layer->input_count > 0 ? ref(run)->maps[layer->inputs[0]] : NULL;
    const Shape s = batch_shape(run, layer);
    switch (layer->op) {
    case OP_INPUT:
        break; /* run_input has filled it */
    case OP_CONV:
        forward_conv(run, layer, y, x);
        break;
    case OP_MAXPOOL:
        maxpool_forward(y, NULL, x, layer_pool_dims(layer, run->n));
        break;
    case OP_AVGPOOL:
        avgpool_forward(y, x, layer_pool_dims(layer, run->n));
        break;
    case OP_LRN:
        lrn_forward(y, NULL, x, layer_lrn_dims(layer, run->n));
        break;
    case OP_CONCAT:
        forward_concat(run, layer, y);
        break;
    case OP_DROPOUT:
        if (run->dropout)
            dropout_forward(y, x, s, layer->dropout_p, dropout_rng(run, index), run->first_image);
        else
            memcpy(y, x, shape_size(s) * sizeof *y);
        break;
    case OP_FC:
        forward_fc(run, layer, y, x);
        break;
    case OP_SOFTMAX:
        softmax_forward(y, x, run->n, s.c);
        break;
    case OP_COUNT:
        assert(false);
    }
}

static void ref_forward(Run *run, const bool *layers)
{
    for (int l = 0; l < run->net->layer_count; l++)
        if (computes(run, l) && (layers == NULL || layers[l])) {
            ref_forward_layer(run, l);
            run_tell_passed(run, l, false);
        }
}

static void ref_activation(Run *run, int layer, int image, float *out)
{
    const size_t count = shape_size(run->net->layers[layer].out);
    assert(ref(run)->maps[layer] != NULL);
    memcpy(out, ref(run)->maps[layer] + (size_t)image * count, count * sizeof *out);
}

static void ref_put(Run *run, int layer, int image, const float *map)
{
    const size_t count = shape_size(run->net->layers[layer].out);
    memcpy(ref(run)->maps[layer] + (size_t)image * count, map, count * sizeof *map);
}

/* The gradient before ReLU: dy itself if the layer has no ReLU, else scratch 0. */
static const float *through_relu(RefRun *r, int index, const float *dy, const float *y, size_t count)
{
    if (!r->run.net->layers[index].relu || run_gate_open(&r->run, index))
        return dy;
    memset(r->scratch[0], 0, count * sizeof(float));
    relu_backward(r->scratch[0], dy, y, count);
    if (r->run.gradient.guided)
        relu_forward(r->scratch[0], r->scratch[0], count);
    return r->scratch[0];
}

static void backward_conv(Run *run, int index, float *dx, const float *dy, const float *x, const float *y, float *grads)
{
    RefRun *r = ref(run);
    const Layer *layer = &run->net->layers[index];
    const Shape s = batch_shape(run, layer);
    const ConvDims d = layer_conv_dims(layer, run->n);
    const float *w = param_in(run, r->weights, layer->weight), *b = param_in(run, r->weights, layer->bias_param);
    const float *dz = through_relu(r, index, dy, y, shape_size(s));
    if (layer->bn) {
        const int p = layer->bn_param;
        float *before = r->scratch[1], *dbefore = r->scratch[2];
        if (grads != NULL)
            conv_forward(before, x, w, b, d, 0, s.c);
        memset(dbefore, 0, shape_size(s) * sizeof *dbefore);
        batchnorm_backward(dbefore, grad_in(run, grads, p), grad_in(run, grads, p + 1), dz, before,
                           param_in(run, r->weights, p), param_in(run, r->weights, p + 2),
                           param_in(run, r->weights, p + 3), layer->bn_eps, s);
        dz = dbefore;
    }
    conv_backward(dx, grad_in(run, grads, layer->weight), grad_in(run, grads, layer->bias_param), dz, x, w, d);
}

static float *map_grad(const RefRun *r, int layer)
{
    return r->live[layer] ? r->map_grads[layer] : NULL; /* NULL: not needed */
}

/* Adds to the gradients of the layer's inputs and, unless grads is NULL, of its parameters. */
static void backward_layer(Run *run, int index, float *grads)
{
    RefRun *r = ref(run);
    const Layer *layer = &run->net->layers[index];
    const int from = layer->inputs[0];
    const Shape s = batch_shape(run, layer);
    const float *dy = r->map_grads[index], *y = r->maps[index], *x = r->maps[from];
    float *dx = map_grad(r, from);
    const bool learns = grads != NULL && (layer->op == OP_CONV || layer->op == OP_FC);
    if (dx == NULL && !learns && layer->op != OP_CONCAT)
        return;
    switch (layer->op) {
    case OP_CONV:
        backward_conv(run, index, dx, dy, x, y, grads);
        break;
    case OP_MAXPOOL:
        maxpool_forward(r->scratch[0], r->winners, x, layer_pool_dims(layer, run->n));
        maxpool_backward(dx, dy, r->winners, layer_pool_dims(layer, run->n));
        break;
    case OP_AVGPOOL:
        avgpool_backward(dx, dy, layer_pool_dims(layer, run->n));
        break;
    case OP_LRN:
        lrn_forward(r->scratch[0], r->scratch[1], x, layer_lrn_dims(layer, run->n));
        lrn_backward(dx, dy, x, r->scratch[1], layer_lrn_dims(layer, run->n));
        break;
    case OP_CONCAT:
        for (int i = 0, offset = 0; i < layer->input_count; i++) {
            const Layer *input = &run->net->layers[layer->inputs[i]];
            if (map_grad(r, layer->inputs[i]) != NULL)
                concat_backward(map_grad(r, layer->inputs[i]), dy, s, batch_shape(run, input), offset);
            offset += input->out.c;
        }
        break;
    case OP_DROPOUT:
        if (run->dropout)
            dropout_backward(dx, dy, s, layer->dropout_p, dropout_rng(run, index), run->first_image);
        else
            for (size_t i = 0; i < shape_size(s); i++)
                dx[i] += dy[i];
        break;
    case OP_FC:
        fc_backward(dx, grad_in(run, grads, layer->weight), grad_in(run, grads, layer->bias_param),
                    through_relu(r, index, dy, y, shape_size(s)), x, param_in(run, r->weights, layer->weight), run->n,
                    (int)shape_size(layer->in), layer->out.c);
        break;
    case OP_SOFTMAX:
        softmax_backward(dx, dy, y, run->n, s.c);
        break;
    case OP_INPUT:
    case OP_COUNT:
        assert(false);
    }
}

/* Layers come after their inputs. From the last layer to the first, every gradient is therefore complete when it is used. */
static void backward_layers(Run *run, float *grads)
{
    for (int l = run->net->layer_count - 1; l >= 0; l--)
        if (ref(run)->live[l] && run->net->layers[l].op != OP_INPUT) {
            run_tell_passed(run, l, true); /* all that read it were before it */
            backward_layer(run, l, grads);
        }
}

static void ref_backward(Run *run, float *const *dlogits, float *grads)
{
    RefRun *r = ref(run);
    const Net *net = run->net;
    memset(r->live, 0, (size_t)net->layer_count * sizeof *r->live);
    for (int h = 0; h < net->head_count; h++)
        r->live[net->heads[h].logits] = dlogits[h] != NULL && run_learns(run, net->heads[h].logits);
    for (int l = net->layer_count - 1; l >= 0; l--)
        for (int i = 0; i < net->layers[l].input_count && r->live[l]; i++)
            r->live[net->layers[l].inputs[i]] |= run_learns(run, net->layers[l].inputs[i]);
    for (int l = 0; l < net->layer_count; l++) /* only these are read: the others may be most of the network */
        if (r->live[l] && r->map_grads[l] != NULL)
            memset(r->map_grads[l], 0, shape_size(batch_shape(run, &net->layers[l])) * sizeof(float));
    for (int h = 0; h < net->head_count; h++) {
        const int logits = net->heads[h].logits;
        const size_t count = shape_size(batch_shape(run, &net->layers[logits]));
        for (size_t i = 0; i < count && dlogits[h] != NULL && r->map_grads[logits] != NULL; i++) /* NULL: the softmax reads the picture itself */
            r->map_grads[logits][i] += dlogits[h][i];
    }
    backward_layers(run, grads);
}

static void ref_gradient(Run *run)
{
    RefRun *r = ref(run);
    const int from = run->gradient.from;
    assert(r->map_grads[from] != NULL);
    memset(r->grad_memory, 0, r->memory_count * sizeof(float));
    memcpy(r->live, run->way, (size_t)run->net->layer_count * sizeof *r->live);
    memcpy(r->map_grads[from], run->gradient.seed, shape_size(batch_shape(run, &run->net->layers[from])) * sizeof(float));
    backward_layers(run, NULL);
}

static void ref_map_gradient(Run *run, int layer, int image, float *out)
{
    const size_t count = shape_size(run->net->layers[layer].out);
    memcpy(out, ref(run)->map_grads[layer] + (size_t)image * count, count * sizeof *out);
}

static void ref_shift_gradient(Run *run, int layer, int image, float *out)
{
    const Layer *l = &run->net->layers[layer];
    const size_t plane = (size_t)l->out.h * (size_t)l->out.w, first = (size_t)image * shape_size(l->out);
    const float *dy = ref(run)->map_grads[layer] + first, *y = ref(run)->maps[layer] + first;
    const bool gated = l->relu && !run_gate_open(run, layer), guided = gated && run->gradient.guided;
    for (int c = 0; c < l->out.c; c++, dy += plane, y += plane) {
        double sum = 0;
        for (size_t i = 0; i < plane; i++)
            sum += (gated && !(y[i] > 0)) || (guided && !(dy[i] > 0)) ? 0.0 : (double)dy[i];
        out[c] = (float)sum;
    }
}

static double ref_gradient_norm2(Run *run, int layer)
{
    const float *grad = ref(run)->map_grads[layer];
    if (grad == NULL || !ref(run)->live[layer])
        return -1;
    double sum = 0;
    const size_t count = shape_size(batch_shape(run, &run->net->layers[layer]));
    for (size_t i = 0; i < count; i++)
        sum += (double)grad[i] * (double)grad[i];
    return sum;
}

const Engine reference_engine = {
    .name = "reference",
    .create = ref_create,
    .destroy = ref_destroy,
    .weights = ref_weights,
    .input = ref_input,
    .forward_layer = ref_forward_layer,
    .forward = ref_forward,
    .activation = ref_activation,
    .put = ref_put,
    .backward = ref_backward,
    .gradient_norm2 = ref_gradient_norm2,
    .gradient = ref_gradient,
    .map_gradient = ref_map_gradient,
    .shift_gradient = ref_shift_gradient,
};
