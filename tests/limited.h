/* limited.h - something that may crash, hang or eat the machine, run in a process of its own and measured. */
#ifndef INCEPTOSCOPE_LIMITED_H
#define INCEPTOSCOPE_LIMITED_H

#include "engine/base/err.h"
#include "tests/check.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A sanitizer's own memory is no measure, and that for threads takes ten times as long. */
#if defined(__SANITIZE_THREAD__)
enum { LIMITED_BY_TIME_ALONE = 1, LIMITED_SECONDS = 20 };
#elif defined(__SANITIZE_ADDRESS__)
enum { LIMITED_BY_TIME_ALONE = 1, LIMITED_SECONDS = 2 };
#else
enum { LIMITED_BY_TIME_ALONE = 0, LIMITED_SECONDS = 2 };
#endif

enum { LIMITED_MB = 500, KILLED_AFTER = 5 * LIMITED_SECONDS };

typedef struct Ran {
    bool ended;                 /* it returned, neither killed nor aborted */
    bool good;                  /* what it returned */
    uint64_t hash;              /* of what it made */
    double seconds;             /* processor time */
    long megabytes;             /* the largest that it was */
    Err err;
} Ran;

/* What the process does: false with a message, or a hash of what it made. */
typedef bool LimitedWork(const void *bytes, size_t size, uint64_t *hash, Err *err);

/* Makes what malloc gives and what the stack holds differ from run to run. */
static inline void limited_soil(int soil)
{
    volatile unsigned char stack[1 << 16];
    for (size_t i = 0; i < sizeof stack; i++)
        stack[i] = (unsigned char)soil;
#ifdef __GLIBC__
    mallopt(M_PERTURB, soil);
#endif
}

/* From here on only so many bytes more are to be had. False where that cannot be arranged. */
static inline bool limited_memory(size_t bytes)
{
    unsigned long pages = 0;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    FILE *used = LIMITED_BY_TIME_ALONE ? NULL : fopen("/proc/self/statm", "r");
    if (used == NULL || fscanf(used, "%lu", &pages) != 1)
        return false;
    fclose(used);
    const rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
    return setrlimit(RLIMIT_AS, &(struct rlimit){most, most}) == 0;
}

static inline Ran limited_run(LimitedWork *work, const void *bytes, size_t size, int soil)
{
    Ran ran = {.err.text = ""};
    int ends[2], status;
    struct rusage used;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_CPU, &(struct rlimit){KILLED_AFTER, KILLED_AFTER});
        if (!LIMITED_BY_TIME_ALONE)
            setrlimit(RLIMIT_AS, &(struct rlimit){(rlim_t)3 << 30, (rlim_t)3 << 30});
        limited_soil(soil);
        ran.good = work(bytes, size, &ran.hash, &ran.err);
        ran.ended = write(ends[1], &ran, sizeof ran) == (ssize_t)sizeof ran;
        _exit(0);
    }
    close(ends[1]);
    ran.ended = read(ends[0], &ran, sizeof ran) == (ssize_t)sizeof ran;
    close(ends[0]);
    assert_int_equal(wait4(child, &status, 0, &used), child);
    ran.ended = ran.ended && status == 0;
    ran.seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    ran.megabytes = used.ru_maxrss / 1024;
    return ran;
}

/* Fails where the work crashed, or took too long or too much. */
static inline void limited_check(const Ran *ran, const char *name)
{
    CHECK(ran->ended, "%s did not return", name);
    CHECK(ran->seconds < LIMITED_SECONDS, "%s took %.1f s (%s)", name, ran->seconds, ran->err.text);
    CHECK(LIMITED_BY_TIME_ALONE || ran->megabytes < LIMITED_MB, "%s took %ld MB (%s)", name, ran->megabytes, ran->err.text);
}

/* Refused within the limits, with a message that has `part` in it. */
static inline void limited_refused(LimitedWork *work, const void *bytes, size_t size, const char *name, const char *part)
{
    const Ran ran = limited_run(work, bytes, size, 0x55);
    limited_check(&ran, name);
    CHECK(!ran.good, "%s is accepted", name);
    CHECK(strstr(ran.err.text, part) != NULL, "%s: %s", name, ran.err.text);
}

/* The same every time, whatever was in memory before. */
static inline Ran limited_same(LimitedWork *work, const void *bytes, size_t size, const char *name)
{
    const Ran a = limited_run(work, bytes, size, 0x55), b = limited_run(work, bytes, size, 0xaa);
    limited_check(&a, name);
    limited_check(&b, name);
    CHECK(a.good == b.good && a.hash == b.hash, "%s depends on what was in memory: %s, then %s", name, a.good ? "a picture" : a.err.text,
          b.good ? "a picture" : b.err.text);
    return a;
}

#endif
