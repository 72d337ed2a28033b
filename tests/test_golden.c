/* test_golden.c - every layer of every network, and every gradient and the occlusion of small ones, against values that PyTorch
 * computed: tests/golden/{maps,grads,mapgrads,occlusion}_*.json, written by tests/oracle.py, which also compares all values (`make oracle`). */
#include "engine/io/weights_names.h"
#include "engine/net/occlusion.h"
#include "tests/seeded.h"

#include <jansson.h>

enum { POSITIONS = 64 };

static const double limit = 1e-4; /* of a layer's largest value, as the golden files' tolerance */

static json_t *golden_open(const char *what, const char *name)
{
    char path[256];
    json_error_t error;
    snprintf(path, sizeof path, "tests/golden/%s_%s.json", what, name);
    json_t *root = json_load_file(path, 0, &error);
    CHECK(root != NULL, "%s: %s", path, error.text);
    return root;
}

static double number(const json_t *entry, const char *key)
{
    return json_number_value(json_object_get(entry, key));
}

/* One entry: the largest magnitude, and the values at i * count / 64. */
static void check_values(const json_t *entry, const float *got, size_t count, const char *what)
{
    const json_t *values = json_object_get(entry, "values");
    const double max = number(entry, "max"), allowed = limit * max;
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fabs((double)got[i]) > largest ? fabs((double)got[i]) : largest;
    CHECK_NEAR(largest, max, allowed, 0, "largest of %s", what);
    assert_int_equal(json_array_size(values), POSITIONS);
    for (size_t i = 0; i < POSITIONS; i++) {
        const size_t at_i = i * count / POSITIONS;
        CHECK_NEAR(got[at_i], json_number_value(json_array_get(values, i)), allowed, 0, "%s, value %zu", what, at_i);
    }
}

/* The same, and the sum. */
static void check_entry(const json_t *entry, const float *got, size_t count, const char *what)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)got[i];
    CHECK_NEAR(sum, number(entry, "sum"), 1e-6 * number(entry, "max") * (double)count, 0, "sum of %s", what);
    check_values(entry, got, count, what);
}

static const json_t *find_entry(const json_t *root, const char *name)
{
    const json_t *entries = json_object_get(root, "entries");
    for (size_t i = 0; i < json_array_size(entries); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(entries, i), "name")), name) == 0)
            return json_array_get(entries, i);
    return NULL;
}

static Run *start(const Engine *engine, const Net *net, const float *weights, RunOptions options)
{
    Err err = {""};
    options.batch = options.threads = 1;
    Run *run = run_new(engine, net, &options, &err);
    CHECK(run != NULL, "%s: %s", engine->name, err.text);
    float *x = seeded_input(net);
    run_weights(run, weights);
    run_input(run, x, 1);
    run_forward(run);
    free(x);
    return run;
}

static void check_maps(const Engine *engine, const Net *net, const float *weights, bool heads, const char *golden)
{
    json_t *root = golden_open("maps", golden);
    Run *run = start(engine, net, weights, (RunOptions){.heads = heads});
    size_t checked = 0;
    for (int l = 0; l < net->layer_count; l++) {
        const Layer *layer = &net->layers[l];
        if (layer->head > 0 && !heads)
            continue;
        const json_t *entry = find_entry(root, layer->name);
        char what[160];
        snprintf(what, sizeof what, "%s %s, %s engine", golden, layer->name, engine->name);
        CHECK(entry != NULL, "%s is not in the golden file", what);
        const json_t *shape = json_object_get(entry, "shape");
        const int want[3] = {layer->out.c, layer->out.h, layer->out.w};
        for (size_t d = 0; d < 3; d++)
            CHECK(json_integer_value(json_array_get(shape, d)) == want[d], "shape of %s", what);
        const size_t count = shape_size(layer->out);
        float *map = malloc(count * sizeof *map);
        assert_non_null(map);
        run_activation(run, l, 0, map);
        check_entry(entry, map, count, what);
        free(map);
        checked++;
    }
    assert_int_equal(checked, json_array_size(json_object_get(root, "entries")));
    run_free(run);
    json_decref(root);
}

static void check_seeded(const char *path, const char *golden)
{
    Net *net = seeded_net(path);
    float *weights = seeded_weights(net, 1);
    check_maps(&reference_engine, net, weights, true, golden);
    check_maps(&fast_engine, net, weights, true, golden);
    free(weights);
    net_free(net);
}

static void test_small_maps(void **state)
{
    (void)state;
    check_seeded("tests/nets/small.net", "small");
}

static void test_odd_maps(void **state)
{
    (void)state;
    check_seeded("tests/nets/odd.net", "odd");
}

static void test_batch_norm_maps(void **state)
{
    (void)state;
    check_seeded("tests/nets/bn.net", "bn");
}

static void test_maps_without_a_fully_connected_layer(void **state)
{
    (void)state;
    check_seeded("tests/nets/nin.net", "nin");
}

static void test_googlenet_maps(void **state)
{
    (void)state;
    check_seeded("googlenet", "googlenet");
}

static void test_torchvision_googlenet_maps(void **state)
{
    (void)state;
    check_seeded("torchvision_googlenet", "torchvision_googlenet");
}

static void test_bvlc_googlenet_maps_with_real_weights(void **state)
{
    (void)state;
    Net *net;
    float *weights = published_weights(&net);
    check_maps(&reference_engine, net, weights, false, "bvlc_googlenet");
    check_maps(&fast_engine, net, weights, false, "bvlc_googlenet");
    free(weights);
    net_free(net);
}

enum { CLASSES_MAX = 7 };

/* Cross-entropy of `label` at every head with the given weight. */
static void check_gradients(const Engine *engine, const char *path, const char *golden, int label, float aux_weight)
{
    json_t *root = golden_open("grads", golden);
    Net *net = seeded_net(path);
    float *weights = seeded_weights(net, 1), *dlogits[HEADS_MAX] = {NULL};
    float logits[CLASSES_MAX], store[HEADS_MAX][CLASSES_MAX] = {{0}};
    float *grads = calloc(net->weight_count, sizeof *grads);
    assert_non_null(grads);
    assert_in_range(net_scores(net, 0), label + 1, CLASSES_MAX);
    Run *run = start(engine, net, weights, (RunOptions){.heads = true, .training = true});
    for (int h = 0; h < net->head_count; h++) {
        if (h > 0 && aux_weight == 0)
            continue;
        run_activation(run, net->heads[h].logits, 0, logits);
        cross_entropy_backward(store[h], logits, &label, 1, net_scores(net, 0), 0, h == 0 ? 1 : aux_weight);
        dlogits[h] = store[h];
    }
    run_backward(run, dlogits, grads);
    for (int p = 0; p < net->param_count; p++) {
        char name[160], what[240];
        param_torch_name(net, p, name, sizeof name);
        snprintf(what, sizeof what, "gradient of %s, aux %g, %s engine", name, (double)aux_weight, engine->name);
        const json_t *entry = find_entry(root, name);
        CHECK(entry != NULL, "%s is not in the golden file", what);
        check_entry(entry, grads + net->params[p].offset, net->params[p].count, what);
    }
    assert_int_equal(net->param_count, json_array_size(json_object_get(root, "entries")));
    run_free(run);
    free(grads);
    free(weights);
    net_free(net);
    json_decref(root);
}

static void test_small_gradients_with_auxiliary_losses(void **state)
{
    (void)state;
    check_gradients(&reference_engine, "tests/nets/small.net", "small_aux", 3, 0.3f);
    check_gradients(&fast_engine, "tests/nets/small.net", "small_aux", 3, 0.3f);
}

static void test_small_gradients_of_the_main_loss(void **state)
{
    (void)state;
    check_gradients(&reference_engine, "tests/nets/small.net", "small_main", 3, 0);
    check_gradients(&fast_engine, "tests/nets/small.net", "small_main", 3, 0);
}

static void test_batch_norm_gradients(void **state)
{
    (void)state;
    check_gradients(&reference_engine, "tests/nets/bn.net", "bn_aux", 2, 0.3f);
    check_gradients(&fast_engine, "tests/nets/bn.net", "bn_aux", 2, 0.3f);
}

/* The request of a golden file; the caller frees its seed: stretches of [first, count, value]. */
static Gradient read_request(const Net *net, const json_t *request)
{
    Address from;
    CHECK(net_address(net, json_string_value(json_object_get(request, "from")), &from, NULL), "from");
    const size_t count = shape_size(net->layers[from.layer].out);
    const json_t *stretches = json_object_get(request, "seed");
    float *seed = calloc(count, sizeof *seed);
    assert_non_null(seed);
    for (size_t s = 0; s < json_array_size(stretches); s++) {
        const json_t *stretch = json_array_get(stretches, s);
        const size_t first = (size_t)json_integer_value(json_array_get(stretch, 0)), length = (size_t)json_integer_value(json_array_get(stretch, 1));
        assert_in_range(first + length, 1, count);
        for (size_t i = first; i < first + length; i++)
            seed[i] = (float)json_number_value(json_array_get(stretch, 2));
    }
    return (Gradient){.from = from.layer, .before_relu = json_is_true(json_object_get(request, "before")), .seed = seed,
                      .guided = json_is_true(json_object_get(request, "guided"))};
}

/* Gradients of scores and of values inside, before and behind ReLU, by maps, by shifts and by the picture. An entry's name is the number of
 * its request, "map" or "shift", and the layer. */
static void check_map_gradients(const Engine *engine, const char *path, const char *golden)
{
    json_t *root = golden_open("mapgrads", golden);
    Net *net = seeded_net(path);
    float *weights = seeded_weights(net, 1);
    Run *run = start(engine, net, weights, (RunOptions){.gradients = true});
    const json_t *requests = json_object_get(root, "requests"), *entries = json_object_get(root, "entries");
    size_t checked = 0;
    assert_true(json_array_size(requests) >= 16);
    for (size_t r = 0; r < json_array_size(requests); r++) {
        const Gradient gradient = read_request(net, json_array_get(requests, r));
        run_gradient(run, &gradient);
        free((void *)gradient.seed);
        for (size_t i = 0; i < json_array_size(entries); i++) {
            const json_t *entry = json_array_get(entries, i);
            char *name = NULL, what[240];
            const char *full = json_string_value(json_object_get(entry, "name"));
            if ((size_t)strtoul(full, &name, 10) != r)
                continue;
            const bool shift = strncmp(name, " shift ", 7) == 0;
            Address by;
            CHECK(net_address(net, strrchr(name, ' ') + 1, &by, NULL), "%s", full);
            const size_t count = shift ? (size_t)net->layers[by.layer].out.c : shape_size(net->layers[by.layer].out);
            float *values = malloc(count * sizeof *values);
            assert_non_null(values);
            (shift ? run_shift_gradient : run_map_gradient)(run, by.layer, 0, values);
            snprintf(what, sizeof what, "%s, request %s, %s engine", golden, full, engine->name);
            check_entry(entry, values, count, what);
            free(values);
            checked++;
        }
    }
    assert_int_equal(checked, json_array_size(entries));
    run_free(run);
    free(weights);
    net_free(net);
    json_decref(root);
}

static void test_map_gradients(void **state)
{
    (void)state;
    static const char *const names[] = {"small", "bn", "odd", "nin"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "tests/nets/%s.net", names[i]);
        check_map_gradients(&reference_engine, path, names[i]);
        check_map_gradients(&fast_engine, path, names[i]);
    }
}

static void test_gradients_without_a_fully_connected_layer(void **state)
{
    (void)state;
    check_gradients(&reference_engine, "tests/nets/nin.net", "nin_aux", 2, 0.3f);
    check_gradients(&fast_engine, "tests/nets/nin.net", "nin_aux", 2, 0.3f);
}

static void check_occlusion(const char *path, const char *golden, int square, int step, int label)
{
    Net *net = seeded_net(path);
    float *weights = seeded_weights(net, 1), *x = seeded_input(net);
    Run *run = start(&reference_engine, net, weights, (RunOptions){0});
    json_t *root = golden_open("occlusion", golden);
    OcclusionPlan plan;
    Err err = {""};
    char name[32];
    CHECK(occlusion_plan(net->input, square, step, &plan, &err), "%s", err.text);
    const size_t count = (size_t)occlusion_count(&plan), classes = (size_t)net_scores(net, 0), pixels = (size_t)net->input.h * (size_t)net->input.w;
    float *covered = malloc(shape_size(net->input) * sizeof *covered), *logits = malloc((count + 1) * classes * sizeof *logits);
    float *map = malloc(pixels * sizeof *map);
    assert_true(covered != NULL && logits != NULL && map != NULL);
    float *whole = logits + count * classes;
    occlusion_logits(run, &plan, x, -1, covered, whole);
    for (size_t s = 0; s < count; s++)
        occlusion_logits(run, &plan, x, (int)s, covered, logits + s * classes);
    occlusion_map(&plan, whole, logits, (int)count, net_scores(net, 0), label, map);
    snprintf(name, sizeof name, "%d/%d", square, step);
    check_values(find_entry(root, name), map, pixels, golden); /* not the sum: the whole picture's rounding is in every pixel */
    /* With the first square alone: its loss in each of its pixels, nothing elsewhere. */
    occlusion_map(&plan, whole, logits, 1, net_scores(net, 0), label, map);
    const float lost = (float)((double)whole[label] - (double)logits[label]);
    for (int y = 0; y < net->input.h; y++)
        for (int i = 0; i < net->input.w; i++)
            CHECK_NEAR(map[y * net->input.w + i], y < square && i < square ? lost : 0, 0, 0, "%s at %d, %d", golden, y, i);
    json_decref(root);
    run_free(run);
    free(map);
    free(logits);
    free(covered);
    free(x);
    free(weights);
    net_free(net);
}

static void test_occlusion(void **state)
{
    (void)state;
    check_occlusion("tests/nets/small.net", "small", 16, 8, 3);
    check_occlusion("tests/nets/odd.net", "odd", 12, 5, 1); /* steps that do not divide; squares cut at the border */
    check_occlusion("tests/nets/nin.net", "nin", 9, 4, 2);
}

static void test_occlusion_plans(void **state)
{
    (void)state;
    OcclusionPlan plan;
    Err err = {""};
    const Shape googlenet = {1, 3, 224, 224};
    plan = occlusion_plan_default(googlenet);
    assert_true(plan.square == 32 && plan.step == 16 && plan.rows == 13 && plan.cols == 13);
    plan = occlusion_plan_default((Shape){1, 1, 1, 1});
    assert_true(plan.square == 1 && plan.step == 1 && plan.rows == 1 && plan.cols == 1);
    static const int bad[][2] = {{0, 1}, {225, 1}, {-1, 1}, {32, 0}, {32, 33}, {32, -16}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!occlusion_plan(googlenet, bad[i][0], bad[i][1], &plan, &err), "%d, %d", bad[i][0], bad[i][1]);
    assert_true(!occlusion_plan((Shape){1, 3, 65536, 65536}, 1, 1, &plan, &err) && strstr(err.text, "take a larger step") != NULL);
    assert_true(occlusion_plan(googlenet, 224, 224, &plan, &err));
    assert_int_equal(occlusion_count(&plan), 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_small_maps),
    cmocka_unit_test(test_odd_maps),
    cmocka_unit_test(test_batch_norm_maps),
    cmocka_unit_test(test_maps_without_a_fully_connected_layer),
    cmocka_unit_test(test_googlenet_maps),
    cmocka_unit_test(test_torchvision_googlenet_maps),
    cmocka_unit_test(test_bvlc_googlenet_maps_with_real_weights),
    cmocka_unit_test(test_small_gradients_with_auxiliary_losses),
    cmocka_unit_test(test_small_gradients_of_the_main_loss),
    cmocka_unit_test(test_batch_norm_gradients),
    cmocka_unit_test(test_map_gradients),
    cmocka_unit_test(test_gradients_without_a_fully_connected_layer),
    cmocka_unit_test(test_occlusion),
    cmocka_unit_test(test_occlusion_plans),
};

TEST_MAIN(tests)
