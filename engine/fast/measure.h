/* measure.h - what `inceptoscope bench` asks the fast engine: which kernels ran, and how fast this CPU could be. */
#ifndef INCEPTOSCOPE_FAST_MEASURE_H
#define INCEPTOSCOPE_FAST_MEASURE_H

#include "engine/net/run.h"

/* "avx512"; the run must be one of fast_engine. */
const char *fast_kernels_name(const Run *run);
int fast_threads(const Run *run);
/* The kernel that runs the layer and how it is cut: "conv 3x3, 14 pixels x 32 channels", "in place". */
void fast_kernel_text(const Run *run, int layer, char *out, size_t size);
/* Floating-point operations (a multiply-add is two) of all threads of the run doing nothing but multiply-adds in registers,
 * `rounds` each. The caller takes the time: that is the peak which no kernel can exceed. */
double fast_peak_work(Run *run, long rounds);

#endif
