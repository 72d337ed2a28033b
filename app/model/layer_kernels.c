/* layer_kernels.c - a layer's weights for the weights view; see layer_kernels.h. */
#include "app/model/layer_kernels.h"
#include "app/model/walk.h"
#include "engine/base/rank.h"
#include "engine/base/size.h"

#include <math.h>
#include <stdlib.h>

LayerKernels layer_kernels(const Net *net, const float *weights, int layer)
{
    const Layer *l = &net->layers[layer];
    const Param *p = &net->params[l->weight];
    const int k = l->op == OP_CONV ? l->k : 1, channels = (int)(p->count / (size_t)p->dims[0]) / (k * k);
    LayerKernels out = {.layer = layer, .w = weights + p->offset, .groups = l->op == OP_CONV ? l->groups : 1, .count = p->dims[0], .channels = channels, .k = k, .taps = k * k};
    const Layer *source = &net->layers[walk_channels_of(net, l->inputs[0])];
    if (source->op != OP_CONCAT || source->out.c != channels) {
        out.group[out.group_count++] = (KernelGroup){0, channels, BRANCH_NONE, l->inputs[0]};
        return out;
    }
    const int *offset = net->modules[source->module].offset;
    for (int b = 0; b < BRANCH_COUNT; b++)
        if (offset[b + 1] > offset[b])
            out.group[out.group_count++] = (KernelGroup){offset[b], offset[b + 1] - offset[b], (Branch)b, source->inputs[b]};
    return out;
}

const float *layer_kernel(const LayerKernels *kernels, int kernel)
{
    return kernels->w + (size_t)kernel * (size_t)kernels->channels * (size_t)kernels->taps;
}

float weights_reach(const float *w, size_t count)
{
    float reach = 0;
    for (size_t i = 0; i < count; i++)
        reach = fmaxf(reach, fabsf(w[i]));
    return reach;
}

KernelSize kernel_size(const LayerKernels *kernels, int kernel)
{
    const float *w = layer_kernel(kernels, kernel);
    const size_t taps = (size_t)kernels->taps;
    KernelSize out = {.reach = weights_reach(w, (size_t)kernels->channels * taps)};
    for (int g = 0; g < kernels->group_count; g++) {
        const size_t first = (size_t)kernels->group[g].first * taps, end = first + (size_t)kernels->group[g].count * taps;
        for (size_t i = first; i < end; i++)
            out.sum[g] += (double)fabsf(w[i]);
        out.total += out.sum[g];
    }
    return out;
}

bool weight_cells_make(const LayerKernels *kernels, uint64_t version, WeightCells *out)
{
    const size_t count = (size_t)kernels->count * (size_t)kernels->channels, taps = (size_t)kernels->taps;
    if (out->version == version)
        return true;
    if (out->size < count) {
        float *grown = realloc(out->cells, size_product(count, sizeof *grown));
        if (grown == NULL)
            return false;
        out->cells = grown;
        out->size = count;
    }
    float *to = out->cells;
    double all = 0;
    out->largest = 0;
    for (int g = 0; g < kernels->group_count; g++) {
        const KernelGroup *group = &kernels->group[g];
        out->sum[g] = 0;
        for (int o = 0; o < kernels->count; o++) {
            const float *w = layer_kernel(kernels, o) + (size_t)group->first * taps;
            for (int c = 0; c < group->count; c++, to++, w += taps) {
                float sum = 0;
                for (size_t t = 0; t < taps; t++)
                    sum += fabsf(w[t]);
                *to = taps == 1 ? w[0] : sum / (float)taps;
                out->sum[g] += (double)sum;
                out->largest = fmaxf(out->largest, fabsf(*to));
            }
        }
        all += out->sum[g];
    }
    out->reach = fminf((float)(4 * all / (double)(count * taps)), out->largest); /* few large weights must not darken the rest */
    out->version = version;
    return true;
}

void weight_cells_free(WeightCells *cells)
{
    free(cells->cells);
    *cells = (WeightCells){0};
}

/* Room for `count` items, as new ones. */
static bool ranks_begin(WeightRanks *out, int count)
{
    if (out->room < count) {
        weight_ranks_free(out);
        out->order = malloc((size_t)count * sizeof *out->order);
        out->strongest = malloc((size_t)count * sizeof *out->strongest);
        out->sum = malloc((size_t)count * sizeof *out->sum);
        if (out->order == NULL || out->strongest == NULL || out->sum == NULL) {
            weight_ranks_free(out);
            return false;
        }
        out->room = count;
    }
    out->count = count;
    return true;
}

static double sum_of(const void *ranks, int i)
{
    return (double)((const WeightRanks *)ranks)->sum[i];
}

static bool ranks_sort(WeightRanks *out)
{
    return rank_by_size(out->order, out->count, sum_of, out);
}

float slice_size(const LayerKernels *kernels, int kernel, int c)
{
    const float *w = layer_kernel(kernels, kernel) + (size_t)c * (size_t)kernels->taps;
    float sum = 0;
    for (int t = 0; t < kernels->taps; t++)
        sum += fabsf(w[t]);
    return sum;
}

bool rank_kernels(const LayerKernels *kernels, uint64_t version, WeightRanks *out)
{
    if (out->version == version)
        return true;
    out->version = 0;
    if (!ranks_begin(out, kernels->count))
        return false;
    int *best = malloc((size_t)kernels->count * sizeof *best);
    for (int k = 0; k < kernels->count && best != NULL; k++) {
        float most = -1;
        out->sum[k] = 0;
        for (int c = 0; c < kernels->channels; c++) {
            const float sum = slice_size(kernels, k, c);
            out->sum[k] += sum;
            if (sum > most) {
                most = sum;
                best[k] = c;
            }
        }
    }
    const bool good = best != NULL && ranks_sort(out);
    out->largest = out->peak = 0;
    for (int i = 0; i < out->count && good; i++) {
        out->strongest[i] = out->order[i] * kernels->channels + best[out->order[i]];
        const float reach = weights_reach(kernels->w + (size_t)out->strongest[i] * (size_t)kernels->taps, (size_t)kernels->taps);
        out->largest = fmaxf(out->largest, reach);
        out->peak += reach / (float)out->count;
    }
    free(best);
    out->version = good ? version : 0;
    return good;
}

bool rank_inputs(const LayerKernels *kernels, int kernel, uint64_t version, WeightRanks *out)
{
    if (out->version == version)
        return true;
    out->version = 0;
    if (!ranks_begin(out, kernels->channels))
        return false;
    for (int c = 0; c < kernels->channels; c++)
        out->sum[c] = slice_size(kernels, kernel, c);
    const bool good = ranks_sort(out);
    out->version = good ? version : 0;
    return good;
}

void weight_ranks_free(WeightRanks *ranks)
{
    free(ranks->order);
    free(ranks->strongest);
    free(ranks->sum);
    *ranks = (WeightRanks){0};
}

int kernel_input(const LayerKernels *kernels, int kernel, int c)
{
    return kernel / (kernels->count / kernels->groups) * kernels->channels + c;
}

void kernels_as_colours(const LayerKernels *kernels, const Preprocess *order, bool own, float *rgb, float *lo, float *hi)
{
    const size_t taps = (size_t)kernels->taps;
    const float all = weights_reach(kernels->w, (size_t)kernels->count * 3 * taps);
    for (int o = 0; o < kernels->count; o++) {
        const float *w = layer_kernel(kernels, o);
        float *picture = rgb + (size_t)o * 3 * taps;
        for (int c = 0; c < 3; c++)
            for (size_t t = 0; t < taps; t++)
                picture[(size_t)preprocess_colour(order, c) * taps + t] = w[(size_t)c * taps + t];
        hi[o] = own ? weights_reach(w, 3 * taps) : all;
        lo[o] = -hi[o];
    }
}
