/* test_ops.c - the reference ops against numbers that can be checked by hand, and against the vectors that
 * PyTorch, Caffe and ONNX Runtime answer (each says its origin). */
#include "engine/ops/ops.h"
#include "tests/check.h"

static void check_values(const char *what, const float *got, const float *want, int count, double tolerance)
{
    for (int i = 0; i < count; i++)
        CHECK_NEAR(got[i], want[i], tolerance, tolerance, "%s, element %d", what, i);
}

/* window sizes */

static void test_window_out_rules(void **state)
{
    (void)state;
    /* n, k, stride, pad: floor, Caffe, PyTorch, ONNX. Floor and PyTorch as torch 1.13's MaxPool2d answers, Caffe by
     * pooling_layer.cpp, ONNX as onnxruntime's ceil_mode; the first two rows are GoogLeNet's own pools. */
    static const int rows[][8] = {
        {112, 3, 2, 0, 55, 56, 56, 56}, {56, 3, 2, 0, 27, 28, 28, 28}, {28, 3, 2, 0, 13, 14, 14, 14},
        {14, 3, 2, 0, 6, 7, 7, 7},      {28, 3, 1, 1, 28, 28, 28, 28}, {9, 4, 4, 2, 3, 3, 3, 4},
        {5, 2, 2, 1, 3, 3, 3, 4},       {2, 3, 3, 1, 1, 1, 1, 2},      {12, 1, 2, 0, 6, 7, 6, 7},
        {8, 1, 3, 0, 3, 4, 3, 4},       {2, 3, 2, 0, 0, 1, 1, 1},      {1, 3, 2, 0, 0, 0, 0, 0},
        {14, 5, 3, 0, 4, 4, 4, 4},      {224, 7, 2, 3, 112, 113, 113, 113},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int *r = rows[i];
        for (int rule = ROUND_FLOOR; rule <= ROUND_CEIL_ONNX; rule++)
            CHECK(window_out(r[0], r[1], r[2], r[3], (Rounding)rule) == r[4 + rule], "n %d k %d stride %d pad %d rule %d: %d",
                  r[0], r[1], r[2], r[3], rule, window_out(r[0], r[1], r[2], r[3], (Rounding)rule));
    }
}

static void test_window_out_survives_huge_numbers(void **state)
{
    (void)state;
    assert_int_equal(window_out(2147483647, 1, 1, 0, ROUND_FLOOR), 2147483647);
    assert_int_equal(window_out(10, 2147483647, 2147483647, 0, ROUND_FLOOR), 0);
    assert_int_equal(window_out(0, 1, 1, 0, ROUND_FLOOR), 0);
    assert_int_equal(window_out(-5, 1, 1, 0, ROUND_CEIL_ONNX), 0);
}

/* convolution */

static void test_conv_by_hand(void **state)
{
    (void)state;
    /* 1 2 3      1 0
     * 4 5 6  *   0 -1   + 10, stride 1: 1-5, 2-6, 4-8, 5-9 are all -4 */
    const float x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, w[] = {1, 0, 0, -1}, b[] = {10};
    const ConvDims d = {{1, 1, 3, 3}, {1, 1, 2, 2}, 2, 1, 0, 1};
    float y[4];
    conv_forward(y, x, w, b, d, 0, 1);
    check_values("2x2 kernel", y, (const float[]){6, 6, 6, 6}, 4, 0);

    /* the same picture, 3x3 of ones, pad 1, stride 2: sums of the four corners' neighbourhoods */
    const float ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    conv_forward(y, x, ones, NULL, (ConvDims){{1, 1, 3, 3}, {1, 1, 2, 2}, 3, 2, 1, 1}, 0, 1);
    check_values("3x3 of ones", y, (const float[]){1 + 2 + 4 + 5, 2 + 3 + 5 + 6, 4 + 5 + 7 + 8, 5 + 6 + 8 + 9}, 4, 0);
}

static void test_conv_channels_groups_batch(void **state)
{
    (void)state;
    /* 1x1 kernels on 1x1 maps: plain dot products. Two images, channels (1,2,3,4) and (5,6,7,8). */
    const float x[] = {1, 2, 3, 4, 5, 6, 7, 8}, w[] = {1, 10, 100, 1000, 1, 1, 1, 1}, b[] = {0.5f, -1};
    float y[4];
    conv_forward(y, x, w, b, (ConvDims){{2, 4, 1, 1}, {2, 2, 1, 1}, 1, 1, 0, 1}, 0, 2);
    check_values("one group", y, (const float[]){4321.5f, 9, 8765.5f, 25}, 4, 0);
    /* two groups: output 0 sees channels 0 and 1, output 1 sees channels 2 and 3 */
    const float w2[] = {1, 10, 100, 1000};
    conv_forward(y, x, w2, b, (ConvDims){{2, 4, 1, 1}, {2, 2, 1, 1}, 1, 1, 0, 2}, 0, 2);
    check_values("two groups", y, (const float[]){21.5f, 4299, 65.5f, 8699}, 4, 0);
    /* a slice of the outputs leaves the rest alone */
    float z[4] = {-7, -7, -7, -7};
    conv_forward(z, x, w, b, (ConvDims){{2, 4, 1, 1}, {2, 2, 1, 1}, 1, 1, 0, 1}, 1, 2);
    check_values("slice", z, (const float[]){-7, 9, -7, 25}, 4, 0);
}

static void test_conv_order_of_the_sum(void **state)
{
    (void)state;
    /* In float 1e8 + 1 is 1e8: bias first, then c, ky, kx decides what is left of the ones. */
    const float x[] = {1, 1, 1, 1, 1, 1, 1, 1}, w[] = {-1e8f, 1, 2, 3, 4, 5, 6, 7}, b[] = {1e8f};
    const ConvDims d = {{1, 2, 2, 2}, {1, 1, 1, 1}, 2, 1, 0, 1};
    float y;
    conv_forward(&y, x, w, b, d, 0, 1);
    assert_true(y == 28);
    const float small_first[] = {3}, late[] = {0, 0, 0, 0, 0, 0, 1e8f, -1e8f};
    conv_forward(&y, x, late, small_first, d, 0, 1);
    assert_true(y == 0); /* the 3 was lost in 1e8 + 3; any order that starts from the taps would keep it */
}

static void test_conv_skips_padding(void **state)
{
    (void)state;
    /* An infinite weight over the padding would give NaN if 0 * inf were added. */
    const float x[] = {2}, w[] = {INFINITY, INFINITY, INFINITY, INFINITY, 3, INFINITY, INFINITY, INFINITY, INFINITY};
    float y;
    conv_forward(&y, x, w, NULL, (ConvDims){{1, 1, 1, 1}, {1, 1, 1, 1}, 3, 1, 1, 1}, 0, 1);
    assert_true(y == 6);
}

/* The loop at the top of conv.c: the same bits. */
static void test_conv_is_the_plain_loop(void **state)
{
    static const ConvDims cases[] = {{{1, 5, 9, 8}, {1, 3, 9, 8}, 3, 1, 1, 1}, {{1, 3, 11, 7}, {1, 4, 4, 3}, 5, 3, 2, 1},
                                     {{1, 6, 4, 4}, {1, 2, 4, 4}, 1, 1, 0, 1}, {{1, 2, 3, 9}, {1, 2, 4, 7}, 4, 1, 2, 1}};
    float x[600], w[600], b[4], y[600], z[600];
    (void)state;
    for (int i = 0; i < 600; i++) {
        x[i] = (float)(i * 7919 % 1000) / 997.0f - 0.5f;
        w[i] = (float)(i * 6007 % 1000) / 991.0f - 0.5f;
        b[i % 4] = (float)(i % 4) - 1.3f;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ConvDims d = cases[i];
        d.out.h = window_out(d.in.h, d.k, d.stride, d.pad, ROUND_FLOOR);
        d.out.w = window_out(d.in.w, d.k, d.stride, d.pad, ROUND_FLOOR);
        for (int o = 0; o < d.out.c; o++)
            for (int yo = 0; yo < d.out.h; yo++)
                for (int xo = 0; xo < d.out.w; xo++) {
                    float sum = b[o];
                    for (int c = 0; c < d.in.c; c++)
                        for (int ky = 0; ky < d.k; ky++)
                            for (int kx = 0; kx < d.k; kx++) {
                                const int yi = yo * d.stride + ky - d.pad, xi = xo * d.stride + kx - d.pad;
                                if (yi >= 0 && yi < d.in.h && xi >= 0 && xi < d.in.w)
                                    sum += w[((o * d.in.c + c) * d.k + ky) * d.k + kx] * x[at(d.in, 0, c, yi, xi)];
                            }
                    z[at(d.out, 0, o, yo, xo)] = sum;
                }
        conv_forward(y, x, w, b, d, 0, d.out.c);
        CHECK(memcmp(y, z, (size_t)d.out.c * (size_t)d.out.h * (size_t)d.out.w * sizeof *y) == 0, "case %zu", i);
    }
}

/* pools */

/* Rows of 0..5: what one row of the output is when all rows of the input are alike. */
static void pool_rows(float *y, bool average, int size, PoolDims d)
{
    float x[36], full[36];
    for (int i = 0; i < size * size; i++)
        x[i] = average ? 1 : (float)(i % size);
    d.in = (Shape){1, 1, size, size};
    d.out = (Shape){1, 1, window_out(size, d.k, d.stride, d.pad, d.rounding),
                    window_out(size, d.k, d.stride, d.pad, d.rounding)};
    if (average)
        avgpool_forward(full, x, d);
    else
        maxpool_forward(full, NULL, x, d);
    const int middle = 1; /* row 1 does not touch the padding above */
    for (int i = 0; i < d.out.w; i++)
        y[i] = full[middle * d.out.w + i];
}

static void test_ceil_is_not_padding(void **state)
{
    (void)state;
    float y[3] = {0};
    pool_rows(y, false, 6, (PoolDims){.k = 3, .stride = 2, .rounding = ROUND_CEIL_TORCH});
    check_values("ceil", y, (const float[]){2, 4, 5}, 3, 0);
    pool_rows(y, false, 6, (PoolDims){.k = 3, .stride = 2, .pad = 1});
    check_values("pad 1", y, (const float[]){1, 3, 5}, 3, 0);
    pool_rows(y, false, 6, (PoolDims){.k = 3, .stride = 2});
    check_values("floor", y, (const float[]){2, 4}, 2, 0);
}

static void test_average_divisor(void **state)
{
    (void)state;
    float y[3] = {0};
    pool_rows(y, true, 6, (PoolDims){.k = 3, .stride = 2, .rounding = ROUND_CEIL_TORCH, .count_padding = true});
    check_values("ceil, padding counted", y, (const float[]){1, 1, 1}, 3, 0);
    pool_rows(y, true, 6, (PoolDims){.k = 3, .stride = 2, .rounding = ROUND_CEIL_TORCH});
    check_values("ceil", y, (const float[]){1, 1, 1}, 3, 0);
    pool_rows(y, true, 6, (PoolDims){.k = 3, .stride = 2, .pad = 1, .count_padding = true});
    check_values("pad 1, padding counted", y, (const float[]){0.66666667f, 1, 1}, 3, 1e-7);
    pool_rows(y, true, 6, (PoolDims){.k = 3, .stride = 2, .pad = 1});
    check_values("pad 1, only real elements", y, (const float[]){1, 1, 1}, 3, 0);
    /* torch.nn.AvgPool2d(3, 2, padding=1, ceil_mode=True) of ones(5): the last window ends with the padding, 2 of 3 */
    PoolDims d = {{1, 1, 5, 5}, {1, 1, 3, 3}, 3, 2, 1, ROUND_CEIL_TORCH, false, true};
    int lo, hi, divisor;
    pool_window(5, 3, 2, &d, &lo, &hi, &divisor);
    assert_int_equal(lo, 3);
    assert_int_equal(hi, 5);
    assert_int_equal(divisor, 3);
    d = (PoolDims){{1, 1, 6, 6}, {1, 1, 4, 4}, 3, 2, 1, ROUND_CEIL_TORCH, false, true};
    pool_window(6, 4, 3, &d, &lo, &hi, &divisor); /* starts at 5, padded map ends at 7: one real, one padded, no third */
    assert_int_equal(lo, 5);
    assert_int_equal(hi, 6);
    assert_int_equal(divisor, 2);
}

static void test_adaptive_windows(void **state)
{
    (void)state;
    /* torch.nn.AdaptiveAvgPool2d(4) of a 14-wide map: [0,4) [3,7) [7,11) [10,14) */
    const PoolDims d = {{1, 1, 14, 14}, {1, 1, 4, 4}, 0, 0, 0, ROUND_FLOOR, true, false};
    static const int want[4][2] = {{0, 4}, {3, 7}, {7, 11}, {10, 14}};
    for (int o = 0; o < 4; o++) {
        int lo, hi, divisor;
        pool_window(14, 4, o, &d, &lo, &hi, &divisor);
        CHECK(lo == want[o][0] && hi == want[o][1] && divisor == hi - lo, "window %d is [%d,%d) / %d", o, lo, hi, divisor);
    }
    const float x[] = {1, 2, 3, 4, 5, 6};
    float y[2];
    avgpool_forward(y, x, (PoolDims){{1, 2, 1, 3}, {1, 2, 1, 1}, 0, 0, 0, ROUND_FLOOR, true, false});
    check_values("global average", y, (const float[]){2, 5}, 2, 0);
}

static void test_maxpool_padding_never_wins(void **state)
{
    (void)state;
    const float x[] = {-5, -5, -5, -5};
    float y[4];
    maxpool_forward(y, NULL, x, (PoolDims){{1, 1, 2, 2}, {1, 1, 2, 2}, 3, 1, 1, ROUND_FLOOR, false, false});
    check_values("all negative", y, (const float[]){-5, -5, -5, -5}, 4, 0);
}

static void test_maxpool_tie_goes_to_the_first(void **state)
{
    (void)state;
    const float x[9] = {0};
    const PoolDims d = {{1, 1, 3, 3}, {1, 1, 1, 1}, 3, 1, 0, ROUND_FLOOR, false, false};
    float y, dx[9] = {0}, dy = 1;
    int argmax = -1;
    maxpool_forward(&y, &argmax, x, d);
    assert_int_equal(argmax, 0);
    maxpool_backward(dx, &dy, &argmax, d);
    check_values("tie", dx, (const float[]){1, 0, 0, 0, 0, 0, 0, 0, 0}, 9, 0);
}

static void test_nan_stays_visible(void **state)
{
    (void)state;
    const float x[] = {1, NAN, 3, 2};
    float y, r[4];
    maxpool_forward(&y, NULL, x, (PoolDims){{1, 1, 2, 2}, {1, 1, 1, 1}, 2, 1, 0, ROUND_FLOOR, false, false});
    assert_true(isnan(y));
    relu_forward(r, x, 4);
    assert_true(isnan(r[1]) && r[0] == 1);
}

/* normalisation */

static void test_lrn_divides_alpha_by_size(void **state)
{
    (void)state;
    /* torch.nn.LocalResponseNorm(5, 1e-4, 0.75, 1) of 8 channels of 100; Caffe and ONNX answer the same */
    float x[8], y[8], scale[8];
    for (int i = 0; i < 8; i++)
        x[i] = 100;
    lrn_forward(y, scale, x, (LrnDims){{1, 8, 1, 1}, 5, 1e-4f, 0.75f, 1});
    check_values("LRN", y,
                 (const float[]){70.2927f, 64.3496f, 59.4604f, 59.4604f, 59.4604f, 59.4604f, 64.3496f, 70.2927f}, 8, 1e-6);
    check_values("denominator before the power", scale, (const float[]){1.6f, 1.8f, 2, 2, 2, 2, 1.8f, 1.6f}, 8, 1e-6);
}

static void test_lrn_by_hand(void **state)
{
    (void)state;
    /* 2 channels, window 3: s = 2 + 9/3 * (1 + 4) = 17 and the same; y = x * 17^-0.5 */
    const float x[] = {1, 2};
    float y[2], scale[2];
    lrn_forward(y, scale, x, (LrnDims){{1, 2, 1, 1}, 3, 9, 0.5f, 2});
    check_values("denominator", scale, (const float[]){17, 17}, 2, 0);
    check_values("LRN", y, (const float[]){0.242535625f, 0.48507125f}, 2, 1e-6);
}

static void test_batchnorm_by_hand(void **state)
{
    (void)state;
    /* channel 0: (x - 1) / sqrt(3.999 + 0.001) * 3 + 5; channel 1: (x - 0) / sqrt(0 + 0.001) * 1 */
    const float x[] = {1, 3, 0, 0.001f}, gamma[] = {3, 1}, beta[] = {5, 0}, mean[] = {1, 0}, var[] = {3.999f, 0};
    float y[4];
    batchnorm_forward(y, x, gamma, beta, mean, var, 1e-3f, (Shape){1, 2, 1, 2});
    check_values("BN", y, (const float[]){5, 8, 0, 0.0316227766f}, 4, 1e-6);
    /* eps matters: 1e-5 would give 0.316 in the last place */
}

/* the rest */

static void test_relu_concat(void **state)
{
    (void)state;
    const float a[] = {-1, 2, 0, -0.5f}, b[] = {5, 6};
    float r[4], y[6];
    relu_forward(r, a, 4);
    check_values("relu", r, (const float[]){0, 2, 0, 0}, 4, 0);
    /* two images: a holds 2 channels of 1x1, b one */
    const Shape whole = {2, 3, 1, 1}, two = {2, 2, 1, 1}, one = {2, 1, 1, 1};
    concat_forward(y, a, whole, two, 0);
    concat_forward(y, b, whole, one, 2);
    check_values("concat", y, (const float[]){-1, 2, 5, 0, -0.5f, 6}, 6, 0);
    float da[4] = {1, 1, 1, 1};
    concat_backward(da, y, whole, two, 0);
    check_values("concat backward adds", da, (const float[]){0, 3, 1, 0.5f}, 4, 0);
}

static void test_dropout_mask_follows_the_picture(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    static float x[2 * COUNT], both[2 * COUNT], second[COUNT];
    for (int i = 0; i < 2 * COUNT; i++)
        x[i] = 1;
    const Rng rng = rng_make(5, 9);
    dropout_forward(both, x, (Shape){2, COUNT, 1, 1}, 0.4f, rng, 0);
    dropout_forward(second, x, (Shape){1, COUNT, 1, 1}, 0.4f, rng, 1);
    int kept = 0, differ = 0;
    for (int i = 0; i < COUNT; i++) {
        assert_true(both[i] == 0 || both[i] == 1 / (1 - 0.4f));
        assert_true(both[COUNT + i] == second[i]); /* however the batch was split */
        kept += both[i] != 0;
        differ += both[i] != both[COUNT + i];
    }
    CHECK_NEAR(kept, 0.6 * COUNT, 100, 0, "kept");
    CHECK(differ > COUNT / 4, "two pictures share a mask: %d differ", differ);
}

static void test_fc_by_hand(void **state)
{
    (void)state;
    const float x[] = {1, 2, 3, 4, 5, 6}, w[] = {1, 0, -1, 2, 2, 2}, b[] = {0.5f, 1};
    float y[4];
    fc_forward(y, x, w, b, 2, 3, 2, 0, 2);
    check_values("fc", y, (const float[]){-1.5f, 13, -1.5f, 31}, 4, 0);
    float z[4] = {-7, -7, -7, -7};
    fc_forward(z, x, w, NULL, 2, 3, 2, 1, 2);
    check_values("fc slice", z, (const float[]){-7, 12, -7, 30}, 4, 0);
}

static void test_softmax_does_not_overflow(void **state)
{
    (void)state;
    const float x[] = {100, 99, -1000, -1000};
    float p[4];
    softmax_forward(p, x, 2, 2);
    check_values("softmax", p, (const float[]){0.731059f, 0.268941f, 0.5f, 0.5f}, 4, 1e-6);
}

static void test_cross_entropy_has_no_cap(void **state)
{
    (void)state;
    const float x[] = {200, 0}, even[] = {0, 0, 0, 0, 0};
    float loss;
    cross_entropy_forward(&loss, x, (const int[]){1}, 1, 2, 0);
    CHECK_NEAR(loss, 200, 0, 1e-6, "log-sum-exp");
    cross_entropy_forward(&loss, even, (const int[]){3}, 1, 5, 0);
    CHECK_NEAR(loss, 1.6094379, 0, 1e-6, "ln 5 at chance");
    /* torch: cross_entropy([[2, 1, 0]], [0], label_smoothing=0.3) = 0.707606 */
    cross_entropy_forward(&loss, (const float[]){2, 1, 0}, (const int[]){0}, 1, 3, 0.3f);
    CHECK_NEAR(loss, 0.707606, 0, 1e-6, "smoothed");
    float far[2] = {0, 0}; /* exp(200) is infinite in float */
    cross_entropy_backward(far, x, (const int[]){1}, 1, 2, 0, 1);
    check_values("a large score", far, (const float[]){1, -1}, 2, 0);
    float dx[3] = {1, 1, 1};
    cross_entropy_backward(dx, (const float[]){2, 1, 0}, (const int[]){0}, 1, 3, 0.3f, 2);
    check_values("softmax minus target, added", dx,
                 (const float[]){1 + 2 * (0.665241f - 0.8f), 1 + 2 * (0.244728f - 0.1f), 1 + 2 * (0.090031f - 0.1f)}, 3, 1e-6);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_window_out_rules),
    cmocka_unit_test(test_window_out_survives_huge_numbers),
    cmocka_unit_test(test_conv_by_hand),
    cmocka_unit_test(test_conv_channels_groups_batch),
    cmocka_unit_test(test_conv_order_of_the_sum),
    cmocka_unit_test(test_conv_skips_padding),
    cmocka_unit_test(test_conv_is_the_plain_loop),
    cmocka_unit_test(test_ceil_is_not_padding),
    cmocka_unit_test(test_average_divisor),
    cmocka_unit_test(test_adaptive_windows),
    cmocka_unit_test(test_maxpool_padding_never_wins),
    cmocka_unit_test(test_maxpool_tie_goes_to_the_first),
    cmocka_unit_test(test_nan_stays_visible),
    cmocka_unit_test(test_lrn_divides_alpha_by_size),
    cmocka_unit_test(test_lrn_by_hand),
    cmocka_unit_test(test_batchnorm_by_hand),
    cmocka_unit_test(test_relu_concat),
    cmocka_unit_test(test_dropout_mask_follows_the_picture),
    cmocka_unit_test(test_fc_by_hand),
    cmocka_unit_test(test_softmax_does_not_overflow),
    cmocka_unit_test(test_cross_entropy_has_no_cap),
};

TEST_MAIN(tests)
