/* grad_plan.c - memory and geometry of backward, made once for a training Run. */
#include "engine/fast/grad_plan.h"

#include <stdlib.h>

/* Hands out pieces of one allocation. Everything is laid out twice: first without memory, to count. */
typedef struct Arena {
    float *base;                /* the allocation; NULL while counting */
    size_t used;                /* floats */
    bool overflow;
} Arena;

static float *take(Arena *a, size_t floats)
{
    floats = (floats + LANES - 1) / LANES * LANES;
    if (floats > SIZE_MAX / sizeof(float) / 4 - a->used)
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

static bool reads(const Layer *l, int input)
{
    for (int b = 0; b < l->input_count; b++)
        if (l->inputs[b] == input)
            return true;
    return false;
}

/* A head may tap a branch. Its gradient is then more than a part of the concat's, and needs memory of its own. */
static bool only_reader(const FastRun *f, int reader, int layer)
{
    for (int i = layer + 1; i < f->run.net->layer_count; i++)
        if (i != reader && fast_computes(f, i) && reads(f->layers[i].layer, layer))
            return false;
    return true;
}

static void find_views(FastRun *f, GradPlan *g)
{
    for (int i = 0; i < f->run.net->layer_count; i++) {
        const Layer *l = f->layers[i].layer;
        if (l->op != OP_CONCAT || !fast_computes(f, i))
            continue;
        for (int b = 0, channel = 0; b < l->input_count; channel += f->layers[l->inputs[b]].layer->out.c, b++) {
            GradLayer *branch = &g->layers[l->inputs[b]];
            branch->in_concat = is_view(f, i, b, channel) && only_reader(f, i, l->inputs[b]);
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
            if (reads(&net->layers[j], i) && fast_computes(f, j) && !(net->layers[j].op == OP_CONCAT && g->layers[i].in_concat))
                g->consumers[count++] = j;
        g->layers[i].consumer_count = count - g->layers[i].consumers;
    }
    return true;
}

/* The zeros that the data gradient of layer i reads around dy. */
static int back_halo(const FastRun *f, int i)
{
    const Layer *l = f->layers[i].layer;
    bool reads = l->op == OP_CONV && l->stride == 1 && f->layers[f->layers[i].input].layer->op != OP_INPUT;
    return reads && l->k - 1 > l->pad ? l->k - 1 - l->pad : 0;
}

static int halo_of(const FastRun *f, const GradPlan *g, int i)
{
    const Layer *l = f->layers[i].layer;
    int halo = back_halo(f, i);
    for (int b = 0; b < l->input_count && l->op == OP_CONCAT; b++)
        if (g->layers[l->inputs[b]].in_concat && back_halo(f, l->inputs[b]) > halo)
            halo = back_halo(f, l->inputs[b]);
    return halo;
}

static void lay_maps(FastRun *f, GradPlan *g, Arena *a)
{
    const int batch = f->run.options.batch;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        const Layer *l = f->layers[i].layer;
        GradLayer *gl = &g->layers[i];
        if (!fast_computes(f, i) || l->op == OP_INPUT || l->op == OP_SOFTMAX)
            continue;
        if (!gl->in_concat)
            take_map(a, &gl->dy, batch, l->out, halo_of(f, g, i));
        const bool has_dx = f->layers[f->layers[i].input].layer->op != OP_INPUT;
        if (l->op == OP_CONV && l->stride > 1 && has_dx) {
            /* As high as the dy of a convolution with stride 1: what the strided one left over at the end stays zero. */
            const Shape s = {1, l->out.c, l->in.h + 2 * l->pad - l->k + 1, l->in.w + 2 * l->pad - l->k + 1};
            take_map(a, &gl->spread, batch, s, l->k - 1 > l->pad ? l->k - 1 - l->pad : 0);
        }
        if (l->op == OP_FC) {
            take_map(a, &gl->fc_dy, 1, (Shape){1, l->out.c, 1, batch}, 0);
            if (has_dx)
                take_map(a, &gl->fc_dx, 1, (Shape){1, f->layers[i].fc_in.c, 1, batch}, 0);
        }
    }
    for (int i = 0; i < f->run.net->layer_count; i++) {
        const Layer *l = f->layers[i].layer;
        for (int b = 0; b < l->input_count && l->op == OP_CONCAT && g->layers[i].dy.data != NULL; b++) {
            GradLayer *branch = &g->layers[l->inputs[b]];
            if (branch->in_concat)
                branch->dy = map_view(&g->layers[i].dy, branch->first_block, f->layers[l->inputs[b]].layer->out.c);
        }
    }
}

static bool convs_read(const FastRun *f, const GradPlan *g, int layer)
{
    for (int i = 0; i < g->layers[layer].consumer_count; i++)
        if (f->layers[g->consumers[g->layers[layer].consumers + i]].layer->op == OP_CONV)
            return true;
    return false;
}

/* The data gradient of a 3x3 convolution that runs by Winograd's algorithm does so, too: over the map that it reads, in the
 * sets of that map's tasks. */
static void shape_winograd(FastRun *f, GradPlan *g, int layer)
{
    PackedConv *p = &g->layers[layer].turned;
    const Layer *l = f->layers[layer].layer;
    p->in_blocks = blocks_of(l->out.c, LANES);
    const int pieces = plan_pieces(p, winograd_pieces(l->in.h, l->in.w));
    pack_winograd_shape(p, l->out.c, l->in.c, f->kernels->registers, pieces);
    p->set = g->layers[f->layers[layer].input].sets.set;
    if (winograd_scratch(p, pieces) > g->sums_floats)
        g->sums_floats = winograd_scratch(p, pieces);
}

static void lay_packed(FastRun *f, GradPlan *g, Arena *a)
{
    const int registers = f->kernels->registers;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        GradLayer *gl = &g->layers[i];
        const Layer *l = f->layers[i].layer;
        if (gl->dy.data == NULL)
            continue;
        pack_shape(&gl->sets, l->out.c, l->out.c, 1, 1, LANES, registers, l->out.w);
        if (!convs_read(f, g, i))
            gl->sets.set = 1; /* nothing is shared between blocks then, and one fits in a nearer cache */
        if ((l->op != OP_CONV && l->op != OP_FC) || f->layers[f->layers[i].input].layer->op == OP_INPUT)
            continue;
        if (plan_winograd(f, l))
            shape_winograd(f, g, i);
        else if (l->op == OP_CONV)
            pack_shape(&gl->turned, l->out.c, l->in.c, l->k, 1, LANES, registers, l->in.w);
        else
            pack_shape(&gl->turned, l->out.c, f->layers[i].fc_in.c, 1, 1, LANES, registers, f->run.options.batch);
        gl->turned.w = take(a, (size_t)gl->turned.out_blocks * gl->turned.per_block);
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
            cut->set = f->kernels->grad.set;
            const size_t sums = cut_tasks(f, i, cut);
            if (sums > g->sums_floats)
                g->sums_floats = sums;
        }
    }
    g->sums_floats = (g->sums_floats + LANES - 1) / LANES * LANES;
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
    if (ok && plan_weights(f, g) && (g->sums = map_memory(g->sums_floats * (size_t)pool_threads(f->pool), true)) != NULL)
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
