/* sampled.h - what a test repeats with other data needs a sanitizer's look only now and then: the code is the same. Scripts have sampled.sh. */
#ifndef TESTS_SAMPLED_H
#define TESTS_SAMPLED_H

#include <stdbool.h>
#include <stddef.h>

/* Whether repetition i is made: always in a normal build; under a sanitizer one in `n`, the first among them. */
static inline bool sampled(size_t i, size_t n)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return i % n == 0;
#else
    return (void)i, (void)n, true;
#endif
}

#endif
