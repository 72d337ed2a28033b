/* grad.c - backward of the fast engine: the order in which gradients are computed.
 *
 * Layers whose gradient is needed have levels; where backward begins the level is 0. The gradient of a map needs those of all its
 * consumers, which have lower levels. The gradients of a layer's weights need the gradient of its map. So for each level one task
 * batch goes to the threads: the weights of the previous level, and the maps of this one. */
#include "engine/fast/grad.h"

#include "engine/fast/grad_maps.h"
#include "engine/fast/grad_phases.h"
#include "engine/fast/grad_rotate.h"
#include "engine/fast/grad_weights.h"

#include <string.h>

enum { SEND_ROWS = 8 };         /* rows of a strided convolution's phases in one task */

typedef struct GradTasks {
    FastRun *f;
    float *grads;               /* NULL: gradients of weights are not wanted */
    int weights_level, maps_level; /* of this batch */
} GradTasks;

static bool computes_weights(const GradTasks *b, int layer)
{
    const GradLayer *gl = &b->f->grad->layers[layer];
    const Op op = b->f->layers[layer].layer->op;
    return b->grads != NULL && gl->live && gl->level == b->weights_level && (op == OP_CONV || op == OP_FC);
}

/* A view into a concat's gradient is computed with the concat, unless backward begins below the concat. */
static bool computes_map(const GradTasks *b, int layer)
{
    const GradLayer *layers = b->f->grad->layers, *gl = &layers[layer];
    return gl->live && gl->level == b->maps_level && gl->dy.data != NULL && !(gl->concat >= 0 && layers[gl->concat].live);
}

static int grad_task_count(const GradTasks *b)
{
    int tasks = 0;
    for (int l = 0; l < b->f->run.net->layer_count; l++) {
        if (computes_weights(b, l))
            tasks += grad_weights_tasks(b->f, l);
        if (computes_map(b, l))
            tasks += grad_map_tasks(b->f, l);
    }
    return tasks;
}

/* Weights first: their tasks are the longer ones. */
static void grad_task(void *context, int task, int thread)
{
    const GradTasks *b = context;
    float *scratch = b->f->grad->sums + (size_t)thread * b->f->grad->sums_floats;
    for (int l = 0; l < b->f->run.net->layer_count; l++)
        if (computes_weights(b, l)) {
            const int tasks = grad_weights_tasks(b->f, l);
            if (task < tasks) {
                grad_weights_task(b->f, l, task, scratch, b->grads);
                return;
            }
            task -= tasks;
        }
    for (int l = 0; l < b->f->run.net->layer_count; l++)
        if (computes_map(b, l)) {
            const int tasks = grad_map_tasks(b->f, l);
            if (task < tasks) {
                grad_map_task(b->f, l, task, scratch);
                return;
            }
            task -= tasks;
        }
}

/* Layers whose data gradient is not written directly into the input's dy: fc computes it for all images together, a strided
 * convolution by phases. The maps that they read take it from `sent`. */
typedef struct SendTasks {
    FastRun *f;
    int layer;
} SendTasks;

static void send_task(void *context, int task, int thread)
{
    const SendTasks *b = context;
    const GradLayer *gl = &b->f->grad->layers[b->layer];
    const Layer *l = b->f->layers[b->layer].layer;
    const int panels = pack_panel_count(&gl->rotated), panel = task % panels, b0 = pack_panel_begin(&gl->rotated, panel);
    const int blocks = pack_panel_begin(&gl->rotated, panel + 1) - b0, chunks = (gl->sent.h + SEND_ROWS - 1) / SEND_ROWS;
    const int y0 = task / panels % chunks * SEND_ROWS, y1 = y0 + SEND_ROWS < gl->sent.h ? y0 + SEND_ROWS : gl->sent.h;
    const bool fc = l->op == OP_FC;
    (void)thread;
    b->f->kernels->conv(&gl->sent, fc ? &gl->fc_dy : &gl->dy, &gl->rotated, NULL, CONV_PLAIN, 1, fc ? 0 : phases_of(l).pad,
                        task / panels / chunks, b0, blocks, y0, y1);
}

static void send(FastRun *f, int level)
{
    for (int l = 0; l < f->run.net->layer_count; l++) {
        const GradLayer *gl = &f->grad->layers[l];
        if (gl->sent.data == NULL || !grad_sends(f, l) || gl->level != level)
            continue;
        const int images = f->layers[l].layer->op == OP_FC ? 1 : f->run.n;
        SendTasks b = {f, l};
        pool_run(f->pool, send_task, &b, pack_panel_count(&gl->rotated) * ((gl->sent.h + SEND_ROWS - 1) / SEND_ROWS) * images);
    }
}

/* Levels of the live layers. */
static void find_levels(FastRun *f)
{
    const Net *net = f->run.net;
    GradPlan *g = f->grad;
    for (int l = 0; l < net->layer_count; l++)
        g->layers[l].level = 0;
    g->levels = 0;
    for (int l = net->layer_count - 1; l >= 0; l--) {
        if (!g->layers[l].live)
            continue;
        if (g->layers[l].level >= g->levels)
            g->levels = g->layers[l].level + 1;
        for (int i = 0; i < net->layers[l].input_count; i++) {
            GradLayer *input = &g->layers[net->layers[l].inputs[i]];
            const int level = g->layers[l].level + (input->concat == l ? 0 : 1);
            if (level > input->level)
                input->level = level;
        }
    }
}

/* Goes from the seeds through all live layers. */
static void walk_back(FastRun *f, float *grads)
{
    find_levels(f);
    grad_rotate(f);
    for (int level = 0; level <= f->grad->levels; level++) {
        GradTasks b = {.f = f, .grads = grads, .weights_level = level - 1, .maps_level = level};
        pool_run(f->pool, grad_task, &b, grad_task_count(&b));
        send(f, level);
        for (int l = 0; l < f->run.net->layer_count; l++)
            if (f->grad->layers[l].live && f->grad->layers[l].level == level)
                run_tell_passed(&f->run, l, true);
    }
    f->grad->seed_count = 0;
}

void grad_backward(FastRun *f, float *const *dlogits, float *grads)
{
    const Net *net = f->run.net;
    GradPlan *g = f->grad;
    for (int l = 0; l < net->layer_count; l++)
        g->layers[l].live = false;
    for (int h = 0; h < net->head_count; h++)
        if (dlogits[h] != NULL) {
            g->seeds[g->seed_count++] = (GradSeed){net->heads[h].logits, dlogits[h]};
            g->layers[net->heads[h].logits].live = run_learns(&f->run, net->heads[h].logits);
        }
    for (int l = net->layer_count - 1; l >= 0; l--) /* layers come after their inputs */
        for (int i = 0; i < net->layers[l].input_count && g->layers[l].live; i++)
            g->layers[net->layers[l].inputs[i]].live |= run_learns(&f->run, net->layers[l].inputs[i]);
    walk_back(f, grads);
}

void grad_gradient(FastRun *f)
{
    GradPlan *g = f->grad;
    for (int l = 0; l < f->run.net->layer_count; l++)
        g->layers[l].live = f->run.way[l];
    g->seeds[g->seed_count++] = (GradSeed){f->run.gradient.from, f->run.gradient.seed};
    walk_back(f, NULL);
}

void grad_map_gradient(const FastRun *f, int layer, int image, float *out)
{
    const GradLayer *gl = &f->grad->layers[layer];
    map_read(gl->kept.data != NULL ? &gl->kept : &gl->dy, image, out);
}

void grad_shift_gradient(const FastRun *f, int layer, int image, float *out)
{
    const GradLayer *gl = &f->grad->layers[layer];
    memcpy(out, gl->bias_sums + (size_t)image * (size_t)gl->dy.blocks * LANES, (size_t)gl->dy.c * sizeof *out);
}

/* Over channels [c0, c1) of the current dy. */
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
    if (l->op == OP_CONV || l->op == OP_FC) { /* dy is now the gradient before ReLU; `finish` kept the norms */
        for (int i = 0; i < f->run.n * gl->dy.blocks; i++)
            sum += gl->norms[i];
        return sum;
    }
    if (l->op != OP_CONCAT)
        return sum_of_squares(f, &gl->dy, 0, gl->dy.c);
    for (int i = 0, channel = 0; i < l->input_count; channel += f->layers[l->inputs[i]].layer->out.c, i++)
        sum += f->grad->layers[l->inputs[i]].concat == layer
                   ? grad_norm2(f, l->inputs[i])
                   : sum_of_squares(f, &gl->dy, channel, channel + f->layers[l->inputs[i]].layer->out.c);
    return sum;
}
