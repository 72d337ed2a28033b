/* grad_rotate.c - see grad_rotate.h. */
#include "engine/fast/grad_rotate.h"

#include "engine/fast/grad_phases.h"

/* Fully connected: dx[c, tap] = sum over o of w[o][c][tap] * dy[o]. The output channels are those of fc_in: block, y, x, lane. */
static void transpose_fc(const FastRun *f, const Layer *l, const PackedConv *p, int panel)
{
    const int b0 = pack_panel_begin(p, panel), wide = (pack_panel_begin(p, panel + 1) - b0) * LANES, taps = l->in.h * l->in.w;
    const float *w = grad_param(f, f->weights, l->weight);
    float *to = p->w + (size_t)b0 * p->per_block;
    for (int o = 0; o < p->in_blocks * LANES; o++)
        for (int i = 0; i < wide; i++) {
            const int pixel = b0 + i / LANES, c = pixel / taps * LANES + i % LANES;
            *to++ = o < l->out.c && c < l->in.c ? w[((size_t)o * (size_t)l->in.c + (size_t)c) * (size_t)taps + (size_t)(pixel % taps)] : 0.0f;
        }
}

/* An output channel of a panel; see grad_phases.h. */
typedef struct PhaseChannel {
    int c, ry, rx;              /* c -1: padding */
} PhaseChannel;

static void phase_channels_of(const Layer *l, const Phases *p, int first, int count, PhaseChannel *columns)
{
    for (int i = 0; i < count; i++) {
        const int phase = (first + i) / l->in.c;
        const bool exists = phase < p->side * p->side;
        columns[i] = (PhaseChannel){exists ? (first + i) % l->in.c : -1, phase / p->side, phase % p->side};
    }
}

/* In the order of PackedConv, with the layer's output channel o as the input channel. */
static void rotate_conv(const FastRun *f, const FastLayer *fl, const PackedConv *p, int panel)
{
    const Layer *l = fl->layer;
    const Phases phases = phases_of(l);
    const int b0 = pack_panel_begin(p, panel), wide = (pack_panel_begin(p, panel + 1) - b0) * LANES, taps = l->k * l->k;
    const int group_in = l->in.c / l->groups, group_out = l->out.c / l->groups;
    const float *w = grad_param(f, f->weights, l->weight);
    float *to = p->w + (size_t)b0 * p->per_block;
    PhaseChannel columns[PANEL_MAX * LANES];
    phase_channels_of(l, &phases, b0 * LANES, wide, columns);
    for (int block = 0; block < p->in_blocks; block++)
        for (int rotated = 0; rotated < p->k * p->k; rotated++) {
            const int y = l->stride * (p->k - 1 - rotated / p->k), x = l->stride * (p->k - 1 - rotated % p->k); /* stride * j */
            for (int o = block * LANES; o < (block + 1) * LANES; o++) {
                const int c0 = o / group_out * group_in; /* the first channel of o's group */
                const float *kernels = w + (size_t)o * (size_t)group_in * (size_t)taps;
                const float factor = fl->scale != NULL && o < l->out.c ? fl->scale[o] : 1.0f;
                for (int i = 0; i < wide; i++) {
                    const int c = columns[i].c - c0, ky = y + columns[i].ry, kx = x + columns[i].rx;
                    const bool exists = o < l->out.c && c >= 0 && c < group_in && ky < l->k && kx < l->k;
                    *to++ = exists ? kernels[(size_t)c * (size_t)taps + (size_t)(ky * l->k + kx)] * factor : 0.0f;
                }
            }
        }
}

static void rotate_panel(const FastRun *f, int layer, int panel)
{
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    PackedConv *p = &f->grad->layers[layer].rotated;
    if (p->winograd)
        pack_winograd(p, grad_param(f, f->weights, l->weight), l->out.c, l->in.c, fl->scale, true, panel);
    else if (l->op == OP_FC)
        transpose_fc(f, l, p, panel);
    else
        rotate_conv(f, fl, p, panel);
}

static bool is_old(const FastRun *f, int layer)
{
    return grad_sends(f, layer) && !f->grad->layers[layer].rotated_now;
}

/* Task: one panel of one layer; the panels of all layers are numbered together. */
static void rotate_task(void *context, int task, int thread)
{
    const FastRun *f = context;
    (void)thread;
    for (int l = 0; l < f->run.net->layer_count; l++) {
        const int panels = is_old(f, l) ? pack_panel_count(&f->grad->layers[l].rotated) : 0;
        if (task < panels) {
            rotate_panel(f, l, task);
            return;
        }
        task -= panels;
    }
}

void grad_rotate(FastRun *f)
{
    int tasks = 0;
    for (int l = 0; l < f->run.net->layer_count; l++)
        tasks += is_old(f, l) ? pack_panel_count(&f->grad->layers[l].rotated) : 0;
    pool_run(f->pool, rotate_task, f, tasks);
    for (int l = 0; l < f->run.net->layer_count; l++)
        f->grad->layers[l].rotated_now = f->grad->layers[l].rotated_now || grad_sends(f, l);
}

void grad_rotate_again(FastRun *f, const bool *layers)
{
    for (int l = 0; l < f->run.net->layer_count; l++)
        if (layers == NULL || layers[l])
            f->grad->layers[l].rotated_now = false;
}
