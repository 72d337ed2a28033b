/* weights.h - the parts of the weights view, for view_weights.c, which chooses among them. */
#ifndef INCEPTOSCOPE_WEIGHTS_VIEW_H
#define INCEPTOSCOPE_WEIGHTS_VIEW_H

#include "app/model/layer_kernels.h"
#include "app/views/parts.h"

/* ---- weights_module.c: the kernels of a module's four branches, in lanes: the largest first, as many as fit ---- */
void weights_module(Ui *ui, Model *m, ViewState *v, Rect area, int concat);

/* ---- weights_matrix.c: all kernels: a row for each, a column for each input channel, a matrix for each group. `kernel` is framed, and
 * the groups' shares are its own; -1: none ---- */
void weights_matrix(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel);

/* ---- weights_kernel.c: one kernel: its slices, the largest sum of |w| first, each beside the map that it reads. A kernel that reads
 * colours: as a picture, its slices, and its map ---- */
void weights_kernel(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel);
void weights_colour_kernel(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel);

/* ---- weights_group.c: texts about a group of input channels, for both ---- */
Color weights_group_color(const Ui *ui, const KernelGroup *group);
/* "from 3a/3x3 · 64–191" */
void weights_group_name(const Model *m, const KernelGroup *group, char *out, size_t size);
/* "mean |w| 0.048 · 42 % of all", of `values` weights whose sizes add up to `sum`. */
void weights_group_share(const Model *m, double sum, double values, double all, char *out, size_t size);
/* The group of a kernel's channel c; the first one where they do not come from a concat. */
const KernelGroup *weights_group_of(const LayerKernels *kernels, int c);

#endif
