/* test_train.c - the training loop: whole steps against PyTorch's, losses that fall, a resume that continues bit for bit. */
#include "engine/io/weights_names.h"
#include "engine/train/init.h"
#include "engine/train/train_log.h"
#include "tests/train_case.h"

/* --- against PyTorch ----------------------------------------------------------------------------------------------- */

/* The values of one tensor by the rule of tests/oracle_nets.py's `seeded`. */
static void seeded(const char *name, const int *dims, int dim_count, size_t count, uint64_t seed, float *out)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *c = name; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    double fan_in = 1, bound = 0.1;
    for (int d = 1; d < dim_count; d++)
        fan_in *= dims[d];
    if (dim_count > 1)
        bound = sqrt(6.0 / fan_in);
    Rng rng = rng_make(seed, hash);
    for (size_t i = 0; i < count; i++)
        out[i] = (float)((rng_uniform(&rng) - 0.5) * 2 * bound);
}

static void expect_tensor(const Trainer *t, const char *name, double sum, double squares)
{
    for (int i = 0; i < t->net->param_count; i++) {
        char own[160];
        const Param *p = &t->net->params[i];
        param_torch_name(t->net, i, own, sizeof own);
        if (strcmp(own, name) != 0)
            continue;
        double s = 0;
        for (size_t k = 0; k < p->count; k++)
            s += (double)t->weights[p->offset + k];
        CHECK_NEAR(s, sum, 2e-5 * (double)p->count + 1e-4, 0, "sum of %s", name);
        CHECK_NEAR(sum_of_squares(t->weights + p->offset, p->count), squares, 1e-5, 1e-4, "squares of %s", name);
        return;
    }
    CHECK(false, "no tensor %s", name);
}

static void three_steps(FILE *in, const char *optimizer, double lr, double smoothing, int micro_batch)
{
    enum { N = 4 };
    static float x[N * 3 * SIDE * SIDE];
    const int labels[N] = {2, 0, 1, 2}, dims[4] = {N, 3, SIDE, SIDE};
    Net *net = small_net(CLASSES);
    for (int l = 0; l < net->layer_count; l++)
        net->layers[l].dropout_p = 0;
    TrainOptions options = train_defaults();
    options.optimizer = strcmp(optimizer, "sgd") == 0 ? OPTIMIZER_SGD : OPTIMIZER_ADAM;
    options.batch = N;
    options.micro_batch = micro_batch;
    options.lr = lr;
    options.label_smoothing = smoothing;
    Err err = {""};
    Trainer *t = trainer_new(&reference_engine, net, &options, NULL, &err);
    CHECK(t != NULL, "%s", err.text);
    for (int i = 0; i < net->param_count; i++) {
        char name[160];
        param_torch_name(net, i, name, sizeof name);
        const Param *p = &net->params[i];
        seeded(name, p->dims, p->dim_count, p->count, 1, t->weights + p->offset);
    }
    seeded("input", dims, 4, N * 3 * SIDE * SIDE, 5, x);
    for (int i = 0; i < N * 3 * SIDE * SIDE; i++)
        x[i] *= 4;
    for (int step = 0; step < 3; step++) {
        double want[4];
        StepResult r;
        assert_int_equal(fscanf(in, "%lf %lf %lf %lf", &want[0], &want[1], &want[2], &want[3]), 4);
        CHECK(trainer_step(t, x, labels, N, &r, &err), "%s", err.text);
        for (int h = 0; h < 3; h++)
            CHECK_NEAR(r.losses.head[h] / N, want[h], 1e-5, 0, "%s, step %d, head %d", optimizer, step, h);
        CHECK_NEAR(r.losses.total / N, want[3], 1e-5, 0, "%s, step %d, total", optimizer, step);
    }
    char name[160];
    double sum, squares;
    for (int i = 0; i < net->param_count; i++) {
        assert_int_equal(fscanf(in, "%159s %lf %lf", name, &sum, &squares), 3);
        expect_tensor(t, name, sum, squares);
    }
    trainer_free(t);
    net_free(net);
}

/* tests/golden/train_steps.txt is written by tests/golden_train.py with PyTorch. Chunks add up to the same step. */
static void test_three_steps_are_pytorchs(void **state)
{
    (void)state;
    const int micro_batches[] = {0, 1, 3};
    for (int c = 0; c < 3; c++) {
        FILE *in = fopen("tests/golden/train_steps.txt", "r");
        CHECK(in != NULL, "run the tests from the top of the tree");
        char line[256], optimizer[8];
        double lr, smoothing;
        int runs = 0;
        assert_non_null(fgets(line, sizeof line, in));
        for (; fscanf(in, "%7s %lf %lf", optimizer, &lr, &smoothing) == 3; runs++)
            three_steps(in, optimizer, lr, smoothing, micro_batches[c]);
        fclose(in);
        assert_int_equal(runs, 3);
    }
}

/* --- single steps -------------------------------------------------------------------------------------------------- */

/* Pictures of noise for a trainer's tests. */
static const float *noise(void)
{
    enum { COUNT = 5 * 3 * SIDE * SIDE };
    static float x[COUNT];
    Rng rng = rng_make(3, 1);
    for (int i = 0; i < COUNT; i++)
        x[i] = (float)(2 * rng_uniform(&rng) - 1);
    return x;
}

static const int noise_labels[5] = {2, 0, 1, 2, 1};

static Trainer *noise_trainer(const Net *net, int micro_batch, double lr)
{
    Err err = {""};
    TrainOptions options = train_defaults();
    options.batch = 5;
    options.micro_batch = micro_batch;
    options.lr = lr;
    Trainer *t = trainer_new(&reference_engine, net, &options, NULL, &err);
    CHECK(t != NULL, "%s", err.text);
    return t;
}

/* A picture's dropout mask is that of its place in the whole batch, and sums run picture after picture: the same bits. */
static void test_micro_batches_are_the_same_step(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    Trainer *whole = noise_trainer(net, 0, 1e-3);
    for (int micro_batch = 1; micro_batch < 5; micro_batch++) {
        Trainer *t = noise_trainer(net, micro_batch, 1e-3);
        Err err = {""};
        StepResult a, b;
        for (int step = 0; step < 2; step++) {
            if (micro_batch == 1)
                CHECK(trainer_step(whole, noise(), noise_labels, 5, &a, &err), "%s", err.text);
            CHECK(trainer_step(t, noise(), noise_labels, 5, &b, &err), "%s", err.text);
        }
        CHECK(memcmp(whole->weights, t->weights, net->weight_count * sizeof(float)) == 0, "micro-batches of %d", micro_batch);
        trainer_free(t);
    }
    trainer_free(whole);
    net_free(net);
}

/* Without a learning rate nothing but the mask tells two steps on the same pictures apart. */
static void test_every_step_drops_others(void **state)
{
    (void)state;
    for (int drops = 0; drops < 2; drops++) {
        Net *net = small_net(CLASSES);
        for (int l = 0; l < net->layer_count && !drops; l++)
            net->layers[l].dropout_p = 0;
        Trainer *t = noise_trainer(net, 0, 0);
        Err err = {""};
        StepResult a, b;
        CHECK(trainer_step(t, noise(), noise_labels, 5, &a, &err) && trainer_step(t, noise(), noise_labels, 5, &b, &err), "%s", err.text);
        CHECK((a.losses.total == b.losses.total) == !drops, "dropout %d: %.17g and %.17g", drops, a.losses.total, b.losses.total);
        trainer_free(t);
        net_free(net);
    }
}

static void test_the_rate_is_the_steps_own(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    Trainer *t = noise_trainer(net, 0, 1e-3);
    t->schedule = (Schedule){.kind = SCHEDULE_COSINE, .lr = 1e-3, .lr_min = 1e-4, .end = 3};
    for (int step = 0; step < 3; step++) {
        Err err = {""};
        StepResult r;
        CHECK(trainer_step(t, noise(), noise_labels, 5, &r, &err), "%s", err.text);
        CHECK(r.lr == schedule_lr(&t->schedule, step), "step %d: %g", step, r.lr);
    }
    trainer_free(t);
    net_free(net);
}

/* Kaiming's normal with fan_out: variance 2 / (out channels * k * k); 0.01 squared for fc. */
static void test_initial_weights(void **state)
{
    (void)state;
    Net *net = small_net(CLASSES);
    float *w = malloc(net->weight_count * sizeof *w);
    init_weights(net, 7, w);
    static const struct {
        const char *layer;
        double variance, within; /* four times the estimate's own deviation */
    } want[] = {{"conv1", 2.0 / (8 * 49), 0.17}, {"conv3", 2.0 / (12 * 9), 0.22}, {"fc", 1e-4, 0.8}};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Address a;
        Err err = {""};
        CHECK(net_address(net, want[i].layer, &a, &err), "%s", err.text);
        const Param *p = &net->params[net->layers[a.layer].weight], *b = &net->params[net->layers[a.layer].bias_param];
        CHECK_NEAR(sum_of_squares(w + p->offset, p->count) / (double)p->count, want[i].variance, 0, want[i].within, "%s", want[i].layer);
        assert_true(sum_of_squares(w + b->offset, b->count) == 0);
    }
    free(w);
    net_free(net);
}

/* All weights zero: every class is as likely, the first one answers. */
static void test_evaluation_by_hand(void **state)
{
    (void)state;
    Case *c = open_case("evaluate");
    Err err = {""};
    Training *t = training_new(&c->setup, NULL, &err);
    CHECK(t != NULL, "%s", err.text);
    float *zero = calloc(c->net->weight_count, sizeof *zero);
    Evaluation e;
    CHECK(training_evaluate(t, zero, &e, &err), "%s", err.text);
    CHECK_NEAR(e.loss, 1.0986122886681098, 1e-6, 0, "ln 3");
    assert_int_equal(e.count, 9);
    assert_int_equal(e.correct, 3);
    for (int label = 0; label < CLASSES; label++)
        for (int answer = 0; answer < CLASSES; answer++)
            CHECK(e.confusion[label * CLASSES + answer] == (answer == 0 ? 3 : 0), "label %d, answer %d", label, answer);
    evaluation_free(&e);
    training_free(t);
    free(zero);
    close_case(c);
}

/* --- whole trainings ----------------------------------------------------------------------------------------------- */

static void test_losses_fall(void **state)
{
    (void)state;
    Case *c = open_case("fall");
    c->setup.options.epochs = 12;
    c->setup.options.lr = 5e-3;
    assert_int_equal(run_case(c, false, -1), TRAIN_DONE);
    Checkpoint end;
    Err err = {""};
    CHECK(load(c, &end, &err), "%s", err.text);
    const HistoryRow *first = &end.history.rows[0], *last = &end.history.rows[11];
    assert_int_equal(end.history.count, 12);
    CHECK_NEAR(first->train_head[0], 1.0986, 0.25, 0, "the first epoch is near chance");
    CHECK(last->train_total < 0.6 * first->train_total, "total %g to %g", first->train_total, last->train_total);
    for (int h = 0; h < 3; h++)
        CHECK(last->train_head[h] < first->train_head[h], "head %d: %g to %g", h, first->train_head[h], last->train_head[h]);
    CHECK(end.progress.best_accuracy > 0.85, "accuracy %g", end.progress.best_accuracy);
    for (int g = 0; g < end.history.group_count; g++)
        CHECK(last->norm[g] > 0, "%s has no gradient", end.history.group_names[g]);
    CHECK_NEAR(end.history.majority, 1.0 / 3.0, 1e-12, 0, "majority");

    /* best.safetensors answers with the accuracy that the history promises. */
    Net *net = NULL;
    float *weights = NULL;
    WeightsInfo info;
    char path[TRAIN_PATH_MAX];
    training_path(c->folder, "best.safetensors", path);
    CHECK(weights_load(path, "tests/nets/small.net", "tests/nets", &net, &weights, &info, &err), "%s", err.text);
    assert_int_equal(info.label_count, CLASSES);
    assert_string_equal(info.labels[2], "class2");
    weights_info_free(&info);
    net_free(net);
    Training *t = training_new(&c->setup, NULL, &err);
    Evaluation e;
    CHECK(training_evaluate(t, weights, &e, &err), "%s", err.text);
    CHECK_NEAR(evaluation_accuracy(&e), end.progress.best_accuracy, 1e-12, 0, "best weights");
    CHECK_NEAR(e.loss, end.progress.best_loss, 1e-6, 0, "best weights");
    int sum = 0, right = 0;
    for (int i = 0; i < CLASSES * CLASSES; i++)
        sum += e.confusion[i];
    for (int k = 0; k < CLASSES; k++)
        right += e.confusion[k * CLASSES + k];
    assert_int_equal(sum, 9);
    assert_int_equal(right, e.correct);
    evaluation_free(&e);
    training_free(t);
    free(weights);
    checkpoint_free(&end);
    close_case(c);
}

static void expect_same(const Checkpoint *a, const Checkpoint *b, const Net *net, int limit)
{
    const size_t size = net->weight_count * sizeof(float);
    CHECK(a->step == b->step && a->progress.epoch == b->progress.epoch, "stopped after %d", limit);
    CHECK(memcmp(a->weights, b->weights, size) == 0, "weights differ after stopping at %d", limit);
    CHECK(memcmp(a->moment1, b->moment1, size) == 0, "moments differ after stopping at %d", limit);
    CHECK(memcmp(a->moment2, b->moment2, size) == 0, "moments differ after stopping at %d", limit);
    CHECK(memcmp(a->ema, b->ema, size) == 0, "averages differ after stopping at %d", limit);
    CHECK(a->history.count == b->history.count, "rows: %d and %d", a->history.count, b->history.count);
    for (int i = 0; i < a->history.count; i++) {
        HistoryRow x = a->history.rows[i], y = b->history.rows[i];
        x.seconds = y.seconds = 0;
        CHECK(memcmp(&x, &y, sizeof x) == 0, "row %d differs after stopping at %d", i, limit);
    }
}

static void expect_records(const Case *c, int steps)
{
    char path[TRAIN_PATH_MAX];
    StepRows rows;
    Filters filters;
    Err err = {""};
    training_path(c->folder, "steps.csv", path);
    CHECK(step_rows_load(path, &rows, &err), "%s", err.text);
    assert_int_equal(rows.count, steps);
    assert_int_equal(rows.head_count, 3);
    for (int i = 0; i < steps; i++)
        CHECK(rows.rows[i].step == i + 1 && rows.rows[i].head[2] > 0, "step %d", i + 1);
    step_rows_free(&rows);
    training_path(c->folder, "filters.npy", path);
    CHECK(filters_load(path, &filters, &err), "%s", err.text);
    assert_int_equal(filters.epochs, 4);
    assert_true(filters.o == 8 && filters.c == 3 && filters.k == 7);
    float first[8 * 3 * 49];
    const Param *p = &c->net->params[c->net->layers[1].weight];
    float *weights = malloc(c->net->weight_count * sizeof *weights);
    init_weights(c->net, c->setup.options.seed, weights);
    memcpy(first, weights + p->offset, sizeof first);
    assert_memory_equal(filters.values, first, sizeof first); /* snapshot 0 is the initialisation */
    assert_memory_not_equal(filters.values + 3 * 8 * 3 * 49, first, sizeof first);
    filters_free(&filters);
    free(weights);
}

static void test_resume_is_bit_identical(void **state)
{
    (void)state;
    Err err = {""};
    Case *whole = open_case("whole");
    assert_int_equal(run_case(whole, false, -1), TRAIN_DONE);
    Checkpoint want;
    CHECK(load(whole, &want, &err), "%s", err.text);
    assert_int_equal(want.step, 15);
    const int limits[] = {0, 1, 3, 5, 7, 14}; /* 5 is the end of an epoch, before its validation */
    char folder[32];
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        snprintf(folder, sizeof folder, "part%d", limits[i]);
        Case *part = open_case(folder);
        assert_int_equal(run_case(part, false, limits[i]), TRAIN_INTERRUPTED);
        while (run_case(part, true, 4) == TRAIN_INTERRUPTED) /* and again every four steps */
            ;
        Checkpoint got;
        CHECK(load(part, &got, &err), "%s", err.text);
        expect_same(&want, &got, whole->net, limits[i]);
        expect_records(part, 15);
        checkpoint_free(&got);
        close_case(part);
    }
    checkpoint_free(&want);
    close_case(whole);
}

static void test_phase_change_is_recorded(void **state)
{
    (void)state;
    Err err = {""};
    Case *c = open_case("phase");
    c->setup.options.epochs = 2;
    assert_int_equal(run_case(c, false, -1), TRAIN_DONE);
    c->setup.options.epochs = 4;
    c->setup.options.schedule = SCHEDULE_COSINE;
    assert_int_equal(run_case(c, true, -1), TRAIN_DONE);
    Checkpoint end;
    CHECK(load(c, &end, &err), "%s", err.text);
    const HistoryRow *rows = end.history.rows;
    assert_int_equal(end.history.count, 4);
    assert_true(rows[0].phase == 1 && rows[1].phase == 1 && rows[2].phase == 2 && rows[3].phase == 2);
    assert_non_null(strstr(rows[0].note, "phase 1: adam lr 0.002 constant"));
    assert_string_equal(rows[1].note, "");
    assert_non_null(strstr(rows[2].note, "phase 2: adam lr 0.002 cosine to epoch 4"));
    CHECK_NEAR(rows[1].lr, 2e-3, 1e-12, 0, "constant");
    CHECK_NEAR(rows[2].lr, 2e-3 * 0.5 * (1 + cos(3.14159265358979 * 0.4)), 1e-9, 0, "step 4 of 10");
    CHECK(rows[3].lr < 1e-4, "the last rate is %g", rows[3].lr);
    checkpoint_free(&end);

    c->setup.options.seed++;
    Checkpoint from;
    CHECK(load(c, &from, &err), "%s", err.text);
    assert_null(training_new(&c->setup, &from, &err));
    assert_non_null(strstr(err.text, "--seed and --optimizer cannot change on --resume"));
    checkpoint_free(&from);
    close_case(c);
}

/* The row of an epoch, from the sums that a checkpoint after its last step holds. */
static void test_row_of_an_epoch(void **state)
{
    (void)state;
    Case *c = open_case("row");
    Checkpoint sums, end;
    Err err = {""};
    c->setup.options.epochs = 1;
    c->setup.options.ema_decay = 0;
    assert_int_equal(run_case(c, false, 5), TRAIN_INTERRUPTED); /* 21 pictures in batches of 5 */
    CHECK(load(c, &sums, &err), "%s", err.text);
    assert_int_equal(sums.progress.batch, 5);
    assert_int_equal(sums.progress.seen, 21);
    assert_int_equal(run_case(c, true, -1), TRAIN_DONE);
    CHECK(load(c, &end, &err), "%s", err.text);
    assert_int_equal(end.history.count, 1);
    const HistoryRow *row = &end.history.rows[0];
    for (int g = 0; g < end.history.group_count; g++)
        CHECK(row->norm[g] == sqrt(sums.progress.norm2[g] / 5), "%s: %g", end.history.group_names[g], row->norm[g]);
    CHECK_NEAR(row->train_total, sums.progress.sums.total / 21, 0, 1e-15, "mean loss");
    assert_true(row->ema_loss == -1 && row->ema_accuracy == -1); /* no average was kept */
    checkpoint_free(&sums);
    checkpoint_free(&end);
    close_case(c);
}

static void test_stops_early(void **state)
{
    (void)state;
    Case *c = open_case("early");
    c->setup.options.lr = 1e-12; /* nothing improves */
    c->setup.options.ema_decay = 0;
    c->setup.options.epochs = 50;
    c->setup.options.stop_after = 2;
    assert_int_equal(run_case(c, false, -1), TRAIN_STOPPED_EARLY);
    Checkpoint end;
    Err err = {""};
    CHECK(load(c, &end, &err), "%s", err.text);
    CHECK(end.history.count < 20, "%d epochs", end.history.count);
    assert_int_equal(end.history.count, end.progress.best_epoch + c->setup.options.stop_after);
    checkpoint_free(&end);
    close_case(c);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_three_steps_are_pytorchs),
    cmocka_unit_test(test_micro_batches_are_the_same_step),
    cmocka_unit_test(test_every_step_drops_others),
    cmocka_unit_test(test_the_rate_is_the_steps_own),
    cmocka_unit_test(test_initial_weights),
    cmocka_unit_test(test_evaluation_by_hand), cmocka_unit_test(test_losses_fall),
    cmocka_unit_test(test_resume_is_bit_identical),  cmocka_unit_test(test_phase_change_is_recorded),
    cmocka_unit_test(test_row_of_an_epoch),          cmocka_unit_test(test_stops_early),
};

int main(void) { return cmocka_run_group_tests(tests, setup, temp_folder_remove); }
