/* knife.c - see knife.h. */
#include "app/model/knife.h"
#include "engine/base/thread.h"
#include "engine/net/quantize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const Knife knife_none = {.silenced = BRANCH_NONE, .pruned_layer = -1};

bool knife_cuts_weights(const Knife *knife)
{
    return knife->silenced != BRANCH_NONE || knife->pruned > 0 || knife->bits > 0;
}

bool knife_cuts(const Knife *knife)
{
    return knife_cuts_weights(knife) || knife->swapped || knife->unreduced[0] != '\0';
}

bool knife_same(const Knife *a, const Knife *b)
{
    return a->silenced == b->silenced && !(a->pruned < b->pruned) && !(a->pruned > b->pruned) && a->pruned_layer == b->pruned_layer && a->bits == b->bits &&
           a->swapped == b->swapped && strcmp(a->unreduced, b->unreduced) == 0;
}

/* ---- pruning ---- */

/* Whether pruning counts the parameter. */
static bool is_pruned(const Knife *knife, const Net *net, const Param *p)
{
    return p->kind == PARAM_WEIGHT && net->layers[p->layer].head == 0 && (knife->pruned_layer < 0 || p->layer == knife->pruned_layer);
}

/* Magnitudes as whole numbers in the same order. */
static unsigned size_bits(float weight)
{
    unsigned bits;
    memcpy(&bits, &weight, sizeof bits);
    return bits & 0x7fffffffu;
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Counts the digits at `shift` of the counted weights' magnitudes, of those that begin with `above`. */
static void count_digits(const Knife *knife, const Net *net, const float *weights, unsigned above, int shift, size_t counts[DIGITS])
{
    memset(counts, 0, DIGITS * sizeof *counts);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        for (size_t k = p->offset; is_pruned(knife, net, p) && k < p->offset + p->count; k++) {
            const unsigned bits = size_bits(weights[k]) >> shift;
            if (bits >> DIGIT_BITS == above)
                counts[bits & (DIGITS - 1)]++;
        }
        thread_yield();
    }
}

/* The largest magnitude among the `count` smallest ones, found digit by digit; *at_limit: how many of the `count` have it. Counting takes
 * a few hundredths of a second for millions of weights, where sorting takes more than one. */
static unsigned find_limit(const Knife *knife, const Net *net, const float *weights, size_t count, size_t *at_limit)
{
    size_t rank = count - 1, counts[DIGITS];
    unsigned limit = 0;
    for (int shift = 2 * DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
        unsigned digit = 0;
        count_digits(knife, net, weights, limit, shift, counts);
        for (; rank >= counts[digit]; digit++)
            rank -= counts[digit];
        limit = limit << DIGIT_BITS | digit;
    }
    *at_limit = rank + 1;
    return limit;
}

/* Sets the weights below a limit to 0, and of those at it the first `at_limit`. */
static void zero_smallest(const Knife *knife, const Net *net, unsigned limit, size_t at_limit, float *out)
{
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        for (size_t k = p->offset; is_pruned(knife, net, p) && k < p->offset + p->count; k++) {
            const unsigned size = size_bits(out[k]);
            if (size == limit && at_limit > 0)
                at_limit--;
            else if (size >= limit)
                continue;
            out[k] = 0;
        }
        thread_yield();
    }
}

static void prune(const Knife *knife, const Net *net, float *out)
{
    size_t total = 0, at_limit;
    for (int i = 0; i < net->param_count; i++)
        total += is_pruned(knife, net, &net->params[i]) ? net->params[i].count : 0;
    const size_t count = (size_t)floor(knife->pruned / 100.0 * (double)total);
    if (count == 0)
        return;
    const unsigned limit = find_limit(knife, net, out, count, &at_limit);
    zero_smallest(knife, net, limit, at_limit, out);
}

/* ---- silencing ---- */

/* The last layer of a module's branch, if it is a convolution; -1: a pool without projection has nothing to silence. */
static int branch_end(const Net *net, int module, Branch branch)
{
    const Layer *concat = &net->layers[net->modules[module].last];
    for (int i = 0; i < concat->input_count; i++)
        if (net->layers[concat->inputs[i]].branch == branch && net->layers[concat->inputs[i]].weight >= 0)
            return concat->inputs[i];
    return -1;
}

/* It gives 0: kernel and bias 0, and with batch norm gamma and beta. */
static void silence(const Net *net, int layer, float *out)
{
    const Layer *end = &net->layers[layer];
    const int params[] = {end->weight, end->bias_param, end->bn_param, end->bn_param >= 0 ? end->bn_param + 1 : -1};
    for (size_t k = 0; k < sizeof params / sizeof *params; k++)
        if (params[k] >= 0)
            memset(out + net->params[params[k]].offset, 0, net->params[params[k]].count * sizeof *out);
}

/* ---- reductions ---- */

bool knife_is_reduction(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->op != OP_CONV || l->k != 1 || l->module < 0)
        return false;
    for (int reader = layer + 1; reader <= net->modules[l->module].last; reader++)
        if (net->layers[reader].op == OP_CONV && net->layers[reader].inputs[0] == layer)
            return true;
    return false;
}

static bool is_dropped(const Knife *knife, const Net *net, int layer)
{
    const int module = net->layers[layer].module;
    return knife->unreduced[0] != '\0' && module >= 0 && net_listed(knife->unreduced, net->modules[module].title) && knife_is_reduction(net, layer);
}

bool knife_net(const Knife *knife, const Net *net, Net *out)
{
    *out = *net;
    out->preprocess.bgr ^= knife->swapped;
    out->layers = malloc((size_t)net->layer_count * sizeof *out->layers);
    for (int l = 0; out->layers != NULL && l < net->layer_count; l++) {
        out->layers[l] = net->layers[l];
        out->layers[l].relu = net->layers[l].relu && !is_dropped(knife, net, l);
    }
    return out->layers != NULL;
}

/* ---- all of it ---- */

static bool fits_branch(Branch branch, const Net *net, Err *err)
{
    for (int m = 0; m < net->module_count; m++)
        if (branch_end(net, m, branch) >= 0)
            return true;
    return err_set(err, "%s: no module of network %s has a branch %s that ends in a convolution, so there is nothing to silence", net->source, net->name,
                   branch_name(branch));
}

static bool fits_modules(const Knife *knife, const Net *net, Err *err)
{
    if (!net_check_modules(net, knife->unreduced, err))
        return false;
    for (int l = 0; l < net->layer_count; l++)
        if (is_dropped(knife, net, l))
            return true;
    return err_set(err, "%s: no module of network %s in '%s' has a 1x1 reduction, so there is nothing to drop", net->source, net->name, knife->unreduced);
}

bool knife_fits(const Knife *knife, const Net *net, Err *err)
{
    if (knife->silenced != BRANCH_NONE && !fits_branch(knife->silenced, net, err))
        return false;
    if (knife->pruned_layer >= 0 && net->layers[knife->pruned_layer].weight < 0)
        return err_set(err, "%s: this layer has no weights; name a convolution or a fully connected layer, such as %s", net->layers[knife->pruned_layer].name,
                       net->layers[net_scorer(net, 0)].name);
    return knife->unreduced[0] == '\0' || fits_modules(knife, net, err);
}

void knife_cut(const Knife *knife, const Net *net, const float *weights, float *out)
{
    memcpy(out, weights, net->weight_count * sizeof *out);
    if (knife->pruned > 0)
        prune(knife, net, out);
    thread_yield();
    if (knife->bits > 0)
        quantize_weights(net, knife->bits, out, out);
    for (int m = 0; knife->silenced != BRANCH_NONE && m < net->module_count; m++) {
        const int end = branch_end(net, m, knife->silenced);
        if (end >= 0)
            silence(net, end, out);
    }
}
