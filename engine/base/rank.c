/* rank.c - see rank.h. */
#include "engine/base/rank.h"
#include "engine/base/size.h"

#include <stdlib.h>

/* qsort has no room for the sizes that are compared. */
typedef struct Ranked {
    double size;
    int index;
} Ranked;

static int by_size(const void *a, const void *b)
{
    const Ranked *p = a, *q = b;
    return p->size > q->size ? -1 : p->size < q->size ? 1 : p->index - q->index;
}

bool rank_by_size(int *order, int count, double (*size)(const void *of, int index), const void *of)
{
    Ranked *ranked = malloc(size_product(count > 0 ? (size_t)count : 1, sizeof *ranked));
    if (ranked == NULL)
        return false;
    for (int i = 0; i < count; i++)
        ranked[i] = (Ranked){size(of, i), i};
    qsort(ranked, (size_t)count, sizeof *ranked, by_size);
    for (int i = 0; i < count; i++)
        order[i] = ranked[i].index;
    free(ranked);
    return true;
}
