/* The networks that came before and beside GoogLeNet: totals as published, and layer by layer as PyTorch builds them
 * (golden/counts.txt by oracle_counts.py). tiny.net is computed and compared with PyTorch's maps of the same whole numbers. */
#include "traced.h"

#include "engine/net/run.h"

static void test_published_totals(void **state)
{
    (void)state;
    static const struct { const char *network; int64_t params; const char *source; } want[] = {
        {"lenet5", 61706, "LeCun 1998 with the full C3: 156 + 2,416 + 48,120 + 10,164 + 850"},
        {"alexnet", 60965224, "Caffe's bvlc_alexnet, grouped"},
        {"vgg16", 138357544, "torchvision's weights table; table 2 of the paper: 138 million"},
        {"vgg19", 143667240, "torchvision's weights table; table 2 of the paper: 144 million"},
        {"googlenet", 6998552, "the tutorial's model.py without heads"},
        {"bvlc_googlenet", 6998552, "bvlc_googlenet.caffemodel without heads"},
        {"torchvision_googlenet", 6624904, "torchvision's weights table"},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Trace t;
        Net *net = open_or_fail(want[i].network, NULL, &t);
        CHECK(t.main.params == want[i].params, "%s: %lld; source: %s", want[i].network, (long long)t.main.params, want[i].source);
        trace_free(&t);
        net_free(net);
    }
}

/* CS231n 2017, lecture 9: the slides' numbers and the module that they imitate. */
static void test_cs231n_presets(void **state)
{
    (void)state;
    static const struct { const char *network; int64_t macs; int channels; } want[] = {
        {"cs231n_naive", 854196224, 672}, {"cs231n_slide_rows", 271351808, 480}, {"cs231n_slide_total", 358055936, 672}, {"cs231n_3b", 304267264, 480},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Trace t;
        Net *net = open_or_fail(want[i].network, NULL, &t);
        CHECK(t.main.macs == want[i].macs, "%s: %lld", want[i].network, (long long)t.main.macs);
        CHECK(i == 2 || net->layers[net->main_count - 1].out.c == want[i].channels, "%s", want[i].network);
        CHECK(net_scores(net, 0) == 0 && net->heads[0].logits == net->main_count - 1, "%s has no classes", want[i].network);
        trace_free(&t);
        net_free(net);
    }
}

/* The next weighted layer at or after i, or -1. */
static int weighted(const Net *net, int i)
{
    while (i < net->main_count && net->layers[i].weight < 0)
        i++;
    return i < net->main_count ? i : -1;
}

static void test_layers_as_pytorch_builds_them(void **state)
{
    (void)state;
    FILE *file = fopen("tests/golden/counts.txt", "r");
    CHECK(file != NULL, "golden/counts.txt");
    char line[256], name[64], kind[32], shape[64], where[160] = "";
    long long params, macs;
    Net *net = NULL;
    Trace t;
    int next = 0, networks = 0, layers = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "network %63s %lld %lld", name, &params, &macs) == 3) {
            if (net != NULL) {
                CHECK(weighted(net, next) == -1, "%s has more layers than PyTorch's", net->name);
                trace_free(&t);
                net_free(net);
            }
            net = open_or_fail(name, NULL, &t);
            CHECK(t.main.params == params && t.main.macs == macs, "%s: %lld parameters, %lld MAC", name, (long long)t.main.params, (long long)t.main.macs);
            next = 0;
            networks++;
        } else if (sscanf(line, "heads %63s %lld", name, &params) == 2) {
            Trace heads;
            Net *with = open_or_fail(name, NULL, &heads);
            CHECK(heads.training.params == params, "%s with heads: %lld", name, (long long)heads.training.params);
            trace_free(&heads);
            net_free(with);
        } else if (sscanf(line, "%31s %63s %lld", kind, shape, &params) == 3 && line[0] != '#') {
            char got[64];
            int i = weighted(net, next);
            CHECK(i >= 0, "%s has fewer layers than PyTorch's", net->name);
            const Layer *l = &net->layers[i];
            const Counts *c = &t.layers[i].counts;
            snprintf(where, sizeof where, "%s %s", net->name, l->name);
            snprintf(got, sizeof got, l->op == OP_FC ? "%d" : "%dx%dx%d", l->out.c, l->out.h, l->out.w);
            CHECK(strcmp(kind, l->op == OP_FC ? "Linear" : "Conv2d") == 0 && strcmp(got, shape) == 0, "%s: %s, not %s", where, got, shape);
            CHECK(c->weights + c->biases == params, "%s: %lld", where, (long long)(c->weights + c->biases));
            next = i + 1;
            layers++;
        }
    }
    fclose(file);
    CHECK(networks == 7 && layers == 16 + 19 + 58 + 8 + 8 + 5 + 31, "%d networks, %d layers", networks, layers);
    trace_free(&t);
    net_free(net);
}

static void test_tiny_by_hand(void **state)
{
    (void)state;
    Trace t;
    Net *net = open_or_fail("tiny", NULL, &t);
    CHECK(net->given_weights != NULL && net->given_input != NULL, "tiny.net brings its numbers");
    Err err = {""};
    Run *run = run_new(&reference_engine, net, &(RunOptions){.batch = 1}, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, net->given_weights);
    run_input(run, net->given_input, 1);
    run_forward(run);
    FILE *file = fopen("tests/golden/tiny.txt", "r");
    CHECK(file != NULL, "golden/tiny.txt");
    char line[1024];
    int layers = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line, *name = strsep(&rest, " ");
        Address a;
        CHECK(net_address(net, name, &a, &err), "%s", err.text);
        size_t count = shape_size(net->layers[a.layer].out);
        float values[128];
        CHECK(count <= 128, "%s", name);
        run_activation(run, a.layer, 0, values);
        for (size_t i = 0; i < count; i++) {
            double want = strtod(rest, &rest);
            /* Whole numbers and sixteenths are exact; softmax is not. */
            CHECK_NEAR(values[i], want, net->layers[a.layer].op == OP_SOFTMAX ? 1e-6 : 0, 0, "%s[%zu]", name, i);
        }
        layers++;
    }
    fclose(file);
    CHECK(layers == net->layer_count, "%d of %d layers", layers, net->layer_count);
    run_free(run);
    trace_free(&t);
    net_free(net);

    /* With another input the given numbers no longer belong to the network. */
    net = open_or_fail("tiny", &(NetOptions){.input = {1, 2, 6, 6}}, &t);
    CHECK(net->given_weights == NULL && net->given_input == NULL, "left out");
    trace_free(&t);
    net_free(net);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_published_totals),
    cmocka_unit_test(test_cs231n_presets),
    cmocka_unit_test(test_layers_as_pytorch_builds_them),
    cmocka_unit_test(test_tiny_by_hand),
};

TEST_MAIN(table)
