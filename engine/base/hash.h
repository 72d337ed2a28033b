/* hash.h - FNV-1a (Fowler, Noll, Vo): keys of caches and names of widgets. Every byte is a step of its own: numbers that are mixed in
 * side by side cancel each other. */
#ifndef INCEPTOSCOPE_HASH_H
#define INCEPTOSCOPE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START 14695981039346656037u

/* The hash of what was hashed before, HASH_START at first, and these bytes. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (const unsigned char *p = bytes, *end = p + size; p < end; p++)
        hash = (hash ^ *p) * 1099511628211u;
    return hash;
}

#endif
