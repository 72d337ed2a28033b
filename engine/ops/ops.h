/* ops.h - the contract of every reference op: formula, shape of every pointer, and where each choice comes from.
 *
 * Rules that hold for all of them:
 * - An op is a pure function of its arguments: no allocation, no files, no printing, no state.
 * - Argument order: outputs, inputs, weights, values saved for backward, geometry.
 * - Forward overwrites its output. Backward ADDS to dx, dw, db; the caller clears. Four Inception branches add into
 *   the gradient of one input, so there is no exception.
 * - In backward, a gradient that is not needed may be NULL: dx in every op, and dw, db, dgamma and dbeta of conv, fc and batch
 *   norm. Without dw (dgamma), x is not read and may be NULL. All other pointers must not be NULL.
 * - Sums run in the order that the comment states, in `real`, compiled with -ffp-contract=off: a partial sum on the screen
 *   equals the engine's, bit for bit.
 * - net/build.c checks the geometry; ops assert it. One map, H x W, has at most INT_MAX values (run_new). */
#ifndef INCEPTOSCOPE_OPS_H
#define INCEPTOSCOPE_OPS_H

#include "engine/base/tensor.h"
#include "engine/base/rng.h"

/* How a window's output size is rounded. All use the formula steps = (n + 2 pad - k) / stride, out = steps + 1. */
typedef enum Rounding {
    ROUND_FLOOR,      /* floor(steps): convolution everywhere, and pooling in most libraries */
    ROUND_CEIL_CAFFE, /* ceil(steps); if pad > 0, a last window that starts at or past n + pad is dropped */
    ROUND_CEIL_TORCH, /* ceil(steps); a last window that starts at or past n + pad is always dropped */
    ROUND_CEIL_ONNX,  /* ceil(steps), never dropped (ONNX ceil_mode as first specified) */
    ROUND_COUNT,
} Rounding;

/* The output size along one axis, or 0 if no window fits. With ceil rules a single window may extend beyond a smaller map, as in
 * Caffe and PyTorch (n 2, k 3, stride 2: 1). Needs k, stride > 0 and pad >= 0. */
int window_out(int n, int k, int stride, int pad, Rounding rounding);

typedef struct ConvDims {
    Shape in, out;          /* in (N, C, H, W), out (N, O, Ho, Wo) */
    int k, stride, pad;     /* square kernels; padding is zeros */
    int groups;             /* output channel o reads the C/groups input channels of its group */
} ConvDims;

/* y[n,o,yo,xo] = b[o] + sum over c, ky, kx of w[o,c,ky,kx] * x[n, g*C/groups + c, yo*stride+ky-pad, xo*stride+kx-pad]
 * x (N,C,H,W)  w (O,C/groups,k,k)  b (O) or NULL for 0  y (N,O,Ho,Wo)
 * The sum starts from the bias and adds in the order c, ky, kx; taps in the padding are skipped.
 * Only output channels [o0, o1) are written, so that a layer can be computed in slices. */
void conv_forward(real *y, const real *x, const real *w, const real *b, ConvDims d, int o0, int o1);
/* dy (N,O,Ho,Wo)  dx like x  dw like w  db like b */
void conv_backward(real *dx, real *dw, real *db, const real *dy, const real *x, const real *w, ConvDims d);

typedef struct PoolDims {
    Shape in, out;
    int k, stride, pad;
    Rounding rounding;
    bool adaptive;          /* average pool only: window i is [floor(i*H/Ho), ceil((i+1)*H/Ho)), as in PyTorch */
    bool count_padding;     /* average pool only: divide by the window clipped to the padded map (Caffe, PyTorch's
                               default) instead of by the real elements in it; ceil's overhang never counts */
} PoolDims;

/* y = max over the window; padding counts as minus infinity, so it never wins.
 * argmax (N,C,Ho,Wo), or NULL, receives yi*W + xi of the winner: the first in scan order, as in Caffe and PyTorch. */
void maxpool_forward(real *y, int *argmax, const real *x, PoolDims d);
void maxpool_backward(real *dx, const real *dy, const int *argmax, PoolDims d);
/* y = (sum over the window in the order y, x) / divisor(window). */
void avgpool_forward(real *y, const real *x, PoolDims d);
void avgpool_backward(real *dx, const real *dy, PoolDims d);
/* The window of output position o along one axis of n elements, clipped to the map: [*lo, *hi); and the divisor's
 * share of this axis. One function for pools, explanations and pictures. */
void pool_window(int n, int out, int o, const PoolDims *d, int *lo, int *hi, int *divisor);

typedef struct LrnDims {
    Shape shape;
    int size;               /* channels in the window, odd; clipped at the first and last channel */
    real alpha, beta, k;    /* Caffe's names: alpha is divided by size, even if the window is clipped */
} LrnDims;

/* y = x * s^-beta, s[n,c,y,x] = k + alpha/size * sum of x[n,c',y,x]^2 over |c'-c| <= size/2, c' ascending.
 * scale like x, or NULL, receives s for backward. */
void lrn_forward(real *y, real *scale, const real *x, LrnDims d);
void lrn_backward(real *dx, const real *dy, const real *x, const real *scale, LrnDims d);

/* Batch norm at inference: y = (x - mean[c]) / sqrt(var[c] + eps) * gamma[c] + beta[c]. In place is allowed. */
void batchnorm_forward(real *y, const real *x, const real *gamma, const real *beta, const real *mean, const real *var,
                       real eps, Shape s);
/* The same with frozen statistics: dx += dy * gamma / sqrt(var + eps); dgamma, dbeta (C). */
void batchnorm_backward(real *dx, real *dgamma, real *dbeta, const real *dy, const real *x, const real *gamma,
                        const real *mean, const real *var, real eps, Shape s);

/* y = max(x, 0). In place is allowed. Backward needs only y: the gradient passes where y > 0. */
void relu_forward(real *y, const real *x, size_t count);
void relu_backward(real *dx, const real *dy, const real *y, size_t count);

/* Copies x (N,C,H,W) to channels [offset, offset + C) of y (N,Cy,H,W); backward adds back. */
void concat_forward(real *y, const real *x, Shape y_shape, Shape x_shape, int offset);
void concat_backward(real *dx, const real *dy, Shape y_shape, Shape x_shape, int offset);

/* Inverted dropout: y = x / (1 - p) where kept, else 0. Element i of image n is kept when
 * rng_uniform_at(rng, (first_image + n) * elements per image + i) >= p, so the mask depends on the picture's place in
 * the whole batch, not on how the batch is split over threads. Inference does not call this op, which is then the identity. */
void dropout_forward(real *y, const real *x, Shape s, real p, Rng rng, int first_image);
void dropout_backward(real *dx, const real *dy, Shape s, real p, Rng rng, int first_image);

/* y[n,o] = b[o] + sum over i ascending of w[o,i] * x[n,i].   x (N,I)  w (O,I)  b (O) or NULL  y (N,O)
 * Only outputs [o0, o1) are written. */
void fc_forward(real *y, const real *x, const real *w, const real *b, int n, int in, int out, int o0, int o1);
void fc_backward(real *dx, real *dw, real *db, const real *dy, const real *x, const real *w, int n, int in, int out);

/* p[n,i] = exp(x[n,i] - max) / sum of exp(x[n,j] - max), j ascending.   x, p (N,classes). In place is allowed. */
void softmax_forward(real *p, const real *x, int n, int classes);
void softmax_backward(real *dx, const real *dp, const real *p, int n, int classes);
/* loss[n] = log(sum exp(x - max)) + max - sum over i of t[n,i] x[n,i], with targets t = (1 - smoothing) one-hot(label)
 * + smoothing / classes. Log-sum-exp: it has no cap (Caffe's loss stops at 87.3365).
 * Backward: dx[n,i] += weight * (softmax(x)[n,i] - t[n,i]). */
void cross_entropy_forward(real *loss, const real *x, const int *labels, int n, int classes, real smoothing);
void cross_entropy_backward(real *dx, const real *x, const int *labels, int n, int classes, real smoothing,
                            real weight);

#endif
