/* grad_maps.c - the gradient of one map: the sum of what every layer that reads it sends back.
 *
 * A task is the blocks of one panel of one image. It adds up the contributions of all consumers: the first overwrites, the others
 * add. Then, while the result is still in the cache, it applies the ReLU. No other task writes to these blocks. */
#include "engine/fast/grad_maps.h"

#include "engine/fast/grad_phases.h"

#include <string.h>

/* Where a contribution goes. */
typedef struct GradTarget {
    const FastRun *f;
    const Map *dx;
    int layer, n, panel, b0, b1;
    bool first;                 /* nothing has been written yet */
    float *scratch;             /* the thread's */
} GradTarget;

static void clear(const GradTarget *t)
{
    for (int b = t->b0; b < t->b1; b++)
        for (int y = 0; y < t->dx->h; y++)
            memset(map_at(t->dx, t->n, b, y, 0), 0, (size_t)t->dx->w * LANES * sizeof(float));
}

static void from_conv(const GradTarget *t, int consumer)
{
    const GradLayer *gl = &t->f->grad->layers[consumer];
    const Layer *l = t->f->layers[consumer].layer;
    const ConvMode mode = t->first ? CONV_PLAIN : CONV_ADD;
    if (gl->rotated.winograd) {
        const int tiles = winograd_tiles(t->dx->h, t->dx->w), together = plan_tiles(&gl->rotated, tiles);
        for (int i = 0; i < tiles; i += together)
            t->f->kernels->winograd(t->dx, &gl->dy, &gl->rotated, NULL, mode, l->k - 1 - l->pad, t->n, t->panel, t->panel + 1, i,
                                    i + together < tiles ? i + together : tiles, t->scratch);
        return;
    }
    t->f->kernels->conv(t->dx, &gl->dy, &gl->rotated, NULL, mode, 1, l->k - 1 - l->pad, t->n, t->b0,
                        t->b1 - t->b0, 0, t->dx->h);
}

/* A strided convolution has computed its phases; each phase is every stride-th row and column of dx. */
static void from_phases(const GradTarget *t, int consumer)
{
    const Layer *l = t->f->layers[consumer].layer;
    const Map *sent = &t->f->grad->layers[consumer].sent, *dx = t->dx;
    const Phases p = phases_of(l);
    for (int c = t->b0 * LANES; c < t->b1 * LANES && c < dx->c; c++)
        for (int y = 0; y < dx->h; y++)
            for (int rx = 0; rx < p.side && (y + l->pad) % l->stride < p.side; rx++) {
                const int channel = ((y + l->pad) % l->stride * p.side + rx) * dx->c + c;
                const int x0 = (rx + p.first * l->stride < l->pad ? rx + l->stride : rx) + p.first * l->stride - l->pad;
                const float *from = map_at(sent, t->n, channel / LANES, (y + l->pad) / l->stride - p.first,
                                           (x0 + l->pad) / l->stride - p.first) + channel % LANES;
                float *to = map_at(dx, t->n, c / LANES, y, 0) + c % LANES;
                for (int x = x0; x < dx->w; x += l->stride, from += LANES)
                    to[x * LANES] += *from;
            }
}

static void from_fc(const GradTarget *t, int consumer)
{
    const Map *row = &t->f->grad->layers[consumer].sent, *dx = t->dx;
    for (int b = t->b0; b < t->b1; b++)
        for (int y = 0; y < dx->h; y++)
            for (int x = 0; x < dx->w; x++) {
                const float *from = map_at(row, 0, (b * dx->h + y) * dx->w + x, 0, t->n);
                float *to = map_at(dx, t->n, b, y, x);
                for (int i = 0; i < LANES; i++)
                    to[i] += from[i];
            }
}

/* The part of the concat's gradient at this layer's channels; only for layers that are not a view into it. */
static void from_concat(const GradTarget *t, int consumer)
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

static void from_dropout(const GradTarget *t, int consumer)
{
    const FastRun *f = t->f;
    const Map *dy = &f->grad->layers[consumer].dy, *dx = t->dx;
    const float p = f->run.dropout ? f->layers[consumer].layer->dropout_p : 0.0f, kept = 1.0f / (1.0f - p);
    const Rng rng = rng_make(f->run.dropout_rng.key, (uint64_t)consumer);
    for (int c = t->b0 * LANES; c < t->b1 * LANES && c < dx->c; c++) {
        uint64_t i = ((uint64_t)(f->run.first_image + t->n) * (uint64_t)dx->c + (uint64_t)c) * (uint64_t)dx->h * (uint64_t)dx->w;
        for (int y = 0; y < dx->h; y++)
            for (int x = 0; x < dx->w; x++, i++)
                if (p == 0.0f || rng_uniform_at(rng, i) >= (double)p)
                    map_at(dx, t->n, c / LANES, y, x)[c % LANES] += map_at(dy, t->n, c / LANES, y, x)[c % LANES] * kept;
    }
}

/* dx_i = p_i * (dp_i - sum over j of dp_j p_j), as in softmax_backward; the map has one pixel. */
static void from_softmax(const GradTarget *t, int consumer)
{
    const Map *dp = &t->f->grad->layers[consumer].dy, *p = &t->f->layers[consumer].out;
    float dot = 0;
    for (int c = 0; c < p->c; c++)
        dot += map_at(dp, t->n, c / LANES, 0, 0)[c % LANES] * map_at(p, t->n, c / LANES, 0, 0)[c % LANES];
    for (int c = t->b0 * LANES; c < t->b1 * LANES && c < t->dx->c; c++)
        map_at(t->dx, t->n, c / LANES, 0, 0)[c % LANES] +=
            map_at(p, t->n, c / LANES, 0, 0)[c % LANES] * (map_at(dp, t->n, c / LANES, 0, 0)[c % LANES] - dot);
}

static void from_block_op(const GradTarget *t, int consumer)
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

static void from_consumer(GradTarget *t, int consumer)
{
    const Op op = t->f->layers[consumer].layer->op;
    const bool overwrites = op == OP_CONV && t->f->layers[consumer].layer->stride == 1;
    if (t->first && !overwrites)
        clear(t);
    switch (op) {
    case OP_CONV:
        (overwrites ? from_conv : from_phases)(t, consumer);
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
    case OP_SOFTMAX:
        from_softmax(t, consumer);
        break;
    case OP_INPUT:
    case OP_COUNT:
        assert(false);
    }
    t->first = false;
}

static void only_above_zero(const Map *dy, int n, int block)
{
    for (int y = 0; y < dy->h; y++) {
        float *row = map_at(dy, n, block, y, 0);
        for (int i = 0; i < dy->w * LANES; i++)
            row[i] = row[i] > 0 ? row[i] : 0;
    }
}

/* Block `block` of conv or fc layer `layer`: applies the ReLU, sums its part of the bias gradient, and writes dy in the forms
 * that earlier layers read. */
static void finish(const FastRun *f, int layer, int n, int block)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const FastLayer *fl = &f->layers[layer];
    const size_t at = (size_t)n * (size_t)gl->dy.blocks + (size_t)block;
    const Map *gate = fl->layer->relu && !run_gate_open(&f->run, layer) ? &fl->out : NULL;
    if (gate != NULL && f->run.gradient.guided)
        only_above_zero(&gl->dy, n, block);
    gl->norms[at] = f->kernels->grad.finish(&gl->dy, gate, n, block, gl->bias_sums + at * LANES);
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
            if (branch->concat == layer && branch->live && op == OP_CONV && at >= 0 && at < branch->dy.blocks)
                finish(f, l->inputs[i], n, at);
        }
    }
}

/* The caller's gradient, where backward begins. */
static void from_seeds(GradTarget *t)
{
    for (int i = 0; i < t->f->grad->seed_count; i++) {
        const GradSeed *seed = &t->f->grad->seeds[i];
        if (seed->layer != t->layer)
            continue;
        const float *plain = seed->values + (size_t)t->n * shape_size(t->f->layers[t->layer].layer->out);
        if (t->first)
            clear(t);
        t->first = false;
        for (int c = t->b0 * LANES; c < t->b1 * LANES && c < t->dx->c; c++)
            for (int y = 0; y < t->dx->h; y++)
                for (int x = 0; x < t->dx->w; x++)
                    map_at(t->dx, t->n, c / LANES, y, x)[c % LANES] += plain[(c * t->dx->h + y) * t->dx->w + x];
    }
}

/* run_gradient: keeps the gradient of the map before the ReLU changes it. */
static void keep(const GradTarget *t, const Map *kept)
{
    for (int b = t->b0; b < t->b1; b++)
        for (int y = 0; y < kept->h; y++)
            memcpy(map_at(kept, t->n, b, y, 0), map_at(t->dx, t->n, b, y, 0), (size_t)kept->w * LANES * sizeof(float));
}

int grad_map_tasks(const FastRun *f, int layer)
{
    return f->run.n * pack_panel_count(&f->grad->layers[layer].panels);
}

void grad_map_task(const FastRun *f, int layer, int task, float *scratch)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const int panels = pack_panel_count(&gl->panels), panel = task % panels, n = task / panels; /* panels of an image read the same dy */
    GradTarget t = {.f = f, .dx = &gl->dy, .layer = layer, .n = n, .panel = panel, .b0 = pack_panel_begin(&gl->panels, panel),
                .b1 = pack_panel_begin(&gl->panels, panel + 1), .first = true, .scratch = scratch};
    from_seeds(&t);
    for (int i = 0; i < gl->consumer_count; i++) {
        const int consumer = f->grad->consumers[gl->consumers + i];
        if (f->grad->layers[consumer].live)
            from_consumer(&t, consumer);
    }
    if (gl->kept.data != NULL)
        keep(&t, &gl->kept);
    for (int b = t.b0; b < t.b1; b++)
        finish_block(f, layer, n, b);
}
