/* trace.c - see trace.h. */
#include "engine/net/trace.h"

#include "engine/base/count.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int larger(int a, int b) { return a > b ? a : b; }

/* Taps along one axis that are inside the map, summed over all windows. */
static int64_t real_taps(int n, int out, int k, int stride, int pad)
{
    int64_t taps = 0;
    for (int o = 0; o < out; o++) {
        int64_t lo = (int64_t)o * stride - pad, hi = lo + k;
        lo = lo > 0 ? lo : 0;
        hi = hi < n ? hi : n;
        taps += hi > lo ? hi - lo : 0;
    }
    return taps;
}

/* The same for both axes of a conv: rows times columns. */
static int64_t conv_taps(const Layer *l)
{
    return real_taps(l->in.h, l->out.h, l->k, l->stride, l->pad) * real_taps(l->in.w, l->out.w, l->k, l->stride, l->pad);
}

/* Counts of a built network fit (build.c). Those of a network that a switch only imagines may not; they are limited to this. */
static int64_t bounded(int64_t a, int64_t b)
{
    int64_t most = INT64_MAX / 1024, value;
    return __builtin_mul_overflow(a, b, &value) || value > most ? most : value;
}

static Counts layer_counts(const Net *net, const Layer *layer)
{
    Counts c = {.values = shape_values(layer->out), .macs = layer_macs(layer)};
    if (layer->weight < 0)
        return c;
    c.weights = (int64_t)net->params[layer->weight].count;
    c.biases = layer->bias ? layer->out.c : 0;
    c.bn = layer->bn ? 2 * (int64_t)layer->out.c : 0;
    c.params = c.weights + c.biases + c.bn;
    c.bias_adds = layer->bias ? c.values : 0;
    c.multiplications = c.macs;
    if (layer->op == OP_CONV)
        c.multiplications = (int64_t)layer->out.c * (layer->in.c / layer->groups) * conv_taps(layer);
    return c;
}

/* The largest window of a layer, and its stride; stride 0 where windows are uneven. */
static void window_of(const Layer *layer, int *k, int *stride)
{
    *k = *stride = 1;
    int side = larger(layer->in.h, layer->in.w);
    if (layer->op == OP_FC) {
        *k = side;
    } else if (layer->adaptive && layer->k == 0) {
        /* PyTorch's windows [floor(i*n/out), ceil((i+1)*n/out)). */
        *k = *stride = 0;
        int out = layer->out.h;
        for (int i = 0; i < out; i++)
            *k = larger(*k, (int)(((int64_t)(i + 1) * side + out - 1) / out - (int64_t)i * side / out));
    } else if (layer->op == OP_CONV || layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL) {
        *k = layer->k;
        *stride = layer->stride;
    }
}

static void see(const Net *net, LayerTrace *layers, int64_t *whole, int index)
{
    const Layer *layer = &net->layers[index];
    LayerTrace *t = &layers[index];
    if (layer->op == OP_INPUT) {
        t->field = t->field_min = t->stride = 1;
        whole[index] = larger(layer->out.h, layer->out.w);
        return;
    }
    for (int i = 0; i < layer->input_count; i++) {
        const LayerTrace *in = &layers[layer->inputs[i]];
        int64_t all = whole[layer->inputs[i]], field, least;
        int k, stride;
        window_of(layer, &k, &stride);
        if (in->stride > 0 || k == 1) {
            field = in->field + (k - 1) * in->stride;
            least = in->field_min + (k - 1) * in->stride;
        } else {
            field = least = all; /* after uneven windows: at most everything that the input map sees */
        }
        int64_t jump = in->stride * stride;
        int side = larger(layer->out.h, layer->out.w);
        if (jump > 0 || side == 1)
            all = field + (side - 1) * jump;
        t->field = i == 0 || field > t->field ? field : t->field;
        t->field_min = i == 0 || least < t->field_min ? least : t->field_min;
        t->stride = jump;
        whole[index] = i == 0 || all > whole[index] ? all : whole[index];
        t->depth = in->depth > t->depth ? in->depth : t->depth;
        t->depth_pools = in->depth_pools > t->depth_pools ? in->depth_pools : t->depth_pools;
    }
    bool weighted = layer->op == OP_CONV || layer->op == OP_FC, pool = layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL;
    t->depth += weighted;
    t->depth_pools += weighted || pool;
}

static void add(Counts *sum, const Counts *c)
{
    sum->weights += c->weights;
    sum->biases += c->biases;
    sum->bn += c->bn;
    sum->params += c->params;
    sum->macs += c->macs;
    sum->multiplications += c->multiplications;
    sum->bias_adds += c->bias_adds;
    sum->values += c->values;
}

Counts trace_sum(const Trace *trace, int first, int last)
{
    Counts sum = {0};
    for (int i = first; i <= last; i++)
        add(&sum, &trace->layers[i].counts);
    return sum;
}

Counts trace_branch(const Trace *trace, int module, Branch branch)
{
    const Net *net = trace->net;
    Counts sum = {0};
    for (int i = net->modules[module].first; i <= net->modules[module].last; i++)
        if (net->layers[i].branch == branch)
            add(&sum, &trace->layers[i].counts);
    return sum;
}

int64_t trace_depth(const Trace *trace, int first, int last, bool pools)
{
    const Net *net = trace->net;
    int64_t longest = 0, before = 0;
    for (int i = first; i <= last; i++) {
        int64_t depth = pools ? trace->layers[i].depth_pools : trace->layers[i].depth;
        longest = depth > longest ? depth : longest;
    }
    if (net->layers[first].input_count > 0) {
        const LayerTrace *in = &trace->layers[net->layers[first].inputs[0]];
        before = pools ? in->depth_pools : in->depth;
    }
    return longest - before;
}

bool trace_make(const Net *net, Trace *out, Err *err)
{
    Trace trace = {.net = net, .layers = calloc((size_t)net->layer_count, sizeof *trace.layers)};
    int64_t *whole = calloc((size_t)net->layer_count, sizeof *whole);
    if (trace.layers == NULL || whole == NULL) {
        free(trace.layers);
        free(whole);
        return err_set(err, "not enough memory to trace network %s", net->name);
    }
    for (int i = 0; i < net->layer_count; i++) {
        trace.layers[i].counts = layer_counts(net, &net->layers[i]);
        see(net, trace.layers, whole, i);
    }
    free(whole);
    trace.main = trace_sum(&trace, 0, net->main_count - 1);
    trace.aux = trace_sum(&trace, net->main_count, net->layer_count - 1);
    trace.training = trace.main;
    add(&trace.training, &trace.aux);
    *out = trace;
    return true;
}

void trace_free(Trace *trace)
{
    free(trace->layers);
    trace->layers = NULL;
}

Counts trace_module_switched(const Net *net, int module, ModuleSwitch change)
{
    const Module *m = &net->modules[module];
    const Layer *concat = &net->layers[m->last];
    Counts sum = {0};
    for (int i = m->first; i < m->last; i++) {
        Layer layer = net->layers[i];
        bool ends_branch = i == concat->inputs[layer.branch];
        if (change.without_reductions && (layer.branch == BRANCH_3X3 || layer.branch == BRANCH_5X5)) {
            if (!ends_branch)
                continue;
            layer.in = net->layers[m->input].out;
        }
        if (change.third_3x3 && layer.branch == BRANCH_5X5 && ends_branch) {
            layer.k = 3;
            layer.pad = 1;
        }
        Counts c = layer_counts(net, &net->layers[i]);
        if (layer.op == OP_CONV) {
            c.weights = bounded((int64_t)layer.out.c * (layer.in.c / layer.groups), (int64_t)layer.k * layer.k);
            c.macs = bounded(c.weights, (int64_t)layer.out.h * layer.out.w);
            c.multiplications = bounded((int64_t)layer.out.c * (layer.in.c / layer.groups), conv_taps(&layer));
            c.params = c.weights + c.biases + c.bn;
        }
        add(&sum, &c);
    }
    sum.values += shape_values(concat->out);
    return sum;
}

void trace_window(const Layer *layer, char *out, size_t size)
{
    char pad[24] = "", rest[32] = "";
    out[0] = '\0';
    switch (layer->op) {
    case OP_CONV:
    case OP_MAXPOOL:
    case OP_AVGPOOL:
        if (layer->adaptive) {
            snprintf(out, size, "to %dx%d", layer->out.h, layer->out.w);
            break;
        }
        if (layer->pad > 0)
            snprintf(pad, sizeof pad, " pad %d", layer->pad);
        if (layer->op == OP_CONV && layer->groups > 1)
            snprintf(rest, sizeof rest, " groups %d", layer->groups);
        if (layer->op != OP_CONV && layer->stride > 1)
            snprintf(rest, sizeof rest, " %s", rounding_name(layer->rounding));
        snprintf(out, size, "%dx%d/%d%s%s", layer->k, layer->k, layer->stride, pad, rest);
        break;
    case OP_LRN:
        snprintf(out, size, "size %d", layer->lrn_size);
        break;
    case OP_DROPOUT:
        snprintf(out, size, "%.3g%%", (double)layer->dropout_p * 100);
        break;
    case OP_INPUT:
    case OP_CONCAT:
    case OP_FC:
    case OP_SOFTMAX:
    case OP_COUNT:
        break;
    }
}

/* -------------------------------------------------------------------- formulas with the numbers put in */

/* "(112 - 3) / 2 + 1 = 55.5, ceil 56": the steps are a fraction over the stride, written exactly. */
static void window_formula(const Layer *layer, const Phrases *p, char *out, size_t size)
{
    if (layer->adaptive) {
        snprintf(out, size, p->adaptive, layer->out.h, layer->out.w);
        return;
    }
    char pad[32] = "", value[48], rounded[64] = "";
    int steps = layer->in.h + 2 * layer->pad - layer->k;
    if (layer->pad > 0)
        snprintf(pad, sizeof pad, " + 2*%d", layer->pad);
    if (steps % layer->stride == 0) {
        snprintf(value, sizeof value, "%d", steps / layer->stride + 1);
    } else {
        snprintf(value, sizeof value, "%.6g", (double)steps / layer->stride + 1);
        snprintf(rounded, sizeof rounded, layer->op == OP_CONV || layer->rounding == ROUND_FLOOR ? p->floor : p->ceil, layer->out.h);
    }
    snprintf(out, size, "(%d%s - %d) / %d + 1 = %s%s", layer->in.h, pad, layer->k, layer->stride, value, rounded);
}

static void output_formula(const Net *net, const Layer *layer, const Phrases *p, char *out, size_t size)
{
    switch (layer->op) {
    case OP_CONV:
    case OP_MAXPOOL:
    case OP_AVGPOOL:
        window_formula(layer, p, out, size);
        break;
    case OP_CONCAT: {
        const int *o = net->modules[layer->module].offset;
        snprintf(out, size, "%d + %d + %d + %d = ", o[1], o[2] - o[1], o[3] - o[2], o[4] - o[3]);
        snprintf(out + strlen(out), size - strlen(out), p->channels, o[4]);
        break;
    }
    case OP_FC:
        snprintf(out, size, "%s", p->per_unit);
        break;
    case OP_LRN:
    case OP_DROPOUT:
    case OP_SOFTMAX:
        snprintf(out, size, "%s", p->as_input);
        break;
    case OP_INPUT:
    case OP_COUNT:
        break;
    }
}

void trace_formula(const Trace *trace, int index, FormulaOf what, const Phrases *p, char *out, size_t size)
{
    const Layer *layer = &trace->net->layers[index];
    const LayerTrace *t = &trace->layers[index];
    char weights[32], macs[32];
    format_count(t->counts.weights, weights, sizeof weights);
    format_count(t->counts.macs, macs, sizeof macs);
    snprintf(out, size, "%s", "");
    if (what == FORMULA_OUTPUT) {
        output_formula(trace->net, layer, p, out, size);
    } else if (what == FORMULA_FIELD && layer->op != OP_INPUT && layer->op != OP_CONCAT) {
        const LayerTrace *in = &trace->layers[layer->inputs[0]];
        int k, stride;
        window_of(layer, &k, &stride);
        snprintf(out, size, "%" PRId64 " + (%d - 1) * %" PRId64 " = %" PRId64, in->field, k, in->stride, t->field);
    } else if (what == FORMULA_BIASES && layer->bias) {
        snprintf(out, size, p->per_channel, layer->out.c);
    } else if (what == FORMULA_WEIGHTS && layer->op == OP_CONV) {
        snprintf(out, size, "%d x %d x %d x %d = %s", layer->out.c, layer->in.c / layer->groups, layer->k, layer->k, weights);
    } else if (what == FORMULA_WEIGHTS && layer->op == OP_FC) {
        snprintf(out, size, "%d x %lld = %s", layer->out.c, (long long)shape_values(layer->in), weights);
    } else if (what == FORMULA_MACS && layer->weight >= 0) {
        snprintf(out, size, "%s x %d x %d = %s", weights, layer->out.h, layer->out.w, macs);
    }
}

void trace_sum_formula(const Trace *trace, int first, int last, FormulaOf what, const Phrases *p, char *out, size_t size)
{
    const Net *net = trace->net;
    int terms = 0, h = 0, w = 0;
    bool same = true;           /* all outputs have the same size, so MACs are weights x h x w */
    for (int i = first; i <= last; i++) {
        const Layer *layer = &net->layers[i];
        if (layer->weight < 0)
            continue;
        same = same && (terms == 0 || (layer->out.h == h && layer->out.w == w));
        h = layer->out.h;
        w = layer->out.w;
        terms++;
    }
    if (terms == 0) {
        snprintf(out, size, "%s", p->no_weights);
    } else if (what == FORMULA_MACS && same && terms > 1) {
        char weights[40];
        format_count(trace_sum(trace, first, last).weights, weights, sizeof weights);
        snprintf(out, size, "%s x %d x %d", weights, h, w);
    } else if (terms > 8) {
        snprintf(out, size, p->sum_of_layers, terms);
    } else {
        out[0] = '\0';
        for (int i = first, n = 0; i <= last; i++) {
            if (net->layers[i].weight < 0)
                continue;
            char formula[128];
            trace_formula(trace, i, what, p, formula, sizeof formula);
            char *equals = strstr(formula, " = ");
            if (equals != NULL)
                *equals = '\0';
            size_t used = strlen(out);
            snprintf(out + used, size - used, "%s%s", n++ > 0 ? " + " : "", formula);
        }
    }
}
