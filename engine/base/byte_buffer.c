/* byte_buffer.c - see byte_buffer.h. */
#include "engine/base/byte_buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void bytes_put(ByteBuffer *b, const void *bytes, size_t size)
{
    if (b->failed)
        return;
    if (size > b->room - b->size) {
        const bool fits = size <= SIZE_MAX / 2 - b->size;
        const size_t room = fits ? 2 * (b->size + size) : 0;
        unsigned char *grown = fits ? realloc(b->bytes, room) : NULL;
        b->failed = grown == NULL;
        if (b->failed)
            return;
        b->bytes = grown;
        b->room = room;
    }
    memcpy(b->bytes + b->size, bytes, size);
    b->size += size;
}
