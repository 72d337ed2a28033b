/* explain.c - see explain.h. Each explain_OP below visits the same elements in the same order as OP_forward in engine/ops, and
 * records the terms that OP_forward only adds up. tests/test_explain.c checks that both give the same bits. */
#include "engine/net/explain.h"

#include <math.h>
#include <stdlib.h>

static const float *param(const Net *net, const float *weights, int index)
{
    return index < 0 ? NULL : weights + net->params[index].offset;
}

static size_t volume(Shape s)
{
    return (size_t)s.c * (size_t)s.h * (size_t)s.w;
}

size_t explain_terms_max(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    switch (l->op) {
    case OP_CONV:
        return (size_t)(l->in.c / l->groups) * (size_t)l->k * (size_t)l->k;
    case OP_MAXPOOL:
    case OP_AVGPOOL:
        return (size_t)l->in.h * (size_t)l->in.w; /* an adaptive window has k = 0 */
    case OP_LRN:
        return (size_t)l->lrn_size;
    case OP_FC:
    case OP_SOFTMAX:
        return volume(l->in);
    case OP_INPUT:
    case OP_CONCAT:
    case OP_DROPOUT:
    case OP_COUNT:
        return 1;
    }
    return 1;
}

size_t explain_terms_most(const Net *net, int last)
{
    size_t most = 1;
    for (int l = 0; l <= last; l++)
        most = explain_terms_max(net, l) > most ? explain_terms_max(net, l) : most;
    return most;
}

/* The term of input element (c, y, x), added to the terms so far. */
static Term *add_term(Explanation *e, Term *terms, Shape in, const float *x_map, int c, int y, int x)
{
    Term *t = &terms[e->term_count++];
    *t = (Term){.c = c, .y = y, .x = x, .in = x_map[at(in, 0, c, y, x)], .w = 1};
    t->product = t->in;
    return t;
}

/* Adds `product` to the running sum and to the total of its sign. */
static void add_weighted(Explanation *e, Term *t, float weight)
{
    WeightedSum *s = &e->of.weighted;
    t->w = weight;
    t->product = weight * t->in;
    s->total += t->product;
    t->sum = s->total;
    *(t->product < 0 ? &s->negative : &s->positive) += (double)t->product;
}

/* From the sum to the stored value: applies batch norm and ReLU to one element, with the ops themselves. */
static void finish_weighted(const Net *net, const Layer *layer, const float *weights, Explanation *e)
{
    WeightedSum *s = &e->of.weighted;
    e->pre = s->total;
    if (layer->bn) {
        const int c = e->unit.c, p = layer->bn_param;
        s->gamma = param(net, weights, p)[c];
        s->beta = param(net, weights, p + 1)[c];
        s->mean = param(net, weights, p + 2)[c];
        s->var = param(net, weights, p + 3)[c];
        s->deviation = sqrtf(s->var + layer->bn_eps);
        batchnorm_forward(&e->pre, &s->total, &s->gamma, &s->beta, &s->mean, &s->var, layer->bn_eps, (Shape){1, 1, 1, 1});
    }
    e->value = e->pre;
    if (layer->relu)
        relu_forward(&e->value, &e->pre, 1);
}

static void explain_conv(const Net *net, const Layer *layer, const float *weights, const float *x, Explanation *e, Term *terms)
{
    const int group_in = layer->in.c / layer->groups, group_out = layer->out.c / layer->groups;
    const Shape w_shape = {layer->out.c, group_in, layer->k, layer->k};
    const int o = e->unit.c, c0 = o / group_out * group_in;
    const float *w = param(net, weights, layer->weight), *b = param(net, weights, layer->bias_param);
    e->y0 = e->unit.y * layer->stride - layer->pad;
    e->x0 = e->unit.x * layer->stride - layer->pad;
    e->y1 = e->y0 + layer->k;
    e->x1 = e->x0 + layer->k;
    e->of.weighted = (WeightedSum){.bias = b != NULL ? b[o] : 0};
    e->of.weighted.total = e->of.weighted.bias;
    for (int c = 0; c < group_in; c++)
        for (int ky = 0; ky < layer->k; ky++)
            for (int kx = 0; kx < layer->k; kx++) {
                const int yi = e->y0 + ky, xi = e->x0 + kx;
                if (yi < 0 || yi >= layer->in.h || xi < 0 || xi >= layer->in.w)
                    continue;
                Term *t = add_term(e, terms, layer->in, x, c0 + c, yi, xi);
                t->ky = ky;
                t->kx = kx;
                add_weighted(e, t, w[at(w_shape, o, c, ky, kx)]);
            }
    finish_weighted(net, layer, weights, e);
}

static void explain_fc(const Net *net, const Layer *layer, const float *weights, const float *x, Explanation *e, Term *terms)
{
    const float *w = param(net, weights, layer->weight), *b = param(net, weights, layer->bias_param);
    const int o = e->unit.c;
    const size_t count = volume(layer->in);
    e->y1 = layer->in.h;
    e->x1 = layer->in.w;
    e->of.weighted = (WeightedSum){.bias = b != NULL ? b[o] : 0};
    e->of.weighted.total = e->of.weighted.bias;
    for (int c = 0; c < layer->in.c; c++)
        for (int yi = 0; yi < layer->in.h; yi++)
            for (int xi = 0; xi < layer->in.w; xi++)
                add_weighted(e, add_term(e, terms, layer->in, x, c, yi, xi),
                             w[(size_t)o * count + at(layer->in, 0, c, yi, xi)]);
    finish_weighted(net, layer, weights, e);
}

/* Fills the terms of a pool's window with its elements and returns its divisor. */
static int window_terms(const Layer *layer, const float *x, Explanation *e, Term *terms)
{
    const PoolDims d = layer_pool_dims(layer, 1);
    int y0, y1, x0, x1, rows, columns;
    pool_window(d.in.h, d.out.h, e->unit.y, &d, &y0, &y1, &rows);
    pool_window(d.in.w, d.out.w, e->unit.x, &d, &x0, &x1, &columns);
    e->y0 = d.adaptive ? y0 : e->unit.y * d.stride - d.pad;
    e->x0 = d.adaptive ? x0 : e->unit.x * d.stride - d.pad;
    e->y1 = d.adaptive ? y1 : e->y0 + d.k;
    e->x1 = d.adaptive ? x1 : e->x0 + d.k;
    for (int yi = y0; yi < y1; yi++)
        for (int xi = x0; xi < x1; xi++) {
            Term *t = add_term(e, terms, layer->in, x, e->unit.c, yi, xi);
            t->ky = yi - e->y0;
            t->kx = xi - e->x0;
        }
    return rows * columns;
}

static void explain_maxpool(const Layer *layer, const float *x, Explanation *e, Term *terms)
{
    int winner = 0;
    window_terms(layer, x, e, terms);
    for (int i = 0; i < e->term_count; i++) {
        if (terms[i].in > terms[winner].in || isnan(terms[i].in))
            winner = i;
        terms[i].sum = terms[winner].in;
    }
    e->of.max.winner = winner;
    e->value = e->pre = terms[winner].in;
}

static void explain_avgpool(const Layer *layer, const float *x, Explanation *e, Term *terms)
{
    e->of.average.divisor = window_terms(layer, x, e, terms);
    e->of.average.total = 0;
    for (int i = 0; i < e->term_count; i++)
        terms[i].sum = e->of.average.total += terms[i].in;
    e->value = e->pre = e->of.average.total / (float)e->of.average.divisor;
}

static void explain_lrn(const Layer *layer, const float *x, Explanation *e, Term *terms)
{
    const LrnDims d = layer_lrn_dims(layer, 1);
    const int reach = d.size / 2;
    float squares = 0;
    for (int c = e->unit.c - reach; c <= e->unit.c + reach; c++)
        if (c >= 0 && c < d.shape.c) {
            Term *t = add_term(e, terms, layer->in, x, c, e->unit.y, e->unit.x);
            t->product = t->in * t->in;
            t->sum = squares += t->product;
        }
    e->of.lrn.squares = squares;
    e->of.lrn.denominator = d.k + d.alpha / (float)d.size * squares;
    e->of.lrn.factor = powf(e->of.lrn.denominator, -d.beta);
    e->value = e->pre = x[at(layer->in, 0, e->unit.c, e->unit.y, e->unit.x)] * e->of.lrn.factor;
}

static void explain_softmax(const Layer *layer, const float *x, Explanation *e, Term *terms)
{
    const int classes = layer->in.c;
    float max = x[0], sum = 0;
    for (int i = 1; i < classes; i++)
        if (x[i] > max)
            max = x[i];
    for (int i = 0; i < classes; i++) {
        Term *t = add_term(e, terms, layer->in, x, i, 0, 0);
        t->product = expf(t->in - max);
        t->sum = sum += t->product;
    }
    e->of.softmax.max = max;
    e->of.softmax.sum = sum;
    e->of.softmax.exponential = terms[e->unit.c].product;
    e->value = e->pre = e->of.softmax.exponential / sum;
}

/* Concat and dropout (at inference) copy a value; so does the input layer, from the picture. */
static void explain_copy(const Net *net, const Layer *layer, const float *const *maps, Explanation *e, Term *terms)
{
    Unit from = e->unit;
    if (layer->op != OP_INPUT) {
        from.layer = layer->inputs[net_branch_of(net, layer, &from.c)];
    }
    const Layer *source = &net->layers[from.layer];
    Term *t = add_term(e, terms, source->out, maps[from.layer], from.c, from.y, from.x);
    t->sum = t->in;
    e->of.source.unit = from;
    e->of.source.branch = source->branch;
    e->value = e->pre = t->in;
}

void explain_value(const Net *net, const float *weights, const float *const *maps, Unit unit, Explanation *out, Term *terms)
{
    assert(unit.layer >= 0 && unit.layer < net->layer_count);
    const Layer *layer = &net->layers[unit.layer];
    assert(unit.c >= 0 && unit.c < layer->out.c && unit.y >= 0 && unit.y < layer->out.h && unit.x >= 0 &&
           unit.x < layer->out.w);
    const float *x = layer->input_count > 0 ? maps[layer->inputs[0]] : NULL;
    *out = (Explanation){.unit = unit, .op = layer->op, .y0 = unit.y, .y1 = unit.y + 1, .x0 = unit.x, .x1 = unit.x + 1};
    switch (layer->op) {
    case OP_CONV:
        explain_conv(net, layer, weights, x, out, terms);
        break;
    case OP_FC:
        explain_fc(net, layer, weights, x, out, terms);
        break;
    case OP_MAXPOOL:
        explain_maxpool(layer, x, out, terms);
        break;
    case OP_AVGPOOL:
        explain_avgpool(layer, x, out, terms);
        break;
    case OP_LRN:
        explain_lrn(layer, x, out, terms);
        break;
    case OP_SOFTMAX:
        explain_softmax(layer, x, out, terms);
        break;
    case OP_INPUT:
    case OP_CONCAT:
    case OP_DROPOUT:
        explain_copy(net, layer, maps, out, terms);
        break;
    case OP_COUNT:
        assert(false);
    }
}

static int by_magnitude(const void *a, const void *b)
{
    const ChannelPart *p = a, *q = b;
    const double left = fabs(p->sum), right = fabs(q->sum);
    return left != right ? (left < right) - (left > right) : p->channel - q->channel;
}

int explain_channels(const Explanation *explanation, const Term *terms, ChannelPart *parts)
{
    int count = 0;
    for (int i = 0; i < explanation->term_count; i++) {
        if (count == 0 || parts[count - 1].channel != terms[i].c)
            parts[count++] = (ChannelPart){.channel = terms[i].c, .first = i};
        parts[count - 1].count++;
        parts[count - 1].sum += (double)terms[i].product;
    }
    if (count > 0)
        qsort(parts, (size_t)count, sizeof *parts, by_magnitude);
    return count;
}

void explain_pre_map(const Net *net, const float *weights, const float *const *maps, int index, float *out)
{
    const Layer *layer = &net->layers[index];
    if (!layer->relu) {
        for (size_t i = 0; i < volume(layer->out); i++)
            out[i] = maps[index][i];
        return;
    }
    const float *x = maps[layer->inputs[0]];
    const float *w = param(net, weights, layer->weight), *b = param(net, weights, layer->bias_param);
    if (layer->op == OP_FC)
        fc_forward(out, x, w, b, 1, (int)volume(layer->in), layer->out.c, 0, layer->out.c);
    else
        conv_forward(out, x, w, b, layer_conv_dims(layer, 1), 0, layer->out.c);
    if (layer->bn) {
        const int p = layer->bn_param;
        batchnorm_forward(out, out, param(net, weights, p), param(net, weights, p + 1), param(net, weights, p + 2),
                          param(net, weights, p + 3), layer->bn_eps, layer->out);
    }
}

/* The term that the path follows. */
static int strongest_term(const Explanation *e, const Term *terms)
{
    int best = 0;
    if (e->op == OP_MAXPOOL)
        return e->of.max.winner;
    for (int i = 0; i < e->term_count; i++) {
        if (e->op == OP_LRN && terms[i].c == e->unit.c)
            return i;
        if (fabsf(terms[i].product) > fabsf(terms[best].product))
            best = i;
    }
    return best;
}

int explain_path(const Net *net, const float *weights, const float *const *maps, Unit unit, Term *terms, Unit *path, int path_max)
{
    int count = 0;
    while (count < path_max) {
        const Layer *layer = &net->layers[unit.layer];
        path[count++] = unit;
        if (layer->op == OP_INPUT)
            break;
        Explanation e;
        explain_value(net, weights, maps, unit, &e, terms);
        if (layer->op == OP_CONCAT || layer->op == OP_DROPOUT) {
            unit = e.of.source.unit;
        } else if (e.term_count > 0) {
            const Term *t = &terms[strongest_term(&e, terms)];
            unit = (Unit){layer->inputs[0], t->c, t->y, t->x};
        } else {
            break; /* the whole kernel is in the padding */
        }
    }
    return count;
}

/* One axis of a window layer: the input elements that outputs [*lo, *hi) read. */
static void widen(const Layer *layer, int n, int out, int *lo, int *hi)
{
    if (layer->adaptive) {
        const int first = *lo < 0 ? 0 : *lo, last = *hi > out ? out : *hi;
        *lo = (int)((int64_t)first * n / out);
        *hi = (int)(((int64_t)last * n + out - 1) / out);
    } else {
        *lo = *lo * layer->stride - layer->pad;
        *hi = (*hi - 1) * layer->stride - layer->pad + layer->k;
    }
}

static ReceptiveField join(ReceptiveField a, ReceptiveField b)
{
    return (ReceptiveField){a.y0 < b.y0 ? a.y0 : b.y0, a.y1 > b.y1 ? a.y1 : b.y1, a.x0 < b.x0 ? a.x0 : b.x0, a.x1 > b.x1 ? a.x1 : b.x1};
}

ReceptiveField field_within(ReceptiveField f, Shape map)
{
    return (ReceptiveField){f.y0 < 0 ? 0 : f.y0, f.y1 > map.h ? map.h : f.y1, f.x0 < 0 ? 0 : f.x0, f.x1 > map.w ? map.w : f.x1};
}

bool receptive_field(const Net *net, int index, ReceptiveField field, int on, ReceptiveField *out)
{
    if (index == on) {
        *out = field;
        return true;
    }
    const Layer *layer = &net->layers[index];
    if (layer->op == OP_CONV || layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL) {
        widen(layer, layer->in.h, layer->out.h, &field.y0, &field.y1);
        widen(layer, layer->in.w, layer->out.w, &field.x0, &field.x1);
    } else if (layer->op == OP_FC) {
        field = (ReceptiveField){0, layer->in.h, 0, layer->in.w};
    }
    /* The branches of a module all start at its input. Their fields are joined there before the walk continues: following each
     * branch to the picture would walk 4 * 4 * ... paths. */
    const int module_input = layer->op == OP_CONCAT && layer->module >= 0 ? net->modules[layer->module].input : -1;
    const int meet = module_input > on ? module_input : on;
    bool reached = false;
    for (int i = 0; i < layer->input_count; i++) {
        ReceptiveField part;
        /* a layer before `meet` cannot depend on it: inputs come earlier */
        if (layer->inputs[i] < meet || !receptive_field(net, layer->inputs[i], field, meet, &part))
            continue;
        *out = reached ? join(*out, part) : part;
        reached = true;
    }
    return reached && (meet == on || receptive_field(net, meet, *out, on, out));
}

bool unit_field(const Net *net, Unit unit, int on, ReceptiveField *out)
{
    ReceptiveField field = {unit.y, unit.y + 1, unit.x, unit.x + 1};
    int at = unit.layer, channel = unit.c;
    while (at != on) {
        const Layer *layer = &net->layers[at];
        int from = 0;
        if (layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL) {
            widen(layer, layer->in.h, layer->out.h, &field.y0, &field.y1);
            widen(layer, layer->in.w, layer->out.w, &field.x0, &field.x1);
        } else if (layer->op == OP_CONCAT) {
            from = net_branch_of(net, layer, &channel);
        } else if (layer->op != OP_DROPOUT) {
            break;
        }
        at = layer->inputs[from];
    }
    return receptive_field(net, at, field, on, out);
}
