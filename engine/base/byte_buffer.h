/* byte_buffer.h - a file that is put together in memory, piece by piece. */
#ifndef INCEPTOSCOPE_BYTE_BUFFER_H
#define INCEPTOSCOPE_BYTE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Begins as {0}. Owns `bytes`, from malloc: free it, or hand it on. */
typedef struct ByteBuffer {
    unsigned char *bytes;
    size_t size, room;
    bool failed;                /* memory ended, and what was put since is missing; asked once, at the end */
} ByteBuffer;

/* Appends `size` bytes. */
void bytes_put(ByteBuffer *buffer, const void *bytes, size_t size);

#endif
