/* test_map_gradient.c - run_gradient of both engines: the fast one against the reference, for every kind of layer and from and to every
 * layer; what it promises about threads, batches and changed weights. Values from outside are in test_golden.c and
 * test_differences.c. */
#include "tests/seeded.h"
#include "tests/small_nets.h"

#include "engine/fast/kernels.h"

static const char *const cpus[] = {"plain", "avx2", "avx512", "neon"};

static Run *make_run(const Engine *engine, const Net *net, int batch, int threads, const float *w, const float *x, int n)
{
    Err err;
    Run *run = run_new(engine, net, &(RunOptions){.batch = batch, .threads = threads, .heads = true, .gradients = true}, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, w);
    run_input(run, x, n);
    run_forward(run);
    return run;
}

static float *make_seed(const Net *net, int layer, int n)
{
    return small_values((size_t)n * shape_size(net->layers[layer].out), 10 + (uint64_t)layer);
}

/* The gradient by the map of a layer, or by its shift. */
static void read_gradient(Run *run, int layer, int image, bool shift, float *out)
{
    (shift ? run_shift_gradient : run_map_gradient)(run, layer, image, out);
}

static void compare_values(const float *want, const float *got, size_t count, double bound, const char *what)
{
    double worst = 0, largest = 1e-20;
    for (size_t i = 0; i < count; i++) {
        const double d = fabs((double)want[i] - (double)got[i]);
        worst = d > worst || isnan(d) ? d : worst;
        largest = fabs((double)want[i]) > largest ? fabs((double)want[i]) : largest;
    }
    CHECK(worst <= bound * largest, "%s: off by %.3g of %.3g", what, worst, largest);
}

/* All gradients of two runs after the same request. */
static void compare_runs(Run *want, Run *got, double bound, const char *what)
{
    const Net *net = want->net;
    for (int l = 0; l < net->layer_count; l++)
        for (int kind = 0; kind < 2 && want->way[l]; kind++) {
            const Layer *layer = &net->layers[l];
            const size_t count = kind == 0 ? shape_size(layer->out) : (size_t)layer->out.c;
            if (kind == 1 && layer->op != OP_CONV && layer->op != OP_FC)
                continue;
            float *a = malloc(count * sizeof *a), *b = malloc(count * sizeof *b);
            for (int image = 0; image < want->n; image++) {
                char where[384];
                read_gradient(want, l, image, kind == 1, a);
                read_gradient(got, l, image, kind == 1, b);
                snprintf(where, sizeof where, "%s, %s of %s, image %d", what, kind == 0 ? "map" : "shift", layer->name, image);
                compare_values(a, b, count, bound, where);
            }
            free(a);
            free(b);
        }
}

/* From every layer, before and behind its ReLU, back to every layer that it depends on when `all`, else to the picture. */
static void compare(const Net *net, int batch, int n, int threads, bool all, const char *what)
{
    float *w = small_weights(net, 1), *x = small_values((size_t)n * shape_size(net->input), 2);
    bool *way = calloc((size_t)net->layer_count, sizeof *way);
    Run *reference = make_run(&reference_engine, net, batch, 1, w, x, n);
    for (size_t i = 0; i < sizeof cpus / sizeof cpus[0]; i++) {
        setenv("INCEPTOSCOPE_CPU", cpus[i], 1);
        if (kernels_pick(NULL) == NULL)
            continue;
        Run *fast = make_run(&fast_engine, net, batch, threads, w, x, n);
        for (int from = 0; from < net->layer_count; from++) {
            float *seed = make_seed(net, from, n);
            for (int to = 0; to <= (all ? from : 0); to++)
                for (int before = 0; before < 2 && net_way(net, from, to, way); before++) {
                    const Gradient g = {.from = from, .before_relu = before, .seed = seed, .to = to};
                    char where[256];
                    snprintf(where, sizeof where, "%s, %s, %d of %d images, %d threads, from %s%s to %s", what, cpus[i], n, batch, threads,
                             net->layers[from].name, before ? " before ReLU" : "", net->layers[to].name);
                    run_gradient(reference, &g);
                    run_gradient(fast, &g);
                    compare_runs(reference, fast, 1e-4, where);
                }
            free(seed);
        }
        run_free(fast);
    }
    unsetenv("INCEPTOSCOPE_CPU");
    run_free(reference);
    free(way);
    free(w);
    free(x);
}

static void test_conv_shapes(void **state)
{
    (void)state;
    /* in c, h, w, channels between, out c, k, stride, pad: with none between, the layer reads the picture */
    static const int cases[][8] = {
        {3, 23, 29, 0, 40, 7, 2, 3},  {3, 24, 30, 0, 17, 7, 2, 3},   {3, 11, 9, 0, 16, 3, 1, 1},   {1, 5, 5, 0, 1, 5, 1, 2},
        {2, 25, 25, 0, 20, 11, 4, 0}, {3, 27, 22, 0, 6, 11, 4, 2},   {1, 9, 8, 0, 3, 1, 2, 0},     {3, 10, 13, 0, 5, 2, 5, 0},
        {3, 10, 13, 0, 5, 2, 5, 4},   {20, 9, 9, 0, 8, 3, 2, 1},     {16, 14, 15, 0, 16, 3, 1, 1}, {4, 9, 13, 17, 33, 3, 1, 1},
        {4, 14, 14, 32, 80, 3, 1, 1}, {4, 6, 31, 20, 24, 5, 1, 2},   {4, 15, 10, 24, 7, 3, 2, 1},  {4, 12, 12, 9, 130, 1, 2, 0},
        {4, 4, 1, 40, 16, 3, 3, 2},   {4, 3, 17, 18, 50, 2, 1, 0},   {4, 20, 20, 16, 16, 3, 1, 3}, {4, 15, 14, 5, 9, 7, 2, 3},
        {4, 13, 20, 16, 9, 4, 3, 5},  {4, 5, 130, 16, 16, 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int *c = cases[i];
        char what[96];
        SmallNet s;
        small_start(&s, c[0], c[1], c[2]);
        const int from = c[3] > 0 ? small_conv(&s, 0, c[3], 1, 1, 0) : 0;
        small_conv(&s, from, c[4], c[5], c[6], c[7]);
        snprintf(what, sizeof what, "%dx%dx%d to %d, %dx%d/%d pad %d", from > 0 ? c[3] : c[0], c[1], c[2], c[4], c[5], c[5], c[6], c[7]);
        compare(&s.net, 2, 2, 2, true, what);
    }
}

static void test_conv_kinds(void **state)
{
    (void)state;
    SmallNet s;
    for (int stride = 1; stride <= 3; stride++) {
        small_conv_kinds(&s, stride);
        compare(&s.net, 3, 3, 2, true, "kinds of convolution");
    }
}

static void test_pools(void **state)
{
    (void)state;
    for (int r = 0; r < 3; r++)
        for (size_t i = 0; i < sizeof small_pools / sizeof small_pools[0]; i++)
            for (int on_picture = 0; on_picture < 2; on_picture++) {
                SmallNet s;
                Layer pool = small_pools[i];
                pool.rounding = small_roundings[r];
                small_start(&s, 5, 13, 10);
                /* ReLU makes many equal zeros, which the maximum has to choose from as the reference does */
                const int b = small_add(&s, on_picture ? 0 : small_conv(&s, 0, 19, 3, 1, 1), pool);
                small_conv(&s, b, 8, 1, 1, 0);
                compare(&s.net, 2, 2, 2, true, op_name(pool.op));
            }
}

/* small_module with a head on the module's concat, or (tap 0 to 3) on one of its branches, and softmax and dropout at its end. */
static void module_net(SmallNet *s, const int widths[4], int size, int tap)
{
    const SmallModule module = small_module(s, widths[0], widths[1], widths[2], widths[3], size);
    const int tapped = tap < 0 ? module.concat : s->layers[module.concat].inputs[tap];
    const int average = small_add(s, tapped, (Layer){.op = OP_AVGPOOL, .k = 2, .stride = 2});
    const int hidden = small_add(s, average, (Layer){.op = OP_FC, .out = {1, 11, 1, 1}, .bias = true, .relu = true});
    const int dropped = small_add(s, hidden, (Layer){.op = OP_DROPOUT, .dropout_p = 0.4f});
    small_add(s, small_add(s, dropped, (Layer){.op = OP_FC, .out = {1, 5, 1, 1}, .bias = true}), (Layer){.op = OP_SOFTMAX});
}

static const int widths[][4] = {{16, 32, 16, 48}, {16, 32, 16, 5}, {7, 16, 3, 16}, {16, 10, 16, 16}};

static void test_modules(void **state)
{
    (void)state;
    SmallNet s;
    for (int i = 0; i < 4; i++) {
        module_net(&s, widths[i], 5, -1);
        compare(&s.net, 2, 2, 2, i < 2, "module");
    }
    for (int tap = 0; tap < 4; tap++) {
        module_net(&s, widths[0], 5, tap);
        compare(&s.net, 1, 1, 2, false, "tapped branch");
    }
}

/* A module on the picture itself, one of whose branches is a bare pool, as `inception ... -` writes it. */
static void test_module_on_the_picture(void **state)
{
    (void)state;
    SmallNet s;
    for (int channels = 3; channels <= 19; channels += 16) {
        small_start(&s, channels, 9, 8);
        const int a = small_conv(&s, 0, 16, 1, 1, 0), b = small_conv(&s, 0, 16, 3, 1, 1), c = small_conv(&s, 0, 16, 5, 1, 2);
        const int d = small_add(&s, 0, (Layer){.op = OP_MAXPOOL, .k = 3, .stride = 1, .pad = 1});
        const int all = small_add(&s, 0, (Layer){.op = OP_CONCAT, .inputs = {a, b, c, d}, .input_count = 4});
        small_add(&s, all, (Layer){.op = OP_FC, .out = {1, 6, 1, 1}, .bias = true});
        compare(&s.net, 2, 2, 2, true, "module on the picture");
        small_start(&s, channels, 5, 4);
        small_add(&s, 0, (Layer){.op = OP_FC, .out = {1, 6, 1, 1}, .bias = true});
        compare(&s.net, 3, 3, 2, true, "fc on the picture");
    }
}

static void test_batches(void **state)
{
    (void)state;
    static const int batches[] = {1, 2, 5, 16, 17, 33};
    SmallNet s;
    module_net(&s, widths[0], 5, -1);
    for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++)
        compare(&s.net, 33, batches[i], 1 + (int)i % 3, false, "batch");
}

/* Not one bit may depend on the number of threads, nor on what was computed before. */
static void test_bits(void **state)
{
    (void)state;
    SmallNet s;
    module_net(&s, widths[0], 12, -1);
    const int first = s.net.heads[0].first, last = s.net.layer_count - 1;
    float *w = small_weights(&s.net, 1), *x = small_values(4 * shape_size(s.net.input), 2);
    float *seed = make_seed(&s.net, last, 4), *other = make_seed(&s.net, 1, 4);
    const Gradient g = {.from = last, .seed = seed, .to = first}, elsewhere = {.from = 1, .seed = other, .before_relu = true};
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (int e = 0; e < 2; e++) {
        Run *one = make_run(engines[e], &s.net, 4, 1, w, x, 4);
        run_gradient(one, &g);
        for (int threads = 1; threads <= 3; threads++) {
            Run *run = make_run(engines[e], &s.net, 4, threads, w, x, 4);
            run_gradient(run, &elsewhere);
            run_gradient(run, &g);
            compare_runs(one, run, 0, engines[e]->name);
            run_free(run);
        }
        run_free(one);
    }
    free(seed);
    free(other);
    free(w);
    free(x);
}

/* What was prepared from the weights follows them: all of them, or those of one layer. */
static void test_changed_weights(void **state)
{
    (void)state;
    SmallNet s;
    module_net(&s, widths[0], 6, -1);
    const int last = s.net.layer_count - 1;
    float *w = small_weights(&s.net, 1), *other = small_weights(&s.net, 5), *x = small_values(shape_size(s.net.input), 2);
    float *seed = make_seed(&s.net, last, 1);
    const Gradient g = {.from = last, .seed = seed};
    Run *run = make_run(&fast_engine, &s.net, 1, 2, w, x, 1);
    run_gradient(run, &g);
    bool *layers = calloc((size_t)s.net.layer_count, sizeof *layers);
    for (int l = 0; l < s.net.layer_count; l++) {
        const Layer *layer = &s.net.layers[l];
        if (layer->weight < 0)
            continue;
        const Param *p = &s.net.params[layer->weight];
        memcpy(w + p->offset, other + p->offset, p->count * sizeof *w);
        layers[l] = true;
        run_weights_of(run, w, layers);
        layers[l] = false;
        run_forward(run);
        run_gradient(run, &g);
        Run *fresh = make_run(&fast_engine, &s.net, 1, 2, w, x, 1);
        run_gradient(fresh, &g);
        compare_runs(fresh, run, 0, layer->name);
        run_free(fresh);
    }
    run_weights(run, other);
    run_forward(run);
    run_gradient(run, &g);
    Run *fresh = make_run(&fast_engine, &s.net, 1, 2, other, x, 1);
    run_gradient(fresh, &g);
    compare_runs(fresh, run, 0, "all");
    run_free(fresh);
    run_free(run);
    free(layers);
    free(seed);
    free(w);
    free(other);
    free(x);
}

/* What net_way marks on a module, by hand: the layers between, and nothing beside them. */
static void test_way(void **state)
{
    (void)state;
    SmallNet s;
    bool way[SMALL_LAYERS];
    module_net(&s, widths[0], 5, -1);
    const Net *net = &s.net;
    int concat = 0;
    while (net->layers[concat].op != OP_CONCAT)
        concat++;
    const int b3x3 = net->layers[concat].inputs[1], reduce = net->layers[b3x3].inputs[0], stem = net->layers[reduce].inputs[0];
    assert_true(net_way(net, concat, reduce, way));
    for (int l = 0; l < net->layer_count; l++)
        CHECK(way[l] == (l == concat || l == b3x3 || l == reduce), "%s from the concat to the reduction", net->layers[l].name);
    assert_true(net_way(net, concat, stem, way));
    for (int l = 0; l < net->layer_count; l++)
        CHECK(way[l] == (l >= stem && l <= concat), "%s from the concat to the stem", net->layers[l].name);
    assert_true(net_way(net, b3x3, b3x3, way) && way[b3x3] && !way[reduce] && !way[concat]);
    assert_true(!net_way(net, reduce, concat, way) && !way[reduce] && !way[concat]);
    assert_true(!net_way(net, net->layers[concat].inputs[0], reduce, way));
}

/* A forward of what `from` depends on is enough: the rest has never been computed. */
static void test_part_of_a_network(void **state)
{
    (void)state;
    SmallNet s;
    bool way[SMALL_LAYERS];
    module_net(&s, widths[0], 7, -1);
    int concat = 0;
    while (s.layers[concat].op != OP_CONCAT)
        concat++;
    float *w = small_weights(&s.net, 1), *x = small_values(shape_size(s.net.input), 2), *seed = make_seed(&s.net, concat, 1);
    const Gradient g = {.from = concat, .before_relu = true, .seed = seed};
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (int e = 0; e < 2; e++) {
        Err err;
        Run *whole = make_run(engines[e], &s.net, 1, 1, w, x, 1);
        Run *part = run_new(engines[e], &s.net, &(RunOptions){.batch = 1, .threads = 1, .gradients = true}, &err);
        CHECK(part != NULL, "%s", err.text);
        run_weights(part, w);
        run_input(part, x, 1);
        assert_true(net_way(&s.net, concat, 0, way));
        run_forward_of(part, way);
        run_gradient(whole, &g);
        run_gradient(part, &g);
        compare_runs(whole, part, 0, engines[e]->name);
        run_free(whole);
        run_free(part);
    }
    free(seed);
    free(w);
    free(x);
}

/* A network that ends at 4c, with the whole one's weights, for a picture of another size. */
static void test_network_that_ends_earlier(void **state)
{
    (void)state;
    Err err = {""};
    const Shape input = {1, 3, 96, 96};
    Net *whole = net_open("googlenet", "assets/networks", &(NetOptions){.input = input, .no_heads = true}, &err);
    Net *net = net_open("googlenet", "assets/networks", &(NetOptions){.input = input, .last = "4c"}, &err);
    CHECK(whole != NULL && net != NULL, "%s", err.text);
    const int from = net->layer_count - 1;
    float *w = small_weights(whole, 1), *x = small_values(shape_size(input), 2), *seed = make_seed(net, from, 1);
    const Gradient g = {.from = from, .seed = seed, .before_relu = true};
    Run *all = make_run(&fast_engine, whole, 1, 2, w, x, 1), *cut = make_run(&fast_engine, net, 1, 2, w, x, 1);
    run_gradient(all, &g);
    run_gradient(cut, &g);
    compare_runs(cut, all, 0, "4c");
    float *picture = malloc(shape_size(input) * sizeof *picture);
    run_map_gradient(cut, 0, 0, picture);
    CHECK(fabs((double)picture[shape_size(input) / 2]) > 0, "the gradient says nothing");
    free(picture);
    run_free(all);
    run_free(cut);
    free(seed);
    free(w);
    free(x);
    net_free(whole);
    net_free(net);
}

/* A score is what a module's maps give, each value times its gradient, and what the constants of all later layers give; without a rest but
 * rounding, at every module. */
static void check_sum(const Net *net, const float *weights)
{
    const int from = net->heads[0].logits;
    float *x = seeded_input(net), *seed = calloc((size_t)net_scores(net, 0), sizeof *seed), *scores = calloc((size_t)net_scores(net, 0), sizeof *scores);
    seed[net_scores(net, 0) / 2] = 1;
    seed[0] = -1; /* a margin */
    Run *run = make_run(&fast_engine, net, 1, 2, weights, x, 1);
    run_activation(run, from, 0, scores);
    const double score = (double)scores[net_scores(net, 0) / 2] - (double)scores[0];
    for (int m = 0; m < net->module_count; m++) {
        const Gradient g = {.from = from, .seed = seed, .to = net->modules[m].last};
        double sum = 0, parts = 0;
        run_gradient(run, &g);
        for (int l = g.to; l <= from; l++) {
            const Layer *layer = &net->layers[l];
            if (!run->way[l] || (l != g.to && layer->op != OP_CONV && layer->op != OP_FC))
                continue;
            const size_t count = l == g.to ? shape_size(layer->out) : (size_t)layer->out.c;
            float *values = malloc(count * sizeof *values), *gradient = malloc(count * sizeof *gradient);
            if (l == g.to)
                run_activation(run, l, 0, values);
            else
                layer_affine(net, weights, l, NULL, values);
            read_gradient(run, l, 0, l != g.to, gradient);
            for (size_t i = 0; i < count; i++) {
                sum += (double)values[i] * (double)gradient[i];
                parts += fabs((double)values[i] * (double)gradient[i]);
            }
            free(values);
            free(gradient);
        }
        CHECK_NEAR(sum, score, 1e-5 * parts, 0, "%s, module %s", net->name, net->modules[m].title);
        CHECK(fabs(score) > 1e-3 * parts, "%s: a score of %g among parts of %g says nothing", net->name, score, parts);
    }
    run_free(run);
    free(x);
    free(seed);
    free(scores);
}

static void test_score_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    Err err = {""};
    Net *net;
    float *weights;
    WeightsInfo info;
    CHECK(weights_load("assets/weights/flowers.safetensors", NULL, "assets/networks", &net, &weights, &info, &err), "%s", err.text);
    check_sum(net, weights);
    weights_info_free(&info);
    free(weights);
    net_free(net);
    net = seeded_net("torchvision_googlenet"); /* batch norm's constants */
    weights = seeded_weights(net, 1);
    check_sum(net, weights);
    free(weights);
    net_free(net);
}

static void test_sum_with_published_weights(void **state)
{
    (void)state;
    Net *net;
    float *weights = published_weights(&net);
    check_sum(net, weights);
    free(weights);
    net_free(net);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_conv_shapes),  cmocka_unit_test(test_conv_kinds), cmocka_unit_test(test_pools),
    cmocka_unit_test(test_modules),      cmocka_unit_test(test_module_on_the_picture),
    cmocka_unit_test(test_batches),      cmocka_unit_test(test_bits),       cmocka_unit_test(test_changed_weights),
    cmocka_unit_test(test_way),          cmocka_unit_test(test_part_of_a_network),
    cmocka_unit_test(test_network_that_ends_earlier), cmocka_unit_test(test_score_is_the_sum_of_its_parts),
    cmocka_unit_test(test_sum_with_published_weights),
};

TEST_MAIN(tests)
