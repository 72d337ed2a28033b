/* grad_cut.c - see grad_cut.h. */
#include "engine/fast/grad_cut.h"

enum { SUMS_MAX = 48 * 1024 }; /* floats, a fraction of the second-level cache */

int cut_units(const FastRun *f, int layer, WeightUnit *units)
{
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    const bool fc = l->op == OP_FC;
    const Map *x = fc ? &fl->fc_in : fast_input_map(f, layer);
    const int most = f->kernels->grad.scalars, taps = cut_taps(l);
    const int channels = x->lanes == 1 ? l->in.c : blocks_of(l->in.c, LANES);
    int count = 0;
    for (int block = 0; block < channels; block++)
        for (int tap = 0; tap < taps;) {
            const int row = fc ? 0 : tap / l->k, column = fc ? 0 : tap % l->k;
            const int wide = x->lanes == 1 ? l->k - column : LANES;
            const ptrdiff_t at = fc ? (ptrdiff_t)x->block * (block * taps + tap)
                                    : (ptrdiff_t)x->block * block + (ptrdiff_t)x->row * row + column * x->lanes;
            for (int i = 0; i < wide && (x->lanes == 1 || block * LANES + i < l->in.c); i += most, count++)
                if (units != NULL)
                    units[count] = (WeightUnit){.offset = at + i, .scalars = wide - i < most ? wide - i : most,
                                                .c = x->lanes == 1 ? block : block * LANES + i,
                                                .tap = x->lanes == 1 ? tap + i : tap};
            tap += x->lanes == 1 ? l->k : 1;
        }
    return count;
}

size_t cut_tasks(const FastRun *f, int layer, WeightCut *cut)
{
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    const Map *x = l->op == OP_FC ? &fl->fc_in : fast_input_map(f, layer);
    const int blocks = blocks_of(l->out.c, LANES), panels = (blocks + cut->panel - 1) / cut->panel;
    const size_t tile = (size_t)cut->scalars * (size_t)cut->panel * LANES;
    const int threads = pool_threads(f->pool), wanted = threads == 1 ? 1 : 4 * threads;
    cut->unit_ranges = cut->panel_ranges = 1;
    for (;;) {
        const int units = (cut->unit_count + cut->unit_ranges - 1) / cut->unit_ranges;
        const int task_panels = (panels + cut->panel_ranges - 1) / cut->panel_ranges;
        const size_t floats = (size_t)units * (size_t)task_panels * tile;
        const bool fits = floats <= SUMS_MAX || (units == 1 && task_panels == 1);
        /* Batch norm's gradient needs all weights of an output channel at once. */
        const bool can_split_units = cut->unit_ranges < cut->unit_count && !l->bn, can_split_panels = cut->panel_ranges < panels;
        if ((fits && cut->unit_ranges * cut->panel_ranges >= wanted) || (!can_split_units && !can_split_panels))
            return floats;
        /* Every range of panels reads x once, every range of units reads dy once. Split the one that costs less. */
        if (can_split_panels && (!can_split_units || x->blocks * x->lanes * cut->panel_ranges < blocks * LANES * cut->unit_ranges))
            cut->panel_ranges++;
        else
            cut->unit_ranges++;
    }
}
