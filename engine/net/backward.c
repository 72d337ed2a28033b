/* backward.c - see backward.h. Each OP_terms below finds the values of one later layer that read a value, and how they change with it. */
#include "engine/net/backward.h"
#include "engine/base/rank.h"

#include <math.h>
#include <stdlib.h>

typedef struct Readers {        /* the terms so far of one value */
    const Backward *b;
    Unit unit;
    int layer;                  /* the reader's */
    BackTerm *terms;
    int count;
    Term *scratch;
} Readers;

static float scale_of(const Net *net, const float *weights, const Layer *layer, int c)
{
    if (!layer->bn)
        return 1;
    const Param *p = &net->params[layer->bn_param];
    return weights[p[0].offset + (size_t)c] / sqrtf(weights[p[3].offset + (size_t)c] + layer->bn_eps);
}

static bool opens(const Layer *layer, float value)
{
    return !layer->relu || value > 0;
}

static void add(Readers *r, int c, int y, int x, int ky, int kx, float slope)
{
    const Layer *layer = &r->b->net->layers[r->layer];
    const size_t i = at(layer->out, 0, c, y, x);
    BackTerm *t = &r->terms[r->count++];
    *t = (BackTerm){{r->layer, c, y, x}, ky, kx, slope, opens(layer, r->b->maps[r->layer][i]), r->b->gradients[r->layer][i], 0};
    t->product = t->open ? slope * t->gradient : 0;
}

/* The windows of one axis that contain element i: outputs [*first, *last]. Adaptive windows are cut differently: all of them. */
static void windows_with(const Layer *layer, int i, int out, int *first, int *last)
{
    *first = 0;
    *last = out - 1;
    if (layer->adaptive)
        return;
    const int before = i + layer->pad - layer->k + 1;
    *first = before > 0 ? (before + layer->stride - 1) / layer->stride : 0;
    *last = (i + layer->pad) / layer->stride < out ? (i + layer->pad) / layer->stride : out - 1;
}

static void conv_terms(Readers *r, const Layer *layer)
{
    const int group_in = layer->in.c / layer->groups, group_out = layer->out.c / layer->groups, group = r->unit.c / group_in;
    const Shape w_shape = {layer->out.c, group_in, layer->k, layer->k};
    const float *w = r->b->weights + r->b->net->params[layer->weight].offset;
    int y0, y1, x0, x1;
    windows_with(layer, r->unit.y, layer->out.h, &y0, &y1);
    windows_with(layer, r->unit.x, layer->out.w, &x0, &x1);
    for (int o = group * group_out; o < (group + 1) * group_out; o++) {
        const float scale = scale_of(r->b->net, r->b->weights, layer, o);
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++) {
                const int ky = r->unit.y + layer->pad - y * layer->stride, kx = r->unit.x + layer->pad - x * layer->stride;
                add(r, o, y, x, ky, kx, w[at(w_shape, o, r->unit.c - group * group_in, ky, kx)] * scale);
            }
    }
}

static void fc_terms(Readers *r, const Layer *layer)
{
    const float *w = r->b->weights + r->b->net->params[layer->weight].offset;
    const size_t inputs = (size_t)layer->in.c * (size_t)layer->in.h * (size_t)layer->in.w;
    for (int o = 0; o < layer->out.c; o++)
        add(r, o, 0, 0, 0, 0, w[(size_t)o * inputs + at(layer->in, 0, r->unit.c, r->unit.y, r->unit.x)] * scale_of(r->b->net, r->b->weights, layer, o));
}

/* Max pools whose winner the value is, and averages that have it in their window. */
static void pool_terms(Readers *r, const Layer *layer)
{
    int y0, y1, x0, x1;
    windows_with(layer, r->unit.y, layer->out.h, &y0, &y1);
    windows_with(layer, r->unit.x, layer->out.w, &x0, &x1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            Explanation e;
            explain_value(r->b->net, r->b->weights, r->b->maps, (Unit){r->layer, r->unit.c, y, x}, &e, r->scratch);
            for (int i = 0; i < e.term_count; i++)
                if (r->scratch[i].y == r->unit.y && r->scratch[i].x == r->unit.x && (layer->op == OP_AVGPOOL || i == e.of.max.winner))
                    add(r, r->unit.c, y, x, r->scratch[i].ky, r->scratch[i].kx, layer->op == OP_AVGPOOL ? 1.0f / (float)e.of.average.divisor : 1);
        }
}

/* r = x_r * d^-beta with d = k + alpha/size * (sum of squares of the neighbours), so dr/dx = [own channel] d^-beta
 * - 2 alpha beta / size * x_r x d^(-beta-1). */
static void lrn_terms(Readers *r, const Layer *layer)
{
    const Unit u = r->unit;
    const int reach = layer->lrn_size / 2;
    const float *x = r->b->maps[layer->inputs[0]];
    const float value = x[at(layer->in, 0, u.c, u.y, u.x)];
    for (int c = u.c - reach < 0 ? 0 : u.c - reach; c <= u.c + reach && c < layer->out.c; c++) {
        Explanation e;
        explain_value(r->b->net, r->b->weights, r->b->maps, (Unit){r->layer, c, u.y, u.x}, &e, r->scratch);
        const float others = -2 * layer->lrn_alpha * layer->lrn_beta / (float)layer->lrn_size * x[at(layer->in, 0, c, u.y, u.x)] * value *
                             e.of.lrn.factor / e.of.lrn.denominator;
        add(r, c, u.y, u.x, 0, 0, (c == u.c ? e.of.lrn.factor : 0) + others);
    }
}

/* p_c = exp(x_c) / sum, so dp_c/dx = p_c * ([own class] - p). */
static void softmax_terms(Readers *r, const Layer *layer)
{
    const float *p = r->b->maps[r->layer];
    for (int c = 0; c < layer->out.c; c++)
        add(r, c, 0, 0, 0, 0, p[c] * ((c == r->unit.c ? 1.0f : 0.0f) - p[r->unit.c]));
}

/* A concat copies each of its inputs to its own channels. */
static void concat_terms(Readers *r, const Layer *layer)
{
    for (int i = 0, offset = 0; i < layer->input_count; i++) {
        if (layer->inputs[i] == r->unit.layer)
            add(r, offset + r->unit.c, r->unit.y, r->unit.x, 0, 0, 1);
        offset += r->b->net->layers[layer->inputs[i]].out.c;
    }
}

static size_t terms_in(const Layer *layer)
{
    switch (layer->op) {
    case OP_CONV: {
        const size_t once = (size_t)((layer->k + layer->stride - 1) / layer->stride);
        return (size_t)(layer->out.c / layer->groups) * once * once;
    }
    case OP_MAXPOOL: case OP_AVGPOOL: return (size_t)layer->out.h * (size_t)layer->out.w;
    case OP_FC: case OP_SOFTMAX: return (size_t)layer->out.c;
    case OP_LRN: return (size_t)layer->lrn_size;
    case OP_CONCAT: return LAYER_INPUTS_MAX;
    case OP_DROPOUT: return 1;
    case OP_INPUT: case OP_COUNT: break;
    }
    return 0;
}

bool backward_allowed(const Net *net, int layer)
{
    ReceptiveField field;
    return net_scores(net, 0) > 0 && receptive_field(net, net->heads[0].logits, (ReceptiveField){0, 1, 0, 1}, layer, &field);
}

size_t backward_terms_max(const Net *net, int layer)
{
    size_t count = 1;
    for (int l = layer + 1; l < net->layer_count; l++)
        if (layer_reads(&net->layers[l], layer))
            count += terms_in(&net->layers[l]);
    return count;
}

int backward_value(const Backward *b, Unit unit, BackTerm *terms, double *sum, Term *scratch)
{
    Readers r = {.b = b, .unit = unit, .terms = terms, .scratch = scratch};
    for (r.layer = unit.layer + 1; r.layer < b->net->layer_count; r.layer++) {
        const Layer *layer = &b->net->layers[r.layer];
        if (b->gradients[r.layer] == NULL || !layer_reads(layer, unit.layer))
            continue;
        switch (layer->op) {
        case OP_CONV: conv_terms(&r, layer); break;
        case OP_FC: fc_terms(&r, layer); break;
        case OP_MAXPOOL: case OP_AVGPOOL: pool_terms(&r, layer); break;
        case OP_LRN: lrn_terms(&r, layer); break;
        case OP_SOFTMAX: softmax_terms(&r, layer); break;
        case OP_CONCAT: concat_terms(&r, layer); break;
        case OP_DROPOUT: add(&r, unit.c, unit.y, unit.x, 0, 0, 1); break;
        case OP_INPUT: case OP_COUNT: assert(false);
        }
    }
    *sum = 0;
    for (int i = 0; i < r.count; i++)
        *sum += (double)terms[i].product;
    return r.count;
}

float backward_passes(const Net *net, const float *weights, Unit unit, float value)
{
    const Layer *layer = &net->layers[unit.layer];
    return opens(layer, value) ? scale_of(net, weights, layer, unit.c) : 0;
}

void backward_filter(const Backward *b, int index, int channel, double *kernel, double *bias)
{
    const Net *net = b->net;
    const Layer *layer = &net->layers[index];
    assert(layer->op == OP_CONV || layer->op == OP_FC);
    const bool fc = layer->op == OP_FC;
    const int group_in = fc ? layer->in.c : layer->in.c / layer->groups, first = fc ? 0 : channel / (layer->out.c / layer->groups) * group_in;
    const int kh = fc ? layer->in.h : layer->k, kw = fc ? layer->in.w : layer->k;
    const float *x = b->maps[layer->inputs[0]];
    const Shape kernel_shape = {1, group_in, kh, kw};
    for (size_t i = 0; i < shape_size(kernel_shape); i++)
        kernel[i] = 0;
    *bias = 0;
    for (int y = 0; y < layer->out.h; y++)
        for (int xo = 0; xo < layer->out.w; xo++) {
            const size_t o = at(layer->out, 0, channel, y, xo);
            const double through = (double)(backward_passes(net, b->weights, (Unit){index, channel, y, xo}, b->maps[index][o]) * b->gradients[index][o]);
            const int y0 = fc ? 0 : y * layer->stride - layer->pad, x0 = fc ? 0 : xo * layer->stride - layer->pad;
            *bias += layer->bias ? through : 0;
            for (int c = 0; through != 0 && c < group_in; c++)
                for (int ky = 0; ky < kh; ky++)
                    for (int kx = 0; kx < kw; kx++)
                        if (y0 + ky >= 0 && y0 + ky < layer->in.h && x0 + kx >= 0 && x0 + kx < layer->in.w)
                            kernel[at(kernel_shape, 0, c, ky, kx)] += through * (double)x[at(layer->in, 0, first + c, y0 + ky, x0 + kx)];
        }
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------------- */

double backward_input(const BackwardPage *page, int i)
{
    return (double)(page->inputs[i].w * page->passes) * page->gradient + 0.0; /* 0, not -0 */
}

double backward_weight_here(const BackwardPage *page, int i)
{
    return (double)(page->inputs[i].in * page->passes) * page->gradient + 0.0;
}

double backward_weight(const Net *net, const BackwardPage *page, int i)
{
    const Layer *layer = &net->layers[page->unit.layer];
    const Term *t = &page->inputs[i];
    if (layer->op == OP_FC)
        return page->kernel[at(layer->in, 0, t->c, t->y, t->x)];
    const int group_in = layer->in.c / layer->groups;
    return page->kernel[at((Shape){1, group_in, layer->k, layer->k}, 0, t->c % group_in, t->ky, t->kx)];
}

double backward_objective(const float *scores, int classes, int class_index, bool loss, float *seed)
{
    float value = scores[class_index];
    for (int c = 0; c < classes; c++)
        seed[c] = c == class_index && !loss ? 1 : 0;
    if (loss) {
        cross_entropy_forward(&value, scores, &class_index, 1, classes, 0);
        cross_entropy_backward(seed, scores, &class_index, 1, classes, 0, 1);
    }
    return (double)value;
}

static double term_size(const void *page, int i)
{
    return fabs((double)((const BackwardPage *)page)->terms[i].product);
}

static double input_size(const void *page, int i)
{
    const BackwardPage *p = page;
    return fabs(p->kernel != NULL ? backward_input(p, i) : (double)p->inputs[i].in);
}

static bool read_map(Run *run, int layer, bool gradient, float **maps)
{
    if (maps[layer] == NULL && (maps[layer] = malloc(shape_size(run->net->layers[layer].out) * sizeof **maps)) != NULL)
        (gradient ? run_map_gradient : run_activation)(run, layer, 0, maps[layer]);
    return maps[layer] != NULL;
}

/* The unit's own map and gradient, what it reads, and what reads it. */
static bool read_maps(Run *run, int layer, float **maps, float **gradients)
{
    const Layer *l = &run->net->layers[layer];
    bool good = read_map(run, layer, false, maps) && read_map(run, layer, true, gradients);
    for (int i = 0; good && i < l->input_count; i++)
        good = read_map(run, l->inputs[i], false, maps);
    for (int r = layer + 1; good && r < run->net->layer_count; r++)
        if (run->way[r] && layer_reads(&run->net->layers[r], layer))
            good = read_map(run, r, false, maps) && read_map(run, r, true, gradients);
    return good;
}

/* The most terms that the unit, or a value that reads it, has. */
static size_t scratch_size(const Run *run, int layer)
{
    size_t most = explain_terms_max(run->net, layer);
    for (int r = layer + 1; r < run->net->layer_count; r++)
        if (run->way[r] && layer_reads(&run->net->layers[r], layer) && explain_terms_max(run->net, r) > most)
            most = explain_terms_max(run->net, r);
    return most;
}

static bool fill(const Backward *b, Unit unit, Term *scratch, BackwardPage *p)
{
    const Layer *layer = &b->net->layers[unit.layer];
    p->term_count = backward_value(b, unit, p->terms, &p->gradient, scratch);
    if (p->term_count == 0)
        p->gradient = (double)b->gradients[unit.layer][at(layer->out, 0, unit.c, unit.y, unit.x)];
    explain_value(b->net, b->weights, b->maps, unit, &p->value, p->inputs);
    p->passes = backward_passes(b->net, b->weights, unit, p->value.value);
    if (p->kernel != NULL)
        backward_filter(b, unit.layer, unit.c, p->kernel, &p->bias);
    return rank_by_size(p->term_order, p->term_count, term_size, p) && rank_by_size(p->input_order, p->value.term_count, input_size, p);
}

bool backward_page(Run *run, const float *weights, const Gradient *objective, Unit unit, BackwardPage *out, Err *err)
{
    const Net *net = run->net;
    const Op op = net->layers[unit.layer].op;
    const size_t inputs = explain_terms_max(net, unit.layer);
    Gradient back = *objective;
    float **maps = calloc((size_t)net->layer_count, sizeof *maps), **gradients = calloc((size_t)net->layer_count, sizeof *gradients);
    back.to = unit.layer;
    run_gradient(run, &back);
    Term *scratch = malloc(scratch_size(run, unit.layer) * sizeof *scratch);
    const size_t terms = backward_terms_max(net, unit.layer);
    *out = (BackwardPage){.unit = unit, .terms = malloc(terms * sizeof *out->terms), .term_order = malloc(terms * sizeof *out->term_order),
                          .inputs = malloc(inputs * sizeof *out->inputs), .input_order = malloc(inputs * sizeof *out->input_order)};
    if (op == OP_CONV || op == OP_FC)
        out->kernel = malloc(inputs * sizeof *out->kernel);
    bool good = maps != NULL && gradients != NULL && scratch != NULL && out->terms != NULL && out->term_order != NULL && out->inputs != NULL && out->input_order != NULL &&
                (out->kernel != NULL || (op != OP_CONV && op != OP_FC)) && read_maps(run, unit.layer, maps, gradients);
    good = good && fill(&(Backward){net, weights, (const float *const *)maps, (const float *const *)gradients}, unit, scratch, out);
    for (int l = 0; l < net->layer_count; l++) {
        free(maps != NULL ? maps[l] : NULL);
        free(gradients != NULL ? gradients[l] : NULL);
    }
    free(maps);
    free(gradients);
    free(scratch);
    if (!good)
        backward_page_free(out);
    return good || err_set(err, "not enough memory");
}

void backward_page_free(BackwardPage *page)
{
    free(page->terms);
    free(page->term_order);
    free(page->inputs);
    free(page->input_order);
    free(page->kernel);
    *page = (BackwardPage){.terms = NULL};
}
