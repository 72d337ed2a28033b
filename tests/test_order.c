/* test_order.c - sums in several orders: distances between floats, each order is a permutation, sums by hand, and the seed. */
#include "engine/net/order.h"
#include "tests/check.h"

static void test_distances(void **state)
{
    (void)state;
    assert_int_equal(ulps_between(1.0f, nextafterf(1.0f, 2.0f)), 1);
    assert_int_equal(ulps_between(nextafterf(1.0f, 0.0f), nextafterf(1.0f, 2.0f)), 2);
    assert_int_equal(ulps_between(0.0f, -0.0f), 0);
    assert_int_equal(ulps_between(nextafterf(0.0f, 1.0f), nextafterf(0.0f, -1.0f)), 2);
    assert_int_equal(ulps_between(1.0f, 2.0f), 1 << 23);
    assert_true(ulps_between(NAN, 1.0f) == INT64_MAX);
}

/* 5 channels of 2 places; the products are far apart, so that each order has its own sum. */
static void make(Explanation *e, Term terms[10])
{
    *e = (Explanation){.op = OP_CONV, .term_count = 10, .of.weighted.bias = 1};
    for (int i = 0; i < 10; i++) {
        terms[i] = (Term){.c = i / 2, .kx = i % 2, .in = i == 9 ? 0.5f : i % 3 == 0 ? 1e8f : i % 3 == 1 ? -1e8f : 1.0f + 0.1f * (float)i, .w = 1.1f};
        terms[i].product = terms[i].w * terms[i].in;
    }
}

static void test_orders(void **state)
{
    (void)state;
    Explanation e;
    Term terms[10];
    int order[10], again[10];
    make(&e, terms);
    order_tiles(terms, 10, 2, order); /* channels 0 and 1 at place 0, then at place 1; then 2 and 3; then 4 alone */
    assert_memory_equal(order, ((int[]){0, 2, 1, 3, 4, 6, 5, 7, 8, 9}), sizeof order);
    order_tiles(terms, 10, 16, order);
    assert_memory_equal(order, ((int[]){0, 2, 4, 6, 8, 1, 3, 5, 7, 9}), sizeof order);
    order_tiles(terms, 10, 1, order);
    order_reference(10, again);
    assert_memory_equal(order, again, sizeof order);
    int moved = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        int found[10] = {0};
        order_shuffled(10, seed, order);
        order_shuffled(10, seed, again);
        assert_memory_equal(order, again, sizeof order);
        for (int i = 0; i < 10; i++) {
            found[order[i]]++;
            moved += order[i] != i;
        }
        for (int i = 0; i < 10; i++)
            CHECK(found[i] == 1, "seed %d has term %d", (int)seed, i);
    }
    assert_true(moved > 100); /* of 200; 180 are expected */
}

static void test_sums(void **state)
{
    (void)state;
    Explanation e;
    Term terms[10];
    int order[10];
    float sums[10], by_hand = 1, fused = 1;
    make(&e, terms);
    order_tiles(terms, 10, 2, order);
    for (int i = 0; i < 10; i++) {
        by_hand += terms[order[i]].w * terms[order[i]].in;
        fused = (float)((double)terms[order[i]].w * (double)terms[order[i]].in + (double)fused); /* 24 + 24 bits: exact but for the last rounding */
    }
    assert_true(order_sum(&e, terms, order, false, sums) == by_hand && sums[9] == by_hand && sums[0] == 1 + terms[0].product);
    CHECK_NEAR(order_sum(&e, terms, order, true, NULL), fused, 0, 1e-6, "fused");
    int other = 0;
    for (uint64_t seed = 0; seed < 20; seed++) { /* the order shows */
        order_shuffled(10, seed, order);
        other += order_sum(&e, terms, order, false, NULL) != by_hand;
    }
    assert_true(other > 0);
}

static void test_differences(void **state)
{
    (void)state;
    const float a[] = {1, 2, 0, -4}, b[] = {1, nextafterf(2, 3), -0.0f, -4.5f};
    const MapDifference d = order_difference(a, b, 4);
    assert_int_equal(d.count, 4);
    assert_int_equal(d.differ, 2);
    assert_int_equal(d.by_one, 1);
    assert_int_equal(d.most, 1 << 20); /* an eighth of the floats from 4 to 8 */
    assert_true(d.share == 0.125);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_distances),
    cmocka_unit_test(test_orders),
    cmocka_unit_test(test_sums),
    cmocka_unit_test(test_differences),
};

TEST_MAIN(tests)
