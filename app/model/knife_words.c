/* knife_words.c - a knife as options of the command line; see knife.h. */
#include "app/model/knife.h"

#include <stdio.h>
#include <string.h>

/* BRANCH_NONE: none has this name. */
static Branch branch_named(const char *name)
{
    for (int b = 0; b < BRANCH_COUNT; b++)
        if (strcmp(name, branch_name((Branch)b)) == 0)
            return (Branch)b;
    return BRANCH_NONE;
}

bool knife_words_good(const KnifeWords *words, Err *err)
{
    if (words->silence != NULL && branch_named(words->silence) == BRANCH_NONE)
        return err_set(err, "--silence takes 1x1, 3x3, 5x5 or pool, not '%s'", words->silence);
    if (!(words->prune >= 0 && words->prune <= 100))
        return err_set(err, "--prune takes the percentage of weights that become 0, from 0 to 100, not %g", words->prune);
    if (words->bits != 0 && words->bits != 8 && words->bits != 4 && words->bits != 2)
        return err_set(err, "--bits takes 8, 4 or 2, not %d", words->bits);
    if (words->prune_layer != NULL && !(words->prune > 0))
        return err_set(err, "--prune-layer says where --prune acts; give a percentage with --prune");
    if (words->drop_reductions != NULL && strlen(words->drop_reductions) >= KNIFE_MODULES)
        return err_set(err, "--drop-reductions: the list is longer than %d bytes; all means every module", KNIFE_MODULES - 1);
    return true;
}

bool knife_of_words(const KnifeWords *words, const Net *net, Knife *knife, Err *err)
{
    Address at = {.layer = -1};
    Err reason;
    *knife = knife_none;
    if (words->silence != NULL)
        knife->silenced = branch_named(words->silence);
    if (words->prune_layer != NULL && !net_address(net, words->prune_layer, &at, &reason))
        return err_set(err, "--prune-layer %s: %s", words->prune_layer, reason.text);
    knife->pruned = words->prune;
    knife->pruned_layer = at.layer;
    knife->bits = words->bits;
    knife->swapped = words->swap;
    snprintf(knife->unreduced, sizeof knife->unreduced, "%s", words->drop_reductions != NULL ? words->drop_reductions : "");
    return knife_fits(knife, net, err);
}

void knife_options(const Knife *knife, const Net *net, char *out, size_t size)
{
    char layer[NET_NAME_MAX + 32];
    size_t used = 0;
    out[0] = '\0';
    if (knife->silenced != BRANCH_NONE)
        used += (size_t)snprintf(out + used, size - used, " --silence %s", branch_name(knife->silenced));
    if (knife->pruned > 0)
        used += (size_t)snprintf(out + used, size - used, " --prune %g", knife->pruned);
    if (knife->pruned > 0 && knife->pruned_layer >= 0) {
        net_address_text(net, (Address){.layer = knife->pruned_layer, .channel = -1}, layer, sizeof layer);
        used += (size_t)snprintf(out + used, size - used, " --prune-layer %s", layer);
    }
    if (knife->bits > 0)
        used += (size_t)snprintf(out + used, size - used, " --bits %d", knife->bits);
    if (knife->unreduced[0] != '\0')
        used += (size_t)snprintf(out + used, size - used, " --drop-reductions %s", knife->unreduced);
    if (knife->swapped)
        snprintf(out + used, size - used, " --swap-channels");
}
