/* knife.h - changes to a network whose cost in accuracy is measured: a branch silenced in every module, weights pruned, weights rounded,
 * the picture's channels swapped. */
#ifndef INCEPTOSCOPE_KNIFE_H
#define INCEPTOSCOPE_KNIFE_H

#include "engine/net/net.h"

typedef struct Knife {
    Branch silenced;            /* this branch gives 0 in every module; BRANCH_NONE: none does */
    double pruned;              /* percent of the smallest weights that become 0; 0: none */
    int pruned_layer;           /* of this conv or fc layer; -1: of all those of the main path together */
    int bits;                   /* weights rounded as in quantize.h; 0: not */
    bool swapped;               /* the picture's red and blue change places before its mean is subtracted */
} Knife;

extern const Knife knife_none;
bool knife_cuts(const Knife *knife);        /* whether it changes anything */

/* Writes the changed weights: first pruned, then rounded, then silenced. weights, out: net->weight_count floats. Pruning counts the
 * weights of convolutions and fully connected layers, without biases, and sets floor(percent / 100 * number) of them to 0, those with
 * the smallest magnitudes; of equal ones the first (Han et al. 2015, without training again). Modules without the branch stay.
 * False and a message if out of memory, or if a silenced network has no modules. */
bool knife_cut(const Knife *knife, const Net *net, const float *weights, float *out, Err *err);

#endif
