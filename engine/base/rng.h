/* rng.h - reproducible random numbers, for initial weights, dropout, crops and shuffles. They are counter-based: a value depends
 * only on (seed, stream, index), never on the thread or the time. The mixing function is splitmix64 (Steele, Lea, Flood 2014). */
#ifndef INCEPTOSCOPE_RNG_H
#define INCEPTOSCOPE_RNG_H

#include <stdint.h>

typedef struct Rng {
    uint64_t key;     /* seed and stream mixed */
    uint64_t counter; /* the next index; may be set freely */
} Rng;

uint64_t rng_mix(uint64_t x);                /* splitmix64: equal inputs give equal outputs */
Rng rng_make(uint64_t seed, uint64_t stream); /* streams of one seed are independent of each other */
uint64_t rng_at(Rng rng, uint64_t index);    /* the index-th 64-bit value; does not advance */
double rng_uniform_at(Rng rng, uint64_t index); /* in [0, 1), 53 bits; does not advance */
uint64_t rng_next(Rng *rng);                 /* the value at the counter, and advances; so do the functions below */
double rng_uniform(Rng *rng);                /* in [0, 1) */
double rng_normal(Rng *rng);                 /* mean 0, variance 1, Box-Muller, consumes two values */
uint64_t rng_below(Rng *rng, uint64_t n);    /* in [0, n), n > 0; rejection sampling, so no value is favoured */
void rng_shuffle(Rng *rng, int *list, int count); /* Fisher and Yates, from the end: every order has the same probability */

#endif
