/* byte_buffer.h - a file that is built in memory, piece by piece. */
#ifndef INCEPTOSCOPE_BYTE_BUFFER_H
#define INCEPTOSCOPE_BYTE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts as {0}. Owns `bytes`, from malloc: free it, or pass it on. */
typedef struct ByteBuffer {
    unsigned char *bytes;
    size_t size, room;
    bool failed;                /* out of memory: later bytes are missing; check once, at the end */
} ByteBuffer;

/* Appends `size` bytes. */
void bytes_put(ByteBuffer *buffer, const void *bytes, size_t size);

#endif
