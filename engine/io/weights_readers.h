/* weights_readers.h - one reader per format, and what they share. For weights_*.c and the fuzz targets alone.
 *
 * A reader gets a TensorFile whose path, bytes and size are set, and fills format, tensors and the strings. It checks
 * everything that the file claims against the file's size before it allocates or reads; on failure it leaves what it
 * made in the TensorFile, which tensor_file_free takes. */
#ifndef INCEPTOSCOPE_WEIGHTS_READERS_H
#define INCEPTOSCOPE_WEIGHTS_READERS_H

#include "engine/io/weights.h"

bool read_safetensors(TensorFile *file, Err *err);
bool read_zip(TensorFile *file, Err *err);          /* .pth since PyTorch 1.6, .npz */
bool read_pth_legacy(TensorFile *file, Err *err);   /* .pth before */

/* Memory that lives as long as the TensorFile; NULL and a message when there is none. */
void *tensor_file_alloc(TensorFile *file, size_t size, Err *err);
/* Adds a tensor named `name` (length bytes); NULL and a message when the name is empty, too long or not text, or
 * memory ends. The pointer is good until the next call. */
FileTensor *tensor_file_add(TensorFile *file, const char *name, size_t length, Err *err);
/* Sets dims, row-major strides and count; false and a message for a negative dimension or a product that overflows. */
bool tensor_set_dims(TensorFile *file, FileTensor *tensor, const int64_t *dims, int dim_count, Err *err);
/* Bytes of one element; 0 for DTYPE_OTHER. */
size_t dtype_size(DType dtype);
const char *dtype_name(DType dtype);

/* The same as tensor_file_open for bytes in memory; takes `bytes` (from malloc) over in any case. */
TensorFile *tensor_file_parse(unsigned char *bytes, size_t size, const char *name, Err *err);

#endif
