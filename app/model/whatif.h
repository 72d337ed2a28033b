/* whatif.h - a changed copy of a network's weights: trained, channels scaled down or silenced, single weights edited. The network's own
 * weights do not change, so undoing is dropping the copy. */
#ifndef INCEPTOSCOPE_WHATIF_H
#define INCEPTOSCOPE_WHATIF_H

#include "engine/net/net.h"

typedef struct WeightEdit {
    size_t index;               /* in the flat array */
    float value;                /* before the channel's scale */
} WeightEdit;

typedef struct WhatIf {
    float *weights;             /* the changed copy: edited, then scaled; NULL if nothing is changed */
    float *trained;             /* weights that were learnt, in the place of the network's own, which the edits below change; or NULL */
    WeightEdit *edited; int edited_count; /* single weights, each once */
    float *scales;              /* of each channel of each conv and fc, in the layers' order */
    uint64_t *stamps;           /* per layer: 0 if its weights are the network's own, else a new number for every change */
    uint64_t edits;             /* the last of these numbers; whatif_restore keeps it, so that none is used twice */
    float *before;              /* the classes' probabilities before the first edit; NULL: not known, or no classes */
    int before_count;
} WhatIf;

/* The conv or fc channel to scale for changing exactly this channel of this layer and nothing before it: itself, or for a concat
 * that of the branch. False for other layers, which have no weights to scale. */
bool whatif_target(const Net *net, int layer, int channel, int *target, int *target_channel);
/* Scales a channel's map by 0..1 through its kernel, bias and batch norm. ReLU and everything after it see the scaled map.
 * (layer, channel) comes from whatif_target. False if out of memory. */
bool whatif_scale(WhatIf *what_if, const Net *net, const float *weights, int layer, int channel, float scale);
float whatif_scale_of(const WhatIf *what_if, const Net *net, int layer, int channel);
/* Replaces one weight (index into the flat array). Edits and scales are independent: a silenced channel stays silent, and its
 * edited weights return with it. False if out of memory. */
bool whatif_weight(WhatIf *what_if, const Net *net, const float *weights, size_t index, float value);
/* One weight as edited, before its channel's scale; weights: the network's own. */
float whatif_own(const WhatIf *what_if, const float *weights, size_t index);
/* Everything is now these weights (net->weight_count, from malloc), taken over also on failure: scales and edits are 1 and none. The
 * prediction from before stays. False if out of memory; then nothing changes. */
bool whatif_train(WhatIf *what_if, const Net *net, float *trained);
/* Keeps the prediction for "before and after"; takes over `before` (count), from malloc or NULL. Only if none is kept yet. */
void whatif_remember(WhatIf *what_if, float *before, int count);
void whatif_restore(WhatIf *what_if);                   /* drops the copy */

#endif
