/* test_sanity.c - maps that are put to the test: integrated gradients against passes one by one, stages and random weights, ranks worked by
 * hand, and the same behind the window. tests/oracle_sanity.py compares the maps with PyTorch's. */
#include "app/model/sanity_model.h"
#include "engine/base/rng.h"
#include "engine/fast/fast.h"
#include "engine/train/init.h"
#include "tests/check.h"

#include <time.h>

enum { THREADS = 3 };

typedef struct Fixture {
    Source source;
    float *x;
    Run *run;
} Fixture;

static void open_net(Fixture *f, const char *network, const Engine *engine, int threads)
{
    Err err = {""};
    CHECK(source_open(&f->source, &(SourceOptions){.network = network, .networks_dir = "assets/networks"}, &err), "%s", err.text);
    const size_t count = shape_size(f->source.net->input);
    f->x = malloc(count * sizeof *f->x);
    assert_non_null(f->x);
    for (size_t i = 0; i < count; i++)
        f->x[i] = (float)(2 * rng_uniform_at(rng_make(3, 0), i) - 1);
    f->run = run_new(engine, f->source.net, &(RunOptions){.batch = SANITY_BATCH, .threads = threads, .gradients = true}, &err);
    CHECK(f->run != NULL, "%s", err.text);
    run_weights(f->run, f->source.weights);
}

static void close_net(Fixture *f)
{
    run_free(f->run);
    free(f->x);
    source_free(&f->source);
}

static void fill(Fixture *f, Sanity *s, int class_index, int against)
{
    Err err;
    CHECK(sanity_make(f->source.net, class_index, against, s, &err), "%s", err.text);
    sanity_gradients(f->run, s, f->x);
    while (s->steps < SANITY_STEPS)
        sanity_integrate(f->run, s, f->x);
}

/* d(score)/d(picture) of part * x. */
static void gradient(Fixture *f, float part, int class_index, bool guided, float *out)
{
    const Net *net = f->source.net;
    const size_t count = shape_size(net->input);
    float seed[64] = {0};
    for (size_t i = 0; i < count; i++)
        out[i] = part * f->x[i];
    run_input(f->run, out, 1);
    run_forward(f->run);
    seed[class_index] = 1;
    run_gradient(f->run, &(Gradient){.from = net->heads[0].logits, .seed = seed, .guided = guided});
    run_map_gradient(f->run, 0, 0, out);
}

static void check_values(const char *what, const float *got, const double *want, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(want[i]));
    CHECK(largest > 0, "%s is 0 everywhere", what);
    for (size_t i = 0; i < count; i++)
        CHECK_NEAR(got[i], want[i], 1e-5 * largest, 0, "%s, value %zu", what, i);
}

static void test_maps(void **state)
{
    static const int classes[SANITY_CLASSES] = {4, 1};
    Fixture f;
    Sanity s;
    (void)state;
    open_net(&f, "tests/nets/small.net", &reference_engine, 1);
    fill(&f, &s, classes[0], classes[1]);
    const size_t count = shape_size(s.input), plane = (size_t)s.input.h * (size_t)s.input.w;
    float *one = malloc(count * sizeof *one);
    double *want = malloc(count * sizeof *want);
    assert_true(one != NULL && want != NULL);
    for (int k = 0; k < SANITY_CLASSES; k++) {
        for (int guided = 0; guided < 2; guided++) {
            gradient(&f, 1, classes[k], guided, one);
            for (size_t i = 0; i < count; i++)
                want[i] = (double)one[i];
            check_values(guided ? "guided backpropagation" : "gradient", s.values[guided ? SANITY_GUIDED : SANITY_GRADIENT][k], want, count);
        }
        for (size_t i = 0; i < count; i++)
            want[i] = 0;
        double sum = 0;
        for (int step = 0; step < SANITY_STEPS; step++) {
            gradient(&f, ((float)step + 0.5f) / SANITY_STEPS, classes[k], false, one);
            for (size_t i = 0; i < count; i++)
                want[i] += (double)one[i] * (double)f.x[i] / SANITY_STEPS;
        }
        for (size_t i = 0; i < count; i++)
            sum += want[i];
        check_values("integrated gradients", s.values[SANITY_INTEGRATED][k], want, count);
        CHECK_NEAR(sanity_sum(&s, k), sum, 1e-5, 1e-5, "the sum of class %d", classes[k]);
        CHECK_NEAR(sum, s.score[k] - s.empty[k], 0.05 * fabs(s.score[k] - s.empty[k]) + 0.02, 0, "the gap of class %d", classes[k]);
        for (size_t p = 0; p < plane; p++) {
            double size = 0;
            for (size_t c = 0; c < (size_t)s.input.c; c++)
                size += fabs((double)s.values[SANITY_GUIDED][k][c * plane + p]);
            CHECK_NEAR(s.maps[SANITY_GUIDED][k][p], size, 0, 1e-5, "pixel %zu", p);
        }
    }
    free(one);
    free(want);
    sanity_free(&s);
    close_net(&f);
}

static void test_same_bits(void **state)
{
    Fixture one, many;
    Sanity a, b;
    (void)state;
    open_net(&one, "tests/nets/small.net", &fast_engine, 1);
    open_net(&many, "tests/nets/small.net", &fast_engine, THREADS);
    fill(&one, &a, 0, 6);
    fill(&many, &b, 0, 6);
    for (int m = 0; m < SANITY_MAPS; m++)
        for (int k = 0; k < SANITY_CLASSES; k++)
            assert_memory_equal(a.values[m][k], b.values[m][k], shape_size(a.input) * sizeof(float));
    sanity_free(&a);
    sanity_free(&b);
    close_net(&one);
    close_net(&many);
}

static void test_stages(void **state)
{
    static const char *const firsts[] = {"fc", "inception_5b/1x1", "inception_5a/1x1", "inception_4e/1x1"};
    Err err;
    (void)state;
    Net *net = net_open("googlenet", "assets/networks", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    assert_int_equal(sanity_stages(net), 13); /* fc, nine modules, three convolutions */
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        const int first = sanity_stage_first(net, (int)i + 1);
        CHECK(strcmp(net->layers[first].name, firsts[i]) == 0, "stage %zu begins with %s", i + 1, net->layers[first].name);
        assert_int_equal(sanity_stage_of(net, first), (int)i + 1);
    }
    assert_int_equal(sanity_stage_of(net, 0), 13);
    assert_int_equal(sanity_stage_of(net, net->main_count - 1), 0); /* the softmax */
    assert_int_equal(sanity_stage_of(net, sanity_stage_first(net, 1) - 1), 1); /* the dropout before fc */
    assert_int_equal(sanity_stage_of(net, sanity_stage_first(net, 2) + 3), 2); /* inside 5b */
    net_free(net);
}

static void test_random_weights(void **state)
{
    Fixture f;
    (void)state;
    open_net(&f, "tests/nets/small.net", &reference_engine, 1);
    const Net *net = f.source.net;
    float *random = malloc(net->weight_count * sizeof *random), *mixed = malloc(net->weight_count * sizeof *mixed), *first = malloc(net->weight_count * sizeof *first);
    assert_true(random != NULL && mixed != NULL && first != NULL);
    sanity_random(net, SANITY_SEED, random);
    init_weights(net, SANITY_SEED, first);
    const Param *fc = &net->params[net->layers[sanity_stage_first(net, 1)].weight];
    CHECK(memcmp(random + fc->offset, first + fc->offset, fc->count * sizeof *random) != 0, "a training's own first weights");
    sanity_weights(net, f.source.weights, random, 2, mixed);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        const bool top = net->layers[p->layer].head == 0 && p->layer >= sanity_stage_first(net, 2);
        CHECK(memcmp(mixed + p->offset, (top ? random : f.source.weights) + p->offset, p->count * sizeof *mixed) == 0, "parameter %d", i);
    }
    sanity_weights(net, f.source.weights, random, 0, mixed);
    assert_memory_equal(mixed, f.source.weights, net->weight_count * sizeof *mixed);
    free(random);
    free(mixed);
    free(first);
    close_net(&f);
}

static void test_ranks(void **state)
{
    static const struct { float a[4], b[4]; double want; } cases[] = {
        {{1, 2, 3, 4}, {10, 20, 30, 1000}, 1}, {{1, 2, 3, 4}, {4, 3, 2, 1}, -1}, {{1, 1, 2, 2}, {1, 2, 3, 4}, 0.894427191}, /* 2 / sqrt(5) */
        {{1, 2, 3, 4}, {2, 4, 1, 3}, 0},       {{5, 5, 5, 5}, {1, 2, 3, 4}, 0},  {{0, 3, 1, 2}, {1, 0, 2, 2}, -0.316227766}}; /* -1.5 / sqrt(5 * 4.5) */
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double got = 9;
        assert_true(rank_correlation(cases[i].a, cases[i].b, 4, &got));
        CHECK_NEAR(got, cases[i].want, 1e-8, 0, "case %zu", i);
    }
}

/* ---- behind the window ----------------------------------------------------------------------------------------------------------- */

static void settle(SanityChecks *c, const SideWish *wish)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        sanity_want(c, wish);
        if (!sanity_busy(c))
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    CHECK(false, "no end after %d frames", LOOKS_MAX);
}

static void test_behind_the_window(void **state)
{
    Fixture f;
    Sanity want;
    SanityChecks c = {.against = -1};
    double rank;
    (void)state;
    open_net(&f, "tests/nets/small.net", &reference_engine, 1);
    SharedSource *shared = shared_source_new(f.source);
    SideWish wish = {.key = {.source = shared, .engine = &reference_engine, .picture = 1, .label = -1}, .source = shared, .weights = f.source.weights, .x = f.x};
    settle(&c, &wish);
    const int first = c.sets[WEIGHTS_OWN].maps.classes[0], second = c.sets[WEIGHTS_OWN].maps.classes[1];
    fill(&f, &want, first, second);
    CHECK(want.score[0] > want.score[1], "the answer comes first");
    for (int m = 0; m < SANITY_MAPS; m++) {
        CHECK(sanity_shows(&c, WEIGHTS_OWN, (SanityMap)m) && !sanity_shows(&c, WEIGHTS_RANDOM, (SanityMap)m), "map %d", m);
        assert_memory_equal(c.sets[WEIGHTS_OWN].maps.values[m][0], want.values[m][0], shape_size(want.input) * sizeof(float));
        assert_true(rank_correlation(want.maps[m][0], want.maps[m][1], (size_t)want.input.h * (size_t)want.input.w, &rank));
        CHECK_NEAR(c.sets[WEIGHTS_OWN].classes[m], rank, 0, 0, "map %d", m);
    }
    const float *kept = c.sets[WEIGHTS_OWN].maps.values[0][0];
    c.stage = 2; /* the maps with the network's own weights stay */
    settle(&c, &wish);
    CHECK(sanity_shows(&c, WEIGHTS_RANDOM, SANITY_INTEGRATED) && c.sets[WEIGHTS_OWN].maps.values[0][0] == kept, "random weights");
    for (int m = 0; m < SANITY_MAPS; m++)
        CHECK(c.sets[WEIGHTS_RANDOM].kept[m][0] < 0.9999 && c.sets[WEIGHTS_RANDOM].kept[m][0] > -1, "map %d did not change", m);
    c.stage = 3;
    sanity_want(&c, &wish);
    sanity_rest(&c); /* left, and come back to */
    settle(&c, &wish);
    CHECK(c.made_stage == 3 && sanity_shows(&c, WEIGHTS_RANDOM, SANITY_INTEGRATED), "another stage");
    c.stage = 0;
    c.against = 5 == first || 5 == second ? 6 : 5;
    settle(&c, &wish);
    CHECK(c.sets[WEIGHTS_OWN].maps.classes[1] == c.against && !sanity_shows(&c, WEIGHTS_RANDOM, SANITY_GRADIENT), "another class");
    wish.key.picture = 2;
    sanity_want(&c, &wish);
    sanity_close(&c); /* at work */
    sanity_free(&want);
    free(f.x);
    run_free(f.run);
    assert_int_equal(shared->holders, 1);
    shared_source_release(shared);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_maps),           cmocka_unit_test(test_same_bits), cmocka_unit_test(test_stages),
    cmocka_unit_test(test_random_weights), cmocka_unit_test(test_ranks),     cmocka_unit_test(test_behind_the_window),
};

TEST_MAIN(tests)
