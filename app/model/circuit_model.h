/* circuit_model.h - one value through the 1x1 reduction before it (engine/net/circuit.h), in the background (side_job.h). */
#ifndef INCEPTOSCOPE_CIRCUIT_MODEL_H
#define INCEPTOSCOPE_CIRCUIT_MODEL_H

#include "app/model/cursor.h"
#include "app/model/side_job.h"
#include "engine/net/circuit.h"

typedef struct CircuitResult {
    Circuit circuit;
    CircuitSource *sources; int source_count; /* owned, as what follows; 0: none */
    float *kernels, *expanded;  /* (C, k, k) of the layer before the reduction, in channel order: open gates, every gate */
    float reach, expanded_reach; /* the largest magnitude in each */
    int *open;                  /* (k, k): values of the reduction above 0 in each tap; -1: a tap in the padding */
    int gates;                  /* values of the reduction in one tap that the unit reads */
} CircuitResult;

typedef struct CircuitJob {
    CircuitPath path;
    Unit unit;
    float *through, *from;      /* copies of the two maps; owned */
    CircuitResult result;
} CircuitJob;

typedef struct CircuitModel {
    CircuitResult result;       /* source_count 0: none for `unit` yet */
    uint64_t version;           /* new with each result */
    Unit unit; uint64_t maps[2]; SideKey key; /* what the result depends on */
    Err problem;                /* why there is none, or "" */
    CircuitJob next;            /* the job's, so a CircuitModel must not move in memory while busy */
    SideJob *job;
} CircuitModel;

/* The unit whose value is looked through: the cursor's, for a copied value that of the layer that made it. */
Unit circuit_unit(const Net *net, Cursor cursor);
/* Takes a finished result and starts what is wanted. through, from: the maps of the unit's path. Call in each frame. */
void circuit_want(CircuitModel *c, const SideWish *wish, const CircuitPath *path, Unit unit, const LayerMap *through, const LayerMap *from);
/* Nothing is wanted in this frame: takes a finished result. */
void circuit_rest(CircuitModel *c);
/* The result for this unit; while it is being computed the last one of the same channel. NULL if there is none. */
const CircuitResult *circuit_result(const CircuitModel *c, Unit unit);
bool circuit_busy(const CircuitModel *c);
void circuit_model_close(CircuitModel *c);  /* waits for the thread */

#endif
