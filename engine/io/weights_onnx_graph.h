/* weights_onnx_graph.h - what of an ONNX graph is needed to name its tensors. For weights_onnx*.c alone. */
#ifndef INCEPTOSCOPE_WEIGHTS_ONNX_GRAPH_H
#define INCEPTOSCOPE_WEIGHTS_ONNX_GRAPH_H

#include "engine/io/tensor_file.h"
#include "engine/io/wire.h"

enum { ONNX_CONVS = 57 };       /* of a GoogLeNet without its heads */

/* What a node says that has to do with weights. */
typedef struct OnnxNode {
    bool conv, gemm, constant, identity, relu, lrn, transposed;
    Wire inputs[3], output, value;
} OnnxNode;

/* What of the graph is needed to name its tensors. */
typedef struct OnnxGraph {
    OnnxNode convs[ONNX_CONVS], gemm;
    int conv_count, gemm_count, aliases;
    bool lrn;
} OnnxGraph;

/* NULL when the file has none of this name so far. */
FileTensor *onnx_find(TensorFile *file, Wire name);

/* Gives the tensors the names that weights_fit.c looks for; false and a message when that cannot be. */
bool onnx_name_tensors(TensorFile *file, const OnnxGraph *graph, Err *err);

#endif
