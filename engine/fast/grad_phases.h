/* grad_phases.h - the data gradient of a convolution as a convolution over dy at stride 1, for any stride of the layer.
 *
 * Forward, output yo reads input X by tap K where X + pad = yo * stride + K. With X + pad = stride * q + r and K = r + stride * j,
 * 0 <= r < stride, that is yo = q - j, so
 *     dx[stride * q + r - pad] = sum over j of dy[q - j] * w[r + stride * j].
 * Each remainder r has its own kernel, with at most ceil(k / stride) taps. All of them read the same dy, so they are output
 * channels of one convolution, and its pixels are the q. (Shi et al. 2016 call this the sub-pixel form.) For remainders r >= k
 * there is no tap, and dx is 0. At stride 1 there is one remainder, and the output of the convolution is dx itself. */
#ifndef INCEPTOSCOPE_FAST_GRAD_PHASES_H
#define INCEPTOSCOPE_FAST_GRAD_PHASES_H

#include "engine/net/net.h"

typedef struct Phases {
    int side;                   /* number of remainders that have taps, along a side: min(stride, k); channel (ry * side + rx) * C
                                   + c */
    int k;                      /* taps along a side of its kernel, the last j first */
    int first;                  /* q of its first pixel */
    int h, w;                   /* its pixels: rows, columns */
    int pad;                    /* pixels before dy that its first pixel reads; negative: it begins after the first pixel of dy */
    int halo;                   /* zeros that it reads around dy */
} Phases;

static inline int phases_halo(int in, int out, const Layer *l, const Phases *p)
{
    const int after = (in - 1 + l->pad) / l->stride - (out - 1);
    return after > p->pad ? after : p->pad;
}

static inline Phases phases_of(const Layer *l)
{
    Phases p = {.side = l->stride < l->k ? l->stride : l->k, .k = (l->k + l->stride - 1) / l->stride, .first = l->pad / l->stride};
    p.h = (l->in.h - 1 + l->pad) / l->stride - p.first + 1;
    p.w = (l->in.w - 1 + l->pad) / l->stride - p.first + 1;
    p.pad = p.k - 1 - p.first;
    const int rows = phases_halo(l->in.h, l->out.h, l, &p), columns = phases_halo(l->in.w, l->out.w, l, &p);
    p.halo = rows > columns ? rows : columns;
    p.halo = p.halo > 0 ? p.halo : 0;
    return p;
}

/* Its output channels; 64 bits, because a wide kernel with a wide stride over many channels can pass an int. */
static inline int64_t phases_channels(const Layer *l, const Phases *p)
{
    return (int64_t)p->side * p->side * l->in.c;
}

#endif
