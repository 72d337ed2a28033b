/* range.c - the range of values that a map's colours cover. See range.h and model.h. */
#include "app/model/range.h"

void range_widen(float pair[2], const LayerMap *map, bool clip)
{
    const float lo = clip ? map->stats->clip_lo : map->stats->min, hi = clip ? map->stats->clip_hi : map->stats->max;
    pair[0] = lo < pair[0] ? lo : pair[0];
    pair[1] = hi > pair[1] ? hi : pair[1];
}

void range_shared(const Look *look, const LayerMap *const *maps, int count, float pair[2])
{
    pair[0] = look->clip_outliers ? maps[0]->stats->clip_lo : maps[0]->stats->min;
    pair[1] = look->clip_outliers ? maps[0]->stats->clip_hi : maps[0]->stats->max;
    for (int i = 1; i < count; i++)
        range_widen(pair, maps[i], look->clip_outliers);
    if (look->range == RANGE_LOCKED) {
        pair[0] = look->lock_lo;
        pair[1] = look->lock_hi;
    }
}

static void widen_module(const Model *m, int layer, float pair[2], bool clip)
{
    const Module *module = &model_net(m)->modules[model_net(m)->layers[layer].module];
    for (int l = module->first; l <= module->last; l++) {
        LayerMap other;
        if (compute_map(m->compute, l, &other))
            range_widen(pair, &other, clip);
    }
}

/* The map whose range a layer's maps are drawn with: for a branch's output that of its concat, so that a map has the same colours in
 * both places. `own` where there is no concat, or none yet. */
static const LayerMap *range_map(const Model *m, int layer, const LayerMap *own, LayerMap *concat)
{
    const Net *net = model_net(m);
    Address twin;
    const bool stacked = net->layers[layer].op != OP_CONCAT && net_address_twin(net, (Address){.layer = layer}, &twin);
    return stacked && compute_map(m->compute, twin.layer, concat) ? concat : own;
}

bool model_tinted(const Model *m, int layer)
{
    return layer == 0 && model_net(m)->input.c == 3 && m->picture.path[0] != '\0' && m->look.map == LOOK_VIRIDIS;
}

void model_range(const Model *m, int layer, const LayerMap *map, const float **lo, const float **hi, int *count, float pair[2])
{
    const Look *look = &m->look;
    const Net *net = model_net(m);
    if (look->range != RANGE_LOCKED && model_tinted(m, layer)) {
        *lo = m->picture.black;
        *hi = m->picture.full;
        *count = 3;
        return;
    }
    if (look->range == RANGE_MAP) {
        *lo = look->clip_outliers ? map->channels->clip_lo : map->channels->lo;
        *hi = look->clip_outliers ? map->channels->clip_hi : map->channels->hi;
        *count = map->shape.c;
        return;
    }
    LayerMap concat;
    const LayerMap *from = look->range == RANGE_LAYER ? range_map(m, layer, map, &concat) : map;
    range_shared(look, &from, 1, pair);
    if (look->range == RANGE_MODULE && net->layers[layer].module >= 0) {
        widen_module(m, layer, pair, look->clip_outliers);
    }
    *lo = &pair[0];
    *hi = &pair[1];
    *count = 1;
}

RangeShown model_range_shown(const Model *m, int layer, const LayerMap *map, int channel)
{
    const Net *net = model_net(m);
    const float *lo, *hi;
    LayerMap concat;
    const LayerMap *from = m->look.range == RANGE_LAYER ? range_map(m, layer, map, &concat) : map;
    float pair[2], whole[2] = {from->stats->min, from->stats->max};
    int count;
    model_range(m, layer, map, &lo, &hi, &count, pair);
    if (m->look.range != RANGE_LOCKED && model_tinted(m, layer)) {
        const bool same = lo[0] == lo[1] && lo[0] == lo[2] && hi[0] == hi[1] && hi[0] == hi[2];
        const int c = channel < 0 ? 0 : channel;
        return (RangeShown){.lo = lo[c], .hi = hi[c], .true_lo = channel < 0 ? whole[0] : map->channels->lo[c],
                            .true_hi = channel < 0 ? whole[1] : map->channels->hi[c], .each = channel < 0 && !same};
    }
    if (m->look.range == RANGE_MAP && channel < 0)
        return (RangeShown){.lo = whole[0], .hi = whole[1], .true_lo = whole[0], .true_hi = whole[1], .each = map->shape.c > 1,
                            .clips = m->look.clip_outliers && map->stats->clipped_maps > 0};
    const int c = count > 1 ? channel : 0;
    if (m->look.range == RANGE_MAP)
        return (RangeShown){.lo = lo[c], .hi = hi[c], .true_lo = map->channels->lo[c], .true_hi = map->channels->hi[c]};
    if (m->look.range == RANGE_MODULE && net->layers[layer].module >= 0)
        widen_module(m, layer, whole, false);
    return (RangeShown){.lo = lo[0], .hi = hi[0], .true_lo = whole[0], .true_hi = whole[1]};
}
