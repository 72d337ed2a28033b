/* scratch.c - memory that lasts until a frame is drawn. See views.h. */
#include "app/views/views.h"

#include <stdlib.h>

struct Scratch {
    struct Scratch *next;
    max_align_t bytes[];
};

void *view_scratch(ViewState *v, size_t bytes)
{
    struct Scratch *block = bytes <= SIZE_MAX - sizeof *block ? malloc(sizeof *block + bytes) : NULL;
    if (block == NULL)
        return NULL;
    block->next = v->scratch;
    v->scratch = block;
    return block->bytes;
}

void view_scratch_end(ViewState *v)
{
    while (v->scratch != NULL) {
        struct Scratch *next = v->scratch->next;
        free(v->scratch);
        v->scratch = next;
    }
}
