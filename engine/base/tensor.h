/* tensor.h - the shape of a tensor and where its elements stand. Everything is N C H W, float32, row-major. */
#ifndef INCEPTOSCOPE_TENSOR_H
#define INCEPTOSCOPE_TENSOR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number type of the reference ops. The gradient checks compile the same source a second time with
 * double (tests/double_ops.h), so that central differences are not drowned in rounding. */
#ifndef INCEPTOSCOPE_REAL
#define INCEPTOSCOPE_REAL float
#endif
typedef INCEPTOSCOPE_REAL real;

typedef struct Shape {
    int n, c, h, w; /* batch, channels, rows, columns; all positive in a valid shape */
} Shape;

/* Multiplies two sizes; false when the product does not fit, and then *out is untouched. */
static inline bool size_mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *out = a * b;
    return true;
}

/* The number of elements; false when a dimension is not positive or the product overflows. */
static inline bool shape_count(Shape s, size_t *count)
{
    size_t total = 1;
    const int dims[4] = {s.n, s.c, s.h, s.w};
    for (int i = 0; i < 4; i++)
        if (dims[i] <= 0 || !size_mul(total, (size_t)dims[i], &total))
            return false;
    *count = total;
    return true;
}

/* The same for a shape that is known to be valid, as every shape inside a built Net is. */
static inline size_t shape_size(Shape s)
{
    return (size_t)s.n * (size_t)s.c * (size_t)s.h * (size_t)s.w;
}

/* Index of element (n, c, y, x). */
static inline size_t at(Shape s, int n, int c, int y, int x)
{
    assert(n >= 0 && n < s.n && c >= 0 && c < s.c && y >= 0 && y < s.h && x >= 0 && x < s.w);
    return (((size_t)n * (size_t)s.c + (size_t)c) * (size_t)s.h + (size_t)y) * (size_t)s.w + (size_t)x;
}

#endif
