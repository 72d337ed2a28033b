/* run_fast.c - the fast engine's forward: packs the weights once, then gives the layers to the thread pool, level by level. */
#include "engine/fast/measure.h"
#include "engine/fast/grad.h"
#include "engine/fast/grad_rotate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void fast_destroy(Run *run)
{
    FastRun *f = (FastRun *)run;
    grad_free(f->grad);
    pool_free(f->pool);
    plan_free(f);
    free(f);
}

static Run *fast_create(const Net *net, const RunOptions *options, Err *err)
{
    for (int i = 0; i < net->layer_count; i++)
        if (net->layers[i].op == OP_LRN && net->layers[i].lrn_size / 2 > LRN_REACH_MAX) {
            err_set(err, "%s: %s uses %d channels, but the fast engine supports at most %d; use --engine reference", net->source,
                    net->layers[i].name, net->layers[i].lrn_size, 2 * LRN_REACH_MAX + 1);
            return NULL;
        }
    FastRun *f = calloc(1, sizeof *f);
    if (f == NULL) {
        err_set(err, "out of memory for %s; close other programs", net->source);
        return NULL;
    }
    f->run.engine = &fast_engine;
    f->run.net = net;
    f->run.options = *options;
    bool ok = (f->kernels = kernels_pick(err)) != NULL && (f->pool = pool_new(options->threads, err)) != NULL &&
              plan_make(f, err) && (!(options->training || options->gradients) || (f->grad = grad_new(f, err)) != NULL);
    if (!ok) {
        fast_destroy(&f->run);
        return NULL;
    }
    return &f->run;
}

/* ---- weights ---- */

static const float *param(const FastRun *f, int index)
{
    return index < 0 ? NULL : f->weights + f->run.net->params[index].offset;
}

typedef struct Packing {
    FastRun *f;
    const bool *layers;         /* to pack these; NULL: all */
} Packing;

static bool packs(const Packing *packing, int layer)
{
    return packing->f->layers[layer].packed.w != NULL && (packing->layers == NULL || packing->layers[layer]);
}

/* Packs one panel of one layer; the panels of all layers are numbered together. */
static void pack_task(void *context, int task, int thread)
{
    const Packing *packing = context;
    FastRun *f = packing->f;
    (void)thread;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        FastLayer *fl = &f->layers[i];
        const Layer *l = fl->layer;
        if (!packs(packing, i))
            continue;
        int panels = pack_panel_count(&fl->packed);
        if (task < panels) {
            bool fc = l->op == OP_FC;
            if (fl->packed.winograd)
                pack_winograd(&fl->packed, param(f, l->weight), l->in.c, l->out.c, fl->scale, false, task);
            else
                pack_conv(&fl->packed, param(f, l->weight), l->in.c, l->out.c, fc ? l->in.h * l->in.w : l->k * l->k,
                          fc ? 1 : l->groups, fl->scale, task);
            return;
        }
        task -= panels;
    }
}

static void fast_weights(Run *run, const float *weights, const bool *layers)
{
    FastRun *f = (FastRun *)run;
    Packing packing = {f, layers};
    int tasks = 0;
    f->weights = weights;
    for (int i = 0; i < run->net->layer_count; i++)
        if (packs(&packing, i)) {
            layer_affine(run->net, weights, i, f->layers[i].scale, f->layers[i].bias); /* batch norm is folded in */
            tasks += pack_panel_count(&f->layers[i].packed);
        }
    pool_run(f->pool, pack_task, &packing, tasks);
    if (f->grad != NULL)
        grad_rotate_again(f, layers);
}

/* ---- one task of each kind of layer ---- */

/* Rows [*y0, *y1) of chunk i, if rows [0, h) are divided into chunks. */
static void chunk_rows(int h, int chunks, int i, int *y0, int *y1)
{
    *y0 = (int)((int64_t)h * i / chunks);
    *y1 = (int)((int64_t)h * (i + 1) / chunks);
}

/* Task t of a convolution. Panels change fastest, so tasks that run at the same time read the same rows. */
static void conv_task(const FastRun *f, int layer, int t)
{
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    const PackedConv *p = &fl->packed;
    bool fc = l->op == OP_FC;
    const Map *y = fc ? &fl->fc_out : &fl->out, *x = fc ? &fl->fc_in : fast_input_map(f, layer);
    int panels = pack_panel_count(p), panel = t % panels, chunk = t / panels % fl->row_chunks, n = t / panels / fl->row_chunks;
    int b0 = pack_panel_begin(p, panel), y0, y1;
    chunk_rows(y->h, fl->row_chunks, chunk, &y0, &y1);
    f->kernels->conv(y, x, p, fl->bias, l->relu ? CONV_RELU : CONV_PLAIN, fc ? 1 : l->stride, fc ? 0 : l->pad, n, b0,
                     pack_panel_begin(p, panel + 1) - b0, y0, y1);
}

static void winograd_task(const FastRun *f, int layer, int t, int thread)
{
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    int part = t % fl->panel_chunks, chunk = t / fl->panel_chunks % fl->row_chunks, n = t / fl->panel_chunks / fl->row_chunks;
    int panel0, panel1, tile0, tile1;
    chunk_rows(pack_panel_count(&fl->packed), fl->panel_chunks, part, &panel0, &panel1);
    chunk_rows(winograd_tiles(l->out.h, l->out.w), fl->row_chunks, chunk, &tile0, &tile1);
    f->kernels->winograd(&fl->out, fast_input_map(f, layer), &fl->packed, fl->bias, l->relu ? CONV_RELU : CONV_PLAIN, l->pad, n, panel0,
                         panel1, tile0, tile1, f->scratch + (size_t)thread * f->scratch_floats);
}

static void block_task(const FastRun *f, int layer, int t)
{
    const FastLayer *fl = &f->layers[layer];
    const Map *y = &fl->out, *x = fast_input_map(f, layer);
    int block = t % y->blocks, chunk = t / y->blocks % fl->row_chunks, n = t / y->blocks / fl->row_chunks, y0, y1;
    chunk_rows(y->h, fl->row_chunks, chunk, &y0, &y1);
    if (fl->layer->op == OP_LRN) {
        LrnDims d = layer_lrn_dims(fl->layer, 1);
        f->kernels->lrn(y, x, &d, n, block, y0, y1);
    } else {
        PoolDims d = layer_pool_dims(fl->layer, 1);
        (fl->layer->op == OP_MAXPOOL ? f->kernels->maxpool : f->kernels->avgpool)(y, x, &d, n, block, y0, y1);
    }
}

/* Copies the branches that were not written in place, because their channels do not fill whole blocks. */
static void concat_task(const FastRun *f, int layer, int n)
{
    const FastLayer *fl = &f->layers[layer];
    for (int b = 0, channel = 0; b < fl->layer->input_count; b++) {
        const Map *y = &fl->out, *x = &f->layers[fl->layer->inputs[b]].out;
        bool in_place = x->data == map_at(y, 0, channel / LANES, 0, 0);
        for (int c = 0; c < x->c && !in_place; c++)
            for (int yi = 0; yi < x->h; yi++) {
                const float *from = map_at(x, n, c / x->lanes, yi, 0) + c % x->lanes;
                float *to = map_at(y, n, (channel + c) / LANES, yi, 0) + (channel + c) % LANES;
                for (int xi = 0; xi < x->w; xi++)
                    to[xi * LANES] = from[xi * x->lanes];
            }
        channel += x->c;
    }
}

/* Dropout in a run for training. The mask is that of ops.h, which numbers the elements in plain order. */
static void dropout_task(const FastRun *f, int layer, int n)
{
    const FastLayer *fl = &f->layers[layer];
    const Map *y = &fl->out, *x = fast_input_map(f, layer);
    const float p = f->run.dropout ? fl->layer->dropout_p : 0.0f, kept = 1.0f / (1.0f - p);
    const Rng rng = rng_make(f->run.dropout_rng.key, (uint64_t)layer);
    uint64_t i = (uint64_t)(f->run.first_image + n) * (uint64_t)x->c * (uint64_t)x->h * (uint64_t)x->w;
    for (int c = 0; c < x->c; c++)
        for (int yi = 0; yi < x->h; yi++)
            for (int xi = 0; xi < x->w; xi++, i++) {
                bool keep = p == 0.0f || rng_uniform_at(rng, i) >= (double)p;
                map_at(y, n, c / LANES, yi, xi)[c % LANES] =
                    keep ? map_at(x, n, c / LANES, yi, xi)[c % LANES] * kept : 0.0f;
            }
}

/* p = exp(x - max) / sum over the channels of every pixel. */
static void softmax_task(const FastRun *f, int layer, int n)
{
    const Map *y = &f->layers[layer].out, *x = fast_input_map(f, layer);
    for (int yi = 0; yi < x->h; yi++)
        for (int xi = 0; xi < x->w; xi++) {
            float highest = -INFINITY, sum = 0;
            for (int c = 0; c < x->c; c++)
                highest = fmaxf(highest, map_at(x, n, c / LANES, yi, xi)[c % LANES]);
            for (int c = 0; c < x->c; c++) {
                float e = expf(map_at(x, n, c / LANES, yi, xi)[c % LANES] - highest);
                map_at(y, n, c / LANES, yi, xi)[c % LANES] = e;
                sum += e;
            }
            for (int c = 0; c < x->c; c++)
                map_at(y, n, c / LANES, yi, xi)[c % LANES] /= sum;
        }
}

static void layer_task(const FastRun *f, int layer, int t, int thread)
{
    switch (f->layers[layer].layer->op) {
    case OP_CONV:
    case OP_FC:
        if (f->layers[layer].packed.winograd)
            winograd_task(f, layer, t, thread);
        else
            conv_task(f, layer, t);
        break;
    case OP_MAXPOOL:
    case OP_AVGPOOL:
    case OP_LRN:
        block_task(f, layer, t);
        break;
    case OP_CONCAT:
        concat_task(f, layer, t);
        break;
    case OP_DROPOUT:
        dropout_task(f, layer, t);
        break;
    case OP_SOFTMAX:
        softmax_task(f, layer, t);
        break;
    case OP_INPUT:
    case OP_COUNT:
        break;
    }
}

/* ---- task batches ---- */

/* The number of tasks of a layer for the current batch: enough to keep every thread busy to the end, and no more, since the first
 * row of a task loads its weights from a slower cache. The results do not depend on it. */
static void count_tasks(FastRun *f, FastLayer *fl)
{
    const Layer *l = fl->layer;
    bool conv = l->op == OP_CONV || l->op == OP_FC;
    int per_chunk = conv ? pack_panel_count(&fl->packed) : fl->out.blocks, n = l->op == OP_FC ? 1 : f->run.n;
    if (!conv && l->op != OP_MAXPOOL && l->op != OP_AVGPOOL && l->op != OP_LRN) {
        fl->tasks = n;
        return;
    }
    int threads = pool_threads(f->pool), wanted = threads == 1 ? 1 : 8 * threads, rows = l->op == OP_FC ? 1 : l->out.h;
    if (fl->packed.winograd) {
        int tiles = winograd_tiles(l->out.h, l->out.w), together = plan_tiles(&fl->packed, tiles), panels = pack_panel_count(&fl->packed);
        fl->row_chunks = (tiles + together - 1) / together;
        /* Each part of the panels transforms the input again, so there are at most as many parts as threads. */
        fl->panel_chunks = fl->row_chunks * n >= 2 * threads ? 1 : threads < panels ? threads : panels;
        fl->tasks = fl->row_chunks * fl->panel_chunks * n;
        return;
    }
    int chunks = (wanted + per_chunk * n - 1) / (per_chunk * n);
    fl->row_chunks = chunks < rows ? chunks : rows;
    fl->tasks = per_chunk * fl->row_chunks * n;
}

/* fc: copies the images to the pixels of one row, and back. */
static void fc_gather(FastRun *f, int layer)
{
    const FastLayer *fl = &f->layers[layer];
    const Map *x = fast_input_map(f, layer), *row = &fl->fc_in;
    for (int n = 0; n < f->run.n; n++)
        for (int b = 0, to = 0; b < x->blocks; b++)
            for (int yi = 0; yi < x->h; yi++)
                for (int xi = 0; xi < x->w; xi++, to++)
                    memcpy(map_at(row, 0, to, 0, n), map_at(x, n, b, yi, xi), LANES * sizeof(float));
}

static void fc_scatter(FastRun *f, int layer)
{
    const FastLayer *fl = &f->layers[layer];
    for (int n = 0; n < f->run.n; n++)
        for (int b = 0; b < fl->out.blocks; b++)
            memcpy(map_at(&fl->out, n, b, 0, 0), map_at(&fl->fc_out, 0, b, 0, n), LANES * sizeof(float));
}

typedef struct ForwardTasks {
    FastRun *f;
    const int *layers;
    int count;
} ForwardTasks;

static void forward_task(void *context, int task, int thread)
{
    const ForwardTasks *batch = context;
    int i = batch->count - 1;
    while (task < batch->f->layers[batch->layers[i]].first_task)
        i--;
    layer_task(batch->f, batch->layers[i], task - batch->f->layers[batch->layers[i]].first_task, thread);
}

/* Runs layers that do not depend on each other. */
static void run_tasks(FastRun *f, const int *layers, int count)
{
    int tasks = 0;
    for (int i = 0; i < count; i++) {
        FastLayer *fl = &f->layers[layers[i]];
        count_tasks(f, fl);
        fl->first_task = tasks;
        tasks += fl->tasks;
        if (fl->layer->op == OP_FC)
            fc_gather(f, layers[i]);
    }
    ForwardTasks batch = {f, layers, count};
    pool_run(f->pool, forward_task, &batch, tasks);
    for (int i = 0; i < count; i++)
        if (f->layers[layers[i]].layer->op == OP_FC)
            fc_scatter(f, layers[i]);
    for (int i = 0; i < count; i++)
        run_tell_passed(&f->run, layers[i], false);
}

static void fast_forward_layer(Run *run, int layer)
{
    FastRun *f = (FastRun *)run;
    if (!f->layers[layer].in_place && f->layers[layer].layer->op != OP_INPUT)
        run_tasks(f, &layer, 1);
}

static void fast_forward(Run *run, const bool *layers)
{
    FastRun *f = (FastRun *)run;
    int batch[LEVEL_MAX];
    for (int i = 0; i < f->order_count;) {
        int count = 0, level = f->layers[f->order[i]].level;
        for (; i < f->order_count && count < LEVEL_MAX && f->layers[f->order[i]].level == level; i++)
            if (layers == NULL || layers[f->order[i]])
                batch[count++] = f->order[i];
        if (count > 0)
            run_tasks(f, batch, count);
    }
}

static void fast_input(Run *run, const float *x, int n)
{
    FastRun *f = (FastRun *)run;
    const size_t count = shape_size(run->net->input);
    for (int i = 0; i < run->net->layer_count; i++) {
        const FastLayer *fl = &f->layers[i];
        if (fl->layer->op != OP_INPUT)
            continue;
        for (int image = 0; image < n; image++) {
            map_write(&fl->picture, image, x + (size_t)image * count);
            if (fl->out.data != fl->picture.data)
                map_write(&fl->out, image, x + (size_t)image * count);
        }
    }
}

static void fast_activation(Run *run, int layer, int image, float *out)
{
    map_read(&((FastRun *)run)->layers[layer].out, image, out);
}

static void fast_put(Run *run, int layer, int image, const float *map)
{
    map_write(&((FastRun *)run)->layers[layer].out, image, map);
}

static void fast_backward(Run *run, float *const *dlogits, float *grads)
{
    grad_backward((FastRun *)run, dlogits, grads);
}

static double fast_gradient_norm2(Run *run, int layer)
{
    return grad_norm2((FastRun *)run, layer);
}

static void fast_gradient(Run *run)
{
    grad_gradient((FastRun *)run);
}

static void fast_map_gradient(Run *run, int layer, int image, float *out)
{
    grad_map_gradient((const FastRun *)run, layer, image, out);
}

static void fast_shift_gradient(Run *run, int layer, int image, float *out)
{
    grad_shift_gradient((const FastRun *)run, layer, image, out);
}

const Engine fast_engine = {
    .name = "fast",
    .create = fast_create,
    .destroy = fast_destroy,
    .weights = fast_weights,
    .input = fast_input,
    .forward_layer = fast_forward_layer,
    .forward = fast_forward,
    .activation = fast_activation,
    .put = fast_put,
    .backward = fast_backward,
    .gradient_norm2 = fast_gradient_norm2,
    .gradient = fast_gradient,
    .map_gradient = fast_map_gradient,
    .shift_gradient = fast_shift_gradient,
    .kernel = fast_kernel_text,
    .kernels = fast_kernels_name,
};
