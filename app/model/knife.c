/* knife.c - see knife.h. */
#include "app/model/knife.h"
#include "engine/net/quantize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const Knife knife_none = {.silenced = BRANCH_NONE, .pruned_layer = -1};

bool knife_cuts(const Knife *knife)
{
    return knife->silenced != BRANCH_NONE || knife->pruned > 0 || knife->bits > 0 || knife->swapped;
}

/* Whether pruning counts the parameter. */
static bool is_pruned(const Knife *knife, const Net *net, const Param *p)
{
    return p->kind == PARAM_WEIGHT && net->layers[p->layer].head == 0 && (knife->pruned_layer < 0 || p->layer == knife->pruned_layer);
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Sets the `count` smallest of the counted weights to 0: those below a limit, and of those at it the first ones. */
static void zero_smallest(const Knife *knife, const Net *net, float limit, size_t at_limit, float *out)
{
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        for (size_t k = p->offset; is_pruned(knife, net, p) && k < p->offset + p->count; k++) {
            const float size = fabsf(out[k]);
            if (size == limit && at_limit > 0)
                at_limit--;
            else if (!(size < limit))
                continue;
            out[k] = 0;
        }
    }
}

static bool prune(const Knife *knife, const Net *net, float *out, Err *err)
{
    size_t total = 0, n = 0, below = 0;
    for (int i = 0; i < net->param_count; i++)
        total += is_pruned(knife, net, &net->params[i]) ? net->params[i].count : 0;
    const size_t count = (size_t)floor(knife->pruned / 100.0 * (double)total);
    if (count == 0)
        return true;
    float *sizes = malloc(total * sizeof *sizes);
    if (sizes == NULL)
        return err_set(err, "%s: not enough memory for pruning", net->source);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        for (size_t k = p->offset; is_pruned(knife, net, p) && k < p->offset + p->count; k++)
            sizes[n++] = fabsf(out[k]);
    }
    qsort(sizes, total, sizeof *sizes, by_size);
    const float limit = sizes[count - 1];
    while (sizes[below] < limit)
        below++;
    free(sizes);
    zero_smallest(knife, net, limit, count - below, out);
    return true;
}

/* The branch's last layer gives 0: kernel and bias 0, and with batch norm gamma and beta. */
static bool silence(const Net *net, Branch branch, float *out, Err *err)
{
    int found = 0;
    for (int m = 0; m < net->module_count; m++) {
        const Layer *concat = &net->layers[net->modules[m].last];
        for (int i = 0; i < concat->input_count; i++) {
            const Layer *end = &net->layers[concat->inputs[i]];
            const int params[] = {end->weight, end->bias_param, end->bn_param, end->bn_param >= 0 ? end->bn_param + 1 : -1};
            if (end->branch != branch || end->weight < 0) /* a pool without projection has nothing to silence */
                continue;
            found++;
            for (size_t k = 0; k < sizeof params / sizeof *params; k++)
                if (params[k] >= 0)
                    memset(out + net->params[params[k]].offset, 0, net->params[params[k]].count * sizeof *out);
        }
    }
    return found > 0 || err_set(err, "%s: no module of network %s has a branch %s that ends in a convolution, so there is nothing to silence", net->source,
                                net->name, branch_name(branch));
}

bool knife_cut(const Knife *knife, const Net *net, const float *weights, float *out, Err *err)
{
    memcpy(out, weights, net->weight_count * sizeof *out);
    if (knife->pruned > 0 && !prune(knife, net, out, err))
        return false;
    if (knife->bits > 0)
        quantize_weights(net, knife->bits, out, out);
    return knife->silenced == BRANCH_NONE || silence(net, knife->silenced, out, err);
}
