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
}

static void the_difference_is_second_minus_first(void **state)
{
    float difference[COUNT];
    (void)state;
    make_both(-100);
    const Comparison c = compare_maps(&(Look){.range = RANGE_LAYER}, &first.map, &second.map, difference);
    assert_true(difference[0] == 1 && difference[9] == 10 && difference[COUNT - 1] == -500);
    assert_true(c.least == -500 && c.most == 399);
    assert_true(c.reach == 500 && !c.clipped);
    assert_true(c.range.lo == -100 && c.range.hi == 798 && c.range.true_lo == -100 && c.range.true_hi == 798);
}

static void outliers_do_not_fade_the_rest(void **state)
{
    float difference[COUNT];
    (void)state;
    make_both(1e6f);
    const Comparison all = compare_maps(&(Look){.range = RANGE_LAYER}, &first.map, &second.map, difference);
    assert_true(all.range.hi == 1e6f && all.reach == 1e6f - 400 && !all.clipped);
    const Comparison c = compare_maps(&(Look){.range = RANGE_LAYER, .clip_outliers = true}, &first.map, &second.map, difference);
    CHECK(c.clipped && c.range.hi < 1e5f && c.range.true_hi == 1e6f, "colours end at %g of %g", (double)c.range.hi, (double)c.range.true_hi);
    assert_true(c.range.hi == fmaxf(first.stats.clip_hi, second.stats.clip_hi) && c.range.lo == fminf(first.stats.clip_lo, second.stats.clip_lo));
    assert_true(c.reach == c.range.hi - c.range.lo && c.most == 1e6f - 400);
}

static void a_locked_range_is_kept(void **state)
{
    float difference[COUNT];
    (void)state;
    make_both(7);
    const Comparison c = compare_maps(&(Look){.range = RANGE_LOCKED, .lock_lo = -3, .lock_hi = 5}, &first.map, &second.map, difference);
    assert_true(c.range.lo == -3 && c.range.hi == 5 && c.range.true_lo == 1 && c.range.true_hi == 798);
    CHECK(!c.clipped && c.reach == 399, "the difference has its own range: %g", (double)c.reach);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(the_difference_is_second_minus_first), cmocka_unit_test(outliers_do_not_fade_the_rest),
                                          cmocka_unit_test(a_locked_range_is_kept)};

TEST_MAIN(tests)
