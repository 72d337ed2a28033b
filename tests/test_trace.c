/* What networks cost: published totals, and a second derivation that shares no arithmetic with trace.c: parameters by walking
 * the tensors, multiplications by running a conv loop that counts. */
#include "traced.h"

#include "app/model/phrases.h"
#include "engine/base/count.h"

static int find(const Net *net, const char *name)
{
    Address a;
    Err err = {""};
    CHECK(net_address(net, name, &a, &err), "%s", err.text);
    return a.layer;
}

/* Sources: the tutorial's model.py under PyTorch 1.13 (state_dict sizes); torchvision 0.14's googlenet; arithmetic from Table 1. */
static void test_totals(void **state)
{
    (void)state;
    Trace t;
    Net *net = open_or_fail("googlenet", NULL, &t);
    CHECK(t.main.weights == 6990272 && t.main.biases == 8280 && t.main.bn == 0 && t.main.params == 6998552, "main path");
    CHECK(t.main.macs == 1582671872, "%lld", (long long)t.main.macs);
    CHECK(t.main.macs + t.main.bias_adds == 1585899032, "%lld", (long long)t.main.bias_adds);
    CHECK(t.training.params == 13378280 && t.training.weights == 13365696 && t.training.biases == 12584, "with heads");
    CHECK(t.aux.params == 3188840 + 3190888 && t.aux.macs == 4169728 + 4202496, "heads: %lld MAC", (long long)t.aux.macs);
    trace_free(&t);
    net_free(net);
    net = open_or_fail("torchvision_googlenet", NULL, &t);
    CHECK(t.main.params == 6624904 && t.main.bn == 14560 && t.main.biases == 1000, "torchvision: %lld", (long long)t.main.params);
    CHECK(t.training.params == 13004888, "torchvision with heads: %lld", (long long)t.training.params);
    trace_free(&t);
    net_free(net);
}

/* The golden table of Table 1's modules: weights, biases, MACs, what each branch sees. */
static void test_modules(void **state)
{
    (void)state;
    static const struct { const char *title; int64_t weights, with_biases, macs, field_min, field; double naive; } want[] = {
        {"3a", 163328, 163696, 128049152, 27, 59, 2.41}, {"3b", 388096, 388736, 304267264, 27, 91, 2.85},
        {"4a", 375552, 376176, 73608192, 43, 171, 4.25}, {"4b", 448512, 449160, 87908352, 43, 235, 4.38},
        {"4c", 509440, 510104, 99850240, 43, 299, 4.12}, {"4d", 604672, 605376, 118515712, 43, 363, 3.70},
        {"4e", 867328, 868352, 169996288, 43, 427, 3.94}, {"5a", 1042432, 1043456, 51079168, 75, 587, 5.16},
        {"5b", 1442816, 1444080, 70697984, 75, 715, 4.13},
    };
    static const int64_t third[] = {8192, 49152, 12288, 24576, 24576, 32768, 65536, 65536, 98304};
    Trace t;
    Net *net = open_or_fail("googlenet", NULL, &t);
    for (int m = 0; m < net->module_count; m++) {
        const Module *module = &net->modules[m];
        Counts c = trace_sum(&t, module->first, module->last);
        const LayerTrace *l = &t.layers[module->last];
        CHECK(strcmp(module->title, want[m].title) == 0 && c.weights == want[m].weights && c.params == want[m].with_biases &&
              c.macs == want[m].macs, "%s: %lld %lld %lld", module->title, (long long)c.weights, (long long)c.params, (long long)c.macs);
        CHECK(l->field_min == want[m].field_min && l->field == want[m].field, "%s sees %lld to %lld", module->title,
              (long long)l->field_min, (long long)l->field);
        int64_t branches = 0;
        for (int b = 0; b < BRANCH_COUNT; b++)
            branches += trace_branch(&t, m, (Branch)b).weights;
        CHECK(branches == c.weights, "%s", module->title);

        Counts naive = trace_module_switched(net, m, (ModuleSwitch){.without_reductions = true});
        CHECK_NEAR((double)naive.weights / (double)c.weights, want[m].naive, 0.005, 0, "%s without reductions", module->title);
        Counts small = trace_module_switched(net, m, (ModuleSwitch){.third_3x3 = true});
        CHECK(c.weights - small.weights == third[m], "%s with a 3x3: %lld", module->title, (long long)small.weights);
        CHECK(trace_module_switched(net, m, (ModuleSwitch){false, false}).params == c.params, "%s unchanged", module->title);
    }
    static const int64_t weights_3a[] = {12288, 129024, 15872, 6144}, fields_3a[] = {27, 43, 59, 43};
    for (int b = 0; b < BRANCH_COUNT; b++) {
        CHECK(trace_branch(&t, 0, (Branch)b).weights == weights_3a[b], "3a branch %d", b);
        CHECK(t.layers[net->layers[net->modules[0].last].inputs[b]].field == fields_3a[b], "3a branch %d sees %lld", b,
              (long long)t.layers[net->layers[net->modules[0].last].inputs[b]].field);
    }
    CHECK(t.layers[find(net, "conv1")].field == 7 && t.layers[find(net, "maxpool1")].field == 11, "stem");
    CHECK(t.layers[find(net, "avgpool")].field == 907 && t.layers[find(net, "avgpool")].field_min == 267, "avgpool");
    CHECK(t.layers[find(net, "3a")].stride == 8 && t.layers[find(net, "5b")].stride == 32, "effective stride");
    trace_free(&t);
    net_free(net);
}

/* A switch changes the same counts whether the module is recounted or the network built anew. */
static void test_switches_both_ways(void **state)
{
    (void)state;
    Trace plain, changed;
    Net *net = open_or_fail("torchvision_googlenet", NULL, &plain);
    for (int m = 0; m < net->module_count; m++)
        for (int s = 1; s < 4; s++) {
            ModuleSwitch change = {(s & 1) != 0, (s & 2) != 0};
            const char *title = net->modules[m].title;
            Net *other = open_or_fail("torchvision_googlenet", &(NetOptions){.without_reductions = change.without_reductions ? title : NULL,
                                                                             .third_3x3 = change.third_3x3 ? title : NULL}, &changed);
            Counts a = trace_module_switched(net, m, change), b = trace_sum(&changed, other->modules[m].first, other->modules[m].last);
            CHECK(memcmp(&a, &b, sizeof a) == 0, "%s switch %d: %lld and %lld parameters", title, s, (long long)a.params, (long long)b.params);
            trace_free(&changed);
            net_free(other);
        }
    trace_free(&plain);
    net_free(net);
}

/* Walks a conv as its formula is written and counts the products, tap by tap. */
static void walk_conv(const Layer *l, int64_t *products, int64_t *with_padding)
{
    for (int o = 0; o < l->out.c; o++)
        for (int yo = 0; yo < l->out.h; yo++)
            for (int xo = 0; xo < l->out.w; xo++)
                for (int ky = 0; ky < l->k; ky++)
                    for (int kx = 0; kx < l->k; kx++) {
                        int y = yo * l->stride + ky - l->pad, x = xo * l->stride + kx - l->pad;
                        *with_padding += l->in.c / l->groups;
                        if (y >= 0 && y < l->in.h && x >= 0 && x < l->in.w)
                            *products += l->in.c / l->groups;
                    }
}

static void test_counts_a_second_way(void **state)
{
    (void)state;
    static const char *const names[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet"};
    for (int n = 0; n < 3; n++) {
        Trace t;
        Net *net = open_or_fail(names[n], NULL, &t);
        int64_t *params = calloc((size_t)net->layer_count, sizeof *params), module_3a = 0;
        size_t offset = 0;
        for (int p = 0; p < net->param_count; p++) {
            const Param *param = &net->params[p];
            size_t count = 1;
            for (int d = 0; d < param->dim_count; d++)
                count *= (size_t)param->dims[d];
            CHECK(count == param->count && param->offset == offset, "%s: tensor %d", names[n], p);
            offset += count;
            if (param->kind != PARAM_BN_MEAN && param->kind != PARAM_BN_VAR)
                params[param->layer] += (int64_t)count;
        }
        CHECK(offset == net->weight_count, "%s", names[n]);
        for (int i = 0; i < net->layer_count; i++) {
            const Layer *l = &net->layers[i];
            const Counts *c = &t.layers[i].counts;
            CHECK(params[i] == c->params, "%s %s", names[n], l->name);
            if (l->op != OP_CONV)
                continue;
            int64_t products = 0, with_padding = 0;
            walk_conv(l, &products, &with_padding);
            CHECK(products == c->multiplications && with_padding == c->macs, "%s %s: %lld of %lld", names[n], l->name,
                  (long long)products, (long long)with_padding);
            if (l->module == 0)
                module_3a += products;
        }
        CHECK(n == 2 || module_3a == 123127808, "3a: %lld", (long long)module_3a);
        free(params);
        trace_free(&t);
        net_free(net);
    }
}

static void test_formulas(void **state)
{
    (void)state;
    static const struct { const char *layer; FormulaOf what; const char *text; } want[] = {
        {"conv1", FORMULA_OUTPUT, "(224 + 2*3 - 7) / 2 + 1 = 112.5, floor 112"}, {"maxpool1", FORMULA_OUTPUT, "(112 - 3) / 2 + 1 = 55.5, ceil 56"},
        {"conv3", FORMULA_OUTPUT, "(56 + 2*1 - 3) / 1 + 1 = 56"}, {"conv1", FORMULA_WEIGHTS, "64 x 3 x 7 x 7 = 9,408"},
        {"fc", FORMULA_WEIGHTS, "1000 x 1024 = 1,024,000"}, {"conv1", FORMULA_MACS, "9,408 x 112 x 112 = 118,013,952"},
        {"3a/5x5", FORMULA_FIELD, "27 + (5 - 1) * 8 = 59"}, {"conv1", FORMULA_BIASES, "one per output channel = 64"}, {"maxpool1", FORMULA_WEIGHTS, ""},
    };
    Trace t;
    const Phrases p = phrases_in(LANG_EN);
    Net *net = open_or_fail("googlenet", NULL, &t);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char text[128];
        trace_formula(&t, find(net, want[i].layer), want[i].what, &p, text, sizeof text);
        CHECK(strcmp(text, want[i].text) == 0, "%s: '%s'", want[i].layer, text);
    }
    char text[32];
    format_count(-1234567, text, sizeof text);
    CHECK(strcmp(text, "-1,234,567") == 0, "%s", text);
    format_count(INT64_MIN, text, sizeof text);
    CHECK(strcmp(text, "-9,223,372,036,854,775,808") == 0, "%s", text);
    format_count(100, text, sizeof text);
    CHECK(strcmp(text, "100") == 0, "%s", text);
    trace_free(&t);
    net_free(net);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_totals),        cmocka_unit_test(test_modules),  cmocka_unit_test(test_switches_both_ways),
    cmocka_unit_test(test_counts_a_second_way), cmocka_unit_test(test_formulas),
};

TEST_MAIN(table)
