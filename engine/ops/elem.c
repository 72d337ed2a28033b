/* elem.c - elementwise ops; see ops.h for the contract.
 *
 *     ReLU:     y = max(x, 0)
 *     concat:   y[offset + c] = x[c], once for each input
 *     dropout:  y = x / (1 - p) with probability 1 - p, else 0; so that the mean of y is x, and inference does nothing
 */
#include "engine/ops/ops.h"

#include <math.h>
#include <string.h>

void relu_forward(real *y, const real *x, size_t count)
{
    /* written so that a NaN stays a NaN, as in PyTorch: a broken run must not look healthy */
    for (size_t i = 0; i < count; i++)
        y[i] = x[i] > 0 || isnan(x[i]) ? x[i] : 0;
}

void relu_backward(real *dx, const real *dy, const real *y, size_t count)
{
    if (dx == NULL)
        return;
    /* forward: y = max(x, 0), so dx += dy where y > 0 */
    for (size_t i = 0; i < count; i++)
        if (y[i] > 0)
            dx[i] += dy[i];
}

static void check_concat(Shape y_shape, Shape x_shape, int offset)
{
    assert(y_shape.n == x_shape.n && y_shape.h == x_shape.h && y_shape.w == x_shape.w);
    assert(offset >= 0 && offset + x_shape.c <= y_shape.c);
}

void concat_forward(real *y, const real *x, Shape y_shape, Shape x_shape, int offset)
{
    /* x is (N,C,H,W), y is (N,Cy,H,W); an image's channels lie together, so one copy per image */
    check_concat(y_shape, x_shape, offset);
    const size_t count = (size_t)x_shape.c * (size_t)x_shape.h * (size_t)x_shape.w;
    for (int n = 0; n < x_shape.n; n++)
        memcpy(y + at(y_shape, n, offset, 0, 0), x + at(x_shape, n, 0, 0, 0), count * sizeof *y);
}

void concat_backward(real *dx, const real *dy, Shape y_shape, Shape x_shape, int offset)
{
    check_concat(y_shape, x_shape, offset);
    if (dx == NULL)
        return;
    const size_t count = (size_t)x_shape.c * (size_t)x_shape.h * (size_t)x_shape.w;
    for (int n = 0; n < x_shape.n; n++) {
        /* forward: y[offset + c] = x[c], so dx[c] += dy[offset + c] */
        real *dx_image = dx + at(x_shape, n, 0, 0, 0);
        const real *dy_image = dy + at(y_shape, n, offset, 0, 0);
        for (size_t i = 0; i < count; i++)
            dx_image[i] += dy_image[i];
    }
}

/* The factor of element i of image n: 1 / (1 - p) if it is kept, else 0. */
static real dropout_factor(Rng rng, Shape s, int image, size_t i, real p)
{
    const uint64_t per_image = (uint64_t)s.c * (uint64_t)s.h * (uint64_t)s.w;
    const bool kept = rng_uniform_at(rng, (uint64_t)image * per_image + i) >= (double)p;
    return kept ? 1 / (1 - p) : 0;
}

void dropout_forward(real *y, const real *x, Shape s, real p, Rng rng, int first_image)
{
    assert(p >= 0 && p < 1 && first_image >= 0);
    const size_t per_image = (size_t)s.c * (size_t)s.h * (size_t)s.w;
    for (int n = 0; n < s.n; n++)
        for (size_t i = 0; i < per_image; i++) {
            const size_t j = (size_t)n * per_image + i;
            y[j] = x[j] * dropout_factor(rng, s, first_image + n, i, p);
        }
}

void dropout_backward(real *dx, const real *dy, Shape s, real p, Rng rng, int first_image)
{
    if (dx == NULL)
        return;
    const size_t per_image = (size_t)s.c * (size_t)s.h * (size_t)s.w;
    for (int n = 0; n < s.n; n++)
        for (size_t i = 0; i < per_image; i++) {
            const size_t j = (size_t)n * per_image + i;
            /* forward: y = x * factor, so dx += dy * the same factor, drawn again from the same counter */
            dx[j] += dy[j] * dropout_factor(rng, s, first_image + n, i, p);
        }
}
