/* weights_norm.h - from a file's batch norm to the network's numbers, in double and rounded once. weights_fit.c and weights_take.c call this. */
#ifndef INCEPTOSCOPE_WEIGHTS_NORM_H
#define INCEPTOSCOPE_WEIGHTS_NORM_H

#include "engine/io/weights_match.h"

/* The parameter's values from the file, out (param->count). With batch norm in the file and a bias in the network,
 *     y = gamma (w*x + b - mean) / sqrt(var + eps) + beta
 * becomes w' = w s and b' = (b - mean) s + beta, with s = gamma / sqrt(var + eps). With batch norm in both and a bias in the file, mean' =
 * mean - b. If the file gives another epsilon than the network, var' = var + eps(file) - eps(network). If a folded layer's epsilon
 * is not in the file, it is 1e-5, PyTorch's and Caffe's default. Everything else is a copy; returns whether it was. */
bool norm_take(const Match *match, int param, float *out);

/* Says what was done with the batch norm of the main path; "" if it is the network's own. */
void norm_note(const Match *match, char *out, size_t size);

#endif
