/* clear.h - sets large memory to zero, 2 MB at a time: memory that was never used takes the system long to give, and others may run meanwhile
 * (thread_yield). */
#ifndef INCEPTOSCOPE_CLEAR_H
#define INCEPTOSCOPE_CLEAR_H

#include "engine/base/thread.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline void clear_memory(void *memory, size_t bytes)
{
    const size_t piece = 2u << 20;
    for (size_t at = 0; at < bytes; at += piece) {
        memset((char *)memory + at, 0, piece < bytes - at ? piece : bytes - at);
        thread_yield();
    }
}

/* calloc that others may run beside. On a desktop memory that is never used costs nothing; in a page calloc sets all of it at once. */
static inline void *cleared_new(size_t count, size_t size)
{
    if (!thread_takes_turns())
        return calloc(count, size);
    void *memory = size > 0 && count <= SIZE_MAX / size ? malloc(count * size) : NULL;
    if (memory != NULL)
        clear_memory(memory, count * size);
    return memory;
}

#endif
