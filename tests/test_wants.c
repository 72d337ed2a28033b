/* test_wants.c - activation maximisation: the spectrum against numpy, gradients and first steps against PyTorch (oracle_wants.py prints the
 * tables), the same bits for any number of threads and any batch, what each switch does, and what is refused. */
#include "engine/train/spectrum.h"
#include "engine/train/wants.h"
#include "tests/seeded.h"
#include "tests/small_nets.h"

#include <math.h>
#include <string.h>

static const struct { int size; float plane[5]; } golden_planes[] = {
    {6, {-0.211805556f, 0.00163591379f, 0.131154213f, -0.0451388889f, -0.440181991f}},
    {15, {-0.117777778f, 0.0438050611f, -0.0210148917f, -0.0867729865f, 0.00120503927f}},
};

static const struct { int size; bool neuron, pixels, still; float value, largest, gradient[4], after[4]; } golden_steps[] = {
    {48, 0, 0, 0, -0.05380185f, 0.02793027f, {-0.003034812f, 0.0004703256f, 0.0003039431f, -4.493211e-05f}, {0.06763558f, -0.09955586f, 5.527958e-05f, 0.1076806f}},
    {45, 0, 0, 1, -0.04964378f, 0.02989837f, {0.004499844f, 0.0005613753f, 0.001258212f, 3.538896e-05f}, {-0.09167444f, -0.05621023f, -0.01662728f, -0.01167168f}},
    {48, 1, 0, 0, -0.08825985f, 0.1030455f, {-0.005567301f, 0.001909562f, -0.006011738f, 2.384781e-05f}, {0.02487618f, -0.09957397f, 0.0430904f, 0.005025227f}},
    {48, 0, 1, 0, -0.05323236f, 0.01721173f, {0.0009625603f, -0.003953502f, 0.0005151133f, -0.003452073f}, {-0.0806512f, 0.08934317f, -0.09619399f, 0.04647945f}},
};

static int layer_named(const Net *net, const char *name)
{
    Address a;
    Err err;
    CHECK(net_address(net, name, &a, &err), "%s", err.text);
    return a.layer;
}

static WantsNet *open_wants(const Engine *engine, const Net *net, const float *weights, const char *layer, int size, int batch, int threads)
{
    Err err;
    WantsNet *wants = wants_open(engine, net, weights, layer_named(net, layer), size, batch, threads, &err);
    CHECK(wants != NULL, "%s", err.text);
    return wants;
}

static float spectrum_value(int i)
{
    return (float)((i * i * 7 + i * 3) % 23 - 11) / 8;
}

static void test_spectrum(void **state)
{
    (void)state;
    for (size_t g = 0; g < sizeof golden_planes / sizeof golden_planes[0]; g++) {
        const int n = golden_planes[g].size, columns = n / 2 + 1;
        float *values = malloc(spectrum_count(n) * sizeof *values), *plane = malloc((size_t)(n * n) * sizeof *plane);
        Spectrum *s = spectrum_new(n);
        for (int ky = 0; ky < n; ky++)
            for (int i = 0; i < 2 * columns; i++)
                values[2 * columns * ky + i] = spectrum_value(16 * ky + i);
        spectrum_forward(s, values, plane);
        for (int i = 0; i < 5; i++)
            CHECK(fabsf(plane[i * n * n / 5] - golden_planes[g].plane[i]) < 1e-6f, "%d: value %d is %.9g", n, i, (double)plane[i * n * n / 5]);
        spectrum_free(s);
        free(values);
        free(plane);
    }
}

/* <forward(v), p> = <v, backward(p)>, for sizes with every kind of factor. */
static void test_spectrum_transpose(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 3, 4, 7, 12, 15, 32, 49, 60};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const int n = sizes[i];
        const size_t count = spectrum_count(n), pixels = (size_t)n * (size_t)n;
        float *v = small_values(count, 1), *p = small_values(pixels, 2), *plane = malloc(pixels * sizeof *plane), *dv = malloc(count * sizeof *dv);
        Spectrum *s = spectrum_new(n);
        spectrum_forward(s, v, plane);
        spectrum_backward(s, p, dv);
        double a = 0, b = 0, size = 1e-12;
        for (size_t k = 0; k < pixels; k++)
            a += (double)plane[k] * (double)p[k];
        for (size_t k = 0; k < count; k++) {
            b += (double)v[k] * (double)dv[k];
            size += fabs((double)v[k] * (double)dv[k]);
        }
        CHECK(fabs(a - b) < 1e-6 * size, "%d: %.9g and %.9g", n, a, b);
        spectrum_free(s);
        free(v);
        free(p);
        free(plane);
        free(dv);
    }
}

static void test_against_torch(void **state)
{
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    float *weights = seeded_weights(net, 1);
    for (size_t g = 0; g < 2 * sizeof golden_steps / sizeof golden_steps[0]; g++) {
        const Engine *engine = g % 2 == 0 ? &reference_engine : &fast_engine;
        const WantOptions options = {.channel = 7, .seed = 5, .neuron = golden_steps[g / 2].neuron, .pixels = golden_steps[g / 2].pixels, .still = golden_steps[g / 2].still};
        WantsNet *wants = open_wants(engine, net, weights, "3b", golden_steps[g / 2].size, 1, 1);
        Want want;
        assert_true(want_start(wants, &options, &want));
        wants_step(wants, &(Want *){&want}, 1);
        const float value = golden_steps[g / 2].value;
        CHECK(fabsf(want.value - value) < 1e-5f * fabsf(value), "%zu: objective %.9g, not %.9g", g, (double)want.value, (double)value);
        for (size_t i = 0; i < 4; i++) {
            const float got = want.gradient[i * want.count / 4 + 1000], expected = golden_steps[g / 2].gradient[i];
            CHECK(fabsf(got - expected) < 1e-4f * golden_steps[g / 2].largest, "%zu: gradient %zu is %.9g, not %.9g", g, i, (double)got, (double)expected);
        }
        wants_step(wants, &(Want *){&want}, 1);
        for (size_t i = 0; i < 4; i++) {
            const float got = want.param[i * want.count / 4 + 1000], expected = golden_steps[g / 2].after[i];
            CHECK(fabsf(got - expected) < 1e-3f * 0.1f, "%zu: number %zu is %.9g, not %.9g", g, i, (double)got, (double)expected);
        }
        want_free(&want);
        wants_close(wants);
    }
    free(weights);
    net_free(net);
}

static unsigned char *make(WantsNet *wants, const WantOptions *options, int size, int steps, float *value)
{
    unsigned char *rgb = malloc((size_t)(size * size * 3));
    Want want;
    assert_true(want_start(wants, options, &want));
    for (int i = 0; i < steps; i++)
        wants_step(wants, &(Want *){&want}, 1);
    wants_picture(wants, &want, rgb);
    *value = want.value;
    want_free(&want);
    return rgb;
}

/* The same seed gives the same picture for any number of threads and beside other pictures; every switch and another seed, another one. */
static void test_same_bits(void **state)
{
    (void)state;
    enum { SIZE = 40, STEPS = 6 };
    static const WantOptions variants[] = {{.channel = 7, .seed = 5}, {.channel = 7, .seed = 6}, {.channel = 7, .seed = 5, .neuron = true}, {.channel = 7, .seed = 5, .pixels = true},
                                           {.channel = 7, .seed = 5, .still = true}, {.channel = 8, .seed = 5}};
    enum { COUNT = sizeof variants / sizeof variants[0] };
    Net *net = seeded_net("tests/nets/small.net");
    float *weights = seeded_weights(net, 1), value, again;
    WantsNet *one = open_wants(&fast_engine, net, weights, "3b", SIZE, 1, 1), *two = open_wants(&fast_engine, net, weights, "3b", SIZE, 1, 2);
    WantsNet *many = open_wants(&fast_engine, net, weights, "3b", SIZE, COUNT, 2);
    Want list[COUNT], *batch[COUNT];
    unsigned char *pictures[COUNT], *beside = malloc(SIZE * SIZE * 3);
    for (int i = 0; i < COUNT; i++) {
        assert_true(want_start(many, &variants[i], &list[i]));
        batch[i] = &list[i];
    }
    for (int i = 0; i < STEPS; i++)
        wants_step(many, batch, COUNT);
    for (int i = 0; i < COUNT; i++) {
        pictures[i] = make(one, &variants[i], SIZE, STEPS, &value);
        unsigned char *other = make(two, &variants[i], SIZE, STEPS, &again);
        CHECK(memcmp(pictures[i], other, SIZE * SIZE * 3) == 0 && value == again, "variant %d: 1 and 2 threads differ", i);
        wants_picture(many, &list[i], beside);
        CHECK(memcmp(pictures[i], beside, SIZE * SIZE * 3) == 0 && value == list[i].value, "variant %d: alone and in a batch differ", i);
        for (int k = 0; k < i; k++)
            CHECK(memcmp(pictures[i], pictures[k], SIZE * SIZE * 3) != 0, "variants %d and %d are the same", i, k);
        free(other);
    }
    for (int i = 0; i < COUNT; i++) {
        free(pictures[i]);
        want_free(&list[i]);
    }
    free(beside);
    wants_close(one);
    wants_close(two);
    wants_close(many);
    free(weights);
    net_free(net);
}

/* Ascent raises a unit that can be raised. With weights of 0 no picture raises anything, and that is said. */
static void test_rises(void **state)
{
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    float *weights = seeded_weights(net, 1), *nothing = calloc(net->weight_count, sizeof *nothing);
    for (int silent = 0; silent < 2; silent++) {
        WantsNet *wants = open_wants(&fast_engine, net, silent ? nothing : weights, "3b", 40, 1, 1);
        Want want;
        assert_true(want_start(wants, &(WantOptions){.channel = 9, .seed = 5}, &want));
        assert_true(want_rises(&want)); /* nobody knows yet */
        for (int i = 0; i < 24; i++)
            wants_step(wants, &(Want *){&want}, 1);
        CHECK(want_rises(&want) == !silent && (silent || want.best > want.first + 1), "from %g to %g", (double)want.first, (double)want.best);
        want_free(&want);
        wants_close(wants);
    }
    free(weights);
    free(nothing);
    net_free(net);
}

static void expect_refused(const Net *net, const char *layer, int size, const char *says)
{
    Err err = {""};
    float *weights = calloc(net->weight_count, sizeof *weights);
    WantsNet *wants = wants_open(&fast_engine, net, weights, layer_named(net, layer), size, 1, 1, &err);
    CHECK(wants == NULL && strstr(err.text, says) != NULL, "%s at %d: '%s' does not say '%s'", layer, size, err.text, says);
    free(weights);
}

static void test_refused(void **state)
{
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    expect_refused(net, "conv1", 64, "its kernels");
    expect_refused(net, "input", 64, "the picture itself");
    expect_refused(net, "aux1/conv", 64, "head aux1");
    expect_refused(net, "softmax", 64, "layer before it");
    expect_refused(net, "3a", 15, "16 to 512");
    expect_refused(net, "3a", 513, "16 to 512");
    net_free(net);
    net = seeded_net("tests/nets/odd.net");
    expect_refused(net, "c1", 64, "its kernels");
    net_free(net);
    net = seeded_net("lenet5"); /* fully connected behind maps of a fixed size */
    expect_refused(net, net->layers[net->heads[0].logits].name, 64, "size");
    net_free(net);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_spectrum),  cmocka_unit_test(test_spectrum_transpose), cmocka_unit_test(test_against_torch),
    cmocka_unit_test(test_same_bits), cmocka_unit_test(test_rises),        cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
