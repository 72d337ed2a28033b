/* test_teach.c - teaching a network new classes: bins and their undo, which pictures are held out, that the same pictures and seed give the same
 * bits, that the answers are those of the saved network, and that it works: on drawn kinds with the program's own weights, on flowers with
 * ImageNet's. */
#include "app/model/teach_whole.h"
#include "app/model/picture.h"
#include "engine/base/safe_file.h"
#include "engine/train/data.h"
#include "tests/drawn_kinds.h"
#include "tests/sampled.h"

#include <time.h>

enum { EACH = 20 };

static void draw_all(void)
{
    Err err;
    draw_kind("discs", false, EACH, 1);
    draw_kind("stripes", true, EACH, 1);
    CHECK(safe_file_put(inside("broken.png"), "\x89PNG no more", 12, &err), "%s", err.text);
}

static int fill(void **state)
{
    return temp_folder_fill(state, draw_all);
}

/* ---- what the tests share ---------------------------------------------------------------------------------------------------------------- */

typedef struct Class {
    SharedSource *source;
    TeachBins bins;
    TeachLooks looks;
} Class;

static void lesson_open(Class *l, const char *network, const char *weights)
{
    Source source;
    Err err;
    CHECK(source_open(&source, &(SourceOptions){.network = network, .weights = weights, .networks_dir = "assets/networks"}, &err), "%s", err.text);
    *l = (Class){.source = shared_source_new(source)};
}

static void lesson_close(Class *l)
{
    teach_looks_close(&l->looks);
    teach_bins_free(&l->bins);
    shared_source_release(l->source);
}

static int new_bin(TeachBins *bins, const char *name)
{
    int bin = -1;
    Err err;
    CHECK(teach_bin_new(bins, name, 0, &bin, &err), "%s", err.text);
    return bin;
}

static void add(TeachBins *bins, int bin, const char *path, double when)
{
    Err err;
    CHECK(teach_bin_add(bins, bin, path, when, &err), "%s", err.text);
}

/* The first `count` pictures of a folder of drawn ones; backwards: in the other order. */
static void add_drawn(TeachBins *bins, int bin, const char *folder, int count, bool backwards)
{
    for (int i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s/%d.png", folder, backwards ? count - 1 - i : i);
        add(bins, bin, inside(name), 0);
    }
}

static void rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static void look(Class *l)
{
    int all;
    for (int i = 0; i < LOOKS_MAX; i++) {
        teach_looks_frame(&l->looks, &l->bins, l->source, NULL, NULL);
        if (teach_looks_done(&l->looks, &l->bins, &all) == all && !teach_looks_busy(&l->looks))
            return;
        rest();
    }
    fail_msg("looking has no end");
}

static TeachResult teach(Class *l, uint64_t seed, TeachPoint *last)
{
    Err err = {""};
    TeachResult r = {.count = 0};
    int points, bin;
    CHECK(teach_ready(&l->bins, &l->looks, &bin) == TEACH_READY, "class %d is not ready", bin);
    const TeachLastSetup setup = {.bins = &l->bins, .looks = &l->looks, .networks_dir = "assets/networks", .seed = seed};
    TeachLast *t = teach_last_start(&setup, &err);
    CHECK(t != NULL, "%s", err.text);
    for (int i = 0; !teach_last_done(t) && i < LOOKS_MAX; i++)
        rest();
    CHECK(teach_last_take(t, &r, &err), "%s", err.text);
    const TeachPoint *curve = teach_last_curve(t, &points);
    CHECK(points == PROBE_STEPS && curve[points - 1].learned.loss < curve[0].learned.loss, "it learns");
    if (last != NULL)
        *last = curve[points - 1];
    teach_last_leave(t);
    return r;
}

/* ---- bins --------------------------------------------------------------------------------------------------------------------------------- */

static void test_bins(void **state)
{
    (void)state;
    TeachBins bins = {.paths = NULL};
    Err err;
    int bin;
    const int a = new_bin(&bins, "cats"), b = new_bin(&bins, "dogs");
    add(&bins, a, "1.png", 10);
    add(&bins, a, "2.png", 10.5); /* one drop */
    add(&bins, a, "1.png", 10.6); /* again */
    add(&bins, b, "3.png", 20);
    add(&bins, b, "2.png", 30);   /* moves */
    assert_int_equal(teach_bin_size(&bins, a), 1);
    assert_int_equal(teach_bin_size(&bins, b), 2);
    assert_int_equal(teach_picture_index(&bins, teach_bin_picture(&bins, b, 1)), 1);
    teach_bin_rename(&bins, b, "do", 40);
    teach_bin_rename(&bins, b, "d", 40.2);
    teach_picture_remove(&bins, teach_bin_picture(&bins, a, 0), 50);
    teach_bin_remove(&bins, a, 60);
    assert_int_equal(bins.now.bin_count, 1);
    assert_int_equal(teach_bin_named(&bins, "d"), 0);
    assert_int_equal(teach_bin_size(&bins, 0), 2);
    static const struct { TeachEdit edit; int bins, in_a, in_b; const char *last; } steps[] = {
        {TEACH_BIN_REMOVED, 2, 0, 2, "d"}, {TEACH_REMOVED, 2, 1, 2, "d"}, {TEACH_RENAMED, 2, 1, 2, "dogs"}, {TEACH_ADDED, 2, 2, 1, "dogs"},
        {TEACH_ADDED, 2, 2, 0, "dogs"}, {TEACH_ADDED, 2, 0, 0, "dogs"}, {TEACH_NEW_BIN, 1, 0, 0, "dogs"}, {TEACH_NEW_BIN, 0, 0, 0, "dogs"}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        CHECK(teach_bins_last(&bins) != NULL && teach_bins_last(&bins)->edit == steps[i].edit, "step %zu takes back another edit", i);
        CHECK(teach_bins_undo(&bins) && bins.now.bin_count == steps[i].bins, "step %zu: %d bins", i, bins.now.bin_count);
        CHECK(teach_bin_size(&bins, 0) == steps[i].in_a && teach_bin_size(&bins, 1) == steps[i].in_b, "step %zu: %d and %d pictures", i, teach_bin_size(&bins, 0), teach_bin_size(&bins, 1));
        CHECK(steps[i].bins < 2 || strcmp(bins.now.names[1], steps[i].last) == 0, "step %zu: %s", i, bins.now.names[1]);
    }
    assert_false(teach_bins_undo(&bins));
    for (int i = 0; i < TEACH_BINS_MOST; i++)
        new_bin(&bins, "many");
    CHECK(!teach_bin_new(&bins, "one more", 0, &bin, &err) && strstr(err.text, "one more: there are 10") != NULL, "%s", err.text);
    char chinese[3 * 30 + 1] = "";
    for (int i = 0; i < 30; i++)
        strcat(chinese, "猫");
    teach_bin_rename(&bins, 0, chinese, 100);
    assert_int_equal(strlen(bins.now.names[0]), 45); /* whole characters */
    teach_bins_free(&bins);
}

/* ---- what is not ready, and why ------------------------------------------------------------------------------------------------------------- */

static void expect_ready(Class *l, TeachReady want, int about)
{
    int bin;
    look(l);
    const TeachReady got = teach_ready(&l->bins, &l->looks, &bin);
    CHECK(got == want && bin == about, "it is %d about %d, not %d about %d", got, bin, want, about);
}

static void test_not_ready(void **state)
{
    (void)state;
    Class l;
    lesson_open(&l, "tests/nets/small.net", NULL);
    expect_ready(&l, TEACH_FEW_BINS, -1);
    const int a = new_bin(&l.bins, "discs");
    add_drawn(&l.bins, a, "discs", 2, false);
    expect_ready(&l, TEACH_FEW_BINS, -1);
    const int b = new_bin(&l.bins, "discs");
    expect_ready(&l, TEACH_EMPTY_BIN, b);
    add_drawn(&l.bins, b, "stripes", 1, false);
    expect_ready(&l, TEACH_SAME_NAME, b);
    teach_bin_rename(&l.bins, b, "", 0);
    expect_ready(&l, TEACH_SAME_NAME, b); /* it has none */
    teach_bin_rename(&l.bins, b, "stripes", 0);
    add(&l.bins, b, inside("broken.png"), 0);
    expect_ready(&l, TEACH_FEW_PICTURES, b);
    const TeachLook *broken = teach_look(&l.looks, teach_bin_picture(&l.bins, b, 1));
    CHECK(broken != NULL && broken->features == NULL && strstr(broken->problem, "broken.png") != NULL, "the broken picture says what is wrong");
    const TeachLook *good = teach_look(&l.looks, teach_bin_picture(&l.bins, b, 0));
    CHECK(good != NULL && good->features != NULL && good->thumb.w > 0, "nothing is lost beside it");
    add_drawn(&l.bins, b, "stripes", 2, false);
    expect_ready(&l, TEACH_READY, -1);
    lesson_close(&l);
}

static void test_other_ends(void **state)
{
    (void)state;
    static const char no_fc[] = "network no \"Scores from a convolution\"\ninput 3x8x8\nclasses 3\nconv c 1x1/1 classes\navgpool p to=1x1\nsoftmax s\n";
    static const char fixed[] = "network fixed \"Three classes\"\ninput 3x8x8\nconv c 3x3/1 4\navgpool p to=1x1\nfc f 3\nsoftmax s\n";
    Err err = {""};
    Net *net = net_parse(no_fc, strlen(no_fc), "no.net", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    CHECK(teach_last_layer(net, &err) < 0 && strstr(err.text, "no last layer to teach") != NULL, "%s", err.text);
    net_free(net);
    Source source = {.net = net_parse(fixed, strlen(fixed), "fixed.net", NULL, &err)}, out;
    CHECK(source.net != NULL, "%s", err.text);
    source.weights = calloc(source.net->weight_count, sizeof(float));
    int layer;
    CHECK(!teach_source(&source, 2, "assets/networks", &out, &layer, &err) && strstr(err.text, "fixes the number of classes") != NULL, "%s", err.text);
    source_free(&source);
}

/* ---- learning --------------------------------------------------------------------------------------------------------------------------------- */

static void expect_same_network(const TeachResult *a, const TeachResult *b, bool same)
{
    assert_int_equal(a->source.net->weight_count, b->source.net->weight_count);
    assert_int_equal(memcmp(a->source.weights, b->source.weights, a->source.net->weight_count * sizeof(float)) == 0, same);
}

/* The order in which pictures come, and one that comes twice, change no bit; the seed does. Held-out pictures are a quarter of each class. */
static void test_same_bits(void **state)
{
    (void)state;
    TeachResult results[3];
    for (int i = 0; i < 3; i++) {
        Class l;
        lesson_open(&l, "tests/nets/small.net", NULL);
        const int a = new_bin(&l.bins, "discs"), b = new_bin(&l.bins, "stripes");
        add_drawn(&l.bins, i == 1 ? b : a, i == 1 ? "stripes" : "discs", EACH, i == 1);
        add_drawn(&l.bins, i == 1 ? a : b, i == 1 ? "discs" : "stripes", EACH, i == 1);
        if (i == 1) {
            Err err;
            Image again;
            CHECK(image_load(inside("discs/3.png"), &again, &err) && image_save_png(inside("again.png"), again.rgb, again.w, again.h, &err), "%s", err.text);
            image_free(&again);
            add(&l.bins, a, inside("again.png"), 0);
        }
        look(&l);
        results[i] = teach(&l, i == 2 ? 5 : 1, NULL);
        lesson_close(&l);
    }
    expect_same_network(&results[0], &results[1], true);
    expect_same_network(&results[0], &results[2], false);
    const TeachResult *r = &results[0];
    assert_int_equal(r->held, 2 * 5);
    assert_int_equal(r->learned, 2 * (EACH - 5));
    int held = 0, right = 0;
    for (int i = 0; i < r->count; i++)
        for (int k = 0; k < i; k++)
            CHECK(r->answers[i].picture != r->answers[k].picture, "a picture learns or is held out, not both");
    for (int i = 0; i < r->count; i++) {
        held += r->answers[i].held;
        right += r->answers[i].held && r->answers[i].said == r->answers[i].label;
    }
    int counted = 0;
    for (int i = 0; i < 4; i++)
        counted += r->confusion[i];
    CHECK(held == r->held && counted == held && right == r->right && r->confusion[0] + r->confusion[3] == right, "%d of %d right", right, held);
    for (int i = 0; i < 3; i++)
        teach_result_free(&results[i]);
}

/* Any number of threads looks with the same bits. */
static void test_threads(void **state)
{
    (void)state;
    Class l;
    Err err;
    Picture picture;
    lesson_open(&l, NULL, "assets/weights/flowers.safetensors");
    const Net *net = l.source->source.net;
    const int layer = net->layers[teach_last_layer(net, &err)].inputs[0];
    float features[2][1024];
    assert_int_equal(shape_size(net->layers[layer].out), 1024);
    CHECK(picture_open(inside("discs/0.png"), net, &picture, &err), "%s", err.text);
    for (int i = 0; i < 2; i++) {
        Run *run = run_new(engine_named("fast"), net, &(RunOptions){.batch = 1, .threads = i == 0 ? 1 : 3}, &err);
        CHECK(run != NULL, "%s", err.text);
        run_weights(run, l.source->source.weights);
        run_input(run, picture.x, 1);
        run_forward(run);
        run_activation(run, layer, 0, features[i]);
        run_free(run);
    }
    assert_memory_equal(features[0], features[1], sizeof features[0]);
    picture_free(&picture);
    lesson_close(&l);
}

/* What a network says of a picture, as `predict` says it. */
static int answer_of(const Source *s, Run *run, const char *path, float *prob)
{
    Picture picture;
    Err err;
    float probs[TEACH_BINS_MOST];
    Guess best;
    CHECK(picture_open(path, s->net, &picture, &err), "%s", err.text);
    run_input(run, picture.x, 1);
    run_forward(run);
    run_probabilities(run, probs);
    top_guesses(probs, net_scores(s->net, 0), &best, 1);
    picture_free(&picture);
    *prob = best.prob;
    return best.index;
}

static Run *run_of(const Source *s)
{
    Err err;
    Run *run = run_new(engine_named("fast"), s->net, &(RunOptions){.batch = 1}, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, s->weights);
    return run;
}

/* Kinds that the program's own weights have never seen: few pictures of each are enough for new ones of the same kinds. */
static void test_own_weights(void **state)
{
    (void)state;
    Class l;
    TeachPoint last;
    const int each = sampled(1, 2) ? EACH : 6, new_ones = sampled(1, 2) ? 10 : 3;
    lesson_open(&l, NULL, "assets/weights/flowers.safetensors");
    const int discs = new_bin(&l.bins, "discs"), stripes = new_bin(&l.bins, "stripes");
    add_drawn(&l.bins, discs, "discs", each, false);
    add_drawn(&l.bins, stripes, "stripes", each, false);
    look(&l);
    TeachResult r = teach(&l, 1, &last);
    Run *run = run_of(&r.source);
    assert_string_equal(r.source.info.labels[stripes], "stripes");
    CHECK(strstr(r.source.info.trained, "flowers.safetensors: the last layer, on") != NULL, "%s", r.source.info.trained);
    for (int i = 0; i < r.count; i++) { /* from the features or from the picture: the same bits */
        float prob;
        if (i % 4 != 0)
            continue;
        const int said = answer_of(&r.source, run, l.bins.paths[r.answers[i].picture], &prob);
        CHECK(said == r.answers[i].said && memcmp(&prob, &r.answers[i].prob, sizeof prob) == 0, "picture %d: %d and %d", i, said, r.answers[i].said);
    }
    int right = 0;
    draw_kind("new discs", false, new_ones, 77);
    draw_kind("new stripes", true, new_ones, 77);
    for (int i = 0; i < 2 * new_ones; i++) {
        char name[64];
        float prob;
        snprintf(name, sizeof name, "new %s/%d.png", i % 2 ? "stripes" : "discs", i / 2);
        right += answer_of(&r.source, run, inside(name), &prob) == (i % 2 ? stripes : discs);
    }
    print_message("%d of %d held-out and %d of %d new pictures right; loss %.3f\n", r.right, r.held, right, 2 * new_ones, last.learned.loss);
    if (sampled(1, 2)) /* by chance so many once in 700 times */
        CHECK(right >= 17, "%d of %d new pictures", right, 2 * new_ones);
    run_free(run);
    teach_result_free(&r);
    lesson_close(&l);
}

/* All layers go on from there: with a pause in the middle and other threads, the bits are the same. */
static void test_whole(void **state)
{
    (void)state;
    TeachResult results[2];
    Class l;
    Err err = {""};
    lesson_open(&l, "tests/nets/small.net", NULL);
    const int discs = new_bin(&l.bins, "discs"), stripes = new_bin(&l.bins, "stripes");
    add_drawn(&l.bins, discs, "discs", EACH, false);
    add_drawn(&l.bins, stripes, "stripes", EACH, false);
    look(&l);
    TeachResult taught = teach(&l, 1, NULL);
    SharedSource *source = shared_source_new(taught.source);
    taught.source = (Source){.net = NULL};
    for (int i = 0; i < 2; i++) {
        int all, points;
        const TeachWholeSetup setup = {.source = source, .bins = &l.bins, .result = &taught, .networks_dir = "assets/networks", .seed = 1, .threads = i == 0 ? 1 : 3};
        TeachWhole *w = teach_whole_start(&setup, &err);
        CHECK(w != NULL, "%s", err.text);
        for (int pauses = 0; pauses <= i; pauses++) {
            for (int k = 0; i == 1 && pauses == 0 && teach_whole_steps(w, &all) < 3 && k < LOOKS_MAX; k++)
                rest();
            if (i == 1 && pauses == 0)
                teach_whole_pause(w);
            for (int k = 0; !teach_whole_done(w) && k < LOOKS_MAX; k++)
                rest();
            CHECK(teach_whole_take(w, &results[i], &err), "%s", err.text);
            if (pauses < i) {
                CHECK(!teach_whole_ended(w), "it is paused in the middle");
                teach_result_free(&results[i]);
                CHECK(teach_whole_go_on(w, &err), "%s", err.text);
            }
        }
        const TeachPoint *curve = teach_whole_curve(w, &points);
        CHECK(teach_whole_ended(w) && teach_whole_steps(w, &all) == all && points == TEACH_EPOCHS + 1, "%d of %d steps", teach_whole_steps(w, &all), all);
        CHECK(curve[points - 1].held.accuracy == (double)results[i].right / results[i].held, "the last point is the result's");
        CHECK(memcmp(results[i].source.weights, source->source.weights, 64 * sizeof(float)) != 0, "the first layer learns, too");
        teach_whole_leave(w);
    }
    expect_same_network(&results[0], &results[1], true);
    for (int i = 0; i < 2; i++)
        teach_result_free(&results[i]);
    teach_result_free(&taught);
    shared_source_release(source);
    lesson_close(&l);
}

/* Twenty photos of each flower with ImageNet's weights, another twenty to judge. */
static void test_flowers(void **state)
{
    (void)state;
    const char *folder = test_data("data/flowers/train");
    Dataset *set = NULL;
    Err err;
    char root[4096], weights[4096];
    if (folder == NULL)
        skip();
    snprintf(root, sizeof root, "%s", folder);
    snprintf(weights, sizeof weights, "%s", test_data("weights/bvlc_googlenet.safetensors"));
    if (access(root, R_OK) != 0 || access(weights, R_OK) != 0)
        skip();
    CHECK((set = dataset_open(root, NULL, &err)) != NULL, "%s", err.text);
    Class l;
    const int each = sampled(1, 2) ? 20 : 4;
    lesson_open(&l, NULL, weights);
    for (int c = 0; c < set->classes.count; c++) {
        const int bin = new_bin(&l.bins, set->classes.items[c]);
        for (int i = 0, n = 0; i < set->count && n < each; i++)
            if (set->samples[i].label == c) {
                add(&l.bins, bin, set->samples[i].path, 0);
                n++;
            }
    }
    look(&l);
    TeachResult r = teach(&l, 1, NULL);
    Run *run = run_of(&r.source);
    int right = 0, judged = 0;
    for (int i = 0; i < set->count; i++)
        if (i % 120 == 119 && sampled((size_t)judged, 1000)) { /* none of the first twenty: those are a few of each class */
            float prob;
            bool taught = false;
            for (int k = 0; k < r.count; k++)
                taught = taught || strcmp(l.bins.paths[r.answers[k].picture], set->samples[i].path) == 0;
            if (taught)
                continue;
            right += answer_of(&r.source, run, set->samples[i].path, &prob) == set->samples[i].label;
            judged++;
        }
    print_message("%d of %d held-out and %d of %d other photos right; %.2f s from the features\n", r.right, r.held, right, judged, r.seconds);
    if (sampled(1, 2))
        CHECK(r.right >= 16 && right * 10 >= judged * 6, "%d of %d, %d of %d", r.right, r.held, right, judged);
    run_free(run);
    teach_result_free(&r);
    lesson_close(&l);
    dataset_free(set);
}

/* Wilson 1927; the interval for 10 of 20, 0.2993 to 0.7007, is in many textbooks. */
static void test_interval(void **state)
{
    (void)state;
    static const struct { int right, n; double low, high; } cases[] = {
        {5, 5, 0.5655, 1}, {0, 5, 0, 0.4345}, {20, 25, 0.6087, 0.9114}, {10, 20, 0.2993, 0.7007}, {90, 100, 0.8256, 0.9448}, {1, 2, 0.0945, 0.9055}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double low, high;
        teach_interval(cases[i].right, cases[i].n, &low, &high);
        CHECK_NEAR(low, cases[i].low, 5e-5, 0, "case %zu", i);
        CHECK_NEAR(high, cases[i].high, 5e-5, 0, "case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bins),   cmocka_unit_test(test_not_ready), cmocka_unit_test(test_other_ends), cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_threads), cmocka_unit_test(test_own_weights), cmocka_unit_test(test_whole), cmocka_unit_test(test_flowers), cmocka_unit_test(test_interval),
    };
    return cmocka_run_group_tests(tests, fill, temp_folder_remove);
}
