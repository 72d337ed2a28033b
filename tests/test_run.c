/* test_run.c - what a Run promises, on the reference engine: batches, single layers, dropout, which heads take part. */
#include "engine/net/run.h"
#include "tests/seeded.h"

enum { BATCH = 3, CLASSES = 7 };

typedef struct Fixture {
    Net *net;
    float *weights;
    float *x; /* (BATCH, 3, 64, 64), all different */
} Fixture;

static int setup(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->net = seeded_net("tests/nets/small.net");
    f->weights = seeded_weights(f->net, 1);
    const size_t count = BATCH * shape_size(f->net->input);
    f->x = malloc(count * sizeof *f->x);
    Rng rng = rng_make(4, 4);
    for (size_t i = 0; i < count; i++)
        f->x[i] = (float)(2 * rng_uniform(&rng) - 1);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    net_free(f->net);
    free(f->weights);
    free(f->x);
    free(f);
    return 0;
}

static Run *start(const Fixture *f, int batch, bool training)
{
    const RunOptions options = {.batch = batch, .training = training};
    Err err = {""};
    Run *run = run_new(&reference_engine, f->net, &options, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, f->weights);
    return run;
}

static void logits_of(Run *run, int head, int image, float *out)
{
    run_activation(run, run->net->heads[head].logits, image, out);
}

static void test_batch_equals_single_pictures(void **state)
{
    const Fixture *f = *state;
    const size_t picture = shape_size(f->net->input);
    Run *all = start(f, BATCH, false), *one = start(f, 1, false);
    run_input(all, f->x, BATCH);
    run_forward(all);
    float previous[CLASSES] = {0};
    for (int n = 0; n < BATCH; n++) {
        float a[CLASSES], b[CLASSES];
        run_input(one, f->x + (size_t)n * picture, 1);
        run_forward(one);
        logits_of(all, 0, n, a);
        logits_of(one, 0, 0, b);
        assert_memory_equal(a, b, sizeof a);
        assert_memory_not_equal(a, previous, sizeof a);
        memcpy(previous, a, sizeof a);
    }
    run_free(all);
    run_free(one);
}

static void test_layer_by_layer_is_the_same(void **state)
{
    const Fixture *f = *state;
    Run *whole = start(f, 1, false), *steps = start(f, 1, false);
    run_input(whole, f->x, 1);
    run_input(steps, f->x, 1);
    run_forward(whole);
    for (int l = 0; l < f->net->main_count; l++) {
        const size_t count = shape_size(f->net->layers[l].out);
        float *a = malloc(count * sizeof *a), *b = malloc(count * sizeof *b);
        run_forward_layer(steps, l);
        run_activation(whole, l, 0, a);
        run_activation(steps, l, 0, b);
        CHECK(memcmp(a, b, count * sizeof *a) == 0, "layer %s", f->net->layers[l].name);
        free(a);
        free(b);
    }
    run_free(whole);
    run_free(steps);
}

static void test_dropout_only_in_training_and_repeatable(void **state)
{
    const Fixture *f = *state;
    Run *run = start(f, 1, true);
    float plain[CLASSES], again[CLASSES], dropped[CLASSES], repeated[CLASSES], other[CLASSES];
    run_input(run, f->x, 1);
    run_forward(run);
    logits_of(run, 0, 0, plain);
    run_forward(run);
    logits_of(run, 0, 0, again);
    assert_memory_equal(plain, again, sizeof plain);
    run->dropout = true;
    run->dropout_rng = rng_make(1, 1);
    run_forward(run);
    logits_of(run, 0, 0, dropped);
    run_forward(run);
    logits_of(run, 0, 0, repeated);
    run->dropout_rng = rng_make(2, 1);
    run_forward(run);
    logits_of(run, 0, 0, other);
    assert_memory_not_equal(plain, dropped, sizeof plain);
    assert_memory_equal(dropped, repeated, sizeof plain);
    assert_memory_not_equal(dropped, other, sizeof plain);
    run_free(run);
}

static void test_dropout_follows_the_picture_not_the_split(void **state)
{
    const Fixture *f = *state;
    const size_t picture = shape_size(f->net->input);
    Run *all = start(f, BATCH, true), *rest = start(f, BATCH, true);
    all->dropout = rest->dropout = true;
    rest->first_image = 1; /* pictures 1 and 2 of the same batch, in a run of their own */
    run_input(all, f->x, BATCH);
    run_forward(all);
    run_input(rest, f->x + picture, BATCH - 1);
    run_forward(rest);
    for (int h = 0; h < f->net->head_count; h++) {
        float a[CLASSES], b[CLASSES];
        logits_of(all, h, 2, a);
        logits_of(rest, h, 1, b);
        assert_memory_equal(a, b, sizeof a);
    }
    run_free(all);
    run_free(rest);
}

/* Gradients of the heads in `mask`, with dL/dlogits = 1, -1, 1, ... added to what is in grads. */
static void backward(Run *run, unsigned mask, float *grads)
{
    float up[BATCH * CLASSES], *dlogits[HEADS_MAX] = {NULL};
    for (int i = 0; i < BATCH * CLASSES; i++)
        up[i] = i % 2 == 0 ? 1 : -1;
    for (int h = 0; h < run->net->head_count; h++)
        if (mask & (1u << h))
            dlogits[h] = up;
    run_backward(run, dlogits, grads);
}

static bool all_zero(const Net *net, const float *grads, int head)
{
    for (int p = 0; p < net->param_count; p++)
        for (size_t i = 0; net->layers[net->params[p].layer].head == head && i < net->params[p].count; i++)
            if (grads[net->params[p].offset + i] != 0)
                return false;
    return true;
}

static void test_heads_that_take_no_part(void **state)
{
    const Fixture *f = *state;
    const Net *net = f->net;
    float *grads = calloc(net->weight_count, sizeof *grads);
    Run *run = start(f, BATCH, true);
    run_input(run, f->x, BATCH);
    run_forward(run);
    const int last = net->modules[net->module_count - 1].last, conv1 = net->layers[net->modules[0].input].inputs[0];
    assert_true(run_gradient_norm2(run, last) < 0); /* nothing known before backward */

    backward(run, 1u << 1, grads); /* aux1 alone: nothing above its tap learns */
    assert_true(all_zero(net, grads, 2));
    assert_false(all_zero(net, grads, 1));
    assert_false(all_zero(net, grads, 0));
    assert_true(run_gradient_norm2(run, last) < 0);
    assert_true(run_gradient_norm2(run, conv1) > 0);

    memset(grads, 0, net->weight_count * sizeof *grads);
    backward(run, 1, grads);
    assert_true(all_zero(net, grads, 1) && all_zero(net, grads, 2));
    assert_true(run_gradient_norm2(run, last) > 0);
    run_free(run);
    free(grads);
}

static void test_backward_adds_and_is_linear_in_heads(void **state)
{
    const Fixture *f = *state;
    const size_t count = f->net->weight_count;
    float *together = calloc(count, sizeof *together), *apart = calloc(count, sizeof *apart);
    Run *run = start(f, BATCH, true);
    run_input(run, f->x, BATCH);
    run_forward(run);
    backward(run, 7, together);
    for (unsigned h = 0; h < 3; h++)
        backward(run, 1u << h, apart);
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fabs((double)together[i]) > largest ? fabs((double)together[i]) : largest;
    for (size_t i = 0; i < count; i++)
        CHECK_NEAR(apart[i], together[i], 1e-5 * largest, 0, "weight %zu", i);
    run_free(run);
    free(together);
    free(apart);
}

static void test_impossible_batches_are_refused(void **state)
{
    const Fixture *f = *state;
    Err err = {""};
    RunOptions options = {.batch = 0};
    assert_null(run_new(&reference_engine, f->net, &options, &err));
    assert_non_null(strstr(err.text, "batch of 0"));
    options.batch = 2147483647;
    assert_null(run_new(&reference_engine, f->net, &options, &err));
    assert_non_null(strstr(err.text, "smaller batch"));
}

/* What has more values or weights than some gigabytes hold can be counted, and is refused where it would be computed. */
static void test_networks_beyond_memory_are_refused(void **state)
{
    (void)state;
    static const struct { const char *rows; const char *says; } cases[] = {
        {"input 1x65536x32768\nconv c 1x1/1 1\n", "n.net:2: with 'input', of 1x65536x32768, the maps have 2147483648 values, and those of a network that is computed can have at most 1073741824; choose a smaller input"},
        {"input 1x16384x32768\nconv c 1x1/1 1\nconv d 3x3/1 1 pad=2\n", "n.net:4: with 'd', of 1x16386x32770, the maps have 1610711044 values,"},
        {"input 32768x1x1\nfc f 32768\n", "n.net: the network has 1073774592 weights, and one that is computed can have at most 1073741824; make a layer smaller"},
    };
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        Err err = {""};
        snprintf(text, sizeof text, "network n\n%s", cases[i / 2].rows);
        Net *net = net_parse(text, strlen(text), "n.net", NULL, &err);
        CHECK(net != NULL, "%s", err.text);
        CHECK(run_new(engines[i % 2], net, &(RunOptions){.batch = 1}, &err) == NULL && strncmp(err.text, cases[i / 2].says, strlen(cases[i / 2].says)) == 0,
              "%s", err.text);
        net_free(net);
    }
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
    RUN_TEST(test_batch_equals_single_pictures),
    RUN_TEST(test_layer_by_layer_is_the_same),
    RUN_TEST(test_dropout_only_in_training_and_repeatable),
    RUN_TEST(test_dropout_follows_the_picture_not_the_split),
    RUN_TEST(test_heads_that_take_no_part),
    RUN_TEST(test_backward_adds_and_is_linear_in_heads),
    RUN_TEST(test_impossible_batches_are_refused),
    cmocka_unit_test(test_networks_beyond_memory_are_refused),
};

TEST_MAIN(tests)
