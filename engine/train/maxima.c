/* maxima.c - the largest value of a map; see maxima.h. Built with vector code: the largest of some values does not depend on the order. */
#include "engine/train/maxima.h"

#include <math.h>

enum { LANES = 16 };

int maxima_first(const float *values, int count, float *value)
{
    float most[LANES];
    int i = 0;
    for (int k = 0; k < LANES; k++)
        most[k] = -INFINITY;
    for (; i + LANES <= count; i += LANES)
        for (int k = 0; k < LANES; k++)
            most[k] = values[i + k] > most[k] ? values[i + k] : most[k];
    for (; i < count; i++)
        most[0] = values[i] > most[0] ? values[i] : most[0];
    for (int k = 1; k < LANES; k++)
        most[0] = most[k] > most[0] ? most[k] : most[0];
    *value = most[0];
    for (i = 0; i < count; i++)
        if (values[i] >= most[0])
            return i;
    return 0;
}
