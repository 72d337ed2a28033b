/* test_compare.c - two maps of one layer: the range that they share, their difference and how far its colours reach. */
#include "app/model/compare.h"
#include "tests/check.h"

enum { COUNT = 400 }; /* enough for outliers */

typedef struct Made {
    float values[COUNT], ranges[4];
    LayerStats stats;
    ChannelRanges channels;
    LayerMap map;
} Made;

/* One channel of 20 x 20. */
static void make(Made *m)
{
    m->channels = (ChannelRanges){&m->ranges[0], &m->ranges[1], &m->ranges[2], &m->ranges[3]};
    m->map = (LayerMap){.data = m->values, .shape = {1, 1, 20, 20}, .stats = &m->stats, .channels = &m->channels};
    layer_stats(m->values, m->map.shape, &m->stats, &m->channels);
}

static Made first, second;
static uint64_t versions;

/* 1 .. 400 and 2, 4, .. 800, but the last value of the second far out. */
static void make_both(float outlier)
{
    for (int i = 0; i < COUNT; i++) {
        first.values[i] = (float)(i + 1);
        second.values[i] = (float)(2 * (i + 1));
    }
    second.values[COUNT - 1] = outlier;
    make(&first);
    make(&second);
    first.map.version = ++versions;
    second.map.version = ++versions;
}

static void the_difference_is_second_minus_first(void **state)
{
    Compared made = {0};
    (void)state;
    make_both(-100);
    assert_true(compared_make(&made, &first.map, &second.map));
    const Comparison c = compare_ranges(&(Look){.range = RANGE_LAYER}, &first.map, &second.map, &made);
    assert_true(made.difference[0] == 1 && made.difference[9] == 10 && made.difference[COUNT - 1] == -500);
    assert_true(made.least == -500 && made.most == 399);
    assert_true(c.reach == 500 && !c.clipped);
    assert_true(c.range.lo == -100 && c.range.hi == 798 && c.range.true_lo == -100 && c.range.true_hi == 798);
    compared_free(&made);
}

static void outliers_do_not_fade_the_rest(void **state)
{
    Compared made = {0};
    (void)state;
    make_both(1e6f);
    assert_true(compared_make(&made, &first.map, &second.map));
    const Comparison all = compare_ranges(&(Look){.range = RANGE_LAYER}, &first.map, &second.map, &made);
    assert_true(all.range.hi == 1e6f && all.reach == 1e6f - 400 && !all.clipped);
    const Comparison c = compare_ranges(&(Look){.range = RANGE_LAYER, .clip_outliers = true}, &first.map, &second.map, &made);
    CHECK(c.clipped && c.range.hi < 1e5f && c.range.true_hi == 1e6f, "colours end at %g of %g", (double)c.range.hi, (double)c.range.true_hi);
    assert_true(c.range.hi == fmaxf(first.stats.clip_hi, second.stats.clip_hi) && c.range.lo == fminf(first.stats.clip_lo, second.stats.clip_lo));
    assert_true(c.reach == c.range.hi - c.range.lo && made.most == 1e6f - 400);
    compared_free(&made);
}

static void a_locked_range_is_kept(void **state)
{
    Compared made = {0};
    (void)state;
    make_both(7);
    assert_true(compared_make(&made, &first.map, &second.map));
    const Comparison c = compare_ranges(&(Look){.range = RANGE_LOCKED, .lock_lo = -3, .lock_hi = 5}, &first.map, &second.map, &made);
    assert_true(c.range.lo == -3 && c.range.hi == 5 && c.range.true_lo == 1 && c.range.true_hi == 798);
    CHECK(!c.clipped && c.reach == 399, "the difference has its own range: %g", (double)c.reach);
    compared_free(&made);
}

/* Four channels that differ by 1, 3, -3 and 0 in the mean; the order of equal ones is that of the channels. */
static void channels_are_ordered_by_their_difference(void **state)
{
    static float a[8] = {0, 0, 1, 1, 2, 2, 3, 3}, b[8] = {1, -1, 4, 4, -1, -1, 3, 3};
    static const int order[4] = {1, 2, 0, 3};
    static const float mean[4] = {1, 3, 3, 0};
    const LayerStats stats = {.count = 8};
    LayerMap one = {.data = a, .shape = {1, 4, 1, 2}, .stats = &stats, .version = 1}, two = one;
    Compared made = {0};
    (void)state;
    two.data = b;
    two.version = 2;
    assert_true(compared_make(&made, &one, &two));
    for (int i = 0; i < 4; i++)
        CHECK(made.order[i] == order[i] && fabsf(made.mean[i] - mean[i]) <= 0, "place %d: %d; mean of %d: %g", i, made.order[i], i, (double)made.mean[i]);
    const uint64_t version = made.version;
    b[0] = 100; /* the same versions: nothing is made again */
    assert_true(compared_make(&made, &one, &two) && made.version == version && made.mean[0] <= 1);
    two.version = 3;
    assert_true(compared_make(&made, &one, &two) && made.version != version && made.order[0] == 0);
    a[6] = 1000;
    one.version = 4;
    assert_true(compared_make(&made, &one, &two) && made.order[0] == 3);
    compared_free(&made);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(the_difference_is_second_minus_first), cmocka_unit_test(outliers_do_not_fade_the_rest),
                                          cmocka_unit_test(a_locked_range_is_kept), cmocka_unit_test(channels_are_ordered_by_their_difference)};

TEST_MAIN(tests)
