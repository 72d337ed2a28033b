/* circuit_model.c - one value through its reduction, in the background; see circuit_model.h. */
#include "app/model/circuit_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void result_free(CircuitResult *r)
{
    free(r->sources);
    free(r->kernels);
    free(r->expanded);
    free(r->open);
    *r = (CircuitResult){.source_count = 0};
}

static void job_drop(CircuitJob *j)
{
    free(j->through);
    free(j->from);
    result_free(&j->result);
    *j = (CircuitJob){.through = NULL};
}

static float *as_floats(const double *from, size_t count, float *reach)
{
    float *out = malloc(count * sizeof *out);
    for (size_t i = 0; out != NULL && i < count; i++) {
        out[i] = (float)from[i];
        *reach = fmaxf(*reach, fabsf(out[i]));
    }
    return out;
}

/* How many values of the reduction are above 0 in each tap of the window. */
static void count_open(const Net *net, const CircuitJob *j, CircuitResult *r)
{
    const Layer *l = &net->layers[j->path.layer];
    const int count = l->in.c / l->groups, first = j->unit.c / (l->out.c / l->groups) * count;
    r->gates = j->path.kind == CIRCUIT_REDUCTION ? count : 0;
    for (int tap = 0; tap < l->k * l->k; tap++) {
        const int y = j->unit.y * l->stride - l->pad + tap / l->k, x = j->unit.x * l->stride - l->pad + tap % l->k;
        const bool inside = y >= 0 && y < l->in.h && x >= 0 && x < l->in.w;
        r->open[tap] = inside ? 0 : -1;
        for (int c = first; inside && c < first + count; c++)
            r->open[tap] += j->through[at(l->in, 0, c, y, x)] > 0;
    }
}

static bool work(SideJob *job, void *result, Err *err)
{
    CircuitJob *j = result;
    CircuitResult *r = &j->result;
    const Net *net = side_job_net(job);
    const Layer *l = &net->layers[j->path.layer];
    const size_t channels = (size_t)net->layers[j->path.from].out.c, taps = (size_t)l->k * (size_t)l->k, count = channels * taps;
    const float **maps = calloc((size_t)net->layer_count, sizeof *maps);
    double *kernels = malloc(size_product(count, sizeof *kernels));
    r->sources = calloc(channels, sizeof *r->sources);
    r->open = calloc(taps, sizeof *r->open);
    bool good = (maps != NULL && kernels != NULL && r->sources != NULL && r->open != NULL) || err_set(err, "not enough memory");
    if (good) {
        maps[j->path.through] = j->through;
        maps[j->path.from] = j->from;
        good = circuit_compute(net, side_job_weights(job), maps, &j->path, j->unit, &r->circuit, r->sources, kernels, err);
    }
    if (good) {
        r->source_count = (int)channels;
        count_open(net, j, r);
        r->kernels = as_floats(kernels, count, &r->reach);
        circuit_expanded(net, side_job_weights(job), &j->path, j->unit.c, kernels);
        r->expanded = as_floats(kernels, count, &r->expanded_reach);
        good = (r->kernels != NULL && r->expanded != NULL) || err_set(err, "not enough memory");
    }
    free(maps);
    free(kernels);
    return good;
}

static void take(CircuitModel *c)
{
    const SideKey key = *side_job_key(c->job);
    Err err = {""};
    const bool good = side_job_end(c->job, &err);
    c->job = NULL;
    c->problem = good ? (Err){""} : err;
    c->key = key;
    result_free(&c->result);
    if (good) {
        c->result = c->next.result;
        c->next.result = (CircuitResult){.source_count = 0};
        c->version++;
    }
    job_drop(&c->next);
}

void circuit_rest(CircuitModel *c)
{
    if (c->job != NULL && side_job_done(c->job))
        take(c);
}

void circuit_want(CircuitModel *c, const SideWish *wish, const CircuitPath *path, Unit unit, const LayerMap *through, const LayerMap *from)
{
    circuit_rest(c);
    const bool there = c->result.source_count > 0 || c->problem.text[0] != '\0';
    if (c->job != NULL || (there && unit_same(c->unit, unit) && c->maps[0] == through->version && c->maps[1] == from->version && side_key_same(&c->key, &wish->key)))
        return;
    c->unit = unit;
    c->maps[0] = through->version;
    c->maps[1] = from->version;
    c->key = wish->key;
    c->next = (CircuitJob){.path = *path, .unit = unit, .through = copy_floats(through->data, shape_size(through->shape)), .from = copy_floats(from->data, shape_size(from->shape))};
    if (c->next.through != NULL && c->next.from != NULL)
        c->job = side_job_start(wish, work, &c->next);
    if (c->job == NULL) {
        job_drop(&c->next);
        result_free(&c->result);
        side_job_none(&c->problem);
    }
}

Unit circuit_unit(const Net *net, Cursor cursor)
{
    Address twin;
    while (net->layers[cursor.layer].op == OP_DROPOUT)
        cursor.layer = net->layers[cursor.layer].inputs[0];
    if (net->layers[cursor.layer].op == OP_CONCAT && net_address_twin(net, (Address){.layer = cursor.layer, .channel = cursor.channel}, &twin))
        return (Unit){twin.layer, twin.channel, cursor.y, cursor.x};
    return (Unit){cursor.layer, cursor.channel, cursor.y, cursor.x};
}

const CircuitResult *circuit_result(const CircuitModel *c, Unit unit)
{
    const Unit of = c->result.circuit.unit;
    const bool old = c->job != NULL && of.layer == unit.layer && of.c == unit.c;
    return c->result.source_count > 0 && (old || unit_same(of, unit)) ? &c->result : NULL;
}

bool circuit_busy(const CircuitModel *c)
{
    return c->job != NULL;
}

void circuit_model_close(CircuitModel *c)
{
    if (c->job != NULL)
        take(c);
    result_free(&c->result);
}
