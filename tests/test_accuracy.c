/* test_accuracy.c - right answers are counted as predict gives them, and a changed network of which only a part is computed again gives
 * what it gives from scratch. */
#include "app/model/judge.h"
#include "app/model/knife.h"
#include "engine/net/quantize.h"
#include "tests/train_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int same_order[CLASSES] = {0, 1, 2};

static Judge *judge_setup(const JudgeSetup *setup, int most)
{
    Err err = {""};
    Judge *j = judge_new(setup, &err);
    CHECK(j != NULL, "%s", err.text);
    for (int i = 0; i != most && judge_step(j); i++)
        ;
    return j;
}

/* changed, changed_weights: NULL for none. */
static Judge *judge_all(const Case *c, const float *weights, const Net *changed, const float *changed_weights, const Engine *engine)
{
    const JudgeSetup setup = {.engine = engine, .net = c->net, .weights = weights, .changed_net = changed, .changed_weights = changed_weights, .set = c->train,
                              .class_of = same_order};
    return judge_setup(&setup, -1);
}

static float *random_weights(const Net *net)
{
    float *weights = malloc(net->weight_count * sizeof *weights);
    weights_random(net, 3, weights);
    return weights;
}

static void expect_same(const Accuracy *a, const Accuracy *b, int samples, const char *what)
{
    CHECK(a->count == b->count && a->top1 == b->top1 && a->top5 == b->top5, "%s", what);
    for (int i = 0; i < samples; i++)
        CHECK(a->pictures[i].answer == b->pictures[i].answer && a->pictures[i].prob == b->pictures[i].prob && a->pictures[i].rank == b->pictures[i].rank,
              "%s, picture %d", what, i);
    assert_memory_equal(a->bins, b->bins, sizeof a->bins);
    assert_memory_equal(a->confusion, b->confusion, (size_t)(a->classes * a->classes) * sizeof(int));
}

/* Every count once more, from the probabilities of a run of one picture. */
static void test_counts_by_hand(void **state)
{
    (void)state;
    Err err = {""};
    Case *c = open_case("hand");
    float *weights = random_weights(c->net), probs[CLASSES], *x = malloc(shape_size(c->net->input) * sizeof *x);
    Judge *j = judge_all(c, weights, NULL, NULL, &fast_engine);
    const Accuracy *a = judge_result(j, false);
    const RunOptions options = {.batch = 1};
    Run *run = run_new(&fast_engine, c->net, &options, &err);
    int right = 0, confusion[CLASSES][CLASSES] = {{0}};
    double confidence[CALIBRATION_BINS] = {0}, ece = 0;
    int in_bin[CALIBRATION_BINS] = {0}, right_in[CALIBRATION_BINS] = {0};
    run_weights(run, weights);
    for (int i = 0; i < c->train->count; i++) {
        Image photo, fitted;
        CHECK(image_load(c->train->samples[i].path, &photo, &err) && image_fit(&photo, c->net, &fitted, NULL, &err), "%s", err.text);
        image_values(&fitted, c->net, x);
        run_input(run, x, 1);
        run_forward(run);
        run_activation(run, c->net->heads[0].last, 0, probs);
        const int label = c->train->samples[i].label, answer = probs[1] > probs[0] ? (probs[2] > probs[1] ? 2 : 1) : (probs[2] > probs[0] ? 2 : 0);
        int bin = 0;
        while ((double)probs[answer] > (bin + 1) / 10.0)
            bin++;
        in_bin[bin]++;
        right_in[bin] += answer == label;
        confidence[bin] += (double)probs[answer];
        right += answer == label;
        confusion[label][answer]++;
        assert_int_equal(a->pictures[i].answer, answer);
        assert_true(a->pictures[i].prob == probs[answer]);
        image_free(&photo);
        image_free(&fitted);
    }
    for (int k = 0; k < CALIBRATION_BINS; k++)
        ece += in_bin[k] > 0 ? (double)in_bin[k] / c->train->count * fabs((double)right_in[k] / in_bin[k] - confidence[k] / in_bin[k]) : 0;
    assert_int_equal(a->count, c->train->count);
    assert_int_equal(a->top1, right);
    assert_int_equal(a->top5, a->count); /* of three classes */
    assert_memory_equal(a->confusion, confusion, sizeof confusion);
    CHECK_NEAR(accuracy_ece(a), ece, 1e-12, 0, "calibration");
    CHECK(ece > 0 && right < a->count, "the case tests nothing");
    run_free(run);
    judge_free(j);
    free(x);
    free(weights);
    close_case(c);
}

typedef struct Cut {
    const char *name;
    Knife knife;
    int least, most;            /* layers computed again */
} Cut;

/* The network that a knife makes, judged as a network of its own. */
static Judge *judge_scratch(const Case *c, const Net *changed, const float *weights, const Engine *engine)
{
    const JudgeSetup setup = {.engine = engine, .net = changed, .weights = weights, .set = c->train, .class_of = same_order};
    return judge_setup(&setup, -1);
}

/* A changed network beside the other one; alone, with maps that are kept from one change to the next, where all, some or none fit; and as a
 * network of its own. */
static void test_what_if_is_what_scratch_gives(void **state)
{
    (void)state;
    Err err = {""};
    Case *c = open_case("scratch");
    float *weights = random_weights(c->net), *changed = malloc(c->net->weight_count * sizeof *changed);
    Address at;
    assert_true(net_address(c->net, "5a/3x3", &at, &err));
    const int all = c->net->main_count - 1, late = at.layer;
    const Cut cuts[] = {
        {"branch", {.silenced = BRANCH_5X5, .pruned_layer = -1}, 10, all - 7},
        {"reductions", {.silenced = BRANCH_NONE, .pruned_layer = -1, .unreduced = "5a"}, 6, all - 7},
        {"pruned", {.silenced = BRANCH_NONE, .pruned = 60, .pruned_layer = -1}, all, all},
        {"one layer", {.silenced = BRANCH_NONE, .pruned = 60, .pruned_layer = late}, 6, 6}, /* 3x3, concat, avgpool, dropout, fc, softmax */
        {"one layer more", {.silenced = BRANCH_NONE, .pruned = 80, .pruned_layer = late}, 6, 6},
        {"rounded", {.silenced = BRANCH_NONE, .bits = 2, .pruned_layer = -1}, all, all},
        {"swapped", {.silenced = BRANCH_NONE, .swapped = true, .pruned_layer = -1}, all, all},
        {"together", {.silenced = BRANCH_POOL, .bits = 4, .swapped = true, .pruned = 10, .pruned_layer = late, .unreduced = "all"}, all, all},
    };
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (int e = 0; e < 2; e++) {
        JudgeMaps maps[] = {{.budget = 0}, {.budget = 150000}, {.budget = 1 << 28}};
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
            const Knife *k = &cuts[i].knife;
            Net net;
            assert_true(knife_cuts(k) && knife_net(k, c->net, &net));
            CHECK(knife_fits(k, c->net, &err), "%s", err.text);
            knife_cut(k, c->net, weights, changed);
            Judge *both = judge_all(c, weights, &net, changed, engines[e]), *scratch = judge_scratch(c, &net, changed, engines[e]);
            CHECK(judge_computed(both) >= cuts[i].least && judge_computed(both) <= cuts[i].most, "%s: %d layers", cuts[i].name, judge_computed(both));
            expect_same(judge_result(both, true), judge_result(scratch, false), c->train->count, cuts[i].name);
            CHECK(judge_result(both, true)->pictures[0].prob != judge_result(both, false)->pictures[0].prob, "%s changes nothing", cuts[i].name);
            for (int m = 0; m < (e == 0 ? 3 : 4); m++) {
                JudgeSetup setup = {.engine = engines[e], .net = c->net, .weights = weights, .changed_net = &net, .changed_weights = changed, .set = c->train,
                                    .class_of = same_order, .only_changed = true, .maps = m < 3 ? &maps[m] : NULL};
                if (i % 2 == 0)
                    judge_free(judge_setup(&setup, 3)); /* interrupted */
                Judge *alone = judge_setup(&setup, -1);
                expect_same(judge_result(alone, true), judge_result(scratch, false), c->train->count, cuts[i].name);
                assert_int_equal(judge_computed(alone), judge_computed(both));
                judge_free(alone);
            }
            assert_int_equal(maps[0].count, 0);
            assert_int_equal(maps[2].count, c->train->count);
            judge_free(both);
            judge_free(scratch);
            free(net.layers);
        }
        CHECK(maps[1].count > 0 && maps[1].count < c->train->count, "a small budget: %d of %d pictures", maps[1].count, c->train->count);
        for (int m = 0; m < 3; m++)
            judge_maps_free(&maps[m]);
    }
    assert_false(knife_cuts(&knife_none));
    free(weights);
    free(changed);
    close_case(c);
}

/* A judge that begins in the middle goes on where another one stopped. */
static void test_going_on_in_the_middle(void **state)
{
    (void)state;
    Case *c = open_case("middle");
    float *weights = random_weights(c->net);
    JudgeSetup setup = {.engine = &fast_engine, .net = c->net, .weights = weights, .set = c->train, .class_of = same_order};
    Judge *whole = judge_setup(&setup, -1), *first = judge_setup(&setup, 4);
    setup.first = 4;
    Judge *rest = judge_setup(&setup, -1);
    const Accuracy *w = judge_result(whole, false), *f = judge_result(first, false), *r = judge_result(rest, false);
    assert_true(f->count == 4 && r->count == w->count - 4 && f->top1 + r->top1 == w->top1);
    for (int i = 0; i < c->train->count; i++)
        assert_true((i < 4 ? f : r)->pictures[i].prob == w->pictures[i].prob && (i < 4 ? r : f)->pictures[i].answer == -1);
    judge_free(whole);
    judge_free(first);
    judge_free(rest);
    free(weights);
    close_case(c);
}

/* (o, c, taps) of the larger kernel: the sum over the reduction's channels r of (o, r, taps) * (r, c). */
static void product(const Net *net, const float *weights, int end, const Net *wide, float *out)
{
    const Layer *l = &net->layers[end];
    const Param *w = &net->params[l->weight], *reduce = &net->params[net->layers[l->inputs[0]].weight];
    int same = 0;
    while (strcmp(wide->layers[same].name, l->name) != 0)
        same++;
    float *to = out + wide->params[wide->layers[same].weight].offset;
    const int channels = reduce->dims[1], taps = w->dims[2] * w->dims[3];
    for (int o = 0; o < w->dims[0]; o++)
        for (int c = 0; c < channels; c++)
            for (int t = 0; t < taps; t++) {
                double sum = 0;
                for (int r = 0; r < w->dims[1]; r++)
                    sum += (double)weights[w->offset + (size_t)((o * w->dims[1] + r) * taps + t)] * (double)weights[reduce->offset + (size_t)(r * channels + c)];
                to[(o * channels + c) * taps + t] = (float)sum;
            }
}

/* Without reductions the network is another one, which `trace --without-reductions` counts: its wide kernels, filled with the products of
 * those that they replace, give the same maps. The reductions' biases are 0 here, since a wide kernel has no place for them at the border. */
static void test_dropped_reductions_are_wide_kernels(void **state)
{
    (void)state;
    Err err = {""};
    Net *net = small_net(CLASSES), changed;
    const NetOptions options = {.classes = CLASSES, .without_reductions = "5a"};
    Net *wide = net_again(net, &options, &err);
    CHECK(wide != NULL, "%s", err.text);
    float *weights = random_weights(net), *wide_weights = random_weights(wide), a[64 * 16 * 16], b[64 * 16 * 16];
    const Knife knife = {.silenced = BRANCH_NONE, .pruned_layer = -1, .unreduced = "5a"};
    assert_true(knife_net(&knife, net, &changed));
    int dropped = 0;
    for (int l = 0; l < net->main_count; l++) {
        const Layer *layer = &net->layers[l];
        CHECK(!knife_is_reduction(net, l) == (strstr(layer->name, "_reduce") == NULL), "%s", layer->name);
        dropped += layer->relu != changed.layers[l].relu;
        if (layer->relu != changed.layers[l].relu && layer->bias_param >= 0)
            memset(weights + net->params[layer->bias_param].offset, 0, net->params[layer->bias_param].count * sizeof *weights);
    }
    assert_int_equal(dropped, 2);
    for (int i = 0; i < wide->param_count; i++) /* everything else is the same */
        for (int k = 0; k < net->param_count; k++)
            if (strcmp(wide->layers[wide->params[i].layer].name, net->layers[net->params[k].layer].name) == 0 && wide->params[i].kind == net->params[k].kind &&
                wide->params[i].count == net->params[k].count)
                memcpy(wide_weights + wide->params[i].offset, weights + net->params[k].offset, net->params[k].count * sizeof *weights);
    for (int l = 0; l < net->main_count; l++)
        if (net->layers[l].op == OP_CONV && knife_is_reduction(net, net->layers[l].inputs[0]) && net->modules[net->layers[l].module].title[0] == '5')
            product(net, weights, l, wide, wide_weights);
    const RunOptions run_options = {.batch = 1};
    Run *two = run_new(&reference_engine, &changed, &run_options, &err), *one = run_new(&reference_engine, wide, &run_options, &err);
    float *x = malloc(shape_size(net->input) * sizeof *x);
    for (size_t i = 0; i < shape_size(net->input); i++)
        x[i] = (float)(i % 7) - 3;
    run_weights(two, weights);
    run_weights(one, wide_weights);
    run_input(two, x, 1);
    run_input(one, x, 1);
    run_forward(two);
    run_forward(one);
    const Layer *concat = NULL;
    for (int m = 0; m < net->module_count; m++)
        if (strcmp(net->modules[m].title, "5a") == 0) {
            concat = &net->layers[net->modules[m].last];
            run_activation(two, net->modules[m].last, 0, a);
            run_activation(one, wide->modules[m].last, 0, b);
        }
    double largest = 0, open = 0;
    for (size_t i = 0; i < shape_size(concat->out); i++) {
        largest = fmax(largest, fabs((double)a[i] - (double)b[i]));
        open = fmax(open, fabs((double)a[i]));
    }
    CHECK(open > 0 && largest < 1e-5 * open, "largest difference %g of %g", largest, open);
    run_free(one);
    run_free(two);
    free(x);
    free(weights);
    free(wide_weights);
    free(changed.layers);
    net_free(wide);
    net_free(net);
}

/* Exactly so many weights become 0, none of them larger than one that stays; biases stay. */
static void test_pruning_takes_the_smallest(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    float *weights = random_weights(net), *out = malloc(net->weight_count * sizeof *out);
    for (int i = 0; i < net->param_count; i++) /* many equal ones */
        for (size_t k = net->params[i].offset; net->params[i].kind == PARAM_WEIGHT && k < net->params[i].offset + net->params[i].count; k++)
            weights[k] = roundf(weights[k] * 20) / 20 + (k % 2 == 0 ? 0.05f : -0.05f);
    for (int layer = -1; layer < 2; layer += 2)
        for (double percent = 12.5; percent <= 100; percent += 87.5 / 2) {
            const Knife knife = {.silenced = BRANCH_NONE, .pruned = percent, .pruned_layer = layer};
            size_t counted = 0, zero = 0, before = 0;
            float largest_zero = 0, smallest_left = INFINITY;
            knife_cut(&knife, net, weights, out);
            for (int i = 0; i < net->param_count; i++) {
                const Param *p = &net->params[i];
                const bool counts = p->kind == PARAM_WEIGHT && net->layers[p->layer].head == 0 && (layer < 0 || p->layer == layer);
                for (size_t k = p->offset; k < p->offset + p->count; k++) {
                    assert_true(out[k] == weights[k] || (counts && out[k] == 0));
                    if (!counts)
                        continue;
                    counted++;
                    if (out[k] == 0 && weights[k] != 0)
                        largest_zero = fmaxf(largest_zero, fabsf(weights[k]));
                    else if (out[k] != 0)
                        smallest_left = fminf(smallest_left, fabsf(weights[k]));
                    zero += out[k] == 0;
                    before += weights[k] == 0;
                }
            }
            const size_t wanted = (size_t)floor(percent / 100 * (double)counted);
            CHECK(zero == (wanted > before ? wanted : before), "layer %d, %g %%: %zu of %zu", layer, percent, zero, counted);
            CHECK(largest_zero <= smallest_left, "layer %d, %g %%", layer, percent);
        }
    free(weights);
    free(out);
    net_free(net);
}

/* The silenced branch's channels are 0 in every module, and nothing else is. */
static void test_a_silenced_branch_is_zero(void **state)
{
    (void)state;
    Err err = {""};
    Net *net = small_net(CLASSES);
    float *weights = random_weights(net), *out = malloc(net->weight_count * sizeof *out), map[64 * 16 * 16];
    const Knife knife = {.silenced = BRANCH_3X3, .pruned_layer = -1};
    knife_cut(&knife, net, weights, out);
    const RunOptions options = {.batch = 1};
    Run *run = run_new(&reference_engine, net, &options, &err);
    float *x = malloc(shape_size(net->input) * sizeof *x);
    for (size_t i = 0; i < shape_size(net->input); i++)
        x[i] = (float)(i % 5) - 2;
    run_weights(run, out);
    run_input(run, x, 1);
    run_forward(run);
    for (int m = 0; m < net->module_count; m++) {
        const Module *module = &net->modules[m];
        const Shape s = net->layers[module->last].out;
        run_activation(run, module->last, 0, map);
        for (int b = 0; b < BRANCH_COUNT; b++) {
            double sum = 0;
            for (int k = module->offset[b] * s.h * s.w; k < module->offset[b + 1] * s.h * s.w; k++)
                sum += fabs((double)map[k]);
            CHECK((sum == 0) == (b == BRANCH_3X3), "%s, branch %d", module->title, b);
        }
    }
    run_free(run);
    free(x);
    free(weights);
    free(out);
    net_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_by_hand),
        cmocka_unit_test(test_what_if_is_what_scratch_gives),
        cmocka_unit_test(test_going_on_in_the_middle),
        cmocka_unit_test(test_dropped_reductions_are_wide_kernels),
        cmocka_unit_test(test_pruning_takes_the_smallest),
        cmocka_unit_test(test_a_silenced_branch_is_zero),
    };
    return cmocka_run_group_tests(tests, setup, temp_folder_remove);
}
