/* test_accuracy.c - right answers are counted as predict gives them, and a changed network of which only a part is computed again gives
 * what it gives from scratch. */
#include "app/model/accuracy.h"
#include "app/model/knife.h"
#include "engine/net/quantize.h"
#include "tests/train_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int same_order[CLASSES] = {0, 1, 2};

static Judge *judge_all(const Case *c, const float *weights, const float *changed, bool swapped, const Engine *engine)
{
    Err err = {""};
    const JudgeSetup setup = {.engine = engine, .net = c->net, .weights = weights, .changed = changed, .swapped = swapped, .set = c->train, .class_of = same_order};
    Judge *j = judge_new(&setup, &err);
    CHECK(j != NULL, "%s", err.text);
    while (judge_step(j))
        ;
    return j;
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
    Judge *j = judge_all(c, weights, NULL, false, &fast_engine);
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

/* A changed network beside the other one, and alone. */
static void test_what_if_is_what_scratch_gives(void **state)
{
    (void)state;
    Err err = {""};
    Case *c = open_case("scratch");
    float *weights = random_weights(c->net), *changed = malloc(c->net->weight_count * sizeof *changed);
    Address at;
    assert_true(net_address(c->net, "5a/3x3", &at, &err));
    const int all = c->net->main_count - 1, late = at.layer;
    const struct {
        const char *name;
        Knife knife;
        int least, most;        /* layers computed again */
    } cuts[] = {
        {"branch", {.silenced = BRANCH_5X5, .pruned_layer = -1}, 10, all - 7},
        {"pruned", {.silenced = BRANCH_NONE, .pruned = 60, .pruned_layer = -1}, all, all},
        {"one layer", {.silenced = BRANCH_NONE, .pruned = 60, .pruned_layer = late}, 6, 6}, /* 3x3, concat, avgpool, dropout, fc, softmax */
        {"rounded", {.silenced = BRANCH_NONE, .bits = 2, .pruned_layer = -1}, all, all},
        {"swapped", {.silenced = BRANCH_NONE, .swapped = true, .pruned_layer = -1}, all, all},
        {"together", {.silenced = BRANCH_POOL, .bits = 4, .swapped = true, .pruned = 10, .pruned_layer = late}, all, all},
    };
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (int e = 0; e < 2; e++)
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
            const Knife *k = &cuts[i].knife;
            assert_true(knife_cuts(k));
            CHECK(knife_cut(k, c->net, weights, changed, &err), "%s", err.text);
            Judge *both = judge_all(c, weights, changed, k->swapped, engines[e]);
            CHECK(judge_computed(both) >= cuts[i].least && judge_computed(both) <= cuts[i].most, "%s: %d layers", cuts[i].name, judge_computed(both));
            c->net->preprocess.bgr ^= k->swapped;
            Judge *scratch = judge_all(c, changed, NULL, false, engines[e]);
            c->net->preprocess.bgr ^= k->swapped;
            expect_same(judge_result(both, true), judge_result(scratch, false), c->train->count, cuts[i].name);
            CHECK(judge_result(both, true)->pictures[0].prob != judge_result(both, false)->pictures[0].prob, "%s changes nothing", cuts[i].name);
            judge_free(both);
            judge_free(scratch);
        }
    assert_false(knife_cuts(&knife_none));
    free(weights);
    free(changed);
    close_case(c);
}

/* Exactly so many weights become 0, none of them larger than one that stays; biases stay. */
static void test_pruning_takes_the_smallest(void **state)
{
    (void)state;
    Err err = {""};
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
            CHECK(knife_cut(&knife, net, weights, out, &err), "%s", err.text);
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
    CHECK(knife_cut(&knife, net, weights, out, &err), "%s", err.text);
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
        cmocka_unit_test(test_pruning_takes_the_smallest),
        cmocka_unit_test(test_a_silenced_branch_is_zero),
    };
    return cmocka_run_group_tests(tests, setup, temp_folder_remove);
}
