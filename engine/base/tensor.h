/* tensor.h - the shape of a tensor and the order of its elements. Everything is N C H W, float32, row-major. */
#ifndef INCEPTOSCOPE_TENSOR_H
#define INCEPTOSCOPE_TENSOR_H

#include "engine/base/size.h"

#include <assert.h>

/* The number type of the reference ops. The gradient checks compile the same source a second time with double
 * (tests/double_ops.h), so that rounding does not hide errors in central differences. */
#ifndef INCEPTOSCOPE_REAL
#define INCEPTOSCOPE_REAL float
#endif
typedef INCEPTOSCOPE_REAL real;

typedef struct Shape {
    int n, c, h, w; /* batch, channels, rows, columns; all positive in a valid shape */
} Shape;

/* The number of elements; false if a dimension is not positive or the product overflows. */
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

/* The number of elements of a valid shape, such as every shape in a built Net. It is a count: there may not be enough memory for
 * them. */
static inline int64_t shape_values(Shape s)
{
    return (int64_t)s.n * s.c * s.h * s.w;
}

/* The same as a size in memory. With 64 bits all counts of a built Net fit, in bytes too. With 32 bits a count above FLOATS_MAX
 * becomes SIZE_MAX, a size for which malloc fails, also after multiplication with sizeof(float). */
static inline size_t shape_size(Shape s)
{
    const uint64_t values = (uint64_t)shape_values(s);
    return sizeof(size_t) == sizeof values || values <= FLOATS_MAX ? (size_t)values : SIZE_MAX;
}

/* Index of element (n, c, y, x). */
static inline size_t at(Shape s, int n, int c, int y, int x)
{
    assert(n >= 0 && n < s.n && c >= 0 && c < s.c && y >= 0 && y < s.h && x >= 0 && x < s.w);
    return (((size_t)n * (size_t)s.c + (size_t)c) * (size_t)s.h + (size_t)y) * (size_t)s.w + (size_t)x;
}

#endif
