/* test_readers.c - who reads a map: the list that the model gives against a walk of the whole graph, for every layer of every network. */
#include "tests/check.h"
#include "tests/program.h"

#include <math.h>

enum { READERS_MAX = 1 << 18, KERNELS_MAX = 1 << 16 };

/* Forwards from the map: which channels of each layer are it. Only layers that treat every channel by itself, and concats, hand it on. */
static bool **flood(const Net *net, int layer, int channel)
{
    bool **is = calloc((size_t)net->layer_count, sizeof *is);
    for (int l = 0; l < net->layer_count; l++) {
        const Layer *to = &net->layers[l];
        is[l] = calloc((size_t)to->out.c, sizeof **is);
        if (l == layer)
            is[l][channel] = true;
        if (l <= layer || to->op == OP_CONV || to->op == OP_FC || to->op == OP_SOFTMAX || to->op == OP_INPUT)
            continue;
        for (int i = 0, at = 0; i < to->input_count; i++)
            for (int c = 0; c < net->layers[to->inputs[i]].out.c; c++, at++)
                is[l][at] = is[to->inputs[i]][c];
    }
    return is;
}

/* By kernel, all layers' one after another: the mean |w| on the map, or -1 where the kernel does not read it. Returns how many do. */
static int brute(const Model *m, int layer, int channel, double *weight)
{
    const Net *net = model_net(m);
    bool **is = flood(net, layer, channel);
    int count = 0;
    for (int l = 0; l < net->layer_count; weight += net->layers[l++].out.c) {
        const Layer *at = &net->layers[l];
        bool reads = false;
        for (int o = 0; o < at->out.c; o++)
            weight[o] = -1;
        for (int c = 0; at->weight >= 0 && at->head == net->layers[layer].head && c < at->in.c; c++)
            reads = reads || is[at->inputs[0]][c];
        if (!reads)
            continue;
        const Param *p = &net->params[at->weight];
        const int groups = at->op == OP_CONV ? at->groups : 1, inputs = (int)(p->count / (size_t)p->dims[0]);
        const int taps = at->op == OP_CONV ? at->k * at->k : at->in.h * at->in.w;
        for (int o = 0; o < p->dims[0]; o++) {
            const int group = o / (p->dims[0] / groups);
            double sum = 0;
            int read = 0;
            for (int c = 0; c < inputs / taps; c++) /* of the layer's input, those of the kernel's group */
                for (int t = 0; is[at->inputs[0]][group * (at->in.c / groups) + c] && t < taps; t++) {
                    sum += fabs((double)model_weights(m)[p->offset + (size_t)o * (size_t)inputs + (size_t)(c * taps + t)]);
                    read++;
                }
            if (read > 0) {
                weight[o] = sum / read;
                count++;
            }
        }
    }
    for (int l = 0; l < net->layer_count; l++)
        free(is[l]);
    free(is);
    return count;
}

static void check_map(const Model *m, int layer, int channel, Reader *readers, double *weight)
{
    const Net *net = model_net(m);
    char name[NET_NAME_MAX + 32];
    cursor_text(net, (Cursor){layer, channel, -1, -1}, name, sizeof name);
    const int expected = brute(m, layer, channel, weight), count = model_readers(m, layer, channel, readers, READERS_MAX);
    CHECK(expected < READERS_MAX && count == expected, "%s %s: %d readers, not %d", net->name, name, count, expected);
    for (int i = 0; i < count; i++) {
        const Reader *r = &readers[i];
        const Layer *l = &net->layers[r->layer];
        size_t at = (size_t)r->kernel;
        for (int before = 0; before < r->layer; before++)
            at += (size_t)net->layers[before].out.c;
        CHECK(weight[at] >= 0, "%s %s: %s[%d] does not read it, or is listed twice", net->name, name, l->name, r->kernel);
        CHECK_NEAR(r->weight, weight[at], 1e-7, 1e-5, "%s %s: weight of %s[%d]", net->name, name, l->name, r->kernel);
        weight[at] = -1;
        CHECK(i == 0 || r->weight <= readers[i - 1].weight, "%s %s: in order", net->name, name);
        /* The reader's input is the map or a concat with it, or the layer between them is named. */
        CHECK(r->via < 0 ? l->inputs[0] == layer || net->layers[l->inputs[0]].op == OP_CONCAT : r->via == l->inputs[0] && r->via != layer,
              "%s %s: %s reads it via %d", net->name, name, l->name, r->via);
    }
}

static void test_every_layer(void **state)
{
    static const char *const networks[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet", "tiny", "alexnet", "lenet5", "inception_naive",
                                           "tests/nets/small.net", "tests/nets/odd.net"};
    Reader *readers = calloc(READERS_MAX, sizeof *readers);
    double *weight = calloc(KERNELS_MAX, sizeof *weight);
    (void)state;
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++) {
        Err err;
        Net *const net = net_open(networks[n], "assets/networks", NULL, &err);
        CHECK(net != NULL, "%s", err.text);
        float *weights = malloc(net->weight_count * sizeof *weights);
        for (size_t i = 0; i < net->weight_count; i++) /* of both signs, all different nearby */
            weights[i] = (float)((int)((uint32_t)i * 2654435761u >> 8) - (1 << 23)) / (float)(1 << 23);
        const Source source = {.net = net, .weights = weights};
        Model model = {.source = shared_source_new(source)}; /* as much of it as the question needs */
        for (int l = 0; l < net->layer_count; l++) {
            const int count = net->layers[l].out.c, other = (7 * l + 3) % count;
            check_map(&model, l, 0, readers, weight);
            if (other != 0)
                check_map(&model, l, other, readers, weight);
        }
        shared_source_release(model.source);
    }
    free(readers);
    free(weight);
}

/* What is read through a pool is said to be: by name, beside the kernel. */
static void test_module_pool(void **state)
{
    static const struct { const char *map; const char *readers[4]; const char *via[4]; } cases[] = {
        {"3a/pool[5]", {"3a/pool_proj"}, {""}},
        {"maxpool2[5]", {"3a/1x1", "3a/3x3_reduce", "3a/5x5_reduce", "3a/pool_proj"}, {"", "", "", "3a/pool"}},
        {"3a/5x5[7]", {"3b/1x1", "3b/3x3_reduce", "3b/5x5_reduce", "3b/pool_proj"}, {"", "", "", "3b/pool"}},
        {"conv1[5]", {"conv2"}, {"norm1"}},
        {"3b[100]", {"4a/1x1", "4a/3x3_reduce", "4a/5x5_reduce", "4a/pool_proj"}, {"maxpool3", "maxpool3", "maxpool3", "4a/pool"}},
        {"5b[9]", {"fc"}, {"dropout"}},
    };
    Reader *readers = calloc(READERS_MAX, sizeof *readers);
    Program *p = *state;
    const Net *net = model_net(p->model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Address a;
        Err err;
        bool seen[4] = {false};
        CHECK(net_address(net, cases[i].map, &a, &err), "%s", err.text);
        const int count = model_readers(p->model, a.layer, a.channel, readers, READERS_MAX);
        for (int r = 0; r < count; r++) {
            char via[NET_NAME_MAX + 32] = "", layer[NET_NAME_MAX + 32];
            int k = 0;
            cursor_text(net, (Cursor){readers[r].layer, -1, -1, -1}, layer, sizeof layer);
            if (readers[r].via >= 0)
                cursor_text(net, (Cursor){readers[r].via, -1, -1, -1}, via, sizeof via);
            while (k < 4 && (cases[i].readers[k] == NULL || strcmp(cases[i].readers[k], layer) != 0))
                k++;
            CHECK(k < 4 && strcmp(cases[i].via[k], via) == 0, "%s: read by %s via '%s'", cases[i].map, layer, via);
            seen[k] = true;
        }
        for (int k = 0; k < 4; k++)
            CHECK(seen[k] == (cases[i].readers[k] != NULL), "%s: not read by %s", cases[i].map, cases[i].readers[k] != NULL ? cases[i].readers[k] : "");
    }
    CHECK(model_goto(p->model, "3a/pool[5]", NULL, NULL, &(Err){""}), "no pool");
    model_select(p->model, (Cursor){program_layer(p, "3a/pool"), 5, -1, -1});
    program_rest(p);
    CHECK(program_find(p, "text", "3a/pool_proj[") != NULL && program_find(p, "text", "_reduce[") == NULL, "the module's other branches read its pool");
    free(readers);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_layer), cmocka_unit_test(test_module_pool)};
int main(void)
{
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
