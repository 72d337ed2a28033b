/* measure.h - for `inceptoscope bench`: which kernels ran, and how fast this CPU could be. */
#ifndef INCEPTOSCOPE_FAST_MEASURE_H
#define INCEPTOSCOPE_FAST_MEASURE_H

#include "engine/net/run.h"

/* "avx512"; the run must be one of fast_engine. */
const char *fast_kernels_name(const Run *run);
int fast_threads(const Run *run);
/* The kernel that computes the layer, and its tile: "conv 3x3, 14 pixels x 32 channels", "in place". */
void fast_kernel_text(const Run *run, int layer, char *out, size_t size);
/* Does only multiply-adds in registers, `rounds` in every thread of the run, and returns the floating-point operations of all
 * threads (a multiply-add is two). The caller measures the time. No kernel can be faster than this peak. */
double fast_peak_work(Run *run, long rounds);

#endif
