/* weights_tidy.h - makes the tensors of all formats comparable, after the reader. Only weights.c calls this. */
#ifndef INCEPTOSCOPE_WEIGHTS_TIDY_H
#define INCEPTOSCOPE_WEIGHTS_TIDY_H

#include "engine/io/tensor_file.h"

/* Makes names printable, removes what wrappers (DataParallel, torch.compile, FSDP) added to them, and multiplies pruned weights
 * by their masks. False and a message if out of memory. */
bool tensors_tidy(TensorFile *file, Err *err);

#endif
