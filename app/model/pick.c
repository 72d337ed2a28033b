/* pick.c - see pick.h. */
#include "app/model/pick.h"

#include <stdlib.h>

typedef struct Candidate {
    float value;
    int channel;
} Candidate;

/* Largest first; a NaN is behind every number. */
static int order(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;
    const bool x_less = x->value < y->value || (x->value != x->value && y->value == y->value);
    const bool y_less = y->value < x->value || (y->value != y->value && x->value == x->value);
    return x_less ? 1 : y_less ? -1 : x->channel < y->channel ? -1 : x->channel > y->channel;
}

static int find(const int *list, int count, int channel)
{
    for (int i = 0; i < count; i++)
        if (list[i] == channel)
            return i;
    return -1;
}

bool pick_channels(const float *by, int first, int count, const int *must, int must_count, int *out, int want)
{
    Candidate *all = malloc((size_t)(count > 0 ? count : 1) * sizeof *all);
    if (all == NULL)
        return false;
    for (int i = 0; i < count; i++)
        all[i] = (Candidate){by[first + i], first + i};
    qsort(all, (size_t)count, sizeof *all, order);
    for (int i = 0; i < want; i++)
        out[i] = all[i].channel;
    int place = want;
    for (int i = 0; i < must_count && place > 0; i++) {
        if (must[i] < first || must[i] >= first + count || find(out, want, must[i]) >= 0)
            continue;
        do
            place--;
        while (place > 0 && find(must, must_count, out[place]) >= 0);
        out[place] = must[i];
    }
    free(all);
    return true;
}
