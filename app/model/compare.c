/* compare.c - the difference of two pictures' maps, where it is largest, and its range; see compare.h. */
#include "app/model/compare.h"
#include "app/model/range.h"

#include <math.h>
#include <stdlib.h>

void compared_free(Compared *c)
{
    free(c->difference);
    free(c->mean);
    free(c->order);
    *c = (Compared){.version = c->version};
}

static bool room_for(Compared *c, size_t values, size_t channels)
{
    compared_free(c);
    c->difference = malloc(values * sizeof *c->difference);
    c->mean = malloc(channels * sizeof *c->mean);
    c->order = malloc(channels * sizeof *c->order);
    if (c->difference != NULL && c->mean != NULL && c->order != NULL)
        return true;
    compared_free(c);
    return false;
}

/* Insertion into the sorted list of the channels before it: the lists are short, and most channels of a layer are alike. */
static void insert_channel(Compared *c, int channel)
{
    int place = channel;
    for (; place > 0 && c->mean[channel] > c->mean[c->order[place - 1]]; place--)
        c->order[place] = c->order[place - 1];
    c->order[place] = channel;
}

bool compared_make(Compared *c, const LayerMap *first, const LayerMap *second)
{
    const size_t plane = (size_t)first->shape.h * (size_t)first->shape.w;
    if (c->difference != NULL && c->first == first->version && c->second == second->version)
        return true;
    if (!room_for(c, first->stats->count, (size_t)first->shape.c))
        return false;
    c->first = first->version;
    c->second = second->version;
    c->version++;
    c->least = c->most = 0;
    for (int channel = 0; channel < first->shape.c; channel++) {
        double sum = 0;
        for (size_t i = (size_t)channel * plane; i < (size_t)(channel + 1) * plane; i++) {
            c->difference[i] = second->data[i] - first->data[i];
            c->least = fminf(c->least, c->difference[i]);
            c->most = fmaxf(c->most, c->difference[i]);
            sum += (double)fabsf(c->difference[i]);
        }
        c->mean[channel] = (float)(sum / (double)plane);
        insert_channel(c, channel);
    }
    return true;
}

Comparison compare_ranges(const Look *look, const LayerMap *first, const LayerMap *second, const Compared *compared)
{
    Comparison out = {.clipped = false};
    const LayerMap *const maps[2] = {first, second};
    float colours[2], values[2] = {first->stats->min, first->stats->max};
    range_shared(look, maps, 2, colours);
    range_widen(values, second, false);
    out.range = (RangeShown){.lo = colours[0], .hi = colours[1], .true_lo = values[0], .true_hi = values[1]};
    const float largest = fmaxf(-compared->least, compared->most);
    out.reach = look->clip_outliers ? fminf(largest, colours[1] - colours[0]) : largest;
    out.clipped = out.reach < largest;
    return out;
}
