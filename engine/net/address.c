/* address.c - names of layers and channels as people write them, and back: "3a/5x5[7]", "3a[199]", "conv1:pre". */
#include "engine/net/net.h"
#include "engine/net/words.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The layer that a name without a channel means, or -1: a layer's own name (with or without "inception_"), a module's name for
 * its concat, a head's name for its scores. */
static int resolve(const Net *net, const char *name)
{
    char full[256 + 16];
    for (int i = 0; i < net->layer_count; i++)
        if (strcmp(net->layers[i].name, name) == 0)
            return i;
    for (int m = 0; m < net->module_count; m++)
        if (strcmp(net->modules[m].name, name) == 0 || strcmp(net->modules[m].title, name) == 0)
            return net->modules[m].last;
    for (int h = 1; h < net->head_count; h++)
        if (strcmp(net->heads[h].name, name) == 0)
            return net->heads[h].logits;
    snprintf(full, sizeof full, "inception_%s", name);
    for (int i = 0; i < net->layer_count; i++)
        if (strcmp(net->layers[i].name, full) == 0)
            return i;
    return -1;
}

/* "inception_3a/concat" -> "3a", "inception_3a/5x5" -> "3a/5x5"; other names are unchanged. */
static void short_name(const Net *net, int index, char *out, size_t size)
{
    const Layer *layer = &net->layers[index];
    if (layer->module < 0)
        snprintf(out, size, "%s", layer->name);
    else if (layer->op == OP_CONCAT)
        snprintf(out, size, "%s", net->modules[layer->module].title);
    else
        snprintf(out, size, "%s%s", net->modules[layer->module].title, strchr(layer->name, '/'));
}

static bool unknown_name(const Net *net, const char *name, Err *err)
{
    char best[NET_NAME_MAX + 16] = "", candidate[NET_NAME_MAX + 16];
    int best_distance = INT_MAX;
    for (int i = 0; i < net->layer_count; i++) {
        short_name(net, i, candidate, sizeof candidate);
        const Layer *layer = &net->layers[i];
        int distance = word_distance(name, candidate), full = word_distance(name, layer->name);
        if (layer->op == OP_CONCAT && word_distance(name, net->modules[layer->module].name) < full)
            full = word_distance(name, net->modules[layer->module].name);
        if (full < distance)
            distance = full;
        if (distance < best_distance) {
            best_distance = distance;
            memcpy(best, candidate, sizeof best);
        }
    }
    return err_set(err, "network %s has no layer '%.80s'; the nearest name is '%s'", net->name, name, best);
}

bool net_address(const Net *net, const char *text, Address *out, Err *err)
{
    char name[256];
    Address found = {.channel = -1};
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*text))
        text++, length--;
    if (length == 0)
        return err_set(err, "an address is empty; expected a layer such as conv1, 3a, 3a/5x5[7] or conv1:pre");
    if (length >= sizeof name)
        return err_set(err, "'%.40s...' is too long for an address", text);
    memcpy(name, text, length);
    name[length] = '\0';

    /* ":pre" is at the end, before or after the channel. */
    char *pre = strstr(name, ":pre");
    if (pre != NULL) {
        found.pre = true;
        memmove(pre, pre + 4, strlen(pre + 4) + 1);
    }
    char *bracket = strchr(name, '[');
    long channel = -1;
    if (bracket != NULL) {
        char *end;
        channel = strtol(bracket + 1, &end, 10);
        if (end == bracket + 1 || strcmp(end, "]") != 0)
            return err_set(err, "'%.80s' is not an address; a channel is written as in 3a/5x5[7]", text);
        *bracket = '\0';
    }
    found.layer = resolve(net, name);
    if (found.layer < 0)
        return unknown_name(net, name, err);
    const Layer *layer = &net->layers[found.layer];
    if (bracket != NULL && (channel < 0 || channel >= layer->out.c))
        return err_set(err, "%s has no channel %ld; it has %d, counted from 0 to %d", name, channel, layer->out.c, layer->out.c - 1);
    if (found.pre && !layer->relu && !layer->bn)
        return err_set(err, "%s has no value before ReLU (:pre); only convolutions and fully connected layers with ReLU have one", name);
    found.channel = (int)channel;
    *out = found;
    return true;
}

void net_address_text(const Net *net, Address a, char *out, size_t size)
{
    char name[NET_NAME_MAX + 16], channel[16] = "";
    short_name(net, a.layer, name, sizeof name);
    if (a.channel >= 0)
        snprintf(channel, sizeof channel, "[%d]", a.channel);
    snprintf(out, size, "%s%s%s", name, channel, a.pre ? ":pre" : "");
}

bool net_address_twin(const Net *net, Address a, Address *twin)
{
    const Layer *layer = &net->layers[a.layer];
    if (layer->module < 0 || a.channel < 0 || a.pre)
        return false;
    const Module *module = &net->modules[layer->module];
    const Layer *concat = &net->layers[module->last];
    for (int b = 0; b < BRANCH_COUNT; b++) {
        if (a.layer == module->last && a.channel < module->offset[b + 1]) {
            *twin = (Address){.layer = concat->inputs[b], .channel = a.channel - module->offset[b]};
            return true;
        }
        if (a.layer == concat->inputs[b]) {
            *twin = (Address){.layer = module->last, .channel = module->offset[b] + a.channel};
            return true;
        }
    }
    return false;
}
