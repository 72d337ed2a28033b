/* weights_onnx_graph.h - the parts of an ONNX graph that are needed to name its tensors. Only weights_onnx*.c include this. */
#ifndef INCEPTOSCOPE_WEIGHTS_ONNX_GRAPH_H
#define INCEPTOSCOPE_WEIGHTS_ONNX_GRAPH_H

#include "engine/io/tensor_file.h"
#include "engine/io/wire.h"

enum { ONNX_CONVS = 57 };       /* number of convolutions of a GoogLeNet without its heads */

/* The part of a node that concerns weights. */
typedef struct OnnxNode {
    bool conv, gemm, constant, identity, relu, lrn, transposed;
    Wire inputs[3], output, value;
} OnnxNode;

/* The part of the graph that is needed to name its tensors. */
typedef struct OnnxGraph {
    OnnxNode convs[ONNX_CONVS], gemm;
    int conv_count, gemm_count, aliases;
    bool lrn;
} OnnxGraph;

/* NULL if the file has no tensor with this name so far. */
FileTensor *onnx_find(TensorFile *file, Wire name);

/* Gives the tensors the names that weights_fit.c looks for; false and a message if that is not possible. */
bool onnx_name_tensors(TensorFile *file, const OnnxGraph *graph, Err *err);

#endif
