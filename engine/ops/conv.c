/* conv.c - convolution, forward and backward; see ops.h for the contract.
 *
 *     y[n,o,yo,xo] = b[o] + sum over c, ky, kx of w[o,c,ky,kx] * x[n, c, yo*stride + ky - pad, xo*stride + kx - pad]
 *
 * As a loop over the outputs, for one image and without groups:
 *
 *     for each output (o, yo, xo):
 *         sum = b[o]
 *         for c in [0, C), ky in [0, k), kx in [0, k):
 *             yi = yo * stride + ky - pad, xi = xo * stride + kx - pad
 *             if 0 <= yi < H and 0 <= xi < W:          (a tap in the padding adds nothing)
 *                 sum += w[o,c,ky,kx] * x[c,yi,xi]
 *         y[o,yo,xo] = sum
 *
 * The loops below add the same terms in the same order, so that every y is the same to the last bit. Only the order of the
 * loops differs: they handle one weight at a time, and the innermost loop runs along a row of outputs. There the weight is
 * constant, the values of x and y are adjacent in memory, no sum depends on the one before, and the compiler can compute
 * several outputs at once without reordering any sum. The test for padding becomes the bounds of the loop (outputs_with_tap).
 * On GoogLeNet's layers this is five times as fast.
 *
 * Backward, every term y += w * x gives two: dw += dy * x, and dx += dy * w. */
#include "engine/base/thread.h"
#include "engine/ops/ops.h"

/* The outputs o in [0, out) whose tap o*stride + shift is inside a map of n elements: [*lo, *hi). */
static void outputs_with_tap(int n, int out, int stride, int shift, int *lo, int *hi)
{
    *lo = shift < 0 ? (-shift + stride - 1) / stride : 0;
    *hi = shift < n ? (n - 1 - shift) / stride + 1 : 0;
    if (*hi > out)
        *hi = out;
}

static void check_dims(ConvDims d)
{
    assert(d.k > 0 && d.stride > 0 && d.pad >= 0 && d.groups > 0);
    assert(d.in.n == d.out.n && d.in.c % d.groups == 0 && d.out.c % d.groups == 0);
    assert(d.out.h == window_out(d.in.h, d.k, d.stride, d.pad, ROUND_FLOOR));
    assert(d.out.w == window_out(d.in.w, d.k, d.stride, d.pad, ROUND_FLOOR));
}

void conv_forward(real *y, const real *x, const real *w, const real *b, ConvDims d, int o0, int o1)
{
    /* x is (N,C,H,W), w is (O,Cg,k,k) with Cg = C/groups, b is (O), y is (N,O,Ho,Wo) */
    check_dims(d);
    assert(0 <= o0 && o0 <= o1 && o1 <= d.out.c);
    const int group_in = d.in.c / d.groups, group_out = d.out.c / d.groups;
    const Shape w_shape = {d.out.c, group_in, d.k, d.k};
    for (int n = 0; n < d.out.n; n++)
        for (int o = o0; o < o1; o++) {
            thread_yield();
            real *y_map = y + at(d.out, n, o, 0, 0); /* (Ho,Wo) */
            const int c0 = o / group_out * group_in; /* the first input channel of o's group */
            for (int i = 0; i < d.out.h * d.out.w; i++)
                y_map[i] = b != NULL ? b[o] : 0;
            for (int c = 0; c < group_in; c++) {
                const real *x_map = x + at(d.in, n, c0 + c, 0, 0); /* (H,W) */
                for (int ky = 0; ky < d.k; ky++)
                    for (int kx = 0; kx < d.k; kx++) {
                        const real weight = w[at(w_shape, o, c, ky, kx)];
                        int y0, y1, x0, x1;
                        outputs_with_tap(d.in.h, d.out.h, d.stride, ky - d.pad, &y0, &y1);
                        outputs_with_tap(d.in.w, d.out.w, d.stride, kx - d.pad, &x0, &x1);
                        for (int yo = y0; yo < y1; yo++) {
                            real *y_row = y_map + (size_t)yo * (size_t)d.out.w;
                            const real *x_row = x_map + (size_t)(yo * d.stride + ky - d.pad) * (size_t)d.in.w;
                            for (int xo = x0; xo < x1; xo++)
                                y_row[xo] += weight * x_row[xo * d.stride + kx - d.pad];
                        }
                    }
            }
        }
}

void conv_backward(real *dx, real *dw, real *db, const real *dy, const real *x, const real *w, ConvDims d)
{
    check_dims(d);
    const int group_in = d.in.c / d.groups, group_out = d.out.c / d.groups;
    const Shape w_shape = {d.out.c, group_in, d.k, d.k};
    for (int n = 0; n < d.out.n; n++)
        for (int o = 0; o < d.out.c; o++) {
            thread_yield();
            const real *dy_map = dy + at(d.out, n, o, 0, 0); /* (Ho,Wo) */
            const int c0 = o / group_out * group_in;
            /* forward: y = b[o] + ..., so db[o] += dy at every position; summed by rows to lose fewer digits */
            for (int yo = 0; db != NULL && yo < d.out.h; yo++) {
                real sum = 0;
                for (int xo = 0; xo < d.out.w; xo++)
                    sum += dy_map[(size_t)yo * (size_t)d.out.w + (size_t)xo];
                db[o] += sum;
            }
            for (int c = 0; c < group_in; c++) {
                const size_t map = at(d.in, n, c0 + c, 0, 0);
                for (int ky = 0; ky < d.k; ky++)
                    for (int kx = 0; kx < d.k; kx++) {
                        const size_t tap = at(w_shape, o, c, ky, kx);
                        int y0, y1, x0, x1;
                        outputs_with_tap(d.in.h, d.out.h, d.stride, ky - d.pad, &y0, &y1);
                        outputs_with_tap(d.in.w, d.out.w, d.stride, kx - d.pad, &x0, &x1);
                        for (int yo = y0; yo < y1; yo++) {
                            const size_t row = map + (size_t)(yo * d.stride + ky - d.pad) * (size_t)d.in.w;
                            const real *dy_row = dy_map + (size_t)yo * (size_t)d.out.w;
                            /* forward: y += weight * x, so dw += dy * x ... */
                            if (dw != NULL) {
                                const real *x_row = x + row;
                                real sum = 0;
                                for (int xo = x0; xo < x1; xo++)
                                    sum += dy_row[xo] * x_row[xo * d.stride + kx - d.pad];
                                dw[tap] += sum;
                            }
                            /* ... and dx += dy * weight */
                            if (dx != NULL) {
                                real *dx_row = dx + row;
                                for (int xo = x0; xo < x1; xo++)
                                    dx_row[xo * d.stride + kx - d.pad] += dy_row[xo] * w[tap];
                            }
                        }
                    }
            }
        }
}
