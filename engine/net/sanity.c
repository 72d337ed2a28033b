/* sanity.c - see sanity.h. */
#include "engine/net/sanity.h"
#include "engine/base/thread.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool sanity_allowed(const Net *net, Err *err)
{
    if (!net_need_scores(net, err))
        return false;
    return net_scores(net, 0) >= SANITY_CLASSES || err_set(err, "network %s has one score, so there is no other class to compare a map with", net->name);
}

bool sanity_make(const Net *net, int class_index, int against, Sanity *out, Err *err)
{
    const Shape in = net->input;
    const size_t count = shape_size(in);
    assert(class_index != against);
    Sanity s = {.input = in, .classes = {class_index, against}};
    s.x = calloc(size_product(count, SANITY_BATCH), sizeof *s.x);
    s.seed = calloc(size_product((size_t)net_scores(net, 0), SANITY_BATCH), sizeof *s.seed);
    bool good = s.x != NULL && s.seed != NULL;
    for (int m = 0; m < SANITY_MAPS; m++)
        for (int k = 0; k < SANITY_CLASSES; k++) {
            s.values[m][k] = calloc(count, sizeof(float));
            s.maps[m][k] = calloc((size_t)in.h * (size_t)in.w, sizeof(float));
            good = good && s.values[m][k] != NULL && s.maps[m][k] != NULL;
        }
    *out = s;
    if (good)
        return true;
    sanity_free(out);
    return err_set(err, "not enough memory for the maps");
}

void sanity_free(Sanity *s)
{
    for (int m = 0; m < SANITY_MAPS; m++)
        for (int k = 0; k < SANITY_CLASSES; k++) {
            free(s->values[m][k]);
            free(s->maps[m][k]);
        }
    free(s->x);
    free(s->seed);
    *s = (Sanity){.steps = 0};
}

static void flatten(Sanity *s, SanityMap map, int which)
{
    const size_t plane = (size_t)s->input.h * (size_t)s->input.w;
    float *out = s->maps[map][which];
    memset(out, 0, plane * sizeof *out);
    for (size_t c = 0; c < (size_t)s->input.c; c++)
        for (size_t p = 0; p < plane; p++)
            out[p] += fabsf(s->values[map][which][c * plane + p]);
}

/* Forward for the pictures in s->x. */
static void forward(Run *run, Sanity *s, int n)
{
    run_input(run, s->x, n);
    run_forward(run);
}

/* Back from one class's score of each picture to the pictures. */
static void back(Run *run, Sanity *s, int which, bool guided)
{
    const int classes = net_scores(run->net, 0);
    memset(s->seed, 0, (size_t)run->n * (size_t)classes * sizeof *s->seed);
    for (int i = 0; i < run->n; i++)
        s->seed[i * classes + s->classes[which]] = 1;
    run_gradient(run, &(Gradient){.from = run->net->heads[0].logits, .seed = s->seed, .guided = guided});
}

static void read_scores(Run *run, Sanity *s, double out[SANITY_CLASSES])
{
    run_activation(run, run->net->heads[0].logits, 0, s->seed);
    for (int k = 0; k < SANITY_CLASSES; k++)
        out[k] = (double)s->seed[s->classes[k]];
}

void sanity_gradients(Run *run, Sanity *s, const float *x)
{
    static const SanityMap kinds[] = {SANITY_GRADIENT, SANITY_GUIDED};
    const size_t count = shape_size(s->input);
    assert(run->options.batch >= SANITY_BATCH);
    memset(s->x, 0, count * sizeof *s->x);
    forward(run, s, 1);
    read_scores(run, s, s->empty);
    memcpy(s->x, x, count * sizeof *s->x);
    forward(run, s, 1);
    read_scores(run, s, s->score);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (int k = 0; k < SANITY_CLASSES; k++) {
            back(run, s, k, kinds[i] == SANITY_GUIDED);
            run_map_gradient(run, 0, 0, s->values[kinds[i]][k]);
            flatten(s, kinds[i], k);
        }
    for (int k = 0; k < SANITY_CLASSES; k++)
        memset(s->values[SANITY_INTEGRATED][k], 0, count * sizeof(float));
    s->steps = 0;
}

void sanity_integrate(Run *run, Sanity *s, const float *x)
{
    const size_t count = shape_size(s->input);
    assert(s->steps + SANITY_BATCH <= SANITY_STEPS && SANITY_STEPS % SANITY_BATCH == 0);
    for (int i = 0; i < SANITY_BATCH; i++) {
        const float part = (float)(2 * (s->steps + i) + 1) / (2 * SANITY_STEPS);
        for (size_t k = 0; k < count; k++)
            s->x[(size_t)i * count + k] = part * x[k];
    }
    forward(run, s, SANITY_BATCH);
    s->steps += SANITY_BATCH;
    for (int which = 0; which < SANITY_CLASSES; which++) {
        float *sum = s->values[SANITY_INTEGRATED][which];
        back(run, s, which, false);
        for (int i = 0; i < SANITY_BATCH; i++) {
            run_map_gradient(run, 0, i, s->x);
            for (size_t k = 0; k < count; k++)
                sum[k] += s->x[k];
        }
        if (s->steps < SANITY_STEPS)
            continue;
        for (size_t k = 0; k < count; k++)
            sum[k] = sum[k] / SANITY_STEPS * x[k];
        flatten(s, SANITY_INTEGRATED, which);
    }
}

double sanity_sum(const Sanity *s, int which)
{
    double sum = 0;
    for (size_t k = 0; k < shape_size(s->input); k++)
        sum += (double)s->values[SANITY_INTEGRATED][which][k];
    return sum;
}

/* ---- weights that are random from the top down ---------------------------------------------------------------------------------------- */

/* The first layer of the stage that this layer belongs to; -1 if neither it nor its module has weights. */
static int stage_start(const Net *net, int layer)
{
    const int module = net->layers[layer].module;
    for (int l = module >= 0 ? net->modules[module].first : layer; module >= 0 && l <= net->modules[module].last; l++)
        if (net->layers[l].weight >= 0)
            return net->modules[module].first;
    return net->layers[layer].weight >= 0 ? layer : -1;
}

int sanity_stage_first(const Net *net, int stage)
{
    int last = -1;
    for (int l = net->main_count - 1; l >= 0; l--) {
        const int start = stage_start(net, l);
        if (start >= 0 && start != last) {
            last = start;
            if (--stage == 0)
                return start;
        }
    }
    return -1;
}

int sanity_stages(const Net *net)
{
    int count = 0;
    while (sanity_stage_first(net, count + 1) >= 0)
        count++;
    return count;
}

int sanity_stage_of(const Net *net, int layer)
{
    const int module = net->layers[layer].module, from = module >= 0 ? net->modules[module].first : layer;
    int stage = 0;
    while (sanity_stage_first(net, stage + 1) >= from)
        stage++;
    return stage;
}

void sanity_weights(const Net *net, const float *weights, const float *random, int stage, float *out)
{
    const int first = stage > 0 ? sanity_stage_first(net, stage) : net->main_count;
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        const bool is_random = net->layers[p->layer].head == 0 && p->layer >= first;
        memcpy(out + p->offset, (is_random ? random : weights) + p->offset, p->count * sizeof *out);
    }
}

/* ---- ranks ---------------------------------------------------------------------------------------------------------------------------- */

typedef struct Placed { float value; size_t at; } Placed;

static int by_value(const void *a, const void *b)
{
    const Placed *p = a, *q = b;
    return p->value < q->value ? -1 : p->value > q->value ? 1 : p->at < q->at ? -1 : p->at > q->at;
}

/* Ranks less their mean; equal values have the same. */
static void ranks(const float *values, size_t count, Placed *order, double *out)
{
    for (size_t i = 0; i < count; i++)
        order[i] = (Placed){values[i], i};
    qsort(order, count, sizeof *order, by_value);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && !(order[end].value > order[i].value); end++) {}
        for (size_t k = i; k < end; k++)
            out[order[k].at] = (double)(i + end - 1) / 2 - (double)(count - 1) / 2;
    }
}

bool rank_correlation(const float *a, const float *b, size_t count, double *out)
{
    Placed *order = calloc(count, sizeof *order);
    double *x = calloc(count, sizeof *x), *y = calloc(count, sizeof *y), xy = 0, xx = 0, yy = 0;
    const bool good = order != NULL && x != NULL && y != NULL;
    if (good) {
        ranks(a, count, order, x);
        thread_yield();
        ranks(b, count, order, y);
        thread_yield();
        for (size_t i = 0; i < count; i++) {
            xy += x[i] * y[i];
            xx += x[i] * x[i];
            yy += y[i] * y[i];
        }
        *out = xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
    }
    free(order);
    free(x);
    free(y);
    return good;
}
