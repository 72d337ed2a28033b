/* test_watch.c - watching a training: files that appear, grow and break while the window is open; epochs chosen by keys. */
#include "app/model/watch.h"
#include "engine/io/weights.h"
#include "tests/temp_folder.h"

/* A history of `epochs` rows: total = main + 0.3 (aux1 + aux2), accuracies 0.1 * epoch, averaged ones 0.05 more in even epochs. */
static void write_history(const char *path, int epochs)
{
    History h = {.head_names = {"main", "aux1", "aux2"}, .head_count = 3, .group_names = {"conv1", "fc"}, .group_count = 2, .majority = 0.25, .classes = 5};
    Err err = {""};
    for (int e = 1; e <= epochs; e++) {
        HistoryRow r = {.epoch = e, .phase = 1, .step = 104 * e, .lr = 3e-4, .train_head = {1.0 / e, 1.2 / e, 1.3 / e}, .val_accuracy = 0.1 * e,
                        .ema_accuracy = 0.1 * e + (e % 2 == 0 ? 0.05 : -0.05), .norm = {2, 1}};
        r.train_total = r.train_head[0] + 0.3 * (r.train_head[1] + r.train_head[2]);
        assert_true(history_add(&h, &r));
    }
    CHECK(history_save(&h, path, &err), "%s", err.text);
    history_free(&h);
}

static void test_follows_a_running_training(void **state)
{
    (void)state;
    Watch w;
    Err err = {""};
    mkdir(inside("run"), 0777);
    CHECK(watch_open(&w, inside("run"), &err), "%s", err.text); /* nothing has been written yet */
    assert_int_equal(watch_last(&w), 0);
    assert_null(watch_row(&w));
    watch_frame(&w, 1.5);
    write_history(inside("run/history.csv"), 1);
    watch_frame(&w, 2.0); /* less than a second later: not looked at */
    assert_int_equal(watch_last(&w), 0);
    uint64_t version = w.version;
    watch_frame(&w, 3.0);
    assert_int_equal(watch_last(&w), 1);
    assert_int_equal(w.epoch, 1);
    assert_true(w.version != version);
    write_history(inside("run/history.csv"), 4);
    watch_frame(&w, 5.0);
    assert_int_equal(w.epoch, 4); /* the newest is followed */
    watch_go(&w, 2);
    write_history(inside("run/history.csv"), 5);
    watch_frame(&w, 7.0);
    assert_int_equal(w.epoch, 2); /* a chosen one stays */
    double accuracy;
    assert_int_equal(watch_best(&w, &accuracy), 5);
    CHECK_NEAR(accuracy, 0.5, 1e-12, 0, "best of raw and averaged");
    CHECK_NEAR(watch_steps_per_epoch(&w), 104, 1e-12, 0, "steps");

    FILE *out = fopen(inside("run/history.csv"), "wb"); /* somebody breaks it: what was read stays, and the reason is shown */
    fputs("no history\n", out);
    fclose(out);
    watch_frame(&w, 9.0);
    assert_int_equal(watch_last(&w), 5);
    assert_non_null(strstr(w.problem, "history.csv:1: this is not a training history"));
    write_history(inside("run/history.csv"), 3);
    watch_frame(&w, 11.0);
    assert_string_equal(w.problem, "");
    assert_int_equal(watch_last(&w), 3);
    watch_close(&w);
}

static void test_chance(void **state)
{
    (void)state;
    Watch w;
    Err err = {""};
    double one, total;
    write_history(inside("chance.csv"), 2);
    CHECK(watch_open(&w, inside("chance.csv"), &err), "%s", err.text);
    watch_chance(&w, &one, &total);
    CHECK_NEAR(one, 1.609, 5e-4, 0, "one head of five classes");
    CHECK_NEAR(total, 2.575, 5e-4, 0, "with both auxiliary heads at 0.3");
    watch_close(&w);
}

static void test_keys(void **state)
{
    (void)state;
    Watch w;
    Err err = {""};
    write_history(inside("keys.csv"), 3);
    CHECK(watch_open(&w, inside("keys.csv"), &err), "%s", err.text);
    const struct { const char *key; int epoch; } steps[] = {
        {"Left", 2}, {"Left", 1}, {"Left", 0}, {"Left", 0}, {"Right", 1}, {"End", 3}, {"Right", 3}, {"Home", 0}, {"x", 0},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        watch_key(&w, steps[i].key, 10);
        CHECK(w.epoch == steps[i].epoch, "after %s (%zu): epoch %d", steps[i].key, i, w.epoch);
    }
    watch_key(&w, "Space", 10); /* plays from the start to the end, then follows */
    assert_true(w.playing);
    for (double now = 10; now < 13; now += 0.1)
        watch_frame(&w, now);
    assert_int_equal(w.epoch, 3);
    assert_true(!w.playing && w.follow);
    watch_key(&w, "t", 13);
    watch_key(&w, "f", 13);
    watch_key(&w, "q", 13);
    assert_true(w.dark && w.fullscreen && w.quit);
    watch_close(&w);
}

static void test_kernels(void **state)
{
    (void)state;
    Watch w;
    Err err = {""};
    float pair[2];
    Net *net = net_open("tests/nets/small.net", "tests/nets", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    float *weights = calloc(net->weight_count, sizeof *weights);
    mkdir(inside("kernels"), 0777);
    write_history(inside("kernels/history.csv"), 2);
    for (int epoch = 0; epoch < 2; epoch++) {
        for (size_t i = 0; i < net->weight_count; i++)
            weights[i] = (float)(epoch + 1) * (i % 2 == 0 ? 0.5f : -0.25f);
        CHECK(filters_add(inside("kernels/filters.npy"), net, weights, epoch, &err), "%s", err.text);
    }
    CHECK(watch_open(&w, inside("kernels"), &err), "%s", err.text);
    assert_int_equal(w.filters.epochs, 2);
    assert_null(watch_kernels(&w, pair)); /* epoch 2 was not recorded */
    watch_go(&w, 1);
    assert_non_null(watch_kernels(&w, pair));
    assert_true(pair[0] == -1.0f && pair[1] == 1.0f);
    watch_go(&w, 0);
    assert_true(watch_kernels(&w, pair)[0] == 0.5f && pair[1] == 0.5f);
    watch_close(&w);

    /* Without the file the weights beside the history answer: best.safetensors, or NAME.safetensors of NAME.csv. */
    write_history(inside("kernels/flowers.csv"), 2);
    unlink(inside("kernels/filters.npy"));
    CHECK(weights_save(inside("kernels/flowers.safetensors"), net, weights, DTYPE_F16, NULL, &err), "%s", err.text);
    CHECK(watch_open(&w, inside("kernels/flowers.csv"), &err), "%s", err.text);
    assert_true(w.filters_are_best && w.filters.o == 8 && w.filters.k == 7);
    assert_true(watch_kernels(&w, pair)[0] == 1.0f);
    watch_close(&w);
    free(weights);
    net_free(net);
}

/* The matrix of the best weights: NAME.confusion.csv beside NAME.csv, confusion.csv in a training's folder. Any name of a class comes back. */
static void test_confusion_matrix(void **state)
{
    (void)state;
    Watch w;
    Confusion read;
    Err err = {""};
    char *words[] = {"daisy", "a \"tulip\", cut", "玫瑰"};
    const StringList names = {words, 3};
    const int counts[9] = {5, 0, 1, 2, 7, 0, 0, 3, 2147483647};
    mkdir(inside("matrix"), 0777);
    write_history(inside("matrix/history.csv"), 2);
    write_history(inside("matrix/mine.csv"), 2);
    CHECK(watch_open(&w, inside("matrix"), &err), "%s", err.text);
    assert_int_equal(w.confusion.classes, 0);
    CHECK(confusion_save(inside("matrix/confusion.csv"), &names, counts, 34, &err), "%s", err.text);
    watch_frame(&w, 5); /* while it is watched */
    assert_int_equal(w.confusion.classes, 3);
    assert_int_equal(w.confusion.epoch, 34);
    assert_memory_equal(w.confusion.counts, counts, sizeof counts);
    for (int k = 0; k < 3; k++)
        assert_string_equal(w.confusion.names.items[k], words[k]);
    watch_close(&w);
    CHECK(watch_open(&w, inside("matrix/mine.csv"), &err) && w.confusion.classes == 0, "the folder's matrix belongs to its history alone");
    watch_close(&w);
    CHECK(confusion_save(inside("matrix/mine.confusion.csv"), &names, counts, 2, &err) && watch_open(&w, inside("matrix/mine.csv"), &err), "%s", err.text);
    assert_int_equal(w.confusion.epoch, 2);
    watch_close(&w);
    static const char *const bad[] = {
        "label", "# inceptoscope confusion matrix, classes 2, epoch 1", "# inceptoscope confusion matrix, classes 0, epoch 1\nlabel\n",
        "# inceptoscope confusion matrix, classes 99999, epoch 1\nlabel\n", "# inceptoscope confusion matrix, classes 2, epoch 1\nlabel,\"a\",\"b\"\n\"a\",1,2\n\"b\",3,\n",
        "# inceptoscope confusion matrix, classes 1, epoch 1\nlabel,\"a\"\n\"a\",-1\n", "# inceptoscope confusion matrix, classes 1, epoch 1\nlabel,\"a\n\"a\",1\n",
        "# inceptoscope confusion matrix, classes 1, epoch 1\nlabel,\"a\"\n\"a\",99999999999\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        FILE *out = fopen(inside("matrix/bad.csv"), "wb");
        fputs(bad[i], out);
        fclose(out);
        CHECK(!confusion_load(inside("matrix/bad.csv"), &read, &err) && strstr(err.text, "bad.csv: this is not a confusion matrix") != NULL, "%zu: %s", i, err.text);
    }
    CHECK(confusion_load("assets/weights/flowers.confusion.csv", &read, &err), "%s", err.text);
    int right = 0, all = 0;
    for (int i = 0; i < 25; i++) {
        all += read.counts[i];
        right += i % 6 == 0 ? read.counts[i] : 0;
    }
    assert_true(read.classes == 5 && right == 313 && all == 364);
    confusion_free(&read);
}

static void test_bad_paths(void **state)
{
    (void)state;
    Watch w;
    Err err = {""};
    assert_false(watch_open(&w, inside("nothing.csv"), &err));
    assert_non_null(strstr(err.text, "nothing.csv: cannot read this file"));
    FILE *out = fopen(inside("other.csv"), "wb");
    fputs("a,b\n1,2\n", out);
    fclose(out);
    assert_false(watch_open(&w, inside("other.csv"), &err));
    assert_non_null(strstr(err.text, "other.csv:1: this is not a training history"));
}

/* Shapes whose element count passes 64 bits: 2^30 x 2^30 x 16 would wrap to no element at all. */
static void test_a_shape_that_cannot_be(void **state)
{
    (void)state;
    static const char *const shapes[] = {"1, 1073741824, 1073741824, 16", "1, 0, 3, 49", "1, 8, 3, 48", "1, -8, 3, 49", "8, 3, 49"};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        Err err = {""};
        Filters filters;
        char header[128];
        memset(header, ' ', sizeof header);
        memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
        int used = snprintf(header + 10, sizeof header - 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", shapes[i]);
        header[10 + used] = ' ';
        FILE *file = fopen(inside("shape.npy"), "wb");
        assert_int_equal(fwrite(header, 1, sizeof header, file), sizeof header);
        fclose(file);
        CHECK(!filters_load(inside("shape.npy"), &filters, &err), "%s was taken", shapes[i]);
        assert_non_null(strstr(err.text, "shape.npy: this is not a filters.npy"));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_follows_a_running_training), cmocka_unit_test(test_chance), cmocka_unit_test(test_keys),
    cmocka_unit_test(test_kernels),                    cmocka_unit_test(test_confusion_matrix),
        cmocka_unit_test(test_bad_paths),
    cmocka_unit_test(test_a_shape_that_cannot_be),
};

int main(void) { return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove); }
