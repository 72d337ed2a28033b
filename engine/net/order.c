/* order.c - see order.h. */
#include "engine/net/order.h"

#include <math.h>
#include <string.h>

/* Floats in their order as integers: neighbours differ by 1, 0 and -0 are both 0. */
static int64_t rank_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const int64_t size = bits & 0x7fffffff;
    return bits >> 31 != 0 ? -size : size;
}

int64_t ulps_between(float a, float b)
{
    if (isnan(a) || isnan(b))
        return INT64_MAX;
    const int64_t difference = rank_of(a) - rank_of(b);
    return difference < 0 ? -difference : difference;
}

void order_reference(int count, int *order)
{
    for (int i = 0; i < count; i++)
        order[i] = i;
}

/* terms come by channel, then place; all channels have the same places. */
void order_tiles(const Term *terms, int count, int channels, int *order)
{
    int places = 0, n = 0;
    while (places < count && terms[places].c == terms[0].c)
        places++;
    for (int first = 0; first < count; first += channels * places)
        for (int place = 0; place < places; place++)
            for (int i = first + place; i < count && i < first + channels * places; i += places)
                order[n++] = i;
}

void order_shuffled(int count, uint64_t seed, int *order)
{
    Rng rng = rng_make(seed, 0x6f72646572 /* "order" */);
    order_reference(count, order);
    rng_shuffle(&rng, order, count);
}

float order_sum(const Explanation *e, const Term *terms, const int *order, bool fused, float *sums)
{
    float sum = e->of.weighted.bias;
    for (int i = 0; i < e->term_count; i++) {
        const Term *t = &terms[order[i]];
        sum = fused ? fmaf(t->w, t->in, sum) : sum + t->product;
        if (sums != NULL)
            sums[i] = sum;
    }
    return sum;
}

float order_exact(const Explanation *e, const Term *terms)
{
    double sum = (double)e->of.weighted.bias;
    for (int i = 0; i < e->term_count; i++)
        sum += (double)terms[i].w * (double)terms[i].in;
    return (float)sum;
}

MapDifference order_difference(const float *a, const float *b, size_t count)
{
    MapDifference d = {.count = count};
    double largest = 0, apart = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t ulps = ulps_between(a[i], b[i]);
        d.differ += ulps != 0;
        d.by_one += ulps == 1;
        d.most = ulps > d.most ? ulps : d.most;
        largest = fmax(largest, fabs((double)a[i]));
        apart = fmax(apart, fabs((double)a[i] - (double)b[i]));
    }
    d.share = largest > 0 ? apart / largest : 0;
    return d;
}
