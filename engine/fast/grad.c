/* grad.c - backward of the fast engine: the order in which gradients are computed.
 *
 * Layers that a loss reaches have levels, 0 next to the losses. The gradient of a map needs those of all its consumers,
 * which stand on lower levels; the gradients of a layer's weights need that of its map. So level by level one burst goes to the
 * threads: the weights of the level before, and the maps of this one. */
#include "engine/fast/grad.h"

#include "engine/fast/grad_maps.h"
#include "engine/fast/grad_weights.h"

#include <string.h>

typedef struct Burst {
    FastRun *f;
    float *grads;
    int weights_level, maps_level; /* of this burst */
} Burst;

static bool computes_weights(const FastRun *f, int layer, int level)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const Op op = f->layers[layer].layer->op;
    return gl->live && gl->level == level && (op == OP_CONV || op == OP_FC);
}

/* Logits get their gradient from the caller; a view gets it from its concat. */
static bool computes_map(const FastRun *f, int layer, int level)
{
    const GradLayer *gl = &f->grad->layers[layer];
    return gl->live && gl->level == level && gl->dy.data != NULL && !gl->in_concat;
}

static int burst_tasks(const Burst *b)
{
    int tasks = 0;
    for (int l = 0; l < b->f->run.net->layer_count; l++) {
        if (computes_weights(b->f, l, b->weights_level))
            tasks += grad_weights_tasks(b->f, l);
        if (computes_map(b->f, l, b->maps_level))
            tasks += grad_map_tasks(b->f, l);
    }
    return tasks;
}

/* Weights first: their tasks are the longer ones. */
static void burst_task(void *context, int task, int thread)
{
    const Burst *b = context;
    float *scratch = b->f->grad->sums + (size_t)thread * b->f->grad->sums_floats;
    for (int l = 0; l < b->f->run.net->layer_count; l++)
        if (computes_weights(b->f, l, b->weights_level)) {
            const int tasks = grad_weights_tasks(b->f, l);
            if (task < tasks) {
                grad_weights_task(b->f, l, task, scratch, b->grads);
                return;
            }
            task -= tasks;
        }
    for (int l = 0; l < b->f->run.net->layer_count; l++)
        if (computes_map(b->f, l, b->maps_level)) {
            const int tasks = grad_map_tasks(b->f, l);
            if (task < tasks) {
                grad_map_task(b->f, l, task, scratch);
                return;
            }
            task -= tasks;
        }
}

/* The turned weights of every layer whose data gradient is wanted; task: one set. */
static bool turns(const FastRun *f, int layer)
{
    return f->grad->layers[layer].live && f->grad->layers[layer].turned.w != NULL;
}

static void turn_task(void *context, int task, int thread)
{
    const FastRun *f = context;
    (void)thread;
    for (int l = 0; l < f->run.net->layer_count; l++) {
        const int sets = turns(f, l) ? pack_set_count(&f->grad->layers[l].turned) : 0;
        if (task < sets) {
            grad_turn_weights(f, l, task);
            return;
        }
        task -= sets;
    }
}

static void turn_weights(FastRun *f)
{
    int tasks = 0;
    for (int l = 0; l < f->run.net->layer_count; l++)
        tasks += turns(f, l) ? pack_set_count(&f->grad->layers[l].turned) : 0;
    pool_run(f->pool, turn_task, f, tasks);
}

/* Data gradients of fully connected layers, for all images at once; the maps that they read take them from there. */
typedef struct FcBurst {
    FastRun *f;
    int layer;
} FcBurst;

static void fc_task(void *context, int task, int thread)
{
    const FcBurst *b = context;
    const GradLayer *gl = &b->f->grad->layers[b->layer];
    const int b0 = pack_set_begin(&gl->turned, task);
    (void)thread;
    b->f->kernels->conv(&gl->fc_dx, &gl->fc_dy, &gl->turned, NULL, CONV_PLAIN, 1, 0, 0, b0,
                        pack_set_begin(&gl->turned, task + 1) - b0, 0, 1);
}

static void fc_backward_rows(FastRun *f, int level)
{
    for (int l = 0; l < f->run.net->layer_count; l++)
        if (f->layers[l].layer->op == OP_FC && turns(f, l) && f->grad->layers[l].level == level) {
            FcBurst b = {f, l};
            pool_run(f->pool, fc_task, &b, pack_set_count(&f->grad->layers[l].turned));
        }
}

/* Which layers a loss reaches, and their levels. Layers stand after all that they read. */
static void find_levels(FastRun *f, float *const *dlogits)
{
    const Net *net = f->run.net;
    GradPlan *g = f->grad;
    for (int l = 0; l < net->layer_count; l++) {
        g->layers[l].live = false;
        g->layers[l].level = 0;
    }
    for (int h = 0; h < net->head_count; h++)
        if (dlogits[h] != NULL)
            g->layers[net->heads[h].logits].live = true;
    g->levels = 0;
    for (int l = net->layer_count - 1; l >= 0; l--) {
        const Layer *layer = &net->layers[l];
        if (!g->layers[l].live)
            continue;
        if (g->layers[l].level >= g->levels)
            g->levels = g->layers[l].level + 1;
        for (int i = 0; i < layer->input_count; i++) {
            GradLayer *input = &g->layers[layer->inputs[i]];
            const int level = g->layers[l].level + (input->in_concat ? 0 : 1);
            input->live = true;
            if (level > input->level)
                input->level = level;
        }
    }
}

void grad_backward(FastRun *f, float *const *dlogits, float *grads)
{
    find_levels(f, dlogits);
    turn_weights(f);
    f->grad->dlogits = dlogits;
    for (int level = 0; level <= f->grad->levels; level++) {
        Burst b = {.f = f, .grads = grads, .weights_level = level - 1, .maps_level = level};
        pool_run(f->pool, burst_task, &b, burst_tasks(&b));
        fc_backward_rows(f, level);
    }
    f->grad->dlogits = NULL;
}

/* Over channels [c0, c1) of dy as it is. */
static double sum_of_squares(const FastRun *f, const Map *dy, int c0, int c1)
{
    double sum = 0;
    for (int n = 0; n < f->run.n; n++)
        for (int c = c0; c < c1; c++)
            for (int y = 0; y < dy->h; y++)
                for (int x = 0; x < dy->w; x++) {
                    const double value = (double)map_at(dy, n, c / LANES, y, x)[c % LANES];
                    sum += value * value;
                }
    return sum;
}

double grad_norm2(FastRun *f, int layer)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const Layer *l = f->layers[layer].layer;
    double sum = 0;
    if (!gl->live || gl->dy.data == NULL)
        return -1;
    if (l->op == OP_CONV || l->op == OP_FC) { /* dy is behind the ReLU by now, but `finish` has seen it before */
        for (int i = 0; i < f->run.n * gl->dy.blocks; i++)
            sum += gl->norms[i];
        return sum;
    }
    if (l->op != OP_CONCAT)
        return sum_of_squares(f, &gl->dy, 0, gl->dy.c);
    for (int i = 0, channel = 0; i < l->input_count; channel += f->layers[l->inputs[i]].layer->out.c, i++)
        sum += f->grad->layers[l->inputs[i]].in_concat
                   ? grad_norm2(f, l->inputs[i])
                   : sum_of_squares(f, &gl->dy, channel, channel + f->layers[l->inputs[i]].layer->out.c);
    return sum;
}
