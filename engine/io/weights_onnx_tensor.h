/* weights_onnx_tensor.h - the tensors of an ONNX graph. Only weights_onnx*.c include this. */
#ifndef INCEPTOSCOPE_WEIGHTS_ONNX_TENSOR_H
#define INCEPTOSCOPE_WEIGHTS_ONNX_TENSOR_H

#include "engine/io/wire.h"

enum { ONNX_GRAPH_NODE = 1, ONNX_GRAPH_INITIALIZER = 5 };

/* NULL if the file has no tensor with this name so far. */
FileTensor *onnx_find(TensorFile *file, Wire name);
/* Adds a TensorProto; `name` replaces its own if it is given. */
bool onnx_add_tensor(TensorFile *file, Wire tensor, Wire name, Err *err);
/* The numbers of int32_data, each cut to its lowest `bytes` bytes; memory of the file. */
bool onnx_small_integers(TensorFile *file, Wire tensor, int bytes, const unsigned char **data, size_t *count, Err *err);
/* DequantizeLinear of stored integers: (q - zero point) * scale in float, as the operator is defined. inputs: q, scale, zero point.
 * Adds the tensor `output`. *done is false if one of the inputs is not stored, as for an activation. */
bool onnx_dequantise(TensorFile *file, Wire graph, const Wire inputs[3], Wire output, int64_t axis, bool *done, Err *err);

#endif
