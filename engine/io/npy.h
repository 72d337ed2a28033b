/* npy.h - NumPy's array file, version 1.0: what `activations` writes. */
#ifndef INCEPTOSCOPE_NPY_H
#define INCEPTOSCOPE_NPY_H

#include "engine/base/err.h"

/* Little-endian float32, C order, shape (c, h, w); written to a temporary file and renamed. */
bool npy_save(const char *path, const float *values, int c, int h, int w, Err *err);

#endif
