/* test_differences.c - run_gradient against central differences: of whole networks, computed by the reference ops with double as their
 * number type (see double_ops.h), beside the engines' float ones. */
#include "engine/net/run.h"
#include "tests/every_op.h"

_Static_assert(sizeof(real) == sizeof(double), "the Makefile compiles this with double_ops.h");

enum { LAYERS_MAX = 64 };

/* A network in double. Conv and fc layers have the values before ReLU, too, and a shift that is added to them. */
typedef struct Walk {
    const Net *net;
    double *weights;
    double *maps[LAYERS_MAX], *before[LAYERS_MAX], *shifts[LAYERS_MAX];
    int checked;                /* gradients that are not 0 */
} Walk;

static double *doubles(const float *from, size_t count)
{
    double *values = calloc(count, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; from != NULL && i < count; i++)
        values[i] = (double)from[i];
    return values;
}

static Walk walk_make(const Net *net, const float *weights, const float *x)
{
    Walk w = {.net = net, .weights = doubles(weights, net->weight_count)};
    assert_in_range(net->layer_count, 2, LAYERS_MAX);
    for (int l = 0; l < net->main_count; l++) {
        const size_t count = shape_size(net->layers[l].out);
        w.maps[l] = doubles(l == 0 ? x : NULL, count);
        w.before[l] = doubles(NULL, count);
        w.shifts[l] = doubles(NULL, (size_t)net->layers[l].out.c);
    }
    return w;
}

static void walk_free(Walk *w)
{
    free(w->weights);
    for (int l = 0; l < LAYERS_MAX; l++) {
        free(w->maps[l]);
        free(w->before[l]);
        free(w->shifts[l]);
    }
}

static const double *param(const Walk *w, int index)
{
    return index < 0 ? NULL : w->weights + w->net->params[index].offset;
}

static void walk_weighted(Walk *w, int l)
{
    const Layer *layer = &w->net->layers[l];
    const double *x = w->maps[layer->inputs[0]];
    double *before = w->before[l];
    const size_t count = shape_size(layer->out), plane = count / (size_t)layer->out.c;
    if (layer->op == OP_CONV)
        conv_forward(before, x, param(w, layer->weight), param(w, layer->bias_param), layer_conv_dims(layer, 1), 0, layer->out.c);
    else
        fc_forward(before, x, param(w, layer->weight), param(w, layer->bias_param), 1, (int)shape_size(layer->in), layer->out.c, 0, layer->out.c);
    if (layer->bn) {
        const int p = layer->bn_param;
        batchnorm_forward(before, before, param(w, p), param(w, p + 1), param(w, p + 2), param(w, p + 3), (double)layer->bn_eps, layer->out);
    }
    for (size_t i = 0; i < count; i++)
        before[i] += w->shifts[l][i / plane];
    if (layer->relu)
        relu_forward(w->maps[l], before, count);
    else
        memcpy(w->maps[l], before, count * sizeof *before);
}

static void walk_layer(Walk *w, int l)
{
    const Layer *layer = &w->net->layers[l];
    const double *x = w->maps[layer->inputs[0]];
    double *y = w->maps[l];
    switch (layer->op) {
    case OP_CONV:
    case OP_FC:
        walk_weighted(w, l);
        break;
    case OP_MAXPOOL:
        maxpool_forward(y, NULL, x, layer_pool_dims(layer, 1));
        break;
    case OP_AVGPOOL:
        avgpool_forward(y, x, layer_pool_dims(layer, 1));
        break;
    case OP_LRN: /* layer_lrn_dims gives floats */
        lrn_forward(y, NULL, x, (LrnDims){layer->in, layer->lrn_size, (double)layer->lrn_alpha, (double)layer->lrn_beta, (double)layer->lrn_k});
        break;
    case OP_CONCAT:
        for (int i = 0, offset = 0; i < layer->input_count; offset += w->net->layers[layer->inputs[i]].out.c, i++) {
            const Shape in = w->net->layers[layer->inputs[i]].out;
            concat_forward(y, w->maps[layer->inputs[i]], layer->out, in, offset);
            concat_forward(w->before[l], w->before[layer->inputs[i]], layer->out, in, offset);
        }
        break;
    case OP_DROPOUT:
        memcpy(y, x, shape_size(layer->out) * sizeof *y);
        break;
    case OP_SOFTMAX:
        softmax_forward(y, x, 1, layer->out.c);
        break;
    case OP_INPUT:
    case OP_COUNT:
        fail();
    }
    if (layer->op != OP_CONV && layer->op != OP_FC && layer->op != OP_CONCAT)
        memcpy(w->before[l], y, shape_size(layer->out) * sizeof *y);
}

/* The objective when layers [first, ...] are computed anew. */
static double objective(Walk *w, const Gradient *g, int first)
{
    const double *values = g->before_relu ? w->before[g->from] : w->maps[g->from];
    double sum = 0;
    for (int l = first; l <= g->from; l++)
        walk_layer(w, l);
    for (size_t i = 0; i < shape_size(w->net->layers[g->from].out); i++)
        sum += (double)g->seed[i] * values[i];
    return sum;
}

/* Differences to both sides of a value. They are the same but for kinks, such as the zeros behind a ReLU that a max pool has to choose from;
 * there the gradient is one of them or between them. */
static void check_value(double got, Walk *w, const Gradient *g, int first, double *value, double allowed, const char *what, size_t i)
{
    const double step = 1e-6, kept = *value, here = objective(w, g, first);
    *value = kept + step;
    const double above = (objective(w, g, first) - here) / step;
    *value = kept - step;
    const double below = (here - objective(w, g, first)) / step;
    *value = kept;
    objective(w, g, first);
    w->checked += fabs(got) > allowed;
    CHECK(got >= fmin(above, below) - allowed && got <= fmax(above, below) + allowed, "%s %zu: %.9g, but differences are %.9g and %.9g", what,
          i, got, above, below);
}

static double largest_of(const float *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fabs((double)values[i]) > most ? fabs((double)values[i]) : most;
    return most;
}

/* Whether the objective is a function of the layer's map: not where it begins before that one's ReLU. */
static bool passes_map(const Net *net, const Gradient *g, int l)
{
    bool branch = false;
    for (int i = 0; i < net->layers[g->from].input_count; i++)
        branch = branch || (net->layers[g->from].op == OP_CONCAT && net->layers[g->from].inputs[i] == l);
    return l != g->from && !(g->before_relu && branch);
}

/* Every layer on the way; `most` values of each map, spread over it. */
static void check_objective(Run *run, Walk *w, const Gradient *g, size_t most)
{
    const Net *net = run->net;
    char what[320];
    run_gradient(run, g);
    for (int l = 0; l < net->main_count; l++) {
        const Layer *layer = &net->layers[l];
        const size_t count = shape_size(layer->out), stride = count > most ? count / most : 1;
        if (!run->way[l])
            continue;
        float *got = malloc(count * sizeof *got);
        assert_non_null(got);
        run_map_gradient(run, l, 0, got);
        snprintf(what, sizeof what, "%s, %s engine, from %s%s, %s: value", net->name, run->engine->name, net->layers[g->from].name,
                 g->before_relu ? " before ReLU" : "", layer->name);
        const double allowed = 1e-4 * largest_of(got, count) + 1e-8;
        for (size_t i = 0; i < count && passes_map(net, g, l); i += stride)
            check_value((double)got[i], w, g, l + 1, &w->maps[l][i], allowed, what, i);
        if (layer->op == OP_CONV || layer->op == OP_FC) {
            const size_t channels = (size_t)layer->out.c;
            run_shift_gradient(run, l, 0, got);
            strcpy(strrchr(what, ':'), ": shift");
            const double near = 1e-4 * largest_of(got, channels) + 1e-8;
            for (size_t c = 0; c < channels; c++)
                check_value((double)got[c], w, g, l, &w->shifts[l][c], near, what, c);
        }
        free(got);
    }
}

/* Small random weights that keep all values near 1, so that no ReLU is shut everywhere. */
static float *random_weights(const Net *net)
{
    float *weights = malloc(net->weight_count * sizeof *weights);
    Rng rng = rng_make(3, 0);
    assert_non_null(weights);
    for (int p = 0; p < net->param_count; p++) {
        const Param *param = &net->params[p];
        const double bound = param->kind == PARAM_WEIGHT ? sqrt(6.0 * param->dims[0] / (double)param->count) : 0.2;
        for (size_t i = param->offset; i < param->offset + param->count; i++) {
            const double u = rng_uniform(&rng);
            weights[i] = (float)(param->kind == PARAM_BN_GAMMA || param->kind == PARAM_BN_VAR ? u + 0.5 : bound * (2 * u - 1));
        }
    }
    return weights;
}

/* From every layer on the main path, before and behind ReLU, to the picture. */
static void check_net(Net *net, size_t most)
{
    Err err = {""};
    float *weights = random_weights(net), *x = malloc(shape_size(net->input) * sizeof *x);
    assert_non_null(x);
    Rng rng = rng_make(5, 0);
    for (size_t i = 0; i < shape_size(net->input); i++)
        x[i] = (float)(2 * rng_uniform(&rng) - 1);
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (int e = 0; e < 2; e++) {
        Walk w = walk_make(net, weights, x);
        Run *run = run_new(engines[e], net, &(RunOptions){.batch = 1, .threads = 1, .gradients = true}, &err);
        CHECK(run != NULL, "%s", err.text);
        run_weights(run, weights);
        run_input(run, x, 1);
        run_forward(run);
        for (int from = 1; from < net->main_count; from++) {
            const size_t count = shape_size(net->layers[from].out);
            float *seed = malloc(count * sizeof *seed);
            assert_non_null(seed);
            for (size_t i = 0; i < count; i++)
                seed[i] = (float)(2 * rng_uniform_at(rng, i) - 1);
            for (int before = 0; before < 2; before++) {
                const Gradient g = {.from = from, .before_relu = before, .seed = seed};
                objective(&w, &g, 1);
                check_objective(run, &w, &g, most);
            }
            free(seed);
        }
        CHECK(w.checked > 100, "%s: %d gradients say nothing", net->name, w.checked);
        run_free(run);
        walk_free(&w);
    }
    free(x);
    free(weights);
    net_free(net);
}

static void check_network(const char *path, size_t most)
{
    Err err = {""};
    Net *net = net_open(path, "assets/networks", &(NetOptions){.no_heads = true}, &err);
    CHECK(net != NULL, "%s", err.text);
    check_net(net, most);
}

static void test_tiny(void **state)
{
    (void)state;
    check_network("tiny", 1000); /* all values */
}

static void test_every_op(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        int layer;
        check_net(every_op_net((Op)op, &layer), 5);
    }
}

static void test_every_kind_of_layer(void **state)
{
    (void)state;
    check_network("tests/nets/odd.net", 3);
    check_network("tests/nets/bn.net", 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tiny), cmocka_unit_test(test_every_op), cmocka_unit_test(test_every_kind_of_layer),
};

TEST_MAIN(tests)
