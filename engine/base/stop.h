/* stop.h - how work on a thread of its own is told that nobody waits for it any more. Every function that takes one may get NULL: it is
 * never told. */
#ifndef INCEPTOSCOPE_STOP_H
#define INCEPTOSCOPE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Stop {
    atomic_bool asked;
} Stop;

static inline void stop_ask(Stop *stop)
{
    atomic_store(&stop->asked, true);
}

static inline bool stop_asked(Stop *stop)
{
    return stop != NULL && atomic_load(&stop->asked);
}

#endif
