/* grad_weights.c - gradients of weights, biases and batch norm.
 *
 * The input values that one output pixel is multiplied by are divided into units, which are tiles of the kernel's size. A task
 * has a range of units and a range of output panels. It keeps their sums in its thread's scratch memory, and goes over the whole
 * batch in spans; the dy of a span stays in the nearest caches while all units use it. No other task writes these sums, so they
 * do not depend on the threads. */
#include "engine/fast/grad_weights.h"

#include <math.h>
#include <string.h>

enum { SPAN_PIXELS = 224 };

int grad_weights_tasks(const FastRun *f, int layer)
{
    const WeightCut *cut = &f->grad->layers[layer].cut;
    return cut->unit_ranges * cut->panel_ranges;
}

/* Sums over all pixels of the batch for units [u0, u1) and panels [s0, s1). */
static void sum_pixels(const FastRun *f, int layer, int u0, int u1, int s0, int s1, float *sums)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const WeightCut *cut = &gl->cut;
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    const bool fc = l->op == OP_FC;
    const Map *x = fc ? &fl->fc_in : fast_input_map(f, layer), *dy = fc ? &gl->fc_dy : &gl->dy;
    const int stride = fc ? 1 : l->stride, pad = fc ? 0 : l->pad, images = fc ? 1 : f->run.n, width = fc ? f->run.n : dy->w;
    const int rows = width * 2 > SPAN_PIXELS ? 1 : width * dy->h < SPAN_PIXELS ? dy->h : SPAN_PIXELS / width;
    const int together = rows < dy->h || width * dy->h * 2 > SPAN_PIXELS ? 1 : SPAN_PIXELS / (width * dy->h);
    WeightSpan span = {.width = width, .x_image = (ptrdiff_t)x->image, .x_row = (ptrdiff_t)x->row * stride,
                       .x_step = stride * x->lanes, .dy_image = (ptrdiff_t)dy->image, .dy_row = (ptrdiff_t)dy->row,
                       .dy_block = (ptrdiff_t)dy->block,
                       .x_ahead = cut_taps(l) == 1 || fc ? (ptrdiff_t)x->block : 0};
    for (int n = 0; n < images; n += together)
        for (int y = 0; y < dy->h; y += rows) {
            span.images = n + together < images ? together : images - n;
            span.rows = y + rows < dy->h ? rows : dy->h - y;
            const float *in = map_at(x, n, 0, y * stride - pad, -pad);
            float *to = sums;
            for (int s = s0; s < s1; s++) {
                const int b0 = cut_panel_begin(cut, dy->blocks, s), blocks = cut_panel_begin(cut, dy->blocks, s + 1) - b0;
                const float *from = map_at(dy, n, b0, y, 0);
                for (int u = u0; u < u1; u++, to += cut->scalars * blocks * LANES)
                    f->kernels->grad.weights(to, in + cut->units[u].offset, from, &span, cut->units[u].scalars, blocks);
            }
        }
}

/* Adds the sums to the gradients in the plain order of net->params. With batch norm, forward is y = (w*x + b - mean) * scale +
 * beta, with scale = gamma / dev. The sums are S = sum of dy * x. So dw = scale * S, and dgamma = sum of dy * (w*x + b - mean) /
 * dev = (sum over all weights of w * S + (b - mean) * sum of dy) / dev. */
static void add_weights(const FastRun *f, int layer, int u0, int u1, int s0, int s1, const float *sums, float *grads)
{
    const WeightCut *cut = &f->grad->layers[layer].cut;
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    const bool picture = l->op == OP_CONV && fast_input_map(f, layer)->lanes == 1;
    const int taps = cut_taps(l), groups = l->op == OP_FC ? 1 : l->groups, blocks_all = blocks_of(l->out.c, LANES);
    const int group_in = l->in.c / groups, group_out = l->out.c / groups;
    const size_t offset = f->run.net->params[l->weight].offset;
    for (int s = s0; s < s1; s++) {
        const int b0 = cut_panel_begin(cut, blocks_all, s), wide = (cut_panel_begin(cut, blocks_all, s + 1) - b0) * LANES;
        for (int i = 0; i < wide && b0 * LANES + i < l->out.c; i++) {
            const int o = b0 * LANES + i, c_first = o / group_out * group_in;
            const float scale = fl->scale != NULL ? fl->scale[o] : 1.0f;
            double dot = 0;
            for (int u = u0; u < u1; u++) {
                const WeightUnit unit = cut->units[u];
                const float *from = sums + (size_t)(u - u0) * (size_t)(cut->scalars * wide) + i;
                for (int j = 0; j < unit.scalars; j++) {
                    const int c = unit.c + (picture ? 0 : j) - c_first, tap = unit.tap + (picture ? j : 0);
                    if (c < 0 || c >= group_in)
                        continue;
                    const size_t at = offset + ((size_t)o * (size_t)group_in + (size_t)c) * (size_t)taps + (size_t)tap;
                    grads[at] += from[j * wide] * scale;
                    if (l->bn)
                        dot += (double)from[j * wide] * (double)f->weights[at];
                }
            }
            if (l->bn) {
                const float dev = sqrtf(grad_param(f, f->weights, l->bn_param + 3)[o] + l->bn_eps);
                grads[f->run.net->params[l->bn_param].offset + (size_t)o] += (float)dot / dev;
            }
        }
        sums += (size_t)(u1 - u0) * (size_t)(cut->scalars * wide);
    }
}

static void add_biases(const FastRun *f, int layer, int s0, int s1, float *grads)
{
    const GradLayer *gl = &f->grad->layers[layer];
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    const Param *params = f->run.net->params;
    const float *bias = grad_param(f, f->weights, l->bias_param);
    const int blocks = blocks_of(l->out.c, LANES), end = cut_panel_begin(&gl->cut, blocks, s1) * LANES;
    for (int o = cut_panel_begin(&gl->cut, blocks, s0) * LANES; o < end && o < l->out.c; o++) {
        double sum = 0;
        for (int n = 0; n < f->run.n; n++)
            sum += (double)gl->bias_sums[n * blocks * LANES + o];
        if (l->bias_param >= 0)
            grads[params[l->bias_param].offset + (size_t)o] += (float)sum * (l->bn ? fl->scale[o] : 1.0f);
        if (l->bn) {
            const float mean = grad_param(f, f->weights, l->bn_param + 2)[o];
            const float dev = sqrtf(grad_param(f, f->weights, l->bn_param + 3)[o] + l->bn_eps);
            grads[params[l->bn_param].offset + (size_t)o] += (float)sum * ((bias != NULL ? bias[o] : 0.0f) - mean) / dev;
            grads[params[l->bn_param + 1].offset + (size_t)o] += (float)sum;
        }
    }
}

void grad_weights_task(const FastRun *f, int layer, int task, float *sums, float *grads)
{
    const WeightCut *cut = &f->grad->layers[layer].cut;
    const int blocks = blocks_of(f->layers[layer].layer->out.c, LANES), panels = (blocks + cut->panel - 1) / cut->panel;
    const int ur = task % cut->unit_ranges, sr = task / cut->unit_ranges;
    const int u0 = (int)((int64_t)cut->unit_count * ur / cut->unit_ranges);
    const int u1 = (int)((int64_t)cut->unit_count * (ur + 1) / cut->unit_ranges);
    const int s0 = panels * sr / cut->panel_ranges, s1 = panels * (sr + 1) / cut->panel_ranges;
    const int wide = (cut_panel_begin(cut, blocks, s1) - cut_panel_begin(cut, blocks, s0)) * LANES;
    memset(sums, 0, (size_t)(u1 - u0) * (size_t)(cut->scalars * wide) * sizeof *sums);
    sum_pixels(f, layer, u0, u1, s0, s1, sums);
    add_weights(f, layer, u0, u1, s0, s1, sums, grads);
    if (ur == 0)
        add_biases(f, layer, s0, s1, grads);
}
