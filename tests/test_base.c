/* test_base.c - shapes, messages, arrays and random numbers. */
#include "engine/base/array.h"
#include "engine/base/err.h"
#include "engine/base/rng.h"
#include "engine/base/tensor.h"
#include "engine/base/text.h"
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
    assert_false(err_set(&err, "%s: bad name '%s'", "a.net", "x\ny\x1b[0m\x7f"));
    assert_string_equal(err.text, "a.net: bad name 'x?y?[0m?'");
    assert_false(err_set(NULL, "nobody listens"));
    /* A character that a width cut in two goes; whole ones and stray bytes of a file's name stay. */
    assert_false(err_set(&err, "'%.4s' '%.3s' \xff", "\u7f51\u7edc", "\u7f51\u7edc"));
    assert_string_equal(err.text, "'\u7f51?' '\u7f51' \xff");
    char path[2000];
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_false(err_set(&err, "%s: the reason", path));
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_memory_equal(err.text, "aaaa", 4);
    assert_string_equal(err.text + strlen(err.text) - 12, ": the reason");
    assert_non_null(strstr(err.text, "aa ... aa"));
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
        assert_true(u * 0x1p53 == (double)(rng_at(b, (uint64_t)i) >> 11)); /* all 53 bits */
        double z = rng_normal(&c);
        sum += u;
        square += z * z;
    }
    CHECK_NEAR(sum / 100000, 0.5, 0.005, 0, "mean of uniform");
    CHECK_NEAR(square / 100000, 1.0, 0.02, 0, "variance of normal");
    for (int i = 0; i < 1000; i++)
        assert_true(rng_below(&c, 7) < 7);
}

static void test_rng_is_splitmix64(void **state)
{
    (void)state;
    /* the first two numbers of the authors' splitmix64.c from seed 0 */
    assert_true(rng_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(rng_mix(UINT64_C(0x9e3779b97f4a7c15)) == UINT64_C(0x6e789e6aa1b965f4));
}

/* 2^64 is two and two thirds times this n: a mere remainder would give its lower two thirds half as often again. */
static void test_rng_below_favours_nobody(void **state)
{
    (void)state;
    const uint64_t n = UINT64_C(3) << 61;
    Rng rng = rng_make(5, 6);
    double sum = 0;
    for (int i = 0; i < 20000; i++) {
        const uint64_t value = rng_below(&rng, n);
        assert_true(value < n);
        sum += (double)value / (double)n;
    }
    CHECK_NEAR(sum / 20000, 0.5, 0.01, 0, "mean");
}

static void test_array_grows(void **state)
{
    (void)state;
    uint16_t *numbers = NULL;
    for (int i = 0; i < 1000; i++) {
        uint16_t *grown = array_grow(numbers, i, sizeof *numbers);
        assert_non_null(grown);
        numbers = grown;
        assert_int_equal(numbers[i], 0);
        numbers[i] = (uint16_t)(i + 1);
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i + 1);
    assert_null(array_grow(numbers, 1 << 30, SIZE_MAX / 4)); /* a size that does not fit; the array stays */
    assert_int_equal(numbers[999], 1000);
    free(numbers);
}

/* The first and the last of each length, and what is beside them (RFC 3629, section 4). */
static void test_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf", "caf\xc3\xa9 \u7f51\u7edc"};
    static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe1\x80", "\xed\xa0\x80", "\xef\xbf\x41",
                                      "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "caf\xe9", "\xf1\x80\x80\x41"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(text_is_utf8(good[i], strlen(good[i])), "good text %zu", i);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!text_is_utf8(bad[i], strlen(bad[i])), "bad text %zu", i);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_utf8),
    cmocka_unit_test(test_shape_count),
    cmocka_unit_test(test_at_is_row_major),
    cmocka_unit_test(test_err_stays_one_line),
    cmocka_unit_test(test_rng_repeats_and_is_uniform),
    cmocka_unit_test(test_rng_is_splitmix64),
    cmocka_unit_test(test_rng_below_favours_nobody),
    cmocka_unit_test(test_array_grows),
};

TEST_MAIN(tests)
