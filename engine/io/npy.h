/* npy.h - writes NumPy's array files, version 1.0, for `activations`. */
#ifndef INCEPTOSCOPE_NPY_H
#define INCEPTOSCOPE_NPY_H

#include "engine/base/err.h"

/* Little-endian float32, C order, shape (c, h, w); written to a temporary file and renamed. */
bool npy_save(const char *path, const float *values, int c, int h, int w, Err *err);

enum { NPY_HEADER_SIZE = 128 };
/* The file's bytes before its data, for at most 4 dimensions. Members of .npz files begin with the same bytes. */
void npy_header(char header[NPY_HEADER_SIZE], const int *dims, int dim_count);

#endif
