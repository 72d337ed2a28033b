/* circuit.c - see circuit.h. All sums are in double: they are compared with the float that the engine stores. */
#include "engine/net/circuit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* y = scale * (w*x) + shift of one output channel: batch norm and bias, as layer_affine, in double. */
static void affine(const Net *net, const float *weights, const Layer *l, int c, double *scale, double *shift)
{
    const double b = l->bias_param < 0 ? 0 : (double)weights[net->params[l->bias_param].offset + (size_t)c];
    *scale = 1;
    *shift = b;
    if (l->bn) {
        double v[4]; /* gamma, beta, mean, var */
        for (int i = 0; i < 4; i++)
            v[i] = (double)weights[net->params[l->bn_param + i].offset + (size_t)c];
        *scale = v[0] / sqrt(v[3] + (double)l->bn_eps);
        *shift = (b - v[2]) * *scale + v[1];
    }
}

static const float *kernel_of(const Net *net, const float *weights, const Layer *l, int o, int *first_in, int *count_in)
{
    *count_in = l->in.c / l->groups;
    *first_in = o / (l->out.c / l->groups) * *count_in;
    return weights + net->params[l->weight].offset + (size_t)o * (size_t)*count_in * (size_t)l->k * (size_t)l->k;
}

bool circuit_path(const Net *net, int layer, CircuitPath *out, Err *err)
{
    const Layer *l = &net->layers[layer];
    char name[NET_NAME_MAX + 8], reads[NET_NAME_MAX + 8];
    net_address_text(net, (Address){.layer = layer, .channel = -1}, name, sizeof name);
    if (l->op != OP_CONV)
        return err_set(err, "%s is not a convolution: only those are looked through", name);
    const int through = l->inputs[0];
    const Layer *r = &net->layers[through];
    net_address_text(net, (Address){.layer = through, .channel = -1}, reads, sizeof reads);
    if (r->op == OP_CONV && r->k == 1 && r->stride == 1 && r->pad == 0)
        *out = (CircuitPath){CIRCUIT_REDUCTION, layer, through, r->inputs[0]};
    else if (r->op == OP_MAXPOOL && l->k == 1 && l->stride == 1 && l->pad == 0)
        *out = (CircuitPath){CIRCUIT_POOL, layer, through, r->inputs[0]};
    else
        return err_set(err, "%s reads %s, which is no 1x1 reduction: there is nothing to look through; `explain value` has what each of its channels gives", name,
                       reads);
    return true;
}

/* Adds the reduction's channel r to a kernel of one tap: K[i] += w * W1[r,i], where w has the scales of both layers. */
static void add_reduction(const Net *net, const float *weights, const Layer *r_layer, int r, double w, double *kernels, size_t step)
{
    int first, count;
    const float *w1 = kernel_of(net, weights, r_layer, r, &first, &count);
    for (int i = 0; i < count; i++)
        kernels[(size_t)(first + i) * step] += w * (double)w1[i];
}

/* What is summed over the taps. */
typedef struct Sums { double *open, *expanded; } Sums; /* one number per channel of X */

/* One tap of the window at (y, x) of the reduction's map: its kernels with and without gates, applied to X there. */
static void add_tap(const Net *net, const float *weights, const float *const *maps, const Layer *l, int tap, int y, int x, double *kernel[2],
                    double *kernels, Circuit *c, Sums sums)
{
    const Layer *r_layer = &net->layers[c->path.through];
    const Shape from = net->layers[c->path.from].out;
    const size_t taps = (size_t)l->k * (size_t)l->k;
    int first, count;
    double scale, shift;
    const float *w2 = kernel_of(net, weights, l, c->unit.c, &first, &count);
    affine(net, weights, l, c->unit.c, &scale, &shift);
    memset(kernel[0], 0, (size_t)from.c * sizeof **kernel);
    memset(kernel[1], 0, (size_t)from.c * sizeof **kernel);
    for (int r = first; r < first + count; r++) {
        const double w = scale * (double)w2[(size_t)(r - first) * taps + (size_t)tap];
        const bool open = !r_layer->relu || maps[c->path.through][at(r_layer->out, 0, r, y, x)] > 0;
        double r_scale, r_shift;
        affine(net, weights, r_layer, r, &r_scale, &r_shift);
        c->gates++;
        c->expanded_bias += w * r_shift;
        add_reduction(net, weights, r_layer, r, w * r_scale, kernel[1], 1);
        if (!open)
            continue;
        c->open++;
        c->bias += w * r_shift;
        add_reduction(net, weights, r_layer, r, w * r_scale, kernel[0], 1);
    }
    for (int i = 0; i < from.c; i++) {
        const double value = (double)maps[c->path.from][at(from, 0, i, y, x)];
        sums.open[i] += kernel[0][i] * value;
        sums.expanded[i] += kernel[1][i] * value;
        if (kernels != NULL)
            kernels[(size_t)i * taps + (size_t)tap] = kernel[0][i];
    }
}

static void through_reduction(const Net *net, const float *weights, const float *const *maps, Circuit *c, double *kernel[2], double *kernels, Sums sums)
{
    const Layer *l = &net->layers[c->path.layer];
    const int y0 = c->unit.y * l->stride - l->pad, x0 = c->unit.x * l->stride - l->pad;
    for (int tap = 0; tap < l->k * l->k; tap++) {
        const int y = y0 + tap / l->k, x = x0 + tap % l->k;
        if (y >= 0 && y < l->in.h && x >= 0 && x < l->in.w)
            add_tap(net, weights, maps, l, tap, y, x, kernel, kernels, c, sums);
    }
}

/* Every channel passes one value, the largest of its window: a weighted sum of the winners. */
static void through_pool(const Net *net, const float *weights, const float *const *maps, Circuit *c, Term *terms, double *kernels, CircuitSource *sources)
{
    const Layer *l = &net->layers[c->path.layer];
    int first, count;
    double scale, shift;
    const float *w2 = kernel_of(net, weights, l, c->unit.c, &first, &count);
    affine(net, weights, l, c->unit.c, &scale, &shift);
    for (int i = 0; i < count; i++) {
        Explanation e;
        explain_value(net, weights, maps, (Unit){c->path.through, first + i, c->unit.y, c->unit.x}, &e, terms);
        const double w = scale * (double)w2[i];
        CircuitSource *s = &sources[first + i];
        s->sum = s->expanded = w * (double)e.value;
        s->y = terms[e.of.max.winner].y;
        s->x = terms[e.of.max.winner].x;
        if (kernels != NULL)
            kernels[first + i] = w;
    }
}

static int by_magnitude(const void *a, const void *b)
{
    const CircuitSource *p = a, *q = b;
    const double x = fabs(p->sum), y = fabs(q->sum);
    return x > y ? -1 : x < y ? 1 : p->channel - q->channel;
}

bool circuit_compute(const Net *net, const float *weights, const float *const *maps, const CircuitPath *path, Unit unit, Circuit *out,
                     CircuitSource *sources, double *kernels, Err *err)
{
    const Layer *l = &net->layers[path->layer];
    const size_t channels = (size_t)net->layers[path->from].out.c, own = explain_terms_max(net, path->layer), pooled = explain_terms_max(net, path->through);
    assert(unit.layer == path->layer);
    double *scratch = calloc(4 * channels, sizeof *scratch), *kernel[2] = {scratch, scratch + channels}, shift, scale;
    Term *terms = calloc(own > pooled ? own : pooled, sizeof *terms);
    if (scratch == NULL || terms == NULL) {
        free(scratch);
        free(terms);
        return err_set(err, "not enough memory");
    }
    if (kernels != NULL)
        memset(kernels, 0, channels * (size_t)l->k * (size_t)l->k * sizeof *kernels);
    for (size_t i = 0; i < channels; i++)
        sources[i] = (CircuitSource){.channel = (int)i, .y = -1, .x = -1};
    affine(net, weights, l, unit.c, &scale, &shift);
    *out = (Circuit){.path = *path, .unit = unit, .bias = shift, .expanded_bias = shift};
    if (path->kind == CIRCUIT_POOL)
        through_pool(net, weights, maps, out, terms, kernels, sources);
    else {
        const Sums sums = {scratch + 2 * channels, scratch + 3 * channels};
        through_reduction(net, weights, maps, out, kernel, kernels, sums);
        for (size_t i = 0; i < channels; i++) {
            sources[i].sum = sums.open[i];
            sources[i].expanded = sums.expanded[i];
        }
    }
    out->sum = out->bias;
    out->expanded = out->expanded_bias;
    for (size_t i = 0; i < channels; i++) {
        out->sum += sources[i].sum;
        out->expanded += sources[i].expanded;
        out->magnitude += fabs(sources[i].sum);
    }
    qsort(sources, channels, sizeof *sources, by_magnitude);
    Explanation e;
    explain_value(net, weights, maps, unit, &e, terms);
    out->pre = e.pre;
    out->value = e.value;
    free(scratch);
    free(terms);
    return true;
}

void circuit_expanded(const Net *net, const float *weights, const CircuitPath *path, int o, double *kernels)
{
    const Layer *l = &net->layers[path->layer], *r_layer = &net->layers[path->through];
    const int taps = l->k * l->k;
    int first, count;
    double scale, shift;
    const float *w2 = kernel_of(net, weights, l, o, &first, &count);
    affine(net, weights, l, o, &scale, &shift);
    memset(kernels, 0, (size_t)net->layers[path->from].out.c * (size_t)taps * sizeof *kernels);
    for (int r = 0; r < count; r++) {
        double r_scale = 1, r_shift;
        if (path->kind == CIRCUIT_REDUCTION)
            affine(net, weights, r_layer, first + r, &r_scale, &r_shift);
        for (int tap = 0; tap < taps; tap++) {
            const double w = scale * r_scale * (double)w2[(size_t)r * (size_t)taps + (size_t)tap];
            if (path->kind == CIRCUIT_POOL)
                kernels[(size_t)(first + r) * (size_t)taps + (size_t)tap] = w;
            else
                add_reduction(net, weights, r_layer, first + r, w, kernels + tap, (size_t)taps);
        }
    }
}

double circuit_share(const Circuit *c, const CircuitSource *sources, int source_count, int count)
{
    double sum = 0;
    for (int i = 0; i < count && i < source_count; i++)
        sum += fabs(sources[i].sum);
    return c->magnitude > 0 ? sum / c->magnitude : 0;
}
