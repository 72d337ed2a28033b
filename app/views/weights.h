/* weights.h - the parts of the weights view, for view_weights.c, which chooses among them. */
#ifndef INCEPTOSCOPE_WEIGHTS_VIEW_H
#define INCEPTOSCOPE_WEIGHTS_VIEW_H

#include "app/model/layer_kernels.h"
#include "app/views/parts.h"

/* ---- weights_matrix.c: all kernels: a row for each, a column for each input channel, a matrix for each group ---- */
void weights_matrix(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels);

/* ---- weights_kernel.c: one kernel: its slices in a grid for each group, or a picture if it reads colours ---- */
void weights_kernel(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel);

/* ---- weights_group.c: texts about a group of input channels, for both ---- */
Color weights_group_color(const Ui *ui, const KernelGroup *group);
/* "from 3a/3x3 · 64–191" */
void weights_group_name(const Model *m, const KernelGroup *group, char *out, size_t size);
/* "mean |w| 0.048 · 42 % of all", of `values` weights whose sizes add up to `sum`. */
void weights_group_share(const Model *m, double sum, double values, double all, char *out, size_t size);

#endif
