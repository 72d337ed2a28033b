/* pack.c - weights in the order in which the convolution kernel reads them; see PackedConv in kernels.h. */
#include "engine/fast/fast.h"

enum { SET_MAX = 3, STRIDED_SET_MAX = 2, TILE_MAX = 14 };

/* How many output blocks to compute together: an estimate of the cycles that one input channel costs over a row. Multiply-adds and
 * loads go two a cycle, and a sum is ready for the next one after 4. */
static int choose_set(int out_blocks, int most, int registers, int row_pixels)
{
    int best = 1;
    double best_cost = 0;
    for (int set = 1; set <= most && set <= out_blocks && registers / set >= 2; set++) {
        int widest = registers / set - 1 < TILE_MAX ? registers / set - 1 : TILE_MAX;
        int tiles = (row_pixels + widest - 1) / widest, sets = (out_blocks + set - 1) / set;
        double pixels = (double)row_pixels / tiles, mean_set = (double)out_blocks / sets;
        double multiply = pixels * mean_set / 2, loads = (pixels + mean_set) / 2, cost = multiply > loads ? multiply : loads;
        cost = (cost > 4 ? cost : 4) + 1;
        cost *= tiles * sets;
        if (set == 1 || cost < best_cost) {
            best = set;
            best_cost = cost;
        }
    }
    return best;
}

void pack_shape(PackedConv *p, int in_channels, int out_channels, int k, int stride, int lanes, int registers, int row_pixels)
{
    bool dense = lanes == LANES && stride == 1;
    p->k = k;
    p->lanes = lanes;
    p->in_blocks = blocks_of(in_channels, lanes);
    p->out_blocks = blocks_of(out_channels, LANES);
    p->set = choose_set(p->out_blocks, dense ? SET_MAX : STRIDED_SET_MAX, registers, row_pixels);
    p->per_block = (size_t)p->in_blocks * (size_t)lanes * (size_t)k * (size_t)k * LANES;
}

int pack_set_count(const PackedConv *p)
{
    return (p->out_blocks + p->set - 1) / p->set;
}

int pack_set_begin(const PackedConv *p, int set)
{
    /* Sets of nearly the same size: 13 blocks in sets of at most 3 are 2 3 2 3 3, not 3 3 3 3 1. */
    return p->out_blocks * set / pack_set_count(p);
}

void pack_conv(PackedConv *p, const float *w, int in_channels, int out_channels, int taps, int groups, const float *scale,
               int set)
{
    const int b0 = pack_set_begin(p, set), blocks = pack_set_begin(p, set + 1) - b0, width = blocks * LANES;
    const int group_in = in_channels / groups, group_out = out_channels / groups;
    float *to = p->w + (size_t)b0 * p->per_block;
    /* One input block after the other: what is written at a time fits in the first cache, and reading is in order. */
    for (int block = 0; block * p->lanes < in_channels; block++, to += (size_t)taps * (size_t)p->lanes * (size_t)width)
        for (int i = 0; i < width && b0 * LANES + i < out_channels; i++) {
            const int o = b0 * LANES + i, first = o / group_out * group_in; /* the group reads channels from `first` on */
            const float factor = scale != NULL ? scale[o] : 1.0f;
            for (int lane = 0; lane < p->lanes; lane++) {
                const int c = block * p->lanes + lane - first;
                if (c < 0 || c >= group_in)
                    continue;
                const float *from = w + ((size_t)o * (size_t)group_in + (size_t)c) * (size_t)taps;
                for (int tap = 0; tap < taps; tap++)
                    to[(tap * p->lanes + lane) * width + i] = from[tap] * factor;
            }
        }
}
