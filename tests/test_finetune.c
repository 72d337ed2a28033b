/* test_finetune.c - training that begins with a file's weights: what is frozen, what is kept, and that the bits are those of the same
 * training done in another way. */
#include "tests/train_case.h"

#include "engine/io/weights.h"
#include "engine/train/init.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A case that begins with seeded weights in the place of a file's: all but the classifier are taken. */
typedef struct Tuned {
    Case *c;
    Tuning tuning;
    float *begin;
} Tuned;

static Tuned *open_tuned(const char *folder, const char *freeze, int views)
{
    Tuned *t = calloc(1, sizeof *t);
    t->c = open_case(folder);
    const Net *net = t->c->net;
    snprintf(t->tuning.from, sizeof t->tuning.from, "seeded");
    snprintf(t->tuning.freeze, sizeof t->tuning.freeze, "%s", freeze);
    t->tuning.taken = calloc((size_t)net->param_count, sizeof(bool));
    for (int i = 0; i < net->param_count; i++)
        t->tuning.taken[i] = net->params[i].layer != net_scorer(net, 0);
    t->begin = malloc(net->weight_count * sizeof(float));
    weights_random(net, 77, t->begin);
    t->c->setup.tuning = &t->tuning;
    t->c->setup.begin = t->begin;
    t->c->setup.options.views = views;
    t->c->setup.options.lr_ratio = 0.5;
    return t;
}

static void close_tuned(Tuned *t)
{
    tuning_free(&t->tuning);
    free(t->begin);
    close_case(t->c);
    free(t);
}

/* Whether both trainings ended with the same weights, optimizer and history (but for the seconds). */
static void expect_same(const Case *a, const Case *b)
{
    Err err = {""};
    Checkpoint x, y;
    CHECK(load(a, &x, &err) && load(b, &y, &err), "%s", err.text);
    const size_t size = a->net->weight_count * sizeof(float);
    assert_memory_equal(x.weights, y.weights, size);
    assert_memory_equal(x.moment1, y.moment1, size);
    assert_memory_equal(x.ema, y.ema, size);
    assert_int_equal(x.history.count, y.history.count);
    for (int i = 0; i < x.history.count; i++) {
        assert_true(x.history.rows[i].val_loss == y.history.rows[i].val_loss && x.history.rows[i].ema_loss == y.history.rows[i].ema_loss);
        assert_true(x.history.rows[i].train_total == y.history.rows[i].train_total);
    }
    checkpoint_free(&x);
    checkpoint_free(&y);
}

/* Frozen layers have the bits of the file afterwards, in the moving average too; the others have not. */
static void test_frozen_layers_keep_their_bits(void **state)
{
    (void)state;
    static const char *const until[] = {"maxpool2", "3b", "4a/3x3", "avgpool"};
    for (int i = 0; i < 4; i++) {
        char folder[32];
        snprintf(folder, sizeof folder, "bits%d", i);
        Tuned *t = open_tuned(folder, until[i], 1);
        Err err = {""};
        Checkpoint end;
        Frozen *f = frozen_new(t->c->net, until[i], &err);
        CHECK(f != NULL, "%s", err.text);
        t->c->setup.options.epochs = 1;
        t->c->setup.options.weight_decay = 0.1;
        run_case(t->c, false, -1);
        CHECK(load(t->c, &end, &err), "%s", err.text);
        for (int p = 0; p < t->c->net->param_count; p++) {
            const Param *param = &t->c->net->params[p];
            const size_t size = param->count * sizeof(float);
            const bool same = memcmp(end.weights + param->offset, t->begin + param->offset, size) == 0;
            CHECK(same == f->layers[param->layer], "%s: %s", until[i], t->c->net->layers[param->layer].name);
            if (same)
                assert_memory_equal(end.ema + param->offset, t->begin + param->offset, size);
        }
        checkpoint_free(&end);
        frozen_free(f);
        close_tuned(t);
    }
}

/* Kept maps give what pictures give. A second loader decodes the same views; only the batches' source differs. */
static void test_features_are_what_pictures_give(void **state)
{
    (void)state;
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    for (int e = 0; e < 2; e++) {
        Err err = {""};
        Case *c = open_case("features");
        Frozen *f = frozen_new(c->net, "4a/3x3", &err); /* in the middle of a module: several maps at the edge */
        CHECK(f != NULL && f->edge_count > 2, "%s", err.text);
        TrainOptions o = c->setup.options;
        const BatchLoaderOptions lo = {.batch = o.batch, .threads = 1, .seed = 3, .augment = true, .views = 2, .scale_min = 0.3};
        o.micro_batch = 3;
        BatchLoader *loader = batch_loader_new(c->train, c->net, &lo, &err);
        Features *features = features_new(loader, f, &err);
        Trainer *kept = trainer_new(engines[e], c->net, &o, f, &err), *whole = trainer_new(engines[e], c->net, &o, f, &err);
        CHECK(loader != NULL && features != NULL && kept != NULL && whole != NULL, "%s", err.text);
        int done = 0, all = 0;
        run_weights(kept->run, kept->weights);
        while (features_compute(features, kept->run, &done, &all))
            assert_int_equal(all, 2 * c->train->count);
        assert_int_equal(done, all);
        kept->cached = true;
        for (int epoch = 0; epoch < 3; epoch++) {
            Batch a, b;
            StepResult x, y;
            batch_loader_begin(loader, epoch, 0);
            features_begin(features, epoch, 0);
            while (batch_loader_next(loader, &a)) {
                assert_true(features_next(features, &b) && a.n == b.n);
                assert_memory_equal(a.samples, b.samples, (size_t)a.n * sizeof(int));
                CHECK(trainer_step(whole, a.x, a.labels, a.n, &x, &err) && trainer_step(kept, b.x, b.labels, b.n, &y, &err), "%s", err.text);
                assert_true(x.losses.total == y.losses.total);
            }
            assert_false(features_next(features, &b));
        }
        assert_memory_equal(whole->weights, kept->weights, c->net->weight_count * sizeof(float));
        trainer_free(kept);
        trainer_free(whole);
        features_free(features);
        batch_loader_free(loader);
        frozen_free(f);
        close_case(c);
    }
}

/* The gradients of what learns are those of a backward through everything, in both engines. */
static void test_gradients_stop_at_the_edge(void **state)
{
    (void)state;
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    static float x[4 * 3 * SIDE * SIDE];
    const int labels[] = {2, 0, 1, 2};
    Rng rng = rng_make(5, 1);
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        x[i] = (float)rng_normal(&rng);
    for (int e = 0; e < 2; e++) {
        Err err = {""};
        Net *net = small_net(CLASSES);
        for (int l = 0; l < net->layer_count; l++)
            net->layers[l].dropout_p = 0;
        TrainOptions o = train_defaults();
        o.batch = 4;
        o.optimizer = OPTIMIZER_SGD;
        Frozen *f = frozen_new(net, "3a/3x3", &err);
        Trainer *part = trainer_new(engines[e], net, &o, f, &err), *whole = trainer_new(engines[e], net, &o, NULL, &err);
        StepResult r;
        CHECK(part != NULL && whole != NULL, "%s", err.text);
        CHECK(trainer_step(part, x, labels, 4, &r, &err) && trainer_step(whole, x, labels, 4, &r, &err), "%s", err.text);
        for (int p = 0; p < net->param_count; p++) {
            const Param *param = &net->params[p];
            for (size_t i = param->offset; i < param->offset + param->count; i++)
                CHECK(f->layers[param->layer] ? part->grads[i] == 0.0f : part->grads[i] == whole->grads[i], "%s: %s", engines[e]->name,
                      net->layers[param->layer].name);
        }
        trainer_free(part);
        trainer_free(whole);
        frozen_free(f);
        net_free(net);
    }
}

/* Stopped anywhere and continued: the same bits, with views and frozen layers from the checkpoint alone. */
static void test_resume_is_bit_identical(void **state)
{
    (void)state;
    for (int views = 0; views <= 2; views += 2) {
        Tuned *whole = open_tuned(views == 0 ? "whole0" : "whole2", "3b", views);
        run_case(whole->c, false, -1);
        for (int limit = 0; limit <= 7; limit += 7) {
            char folder[32];
            snprintf(folder, sizeof folder, "part%d-%d", views, limit);
            Tuned *part = open_tuned(folder, "3b", views);
            if (limit == 0)
                part->c->setup.options.save_every = 1;
            assert_int_equal(run_case(part->c, false, limit), TRAIN_INTERRUPTED);
            part->c->setup.tuning = NULL;
            part->c->setup.begin = NULL;
            assert_int_equal(run_case(part->c, true, -1), TRAIN_DONE);
            expect_same(whole->c, part->c);
            close_tuned(part);
        }
        close_tuned(whole);
    }
}

/* SGD without momentum moves a taken layer by ratio * lr * gradient, a new one by lr * gradient. */
static void test_rates_of_old_and_new(void **state)
{
    (void)state;
    Err err = {""};
    Tuned *t = open_tuned("rates", "", 0);
    const Net *net = t->c->net;
    TrainOptions o = t->c->setup.options;
    o.optimizer = OPTIMIZER_SGD;
    o.momentum = 0;
    o.lr = 0.25;
    o.lr_ratio = 0.125;
    o.batch = 2;
    Trainer *tr = trainer_new(&reference_engine, net, &o, NULL, &err);
    CHECK(tr != NULL, "%s", err.text);
    trainer_take(tr, t->begin, t->tuning.taken);
    float *before = malloc(net->weight_count * sizeof(float));
    memcpy(before, tr->weights, net->weight_count * sizeof(float));
    static float x[2 * 3 * SIDE * SIDE];
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        x[i] = (float)(i % 7) - 3;
    StepResult r;
    CHECK(trainer_step(tr, x, (const int[]){0, 2}, 2, &r, &err), "%s", err.text);
    for (int p = 0; p < net->param_count; p++)
        for (size_t i = net->params[p].offset; i < net->params[p].offset + net->params[p].count; i++) {
            const float rate = t->tuning.taken[p] ? 0.03125f : 0.25f;
            assert_true(tr->weights[i] == before[i] - rate * tr->grads[i]);
        }
    free(before);
    trainer_free(tr);
    close_tuned(t);
}

static void expect_refused(const Net *net, const char *name, const char *words)
{
    Err err = {""};
    Frozen *f = frozen_new(net, name, &err);
    CHECK(f == NULL && strstr(err.text, words) != NULL, "%s: '%s' lacks '%s'", name, err.text, words);
}

static void test_what_can_be_frozen(void **state)
{
    (void)state;
    Err err = {""};
    Net *net = small_net(CLASSES);
    expect_refused(net, "5c", "5c");
    expect_refused(net, "3a/5x5[1]", "only whole layers");
    expect_refused(net, "aux1/fc1", "auxiliary head aux1; name a layer of the main path");
    expect_refused(net, "input", "no layer up to this one has weights");
    expect_refused(net, "fc", "nothing would learn");
    Frozen *f = frozen_new(net, "5a", &err); /* then the average pool has no weights of its own */
    CHECK(f != NULL, "%s", err.text);
    Address a;
    assert_true(net_address(net, "avgpool", &a, &err) && f->layers[a.layer]);
    assert_true(frozen_heads_idle(f));
    assert_true(net_address(net, "dropout", &a, &err) && f->others[a.layer] && !f->learns[a.layer]);
    frozen_free(f);
    f = frozen_new(net, "3b", &err); /* aux2's tap, 4a, learns */
    CHECK(f != NULL, "%s", err.text);
    assert_false(frozen_heads_idle(f));
    frozen_free(f);
    net_free(net);
}

/* Batch norm is computed in its inference form only, so it may be frozen and may not learn. Its statistics stay. */
static void test_batch_norm_stays(void **state)
{
    (void)state;
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    Err err = {""};
    const NetOptions no_heads = {.no_heads = true};
    Net *net = net_open("tests/nets/bn.net", "tests/nets", &no_heads, &err);
    CHECK(net != NULL, "%s", err.text);
    const size_t picture = shape_size(net->input);
    float *x = malloc(4 * picture * sizeof *x), *begin = malloc(net->weight_count * sizeof *begin);
    bool *taken = malloc((size_t)net->param_count * sizeof *taken);
    Frozen *early = frozen_new(net, "3a", &err), *late = frozen_new(net, "3b", &err);
    assert_false(trainer_takes(net, NULL, &err));
    assert_false(trainer_takes(net, early, &err));
    CHECK(strstr(err.text, "'inception_3b/pool_proj' has batch norm") != NULL && strstr(err.text, "--freeze this layer") != NULL, "%s", err.text);
    CHECK(trainer_takes(net, late, &err), "%s", err.text);
    weights_random(net, 4, begin);
    for (size_t i = 0; i < 4 * picture; i++)
        x[i] = (float)(i % 11) - 5;
    for (int p = 0; p < net->param_count; p++)
        taken[p] = true;
    for (int e = 0; e < 2; e++) {
        TrainOptions o = train_defaults();
        o.batch = 4;
        StepResult r;
        Trainer *t = trainer_new(engines[e], net, &o, late, &err);
        CHECK(t != NULL, "%s", err.text);
        trainer_take(t, begin, taken);
        CHECK(trainer_step(t, x, (const int[]){0, 1, 2, 3}, 4, &r, &err), "%s", err.text);
        for (int p = 0; p < net->param_count; p++) {
            const Param *param = &net->params[p];
            const bool same = memcmp(t->weights + param->offset, begin + param->offset, param->count * sizeof(float)) == 0;
            CHECK(same == late->layers[param->layer], "%s: %s", engines[e]->name, net->layers[param->layer].name);
        }
        trainer_free(t);
    }
    frozen_free(early);
    frozen_free(late);
    free(x);
    free(begin);
    free(taken);
    net_free(net);
}

/* What a file gives to a network with other classes: all but the layers that compute scores; and with the same classes, everything. */
static void test_what_is_taken(void **state)
{
    (void)state;
    Err err = {""};
    Net *net = small_net(CLASSES);
    float *weights = malloc(net->weight_count * sizeof(float));
    weights_random(net, 9, weights);
    const char *metadata[] = {"labels", "[\"a\", \"b\", \"c\"]", NULL};
    char path[600];
    snprintf(path, sizeof path, "%s", inside("taken.safetensors"));
    CHECK(weights_save(path, net, weights, DTYPE_F32, metadata, &err), "%s", err.text);
    char *abc[] = {(char[]){"a"}, (char[]){"b"}, (char[]){"c"}}, *acb[] = {abc[0], abc[2], abc[1]};
    const struct {
        char **classes;
        int count, lacking;
    } tries[] = {{abc, 3, 0}, {acb, 3, 6}, {abc, 2, 6}}; /* three layers with a weight and a bias compute scores */
    for (int i = 0; i < 3; i++) {
        WeightsTaken w;
        NetOptions options = {.classes = tries[i].count};
        CHECK(weights_take(path, "tests/nets/small.net", "tests/nets", &options, tries[i].classes, &w, &err), "%s", err.text);
        assert_int_equal(w.lacking, tries[i].lacking);
        assert_int_equal(w.left, tries[i].lacking);
        assert_int_equal(w.classes, 3);
        assert_int_equal(w.classifier, tries[i].lacking == 0);
        for (int p = 0; p < w.net->param_count; p++)
            if (w.params[p])
                assert_memory_equal(w.values + w.net->params[p].offset, weights + net->params[p].offset, net->params[p].count * sizeof(float));
        weights_taken_free(&w);
    }
    WeightsTaken w;
    CHECK(!weights_take(path, "assets/networks/lenet5.net", "assets/networks", NULL, abc, &w, &err) && strstr(err.text, "fits network") != NULL, "%s", err.text);
    free(weights);
    net_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frozen_layers_keep_their_bits), cmocka_unit_test(test_features_are_what_pictures_give),
        cmocka_unit_test(test_gradients_stop_at_the_edge),    cmocka_unit_test(test_resume_is_bit_identical),
        cmocka_unit_test(test_rates_of_old_and_new),          cmocka_unit_test(test_what_can_be_frozen),
        cmocka_unit_test(test_batch_norm_stays),              cmocka_unit_test(test_what_is_taken),
    };
    return cmocka_run_group_tests(tests, setup, temp_folder_remove);
}
