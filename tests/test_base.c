/* test_base.c - shapes, messages and random numbers. */
#include "engine/base/err.h"
#include "engine/base/rng.h"
#include "engine/base/tensor.h"
#include "tests/check.h"

static void test_shape_count(void **state)
{
    (void)state;
    size_t count = 7;
    assert_true(shape_count((Shape){2, 3, 4, 5}, &count));
    assert_int_equal(count, 120);
    assert_false(shape_count((Shape){1, 0, 4, 5}, &count));
    assert_false(shape_count((Shape){1, -1, 4, 5}, &count));
    assert_false(shape_count((Shape){0x7fffffff, 0x7fffffff, 0x7fffffff, 2}, &count));
    assert_int_equal(count, 120);
}

static void test_at_is_row_major(void **state)
{
    (void)state;
    Shape s = {2, 3, 4, 5};
    assert_int_equal(at(s, 0, 0, 0, 1), 1);
    assert_int_equal(at(s, 0, 0, 1, 0), 5);
    assert_int_equal(at(s, 0, 1, 0, 0), 20);
    assert_int_equal(at(s, 1, 0, 0, 0), 60);
    assert_int_equal(at(s, 1, 2, 3, 4), 119);
}

static void test_err_stays_one_line(void **state)
{
    (void)state;
    Err err = {""};
    assert_false(err_set(&err, "%s: bad name '%s'", "a.net", "x\ny\x1b[0m"));
    assert_string_equal(err.text, "a.net: bad name 'x?y?[0m'");
    assert_false(err_set(NULL, "nobody listens"));
}

static void test_rng_repeats_and_is_uniform(void **state)
{
    (void)state;
    Rng a = rng_make(1, 2), b = rng_make(1, 2), c = rng_make(1, 3);
    double sum = 0, square = 0;
    for (int i = 0; i < 100000; i++) {
        double u = rng_uniform(&a);
        assert_true(u >= 0.0 && u < 1.0);
        assert_true(u == rng_uniform_at(b, (uint64_t)i));
        double z = rng_normal(&c);
        sum += u;
        square += z * z;
    }
    CHECK_NEAR(sum / 100000, 0.5, 0.005, 0, "mean of uniform");
    CHECK_NEAR(square / 100000, 1.0, 0.02, 0, "variance of normal");
    for (int i = 0; i < 1000; i++)
        assert_true(rng_below(&c, 7) < 7);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shape_count),
    cmocka_unit_test(test_at_is_row_major),
    cmocka_unit_test(test_err_stays_one_line),
    cmocka_unit_test(test_rng_repeats_and_is_uniform),
};

TEST_MAIN(tests)
