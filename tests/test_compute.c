/* test_compute.c - maps on the worker: after a change of weights only what depends on it is computed again, and every map has the bits of a
 * computation of the whole network. */
#include "app/model/compute.h"
#include "app/model/whatif.h"
#include "tests/seeded.h"

#include <time.h>

typedef struct Fixture {
    SharedSource *source;
    const Net *net;
    Compute *compute;
    float *x;
    const Engine *engine;
    WhatIf what_if;
    bool *depends;              /* per layer: see changed() */
    uint64_t *versions;         /* of all maps before the last change */
} Fixture;

/* size: of the input's side; 0: the network's own */
static Fixture start(const char *network, int size, const Engine *engine)
{
    Err err = {""};
    Fixture f = {.engine = engine};
    const NetOptions options = {.input = {1, 3, size, size}};
    Net *net = net_open(network, "assets/networks", size > 0 ? &options : NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    f.net = net;
    f.source = shared_source_new((Source){.net = net, .weights = seeded_weights(net, 3)});
    f.compute = compute_new(NULL, NULL, 0, &err);
    CHECK(f.source != NULL && f.compute != NULL, "%s", err.text);
    f.x = malloc(shape_size(net->input) * sizeof *f.x);
    Rng rng = rng_make(5, 5);
    for (size_t i = 0; i < shape_size(net->input); i++)
        f.x[i] = (float)(2 * rng_uniform(&rng) - 1);
    f.depends = calloc((size_t)net->layer_count, sizeof *f.depends);
    f.versions = calloc((size_t)net->layer_count, sizeof *f.versions);
    return f;
}

static void stop(Fixture *f)
{
    compute_free(f->compute);
    whatif_restore(&f->what_if);
    shared_source_release(f->source);
    free(f->x);
    free(f->depends);
    free(f->versions);
}

static void ask(Fixture *f)
{
    Err err = {""};
    const ComputeJob job = {.source = f->source, .weights = f->what_if.weights, .stamps = f->what_if.stamps, .x = f->x, .engine = f->engine};
    CHECK(compute_start(f->compute, &job, &err), "%s", err.text);
}

static void rest(Fixture *f)
{
    while (compute_busy(f->compute))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    const Progress at = compute_progress(f->compute);
    CHECK(at.failed.text[0] == '\0' && at.done == at.total && at.total == f->net->layer_count, "%d of %d: %s", at.done, at.total, at.failed.text);
}

/* Every map against a run of its own that computes everything. */
static void compare(Fixture *f, const char *when)
{
    Err err = {""};
    Run *run = run_new(f->engine, f->net, &(RunOptions){.batch = 1, .heads = true}, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, f->what_if.weights != NULL ? f->what_if.weights : f->source->source.weights);
    run_input(run, f->x, 1);
    run_forward(run);
    for (int l = 0; l < f->net->layer_count; l++) {
        const size_t count = shape_size(f->net->layers[l].out);
        float *whole = malloc(count * sizeof *whole);
        LayerMap map;
        run_activation(run, l, 0, whole);
        CHECK(compute_map(f->compute, l, &map) && map.current, "%s %s: %s has no map", f->engine->name, when, f->net->layers[l].name);
        CHECK(memcmp(whole, map.data, count * sizeof *whole) == 0, "%s %s: %s differs", f->engine->name, when, f->net->layers[l].name);
        free(whole);
    }
    run_free(run);
}

/* Remembers which maps there are. */
static void remember(Fixture *f)
{
    for (int l = 0; l < f->net->layer_count; l++) {
        LayerMap map;
        CHECK(compute_map(f->compute, l, &map), "%s has no map", f->net->layers[l].name);
        f->versions[l] = map.version;
    }
}

/* That exactly `layer` and what reads it, through however many layers, was computed since. */
static void changed(Fixture *f, int layer, const char *when)
{
    int count = 0;
    for (int l = 0; l < f->net->layer_count; l++) {
        LayerMap map;
        f->depends[l] = l == layer;
        for (int i = 0; i < f->net->layers[l].input_count; i++)
            f->depends[l] = f->depends[l] || f->depends[f->net->layers[l].inputs[i]];
        count += f->depends[l];
        CHECK(compute_map(f->compute, l, &map) && (map.version != f->versions[l]) == f->depends[l], "%s %s: %s was %s", f->engine->name, when,
              f->net->layers[l].name, f->depends[l] ? "kept" : "computed");
    }
    const Progress at = compute_progress(f->compute);
    CHECK(at.computed == count, "%s %s: %d layers computed, %d depend on it", f->engine->name, when, at.computed, count);
}

/* Scales a channel of each of some layers, one after another, edits a weight, puts all back. */
static void edits(const char *network, int size, const Engine *engine)
{
    Fixture f = start(network, size, engine);
    ask(&f);
    rest(&f);
    compare(&f, "at first");
    const float *weights = f.source->source.weights;
    int done = 0;
    for (int l = f.net->layer_count - 1; l > 0 && done < 5; l -= f.net->layer_count / 5) {
        while (f.net->layers[l].weight < 0)
            l--;
        remember(&f);
        CHECK(whatif_scale(&f.what_if, f.net, weights, l, 1, 0.25f), "no memory");
        ask(&f);
        rest(&f);
        changed(&f, l, "scaled");
        compare(&f, "scaled");
        done++;
    }
    CHECK(done >= 4, "%s: only %d layers", network, done);
    int first = 0, last = 0;
    for (int l = f.net->layer_count - 1; l >= 0; l--)
        first = f.net->layers[l].weight >= 0 ? l : first;
    for (int l = 0; l < f.net->main_count; l++)
        last = f.net->layers[l].weight >= 0 ? l : last;
    const size_t index = f.net->params[f.net->layers[last].weight].offset + 2;
    remember(&f);
    CHECK(whatif_weight(&f.what_if, f.net, weights, index, 2), "no memory");
    ask(&f);
    rest(&f);
    changed(&f, last, "a weight");
    compare(&f, "a weight");
    whatif_restore(&f.what_if);
    ask(&f);
    rest(&f);
    compare(&f, "put back");
    remember(&f);
    ask(&f); /* nothing has changed */
    rest(&f);
    changed(&f, -1, "nothing");
    /* Another change after putting back, without a job between them: it must not be taken for the first one. */
    whatif_scale(&f.what_if, f.net, weights, last, 0, 0.5f);
    ask(&f);
    rest(&f);
    whatif_restore(&f.what_if);
    whatif_scale(&f.what_if, f.net, weights, last, 1, 0.5f);
    ask(&f);
    rest(&f);
    compare(&f, "another change");
    /* Jobs that are overtaken: what was computed for them must not be taken for what the last one wants. */
    for (int i = 0; i < 12; i++) {
        if (i % 4 == 3)
            whatif_restore(&f.what_if);
        else
            whatif_scale(&f.what_if, f.net, weights, i % 2 == 0 ? first : last, i % 3, 0.5f);
        ask(&f);
        nanosleep(&(struct timespec){.tv_nsec = 700000 * i}, NULL);
    }
    whatif_scale(&f.what_if, f.net, weights, first, 0, 0.125f);
    ask(&f);
    rest(&f);
    compare(&f, "after overtaken jobs");
    f.x[7] += 1;
    ask(&f);
    rest(&f);
    compare(&f, "another picture");
    stop(&f);
}

static void test_reference(void **state)
{
    (void)state;
    edits("tests/nets/small.net", 0, &reference_engine);
    edits("tests/nets/bn.net", 0, &reference_engine);
    edits("tests/nets/odd.net", 0, &reference_engine);
}

static void test_fast(void **state)
{
    (void)state;
    edits("tests/nets/odd.net", 0, &fast_engine);
    edits("tests/nets/bn.net", 0, &fast_engine);
    edits("bvlc_googlenet", 97, &fast_engine);
}

/* An edited weight and a channel's scale are two things: neither is lost for the other, in whatever order they come. */
static void check_edits_and_scales(const char *network)
{
    Err err = {""};
    Net *net = net_open(network, "assets/networks", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    float *weights = malloc(net->weight_count * sizeof *weights);
    assert_non_null(weights);
    weights_random(net, 3, weights);
    for (int l = 0; l < net->layer_count; l++) {
        const Layer *layer = &net->layers[l];
        if (layer->weight < 0)
            continue;
        const Param *p = &net->params[layer->weight];
        const int channel = layer->out.c - 1;
        const size_t row = p->count / (size_t)p->dims[0], first = p->offset + row * (size_t)channel, a = first, b = first + row - 1, c = p->offset;
        const float share = layer->bn ? 1 : 0.25f, silent = layer->bn ? 1 : 0; /* of the weights; with batch norm it is gamma that is scaled */
        WhatIf w = {0};
        whatif_weight(&w, net, weights, a, 5);
        whatif_scale(&w, net, weights, l, channel, 0.25f);
        CHECK(w.weights[a] == 5 * share, "%s: edited, then scaled", layer->name);
        whatif_scale(&w, net, weights, l, channel, 0);
        if (row > 1) {
            whatif_weight(&w, net, weights, b, 7); /* the channel stays silent */
            CHECK(w.weights[b] == 7 * silent && whatif_own(&w, weights, b) == 7, "%s: edited while it is silent", layer->name);
        }
        whatif_weight(&w, net, weights, a, 6);
        CHECK(w.weights[a] == 6 * silent && whatif_own(&w, weights, a) == 6 && w.edited_count == (row > 1 ? 2 : 1), "%s: edited again", layer->name);
        whatif_weight(&w, net, weights, c, -3); /* in another channel, unless there is but one */
        CHECK(channel == 0 || w.weights[c] == -3, "%s: another channel is not silent", layer->name);
        whatif_scale(&w, net, weights, l, channel, 1);
        CHECK(w.weights[c] == -3 && (a == c || w.weights[a] == 6) && (row == 1 || w.weights[b] == 7), "%s: and back", layer->name);
        int changed = 0;
        for (size_t i = 0; i < net->weight_count; i++)
            changed += w.weights[i] < weights[i] || w.weights[i] > weights[i];
        CHECK(changed == w.edited_count, "%s: %d weights changed", layer->name, changed);
        whatif_restore(&w);
        CHECK(w.weights == NULL && w.edited == NULL && w.edited_count == 0 && whatif_own(&w, weights, a) == weights[a], "%s: put back", layer->name);
    }
    free(weights);
    net_free(net);
}

static void test_edits_and_scales(void **state)
{
    (void)state;
    check_edits_and_scales("tests/nets/small.net");
    check_edits_and_scales("tests/nets/bn.net");
    check_edits_and_scales("tests/nets/odd.net");
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_reference), cmocka_unit_test(test_fast), cmocka_unit_test(test_edits_and_scales)};
TEST_MAIN(tests)
