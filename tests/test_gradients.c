/* test_gradients.c - the gradient flow behind the window: made on a thread, made anew when what it depends on changes. */
#include "app/model/gradients.h"
#include "tests/check.h"

#include <stdatomic.h>
#include <time.h>

static void wake(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

/* Asks again, as every frame does, until nothing is under way. */
static void settle(Gradients *g, const SideWish *wish)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        gradients_want(g, wish);
        if (!gradients_busy(g))
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    CHECK(false, "no end after %d frames", LOOKS_MAX);
}

static void test_follows_what_is_wanted(void **state)
{
    (void)state;
    Source source;
    Err err = {""};
    SourceOptions options = {.network = "tests/nets/small.net", .networks_dir = "tests/nets"};
    CHECK(source_open(&source, &options, &err), "%s", err.text);
    SharedSource *shared = shared_source_new(source);
    const Net *net = shared->source.net;
    float *x = calloc(shape_size(net->input), sizeof *x), *edited = calloc(net->weight_count, sizeof *edited);
    for (size_t i = 0; i < shape_size(net->input); i++)
        x[i] = (float)(i % 7) / 7.0f - 0.5f;
    atomic_int woken = 0;
    SideWish wish = {.key = {shared, 0, &reference_engine, 1, -1}, .source = shared, .weights = shared->source.weights, .x = x, .wake = wake, .wake_user = &woken};
    Gradients g = {.label = -1};
    settle(&g, &wish);
    assert_int_equal(woken, 1);
    CHECK(g.flow.layer_count > 0, "%s", g.problem.text);

    Flow want;
    CHECK(flow_compute(&reference_engine, net, shared->source.weights, x, -1, &want, &err), "%s", err.text);
    assert_int_equal(g.flow.layer_count, want.layer_count);
    assert_memory_equal(g.flow.layers, want.layers, (size_t)want.layer_count * sizeof *want.layers);
    settle(&g, &wish); /* the same again: nothing is made anew */
    assert_int_equal(woken, 1);

    wish.key.label = want.label;
    do /* a class that is less likely than the second */
        wish.key.label = (wish.key.label + 1) % net_scores(net, 0);
    while (wish.key.label == want.heads[0].answer);
    settle(&g, &wish);
    assert_int_equal(woken, 2);
    assert_int_equal(g.flow.label, wish.key.label);
    assert_true(g.flow.heads[0].loss > want.heads[0].loss);

    wish.key.weights_version++;
    wish.weights = edited; /* all zero: nothing flows, every class is as likely as the others */
    settle(&g, &wish);
    CHECK_NEAR(g.flow.heads[0].label_prob, 1.0 / net_scores(net, 0), 1e-6, 0, "no weights");
    memcpy(edited, shared->source.weights, net->weight_count * sizeof *edited); /* edited once more, in the same place */
    wish.key.weights_version++;
    wish.key.label = -1;
    settle(&g, &wish);
    CHECK_NEAR(g.flow.heads[0].loss, want.heads[0].loss, 0, 0, "the same weights in the edited ones' place: label %d", g.flow.label);
    wish.key.picture++;
    gradients_want(&g, &wish); /* closed while at work */
    gradients_close(&g);
    assert_int_equal(shared->holders, 1);
    flow_free(&want);
    shared_source_release(shared);
    free(x);
    free(edited);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_follows_what_is_wanted)};

TEST_MAIN(tests)
