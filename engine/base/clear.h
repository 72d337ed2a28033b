/* clear.h - sets large memory to zero, 2 MB at a time: memory that was never used takes the system long to give, and others may run meanwhile
 * (thread_yield). */
#ifndef INCEPTOSCOPE_CLEAR_H
#define INCEPTOSCOPE_CLEAR_H

#include "engine/base/thread.h"

#include <string.h>

static inline void clear_memory(void *memory, size_t bytes)
{
    const size_t piece = 2u << 20;
    for (size_t at = 0; at < bytes; at += piece) {
        memset((char *)memory + at, 0, piece < bytes - at ? piece : bytes - at);
        thread_yield();
    }
}

#endif
