/* whatif.h - a changed copy of a network's weights: channels scaled down or silenced, single weights edited. The network itself
 * stays as it is, so that putting back is forgetting the copy. */
#ifndef INCEPTOSCOPE_WHATIF_H
#define INCEPTOSCOPE_WHATIF_H

#include "engine/net/net.h"

typedef struct WeightEdit {
    size_t index;               /* in the flat array */
    float value;                /* before the channel's scale */
} WeightEdit;

typedef struct WhatIf {
    float *weights;             /* the changed copy: edited, then scaled; NULL while nothing is changed */
    WeightEdit *edited; int edited_count; /* single weights, each once */
    float *scales;              /* of each channel of each conv and fc, by whatif_scale's order */
    uint64_t *stamps;           /* per layer: 0 while its weights are the network's own, else another number for every change */
    uint64_t edits;             /* the last of these numbers; whatif_restore keeps it, so that none comes twice */
    float *before;              /* the classes' probabilities before the first edit; NULL: not known, or no classes */
    int before_count;
} WhatIf;

/* The conv or fc channel whose scaling changes exactly this channel of this layer, and nothing before it: itself, or for a
 * concat the branch's. False for the others (a pool's or norm's map also depends on its neighbours). */
bool whatif_target(const Net *net, int layer, int channel, int *target, int *target_channel);
/* Scales a channel's map by 0..1 from here on: its kernel, bias and batch norm. ReLU and all that follows see the scaled map.
 * (layer, channel) as whatif_target gives it. False without memory. */
bool whatif_scale(WhatIf *what_if, const Net *net, const float *weights, int layer, int channel, float scale);
float whatif_scale_of(const WhatIf *what_if, const Net *net, int layer, int channel);
/* Replaces one weight (index into the flat array). Edits and scales keep out of each other's way: a silenced channel stays silent, and
 * when it comes back its edited weights do. False without memory. */
bool whatif_weight(WhatIf *what_if, const Net *net, const float *weights, size_t index, float value);
/* One weight as it was edited, whatever its channel is scaled by; weights: the network's own. */
float whatif_own(const WhatIf *what_if, const float *weights, size_t index);
/* Keeps the prediction for "before and after"; `before` (count), from malloc or NULL, is taken over. Only while none is kept. */
void whatif_remember(WhatIf *what_if, float *before, int count);
void whatif_restore(WhatIf *what_if);                   /* forgets the copy */

#endif
