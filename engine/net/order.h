/* order.h - the order of additions: float32 sums of the same terms differ in their last bits when the order does.
 *
 * The reference engine adds a convolution's products by channel, row and column of the kernel. The fast engine's tiles take 16 channels at
 * a time: block of channels, row, column, channel; and on machines with fused multiply-add a product is not rounded before it is added. */
#ifndef INCEPTOSCOPE_ORDER_H
#define INCEPTOSCOPE_ORDER_H

#include "engine/net/explain.h"

/* The number of floats between a and b, one counted: 0 for equal values (also 0 and -0), 1 for neighbours. INT64_MAX if one is NaN. */
int64_t ulps_between(float a, float b);

/* Orders of the terms of a conv's or fc's value: order[i] is the index of the term that is added as the i-th. */
void order_reference(int count, int *order);
/* The fast engine's tiles, as above; channels: how many a block has. */
void order_tiles(const Term *terms, int count, int channels, int *order);
/* A random one; the same seed gives the same order. */
void order_shuffled(int count, uint64_t seed, int *order);

/* The sum in this order, from the bias on. fused: each product is added without being rounded first. sums: NULL, or receives the sum after
 * each addition. */
float order_sum(const Explanation *e, const Term *terms, const int *order, bool fused, float *sums);
/* The exact sum in double, rounded to float once; double is exact enough for all but the last of its own bits. */
float order_exact(const Explanation *e, const Term *terms);

/* How two engines' values of one map differ. */
typedef struct MapDifference {
    size_t count, differ, by_one; /* values; those whose bits differ (0 and -0 are equal); of those, neighbours */
    int64_t most;               /* the largest difference, in floats between the two values; large where one of them is almost 0 */
    double share;               /* the largest |difference| / the map's largest |value| */
} MapDifference;
MapDifference order_difference(const float *a, const float *b, size_t count);

#endif
