/* knife.h - changes to a network whose cost in accuracy is measured: a branch silenced in every module, weights pruned, weights rounded,
 * the picture's channels swapped, a module's reductions dropped. */
#ifndef INCEPTOSCOPE_KNIFE_H
#define INCEPTOSCOPE_KNIFE_H

#include "engine/net/net.h"

enum { KNIFE_MODULES = 96 };

typedef struct Knife {
    Branch silenced;            /* this branch gives 0 in every module; BRANCH_NONE: none does */
    double pruned;              /* percent of the smallest weights that become 0; 0: none */
    int pruned_layer;           /* of this conv or fc layer; -1: of all those of the main path together */
    int bits;                   /* weights rounded as in quantize.h; 0: not */
    bool swapped;               /* the picture's red and blue change places before its mean is subtracted */
    char unreduced[KNIFE_MODULES]; /* modules whose 1x1 reductions are dropped: titles as in NetOptions, or "all"; "": none */
} Knife;

extern const Knife knife_none;
bool knife_cuts(const Knife *knife);        /* whether it changes anything */
bool knife_cuts_weights(const Knife *knife); /* whether knife_cut does */
bool knife_same(const Knife *a, const Knife *b);
/* False and a message if the network has none of what the knife names: a branch that can be silenced, a layer with weights, a module with
 * reductions. */
bool knife_fits(const Knife *knife, const Net *net, Err *err);

/* A knife as options of the command line have it; NULL, 0 and false: not given. */
typedef struct KnifeWords {
    const char *silence, *prune_layer, *drop_reductions;
    double prune;
    int bits;
    bool swap;
} KnifeWords;
/* False and a message if the numbers are none that a knife can have. */
bool knife_words_good(const KnifeWords *words, Err *err);
/* The knife of good words; false and a message if it does not fit the network. */
bool knife_of_words(const KnifeWords *words, const Net *net, Knife *knife, Err *err);
/* The same words again, each option with a blank before it; "" for no change. */
void knife_options(const Knife *knife, const Net *net, char *out, size_t size);

/* Writes the changed weights: first pruned, then rounded, then silenced. weights, out: net->weight_count floats. Pruning counts the
 * weights of convolutions and fully connected layers, without biases, and sets floor(percent / 100 * number) of them to 0, those with
 * the smallest magnitudes; of equal ones the first (Han et al. 2015, without training again). Modules without the branch stay. The knife
 * must fit the network. */
void knife_cut(const Knife *knife, const Net *net, const float *weights, float *out);
/* The changed network: *out is the same one with layers of its own, which free(out->layers) frees. Its kernels of 3x3 and 5x5 read the module's input
 * where reductions are dropped. Nobody has trained such kernels; those here are the product of the two that they replace. So the reduction
 * only loses its ReLU: without it two convolutions one after the other are one. False if out of memory. */
bool knife_net(const Knife *knife, const Net *net, Net *out);
/* Whether a layer is a 1x1 reduction: of the same module as the convolution that reads it. */
bool knife_is_reduction(const Net *net, int layer);

#endif
