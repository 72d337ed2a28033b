/* test_fast.c - the fast engine's forward against the reference: every kind of layer, odd sizes, batches, threads and
 * every set of kernels that this CPU has. The bound is 1e-4 of the layer's largest value. */
#include "tests/check.h"
#include "tests/sampled.h"
#include "tests/small_nets.h"

#include "engine/fast/kernels.h"
#include "engine/io/image.h"
#include "engine/io/weights.h"

#include <glob.h>

static const char *const cpus[] = {"plain", "avx2", "avx512", "neon"};

/* The largest difference of a layer over all images, as a share of the reference's largest value. */
static double difference(Run *a, Run *b, int layer)
{
    size_t count = shape_size(a->net->layers[layer].out);
    float *want = malloc(count * sizeof *want), *got = malloc(count * sizeof *got);
    double worst = 0, largest = 1e-20;
    for (int n = 0; n < a->n; n++) {
        run_activation(a, layer, n, want);
        run_activation(b, layer, n, got);
        for (size_t i = 0; i < count; i++) {
            double d = fabs((double)want[i] - (double)got[i]);
            worst = d > worst || isnan(d) ? d : worst;
            largest = fabs((double)want[i]) > largest ? fabs((double)want[i]) : largest;
        }
    }
    free(want);
    free(got);
    return worst / largest;
}

static Run *make_run(const Engine *engine, const Net *net, RunOptions options, const float *w, const float *x, int n)
{
    Err err;
    Run *run = run_new(engine, net, &options, &err);
    CHECK(run != NULL, "%s", err.text);
    run->dropout = options.training;
    run->dropout_rng = rng_make(7, 3);
    run->first_image = 5;
    run_weights(run, w);
    run_input(run, x, n);
    run_forward(run);
    return run;
}

/* All layers of the net with n images in runs made for `batch`. */
static void compare_values(const Net *net, const float *w, const float *x, int batch, int n, int threads, bool training,
                           const char *what)
{
    RunOptions options = {.batch = batch, .threads = threads, .training = training};
    Run *reference = make_run(&reference_engine, net, options, w, x, n);
    for (size_t i = 0; i < sizeof cpus / sizeof cpus[0]; i++) {
        setenv("INCEPTOSCOPE_CPU", cpus[i], 1);
        if (kernels_pick(NULL) == NULL)
            continue;
        Run *fast = make_run(&fast_engine, net, options, w, x, n);
        for (int layer = 0; layer < (training ? net->layer_count : net->main_count); layer++) {
            double d = difference(reference, fast, layer);
            CHECK(d <= 1e-4, "%s, %s, layer %s, %d of %d images, %d threads: %.3g of the largest value", what, cpus[i],
                  net->layers[layer].name, n, batch, threads, d);
        }
        run_free(fast);
    }
    unsetenv("INCEPTOSCOPE_CPU");
    run_free(reference);
}

/* The same with random weights and pictures. */
static void compare(const Net *net, int batch, int n, int threads, bool training, const char *what)
{
    float *w = small_weights(net, 1), *x = small_values((size_t)n * shape_size(net->input), 2);
    compare_values(net, w, x, batch, n, threads, training, what);
    free(w);
    free(x);
}

static void test_conv_shapes(void **state)
{
    (void)state;
    /* in c, h, w, out c, k, stride, pad: each row once */
    static const int cases[][7] = {
        {3, 23, 29, 40, 7, 2, 3},  {3, 11, 9, 16, 3, 1, 1},  {1, 5, 5, 1, 5, 1, 2},    {16, 7, 7, 48, 1, 1, 0},
        {17, 9, 13, 33, 3, 1, 1},  {32, 14, 14, 80, 3, 1, 1}, {20, 6, 31, 24, 5, 1, 2}, {24, 15, 10, 7, 3, 2, 1},
        {9, 12, 12, 130, 1, 2, 0}, {40, 4, 1, 16, 3, 3, 2},   {18, 3, 17, 50, 2, 1, 0}, {16, 28, 28, 16, 3, 1, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int *c = cases[i];
        char what[96];
        SmallNet s;
        small_start(&s, c[0], c[1], c[2]);
        small_conv(&s, 0, c[3], c[4], c[5], c[6]);
        snprintf(what, sizeof what, "%dx%dx%d to %d, %dx%d/%d pad %d", c[0], c[1], c[2], c[3], c[4], c[4], c[5], c[6]);
        compare(&s.net, 2, 2, 2, false, what);
    }
}

/* Sizes at which 3x3 runs by Winograd's algorithm: whole pieces, pieces over the edge, one piece, any padding. */
static void test_winograd(void **state)
{
    (void)state;
    /* in c, h, w, out c, pad, images */
    static const int cases[][6] = {{16, 28, 28, 32, 1, 1}, {35, 17, 30, 50, 1, 1}, {20, 14, 15, 17, 0, 2}, {17, 4, 4, 16, 1, 16},
                                   {40, 7, 7, 33, 1, 5},   {18, 13, 25, 7, 2, 3},  {128, 56, 24, 112, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int *c = cases[i];
        char what[96];
        SmallNet s;
        small_start(&s, c[0], c[1], c[2]);
        int first = small_conv(&s, 0, c[3], 3, 1, c[4]);
        small_add(&s, first, (Layer){.op = OP_CONV, .out = {1, 20, 0, 0}, .k = 3, .stride = 1, .pad = 1, .groups = 1, .bn = true});
        snprintf(what, sizeof what, "Winograd %dx%dx%d to %d pad %d", c[0], c[1], c[2], c[3], c[4]);
        for (int threads = 1; threads <= 3; threads++)
            compare(&s.net, c[5], c[5], threads, false, what);
    }
}

static void test_conv_kinds(void **state)
{
    (void)state;
    SmallNet s;
    small_conv_kinds(&s, 1);
    compare(&s.net, 3, 3, 2, false, "kinds of convolution");
}

static void test_pools(void **state)
{
    (void)state;
    static const Rounding roundings[] = {ROUND_FLOOR, ROUND_CEIL_CAFFE, ROUND_CEIL_TORCH};
    for (int r = 0; r < 3; r++) {
        SmallNet s;
        small_start(&s, 21, 13, 10);
        /* no ReLU before the pool: padding must count as minus infinity, not as the halo's zeros */
        int a = small_add(&s, 0, (Layer){.op = OP_CONV, .out = {1, 19, 0, 0}, .k = 3, .stride = 1, .pad = 1, .groups = 1});
        small_conv(&s, a, 8, 5, 1, 2); /* gives the map a halo */
        small_add(&s, a, (Layer){.op = OP_MAXPOOL, .k = 3, .stride = 1, .pad = 1, .rounding = roundings[r]});
        small_add(&s, a, (Layer){.op = OP_MAXPOOL, .k = 3, .stride = 2, .rounding = roundings[r]});
        small_add(&s, 0, (Layer){.op = OP_MAXPOOL, .k = 2, .stride = 2, .pad = 1, .rounding = roundings[r]});
        small_add(&s, a, (Layer){.op = OP_AVGPOOL, .k = 5, .stride = 3, .pad = 2, .rounding = roundings[r]});
        small_add(&s, a, (Layer){.op = OP_AVGPOOL, .k = 5, .stride = 3, .pad = 2, .rounding = roundings[r], .count_padding = true});
        small_add(&s, a, (Layer){.op = OP_AVGPOOL, .adaptive = true, .out = {1, 0, 4, 4}});
        compare(&s.net, 2, 2, 2, false, "pools");
    }
}

static void test_lrn(void **state)
{
    (void)state;
    static const float betas[] = {0.75f, 0.6f};
    for (int i = 0; i < 2; i++) {
        SmallNet s;
        small_start(&s, 35, 5, 7);
        int a = small_add(&s, 0, (Layer){.op = OP_LRN, .lrn_size = 5, .lrn_alpha = 0.9f, .lrn_beta = betas[i], .lrn_k = 1});
        small_add(&s, a, (Layer){.op = OP_LRN, .lrn_size = 41, .lrn_alpha = 2, .lrn_beta = betas[i], .lrn_k = 2});
        compare(&s.net, 2, 2, 2, false, "normalisation");
    }
}

static void test_modules(void **state)
{
    (void)state;
    static const int widths[][4] = {{16, 32, 16, 48}, {16, 32, 16, 5}, {7, 16, 3, 16}, {16, 10, 16, 16}};
    SmallNet s;
    for (int i = 0; i < 4; i++) {
        small_module(&s, widths[i][0], widths[i][1], widths[i][2], widths[i][3], 9);
        compare(&s.net, 1, 1, 1, false, "module");
        compare(&s.net, 2, 2, 3, false, "module");
        compare(&s.net, 3, 3, 2, true, "module in training");
    }
}

static void test_batches_and_threads(void **state)
{
    (void)state;
    static const int batches[] = {1, 2, 3, 5, 8, 16, 17, 31, 32, 33};
    SmallNet s;
    small_module(&s, 16, 16, 16, 16, 5);
    for (int threads = 1; threads <= 3; threads++)
        for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++)
            compare(&s.net, 33, batches[i], threads, i % 2 == 0, "batch");
}

/* The result must not depend on the number of threads, not in one bit. */
static void test_threads_agree(void **state)
{
    (void)state;
    SmallNet s;
    small_module(&s, 16, 24, 16, 16, 16);
    float *w = small_weights(&s.net, 1), *x = small_values(4 * shape_size(s.net.input), 2);
    Run *runs[3];
    for (int i = 0; i < 3; i++)
        runs[i] = make_run(&fast_engine, &s.net, (RunOptions){.batch = 4, .threads = i + 1}, w, x, 4);
    for (int layer = 0; layer < s.net.layer_count; layer++)
        for (int i = 1; i < 3; i++)
            CHECK(difference(runs[0], runs[i], layer) == 0, "layer %d with %d threads", layer, i + 1);
    for (int i = 0; i < 3; i++)
        run_free(runs[i]);
    free(w);
    free(x);
}

/* Layer by layer, in any order that respects inputs, gives what one forward gives; and nothing is left from the last batch. */
static void test_layer_by_layer(void **state)
{
    (void)state;
    SmallNet s;
    small_module(&s, 7, 16, 3, 16, 8);
    float *w = small_weights(&s.net, 1), *x = small_values(2 * shape_size(s.net.input), 2);
    Run *whole = make_run(&fast_engine, &s.net, (RunOptions){.batch = 2, .threads = 2}, w, x, 1);
    Run *steps = make_run(&fast_engine, &s.net, (RunOptions){.batch = 2, .threads = 2}, w, x + shape_size(s.net.input), 1);
    run_input(steps, x, 1);
    for (int layer = 1; layer < s.net.layer_count; layer++)
        run_forward_layer(steps, layer);
    for (int layer = 0; layer < s.net.layer_count; layer++)
        CHECK(difference(whole, steps, layer) == 0, "layer %d", layer);
    run_free(whole);
    run_free(steps);
    free(w);
    free(x);
}

/* The comparison itself can fail: an engine whose maps are all zero would be noticed. */
static void test_difference_notices_zeros(void **state)
{
    (void)state;
    SmallNet s;
    small_module(&s, 16, 16, 16, 16, 5);
    float *w = small_weights(&s.net, 1), *x = small_values(shape_size(s.net.input), 2);
    float *zeros = calloc(s.net.weight_count, sizeof *zeros);
    Run *good = make_run(&reference_engine, &s.net, (RunOptions){.batch = 1}, w, x, 1);
    Run *zero = make_run(&fast_engine, &s.net, (RunOptions){.batch = 1}, zeros, x, 1);
    for (int layer = 1; layer < s.net.layer_count; layer++)
        CHECK(difference(good, zero, layer) > 1e-2, "layer %d", layer);
    run_free(good);
    run_free(zero);
    free(w);
    free(x);
    free(zeros);
}

/* Every network that comes with the program, whole; weights random. GoogLeNet's profiles once at their own size, and else small,
 * in training, with their heads where those fit. */
static void test_networks(void **state)
{
    (void)state;
    glob_t files;
    CHECK(glob("assets/networks/*.net", 0, NULL, &files) == 0 && files.gl_pathc >= 3, "the networks are there");
    for (size_t i = 0; i < files.gl_pathc; i++) {
        Err err;
        Net *net = net_open(files.gl_pathv[i], "assets/networks", NULL, &err);
        CHECK(net != NULL, "%s", err.text);
        const bool large = net->input.h > 200, whole = strcmp(net->name, "googlenet") == 0;
        if (!whole && !sampled(i, 3)) {
            net_free(net);
            continue;
        }
        if (large && !whole) {
            NetOptions options = {.input = {1, net->input.c, 65 + 14 * (int)(i % 2), 65 + 14 * (int)(i % 2)}, .classes = 10};
            net_free(net);
            net = net_open(files.gl_pathv[i], "assets/networks", &options, &err);
            CHECK(net != NULL, "%s", err.text);
        }
        compare(net, 1, 1, 2, !whole, files.gl_pathv[i]);
        net_free(net);
    }
    globfree(&files);
}

/* Trained weights have other sizes than random ones, layer by layer, and a photo is not noise. */
static void test_real_weights(void **state)
{
    (void)state;
    static const char *const files[] = {"weights/bvlc_googlenet.safetensors", "weights/googleNet.pth"};
    for (int i = 0; i < 2; i++) {
        const char *path = test_data(files[i]);
        if (path == NULL)
            skip();
        Err err;
        Net *net;
        float *w;
        WeightsInfo info;
        Image picture, fitted;
        CHECK(weights_load(path, NULL, "assets/networks", &net, &w, &info, &err), "%s", err.text);
        CHECK(image_load("assets/images/daisy.png", &picture, &err), "%s", err.text);
        CHECK(image_fit(&picture, net, &fitted, NULL, &err), "%s", err.text);
        float *x = malloc(shape_size(net->input) * sizeof *x);
        image_values(&fitted, net, x);
        compare_values(net, w, x, 1, 1, 2, false, files[i]);
        free(x);
        free(w);
        image_free(&picture);
        image_free(&fitted);
        weights_info_free(&info);
        net_free(net);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_conv_shapes),   cmocka_unit_test(test_winograd), cmocka_unit_test(test_conv_kinds),
    cmocka_unit_test(test_pools),         cmocka_unit_test(test_lrn),
    cmocka_unit_test(test_modules),       cmocka_unit_test(test_batches_and_threads),
    cmocka_unit_test(test_threads_agree), cmocka_unit_test(test_layer_by_layer),
    cmocka_unit_test(test_difference_notices_zeros), cmocka_unit_test(test_networks),
    cmocka_unit_test(test_real_weights),
};

TEST_MAIN(tests)
