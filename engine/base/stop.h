/* stop.h - a flag that tells work on another thread to stop because nobody needs its result. Every function that takes one also
 * takes NULL, which never stops it. Long work asks every few milliseconds, so this is also where it lets others run. */
#ifndef INCEPTOSCOPE_STOP_H
#define INCEPTOSCOPE_STOP_H

#include "engine/base/thread.h"

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
    thread_yield();
    return stop != NULL && atomic_load(&stop->asked);
}

#endif
