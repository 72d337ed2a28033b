/* spectrum.h - a square picture from its spectrum: the inverse real Fourier transform in two dimensions, for any size, and its transpose.
 *
 * A spectrum is (size, size/2 + 1) complex numbers, real part first: the half that determines a real picture, laid out as numpy's and
 * PyTorch's irfft2 take it. The transforms are Cooley and Tukey's (1965), in double: the time grows with the prime factors of the size. */
#ifndef INCEPTOSCOPE_TRAIN_SPECTRUM_H
#define INCEPTOSCOPE_TRAIN_SPECTRUM_H

#include <stddef.h>

typedef struct Spectrum Spectrum;

/* size >= 1. NULL if out of memory. Ends with spectrum_free. */
Spectrum *spectrum_new(int size);
void spectrum_free(Spectrum *spectrum);
/* The floats of a spectrum: 2 size (size/2 + 1). */
size_t spectrum_count(int size);
/* The frequency of row ky and column kx in cycles per pixel, 0 to sqrt(1/2). */
double spectrum_frequency(int size, int ky, int kx);

/* plane (size, size) = irfft2(values):
 *   plane[y,x] = 1/size^2 * sum over ky, kx of w[kx] * Re(values[ky,kx] * exp(2 pi i (ky y + kx x) / size)),
 * w is 1 for the columns that have no mirror (kx = 0, and size/2 if size is even), else 2. */
void spectrum_forward(Spectrum *spectrum, const float *values, float *plane);
/* The transpose: dvalues = dL/d(values) for dplane = dL/d(plane). */
void spectrum_backward(Spectrum *spectrum, const float *dplane, float *dvalues);

#endif
