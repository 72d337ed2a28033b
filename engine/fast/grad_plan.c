/* grad_plan.c - memory and geometry of backward, made once for a Run. */
#include "engine/fast/grad_plan.h"

#include "engine/fast/grad_phases.h"

#include <limits.h>
#include <stdlib.h>

/* Hands out parts of one allocation. Everything is laid out twice: the first time without memory, to count. */
typedef struct Arena {
    float *base;                /* the allocation; NULL while counting */
    size_t used;                /* floats */
    bool overflow;
} Arena;

static float *take(Arena *a, size_t floats)
{
    floats = floats > FLOATS_MAX ? floats : (floats + LANES - 1) / LANES * LANES;
    if (floats > FLOATS_MAX - a->used)
        a->overflow = true;
    float *piece = a->base != NULL ? a->base + a->used : NULL;
    a->used += a->overflow ? 0 : floats;
    return piece;
}

static bool arena_open(Arena *a)
{
    a->base = a->overflow ? NULL : map_memory(a->used, true);
    a->used = 0;
    return a->base != NULL;
}

static void take_map(Arena *a, Map *m, int n, Shape s, int halo)
{
    if (!map_make(m, n, s, LANES, halo)) {
        a->overflow = true;
        return;
    }
    float *piece = take(a, map_floats(m));
    m->data = piece != NULL ? piece + map_origin(m) : NULL;
}

/* Whether forward writes branch b of a concat straight into it. */
static bool is_view(const FastRun *f, int concat, int b, int channel)
{
    const Map *whole = &f->layers[concat].out, *branch = &f->layers[f->layers[concat].layer->inputs[b]].out;
    return branch->lanes == LANES && channel % LANES == 0 && branch->data == map_at(whole, 0, channel / LANES, 0, 0);
}

/* A head may read a branch. Then the branch's gradient is more than a part of the concat's, and needs its own memory. */
static bool only_reader(const FastRun *f, int reader, int layer)
{
    for (int i = layer + 1; i < f->run.net->layer_count; i++)
        if (i != reader && fast_computes(f, i) && layer_reads(f->layers[i].layer, layer))
            return false;
    return true;
}

static void find_views(FastRun *f, GradPlan *g)
{
    for (int i = 0; i < f->run.net->layer_count; i++)
        g->layers[i].concat = -1;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        const Layer *l = f->layers[i].layer;
        if (l->op != OP_CONCAT || !fast_computes(f, i))
            continue;
        for (int b = 0, channel = 0; b < l->input_count; channel += f->layers[l->inputs[b]].layer->out.c, b++) {
            GradLayer *branch = &g->layers[l->inputs[b]];
            if (is_view(f, i, b, channel) && only_reader(f, i, l->inputs[b]))
                branch->concat = i;
            branch->first_block = channel / LANES;
        }
    }
}

static bool find_consumers(FastRun *f, GradPlan *g)
{
    const Net *net = f->run.net;
    g->consumers = calloc((size_t)net->layer_count * LAYER_INPUTS_MAX, sizeof *g->consumers);
    if (g->consumers == NULL)
        return false;
    for (int i = 0, count = 0; i < net->layer_count; i++) {
        g->layers[i].consumers = count;
        for (int j = i + 1; j < net->layer_count; j++)
            if (layer_reads(&net->layers[j], i) && fast_computes(f, j) && g->layers[i].concat != j)
                g->consumers[count++] = j;
        g->layers[i].consumer_count = count - g->layers[i].consumers;
    }
    return true;
}

/* Training does not need the gradient of the picture, nor that of a softmax at the end: the loss is at the logits before it. */
static bool has_gradient(const FastRun *f, const GradPlan *g, int layer)
{
    const Op op = f->layers[layer].layer->op;
    const bool trains = op != OP_INPUT && (op != OP_SOFTMAX || g->layers[layer].consumer_count > 0);
    return fast_computes(f, layer) && (f->run.options.gradients || trains);
}

/* Whether conv or fc layer i has a data gradient. */
static bool has_dx(const FastRun *f, const GradPlan *g, int i)
{
    const Op op = f->layers[i].layer->op;
    return (op == OP_CONV || op == OP_FC) && has_gradient(f, g, i) && has_gradient(f, g, f->layers[i].input);
}

/* Number of zeros around dy that the data gradient of layer i reads. */
static int back_halo(const FastRun *f, const GradPlan *g, int i)
{
    return f->layers[i].layer->op == OP_CONV && has_dx(f, g, i) ? phases_of(f->layers[i].layer).halo : 0;
}

static int halo_of(const FastRun *f, const GradPlan *g, int i)
{
    const Layer *l = f->layers[i].layer;
    int halo = back_halo(f, g, i);
    for (int b = 0; b < l->input_count; b++)
        if (g->layers[l->inputs[b]].concat == i && back_halo(f, g, l->inputs[b]) > halo)
            halo = back_halo(f, g, l->inputs[b]);
    return halo;
}

/* Whether `finish` changes the layer's gradient, or a part of it. */
static bool is_gated(const FastRun *f, const GradPlan *g, int i)
{
    const Layer *l = f->layers[i].layer;
    bool gated = l->relu;
    for (int b = 0; b < l->input_count; b++)
        gated = gated || (g->layers[l->inputs[b]].concat == i && f->layers[l->inputs[b]].layer->relu);
    return gated;
}

static void take_sent(FastRun *f, GradPlan *g, Arena *a, int i)
{
    const Layer *l = f->layers[i].layer;
    const int batch = f->run.options.batch;
    if (l->op == OP_FC) {
        take_map(a, &g->layers[i].sent, 1, (Shape){1, f->layers[i].fc_in.c, 1, batch}, 0);
    } else if (l->stride > 1) {
        const Phases p = phases_of(l);
        const int64_t channels = phases_channels(l, &p);
        if (channels > INT_MAX - LANES)
            a->overflow = true;
        else
            take_map(a, &g->layers[i].sent, batch, (Shape){1, (int)channels, p.h, p.w}, 0);
    }
}

static void lay_maps(FastRun *f, GradPlan *g, Arena *a)
{
    const int batch = f->run.options.batch;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        const Layer *l = f->layers[i].layer;
        GradLayer *gl = &g->layers[i];
        if (!has_gradient(f, g, i))
            continue;
        if (gl->concat < 0)
            take_map(a, &gl->dy, batch, l->out, halo_of(f, g, i));
        if (gl->concat < 0 && f->run.options.gradients && is_gated(f, g, i))
            take_map(a, &gl->kept, batch, l->out, 0);
        if (l->op == OP_FC)
            take_map(a, &gl->fc_dy, 1, (Shape){1, l->out.c, 1, batch}, 0);
        if (has_dx(f, g, i))
            take_sent(f, g, a, i);
    }
    for (int i = 0; i < f->run.net->layer_count; i++) {
        GradLayer *gl = &g->layers[i];
        if (gl->concat < 0 || g->layers[gl->concat].dy.data == NULL)
            continue;
        const GradLayer *whole = &g->layers[gl->concat];
        gl->dy = map_view(&whole->dy, gl->first_block, f->layers[i].layer->out.c);
        if (whole->kept.data != NULL)
            gl->kept = map_view(&whole->kept, gl->first_block, f->layers[i].layer->out.c);
    }
}

static bool convs_read(const FastRun *f, const GradPlan *g, int layer)
{
    for (int i = 0; i < g->layers[layer].consumer_count; i++)
        if (f->layers[g->consumers[g->layers[layer].consumers + i]].layer->op == OP_CONV)
            return true;
    return false;
}

/* The data gradient of a 3x3 convolution with Winograd's algorithm uses that algorithm too: over the map that it reads, in the
 * panels of that map's tasks. */
static void shape_winograd(FastRun *f, GradPlan *g, int layer)
{
    PackedConv *p = &g->layers[layer].rotated;
    const Layer *l = f->layers[layer].layer;
    p->in_blocks = blocks_of(l->out.c, LANES);
    const int tiles = plan_tiles(p, winograd_tiles(l->in.h, l->in.w));
    pack_winograd_shape(p, l->out.c, l->in.c, f->kernels->registers, tiles);
    p->panel = g->layers[f->layers[layer].input].panels.panel;
    if (winograd_scratch(p, tiles) > g->sums_floats)
        g->sums_floats = winograd_scratch(p, tiles);
}

static void lay_packed(FastRun *f, GradPlan *g, Arena *a)
{
    const int registers = f->kernels->registers;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        GradLayer *gl = &g->layers[i];
        const Layer *l = f->layers[i].layer;
        if (gl->dy.data == NULL)
            continue;
        pack_shape(&gl->panels, l->out.c, l->out.c, 1, 1, LANES, registers, l->out.w);
        if (!convs_read(f, g, i))
            gl->panels.panel = 1; /* blocks share nothing then, and one block fits in a faster cache */
        if (!has_dx(f, g, i))
            continue;
        const Phases p = l->op == OP_CONV ? phases_of(l) : (Phases){0};
        if (plan_winograd(f, l))
            shape_winograd(f, g, i);
        else if (l->op == OP_CONV)
            pack_shape(&gl->rotated, l->out.c, (int)phases_channels(l, &p), p.k, 1, LANES, registers, p.w);
        else
            pack_shape(&gl->rotated, l->out.c, f->layers[i].fc_in.c, 1, 1, LANES, registers, f->run.options.batch);
        gl->rotated.w = take(a, size_product((size_t)gl->rotated.out_blocks, gl->rotated.per_block));
    }
}

static void lay_finished(FastRun *f, GradPlan *g, Arena *a)
{
    for (int i = 0; i < f->run.net->layer_count; i++) {
        GradLayer *gl = &g->layers[i];
        const Op op = f->layers[i].layer->op;
        if (gl->dy.data == NULL || (op != OP_CONV && op != OP_FC))
            continue;
        const size_t blocks = (size_t)f->run.options.batch * (size_t)gl->dy.blocks;
        gl->bias_sums = take(a, blocks * LANES);
        gl->norms = (double *)(void *)take(a, blocks * sizeof(double) / sizeof(float));
    }
}

static bool plan_weights(FastRun *f, GradPlan *g)
{
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1 && (g->units = calloc(count + 1, sizeof *g->units)) == NULL)
            return false;
        WeightUnit *next = g->units;
        for (int i = 0; i < f->run.net->layer_count; i++) {
            GradLayer *gl = &g->layers[i];
            const Op op = f->layers[i].layer->op;
            if (gl->dy.data == NULL || (op != OP_CONV && op != OP_FC))
                continue;
            WeightCut *cut = &gl->cut;
            cut->unit_count = cut_units(f, i, next);
            count += (size_t)cut->unit_count;
            if (pass == 0)
                continue;
            cut->units = next;
            next += cut->unit_count;
            cut->scalars = f->kernels->grad.scalars;
            cut->panel = f->kernels->grad.panel;
            const size_t sums = cut_tasks(f, i, cut);
            if (sums > g->sums_floats)
                g->sums_floats = sums;
        }
    }
    return true;
}

typedef void Lay(FastRun *f, GradPlan *g, Arena *a);

static bool lay(FastRun *f, GradPlan *g, Lay *pieces, float **memory)
{
    Arena a = {0};
    pieces(f, g, &a);
    if (!arena_open(&a))
        return false;
    *memory = a.base;
    pieces(f, g, &a);
    return true;
}

GradPlan *grad_new(FastRun *f, Err *err)
{
    GradPlan *g = calloc(1, sizeof *g);
    bool ok = g != NULL && (g->layers = calloc((size_t)f->run.net->layer_count, sizeof *g->layers)) != NULL;
    if (ok) {
        find_views(f, g);
        ok = find_consumers(f, g) && lay(f, g, lay_maps, &g->maps) && lay(f, g, lay_packed, &g->packed) &&
             lay(f, g, lay_finished, &g->finished);
    }
    ok = ok && (!f->run.options.training || plan_weights(f, g));
    if (ok) {
        g->sums_floats = (g->sums_floats + LANES - 1) / LANES * LANES;
        g->sums = map_memory(size_product(g->sums_floats, (size_t)pool_threads(f->pool)), true);
    }
    if (ok && g->sums != NULL)
        return g;
    err_set(err, "%s: the gradients for %d pictures do not fit in memory; use a smaller input or batch", f->run.net->source,
            f->run.options.batch);
    grad_free(g);
    return NULL;
}

void grad_free(GradPlan *g)
{
    if (g == NULL)
        return;
    free(g->layers);
    free(g->consumers);
    free(g->units);
    free(g->maps);
    free(g->packed);
    free(g->finished);
    free(g->sums);
    free(g);
}
