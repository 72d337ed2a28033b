/* expr_functions.c - the functions that an expression may call: their table, and the names in their parentheses. Only the parser
 * in expr.c calls this. */
#include "engine/net/expr_functions.h"

#include "engine/net/words.h"

#include <stdio.h>
#include <string.h>

/* The argument of a function: layers [first, last] of a network. Some functions need a single layer: `layer`. */
typedef struct Argument {
    const Trace *trace;
    int first, last, layer;
    int channel;                /* -1, or one output channel of a conv or fc */
    bool one;                   /* a single layer was named */
    bool whole;                 /* total, aux or training */
} Argument;

typedef enum FunctionKind { OF_COUNT, OF_LAYER, OF_SHAPE } FunctionKind;

typedef struct Function {
    const char *name, *help;
    FunctionKind kind;
    bool (*value)(const Argument *t, ExprValue *out, Err *err);
} Function;

static bool give(ExprValue *out, int64_t value)
{
    *out = (ExprValue){.kind = EXPR_NUMBER, .number = {value, 1}};
    return true;
}

static Counts counts_of(const Argument *t)
{
    Counts c = trace_sum(t->trace, t->first, t->last);
    if (t->channel < 0)
        return c;
    /* Every output channel has the same share of its layer. */
    int64_t channels = t->trace->net->layers[t->layer].out.c;
    return (Counts){c.weights / channels, c.biases / channels, c.bn / channels, c.params / channels, c.macs / channels,
                    c.multiplications / channels, c.bias_adds / channels, c.values / channels};
}

static const Layer *layer_of(const Argument *t) { return &t->trace->net->layers[t->layer]; }

#define COUNT_FUNCTION(name, expression)                                                                               \
    static bool f_##name(const Argument *t, ExprValue *out, Err *err)                                                    \
    {                                                                                                                  \
        (void)err;                                                                                                     \
        Counts c = counts_of(t);                                                                                       \
        return give(out, expression);                                                                                  \
    }
COUNT_FUNCTION(weights, c.weights)
COUNT_FUNCTION(biases, c.biases)
COUNT_FUNCTION(bn, c.bn)
COUNT_FUNCTION(params, c.params)
COUNT_FUNCTION(macs, c.macs)
COUNT_FUNCTION(macs_bias, c.macs + c.bias_adds)
COUNT_FUNCTION(flops, 2 * c.macs)
COUNT_FUNCTION(multiplications, c.multiplications)
COUNT_FUNCTION(values, c.values)
COUNT_FUNCTION(bytes, 4 * c.values)
#undef COUNT_FUNCTION

#define LAYER_FUNCTION(name, expression)                                                                               \
    static bool f_##name(const Argument *t, ExprValue *out, Err *err)                                                    \
    {                                                                                                                  \
        (void)err;                                                                                                     \
        const Layer *l = layer_of(t);                                                                                  \
        const LayerTrace *lt = &t->trace->layers[t->layer];                                                            \
        (void)l, (void)lt;                                                                                             \
        return give(out, expression);                                                                                  \
    }
LAYER_FUNCTION(out_c, l->out.c)
LAYER_FUNCTION(out_h, l->out.h)
LAYER_FUNCTION(out_w, l->out.w)
LAYER_FUNCTION(in_c, l->in.c)
LAYER_FUNCTION(in_h, l->in.h)
LAYER_FUNCTION(in_w, l->in.w)
LAYER_FUNCTION(kernel, l->k)
LAYER_FUNCTION(stride, l->stride)
LAYER_FUNCTION(pad, l->pad)
LAYER_FUNCTION(groups, l->groups)
LAYER_FUNCTION(rf, lt->field)
LAYER_FUNCTION(rf_min, lt->field_min)
LAYER_FUNCTION(jump, lt->stride)
#undef LAYER_FUNCTION

static bool f_out(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    *out = (ExprValue){.kind = EXPR_SHAPE, .shape = layer_of(t)->out};
    return true;
}

static bool f_in(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    *out = (ExprValue){.kind = EXPR_SHAPE, .shape = layer_of(t)->in};
    return true;
}

static bool f_steps(const Argument *t, ExprValue *out, Err *err)
{
    const Layer *l = layer_of(t);
    bool window = l->op == OP_CONV || ((l->op == OP_MAXPOOL || l->op == OP_AVGPOOL) && !l->adaptive);
    *out = (ExprValue){.kind = EXPR_NUMBER};
    if (!window)
        return err_set(err, "%s has no sliding window", l->name);
    return rational_make(l->in.h + 2 * l->pad - l->k, l->stride, &out->number);
}

/* A share such as 0.4 is stored as a float; the description's number is the nearest multiple of a millionth. */
static bool give_millionths(ExprValue *out, float value)
{
    double scaled = (double)value * 1e6;
    *out = (ExprValue){.kind = EXPR_NUMBER};
    return rational_make((int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5), 1000000, &out->number);
}

static bool f_drop(const Argument *t, ExprValue *out, Err *err)
{
    const Layer *l = layer_of(t);
    if (l->op != OP_DROPOUT)
        return err_set(err, "%s is not a dropout layer", l->name);
    return give_millionths(out, l->dropout_p);
}

static bool f_loss_weight(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return give_millionths(out, t->trace->net->heads[layer_of(t)->head].loss_weight);
}

static bool f_depth(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return give(out, trace_depth(t->trace, t->first, t->last, false));
}

static bool f_depth_pools(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return give(out, trace_depth(t->trace, t->first, t->last, true));
}

static bool count_ops(const Argument *t, Op op, ExprValue *out)
{
    int count = 0;
    for (int i = t->first; i <= t->last; i++)
        count += t->trace->net->layers[i].op == op;
    return give(out, count);
}

static bool f_convs(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_CONV, out);
}

static bool f_fcs(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_FC, out);
}

static bool f_maxpools(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_MAXPOOL, out);
}

/* Every module has one concat. */
static bool f_modules(const Argument *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_CONCAT, out);
}

static const Function functions[] = {
    {"weights", "weights of convolutions and fully connected layers", OF_COUNT, f_weights},
    {"biases", "biases", OF_COUNT, f_biases},
    {"bn", "batch norm's gamma and beta", OF_COUNT, f_bn},
    {"params", "weights + biases + bn", OF_COUNT, f_params},
    {"macs", "multiply-adds, taps in the padding included", OF_COUNT, f_macs},
    {"macs_bias", "macs and one addition per biased output", OF_COUNT, f_macs_bias},
    {"flops", "2 x macs", OF_COUNT, f_flops},
    {"multiplications", "multiplications that are done: taps in the padding are skipped", OF_COUNT, f_multiplications},
    {"values", "elements of the maps", OF_COUNT, f_values},
    {"bytes", "4 x values", OF_COUNT, f_bytes},
    {"out", "the output's shape, C x H x W", OF_SHAPE, f_out},
    {"in", "the input's shape", OF_SHAPE, f_in},
    {"out_c", "output channels", OF_SHAPE, f_out_c},
    {"out_h", "output rows", OF_SHAPE, f_out_h},
    {"out_w", "output columns", OF_SHAPE, f_out_w},
    {"in_c", "input channels", OF_SHAPE, f_in_c},
    {"in_h", "input rows", OF_SHAPE, f_in_h},
    {"in_w", "input columns", OF_SHAPE, f_in_w},
    {"kernel", "the window's side", OF_LAYER, f_kernel},
    {"stride", "the window's stride", OF_LAYER, f_stride},
    {"pad", "padding on each side", OF_LAYER, f_pad},
    {"groups", "groups of a convolution", OF_LAYER, f_groups},
    {"steps", "(in + 2 pad - kernel) / stride, before it is rounded", OF_LAYER, f_steps},
    {"rf", "side of the receptive field in input pixels", OF_SHAPE, f_rf},
    {"rf_min", "the same over the narrowest branches", OF_SHAPE, f_rf_min},
    {"jump", "effective stride in input pixels", OF_SHAPE, f_jump},
    {"drop", "the share that a dropout layer drops", OF_LAYER, f_drop},
    {"loss_weight", "weight of a head's loss", OF_SHAPE, f_loss_weight},
    {"depth", "layers with weights on the longest path", OF_SHAPE, f_depth},
    {"depth_pools", "the same with pools counted", OF_SHAPE, f_depth_pools},
    {"convs", "number of convolutions", OF_COUNT, f_convs},
    {"fcs", "number of fully connected layers", OF_COUNT, f_fcs},
    {"maxpools", "number of max pools, those in branches included", OF_COUNT, f_maxpools},
    {"modules", "number of Inception modules", OF_COUNT, f_modules},
};

enum { FUNCTION_COUNT = sizeof functions / sizeof functions[0] };

bool expr_functions(int i, const char **name, const char **help)
{
    if (i < 0 || i >= FUNCTION_COUNT)
        return false;
    *name = functions[i].name;
    *help = functions[i].help;
    return true;
}

/* -------------------------------------------------------------------- names in parentheses */

static bool find_argument(const Trace *trace, const char *name, Argument *t, Err *err)
{
    const Net *net = trace->net;
    *t = (Argument){.trace = trace, .channel = -1, .last = net->main_count - 1, .layer = net->main_count - 1};
    if (strcmp(name, "total") == 0 || strcmp(name, "training") == 0 || strcmp(name, "aux") == 0) {
        t->whole = true;
        if (strcmp(name, "total") != 0)
            t->last = net->layer_count - 1;
        if (strcmp(name, "aux") == 0)
            t->first = net->main_count;
        return true;
    }
    for (int h = 1; h < net->head_count; h++)
        if (strcmp(net->heads[h].name, name) == 0) {
            t->first = net->heads[h].first;
            t->last = net->heads[h].last;
            t->layer = net->heads[h].logits;
            return true;
        }
    Address a;
    if (!net_address(net, name, &a, err))
        return false;
    if (a.pre)
        return err_set(err, "%s: an expression counts layers, not the values before ReLU", name);
    const Layer *layer = &net->layers[a.layer];
    t->layer = t->first = t->last = a.layer;
    t->channel = a.channel;
    t->one = true;
    if (layer->op == OP_CONCAT) {
        if (a.channel >= 0)
            return err_set(err, "%s: name the channel by its branch", name);
        t->first = net->modules[layer->module].first;
        t->last = net->modules[layer->module].last;
        t->one = false;
    } else if (a.channel >= 0 && layer->weight < 0) {
        return err_set(err, "%s: a channel of %s has no counts of its own", name, layer->name);
    }
    return true;
}

bool expr_function_known(const char *name, const char **nearest)
{
    const char *words[FUNCTION_COUNT];
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        words[i] = functions[i].name;
        if (strcmp(name, words[i]) == 0)
            return true;
    }
    *nearest = word_nearest(name, words, FUNCTION_COUNT);
    return false;
}

static const Function *find_function(const char *name)
{
    int i = 0;
    while (strcmp(functions[i].name, name) != 0)
        i++;
    return &functions[i];
}

bool expr_function_call(const ExprScope *scope, const char *function, const char *what, ExprValue *out, Err *err)
{
    const Function *f = find_function(function);
    char name[EXPR_NAME_MAX + 1];
    const char *at = strchr(what, '@');
    snprintf(name, sizeof name, "%.*s", (int)(at != NULL ? at - what : EXPR_NAME_MAX), what);
    Trace other = {0};
    Net *net = NULL;
    const Trace *trace = scope->trace;
    if (at != NULL) {
        if (scope->networks_dir == NULL)
            return err_set(err, "'%s' names another network, which is not possible here", what);
        net = net_open(at + 1, scope->networks_dir, NULL, err);
        if (net == NULL || !trace_make(net, &other, err)) {
            net_free(net);
            return false;
        }
        trace = &other;
    }
    Argument t;
    bool good = find_argument(trace, name, &t, err);
    if (good && f->kind == OF_LAYER && !t.one)
        good = err_set(err, "%s(%s): expected a layer, such as %s(conv1)", f->name, what, f->name);
    if (good && f->kind == OF_SHAPE && t.whole && strcmp(name, "total") != 0)
        good = err_set(err, "%s(%s): expected a layer or a module", f->name, what);
    good = good && f->value(&t, out, err);
    trace_free(&other);
    net_free(net);
    return good;
}
