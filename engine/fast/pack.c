/* pack.c - weights in the order in which the convolution kernel reads them; see PackedConv in kernels.h. */
#include "engine/fast/fast.h"

/* Chooses how many output blocks to compute together, by an estimate of the cycles that one input channel takes over a row. Two
 * multiply-adds or loads are possible per cycle, and a sum can be used again after 4 cycles. */
static int choose_panel(int out_blocks, int most, int registers, int row_pixels)
{
    int best = 1;
    double best_cost = 0;
    for (int panel = 1; panel <= most && panel <= out_blocks && registers / panel >= 2; panel++) {
        int widest = registers / panel - 1 < TILE_MAX ? registers / panel - 1 : TILE_MAX;
        int tiles = (row_pixels + widest - 1) / widest, panels = (out_blocks + panel - 1) / panel;
        double pixels = (double)row_pixels / tiles, mean_panel = (double)out_blocks / panels;
        double multiply = pixels * mean_panel / 2, loads = (pixels + mean_panel) / 2, cost = multiply > loads ? multiply : loads;
        cost = (cost > 4 ? cost : 4) + 1;
        cost *= tiles * panels;
        if (panel == 1 || cost < best_cost) {
            best = panel;
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
    p->panel = choose_panel(p->out_blocks, dense ? PANEL_MAX : STRIDED_PANEL_MAX, registers, row_pixels);
    p->per_block = size_product(size_product((size_t)p->in_blocks * LANES, (size_t)k * (size_t)k), (size_t)lanes);
}

void pack_conv(PackedConv *p, const float *w, int in_channels, int out_channels, int taps, int groups, const float *scale,
               int panel)
{
    const int b0 = pack_panel_begin(p, panel), blocks = pack_panel_begin(p, panel + 1) - b0, width = blocks * LANES;
    const int group_in = in_channels / groups, group_out = out_channels / groups;
    float *to = p->w + (size_t)b0 * p->per_block;
    /* One input block at a time: the part that is written fits in the first cache, and reading is in order. */
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
                    to[((size_t)tap * (size_t)p->lanes + (size_t)lane) * (size_t)width + (size_t)i] = from[tap] * factor;
            }
        }
}

void pack_winograd_shape(PackedConv *p, int in_channels, int out_channels, int registers, int tiles)
{
    pack_shape(p, in_channels, out_channels, 3, 1, LANES, registers, tiles);
    p->winograd = true;
    p->per_block = size_product((size_t)p->in_blocks, LANES * WINOGRAD_ELEMENTS * LANES);
}

/* G of F(4x4, 3x3): turns a column or row of 3 taps into 6 elements. */
static const float weight_matrix[6][3] = {{1 / 4.0f, 0, 0},           {-1 / 6.0f, -1 / 6.0f, -1 / 6.0f}, {-1 / 6.0f, 1 / 6.0f, -1 / 6.0f},
                                 {1 / 24.0f, 1 / 12.0f, 1 / 6.0f}, {1 / 24.0f, -1 / 12.0f, 1 / 6.0f}, {0, 0, 1}};

/* G g G^T of 16 kernels together; element k of all of them goes to to[k * stride]. */
static void weight_transform(float *to, size_t stride, const float g[9][LANES])
{
    for (int i = 0; i < 6; i++) {
        float row[3][LANES];
        for (int x = 0; x < 3; x++)
            for (int o = 0; o < LANES; o++)
                row[x][o] = weight_matrix[i][0] * g[x][o] + weight_matrix[i][1] * g[3 + x][o] + weight_matrix[i][2] * g[6 + x][o];
        for (int j = 0; j < 6; j++)
            for (int o = 0; o < LANES; o++)
                to[(size_t)(i * 6 + j) * stride + (size_t)o] =
                    row[0][o] * weight_matrix[j][0] + row[1][o] * weight_matrix[j][1] + row[2][o] * weight_matrix[j][2];
    }
}

void pack_winograd(PackedConv *p, const float *w, int in_channels, int out_channels, const float *scale, bool backward, int panel)
{
    const int b0 = pack_panel_begin(p, panel), blocks = pack_panel_begin(p, panel + 1) - b0;
    const size_t width = (size_t)blocks * LANES, element = (size_t)p->in_blocks * LANES * width;
    for (int c = 0; c < in_channels; c++)
        for (int block = 0; block < blocks; block++) {
            float g[9][LANES] = {{0}};
            for (int i = 0; i < LANES && (b0 + block) * LANES + i < out_channels; i++) {
                const int o = (b0 + block) * LANES + i;
                const size_t kernel = backward ? (size_t)c * (size_t)out_channels + (size_t)o : (size_t)o * (size_t)in_channels + (size_t)c;
                const float factor = scale == NULL ? 1.0f : scale[backward ? c : o];
                for (int tap = 0; tap < 9; tap++)
                    g[tap][i] = w[kernel * 9 + (size_t)(backward ? 8 - tap : tap)] * factor;
            }
            weight_transform(p->w + (size_t)b0 * p->per_block + (size_t)c * width + (size_t)(block * LANES), element,
                         (const float(*)[LANES])g);
        }
}
