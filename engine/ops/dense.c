/* dense.c - fully connected, softmax and cross-entropy; see ops.h for the contract.
 *
 *     fully connected:  y[o] = b[o] + sum over i of w[o,i] * x[i]
 *     softmax:          p[i] = exp(x[i]) / sum over j of exp(x[j])
 *     cross-entropy:    loss = -sum over i of t[i] * log(p[i]),  t the targets
 *
 * The last two are computed with x - max(x) instead of x: the fraction is the same, and no exp overflows. Cross-entropy
 * takes scores and not probabilities, because log(softmax(x)) = x - log(sum exp(x)) needs no division, and its gradient is
 * p - t: where p itself rounds to 0, -log(p) would be infinite.
 *
 * tgmath.h picks expf and logf while `real` is float, and exp and log in the gradient checks. */
#include "engine/ops/ops.h"

#include <tgmath.h>

void fc_forward(real *y, const real *x, const real *w, const real *b, int n, int in, int out, int o0, int o1)
{
    /* x is (N,I), w is (O,I), b is (O), y is (N,O) */
    assert(0 <= o0 && o0 <= o1 && o1 <= out);
    for (int image = 0; image < n; image++)
        for (int o = o0; o < o1; o++) {
            const real *x_row = x + (size_t)image * (size_t)in;
            const real *w_row = w + (size_t)o * (size_t)in;
            real sum = b != NULL ? b[o] : 0;
            for (int i = 0; i < in; i++)
                sum += w_row[i] * x_row[i];
            y[(size_t)image * (size_t)out + (size_t)o] = sum;
        }
}

void fc_backward(real *dx, real *dw, real *db, const real *dy, const real *x, const real *w, int n, int in, int out)
{
    for (int image = 0; image < n; image++)
        for (int o = 0; o < out; o++) {
            const real dy_o = dy[(size_t)image * (size_t)out + (size_t)o];
            const size_t row = (size_t)o * (size_t)in;
            const size_t x_row = (size_t)image * (size_t)in;
            /* forward: y[o] = b[o] + sum of w[o,i] * x[i] */
            if (db != NULL)
                db[o] += dy_o;
            for (int i = 0; dw != NULL && i < in; i++)
                dw[row + (size_t)i] += dy_o * x[x_row + (size_t)i];
            for (int i = 0; dx != NULL && i < in; i++)
                dx[x_row + (size_t)i] += dy_o * w[row + (size_t)i];
        }
}

static real largest(const real *x, int count)
{
    real max = x[0];
    for (int i = 1; i < count; i++)
        if (x[i] > max)
            max = x[i];
    return max;
}

void softmax_forward(real *p, const real *x, int n, int classes)
{
    /* x and p are (N,classes) */
    for (int image = 0; image < n; image++) {
        const real *x_row = x + (size_t)image * (size_t)classes;
        real *p_row = p + (size_t)image * (size_t)classes;
        /* exp overflows a float beyond 88.7; a common factor exp(-max) cancels in the fraction */
        const real max = largest(x_row, classes);
        real sum = 0;
        for (int i = 0; i < classes; i++) {
            p_row[i] = exp(x_row[i] - max);
            sum += p_row[i];
        }
        for (int i = 0; i < classes; i++)
            p_row[i] /= sum;
    }
}

void softmax_backward(real *dx, const real *dp, const real *p, int n, int classes)
{
    if (dx == NULL)
        return;
    for (int image = 0; image < n; image++) {
        const size_t row = (size_t)image * (size_t)classes;
        /* forward: p_i = exp(x_i) / sum, so dp_j/dx_i = p_j * ((i == j) - p_i) and dx_i += p_i * (dp_i - sum_j dp_j p_j) */
        real dot = 0;
        for (int j = 0; j < classes; j++)
            dot += dp[row + (size_t)j] * p[row + (size_t)j];
        for (int i = 0; i < classes; i++)
            dx[row + (size_t)i] += p[row + (size_t)i] * (dp[row + (size_t)i] - dot);
    }
}

/* Target of class i: (1 - smoothing) one-hot + smoothing / classes. */
static real target(int i, int label, int classes, real smoothing)
{
    return (i == label ? 1 - smoothing : 0) + smoothing / (real)classes;
}

void cross_entropy_forward(real *loss, const real *x, const int *labels, int n, int classes, real smoothing)
{
    /* x is (N,classes), labels and loss are (N) */
    for (int image = 0; image < n; image++) {
        const real *x_row = x + (size_t)image * (size_t)classes;
        assert(labels[image] >= 0 && labels[image] < classes);
        const real max = largest(x_row, classes);
        real sum = 0, expected = 0;
        for (int i = 0; i < classes; i++) {
            sum += exp(x_row[i] - max);
            /* the targets add up to 1, so the maximum can be subtracted from both terms: small differences of losses keep their
             * digits */
            expected += target(i, labels[image], classes, smoothing) * (x_row[i] - max);
        }
        loss[image] = log(sum) - expected;
    }
}

void cross_entropy_backward(real *dx, const real *x, const int *labels, int n, int classes, real smoothing,
                            real weight)
{
    if (dx == NULL)
        return;
    for (int image = 0; image < n; image++) {
        const size_t row = (size_t)image * (size_t)classes;
        const real max = largest(x + row, classes);
        real sum = 0;
        for (int i = 0; i < classes; i++)
            sum += exp(x[row + (size_t)i] - max);
        for (int i = 0; i < classes; i++) {
            /* forward: loss = log(sum exp x) - sum t x, so dx_i += weight * (softmax_i - t_i) */
            const real p = exp(x[row + (size_t)i] - max) / sum;
            dx[row + (size_t)i] += weight * (p - target(i, labels[image], classes, smoothing));
        }
    }
}
