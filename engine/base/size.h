/* size.h - arithmetic on memory sizes that notices overflow, with a size_t of 32 bits (a browser page) or 64. A number from a
 * file or a user is kept in 64 bits and compared before it becomes a size. A limit that does not fit into size_t is no limit. */
#ifndef INCEPTOSCOPE_SIZE_H
#define INCEPTOSCOPE_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Floats that a layer's map or a network's weights may have: a few of them together, in bytes, still fit. */
#define FLOATS_MAX (SIZE_MAX / 4 / sizeof(float))

/* Multiplies two sizes; false if the product does not fit, and then *out is unchanged. */
static inline bool size_mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *out = a * b;
    return true;
}

/* The same for a comparison with an available size: SIZE_MAX if the product does not fit. */
static inline size_t size_product(size_t a, size_t b)
{
    return size_mul(a, b, &a) ? a : SIZE_MAX;
}

/* Whether the number, 0 or more, fits into size_t. */
static inline bool size_fits(int64_t number)
{
    return number >= 0 && (uint64_t)number <= SIZE_MAX;
}

/* `count` pieces of 1 << shift bytes as a limit: at most the largest block that this machine's addresses allow. */
static inline size_t size_limit(uint64_t count, int shift)
{
    const uint64_t most = PTRDIFF_MAX;
    return count > most >> shift ? (size_t)most : (size_t)(count << shift);
}

#endif
