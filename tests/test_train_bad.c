/* test_train_bad.c - what goes wrong in a training: values that blow up, checkpoints that do not fit, histories cut off. */
#include "engine/base/safe_file.h"
#include "tests/train_case.h"

static void test_nan_names_the_layer(void **state)
{
    (void)state;
    Err err = {""};
    Case *c = open_case("nan");
    c->setup.options.epochs = 1;
    assert_int_equal(run_case(c, false, -1), TRAIN_DONE);
    Checkpoint before, after;
    CHECK(load(c, &before, &err), "%s", err.text);
    c->setup.options.epochs = 9;
    c->setup.options.lr = 1e30;
    Training *t = training_new(&c->setup, &before, &err);
    CHECK(t != NULL, "%s", err.text);
    TrainEnd end;
    assert_false(training_run(t, NULL, &end, &err));
    CHECK(strstr(err.text, "epoch 2, batch ") != NULL && strstr(err.text, "layer '") != NULL &&
              strstr(err.text, "not finite; the last good checkpoint is kept") != NULL, "%s", err.text);
    training_free(t);
    CHECK(load(c, &after, &err), "%s", err.text);
    assert_memory_equal(before.weights, after.weights, c->net->weight_count * sizeof(float));
    checkpoint_free(&before);
    checkpoint_free(&after);
    close_case(c);
}

/* A NaN planted in one layer's weights is blamed on that layer, and the step changes nothing. */
static void test_blame_is_precise(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    TrainOptions options = train_defaults();
    options.batch = 2;
    Err err = {""};
    float *x = calloc(2 * 3 * SIDE * SIDE, sizeof *x);
    const int labels[2] = {0, 1};
    for (int i = 0; i < net->param_count; i += 5) {
        Trainer *t = trainer_new(&reference_engine, net, &options, &err);
        CHECK(t != NULL, "%s", err.text);
        const char *layer = net->layers[net->params[i].layer].name;
        t->weights[net->params[i].offset] = INFINITY;
        for (int k = 0; k < 2 * 3 * SIDE * SIDE; k++)
            x[k] = 0.5f;
        StepResult r;
        char quoted[80];
        snprintf(quoted, sizeof quoted, "layer '%s'", layer);
        if (!trainer_step(t, x, labels, 2, &r, &err))
            CHECK(strstr(err.text, quoted) != NULL, "%s was to blame, not %s", layer, err.text);
        assert_false(trainer_check(t, &err));
        CHECK(strstr(err.text, quoted) != NULL, "%s was to blame, not %s", layer, err.text);
        trainer_free(t);
    }
    free(x);
    net_free(net);
}

static void expect_refused(const Net *net, const Identity *id, const char *path, const char *words)
{
    Checkpoint c;
    Err err = {""};
    CHECK(!checkpoint_load(path, net, id, &c, &err), "accepted; expected '%s'", words);
    CHECK(strstr(err.text, words) != NULL, "'%s' lacks '%s'", err.text, words);
}

static void test_wrong_checkpoints_are_refused(void **state)
{
    (void)state;
    Case *c = open_case("refuse");
    assert_int_equal(run_case(c, false, 2), TRAIN_INTERRUPTED);
    char path[TRAIN_PATH_MAX], cut[TRAIN_PATH_MAX];
    training_path(c->folder, "last.checkpoint", path);
    training_path(c->folder, "cut.checkpoint", cut);
    Identity id = checkpoint_identity(c->net, c->train), other = id;
    other.train_count++;
    expect_refused(c->net, &other, path, "it was trained on 21 pictures, the data has 22 now");
    other = id;
    strcpy(other.network, "googlenet");
    expect_refused(c->net, &other, path, "it was made by network 'small', not 'googlenet'");
    other = id;
    other.layout ^= 1;
    expect_refused(c->net, &other, path, "the layers of network 'small' have changed");
    Dataset more = *c->train, renamed = *c->train;
    char *names[] = {(char *)"class0", (char *)"class1", (char *)"class2", (char *)"class3"};
    char *swapped[] = {(char *)"class0", (char *)"daisy", (char *)"class2"};
    more.classes = (StringList){names, 4};
    renamed.classes = (StringList){swapped, 3};
    other = checkpoint_identity(c->net, &more);
    expect_refused(c->net, &other, path, "it was trained on 3 classes, the data has 4");
    other = checkpoint_identity(c->net, &renamed);
    expect_refused(c->net, &other, path, "its class 1 is 'class1', in the data it is 'daisy'");
    expect_refused(c->net, &id, c->folder, "is a folder");
    expect_refused(c->net, &id, inside("nowhere"), "cannot be opened: No such file");

    /* Cut off anywhere it says so and never crashes. */
    FILE *in = fopen(path, "rb");
    static char bytes[4 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    assert_true(size > 1000 && size < sizeof bytes);
    for (size_t length = 0; length < size; length += 1 + size / 61) {
        FILE *out = fopen(cut, "wb");
        fwrite(bytes, 1, length, out);
        fclose(out);
        expect_refused(c->net, &id, cut, "cut.checkpoint: ");
    }
    close_case(c);
}

static void test_history_survives(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    int *groups = malloc((size_t)net->layer_count * sizeof *groups);
    History h, back;
    Err err = {""};
    history_init(&h, net, groups);
    h.majority = 89.0 / 364.0;
    HistoryRow row = {.epoch = 1, .phase = 1, .step = 104, .lr = 3e-4, .train_total = 1.0 / 3.0, .val_accuracy = 0.497,
                      .average_loss = -1, .average_accuracy = -1, .norm = {0.1, 1e-30}, .note = "phase 1: adam, lr 3e-4"};
    assert_true(history_add(&h, &row));
    memset(row.note, 0, sizeof row.note);
    row.epoch = 2;
    assert_true(history_add(&h, &row));
    CHECK(history_save(&h, inside("h.csv"), &err), "%s", err.text);
    CHECK(history_load(inside("h.csv"), &back, &err), "%s", err.text);
    assert_int_equal(back.count, 2);
    assert_int_equal(back.classes, CLASSES);
    assert_true(back.majority == h.majority);
    assert_memory_equal(back.rows, h.rows, 2 * sizeof *h.rows);
    assert_string_equal(back.head_names[1], h.head_names[1]);
    assert_string_equal(back.group_names[h.group_count - 1], h.group_names[h.group_count - 1]);
    history_free(&back);

    const struct { const char *text, *words; } bad[] = {
        {"", "x.csv:1: this is not a training history"},
        {"epoch,loss\n1,2\n", "x.csv:1: this is not a training history"},
        {"# inceptoscope training history, classes 5, majority 0.2\n", "x.csv:2: "},
        {"# inceptoscope training history, classes 5, majority 0.2\nepoch,step\n", "x.csv:2: column 2 should be 'phase'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!history_parse(bad[i].text, "x.csv", &back, &err), "case %zu", i);
        CHECK(strstr(err.text, bad[i].words) != NULL, "case %zu: %s", i, err.text);
    }
    char *text = history_text(&h);
    size_t length = strlen(text);
    text[length - 30] = '\0'; /* the last line is cut off */
    assert_false(history_parse(text, "x.csv", &back, &err));
    CHECK(strstr(err.text, "x.csv:4: ") != NULL, "%s", err.text);
    /* In a file, which may be growing, the rows before it are shown; a broken row in the middle is none. */
    CHECK(safe_file_put(inside("growing.csv"), text, strlen(text), &err) && history_load(inside("growing.csv"), &back, &err), "%s", err.text);
    assert_int_equal(back.count, h.count - 1);
    history_free(&back);
    text[strlen(text) - 1] = '\n';
    assert_true(safe_file_put(inside("broken.csv"), text, strlen(text), &err));
    assert_false(history_load(inside("broken.csv"), &back, &err));
    free(text);
    history_free(&h);
    free(groups);
    net_free(net);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_nan_names_the_layer),
    cmocka_unit_test(test_blame_is_precise),
    cmocka_unit_test(test_wrong_checkpoints_are_refused),
    cmocka_unit_test(test_history_survives),
};

int main(void) { return cmocka_run_group_tests(tests, setup, temp_folder_remove); }
