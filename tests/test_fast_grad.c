/* test_fast_grad.c - the fast engine's backward against the reference: every kind of layer, odd sizes, batches, threads and
 * every set of kernels that this CPU has. The bound is the issue's: 1e-4 of the largest gradient of each tensor. In a
 * whole network of a million ReLUs and maxima, one or two stand so close to their kink that rounding decides which way the
 * gradient goes; that is why the bound is wider there. */
#include "tests/check.h"
#include "tests/small_nets.h"

#include "engine/fast/kernels.h"

static const char *const cpus[] = {"plain", "avx2", "avx512", "neon"};

/* Gradients of one forward and backward; the caller frees them. NULL where the network has no parameters. */
static float *gradients(Run *run, const float *w, const float *x, float *const *dlogits, int n, int times)
{
    float *grads = calloc(run->net->weight_count + 1, sizeof *grads);
    run->dropout = true;
    run->dropout_rng = rng_make(7, 3);
    run->first_image = 5;
    run_weights(run, w);
    run_input(run, x, n);
    run_forward(run);
    for (int i = 0; i < times; i++)
        run_backward(run, dlogits, grads);
    return grads;
}

static Run *make_run(const Engine *engine, const Net *net, int batch, int threads)
{
    Err err;
    Run *run = run_new(engine, net, &(RunOptions){.batch = batch, .threads = threads, .training = true, .heads = true}, &err);
    CHECK(run != NULL, "%s", err.text);
    return run;
}

static void compare_params(const Net *net, const float *want, const float *got, double bound, const char *what)
{
    for (int p = 0; p < net->param_count; p++) {
        const Param *param = &net->params[p];
        double worst = 0, largest = 1e-20;
        for (size_t i = param->offset; i < param->offset + param->count; i++) {
            double d = fabs((double)want[i] - (double)got[i]);
            worst = d > worst || isnan(d) ? d : worst;
            largest = fabs((double)want[i]) > largest ? fabs((double)want[i]) : largest;
        }
        CHECK(worst <= bound * largest, "%s, layer %s, parameter %d (kind %d): off by %.3g of %.3g", what,
              net->layers[param->layer].name, p, (int)param->kind, worst, largest);
    }
}

/* heads: bit h is set when head h has a loss. */
static void compare(const Net *net, int batch, int n, int threads, unsigned heads, double bound, const char *what)
{
    float *w = small_weights(net, 1), *x = small_values((size_t)n * shape_size(net->input), 2), *dlogits[HEADS_MAX] = {NULL};
    for (int h = 0; h < net->head_count; h++)
        if (heads >> h & 1)
            dlogits[h] = small_values((size_t)n * shape_size(net->layers[net->heads[h].logits].out), 3 + (uint64_t)h);
    Run *reference = make_run(&reference_engine, net, batch, 1);
    float *want = gradients(reference, w, x, dlogits, n, 2);
    for (size_t i = 0; i < sizeof cpus / sizeof cpus[0]; i++) {
        char where[256];
        snprintf(where, sizeof where, "%s, %s, %d of %d images, %d threads", what, cpus[i], n, batch, threads);
        setenv("INCEPTOSCOPE_CPU", cpus[i], 1);
        if (kernels_pick(NULL) == NULL)
            continue;
        Run *fast = make_run(&fast_engine, net, batch, threads);
        float *got = gradients(fast, w, x, dlogits, n, 2);
        compare_params(net, want, got, bound, where);
        for (int l = 0; l < net->layer_count; l++)
            if (net->layers[l].op != OP_SOFTMAX)
                CHECK_NEAR(run_gradient_norm2(fast, l), run_gradient_norm2(reference, l), 1e-12, 2 * bound, "%s, layer %s", where,
                           net->layers[l].name);
        free(got);
        run_free(fast);
    }
    unsetenv("INCEPTOSCOPE_CPU");
    run_free(reference);
    free(want);
    free(w);
    free(x);
    for (int h = 0; h < HEADS_MAX; h++)
        free(dlogits[h]);
}

static void test_conv_shapes(void **state)
{
    (void)state;
    /* in c, h, w, channels between, out c, k, stride, pad: the second layer is the one that is looked at */
    static const int cases[][8] = {
        {3, 23, 29, 0, 40, 7, 2, 3},   {3, 11, 9, 0, 16, 3, 1, 1},    {1, 5, 5, 0, 1, 5, 1, 2},     {2, 25, 25, 0, 20, 11, 4, 0},
        {4, 7, 7, 16, 48, 1, 1, 0},    {4, 9, 13, 17, 33, 3, 1, 1},   {4, 14, 14, 32, 80, 3, 1, 1}, {4, 6, 31, 20, 24, 5, 1, 2},
        {4, 15, 10, 24, 7, 3, 2, 1},   {4, 12, 12, 9, 130, 1, 2, 0},  {4, 4, 1, 40, 16, 3, 3, 2},   {4, 3, 17, 18, 50, 2, 1, 0},
        {4, 20, 20, 16, 16, 3, 1, 3},  {4, 15, 14, 5, 9, 7, 2, 3},    {4, 9, 9, 3, 100, 1, 1, 1},   {4, 3, 3, 33, 17, 3, 1, 0},
        {4, 5, 130, 16, 16, 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int *c = cases[i];
        char what[96];
        SmallNet s;
        small_start(&s, c[0], c[1], c[2]);
        int from = c[3] > 0 ? small_conv(&s, 0, c[3], 1, 1, 0) : 0;
        small_conv(&s, from, c[4], c[5], c[6], c[7]);
        snprintf(what, sizeof what, "%dx%dx%d to %d, %dx%d/%d pad %d", from > 0 ? c[3] : c[0], c[1], c[2], c[4], c[5], c[5], c[6],
                 c[7]);
        compare(&s.net, 2, 2, 2, 1, 1e-4, what);
    }
}

static void test_conv_kinds(void **state)
{
    (void)state;
    SmallNet s;
    small_conv_kinds(&s, 2);
    compare(&s.net, 3, 3, 2, 1, 1e-4, "kinds of convolution");
}

static void test_pools(void **state)
{
    (void)state;
    for (int r = 0; r < 3; r++)
        for (size_t i = 0; i < sizeof small_pools / sizeof small_pools[0]; i++) {
            SmallNet s;
            small_start(&s, 5, 13, 10);
            /* ReLU makes many equal zeros, which the maximum has to choose from as the reference does */
            int a = small_conv(&s, 0, 19, 3, 1, 1);
            Layer pool = small_pools[i];
            pool.rounding = small_roundings[r];
            int b = small_add(&s, a, pool);
            small_conv(&s, b, 8, 1, 1, 0);
            compare(&s.net, 2, 2, 2, 1, 1e-4, op_name(pool.op));
        }
}

/* small_module with a second loss on the module's concat, or (tap 0 to 3) on one of its branches. */
static void tapped_net(SmallNet *s, int a, int b, int c, int d, int size, int tap)
{
    const SmallModule module = small_module(s, a, b, c, d, size);
    const int tapped = tap < 0 ? module.concat : s->layers[module.concat].inputs[tap];
    int average = small_add(s, tapped, (Layer){.op = OP_AVGPOOL, .k = 2, .stride = 2});
    int logits2 = small_add(s, average, (Layer){.op = OP_FC, .out = {1, 11, 1, 1}, .bias = true});
    s->net.heads[0].logits = module.logits;
    s->net.heads[1] = (Head){.name = "aux", .logits = logits2, .loss_weight = 0.3f};
    s->net.head_count = 2;
}

static void module_net(SmallNet *s, int a, int b, int c, int d, int size)
{
    tapped_net(s, a, b, c, d, size, -1);
}

/* A branch that the concat is not the only one to read: a head may tap any layer. */
static void test_tapped_branches(void **state)
{
    (void)state;
    SmallNet s;
    for (int tap = 0; tap < 4; tap++)
        for (unsigned heads = 1; heads <= 3; heads++) {
            tapped_net(&s, 16, 32, 16, 48, 9, tap);
            compare(&s.net, 2, 2, 2, heads, 1e-4, "tapped branch");
        }
}

static void test_modules(void **state)
{
    (void)state;
    static const int widths[][4] = {{16, 32, 16, 48}, {16, 32, 16, 5}, {7, 16, 3, 16}, {16, 10, 16, 16}};
    SmallNet s;
    for (int i = 0; i < 4; i++)
        for (unsigned heads = 1; heads <= 3; heads++) {
            module_net(&s, widths[i][0], widths[i][1], widths[i][2], widths[i][3], 9);
            compare(&s.net, 2, 2, (int)heads, heads, 1e-4, "module");
        }
}

static void test_batches_and_threads(void **state)
{
    (void)state;
    static const int batches[] = {1, 2, 5, 16, 17, 32, 33};
    SmallNet s;
    module_net(&s, 16, 16, 16, 16, 5);
    for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++)
        compare(&s.net, 33, batches[i], 1 + (int)i % 3, 3, 1e-4, "batch");
}

/* The gradients must not depend on the number of threads, not in one bit. */
static void test_threads_agree(void **state)
{
    (void)state;
    SmallNet s;
    module_net(&s, 16, 24, 16, 16, 12);
    float *w = small_weights(&s.net, 1), *x = small_values(4 * shape_size(s.net.input), 2);
    float *dlogits[HEADS_MAX] = {small_values(4 * 11, 3), small_values(4 * 11, 4)}, *grads[3];
    for (int i = 0; i < 3; i++) {
        Run *run = make_run(&fast_engine, &s.net, 4, i + 1);
        grads[i] = gradients(run, w, x, dlogits, 4, 1);
        run_free(run);
        CHECK(memcmp(grads[i], grads[0], s.net.weight_count * sizeof(float)) == 0, "%d threads", i + 1);
    }
    for (int i = 0; i < 3; i++)
        free(grads[i]);
    free(dlogits[0]);
    free(dlogits[1]);
    free(w);
    free(x);
}

static void test_networks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int size;
    } cases[] = {{"googlenet", 128}, {"bvlc_googlenet", 97}, {"torchvision_googlenet", 97}};
    for (int i = 0; i < 3; i++) {
        Err err;
        NetOptions options = {.input = {1, 3, cases[i].size, cases[i].size}, .classes = 10};
        Net *net = net_open(cases[i].name, "assets/networks", cases[i].size > 0 ? &options : NULL, &err);
        CHECK(net != NULL, "%s", err.text);
        compare(net, 1, 1, 2, (1u << net->head_count) - 1, 2e-2, cases[i].name);
        net_free(net);
    }
}

/* Every way in which a description may end or be tapped: losses on maps, on pools, behind dropout, through a softmax. */
static void test_ends(void **state)
{
    (void)state;
    static const char start[] = "network n\ninput 5x9x9\nclasses 21\nconv c 3x3/1 19 pad=1\n";
    static const struct {
        const char *rows, *logits;
    } ends[] = {
        {"", "c"},
        {"inception m 16 8 16 4 16 16\n", "inception_m/concat"},
        {"inception m 3 8 16 4 5 16\n", "inception_m/concat"},
        {"conv s 1x1/1 classes norelu\navgpool a to=1x1\nsoftmax p\n", "a"},
        {"conv s 3x3/2 37\ndropout d 30%\navgpool a to=1x1\ndropout e 20%\nsoftmax p\n", "e"},
        {"conv s 3x3/2 37\nmaxpool a 4x4/1\n", "a"},
        {"avgpool a to=1x1\nconv s 1x1/1 classes\nsoftmax p\n", "s"},
        {"fc f classes relu\ndropout d 50%\nsoftmax p\n", "d"},
        {"fc f 40 relu\nsoftmax p\nfc g classes\nsoftmax q\n", "g"},
        {"fc f 40 relu\nsoftmax p\ndropout d 20%\n", "d"},
        {"fc f classes\nsoftmax p\nsoftmax q\n", "p"},
        {"lrn l size=3 alpha=0.9 beta=0.75 k=1\n", "l"},
        {"fc f classes\nsoftmax p\naux x tap=f\nfc g classes\naux y tap=p\nfc g classes\naux z tap=c\navgpool a 3x3/2\n", "f"},
        {"inception m 16 8 16 4 16 16\nfc f classes\naux x tap=m/3x3\navgpool a to=1x1\nfc g classes\naux y tap=m/pool\nfc g 7\n", "f"},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char text[512];
        Err err = {""};
        snprintf(text, sizeof text, "%s%s", start, ends[i].rows);
        Net *net = net_parse(text, strlen(text), "n.net", NULL, &err);
        CHECK(net != NULL, "%zu: %s", i, err.text);
        assert_string_equal(net->layers[net->heads[0].logits].name, ends[i].logits);
        compare(net, 3, 2, 2, (1u << net->head_count) - 1, 1e-4, ends[i].rows);
        net_free(net);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_conv_shapes),         cmocka_unit_test(test_conv_kinds),    cmocka_unit_test(test_pools),
    cmocka_unit_test(test_modules),             cmocka_unit_test(test_tapped_branches),
    cmocka_unit_test(test_batches_and_threads), cmocka_unit_test(test_threads_agree),
    cmocka_unit_test(test_networks),            cmocka_unit_test(test_ends),
};

TEST_MAIN(tests)
