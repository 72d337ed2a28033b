/* test_ops_grad.c - every backward against central differences of its own forward.
 *
 * This file and the reference ops are compiled here with double as their number type (see the Makefile), so that the
 * differences are good to nine digits. Inputs stay away from kinks: ReLU's from 0, a max pool's from each other. */
#include "engine/ops/ops.h"
#include "tests/check.h"

_Static_assert(sizeof(real) == sizeof(double), "the Makefile compiles this with double_ops.h");

enum { VALUES_MAX = 600, TENSORS_MAX = 5 };

/* One op with its data: the loss is the sum of weight[i] * y[i], so dL/dy is `weight`. */
typedef struct Problem {
    const char *name;
    void (*forward)(struct Problem *p);
    void (*backward)(struct Problem *p);
    union {
        ConvDims conv;
        PoolDims pool;
        LrnDims lrn;
        Shape shape;
        struct { int n, in, out; } fc;
    } dims;
    double in[TENSORS_MAX][VALUES_MAX]; /* x, then w, b or gamma, beta, mean, var */
    double grad[TENSORS_MAX][VALUES_MAX];
    int in_count[TENSORS_MAX];          /* 0: not there */
    int checked;                        /* the first `checked` tensors are differentiated */
    double y[VALUES_MAX], weight[VALUES_MAX], saved[VALUES_MAX];
    bool no_dx;                         /* the gradient of x is not wanted */
    int argmax[VALUES_MAX];
    int y_count;
} Problem;

static double *dx_of(Problem *p)
{
    return p->no_dx ? NULL : p->grad[0];
}

static double loss(Problem *p)
{
    p->forward(p);
    double sum = 0;
    for (int i = 0; i < p->y_count; i++)
        sum += p->weight[i] * p->y[i];
    return sum;
}

/* Without dx, all other gradients are what they were with it. */
static void check_without_dx(Problem *p, double before)
{
    static double with[TENSORS_MAX][VALUES_MAX];
    memcpy(with, p->grad, sizeof with);
    for (int t = 0; t < TENSORS_MAX; t++)
        for (int i = 0; i < VALUES_MAX; i++)
            p->grad[t][i] = t < p->checked ? before : with[t][i];
    p->forward(p); /* not as the last difference left it */
    p->no_dx = true;
    p->backward(p);
    p->no_dx = false;
    for (int t = 0; t < p->checked; t++)
        for (int i = 0; i < p->in_count[t]; i++)
            CHECK_NEAR(p->grad[t][i], t == 0 ? before : with[t][i], 0, 0, "%s without dx: tensor %d, element %d", p->name, t, i);
}

static void check_gradient(Problem *p)
{
    Rng rng = rng_make(7, (uint64_t)p->y_count);
    const double before = 0.25, step = 1e-5; /* `before` is already in grad: backward must add */
    assert_true(p->y_count <= VALUES_MAX);
    for (int i = 0; i < p->y_count; i++)
        p->weight[i] = rng_normal(&rng);
    for (int t = 0; t < p->checked; t++)
        for (int i = 0; i < p->in_count[t]; i++)
            p->grad[t][i] = before;
    p->forward(p);
    p->backward(p);
    for (int t = 0; t < p->checked; t++)
        for (int i = 0; i < p->in_count[t]; i++) {
            const double value = p->in[t][i];
            p->in[t][i] = value + step;
            const double above = loss(p);
            p->in[t][i] = value - step;
            const double below = loss(p);
            p->in[t][i] = value;
            CHECK_NEAR(p->grad[t][i] - before, (above - below) / (2 * step), 1e-8, 1e-7, "%s: tensor %d, element %d",
                       p->name, t, i);
        }
    check_without_dx(p, before);
}

static void fill(Problem *p, int tensor, size_t count, uint64_t seed)
{
    Rng rng = rng_make(seed, (uint64_t)tensor);
    assert_true(count <= VALUES_MAX);
    p->in_count[tensor] = (int)count;
    for (size_t i = 0; i < count; i++)
        p->in[tensor][i] = rng_normal(&rng);
}

/* A shuffled 0, 0.01, 0.02, ...: no two so close that a small step changes the winner. */
static void fill_permutation(Problem *p, int tensor, size_t count)
{
    Rng rng = rng_make(3, count);
    p->in_count[tensor] = (int)count;
    for (size_t i = 0; i < count; i++)
        p->in[tensor][i] = 0.01 * (double)i;
    for (size_t i = count - 1; i > 0; i--) {
        const size_t j = (size_t)rng_below(&rng, i + 1);
        const double value = p->in[tensor][i];
        p->in[tensor][i] = p->in[tensor][j];
        p->in[tensor][j] = value;
    }
}

static void forward_conv(Problem *p)
{
    conv_forward(p->y, p->in[0], p->in[1], p->in_count[2] > 0 ? p->in[2] : NULL, p->dims.conv, 0, p->dims.conv.out.c);
}

static void backward_conv(Problem *p)
{
    conv_backward(dx_of(p), p->grad[1], p->in_count[2] > 0 ? p->grad[2] : NULL, p->weight, p->in[0], p->in[1],
                  p->dims.conv);
}

static void test_conv(void **state)
{
    (void)state;
    /* k, stride, pad, groups, bias */
    static const int cases[][5] = {{1, 1, 0, 1, 1}, {3, 1, 1, 1, 1}, {5, 1, 2, 2, 0}, {3, 2, 1, 1, 1}, {2, 3, 0, 2, 1}, {7, 2, 3, 1, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int *c = cases[i];
        Problem p = {.name = "conv", .forward = forward_conv, .backward = backward_conv, .checked = 3};
        const Shape in = {2, 4, 5, 7};
        const Shape out = {2, 2, window_out(in.h, c[0], c[1], c[2], ROUND_FLOOR), window_out(in.w, c[0], c[1], c[2], ROUND_FLOOR)};
        p.dims.conv = (ConvDims){in, out, c[0], c[1], c[2], c[3]};
        p.y_count = (int)shape_size(out);
        fill(&p, 0, shape_size(in), i);
        fill(&p, 1, (size_t)(out.c * in.c / c[3] * c[0] * c[0]), i);
        if (c[4])
            fill(&p, 2, (size_t)out.c, i);
        check_gradient(&p);
    }
}

static void forward_maxpool(Problem *p) { maxpool_forward(p->y, p->argmax, p->in[0], p->dims.pool); }
static void backward_maxpool(Problem *p) { maxpool_backward(dx_of(p), p->weight, p->argmax, p->dims.pool); }
static void forward_avgpool(Problem *p) { avgpool_forward(p->y, p->in[0], p->dims.pool); }
static void backward_avgpool(Problem *p) { avgpool_backward(dx_of(p), p->weight, p->dims.pool); }

static void test_pools(void **state)
{
    (void)state;
    static const PoolDims cases[] = {
        {.k = 3, .stride = 2, .rounding = ROUND_CEIL_CAFFE, .count_padding = true},
        {.k = 3, .stride = 1, .pad = 1, .count_padding = true},
        {.k = 3, .stride = 1, .pad = 1},
        {.k = 2, .stride = 2, .rounding = ROUND_FLOOR},
        {.k = 3, .stride = 2, .pad = 1, .rounding = ROUND_CEIL_TORCH, .count_padding = true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int average = 0; average < 2; average++) {
            Problem p = {.name = average ? "avgpool" : "maxpool", .checked = 1};
            p.forward = average ? forward_avgpool : forward_maxpool;
            p.backward = average ? backward_avgpool : backward_maxpool;
            p.dims.pool = cases[i];
            PoolDims *d = &p.dims.pool;
            d->in = (Shape){2, 3, 6, 9};
            d->out = (Shape){2, 3, window_out(6, d->k, d->stride, d->pad, d->rounding),
                             window_out(9, d->k, d->stride, d->pad, d->rounding)};
            p.y_count = (int)shape_size(d->out);
            fill_permutation(&p, 0, shape_size(d->in));
            check_gradient(&p);
        }
    Problem p = {.name = "adaptive", .forward = forward_avgpool, .backward = backward_avgpool, .checked = 1};
    p.dims.pool = (PoolDims){.in = {1, 2, 7, 10}, .out = {1, 2, 4, 3}, .adaptive = true};
    p.y_count = 24;
    fill(&p, 0, 140, 1);
    check_gradient(&p);
}

static void forward_lrn(Problem *p) { lrn_forward(p->y, p->saved, p->in[0], p->dims.lrn); }
static void backward_lrn(Problem *p) { lrn_backward(dx_of(p), p->weight, p->in[0], p->saved, p->dims.lrn); }

static void test_lrn(void **state)
{
    (void)state;
    /* a large alpha, so that the neighbours' part of the gradient is not lost beside the factor x */
    Problem p = {.name = "lrn", .forward = forward_lrn, .backward = backward_lrn, .checked = 1};
    p.dims.lrn = (LrnDims){{2, 7, 2, 3}, 5, 0.7, 0.6, 1.5};
    p.y_count = 84;
    fill(&p, 0, 84, 1);
    check_gradient(&p);
}

static void forward_bn(Problem *p)
{
    batchnorm_forward(p->y, p->in[0], p->in[1], p->in[2], p->in[3], p->in[4], 1e-3, p->dims.shape);
}

static void backward_bn(Problem *p)
{
    batchnorm_backward(dx_of(p), p->grad[1], p->grad[2], p->weight, p->in[0], p->in[1], p->in[3], p->in[4], 1e-3,
                       p->dims.shape);
}

static void test_batchnorm(void **state)
{
    (void)state;
    Problem p = {.name = "batchnorm", .forward = forward_bn, .backward = backward_bn, .checked = 3};
    p.dims.shape = (Shape){2, 3, 4, 5};
    p.y_count = 120;
    fill(&p, 0, 120, 1);
    for (int t = 1; t < 5; t++)
        fill(&p, t, 3, 2);
    for (int c = 0; c < 3; c++)
        p.in[4][c] = fabs(p.in[4][c]) + 0.1; /* a variance */
    check_gradient(&p);
}

static void forward_relu(Problem *p) { relu_forward(p->y, p->in[0], (size_t)p->y_count); }
static void backward_relu(Problem *p) { relu_backward(dx_of(p), p->weight, p->y, (size_t)p->y_count); }

static void test_relu(void **state)
{
    (void)state;
    Problem p = {.name = "relu", .forward = forward_relu, .backward = backward_relu, .checked = 1, .y_count = 100};
    fill(&p, 0, 100, 1);
    for (int i = 0; i < 100; i++)
        p.in[0][i] += p.in[0][i] < 0 ? -0.1 : 0.1;
    check_gradient(&p);
}

static const Shape concat_y = {2, 5, 2, 3}, concat_a = {2, 2, 2, 3}, concat_b = {2, 3, 2, 3};

static void forward_concat(Problem *p)
{
    concat_forward(p->y, p->in[0], concat_y, concat_a, 0);
    concat_forward(p->y, p->in[1], concat_y, concat_b, 2);
}

static void backward_concat(Problem *p)
{
    concat_backward(dx_of(p), p->weight, concat_y, concat_a, 0);
    concat_backward(p->grad[1], p->weight, concat_y, concat_b, 2);
}

static void test_concat(void **state)
{
    (void)state;
    Problem p = {.name = "concat", .forward = forward_concat, .backward = backward_concat, .checked = 2, .y_count = 60};
    fill(&p, 0, 24, 1);
    fill(&p, 1, 36, 1);
    check_gradient(&p);
}

static void forward_dropout(Problem *p) { dropout_forward(p->y, p->in[0], p->dims.shape, 0.4, rng_make(1, 2), 3); }
static void backward_dropout(Problem *p) { dropout_backward(dx_of(p), p->weight, p->dims.shape, 0.4, rng_make(1, 2), 3); }

static void test_dropout(void **state)
{
    (void)state;
    Problem p = {.name = "dropout", .forward = forward_dropout, .backward = backward_dropout, .checked = 1, .y_count = 60};
    p.dims.shape = (Shape){2, 30, 1, 1};
    fill(&p, 0, 60, 1);
    check_gradient(&p);
}

static void forward_fc(Problem *p)
{
    fc_forward(p->y, p->in[0], p->in[1], p->in_count[2] > 0 ? p->in[2] : NULL, p->dims.fc.n, p->dims.fc.in, p->dims.fc.out,
               0, p->dims.fc.out);
}

static void backward_fc(Problem *p)
{
    fc_backward(dx_of(p), p->grad[1], p->in_count[2] > 0 ? p->grad[2] : NULL, p->weight, p->in[0], p->in[1], p->dims.fc.n,
                p->dims.fc.in, p->dims.fc.out);
}

static void test_fc(void **state)
{
    (void)state;
    for (int bias = 0; bias < 2; bias++) {
        Problem p = {.name = "fc", .forward = forward_fc, .backward = backward_fc, .checked = 3, .y_count = 8};
        p.dims.fc.n = 2, p.dims.fc.in = 7, p.dims.fc.out = 4;
        fill(&p, 0, 14, 1);
        fill(&p, 1, 28, 1);
        if (bias)
            fill(&p, 2, 4, 1);
        check_gradient(&p);
    }
}

static void forward_softmax(Problem *p) { softmax_forward(p->y, p->in[0], 3, 6); }
static void backward_softmax(Problem *p) { softmax_backward(dx_of(p), p->weight, p->y, 3, 6); }

static void test_softmax(void **state)
{
    (void)state;
    Problem p = {.name = "softmax", .forward = forward_softmax, .backward = backward_softmax, .checked = 1, .y_count = 18};
    fill(&p, 0, 18, 1);
    check_gradient(&p);
}

static const int labels[] = {5, 0, 2};

/* backward takes one weight for the whole batch, so the loss here is 0.3 * the sum over the pictures */
static void forward_cross_entropy(Problem *p)
{
    double losses[3];
    cross_entropy_forward(losses, p->in[0], labels, 3, 6, 0.1);
    p->y[0] = losses[0] + losses[1] + losses[2];
}

static void backward_cross_entropy(Problem *p)
{
    cross_entropy_backward(dx_of(p), p->in[0], labels, 3, 6, 0.1, p->weight[0]);
}

static void test_cross_entropy(void **state)
{
    (void)state;
    Problem p = {.name = "cross entropy", .forward = forward_cross_entropy, .backward = backward_cross_entropy, .checked = 1};
    p.y_count = 1;
    fill(&p, 0, 18, 1);
    check_gradient(&p);
}

/* One gradient alone is, bit for bit, what it is together with the others. */
static void test_parts(void **state)
{
    (void)state;
    const Shape s = {2, 3, 4, 5}, out = {2, 6, 4, 5};
    const ConvDims conv = {s, out, 3, 1, 1, 3};
    double x[120], dy[240], w[162], bn[5][3], all[3][240], one[3][240];
    Rng rng = rng_make(11, 0);
    for (int i = 0; i < 240; i++)
        dy[i] = rng_normal(&rng), x[i % 120] = rng_normal(&rng), w[i % 162] = rng_normal(&rng), bn[i % 5][i % 3] = rng_uniform(&rng);
    for (int op = 0; op < 3; op++)
        for (int part = -1; part < 3; part++) { /* -1: all three */
            double (*to)[240] = part < 0 ? all : one;
            memset(to, 0, sizeof all);
            double *a = part < 0 || part == 0 ? to[0] : NULL, *b = part < 0 || part == 1 ? to[1] : NULL;
            double *c = part < 0 || part == 2 ? to[2] : NULL;
            if (op == 0)
                conv_backward(a, b, c, dy, b != NULL ? x : NULL, w, conv);
            else if (op == 1)
                fc_backward(a, b, c, dy, b != NULL ? x : NULL, w, 2, 27, 6);
            else
                batchnorm_backward(a, b, c, dy, b != NULL ? x : NULL, bn[0], bn[1], bn[2], 1e-3, s);
            CHECK(part < 0 || memcmp(one[part], all[part], sizeof one[part]) == 0, "op %d, part %d", op, part);
        }
    for (int t = 0; t < 3; t++)
        CHECK(all[t][0] != 0, "tensor %d", t);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_conv),    cmocka_unit_test(test_pools),   cmocka_unit_test(test_lrn),
    cmocka_unit_test(test_batchnorm), cmocka_unit_test(test_relu),  cmocka_unit_test(test_concat),
    cmocka_unit_test(test_dropout), cmocka_unit_test(test_fc),      cmocka_unit_test(test_softmax),
    cmocka_unit_test(test_cross_entropy), cmocka_unit_test(test_parts),
};

TEST_MAIN(tests)
