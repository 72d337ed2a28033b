/* walk.c - where each step through the network leads; see walk.h. */
#include "app/model/walk.h"

#include <string.h>
#include <strings.h>

bool walk_is_module(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    return l->module >= 0 && net->modules[l->module].last == layer;
}

bool walk_is_inner(const Net *net, int layer)
{
    return net->layers[layer].module >= 0 && !walk_is_module(net, layer);
}

bool walk_is_stop(const Net *net, int layer)
{
    return net->layers[layer].head == 0 && !walk_is_inner(net, layer);
}

static int stop_from(const Net *net, int layer, int step)
{
    for (int l = layer + step; l >= 0 && l < net->main_count; l += step)
        if (walk_is_stop(net, l))
            return l;
    return layer;
}

int walk_next(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->head > 0)
        return layer < net->heads[l->head].last ? layer + 1 : layer;
    return walk_is_inner(net, layer) ? layer + 1 : stop_from(net, layer, +1);
}

int walk_prev(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->head > 0)
        return layer > net->heads[l->head].first ? layer - 1 : net->heads[l->head].tap;
    if (walk_is_inner(net, layer))
        return layer > net->modules[l->module].first ? layer - 1 : net->modules[l->module].last;
    return stop_from(net, layer, -1);
}

int walk_home(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->head > 0)
        return net->heads[l->head].first;
    return walk_is_inner(net, layer) ? net->modules[l->module].first : 0;
}

int walk_end(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->head > 0)
        return net->heads[l->head].last;
    return walk_is_inner(net, layer) ? net->modules[l->module].last - 1 : net->main_count - 1;
}

int walk_into(const Net *net, int layer, Branch branch)
{
    if (!walk_is_module(net, layer))
        return layer;
    const Module *module = &net->modules[net->layers[layer].module];
    return branch == BRANCH_NONE ? module->first : net->layers[module->last].inputs[branch];
}

int walk_out(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->head > 0)
        return net->heads[l->head].tap;
    return walk_is_inner(net, layer) ? net->modules[l->module].last : layer;
}

int walk_heads(const Net *net, int layer)
{
    const int next = net->layers[layer].head + 1;
    if (next < net->head_count)
        return net->heads[next].first;
    return walk_out(net, layer);
}

/* Layers are on the way in their order, but a module's last one, the concat that is the whole module, comes before its others. */
int walk_tour_place(const Net *net, int layer, int *count)
{
    const Layer *l = &net->layers[layer];
    if (l->head > 0) {
        *count = net->heads[l->head].last - net->heads[l->head].first + 1;
        return layer - net->heads[l->head].first;
    }
    *count = net->main_count;
    return walk_is_module(net, layer) ? net->modules[l->module].first : walk_is_inner(net, layer) ? layer + 1 : layer;
}

int walk_tour_layer(const Net *net, int layer, int place)
{
    if (net->layers[layer].head > 0)
        return net->heads[net->layers[layer].head].first + place;
    const Layer *l = &net->layers[place];
    if (l->module < 0)
        return place;
    return place == net->modules[l->module].first ? net->modules[l->module].last : place - 1;
}

int walk_channels_of(const Net *net, int layer)
{
    while (op_keeps_channels(net->layers[layer].op))
        layer = net->layers[layer].inputs[0];
    return layer;
}

int walk_find(const Net *net, const char *part, int *out, int max)
{
    int count = 0;
    /* Three passes, so that the likeliest come first: the name itself, names that begin with it, names that contain it. */
    for (int pass = 0; pass < 3; pass++)
        for (int l = 0; l < net->layer_count && count < max; l++) {
            char name[NET_NAME_MAX + 32];
            net_address_text(net, (Address){.layer = l, .channel = -1}, name, sizeof name);
            const bool whole = strcasecmp(name, part) == 0;
            const bool begins = strncasecmp(name, part, strlen(part)) == 0;
            const bool inside = strcasestr(name, part) != NULL || strcasestr(net->layers[l].name, part) != NULL;
            if (pass == 0 ? whole : pass == 1 ? begins && !whole : inside && !begins && !whole)
                out[count++] = l;
        }
    return count;
}
