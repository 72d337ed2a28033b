/* build.c - layers, shapes and parameters from the rows of a description; see build.h. Output sizes are computed and checked only
 * here: later code may trust every size in a Net. */
#include "engine/net/build.h"

#include "engine/base/array.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Totals stay below this, so that two FLOP per MAC and four bytes per value fit in 64 bits as well. */
static const int64_t total_max = INT64_MAX / 8;

static bool no_memory(Err *reason)
{
    return err_set(reason, "not enough memory for the description");
}

static int find_layer(const Net *net, const char *name)
{
    for (int i = 0; i < net->layer_count; i++)
        if (strcmp(net->layers[i].name, name) == 0)
            return i;
    return -1;
}

/* Names with another meaning are refused: sums in expressions, and module names, which mean the module's concat. */
static bool name_is_free(const Net *net, const char *name, Err *reason)
{
    static const char *const sums[] = {"total", "training", "aux"};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (strcmp(name, sums[i]) == 0)
            return err_set(reason, "'%s' is the name of a sum in expressions; give the row another name", name);
    for (int m = 0; m < net->module_count; m++)
        if (strcmp(name, net->modules[m].title) == 0 || strcmp(name, net->modules[m].name) == 0)
            return err_set(reason, "there is already a module '%s'; give each row a name of its own", name);
    return find_layer(net, name) < 0 || err_set(reason, "there is already a layer '%s'; give each row a name of its own", name);
}

/* Adds an empty layer that reads `input`; NULL with a reason. The pointer is valid until the next call. */
static Layer *add_layer(Build *b, Op op, const char *prefix, const char *name, int input, Err *reason)
{
    Net *net = b->net;
    char full[2 * NET_NAME_MAX];
    snprintf(full, sizeof full, "%s%s%s", prefix, prefix[0] != '\0' ? "/" : "", name);
    if (strlen(full) >= NET_NAME_MAX) {
        err_set(reason, "the name '%s' is longer than %d letters", full, LIMIT_NET_NAME);
        return NULL;
    }
    if (!name_is_free(net, full, reason))
        return NULL;
    if (net->layer_count == LIMIT_NET_LAYERS) {
        err_set(reason, "the network has more than %d layers; split it, or leave some out", LIMIT_NET_LAYERS);
        return NULL;
    }
    Layer *layers = array_grow(net->layers, net->layer_count, sizeof *layers);
    if (layers == NULL) {
        no_memory(reason);
        return NULL;
    }
    net->layers = layers;
    Layer *layer = &net->layers[net->layer_count];
    memcpy(layer->name, full, strlen(full) + 1);
    layer->op = op;
    layer->module = -1;
    layer->branch = BRANCH_NONE;
    layer->head = b->head;
    layer->row = net->row_count - 1;
    layer->groups = 1;
    layer->weight = layer->bias_param = layer->bn_param = -1;
    if (input >= 0) {
        layer->inputs[0] = input;
        layer->input_count = 1;
        layer->in = net->layers[input].out;
    }
    return layer;
}

static bool product(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* Checks that the layer's counts fit, and adds it to the net. */
static bool keep_layer(Build *b, Layer *layer, Err *reason)
{
    int64_t values = 1, macs = 0, weights = 0;
    Shape out = layer->out;
    if (!product(values, out.c, &values) || !product(values, out.h, &values) || !product(values, out.w, &values) ||
        values > total_max - b->values)
        return err_set(reason, "%s: %d x %d x %d values overflow 64 bits", layer->name, out.c, out.h, out.w);
    if (layer->op == OP_CONV || layer->op == OP_FC) {
        bool conv = layer->op == OP_CONV;
        int64_t fan_in = conv ? (int64_t)layer->in.c / layer->groups : shape_values(layer->in);
        bool fits = product(fan_in, conv ? (int64_t)layer->k * layer->k : 1, &fan_in) && product(fan_in, out.c, &weights) &&
                    product(weights, (int64_t)out.h * out.w, &macs);
        if (!fits || macs > total_max - b->macs || weights > total_max)
            return err_set(reason, "%s: the count of its weights or multiplications overflows 64 bits", layer->name);
    }
    b->values += values;
    b->macs += macs;
    b->net->layer_count++;
    return true;
}

/* Output sizes of a window layer; k, stride, pad and rounding are set. */
static bool window_shape(Build *b, Layer *layer, int channels, Err *reason)
{
    Shape in = layer->in;
    int h = window_out(in.h, layer->k, layer->stride, layer->pad, layer->rounding);
    int w = window_out(in.w, layer->k, layer->stride, layer->pad, layer->rounding);
    if (h <= 0 || w <= 0) {
        b->too_small = true;
        return err_set(reason, "%s: a %dx%d window (stride %d, padding %d) does not fit a map of %dx%d: its shape would become zero",
                       layer->name, layer->k, layer->k, layer->stride, layer->pad, in.h, in.w);
    }
    if (layer->op != OP_CONV && layer->pad >= layer->k)
        return err_set(reason, "%s: padding %d leaves windows of %dx%d that contain no value; use less than %d", layer->name,
                       layer->pad, layer->k, layer->k, layer->k);
    const int64_t row = (int64_t)(h - 1) * layer->stride - layer->pad, column = (int64_t)(w - 1) * layer->stride - layer->pad;
    if (row >= in.h || column >= in.w) /* a ceil rule that keeps every window */
        return err_set(reason, "%s: the last window, from %s %lld on, contains no value of the %dx%d map; use the rule floor or ceil-torch",
                       layer->name, row >= in.h ? "row" : "column", (long long)(row >= in.h ? row : column), in.h, in.w);
    layer->out = (Shape){1, channels, h, w};
    return true;
}

static bool add_conv(Build *b, const char *prefix, const char *name, int input, const RowSpec *spec, int k, int stride, int pad,
                     int channels, Err *reason)
{
    Layer *layer = add_layer(b, OP_CONV, prefix, name, input, reason);
    if (layer == NULL)
        return false;
    layer->k = k;
    layer->stride = stride;
    layer->pad = pad;
    layer->groups = spec->groups;
    layer->relu = spec->relu;
    layer->bias = spec->bias && !b->bn;
    layer->bn = b->bn;
    layer->bn_eps = b->bn_eps;
    if (layer->in.c % spec->groups != 0 || channels % spec->groups != 0)
        return err_set(reason, "%s: %d groups do not divide %d input and %d output channels", layer->name, spec->groups,
                       layer->in.c, channels);
    return window_shape(b, layer, channels, reason) && keep_layer(b, layer, reason);
}

static bool add_pool(Build *b, const char *prefix, const char *name, int input, const RowSpec *spec, Err *reason)
{
    Layer *layer = add_layer(b, spec->op, prefix, name, input, reason);
    if (layer == NULL)
        return false;
    Shape in = layer->in;
    layer->k = spec->k;
    layer->stride = spec->stride;
    layer->pad = spec->pad;
    layer->rounding = spec->rounding;
    layer->count_padding = spec->count_padding;
    if (spec->adaptive == 0)
        return window_shape(b, layer, in.c, reason) && keep_layer(b, layer, reason);
    int to = spec->adaptive;
    layer->adaptive = true;
    layer->out = (Shape){1, in.c, to, to};
    if (in.h == in.w && in.h % to == 0) {
        layer->k = in.h / to;
        layer->stride = to == 1 ? 1 : layer->k;
    }
    return keep_layer(b, layer, reason);
}

/* The number that the word `classes` means: the caller's, else the one in a line above the row. */
static bool class_count(const Build *b, const char *name, int *out, Err *reason)
{
    *out = b->net->classes_word;
    return *out > 0 || err_set(reason, "%s has one output per class, but no line gives the number of classes; expected 'classes N' above it", name);
}

static bool add_fc(Build *b, const char *prefix, const RowSpec *spec, Err *reason)
{
    Layer *layer = add_layer(b, OP_FC, prefix, spec->name, b->current, reason);
    if (layer == NULL)
        return false;
    Shape in = layer->in;
    int64_t values = 0;
    if (!product((int64_t)in.c * in.h, in.w, &values) || values > INT_MAX)
        return err_set(reason, "%s: %d x %d x %d inputs are more than a fully connected layer can take", layer->name, in.c, in.h, in.w);
    if (spec->fc_in != 0 && values != spec->fc_in) {
        b->too_small = true;
        int side = 1;
        while ((int64_t)in.c * side * side < spec->fc_in)
            side++;
        return err_set(reason, "%s needs %dx%d (%d values), got %dx%d (%lld)", b->head > 0 ? b->net->heads[b->head].name : layer->name,
                       side, side, spec->fc_in, in.h, in.w, (long long)values);
    }
    int out = spec->channels[0];
    if (spec->classes && !class_count(b, layer->name, &out, reason))
        return false;
    layer->relu = spec->relu;
    layer->bias = spec->bias;
    layer->out = (Shape){1, out, 1, 1};
    return keep_layer(b, layer, reason);
}

/* The 3x3 or the 5x5 branch: a 1x1 reduction, if there is one, then the k x k convolution. */
static bool add_reduced(Build *b, const char *module, const RowSpec *spec, int input, int k, int reduce, int channels,
                        const char *reduce_name, const char *name, Err *reason)
{
    if (reduce > 0) {
        if (!add_conv(b, module, reduce_name, input, spec, 1, 1, 0, reduce, reason))
            return false;
        input = b->net->layer_count - 1;
    }
    return add_conv(b, module, name, input, spec, k, 1, k / 2, channels, reason);
}

/* Adds the four branches in concat order: layers [first, last]; concat reads layer ends[branch]. */
static bool add_branches(Build *b, const char *name, const RowSpec *spec, const int channels[6], int third, int ends[BRANCH_COUNT],
                         int *first_of_branch, Err *reason)
{
    const Net *net = b->net;
    int input = b->current;
    first_of_branch[BRANCH_1X1] = net->layer_count;
    if (!add_conv(b, name, "1x1", input, spec, 1, 1, 0, channels[0], reason))
        return false;
    ends[BRANCH_1X1] = net->layer_count - 1;

    first_of_branch[BRANCH_3X3] = net->layer_count;
    if (!add_reduced(b, name, spec, input, 3, channels[1], channels[2], "3x3_reduce", "3x3", reason))
        return false;
    ends[BRANCH_3X3] = net->layer_count - 1;

    first_of_branch[BRANCH_5X5] = net->layer_count;
    if (!add_reduced(b, name, spec, input, third, channels[3], channels[4], "5x5_reduce", "5x5", reason))
        return false;
    ends[BRANCH_5X5] = net->layer_count - 1;

    first_of_branch[BRANCH_POOL] = net->layer_count;
    const RowSpec pool = {.op = OP_MAXPOOL, .k = 3, .stride = 1, .pad = 1, .rounding = ROUND_FLOOR};
    if (!add_pool(b, name, "pool", input, &pool, reason))
        return false;
    if (channels[5] > 0 && !add_conv(b, name, "pool_proj", net->layer_count - 1, spec, 1, 1, 0, channels[5], reason))
        return false;
    ends[BRANCH_POOL] = net->layer_count - 1;
    return true;
}

static bool add_module(Build *b, const RowSpec *spec, Err *reason)
{
    Net *net = b->net;
    Module module = {.input = b->current, .first = net->layer_count};
    const char *title = net_short_name(spec->name);
    if (b->head > 0)
        return err_set(reason, "a head cannot have an inception module; move it above the first aux row");
    if (strlen(title) + strlen("inception_/3x3_reduce") >= NET_NAME_MAX)
        return err_set(reason, "the name '%s' is too long", title);
    if (!name_is_free(b->net, title, reason))
        return false;
    snprintf(module.name, sizeof module.name, "inception_%.*s", NET_NAME_MAX - 11, title);
    snprintf(module.title, sizeof module.title, "%s", title);
    memcpy(module.channels, spec->channels, sizeof module.channels);
    module.without_reductions = net_listed(b->options->without_reductions, title);
    module.third_3x3 = net_listed(b->options->third_3x3, title);
    net->switched = net->switched || module.without_reductions || module.third_3x3;
    if (module.without_reductions)
        module.channels[1] = module.channels[3] = 0;
    int third = module.third_3x3 ? 3 : spec->third_kernel;

    int ends[BRANCH_COUNT], starts[BRANCH_COUNT + 1];
    if (!add_branches(b, module.name, spec, module.channels, third, ends, starts, reason))
        return false;
    starts[BRANCH_COUNT] = net->layer_count;

    Layer *concat = add_layer(b, OP_CONCAT, module.name, "concat", ends[0], reason);
    if (concat == NULL)
        return false;
    int64_t channels = 0;
    for (int i = 0; i < BRANCH_COUNT; i++) {
        concat->inputs[i] = ends[i];
        module.offset[i] = (int)channels;
        channels += net->layers[ends[i]].out.c;
    }
    if (channels > INT_MAX)
        return err_set(reason, "%s: the concatenated channels overflow", module.name);
    module.offset[BRANCH_COUNT] = (int)channels;
    concat->input_count = BRANCH_COUNT;
    concat->out = concat->in;
    concat->out.c = (int)channels;
    if (!keep_layer(b, concat, reason))
        return false;
    module.last = net->layer_count - 1;
    for (int branch = 0; branch < BRANCH_COUNT; branch++)
        for (int i = starts[branch]; i < starts[branch + 1]; i++)
            net->layers[i].branch = (Branch)branch;
    for (int i = module.first; i <= module.last; i++)
        net->layers[i].module = net->module_count;
    Module *modules = array_grow(net->modules, net->module_count, sizeof *modules);
    if (modules == NULL)
        return no_memory(reason);
    net->modules = modules;
    net->modules[net->module_count++] = module;
    return true;
}

/* LRN, dropout and softmax keep the shape. */
static bool add_same_shape(Build *b, const char *prefix, const RowSpec *spec, Err *reason)
{
    Layer *layer = add_layer(b, spec->op, prefix, spec->name, b->current, reason);
    if (layer == NULL)
        return false;
    layer->out = layer->in;
    layer->dropout_p = spec->dropout_p;
    layer->lrn_size = spec->lrn_size;
    layer->lrn_alpha = spec->lrn_alpha;
    layer->lrn_beta = spec->lrn_beta;
    layer->lrn_k = spec->lrn_k;
    if (spec->op == OP_SOFTMAX && (layer->in.h != 1 || layer->in.w != 1))
        return err_set(reason, "%s: softmax reads one score per class, but its input is %dx%dx%d; put a fully connected or a pool to=1 row "
                       "before it", layer->name, layer->in.c, layer->in.h, layer->in.w);
    return keep_layer(b, layer, reason);
}

static bool begin_row(Build *b, const char *name, int line, Err *reason)
{
    Net *net = b->net;
    Row *rows = array_grow(net->rows, net->row_count, sizeof *rows);
    if (rows == NULL)
        return no_memory(reason);
    net->rows = rows;
    Row *row = &net->rows[net->row_count++];
    snprintf(row->name, sizeof row->name, "%s", name);
    row->line = line;
    row->first = net->layer_count;
    return true;
}

static bool end_row(Build *b)
{
    b->net->rows[b->net->row_count - 1].last = b->current = b->net->layer_count - 1;
    return true;
}

bool build_input(Build *b, Shape input, int line, Err *reason)
{
    b->net->input = input;
    if (!begin_row(b, "input", line, reason))
        return false;
    Layer *layer = add_layer(b, OP_INPUT, "", "input", -1, reason);
    if (layer == NULL)
        return false;
    layer->in = layer->out = input;
    Head *main = &b->net->heads[0];
    *main = (Head){.name = "main", .logits = -1, .loss_weight = 1};
    b->net->head_count = 1;
    return keep_layer(b, layer, reason) && end_row(b);
}

static bool leave_out(Build *b, const char *row, Err *reason)
{
    char(*names)[NET_NAME_MAX] = array_grow(b->left_out, b->left_out_count, sizeof *names);
    if (names == NULL)
        return no_memory(reason);
    b->left_out = names;
    snprintf(b->left_out[b->left_out_count++], sizeof *names, "%s", row);
    return true;
}

bool build_left_out(const Build *b, const char *row)
{
    for (int i = 0; i < b->left_out_count; i++)
        if (strcmp(b->left_out[i], row) == 0)
            return true;
    return false;
}

bool build_left_out_layer(const Build *b, const char *name)
{
    const size_t head = strcspn(name, "/:[");
    for (int i = 0; i < b->left_out_count; i++)
        if (strcspn(b->left_out[i], "/") == head && strncmp(b->left_out[i], name, head) == 0)
            return true;
    return false;
}

void build_end(Build *b)
{
    free(b->left_out);
    b->left_out = NULL;
    b->left_out_count = 0;
}

/* Removes the head being built and all that its rows made. */
static bool drop_head(Build *b, Err *reason)
{
    Net *net = b->net;
    Head *head = &net->heads[b->head];
    for (int i = head->first; i < net->layer_count; i++) {
        b->macs -= layer_macs(&net->layers[i]);
        b->values -= shape_values(net->layers[i].out);
    }
    memcpy(b->skipped, head->name, sizeof b->skipped);
    const int rows = head->first < net->layer_count ? net->layers[head->first].row : net->row_count - 1;
    for (int i = rows; i < net->row_count; i++)
        if (!leave_out(b, net->rows[i].name, reason))
            return false;
    net->row_count = rows;
    net->layer_count = head->first;
    net->head_count--;
    b->skip_head = true;
    return true;
}

bool build_row(Build *b, const RowSpec *spec, Err *reason)
{
    const char *prefix = b->skip_head ? b->skipped : b->head > 0 ? b->net->heads[b->head].name : "";
    char name[3 * NET_NAME_MAX];
    snprintf(name, sizeof name, "%s%s%s%s%s", prefix, prefix[0] != '\0' ? "/" : "", spec->reduce, spec->reduce[0] != '\0' ? "+" : "", spec->name);
    if (b->skip_head)
        return leave_out(b, name, reason);
    if (!begin_row(b, name, spec->line, reason))
        return false;
    bool done = false;
    b->too_small = false;
    int channels = spec->channels[spec->reduce[0] != '\0'];
    switch (spec->op) {
    case OP_CONV:
        if (spec->classes && !class_count(b, name, &channels, reason))
            return false;
        done = spec->reduce[0] == '\0' || add_conv(b, prefix, spec->reduce, b->current, spec, 1, 1, 0, spec->channels[0], reason);
        if (done)
            done = add_conv(b, prefix, spec->name, spec->reduce[0] == '\0' ? b->current : b->net->layer_count - 1, spec, spec->k,
                            spec->stride, spec->pad, channels, reason);
        break;
    case OP_MAXPOOL:
    case OP_AVGPOOL:
        done = add_pool(b, prefix, spec->name, b->current, spec, reason);
        break;
    case OP_FC:
        done = add_fc(b, prefix, spec, reason);
        break;
    case OP_CONCAT:
        done = add_module(b, spec, reason);
        break;
    case OP_LRN:
    case OP_DROPOUT:
    case OP_SOFTMAX:
        done = add_same_shape(b, prefix, spec, reason);
        break;
    case OP_INPUT:
    case OP_COUNT:
        assert(false);          /* not a row of a description */
    }
    if (!done && b->head > 0 && b->too_small) {
        /* The main path does not need this head, so a picture that is too small for it is not an error. */
        char *note = b->net->heads_note;
        size_t used = strlen(note);
        snprintf(note + used, sizeof b->net->heads_note - used, "%s%s", used > 0 ? "; " : "", reason->text);
        return drop_head(b, reason);
    }
    return done && end_row(b);
}

static bool close_head(Build *b, Err *reason)
{
    Net *net = b->net;
    if (b->skip_head)
        return true;
    Head *head = &net->heads[b->head];
    if (head->first == net->layer_count)
        return err_set(reason, "head %s has no rows; write them below 'aux %s ...'", head->name, head->name);
    head->last = net->layer_count - 1;
    const Layer *last = &net->layers[head->last];
    head->logits = last->op == OP_SOFTMAX ? last->inputs[0] : head->last;
    if (b->head == 0)
        net->main_count = net->layer_count;
    return true;
}

bool build_head(Build *b, const char *name, const char *tap, float loss_weight, Err *reason)
{
    Net *net = b->net;
    if (!close_head(b, reason))
        return false;
    size_t length = strlen(name);
    if (strncmp(tap, name, length) == 0 && (tap[length] == '/' || tap[length] == '\0'))
        return err_set(reason, "%s taps itself ('%s'), which is a cycle; a tap names a layer of the main path", name, tap);
    for (int i = 1; i < net->head_count; i++)
        if (strcmp(net->heads[i].name, name) == 0)
            return err_set(reason, "there is already a head '%s'", name);
    b->skip_head = b->options->no_heads;
    if (b->skip_head) {
        snprintf(b->skipped, sizeof b->skipped, "%s", name);
        return true;
    }
    Address address;
    Err why;
    if (!net_address(net, tap, &address, &why))
        return err_set(reason, "%s taps '%s', which is not a layer above it: %s", name, tap, why.text);
    if (address.layer >= net->main_count || address.channel >= 0 || address.pre)
        return err_set(reason, "%s taps '%s'; expected a whole layer of the main path, such as tap=%s", name, tap,
                       net->module_count > 0 ? net->modules[0].name : net->layers[net->main_count - 1].name);
    if (net->head_count == HEADS_MAX)
        return err_set(reason, "more than %d auxiliary heads", LIMIT_NET_HEADS);
    b->head = net->head_count;
    Head *head = &net->heads[net->head_count++];
    *head = (Head){.tap = address.layer, .first = net->layer_count, .loss_weight = loss_weight};
    snprintf(head->name, sizeof head->name, "%s", name);
    b->current = address.layer;
    return true;
}

static bool add_param(Net *net, int layer, ParamKind kind, const int *dims, int dim_count, int *index, Err *reason)
{
    Param *params = array_grow(net->params, net->param_count, sizeof *params);
    if (params == NULL)
        return no_memory(reason);
    net->params = params;
    Param *param = &net->params[net->param_count];
    *param = (Param){.layer = layer, .kind = kind, .dim_count = dim_count, .offset = net->weight_count, .count = 1};
    for (int i = 0; i < dim_count; i++) {
        param->dims[i] = dims[i];
        if (!size_mul(param->count, (size_t)dims[i], &param->count))
            return err_set(reason, "%s: its weights overflow the address space", net->layers[layer].name);
    }
    if (param->count > FLOATS_MAX || net->weight_count > FLOATS_MAX - param->count)
        return err_set(reason, "%s: the network's weights overflow the address space", net->layers[layer].name);
    net->weight_count += param->count;
    *index = net->param_count++;
    return true;
}

static bool add_layer_params(Net *net, int index, Err *reason)
{
    Layer *layer = &net->layers[index];
    if (layer->op != OP_CONV && layer->op != OP_FC)
        return true;
    const bool is_conv = layer->op == OP_CONV;
    int dims[4] = {layer->out.c, layer->in.c / layer->groups, layer->k, layer->k};
    if (!is_conv) /* fits: checked when the layer was added */
        dims[1] = layer->in.c * layer->in.h * layer->in.w;
    if (!add_param(net, index, PARAM_WEIGHT, dims, is_conv ? 4 : 2, &layer->weight, reason))
        return false;
    if (layer->bias && !add_param(net, index, PARAM_BIAS, &layer->out.c, 1, &layer->bias_param, reason))
        return false;
    int unused;
    for (int kind = PARAM_BN_GAMMA; layer->bn && kind <= PARAM_BN_VAR; kind++)
        if (!add_param(net, index, (ParamKind)kind, &layer->out.c, 1, kind == PARAM_BN_GAMMA ? &layer->bn_param : &unused, reason))
            return false;
    return true;
}

bool build_finish(Build *b, Err *reason)
{
    Net *net = b->net;
    if (!close_head(b, reason))
        return false;
    for (int i = 0; i < net->layer_count; i++)
        if (!add_layer_params(net, i, reason))
            return false;
    return true;
}
