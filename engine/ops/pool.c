/* pool.c - output sizes of windows, max and average pooling; see ops.h for the contract.
 *
 *     max:      y[n,c,yo,xo] = max over the window of x[n,c,yi,xi]
 *     average:  y[n,c,yo,xo] = sum over the window of x[n,c,yi,xi] / divisor
 *
 * The window of output yo is the rows [yo*stride - pad, yo*stride - pad + k), cut off at the map's edges; likewise the columns.
 * The loops are these formulas. Libraries differ in the number of windows (window_out) and in the divisor of an average at the
 * edge (pool_window). */
#include "engine/ops/ops.h"

#include <math.h>

int window_out(int n, int k, int stride, int pad, Rounding rounding)
{
    assert(k > 0 && stride > 0 && pad >= 0);
    /* With ceil the last window may extend beyond the end, so it may also take one window from a map that is a little smaller
     * than the kernel; Caffe and PyTorch do the same. */
    const int64_t room = (int64_t)n + 2 * (int64_t)pad - k + (rounding == ROUND_FLOOR ? 0 : stride - 1);
    if (n <= 0 || room < 0)
        return 0;
    const int64_t out = room / stride + 1;
    const bool last_starts_outside = (out - 1) * stride >= (int64_t)n + pad;
    const bool drops = rounding == ROUND_CEIL_TORCH || (rounding == ROUND_CEIL_CAFFE && pad > 0);
    return (int)(drops && last_starts_outside ? out - 1 : out);
}

void pool_window(int n, int out, int o, const PoolDims *d, int *lo, int *hi, int *divisor)
{
    assert(o >= 0 && o < out);
    if (d->adaptive) {
        *lo = (int)((int64_t)o * n / out);
        *hi = (int)((((int64_t)o + 1) * n + out - 1) / out);
        *divisor = *hi - *lo;
        return;
    }
    const int begin = o * d->stride - d->pad;
    const int end = begin + d->k < n + d->pad ? begin + d->k : n + d->pad; /* in the padded map */
    *lo = begin > 0 ? begin : 0;
    *hi = end < n ? end : n;
    *divisor = d->count_padding ? end - begin : *hi - *lo;
}

static void check_dims(PoolDims d)
{
    assert(d.in.n == d.out.n && d.in.c == d.out.c);
    assert(d.adaptive || d.out.h == window_out(d.in.h, d.k, d.stride, d.pad, d.rounding));
    assert(d.adaptive || d.out.w == window_out(d.in.w, d.k, d.stride, d.pad, d.rounding));
}

void maxpool_forward(real *y, int *argmax, const real *x, PoolDims d)
{
    /* x is (N,C,H,W), y and argmax are (N,C,Ho,Wo) */
    check_dims(d);
    for (int n = 0; n < d.out.n; n++)
        for (int c = 0; c < d.out.c; c++) {
            const real *x_map = x + at(d.in, n, c, 0, 0);
            for (int yo = 0; yo < d.out.h; yo++)
                for (int xo = 0; xo < d.out.w; xo++) {
                    int y0, y1, x0, x1, unused;
                    pool_window(d.in.h, d.out.h, yo, &d, &y0, &y1, &unused);
                    pool_window(d.in.w, d.out.w, xo, &d, &x0, &x1, &unused);
                    assert(y0 < y1 && x0 < x1);
                    int winner = y0 * d.in.w + x0;
                    for (int yi = y0; yi < y1; yi++)
                        for (int xi = x0; xi < x1; xi++) {
                            const real value = x_map[yi * d.in.w + xi];
                            /* `>` keeps the first of equal values; a NaN wins and stays, as in PyTorch */
                            if (value > x_map[winner] || isnan(value))
                                winner = yi * d.in.w + xi;
                        }
                    y[at(d.out, n, c, yo, xo)] = x_map[winner];
                    if (argmax != NULL)
                        argmax[at(d.out, n, c, yo, xo)] = winner;
                }
        }
}

void maxpool_backward(real *dx, const real *dy, const int *argmax, PoolDims d)
{
    check_dims(d);
    if (dx == NULL)
        return;
    for (int n = 0; n < d.out.n; n++)
        for (int c = 0; c < d.out.c; c++) {
            real *dx_map = dx + at(d.in, n, c, 0, 0);
            /* forward: y = x[winner], so the whole gradient goes to the winner */
            for (int yo = 0; yo < d.out.h; yo++)
                for (int xo = 0; xo < d.out.w; xo++)
                    dx_map[argmax[at(d.out, n, c, yo, xo)]] += dy[at(d.out, n, c, yo, xo)];
        }
}

void avgpool_forward(real *y, const real *x, PoolDims d)
{
    /* x is (N,C,H,W), y is (N,C,Ho,Wo) */
    check_dims(d);
    for (int n = 0; n < d.out.n; n++)
        for (int c = 0; c < d.out.c; c++)
            for (int yo = 0; yo < d.out.h; yo++)
                for (int xo = 0; xo < d.out.w; xo++) {
                    int y0, y1, x0, x1, rows, columns;
                    pool_window(d.in.h, d.out.h, yo, &d, &y0, &y1, &rows);
                    pool_window(d.in.w, d.out.w, xo, &d, &x0, &x1, &columns);
                    assert(rows > 0 && columns > 0);
                    real sum = 0;
                    for (int yi = y0; yi < y1; yi++)
                        for (int xi = x0; xi < x1; xi++)
                            sum += x[at(d.in, n, c, yi, xi)];
                    y[at(d.out, n, c, yo, xo)] = sum / (real)(rows * columns);
                }
}

void avgpool_backward(real *dx, const real *dy, PoolDims d)
{
    check_dims(d);
    if (dx == NULL)
        return;
    for (int n = 0; n < d.out.n; n++)
        for (int c = 0; c < d.out.c; c++)
            for (int yo = 0; yo < d.out.h; yo++)
                for (int xo = 0; xo < d.out.w; xo++) {
                    int y0, y1, x0, x1, rows, columns;
                    pool_window(d.in.h, d.out.h, yo, &d, &y0, &y1, &rows);
                    pool_window(d.in.w, d.out.w, xo, &d, &x0, &x1, &columns);
                    /* forward: y = sum / divisor, so dx += dy / divisor for every element of the sum */
                    const real share = dy[at(d.out, n, c, yo, xo)] / (real)(rows * columns);
                    for (int yi = y0; yi < y1; yi++)
                        for (int xi = x0; xi < x1; xi++)
                            dx[at(d.in, n, c, yi, xi)] += share;
                }
}
