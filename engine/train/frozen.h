/* frozen.h - the part of a network that a fine-tuning leaves as it is, and the maps at its edge, from which the rest is computed.
 *
 * Frozen are the layers of the main path up to and including one, in the order of the description. Pools, LRN and concats that
 * read frozen layers only are frozen too, since they have no weights. Frozen layers compute in inference form: no dropout, batch
 * norm with its stored statistics. So their maps depend on the picture alone, and can be kept (features.h). */
#ifndef INCEPTOSCOPE_TRAIN_FROZEN_H
#define INCEPTOSCOPE_TRAIN_FROZEN_H

#include "engine/net/run.h"

typedef struct Frozen {
    const Net *net;             /* borrowed */
    int last;                   /* the layer that was named */
    bool *layers;               /* frozen; owned, net->layer_count, as the next two */
    bool *others;               /* computed from them */
    bool *learns;               /* of those: it has weights, or reads a layer that learns. Gradients flow through these only */
    int *edge; int edge_count;  /* frozen layers that others read; owned */
    size_t floats;              /* of the maps at the edge, for one picture */
} Frozen;

/* NULL and a message if `name` is no layer of the main path, if no layer up to it has weights, or if none after it has. */
Frozen *frozen_new(const Net *net, const char *name, Err *err);
void frozen_free(Frozen *frozen);

/* Whether nothing that learns lies before the tap of any auxiliary head, so that their losses change nothing on the main path. */
bool frozen_heads_idle(const Frozen *frozen);

/* After a forward of `layers`: the maps at the edge of one picture, `floats` values. */
void frozen_take(const Frozen *frozen, Run *run, int image, float *maps);
/* The reverse for n pictures, maps (n, floats), in the place of run_input; a forward of `others` may follow. */
void frozen_put(const Frozen *frozen, Run *run, const float *maps, int n);

#endif
