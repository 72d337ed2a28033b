/* hash.h - FNV-1a (Fowler, Noll, Vo): keys of caches and ids of widgets. Each byte is a separate step: whole numbers mixed in at
 * once could cancel each other. */
#ifndef INCEPTOSCOPE_HASH_H
#define INCEPTOSCOPE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START 14695981039346656037u

/* Continues a hash with these bytes; `hash` is HASH_START at first. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (const unsigned char *p = bytes, *end = p + size; p < end; p++)
        hash = (hash ^ *p) * 1099511628211u;
    return hash;
}

#endif
