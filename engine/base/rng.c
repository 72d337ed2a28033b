/* rng.c - see rng.h. */
#include "engine/base/rng.h"

#include <assert.h>
#include <math.h>

uint64_t rng_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

Rng rng_make(uint64_t seed, uint64_t stream)
{
    return (Rng){.key = rng_mix(rng_mix(seed) ^ rng_mix(~stream)), .counter = 0};
}

uint64_t rng_at(Rng rng, uint64_t index)
{
    return rng_mix(rng.key + index * UINT64_C(0x9e3779b97f4a7c15));
}

double rng_uniform_at(Rng rng, uint64_t index)
{
    return (double)(rng_at(rng, index) >> 11) * 0x1p-53;
}

uint64_t rng_next(Rng *rng)
{
    return rng_at(*rng, rng->counter++);
}

double rng_uniform(Rng *rng)
{
    return rng_uniform_at(*rng, rng->counter++);
}

double rng_normal(Rng *rng)
{
    const double two_pi = 6.283185307179586;
    double u = 1.0 - rng_uniform(rng); /* in (0, 1], so that the logarithm is finite */
    double v = rng_uniform(rng);
    return sqrt(-2.0 * log(u)) * cos(two_pi * v);
}

uint64_t rng_below(Rng *rng, uint64_t n)
{
    assert(n > 0);
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t value;
    do
        value = rng_next(rng);
    while (value >= limit);
    return value % n;
}

void rng_shuffle(Rng *rng, int *list, int count)
{
    for (int i = count - 1; i > 0; i--) {
        const int j = (int)rng_below(rng, (uint64_t)i + 1), swapped = list[i];
        list[i] = list[j];
        list[j] = swapped;
    }
}
