/* array.c - see array.h. */
#include "engine/base/array.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *array_grow(void *array, int count, size_t element)
{
    assert(count >= 0 && element > 0);
    /* The room doubles at every power of two, so the count alone gives the room. */
    if ((count & (count - 1)) == 0) {
        const size_t room = count == 0 ? 1 : (size_t)count * 2;
        void *grown = room <= SIZE_MAX / element ? realloc(array, room * element) : NULL;
        if (grown == NULL)
            return NULL;
        array = grown;
    }
    memset((char *)array + (size_t)count * element, 0, element);
    return array;
}

int array_insert(void *array, int count, int most, int place, const void *item, size_t element)
{
    assert(place >= 0 && place <= count && count <= most);
    if (place == most)
        return count;
    char *at = (char *)array + (size_t)place * element;
    count = count < most ? count + 1 : most;
    memmove(at + element, at, (size_t)(count - place - 1) * element);
    memcpy(at, item, element);
    return count;
}
