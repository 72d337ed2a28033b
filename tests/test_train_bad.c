/* test_train_bad.c - what goes wrong in a training: values that blow up, checkpoints that do not fit, histories cut off. */
#include "engine/base/safe_file.h"
#include "engine/train/train_log.h"
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
        Trainer *t = trainer_new(&reference_engine, net, &options, NULL, &err);
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
    expect_refused(c->net, &other, path, "it was trained on 21 pictures, but the data now has 22");
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
    expect_refused(c->net, &other, path, "it was trained on 3 classes, but the data has 4");
    other = checkpoint_identity(c->net, &renamed);
    expect_refused(c->net, &other, path, "its class 1 is 'class1', but in the data it is 'daisy'");
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

/* Writes a copy of the checkpoint in which a number of the state is another one. The state is a string in a string. */
static void write_altered(const char *path, const char *bytes, size_t size, const char *name, const char *number)
{
    char quoted[100];
    uint64_t length;
    memcpy(&length, bytes, 8); /* the machines that this is tested on are little-endian, as the file is */
    const size_t end = 8 + (size_t)length;
    snprintf(quoted, sizeof quoted, "\\\"%s\\\":", name);
    const char *at = memmem(bytes + 8, (size_t)length, quoted, strlen(quoted));
    CHECK(at != NULL, "'%s' is not in the state", name);
    at += strlen(quoted);
    const char *behind = at + strcspn(at, ",}");
    const size_t head = (size_t)(at - bytes) - 8, tail = end - (size_t)(behind - bytes);
    length = (head + strlen(number) + tail + 7) / 8 * 8;
    FILE *out = fopen(path, "wb");
    fwrite(&length, 8, 1, out);
    fwrite(bytes + 8, 1, head, out);
    fputs(number, out);
    fwrite(behind, 1, tail, out);
    fprintf(out, "%*s", (int)((size_t)length - head - strlen(number) - tail), "");
    fwrite(bytes + end, 1, size - end, out);
    fclose(out);
}

/* Each number of the state is held to what it can be: beyond it, a training would overflow, or abort in its first step. */
static void test_numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    static const struct { const char *name, *low, *high; } fields[] = {
#define OPTION(kind, member, key, word, low, high) {key, LOW_##kind, HIGH_##kind},
#define LOW_INT "-1"
#define LOW_INT64 "-1"
#define LOW_REAL "-0.5"
#define HIGH_INT "2147483647"
#define HIGH_INT64 "9223372036854775807"
#define HIGH_REAL "1e300"
#include "engine/train/options.def"
#undef OPTION
        {"optimizer", "-1", "2"}, {"schedule", "-1", "3"}, {"phase_schedule", "-1", "3"}, {"phase_lr", "-0.1", "1e300"},
        {"phase_lr_min", "-0.1", "1e300"}, {"phase_first", "-1", HIGH_INT64}, {"phase_end", "-1", HIGH_INT64},
        {"phase_warmup", "-1", HIGH_INT64}, {"phase_step_every", "-1", HIGH_INT64}, {"phase_step_factor", "-0.1", "1.5"},
        {"step", "-1", HIGH_INT64}, {"epoch", "-1", HIGH_INT}, {"batch_in_epoch", "-1", HIGH_INT}, {"phase", "0", HIGH_INT},
        {"total", "-0.1", "-1e300"}, {"correct", "-1", HIGH_INT}, {"seen", "-1", HIGH_INT64}, {"seconds", "-0.1", "1e300"},
        {"best_accuracy", "-1.1", "1.1"}, {"best_loss", "-0.1", "-1e300"}, {"best_epoch", "-1", HIGH_INT},
    };
    Case *c = open_case("ranges");
    assert_int_equal(run_case(c, false, 2), TRAIN_INTERRUPTED);
    char path[TRAIN_PATH_MAX], altered[TRAIN_PATH_MAX];
    training_path(c->folder, "last.checkpoint", path);
    training_path(c->folder, "altered.checkpoint", altered);
    Identity id = checkpoint_identity(c->net, c->train);
    FILE *in = fopen(path, "rb");
    static char bytes[4 << 20];
    const size_t size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++)
        for (int high = 0; high < 2; high++) {
            char words[60];
            snprintf(words, sizeof words, "'%s' of its state is %s", fields[f].name, high ? "" : fields[f].low);
            write_altered(altered, bytes, size, fields[f].name, high ? fields[f].high : fields[f].low);
            expect_refused(c->net, &id, altered, words);
        }
    static const struct { const char *name, *number; } together[] = {
        {"batch_in_epoch", "22"}, {"seen", "22"}, {"correct", "21"}, {"phase_first", "1000"}};
    for (size_t f = 0; f < sizeof together / sizeof together[0]; f++) {
        write_altered(altered, bytes, size, together[f].name, together[f].number);
        expect_refused(c->net, &id, altered, "more steps, batches or pictures than there can be");
    }
    write_altered(altered, bytes, size, "threads", "1024"); /* the largest: still good */
    Checkpoint whole;
    Err err = {""};
    CHECK(checkpoint_load(altered, c->net, &id, &whole, &err), "%s", err.text);
    assert_int_equal(whole.options.threads, 1024);
    checkpoint_free(&whole);
    char *moment = memmem(bytes, size, "moment2", 7);
    assert_non_null(moment);
    moment[6] = '3'; /* Adam needs it */
    FILE *out = fopen(altered, "wb");
    fwrite(bytes, 1, size, out);
    fclose(out);
    expect_refused(c->net, &id, altered, "tensor 'moment2' is missing");
    close_case(c);
}

typedef struct Emptied {
    const Case *c;
    int epochs, notes;
} Emptied;

static void empty_folder(void *user, const HistoryRow *row, bool best)
{
    Emptied *e = user;
    static const char *const names[] = {"class_indices.json", "steps.csv", "history.csv", "filters.npy", "last.checkpoint"};
    (void)row, (void)best;
    for (int i = 0; i < 5 && e->epochs == 0; i++) {
        char path[TRAIN_PATH_MAX];
        training_path(e->c->folder, names[i], path);
        CHECK(remove(path) == 0, "%s is not there", names[i]);
    }
    e->epochs++;
}

static void count_notes(void *user, const char *line)
{
    Emptied *e = user;
    CHECK(strstr(line, "was removed during the training") != NULL, "%s", line);
    e->notes++;
}

/* Somebody empties the folder after the first epoch: all files come back, and the two that are not written whole each time are told. */
static void test_an_emptied_folder_is_filled_again(void **state)
{
    (void)state;
    Case *c = open_case("emptied");
    Emptied e = {.c = c};
    Err err = {""};
    TrainEnd end;
    Training *t = training_new(&c->setup, NULL, &err);
    CHECK(t != NULL, "%s", err.text);
    CHECK(training_run(t, &(TrainEvents){.user = &e, .epoch = empty_folder, .note = count_notes}, &end, &err), "%s", err.text);
    training_free(t);
    assert_int_equal(e.notes, 2);
    static const char *const names[] = {"class_indices.json", "history.csv", "filters.npy", "last.checkpoint"};
    for (int i = 0; i < 4; i++) {
        char path[TRAIN_PATH_MAX];
        training_path(c->folder, names[i], path);
        CHECK(access(path, F_OK) == 0, "%s is missing", names[i]);
    }
    char path[TRAIN_PATH_MAX];
    StepRows rows;
    training_path(c->folder, "steps.csv", path);
    CHECK(step_rows_load(path, &rows, &err), "%s", err.text);
    assert_int_equal(rows.count, 5); /* of the third epoch: the second went into the file that was gone */
    assert_int_equal(rows.rows[0].step, 11);
    step_rows_free(&rows);
    close_case(c);
}

static void test_history_survives(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    int *groups = malloc((size_t)net->layer_count * sizeof *groups);
    History h, back;
    Err err = {""};
    history_init(&h, net, NULL, groups);
    h.majority = 89.0 / 364.0;
    HistoryRow row = {.epoch = 1, .phase = 1, .step = 104, .lr = 3e-4, .train_total = 1.0 / 3.0, .val_accuracy = 0.497,
                      .ema_loss = -1, .ema_accuracy = -1, .norm = {0.1, 1e-30}, .note = "phase 1: adam, lr 3e-4"};
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
    cmocka_unit_test(test_numbers_out_of_range_are_refused), cmocka_unit_test(test_an_emptied_folder_is_filled_again),
    cmocka_unit_test(test_history_survives),
};

int main(void) { return cmocka_run_group_tests(tests, setup, temp_folder_remove); }
