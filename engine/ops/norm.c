/* norm.c - local response normalisation and batch norm; see ops.h for the contract.
 *
 *     LRN:         y[c] = x[c] * s[c]^-beta,  s[c] = k + alpha/size * sum of x[c']^2 over the size channels around c
 *     batch norm:  y[c] = (x[c] - mean[c]) / sqrt(var[c] + eps) * gamma[c] + beta[c]
 *
 * Both handle each pixel separately; the loops are the formulas. In LRN's backward a value counts twice: as the x of its own
 * output, and in the s of its neighbours' outputs. In batch norm's backward, mean and var are constants.
 *
 * tgmath.h picks powf and sqrtf while `real` is float, and pow and sqrt in the gradient checks. */
#include "engine/ops/ops.h"

#include <tgmath.h>

void lrn_forward(real *y, real *scale, const real *x, LrnDims d)
{
    /* x, y and scale are (N,C,H,W) */
    assert(d.size > 0 && d.size % 2 == 1);
    const Shape s = d.shape;
    const int reach = d.size / 2;
    for (int n = 0; n < s.n; n++)
        for (int c = 0; c < s.c; c++)
            for (int yi = 0; yi < s.h; yi++)
                for (int xi = 0; xi < s.w; xi++) {
                    const size_t i = at(s, n, c, yi, xi);
                    real sum = 0;
                    for (int cc = c - reach; cc <= c + reach; cc++)
                        if (cc >= 0 && cc < s.c) {
                            const real value = x[at(s, n, cc, yi, xi)];
                            sum += value * value;
                        }
                    const real divided = d.k + d.alpha / (real)d.size * sum;
                    y[i] = x[i] * pow(divided, -d.beta);
                    if (scale != NULL)
                        scale[i] = divided;
                }
}

void lrn_backward(real *dx, const real *dy, const real *x, const real *scale, LrnDims d)
{
    const Shape s = d.shape;
    const int reach = d.size / 2;
    if (dx == NULL)
        return;
    for (int n = 0; n < s.n; n++)
        for (int c = 0; c < s.c; c++)
            for (int yi = 0; yi < s.h; yi++)
                for (int xi = 0; xi < s.w; xi++) {
                    const size_t i = at(s, n, c, yi, xi);
                    /* forward: y = x * s^-beta, so by the factor x alone: dx += dy * s^-beta ... */
                    real sum = dy[i] * pow(scale[i], -d.beta);
                    /* ... and x is also in the s of every neighbour cc: s = k + alpha/size * (... + x^2 + ...),
                     * ds/dx = 2 alpha/size x, dy/ds = x_cc * -beta * s^(-beta-1) */
                    for (int cc = c - reach; cc <= c + reach; cc++)
                        if (cc >= 0 && cc < s.c) {
                            const size_t j = at(s, n, cc, yi, xi);
                            sum -= dy[j] * x[j] * d.beta * pow(scale[j], -d.beta - 1) *
                                   (2 * d.alpha / (real)d.size * x[i]);
                        }
                    dx[i] += sum;
                }
}

void batchnorm_forward(real *y, const real *x, const real *gamma, const real *beta, const real *mean, const real *var,
                       real eps, Shape s)
{
    /* x and y are (N,C,H,W), the others (C) */
    for (int n = 0; n < s.n; n++)
        for (int c = 0; c < s.c; c++) {
            const size_t map = at(s, n, c, 0, 0);
            const real deviation = sqrt(var[c] + eps);
            for (size_t i = map; i < map + (size_t)s.h * (size_t)s.w; i++)
                y[i] = (x[i] - mean[c]) / deviation * gamma[c] + beta[c];
        }
}

void batchnorm_backward(real *dx, real *dgamma, real *dbeta, const real *dy, const real *x, const real *gamma,
                        const real *mean, const real *var, real eps, Shape s)
{
    for (int n = 0; n < s.n; n++)
        for (int c = 0; c < s.c; c++) {
            const real deviation = sqrt(var[c] + eps);
            for (int yi = 0; yi < s.h; yi++) {
                const size_t row = at(s, n, c, yi, 0);
                real sum_gamma = 0, sum_beta = 0;
                for (size_t i = row; i < row + (size_t)s.w; i++) {
                    /* forward: y = (x - mean) / deviation * gamma + beta */
                    if (dgamma != NULL)
                        sum_gamma += dy[i] * ((x[i] - mean[c]) / deviation);
                    sum_beta += dy[i];
                    if (dx != NULL)
                        dx[i] += dy[i] * gamma[c] / deviation;
                }
                if (dgamma != NULL)
                    dgamma[c] += sum_gamma;
                if (dbeta != NULL)
                    dbeta[c] += sum_beta;
            }
        }
}
