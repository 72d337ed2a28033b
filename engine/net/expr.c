/* expr.c - a recursive descent parser that evaluates as it reads; see expr.h. */
#include "engine/net/expr.h"

#include "engine/net/words.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, NAME_MAX_LENGTH = 128 };

typedef struct Parser {
    const ExprScope *scope;
    const char *text, *p;       /* the whole text and the place in it */
    int depth;
    char *written;              /* expr_substitute's output, or NULL */
    size_t written_size;
    Err *err;
} Parser;

/* What a function's name in parentheses means: layers [first, last] of a network, and one layer for what only a layer has. */
typedef struct Target {
    const Trace *trace;
    int first, last, layer;
    int channel;                /* -1, or one output channel of a conv or fc */
    bool one;                   /* a single layer was named */
    bool whole;                 /* total, aux or training */
} Target;

static bool complain(Parser *s, const char *at, const char *message)
{
    return err_set(s->err, "'%s': %s at position %d", s->text, message, (int)(at - s->text) + 1);
}

/* -------------------------------------------------------------------- functions */

typedef enum FunctionKind { OF_COUNT, OF_LAYER, OF_SHAPE, OF_OTHER } FunctionKind;

typedef struct Function {
    const char *name, *help;
    FunctionKind kind;
    bool (*value)(const Target *t, ExprValue *out, Err *err);
} Function;

static bool give(ExprValue *out, int64_t value)
{
    *out = (ExprValue){.kind = EXPR_NUMBER, .number = {value, 1}};
    return true;
}

static Counts counts_of(const Target *t)
{
    Counts c = trace_sum(t->trace, t->first, t->last);
    if (t->channel < 0)
        return c;
    /* One output channel is an equal share of its layer. */
    int64_t channels = t->trace->net->layers[t->layer].out.c;
    return (Counts){c.weights / channels, c.biases / channels, c.bn / channels, c.params / channels, c.macs / channels,
                    c.multiplications / channels, c.bias_adds / channels, c.values / channels};
}

static const Layer *layer_of(const Target *t) { return &t->trace->net->layers[t->layer]; }

#define COUNT_FUNCTION(name, expression)                                                                               \
    static bool f_##name(const Target *t, ExprValue *out, Err *err)                                                    \
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
    static bool f_##name(const Target *t, ExprValue *out, Err *err)                                                    \
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

static bool f_out(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    *out = (ExprValue){.kind = EXPR_SHAPE, .shape = layer_of(t)->out};
    return true;
}

static bool f_in(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    *out = (ExprValue){.kind = EXPR_SHAPE, .shape = layer_of(t)->in};
    return true;
}

static bool f_steps(const Target *t, ExprValue *out, Err *err)
{
    const Layer *l = layer_of(t);
    bool window = l->op == OP_CONV || ((l->op == OP_MAXPOOL || l->op == OP_AVGPOOL) && !l->adaptive);
    *out = (ExprValue){.kind = EXPR_NUMBER};
    if (!window)
        return err_set(err, "%s has no sliding window", l->name);
    return rational_make(l->in.h + 2 * l->pad - l->k, l->stride, &out->number);
}

/* A share such as 0.4 is stored as a float; the nearest multiple of a millionth is what the description said. */
static bool give_millionths(ExprValue *out, float value)
{
    double scaled = (double)value * 1e6;
    *out = (ExprValue){.kind = EXPR_NUMBER};
    return rational_make((int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5), 1000000, &out->number);
}

static bool f_drop(const Target *t, ExprValue *out, Err *err)
{
    const Layer *l = layer_of(t);
    if (l->op != OP_DROPOUT)
        return err_set(err, "%s is no dropout layer", l->name);
    return give_millionths(out, l->drop);
}

static bool f_loss_weight(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    return give_millionths(out, t->trace->net->heads[layer_of(t)->head].loss_weight);
}

static bool f_depth(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    return give(out, trace_depth(t->trace, t->first, t->last, false));
}

static bool f_depth_pools(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    return give(out, trace_depth(t->trace, t->first, t->last, true));
}

static bool count_ops(const Target *t, Op op, ExprValue *out)
{
    int count = 0;
    for (int i = t->first; i <= t->last; i++)
        count += t->trace->net->layers[i].op == op;
    return give(out, count);
}

static bool f_convs(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_CONV, out);
}

static bool f_fcs(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_FC, out);
}

static bool f_maxpools(const Target *t, ExprValue *out, Err *err)
{
    (void)err;
    return count_ops(t, OP_MAXPOOL, out);
}

static const Function functions[] = {
    {"weights", "weights of convolutions and fully connected layers", OF_COUNT, f_weights},
    {"biases", "biases", OF_COUNT, f_biases},
    {"bn", "batch norm's gamma and beta", OF_COUNT, f_bn},
    {"params", "weights + biases + bn", OF_COUNT, f_params},
    {"macs", "multiply-adds, taps in the padding included", OF_COUNT, f_macs},
    {"macs_bias", "macs and one addition per biased output", OF_COUNT, f_macs_bias},
    {"flops", "2 x macs", OF_COUNT, f_flops},
    {"multiplications", "those that really happen: taps in the padding are skipped", OF_COUNT, f_multiplications},
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
    {"depth", "layers with weights on the longest way", OF_SHAPE, f_depth},
    {"depth_pools", "the same with pools counted", OF_SHAPE, f_depth_pools},
    {"convs", "number of convolutions", OF_COUNT, f_convs},
    {"fcs", "number of fully connected layers", OF_COUNT, f_fcs},
    {"maxpools", "number of max pools, those in branches included", OF_COUNT, f_maxpools},
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

static bool find_target(const Trace *trace, const char *name, Target *t, Err *err)
{
    const Net *net = trace->net;
    *t = (Target){.trace = trace, .channel = -1, .last = net->main_count - 1, .layer = net->main_count - 1};
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

static bool call(const ExprScope *scope, const Function *f, const char *what, ExprValue *out, Err *err)
{
    char name[NAME_MAX_LENGTH + 1];
    const char *at = strchr(what, '@');
    snprintf(name, sizeof name, "%.*s", (int)(at != NULL ? at - what : NAME_MAX_LENGTH), what);
    Trace other = {0};
    Net *net = NULL;
    const Trace *trace = scope->trace;
    if (at != NULL) {
        if (scope->networks_dir == NULL)
            return err_set(err, "'%s' asks another network, which cannot be done here", what);
        net = net_open(at + 1, scope->networks_dir, NULL, err);
        if (net == NULL || !trace_make(net, &other, err)) {
            net_free(net);
            return false;
        }
        trace = &other;
    }
    Target t;
    bool good = find_target(trace, name, &t, err);
    if (good && f->kind == OF_LAYER && !t.one)
        good = err_set(err, "%s(%s): expected a layer, such as %s(conv1)", f->name, what, f->name);
    if (good && f->kind == OF_SHAPE && t.whole && strcmp(name, "total") != 0)
        good = err_set(err, "%s(%s): expected a layer or a module", f->name, what);
    good = good && f->value(&t, out, err);
    trace_free(&other);
    net_free(net);
    return good;
}

/* -------------------------------------------------------------------- the grammar */

static bool sum(Parser *s, ExprValue *out);

/* Appends to the substituted text. */
static void write_text(Parser *s, const char *text, size_t length)
{
    if (s->written == NULL)
        return;
    size_t used = strlen(s->written);
    if (used + length < s->written_size) {
        memcpy(s->written + used, text, length);
        s->written[used + length] = '\0';
    }
}

static void blanks(Parser *s)
{
    const char *from = s->p;
    while (isspace((unsigned char)*s->p))
        s->p++;
    write_text(s, from, (size_t)(s->p - from));
}

/* Takes `token` when it comes next. */
static bool take(Parser *s, const char *token)
{
    size_t length = strlen(token);
    if (strncmp(s->p, token, length) != 0)
        return false;
    write_text(s, s->p, length);
    s->p += length;
    blanks(s);
    return true;
}

static bool digits(Parser *s, int64_t *value, int64_t *scale)
{
    const char *from = s->p;
    bool decimals = false;
    *value = 0;
    *scale = 1;
    for (;; s->p++) {
        bool separator = *s->p == ',' && !decimals && s->p > from && isdigit((unsigned char)s->p[1]) && isdigit((unsigned char)s->p[2]) &&
                         isdigit((unsigned char)s->p[3]) && !isdigit((unsigned char)s->p[4]);
        if (separator)
            continue;
        if (*s->p == '.' && !decimals) {
            decimals = true;
            continue;
        }
        if (!isdigit((unsigned char)*s->p))
            break;
        if (__builtin_mul_overflow(*value, (int64_t)10, value) || __builtin_add_overflow(*value, (int64_t)(*s->p - '0'), value) ||
            (decimals && __builtin_mul_overflow(*scale, (int64_t)10, scale)))
            return complain(s, from, "a number overflows 64 bits");
    }
    return s->p > from + decimals ? true : complain(s, from, "expected a number");
}

static bool number(Parser *s, ExprValue *out)
{
    const char *from = s->p;
    int64_t value, scale, sizes[3];
    if (!digits(s, &value, &scale))
        return false;
    *out = (ExprValue){.kind = EXPR_NUMBER};
    if (*s->p == 'x' && isdigit((unsigned char)s->p[1])) { /* a shape, CxHxW */
        sizes[0] = value;
        for (int i = 1; i < 3; i++) {
            if (*s->p != 'x')
                return complain(s, from, "a shape has three sizes, such as 64x56x56");
            s->p++;
            if (!digits(s, &sizes[i], &scale))
                return false;
        }
        for (int i = 0; i < 3; i++)
            if (sizes[i] > INT_MAX)
                return complain(s, from, "a size is too large");
        *out = (ExprValue){.kind = EXPR_SHAPE, .shape = {1, (int)sizes[0], (int)sizes[1], (int)sizes[2]}};
    } else {
        static const struct { const char *suffix; int64_t factor; } suffixes[] = {
            {"Ki", 1024}, {"Mi", 1048576}, {"K", 1000}, {"M", 1000000}, {"%", 0}, {"", 1}};
        int i = 0;
        while (strncmp(s->p, suffixes[i].suffix, strlen(suffixes[i].suffix)) != 0)
            i++;
        s->p += strlen(suffixes[i].suffix);
        Rational factor = {suffixes[i].factor, 1}, plain;
        if (factor.num == 0)
            factor = (Rational){1, 100};
        if (!rational_make(value, scale, &plain) || !rational_mul(plain, factor, &out->number))
            return complain(s, from, "a number overflows 64 bits");
    }
    write_text(s, from, (size_t)(s->p - from));
    blanks(s);
    return true;
}

static bool name_call(Parser *s, ExprValue *out)
{
    const char *from = s->p;
    char name[32], what[NAME_MAX_LENGTH + 1], value[64];
    while (isalnum((unsigned char)*s->p) || *s->p == '_')
        s->p++;
    size_t length = (size_t)(s->p - from);
    const char *open = s->p;
    while (isspace((unsigned char)*open))
        open++;
    if (length >= sizeof name || length == 0 || *open != '(')
        return complain(s, from, "expected a number or a function such as weights(3a)");
    snprintf(name, sizeof name, "%.*s", (int)length, from);
    bool is_floor = strcmp(name, "floor") == 0, is_ceil = strcmp(name, "ceil") == 0, is_round = strcmp(name, "round") == 0;
    if (is_floor || is_ceil || is_round) {
        s->p = open + 1;
        write_text(s, from, (size_t)(s->p - from));
        blanks(s);
        if (!sum(s, out))
            return false;
        if (!take(s, ")"))
            return complain(s, s->p, "expected ')'");
        if (out->kind != EXPR_NUMBER)
            return complain(s, from, "a shape cannot be rounded");
        return give(out, is_round ? rational_round(out->number)
                         : is_ceil && out->number.den != 1 ? rational_floor(out->number) + 1 : rational_floor(out->number));
    }
    const char *close = strchr(open, ')');
    const Function *f = NULL;
    const char *words[FUNCTION_COUNT];
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        words[i] = functions[i].name;
        f = strcmp(name, words[i]) == 0 ? &functions[i] : f;
    }
    if (f == NULL) {
        const char *nearest = word_nearest(name, words, FUNCTION_COUNT);
        return err_set(s->err, "'%s': there is no function '%s'%s%s%s", s->text, name, nearest != NULL ? "; did you mean '" : "",
                       nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "; see eval --list");
    }
    if (close == NULL || (size_t)(close - open - 1) > NAME_MAX_LENGTH)
        return complain(s, open, close == NULL ? "the parenthesis is not closed" : "the name is too long");
    snprintf(what, sizeof what, "%.*s", (int)(close - open - 1), open + 1);
    Err reason = {""};
    if (!call(s->scope, f, what, out, &reason))
        return err_set(s->err, "'%s': %s", s->text, reason.text);
    s->p = close + 1;
    expr_value_text(out, true, value, sizeof value);
    write_text(s, value, strlen(value));
    blanks(s);
    return true;
}

static bool factor(Parser *s, ExprValue *out)
{
    const char *from = s->p;
    if (take(s, "(")) {
        if (++s->depth > DEPTH_MAX)
            return complain(s, from, "too many parentheses");
        if (!sum(s, out))
            return false;
        s->depth--;
        return take(s, ")") ? true : complain(s, s->p, "expected ')'");
    }
    if (take(s, "-")) {
        if (++s->depth > DEPTH_MAX)
            return complain(s, from, "too many signs");
        if (!factor(s, out))
            return false;
        s->depth--;
        if (out->kind != EXPR_NUMBER)
            return complain(s, from, "a shape has no sign");
        out->number.num = -out->number.num; /* cannot overflow: rational_make keeps |num| <= INT64_MAX */
        return true;
    }
    if (isdigit((unsigned char)*s->p) || *s->p == '.')
        return number(s, out);
    if (*s->p == '\0')
        return complain(s, s->p, "the expression ends too early");
    return name_call(s, out);
}

static bool power(Parser *s, ExprValue *out)
{
    const char *from = s->p;
    if (!factor(s, out))
        return false;
    if (!take(s, "^"))
        return true;
    ExprValue exponent;
    if (!factor(s, &exponent))
        return false;
    if (out->kind != EXPR_NUMBER || exponent.kind != EXPR_NUMBER || exponent.number.den != 1 || exponent.number.num < 0 ||
        exponent.number.num > 63)
        return complain(s, from, "a power needs a number and a whole exponent from 0 to 63");
    Rational base = out->number, result = {1, 1};
    for (int64_t i = 0; i < exponent.number.num; i++)
        if (!rational_mul(result, base, &result))
            return complain(s, from, "a power overflows 64 bits");
    out->number = result;
    return true;
}

/* left OPERATION right, for chains that bind to the left. */
static bool combine(Parser *s, ExprValue *left, char operation, const ExprValue *right, const char *at)
{
    if (left->kind != EXPR_NUMBER || right->kind != EXPR_NUMBER)
        return complain(s, at, "a shape cannot be computed with; use out_c, out_h or out_w");
    if (operation == '/' && right->number.num == 0)
        return complain(s, at, "a division by zero");
    bool (*const apply)(Rational, Rational, Rational *) = operation == '+' ? rational_add : operation == '-' ? rational_sub
                                                        : operation == '*' ? rational_mul : rational_div;
    return apply(left->number, right->number, &left->number) ? true : complain(s, at, "the result overflows 64 bits");
}

static bool product(Parser *s, ExprValue *out)
{
    if (!power(s, out))
        return false;
    for (;;) {
        const char *at = s->p;
        char operation = *at;
        ExprValue right;
        if (!take(s, "*") && !take(s, "/"))
            return true;
        if (!power(s, &right) || !combine(s, out, operation, &right, at))
            return false;
    }
}

static bool sum(Parser *s, ExprValue *out)
{
    if (++s->depth > DEPTH_MAX)
        return complain(s, s->p, "too many parentheses");
    if (!product(s, out))
        return false;
    for (;;) {
        const char *at = s->p;
        char operation = *at;
        ExprValue right;
        if (!take(s, "+") && !take(s, "-")) {
            s->depth--;
            return true;
        }
        if (!product(s, &right) || !combine(s, out, operation, &right, at))
            return false;
    }
}

static bool same_shape(Shape a, Shape b) { return a.c == b.c && a.h == b.h && a.w == b.w; }

/* The whole text. *comparison receives whether there was one. */
static bool comparison(Parser *s, ExprValue *left, ExprValue *right, ExprValue *out, bool *compared)
{
    static const struct { const char *sign; bool less, equal, more; } signs[] = {
        {"==", false, true, false}, {"!=", true, false, true}, {"<=", true, true, false}, {">=", false, true, true},
        {"=", false, true, false},  {"<", true, false, false}, {">", false, false, true},
    };
    blanks(s);
    if (!sum(s, left))
        return false;
    *out = *left;
    *compared = false;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !*compared; i++) {
        const char *at = s->p;
        if (!take(s, signs[i].sign))
            continue;
        *compared = true;
        if (!sum(s, right))
            return false;
        if (left->kind != right->kind)
            return complain(s, at, "a shape is compared with a number");
        bool ordered = signs[i].less != signs[i].more;
        if (left->kind == EXPR_SHAPE && ordered)
            return complain(s, at, "shapes are equal or not; neither is smaller");
        int order = left->kind == EXPR_SHAPE ? !same_shape(left->shape, right->shape) : rational_compare(left->number, right->number);
        *out = (ExprValue){.kind = EXPR_TRUTH, .truth = order < 0 ? signs[i].less : order > 0 ? signs[i].more : signs[i].equal};
    }
    return *s->p == '\0' ? true : complain(s, s->p, "expected the end or an operator");
}

static bool run(const ExprScope *scope, const char *text, ExprValue *left, ExprValue *right, ExprValue *out, bool *compared,
                char *written, size_t written_size, Err *err)
{
    Parser s = {.scope = scope, .text = text, .p = text, .written = written, .written_size = written_size, .err = err};
    if (strlen(text) > 512)
        return err_set(err, "an expression of %zu letters is too long; at most 512", strlen(text));
    return comparison(&s, left, right, out, compared);
}

bool expr_eval(const ExprScope *scope, const char *text, ExprValue *out, Err *err)
{
    ExprValue left, right, value;
    bool compared;
    if (!run(scope, text, &left, &right, &value, &compared, NULL, 0, err))
        return false;
    *out = value;
    return true;
}

bool expr_sides(const ExprScope *scope, const char *text, ExprValue *left, ExprValue *right, Err *err)
{
    ExprValue a, b, value;
    bool compared;
    if (!run(scope, text, &a, &b, &value, &compared, NULL, 0, err))
        return false;
    if (left != NULL)
        *left = a;
    if (compared && right != NULL)
        *right = b;
    return compared ? true : err_set(err, "'%s' compares nothing", text);
}

bool expr_substitute(const ExprScope *scope, const char *text, char *out, size_t size, Err *err)
{
    ExprValue left, right, value;
    bool compared;
    out[0] = '\0';
    return run(scope, text, &left, &right, &value, &compared, out, size, err);
}

void expr_value_text(const ExprValue *value, bool commas, char *out, size_t size)
{
    if (value->kind == EXPR_NUMBER)
        rational_text(value->number, commas, out, size);
    else if (value->kind == EXPR_SHAPE)
        snprintf(out, size, "%dx%dx%d", value->shape.c, value->shape.h, value->shape.w);
    else
        snprintf(out, size, "%s", value->truth ? "true" : "false");
}
