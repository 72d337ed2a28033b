/* grad_cut.h - divides the weight gradient of a conv or fc layer into tasks. Called by grad_plan.c, once, before it allocates
 * memory. */
#ifndef INCEPTOSCOPE_FAST_GRAD_CUT_H
#define INCEPTOSCOPE_FAST_GRAD_CUT_H

#include "engine/fast/fast.h"

/* A tile of the weight gradient along the input: neighbouring floats of an input pixel. They are channels of a block at one tap,
 * or taps of a picture's row. */
typedef struct WeightUnit {
    ptrdiff_t offset;           /* from the input pixel of tap (0, 0), block 0, to this unit's values */
    int scalars;
    int c, tap;                 /* of the first value; the others are the next channels, or for a picture the next taps */
} WeightUnit;

typedef struct WeightCut {
    int scalars, panel;         /* the tile, see GradKernels.weights */
    int unit_count;
    WeightUnit *units;          /* all units that have channels */
    int unit_ranges, panel_ranges; /* a task is one range of units and one of panels */
} WeightCut;

/* Taps of the kernel; those of an fc layer are the pixels of its input. */
static inline int cut_taps(const Layer *l)
{
    return l->op == OP_FC ? l->in.h * l->in.w : l->k * l->k;
}

/* First of the `blocks` output blocks that belongs to a panel; panels are of nearly the same size. */
static inline int cut_panel_begin(const WeightCut *cut, int blocks, int panel)
{
    return blocks * panel / ((blocks + cut->panel - 1) / cut->panel);
}

/* The layer's units: returns how many, and writes them unless `units` is NULL. */
int cut_units(const FastRun *f, int layer, WeightUnit *units);
/* Divides the units and panels into ranges; cut->units must be set. Returns the floats that the sums of a task need. */
size_t cut_tasks(const FastRun *f, int layer, WeightCut *cut);

#endif
