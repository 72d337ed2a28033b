/* test_gradients.c - the gradient flow behind the window: made on a thread, made anew when what it depends on changes. */
#include "app/model/gradients_rows.h"
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
        gradients_want(g, wish, 0);
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

    LossGradients want;
    CHECK(loss_gradients_compute(&reference_engine, net, shared->source.weights, x, &g.choice, &want, &err), "%s", err.text);
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
    gradients_want(&g, &wish, 0); /* closed while at work */
    gradients_close(&g);
    assert_int_equal(shared->holders, 1);
    loss_gradients_free(&want);
    shared_source_release(shared);
    free(x);
    free(edited);
}

/* Norms by hand: layer i has i for the map and 10 i for the weights, half of it without the auxiliary heads; one dead channel of two. */
static void test_rows_add_up_modules(void **state)
{
    (void)state;
    Err err = {""};
    Net *net = net_open("tests/nets/small.net", "tests/nets", &(NetOptions){0}, &err);
    CHECK(net != NULL, "%s", err.text);
    LayerGradients *layers = calloc((size_t)net->layer_count, sizeof *layers);
    Gradients g = {.of_weights = true, .flow.layers = layers};
    for (int i = 1; i < net->layer_count; i++)
        layers[g.flow.layer_count++] = (LayerGradients){.layer = i, .map_norm = {i, i / 2.0}, .channels = 2, .dead = 1,
            .weight_norm = {net->layers[i].weight >= 0 ? 10 * i : -1, net->layers[i].weight >= 0 ? 5 * i : -1}};
    const Module *module = &net->modules[0];
    double squares = 0, count = 0;
    int inside = 0;
    for (int i = module->first; i <= module->last; i++)
        if (net->layers[i].weight >= 0) {
            squares += 100.0 * i * i;
            count += (double)loss_gradients_weight_count(net, i);
            inside++;
        }
    static GradientsRow rows[GRADIENTS_ROWS_MAX];
    const int by_module = gradients_rows(net, &g, false, rows);
    int row = 0;
    while (row < by_module && strcmp(rows[row].name, module->title) != 0)
        row++;
    CHECK(row < by_module, "no row for %s", module->title);
    CHECK_NEAR(rows[row].rms[PASS_WITH_AUX], sqrt(squares / count), 0, 1e-12, "a mean over all weights of the module, not of the layers' means");
    CHECK_NEAR(rows[row].rms[PASS_MAIN_ONLY], sqrt(squares / count) / 2, 0, 1e-12, "without the heads");
    CHECK(rows[row].layer == module->last && rows[row].channels == 2 * (inside + 1) && rows[row].dead == inside + 1, "%d of %d dead", rows[row].dead, rows[row].channels);
    char ratio[NUM_MAX];
    assert_string_equal(gradients_ratio_text(&rows[row], ratio), "2.00");
    assert_string_equal(gradients_ratio_text(&(GradientsRow){.rms = {1, 0}}, ratio), "");
    assert_true(gradients_rows(net, &g, true, rows) > by_module); /* and the heads' layers */

    g.of_weights = false;
    gradients_rows(net, &g, false, rows);
    CHECK_NEAR(rows[row].rms[PASS_WITH_AUX], module->last / sqrt((double)shape_size(net->layers[module->last].out)), 0, 1e-12, "a module's map is its concat's");
    g.by_layer = true;
    const int by_layer = gradients_rows(net, &g, false, rows);
    int weighted = 0;
    for (int i = 0; i < net->main_count; i++)
        weighted += net->layers[i].weight >= 0;
    assert_int_equal(by_layer, weighted);
    assert_string_equal(rows[3].name, "3a/1x1");
    free(layers);
    net_free(net);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_follows_what_is_wanted), cmocka_unit_test(test_rows_add_up_modules)};

TEST_MAIN(tests)
