/* test_loss_gradients.c - gradient flow: what the auxiliary heads add to each layer, dead units, the same numbers in both engines. */
#include "engine/train/loss_gradients.h"
#include "engine/train/init.h"
#include "tests/check.h"

enum { INPUT = 3 * 64 * 64 };

typedef struct Case {
    Net *net;
    float *weights;
    float x[INPUT];
} Case;

static Case *open_case(bool no_heads)
{
    Case *c = calloc(1, sizeof *c);
    NetOptions options = {.input = {1, 3, 64, 64}, .classes = 5, .no_heads = no_heads};
    Err err = {""};
    c->net = net_open("tests/nets/small.net", "tests/nets", &options, &err);
    CHECK(c->net != NULL, "%s", err.text);
    c->weights = calloc(c->net->weight_count, sizeof(float));
    init_weights(c->net, 7, c->weights);
    for (int i = 0; i < c->net->param_count; i++) /* the article's fc weights are so small that nothing would flow */
        for (size_t k = 0; c->net->params[i].dim_count == 2 && k < c->net->params[i].count; k++)
            c->weights[c->net->params[i].offset + k] *= 20;
    Rng rng = rng_make(5, 5);
    for (int i = 0; i < INPUT; i++)
        c->x[i] = (float)(2 * rng_uniform(&rng) - 1);
    return c;
}

static void close_case(Case *c)
{
    net_free(c->net);
    free(c->weights);
    free(c);
}

static const LayerGradients *layer_of(const LossGradients *g, const Net *net, const char *name)
{
    for (int i = 0; i < g->layer_count; i++)
        if (strcmp(net->layers[g->layers[i].layer].name, name) == 0)
            return &g->layers[i];
    CHECK(false, "no layer %s", name);
    return NULL;
}

static LossGradients gradients_of(const Case *c, const Engine *engine, int label)
{
    LossGradients g;
    Err err = {""};
    CHECK(loss_gradients_compute(engine, c->net, c->weights, c->x, &(LossChoice){.label = label}, &g, &err), "%s", err.text);
    return g;
}

static void test_heads_reach_what_lies_below_their_taps(void **state)
{
    (void)state;
    Case *c = open_case(false);
    LossGradients g = gradients_of(c, &reference_engine, 2);
    assert_int_equal(g.label, 2);
    assert_int_equal(g.head_count, 3);
    const char *below[] = {"conv1", "conv3", "inception_3a/3x3", "inception_3b/concat", "inception_4a/1x1"};
    const char *above[] = {"maxpool3", "inception_5a/3x3", "inception_5a/concat", "fc"};
    for (int i = 0; i < 5; i++) {
        const LayerGradients *f = layer_of(&g, c->net, below[i]);
        CHECK(fabs(f->map_norm[PASS_WITH_AUX] - f->map_norm[PASS_MAIN_ONLY]) > 1e-6 * f->map_norm[PASS_MAIN_ONLY], "%s", below[i]);
    }
    for (int i = 0; i < 4; i++) {
        const LayerGradients *f = layer_of(&g, c->net, above[i]);
        CHECK(f->map_norm[PASS_MAIN_ONLY] > 0, "%s", above[i]);
        CHECK_NEAR(f->map_norm[PASS_WITH_AUX], f->map_norm[PASS_MAIN_ONLY], 0, 1e-6, "%s", above[i]);
        CHECK_NEAR(f->weight_norm[PASS_WITH_AUX], f->weight_norm[PASS_MAIN_ONLY], 0, 1e-6, "%s", above[i]);
    }
    const LayerGradients *head = layer_of(&g, c->net, "aux1/fc1");
    assert_true(head->weight_norm[PASS_WITH_AUX] > 0);
    assert_true(head->weight_norm[PASS_MAIN_ONLY] == 0 && head->map_norm[PASS_MAIN_ONLY] == 0);
    assert_true(layer_of(&g, c->net, "maxpool1")->weight_norm[0] == -1);
    /* |dL/dlogits|: softmax minus one-hot, whose label's component is p - 1. */
    const LayerGradients *fc = layer_of(&g, c->net, "fc");
    assert_true(fc->map_norm[PASS_MAIN_ONLY] >= 1 - g.heads[0].label_prob - 1e-6);
    CHECK_NEAR(g.heads[0].loss, -log(g.heads[0].label_prob), 1e-5, 0, "loss of the label");
    loss_gradients_free(&g);
    close_case(c);
}

/* A label is meant for all heads at once, so they have as many scores; and there is something to flow through. */
static void test_what_has_no_flow(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } none[] = {
        {"network n\ninput 3x4x4\nconv c 1x1/1 4\n", "n.net:3: network n has no class scores"},
        {"network n\ninput 3x4x4\nfc f 3\naux x tap=f\nfc g 5000\n", "n.net:5: head x gives 5000 class scores and the main path 3"},
        {"network n\ninput 3x4x4\nfc f 3\naux x tap=f\nfc g 2\n", "n.net:5: head x gives 2 class scores and the main path 3"},
        {"network n\ninput 3x1x1\nsoftmax p\nsoftmax q\n", "n.net:4: network n is a softmax of the picture itself"},
    };
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    float weights[3 * 48 + 3 + 4 * 5000 * 4] = {0}, x[48] = {0};
    for (size_t i = 0; i < 2 * sizeof none / sizeof none[0]; i++) {
        Err err = {""};
        LossGradients g;
        Net *net = net_parse(none[i / 2].text, strlen(none[i / 2].text), "n.net", NULL, &err);
        CHECK(net != NULL && net->weight_count <= sizeof weights / sizeof weights[0], "%s", err.text);
        CHECK(!loss_gradients_compute(engines[i % 2], net, weights, x, &(LossChoice){.label = 2}, &g, &err), "%zu", i);
        CHECK(strncmp(err.text, none[i / 2].says, strlen(none[i / 2].says)) == 0, "%s", err.text);
        net_free(net);
    }
}

static void test_dead_units_are_counted(void **state)
{
    (void)state;
    Case *c = open_case(false);
    LossGradients before = gradients_of(c, &reference_engine, 0);
    const LayerGradients *was = layer_of(&before, c->net, "inception_3a/1x1");
    assert_int_equal(was->channels, 4);
    assert_true(was->dead < 4 && was->zero_share < 1);
    const Layer *layer = &c->net->layers[was->layer];
    float *bias = c->weights + c->net->params[layer->bias_param].offset;
    for (int k = 0; k < 4; k++)
        bias[k] = -1e6f;
    LossGradients after = gradients_of(c, &reference_engine, 0);
    const LayerGradients *is = layer_of(&after, c->net, "inception_3a/1x1");
    assert_int_equal(is->dead, 4);
    CHECK_NEAR(is->zero_share, 1, 0, 0, "all values");
    CHECK_NEAR(is->weight_norm[PASS_WITH_AUX], 0, 0, 0, "a dead layer learns nothing");
    assert_int_equal(layer_of(&after, c->net, "maxpool1")->channels, -1);
    loss_gradients_free(&before);
    loss_gradients_free(&after);
    close_case(c);
}

static void test_engines_agree(void **state)
{
    (void)state;
    Case *c = open_case(false);
    LossGradients a = gradients_of(c, &reference_engine, 1), b = gradients_of(c, &fast_engine, 1);
    assert_int_equal(a.layer_count, b.layer_count);
    for (int i = 0; i < a.layer_count; i++) {
        const char *name = c->net->layers[a.layers[i].layer].name;
        for (int p = 0; p < PASS_COUNT; p++) {
            CHECK_NEAR(b.layers[i].weight_norm[p], a.layers[i].weight_norm[p], 1e-6, 1e-3, "%s, weights", name);
            CHECK_NEAR(b.layers[i].map_norm[p], a.layers[i].map_norm[p], 1e-6, 1e-3, "%s, map", name);
        }
        CHECK(abs(b.layers[i].dead - a.layers[i].dead) == 0, "%s: %d and %d dead", name, a.layers[i].dead, b.layers[i].dead);
    }
    loss_gradients_free(&a);
    loss_gradients_free(&b);
    close_case(c);
}

/* For the answer itself the loss is the smallest there is; the next class shows how a loss flows. */
static void test_label_defaults_to_the_second(void **state)
{
    (void)state;
    Case *c = open_case(true);
    LossGradients g = gradients_of(c, &reference_engine, -1);
    assert_int_equal(g.head_count, 1);
    CHECK(g.label != g.heads[0].answer && g.heads[0].answer_prob >= 0.2, "the answer itself is the label");
    int larger = 0;
    for (int label = 0; label < net_scores(c->net, 0); label++) {
        LossGradients other = gradients_of(c, &reference_engine, label);
        larger += other.heads[0].label_prob > g.heads[0].label_prob;
        CHECK(other.heads[0].loss >= -log(g.heads[0].answer_prob) - 1e-5, "label %d", label);
        loss_gradients_free(&other);
    }
    assert_int_equal(larger, 1);
    loss_gradients_free(&g);
    close_case(c);
}

/* The only class is taken where there is no second one. */
static void test_one_class(void **state)
{
    static const char text[] = "network one \"One\"\ninput 3x8x8\nclasses 1\nconv conv1 3x3/1 pad=1 4\navgpool avgpool to=1x1\nfc fc classes\nsoftmax softmax\n";
    (void)state;
    Err err = {""};
    LossGradients g;
    Net *net = net_parse(text, strlen(text), "one.net", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    float *weights = calloc(net->weight_count, sizeof *weights), x[3 * 8 * 8] = {0};
    CHECK(loss_gradients_compute(&reference_engine, net, weights, x, &(LossChoice){.label = -1}, &g, &err), "%s", err.text);
    assert_int_equal(g.label, 0);
    CHECK_NEAR(g.heads[0].loss, 0, 0, 0, "%s", "nothing else is possible");
    loss_gradients_free(&g);
    free(weights);
    net_free(net);
}

/* conv1 of 64 x 64 pictures: 8 maps of 32 x 32, and 8 kernels of 7 x 7 over 3 channels with their biases. */
static void test_mean_per_value(void **state)
{
    (void)state;
    Case *c = open_case(false);
    LossGradients g = gradients_of(c, &reference_engine, 2);
    const LayerGradients *f = layer_of(&g, c->net, "conv1");
    for (int p = 0; p < PASS_COUNT; p++) {
        CHECK_NEAR(loss_gradients_map_rms(c->net, f, p), f->map_norm[p] / sqrt(8.0 * 32 * 32), 0, 1e-12, "pass %d", p);
        CHECK_NEAR(loss_gradients_weight_rms(c->net, f, p), f->weight_norm[p] / sqrt(8.0 * (3 * 7 * 7 + 1)), 0, 1e-12, "pass %d", p);
    }
    assert_true(loss_gradients_weight_rms(c->net, layer_of(&g, c->net, "maxpool1"), PASS_WITH_AUX) == -1);
    assert_int_equal(loss_gradients_weight_count(c->net, 0), 0);
    loss_gradients_free(&g);
    close_case(c);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_heads_reach_what_lies_below_their_taps),
    cmocka_unit_test(test_what_has_no_flow),
    cmocka_unit_test(test_dead_units_are_counted),
    cmocka_unit_test(test_engines_agree),
    cmocka_unit_test(test_label_defaults_to_the_second),
    cmocka_unit_test(test_one_class),
    cmocka_unit_test(test_mean_per_value),
};

TEST_MAIN(tests)
