/* test_quantize.c - weights rounded to few bits: by hand, at the edges, and every property that the header promises on random
 * weights. */
#include "engine/net/quantize.h"
#include "tests/check.h"
#include "tests/small_nets.h"

static void test_by_hand(void **state)
{
    (void)state;
    const float w[] = {-2.0f, 0.5f, 0.999f, 1.001f, 1.0f, 3.0f, 14.0f}; /* 4 bits: the scale is 14 / 7 = 2 */
    const int want[] = {-1, 0, 0, 1, 0 /* a tie, to even */, 2 /* 1.5, to even */, 7};
    assert_int_equal(quantize_limit(8), 127);
    assert_int_equal(quantize_limit(4), 7);
    assert_int_equal(quantize_limit(2), 1);
    assert_true(quantize_scale(w, 7, 4) == 2.0f);
    for (int i = 0; i < 7; i++)
        CHECK(quantize_integer(w[i], 2.0f, 4) == want[i], "%g becomes %d", (double)w[i], quantize_integer(w[i], 2.0f, 4));
    assert_int_equal(quantize_integer(-13.9f, 14.0f, 2), -1);
}

static void test_edges(void **state)
{
    (void)state;
    const float zeros[] = {0.0f, -0.0f}, tiny[] = {1e-45f, -3e-45f}, odd[] = {1.0f, NAN}, endless[] = {1.0f, -INFINITY};
    assert_true(quantize_scale(zeros, 2, 8) == 0.0f && quantize_integer(0.0f, 0.0f, 8) == 0);
    for (int bits = QUANTIZE_BITS_MIN; bits <= QUANTIZE_BITS_MAX; bits++) { /* the scale is subnormal or 0 */
        const float scale = quantize_scale(tiny, 2, bits);
        for (int i = 0; i < 2; i++)
            CHECK(abs(quantize_integer(tiny[i], scale, bits)) <= quantize_limit(bits), "%d bits", bits);
    }
    assert_true(isnan(quantize_scale(odd, 2, 8)) && isnan(quantize_scale(endless, 2, 8)));
}

/* Every channel of every layer: at most 2^bits - 1 values, whole multiples of the scale, the largest reached, none further away than half
 * a scale; biases and batch norm unchanged; rounding in place is the same; a layer alone changes that layer only. */
static void test_random_nets(void **state)
{
    (void)state;
    SmallNet s;
    small_conv_kinds(&s, 2);
    const size_t size = s.net.weight_count * sizeof(float);
    float *w = small_weights(&s.net, 5), *r = malloc(size), *one = malloc(size);
    w[s.net.params[s.layers[2].weight].offset] = NAN; /* its channel stays as it is */
    for (int bits = QUANTIZE_BITS_MIN; bits <= QUANTIZE_BITS_MAX; bits++) {
        quantize_weights(&s.net, bits, w, r);
        memcpy(one, w, size);
        quantize_layer(&s.net, 1, bits, one, one);
        for (int i = 0; i < s.net.param_count; i++) {
            const Param *p = &s.net.params[i];
            const float *a = w + p->offset, *b = r + p->offset;
            CHECK(memcmp(one + p->offset, p->layer == 1 ? b : a, p->count * sizeof *a) == 0, "parameter %d, layer 1 alone", i);
            if (p->kind != PARAM_WEIGHT) {
                CHECK(memcmp(a, b, p->count * sizeof *a) == 0, "parameter %d is no weight", i);
                continue;
            }
            const size_t count = p->count / (size_t)p->dims[0];
            for (size_t o = 0; o < (size_t)p->dims[0]; o++) {
                const float scale = quantize_scale(a + o * count, count, bits);
                int most = 0;
                if (isnan(scale)) {
                    CHECK(memcmp(a + o * count, b + o * count, count * sizeof *a) == 0, "a NaN in channel %zu", o);
                    continue;
                }
                for (size_t k = o * count; k < (o + 1) * count; k++) {
                    const int q = quantize_integer(a[k], scale, bits);
                    most = abs(q) > most ? abs(q) : most;
                    CHECK(b[k] == scale * (float)q, "%d bits, weight %zu", bits, k);
                    CHECK_NEAR(b[k], a[k], 0.5 * (double)scale * (1 + 1e-5), 0, "%d bits, weight %zu", bits, k);
                }
                CHECK(most == quantize_limit(bits), "%d bits: channel %zu reaches %d", bits, o, most);
            }
        }
        memcpy(one, w, size);
        quantize_weights(&s.net, bits, one, one);
        CHECK(memcmp(one, r, size) == 0, "%d bits in place", bits);
    }
    free(w);
    free(r);
    free(one);
}

static void test_bytes(void **state)
{
    (void)state;
    SmallNet s;
    small_start(&s, 3, 5, 5);
    small_conv(&s, 0, 3, 3, 1, 1); /* 81 weights, 3 biases */
    const QuantizeBytes eight = quantize_bytes(&s.net, 1, 8), four = quantize_bytes(&s.net, 1, 4), two = quantize_bytes(&s.net, 1, 2);
    assert_int_equal(eight.before, 4 * 84);
    assert_int_equal(eight.after, 81 + 3 * 4 + 3 * 4);
    assert_int_equal(four.after, 41 + 3 * 4 + 3 * 4);
    assert_int_equal(two.after, 21 + 3 * 4 + 3 * 4);
    assert_int_equal(quantize_bytes(&s.net, 0, 8).before, 0);
}

/* Rounded weights are known again with the scale that made them, and others are not. */
static void test_found(void **state)
{
    (void)state;
    SmallNet s;
    float scale = 0;
    small_start(&s, 5, 5, 5);
    small_conv(&s, 0, 40, 3, 1, 1); /* 45 weights a channel */
    small_conv(&s, 1, 3, 1, 1, 0);  /* 40 */
    small_conv(&s, 2, 2, 3, 1, 1);  /* 27: too few to be sure */
    const size_t size = s.net.weight_count * sizeof(float);
    float *w = small_weights(&s.net, 9), *r = malloc(size);
    for (int bits = QUANTIZE_BITS_MIN; bits <= QUANTIZE_BITS_MAX; bits++) {
        quantize_weights(&s.net, bits, w, r);
        for (int l = 1; l < 3; l++) {
            const Param *p = &s.net.params[s.net.layers[l].weight];
            const size_t count = p->count / (size_t)p->dims[0];
            for (int o = 0; o < p->dims[0]; o++) {
                CHECK(quantize_found(&s.net, w, l, o, &scale) == 0, "layer %d, channel %d is not rounded", l, o);
                CHECK(quantize_found(&s.net, r, l, o, &scale) == bits, "layer %d, channel %d has %d bits", l, o, bits);
                CHECK(scale == quantize_scale(w + p->offset + (size_t)o * count, count, bits), "its scale, %d bits", bits);
            }
        }
        CHECK(quantize_found(&s.net, r, 3, 0, &scale) == 0, "too few weights");
    }
    memset(r, 0, size);
    assert_int_equal(quantize_found(&s.net, r, 1, 0, &scale), 0); /* zeros have no scale */
    r[0] = NAN;
    assert_int_equal(quantize_found(&s.net, r, 1, 0, &scale), 0);
    assert_int_equal(quantize_found(&s.net, r, 0, 0, &scale), 0);
    free(w);
    free(r);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_by_hand),
    cmocka_unit_test(test_edges),
    cmocka_unit_test(test_random_nets),
    cmocka_unit_test(test_bytes),
    cmocka_unit_test(test_found),
};

TEST_MAIN(tests)
