/* check.h - what every test file includes: cmocka, and checks that print the case they failed in.
 *
 * A test file is a program: static functions taking void **, one table, and TEST_MAIN(table). tests/run adds the
 * programs' results up. */
#ifndef INCEPTOSCOPE_CHECK_H
#define INCEPTOSCOPE_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* CHECK(condition, "case %d", i): the message says which case it was. */
#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            print_error("%s:%d: %s does not hold: ", __FILE__, __LINE__, #condition);                                  \
            print_error(__VA_ARGS__);                                                                                  \
            print_error("\n");                                                                                         \
            fail();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* |got - want| <= absolute + relative * |want|; NaN fails. */
#define CHECK_NEAR(got, want, absolute, relative, ...)                                                                 \
    do {                                                                                                               \
        double got_ = (double)(got), want_ = (double)(want);                                                           \
        if (!(fabs(got_ - want_) <= (absolute) + (relative)*fabs(want_))) {                                            \
            print_error("%s:%d: %s is %.9g, not %.9g: ", __FILE__, __LINE__, #got, got_, want_);                       \
            print_error(__VA_ARGS__);                                                                                  \
            print_error("\n");                                                                                         \
            fail();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* How often a test looks, a millisecond or more between, before it says that what it waits for has no end: minutes, as the thread
 * sanitizer needs them on a busy machine. */
enum { LOOKS_MAX = 200000 };

#define TEST_MAIN(table)                                                                                               \
    int main(void) { return cmocka_run_group_tests(table, NULL, NULL); }

/* Real weights and photos: $INCEPTOSCOPE_DATA/RELATIVE, or NULL when the variable is not set (the test then calls skip()). */
static inline const char *test_data(const char *relative)
{
    static char path[4096];
    const char *base = getenv("INCEPTOSCOPE_DATA");
    if (base == NULL || base[0] == '\0')
        return NULL;
    snprintf(path, sizeof path, "%s/%s", base, relative);
    return path;
}

#endif
