/* size.h - sizes in memory, right where size_t has 32 bits (a browser page) as where it has 64. A number that comes from a file or from
 * a user is kept in 64 bits and compared before it becomes a size; a limit that does not fit is no limit there. */
#ifndef INCEPTOSCOPE_SIZE_H
#define INCEPTOSCOPE_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Floats that a layer's map or a network's weights may have: a few of them together, in bytes, still fit. */
#define FLOATS_MAX (SIZE_MAX / 4 / sizeof(float))

/* Multiplies two sizes; false when the product does not fit, and then *out is untouched. */
static inline bool size_mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *out = a * b;
    return true;
}

/* The same where a sum of sizes is compared with what there is: SIZE_MAX when the product does not fit. */
static inline size_t size_product(size_t a, size_t b)
{
    return size_mul(a, b, &a) ? a : SIZE_MAX;
}

/* Whether the number, 0 or more, is a size here. */
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
