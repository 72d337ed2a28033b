/* walk.h - where each step leads: pure functions from one layer of a network to another. Keys, buttons, lessons and tests all use
 * them, so that "next" means the same everywhere.
 *
 * The rail's stops are the layers of the main path outside modules, and each module's concat, which represents the module. Inside
 * a module (or an auxiliary head) a step goes through its layers in the order in which they are computed. */
#ifndef INCEPTOSCOPE_WALK_H
#define INCEPTOSCOPE_WALK_H

#include "engine/net/net.h"

bool walk_is_stop(const Net *net, int layer);       /* on the rail, reached by plain steps */
bool walk_is_module(const Net *net, int layer);     /* the concat that represents a whole module */
bool walk_is_inner(const Net *net, int layer);      /* one of a module's layers before its concat */

int walk_next(const Net *net, int layer);           /* from a module's last inner layer to its concat; the last layer stays */
int walk_prev(const Net *net, int layer);           /* from the first layer of a module or head back out of it */
int walk_home(const Net *net, int layer);           /* first layer of what this one belongs to: network, module or head */
int walk_end(const Net *net, int layer);
/* From a module to its branch's last layer (BRANCH_NONE: to its first layer); other layers stay. */
int walk_into(const Net *net, int layer, Branch branch);
int walk_out(const Net *net, int layer);            /* to the module, or to the layer that a head taps */
/* Through the auxiliary heads: into the first, then to the next, from the last back to the layer that it taps. */
int walk_heads(const Net *net, int layer);

/* The way through everything, as playing takes it: the stops, and in front of a module's layers the whole module. Each layer of the main
 * path is on it once; a head has a way of its own. walk_tour_place: the number of a layer on the way of what it belongs to, and how many
 * are on it; walk_tour_layer: the layer with this number on the same way. */
int walk_tour_place(const Net *net, int layer, int *count);
int walk_tour_layer(const Net *net, int layer, int place);

/* The layer that made these channels: for pools, norms and dropout, which do not mix channels, the convolution, concat or input
 * before them; else the layer itself. Channel c here is channel c there. */
int walk_channels_of(const Net *net, int layer);

/* Layers with `part` in their name, ignoring case: at most max. An equal short name comes first, then names that begin with it,
 * each in the network's order. Returns how many. */
int walk_find(const Net *net, const char *part, int *out, int max);

#endif
