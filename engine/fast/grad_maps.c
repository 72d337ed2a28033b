/* grad_maps.c - the gradient of one map: the sum of what every layer that reads it sends back.
 *
 * A task is the blocks of one set of one image. It takes the contributions of all consumers, the first overwriting and the
 * others adding, and then, while the result is still in the cache, lets it through the ReLU. Nobody else writes there. */
#include "engine/fast/grad_maps.h"

#include <string.h>

/* Where a contribution goes. */
typedef struct Target {
    const FastRun *f;
    const Map *dx;
    int layer, n, set, b0, b1;
    bool first;                 /* nothing has been written there yet */
    float *scratch;             /* the thread's */
} Target;

static void clear(const Target *t)
{
    for (int b = t->b0; b < t->b1; b++)
        for (int y = 0; y < t->dx->h; y++)
            memset(map_at(t->dx, t->n, b, y, 0), 0, (size_t)t->dx->w * LANES * sizeof(float));
}

static void from_conv(const Target *t, int consumer)
{
    const GradLayer *gl = &t->f->grad->layers[consumer];
    const Layer *l = t->f->layers[consumer].layer;
    const Map *dy = l->stride > 1 ? &gl->spread : &gl->dy;
    const ConvMode mode = t->first ? CONV_PLAIN : CONV_ADD;
    if (gl->turned.winograd) {
        const int pieces = winograd_pieces(t->dx->h, t->dx->w), together = plan_pieces(&gl->turned, pieces);
        for (int i = 0; i < pieces; i += together)
            t->f->kernels->winograd(t->dx, dy, &gl->turned, NULL, mode, l->k - 1 - l->pad, t->n, t->set, t->set + 1, i,
                                    i + together < pieces ? i + together : pieces, t->scratch);
        return;
    }
    t->f->kernels->conv(t->dx, dy, &gl->turned, NULL, mode, 1, l->k - 1 - l->pad, t->n, t->b0,
                        t->b1 - t->b0, 0, t->dx->h);
}

static void from_fc(const Target *t, int consumer)
{
    const Map *row = &t->f->grad->layers[consumer].fc_dx, *dx = t->dx;
    for (int b = t->b0; b < t->b1; b++)
        for (int y = 0; y < dx->h; y++)
            for (int x = 0; x < dx->w; x++) {
                const float *from = map_at(row, 0, (b * dx->h + y) * dx->w + x, 0, t->n);
                float *to = map_at(dx, t->n, b, y, x);
                for (int i = 0; i < LANES; i++)
                    to[i] += from[i];
            }
}

/* The places where this layer's channels stand in the concat; only layers that are not a view into it come here. */
static void from_concat(const Target *t, int consumer)
{
    const Layer *concat = t->f->layers[consumer].layer;
    const Map *dy = &t->f->grad->layers[consumer].dy, *dx = t->dx;
    for (int i = 0, channel = 0; i < concat->input_count; channel += t->f->layers[concat->inputs[i]].layer->out.c, i++) {
        if (concat->inputs[i] != t->layer)
            continue;
        for (int c = t->b0 * LANES; c < t->b1 * LANES && c < dx->c; c++)
            for (int y = 0; y < dx->h; y++) {
                const float *from = map_at(dy, t->n, (channel + c) / LANES, y, 0) + (channel + c) % LANES;
                float *to = map_at(dx, t->n, c / LANES, y, 0) + c % LANES;
                for (int x = 0; x < dx->w; x++)
                    to[x * LANES] += from[x * LANES];
            }
    }
}

static void from_dropout(const Target *t, int consumer)
{
    const FastRun *f = t->f;
    const Map *dy = &f->grad->layers[consumer].dy, *dx = t->dx;
    const float p = f->run.dropout ? f->layers[consumer].layer->drop : 0.0f, kept = 1.0f / (1.0f - p);
    const Rng rng = rng_make(f->run.dropout_rng.key, (uint64_t)consumer);
    for (int c = t->b0 * LANES; c < t->b1 * LANES && c < dx->c; c++) {
        uint64_t i = ((uint64_t)(f->run.first_image + t->n) * (uint64_t)dx->c + (uint64_t)c) * (uint64_t)dx->h * (uint64_t)dx->w;
        for (int y = 0; y < dx->h; y++)
            for (int x = 0; x < dx->w; x++, i++)
                if (p == 0.0f || rng_uniform_at(rng, i) >= (double)p)
                    map_at(dx, t->n, c / LANES, y, x)[c % LANES] += map_at(dy, t->n, c / LANES, y, x)[c % LANES] * kept;
    }
}

static void from_block_op(const Target *t, int consumer)
{
    const FastLayer *fl = &t->f->layers[consumer];
    const GradKernels *k = &t->f->kernels->grad;
    const Map *dy = &t->f->grad->layers[consumer].dy, *x = &t->f->layers[t->layer].out;
    const PoolDims pool = layer_pool_dims(fl->layer, 1);
    const LrnDims lrn = layer_lrn_dims(fl->layer, 1);
    for (int b = t->b0; b < t->b1; b++)
        if (fl->layer->op == OP_MAXPOOL)
            k->maxpool(t->dx, dy, x, &fl->out, &pool, t->n, b);
        else if (fl->layer->op == OP_AVGPOOL)
            k->avgpool(t->dx, dy, &pool, t->n, b);
        else
            k->lrn(t->dx, dy, x, &lrn, t->n, b);
}

static void from_consumer(Target *t, int consumer)
{
    const Op op = t->f->layers[consumer].layer->op;
    if (t->first && op != OP_CONV)
        clear(t);
    switch (op) {
    case OP_CONV:
        from_conv(t, consumer);
        break;
    case OP_FC:
        from_fc(t, consumer);
        break;
    case OP_CONCAT:
        from_concat(t, consumer);
        break;
    case OP_DROPOUT:
        from_dropout(t, consumer);
        break;
    case OP_MAXPOOL:
    case OP_AVGPOOL:
    case OP_LRN:
        from_block_op(t, consumer);
        break;
    case OP_SOFTMAX: /* stands behind the logits, where no loss is */
    case OP_INPUT:
    case OP_COUNT:
        assert(false);
    }
    t->first = false;
}

/* dy of a strided convolution with zeros between its pixels: the data gradient reads it like any other. */
static void spread(const FastRun *f, int layer, int n, int block)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const int stride = f->layers[layer].layer->stride;
    for (int y = 0; y < gl->dy.h; y++)
        for (int x = 0; x < gl->dy.w; x++)
            memcpy(map_at(&gl->spread, n, block, y * stride, x * stride), map_at(&gl->dy, n, block, y, x),
                   LANES * sizeof(float));
}

/* Block `block` of conv or fc layer `layer`: ReLU, the bias gradient's share, and the forms that the layers before read. */
static void finish(const FastRun *f, int layer, int n, int block)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const FastLayer *fl = &f->layers[layer];
    const size_t at = (size_t)n * (size_t)gl->dy.blocks + (size_t)block;
    gl->norms[at] = f->kernels->grad.finish(&gl->dy, fl->layer->relu ? &fl->out : NULL, n, block, gl->bias_sums + at * LANES);
    if (gl->spread.data != NULL)
        spread(f, layer, n, block);
    if (gl->fc_dy.data != NULL)
        memcpy(map_at(&gl->fc_dy, 0, block, 0, n), map_at(&gl->dy, n, block, 0, 0), LANES * sizeof(float));
}

static void finish_block(const FastRun *f, int layer, int n, int block)
{
    const Layer *l = f->layers[layer].layer;
    if (l->op == OP_CONV || l->op == OP_FC) {
        finish(f, layer, n, block);
    } else if (l->op == OP_CONCAT) {
        for (int i = 0; i < l->input_count; i++) {
            const GradLayer *branch = &f->grad->layers[l->inputs[i]];
            const Op op = f->layers[l->inputs[i]].layer->op;
            const int at = block - branch->first_block;
            if (branch->in_concat && op == OP_CONV && at >= 0 && at < branch->dy.blocks)
                finish(f, l->inputs[i], n, at);
        }
    }
}

/* The loss's own gradient, where the layer is a head's logits. */
static void from_losses(Target *t)
{
    const Net *net = t->f->run.net;
    for (int h = 0; h < net->head_count; h++) {
        if (net->heads[h].logits != t->layer || t->f->grad->dlogits[h] == NULL)
            continue;
        const float *plain = t->f->grad->dlogits[h] + (size_t)t->n * shape_size(net->layers[t->layer].out);
        if (t->first)
            clear(t);
        t->first = false;
        for (int c = t->b0 * LANES; c < t->b1 * LANES && c < t->dx->c; c++)
            for (int y = 0; y < t->dx->h; y++)
                for (int x = 0; x < t->dx->w; x++)
                    map_at(t->dx, t->n, c / LANES, y, x)[c % LANES] += plain[(c * t->dx->h + y) * t->dx->w + x];
    }
}

int grad_map_tasks(const FastRun *f, int layer)
{
    return f->run.n * pack_set_count(&f->grad->layers[layer].sets);
}

void grad_map_task(const FastRun *f, int layer, int task, float *scratch)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const int sets = pack_set_count(&gl->sets), set = task % sets, n = task / sets; /* sets of an image read the same dy */
    Target t = {.f = f, .dx = &gl->dy, .layer = layer, .n = n, .set = set, .b0 = pack_set_begin(&gl->sets, set),
                .b1 = pack_set_begin(&gl->sets, set + 1), .first = true, .scratch = scratch};
    from_losses(&t);
    for (int i = 0; i < gl->consumer_count; i++) {
        const int consumer = f->grad->consumers[gl->consumers + i];
        if (f->grad->layers[consumer].live)
            from_consumer(&t, consumer);
    }
    for (int b = t.b0; b < t.b1; b++)
        finish_block(f, layer, n, b);
}
