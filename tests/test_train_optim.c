/* test_train_optim.c - Adam and SGD against PyTorch's, schedules, averaging. */
#include "engine/train/optim.h"
#include "tests/check.h"

static bool read_numbers(FILE *in, float *out, int count)
{
    double value;
    for (int i = 0; i < count; i++) {
        if (fscanf(in, "%la", &value) != 1)
            return false;
        out[i] = (float)value;
    }
    return true;
}

/* tests/golden/train_optim.txt is written by tests/golden_train.py from torch.optim. */
static void test_steps_are_pytorchs(void **state)
{
    (void)state;
    FILE *in = fopen("tests/golden/train_optim.txt", "r");
    CHECK(in != NULL, "run the tests from the top of the tree");
    char line[256], name[8];
    assert_non_null(fgets(line, sizeof line, in));
    double lr, momentum, decay;
    int runs = 0;
    while (fscanf(in, "%7s %lf %lf %lf", name, &lr, &momentum, &decay) == 4) {
        float w[8], m[8] = {0}, v[8] = {0}, g[8], want[8];
        assert_true(read_numbers(in, w, 8));
        for (int t = 1; t <= 20; t++) {
            assert_true(read_numbers(in, g, 8) && read_numbers(in, want, 8));
            if (strcmp(name, "adam") == 0)
                adam_step(w, m, v, g, 8, t, &(AdamOptions){lr, 0.9, 0.999, 1e-8, decay});
            else
                sgd_step(w, m, g, 8, t, &(SgdOptions){lr, momentum, decay});
            for (int i = 0; i < 8; i++)
                CHECK_NEAR(w[i], want[i], 1e-6, 0, "%s lr %g, step %d, weight %d", name, lr, t, i);
        }
        runs++;
    }
    fclose(in);
    assert_int_equal(runs, 4);
}

static void test_schedules(void **state)
{
    (void)state;
    Schedule s = {.kind = SCHEDULE_CONSTANT, .lr = 0.5};
    CHECK_NEAR(schedule_lr(&s, 0), 0.5, 0, 0, "constant");
    CHECK_NEAR(schedule_lr(&s, 100000), 0.5, 0, 0, "constant");
    s = (Schedule){.kind = SCHEDULE_COSINE, .lr = 1.0, .lr_min = 0.1, .first = 100, .end = 200};
    CHECK_NEAR(schedule_lr(&s, 100), 1.0, 1e-12, 0, "cosine starts");
    CHECK_NEAR(schedule_lr(&s, 150), 0.55, 1e-12, 0, "cosine half-way");
    CHECK_NEAR(schedule_lr(&s, 125), 0.1 + 0.9 * 0.5 * (1 + sqrt(0.5)), 1e-12, 0, "cosine at a quarter");
    CHECK_NEAR(schedule_lr(&s, 200), 0.1, 1e-12, 0, "cosine ends");
    CHECK_NEAR(schedule_lr(&s, 900), 0.1, 1e-12, 0, "cosine stays");
    s = (Schedule){.kind = SCHEDULE_STEP, .lr = 1.0, .first = 10, .step_every = 30, .step_factor = 0.1};
    CHECK_NEAR(schedule_lr(&s, 39), 1.0, 1e-12, 0, "before the drop");
    CHECK_NEAR(schedule_lr(&s, 40), 0.1, 1e-12, 0, "after the drop");
    CHECK_NEAR(schedule_lr(&s, 99), 0.01, 1e-12, 0, "two drops");
    s = (Schedule){.kind = SCHEDULE_CONSTANT, .lr = 1.0, .first = 10, .warmup = 4};
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(schedule_lr(&s, 10 + i), 0.25 * (i + 1), 1e-12, 0, "warm-up step %d", i);
    CHECK_NEAR(schedule_lr(&s, 14), 1.0, 1e-12, 0, "after the warm-up");
}

static void test_ema(void **state)
{
    (void)state;
    float ema[2] = {0, 8};
    const float w[2] = {1, 0};
    ema_step(ema, w, 2, 1, 0.999); /* keeps (1 + 1) / (10 + 1) */
    CHECK_NEAR(ema[0], 9.0 / 11.0, 1e-6, 0, "young average follows fast");
    CHECK_NEAR(ema[1], 16.0 / 11.0, 1e-6, 0, "young average follows fast");
    ema[0] = 0;
    ema_step(ema, w, 1, 1000000, 0.999);
    CHECK_NEAR(ema[0], 0.001, 1e-7, 0, "old average keeps decay");
}

static void test_scans(void **state)
{
    (void)state;
    float x[37];
    double want = 0;
    for (int i = 0; i < 37; i++) {
        x[i] = (float)(i - 18) * 1e10f;
        want += (double)x[i] * (double)x[i];
    }
    CHECK_NEAR(sum_of_squares(x, 37), want, 0, 1e-15, "37 values");
    CHECK_NEAR(sum_of_squares(x, 0), 0, 0, 0, "none");
    assert_true(all_finite(x, 37));
    const float bad[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 37; i++)
        for (int b = 0; b < 4; b++) {
            float keep = x[i];
            x[i] = bad[b];
            CHECK(!all_finite(x, 37), "%g at %d was not seen", (double)bad[b], i);
            x[i] = keep;
        }
    x[3] = 3.4e38f;
    assert_true(all_finite(x, 37));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_steps_are_pytorchs),
    cmocka_unit_test(test_schedules),
    cmocka_unit_test(test_ema),
    cmocka_unit_test(test_scans),
};

TEST_MAIN(tests)
