/* weights_onnx_graph.h - the parts of an ONNX graph that are needed to name its tensors. Only weights_onnx*.c include this. */
#ifndef INCEPTOSCOPE_WEIGHTS_ONNX_GRAPH_H
#define INCEPTOSCOPE_WEIGHTS_ONNX_GRAPH_H

#include "engine/io/wire.h"

enum { ONNX_CONVS = 57, ONNX_CONVS_MAX = 58 }; /* convolutions of a GoogLeNet without its heads; one more may be its last layer */

/* A convolution with what follows it. */
typedef struct OnnxConv {
    Wire input, weight, bias, output; /* names; bias.at is NULL if there is none */
    Wire end;                   /* the output after ReLU, quantisation and the like: what the next layer reads */
    Wire norm[4];               /* scale, bias, mean, variance of its batch norm; at is NULL if there is none */
    float eps;
} OnnxConv;

/* The last layer: Gemm, or MatMul and Add. */
typedef struct OnnxDense {
    Wire weight, bias, output;
    bool columns;               /* the weight is (in, out) */
} OnnxDense;

typedef struct OnnxGraph {
    OnnxConv convs[ONNX_CONVS_MAX];
    OnnxDense dense;
    int conv_count, dense_count, aliases, dequantised;
    bool lrn;
    Wire strange;               /* the first operator between the first convolution and the last layer that no GoogLeNet has; or NULL */
    Wire integer;               /* an operator that computes with integers; or NULL */
} OnnxGraph;

/* Adds one node in the graph's order: its constant, its dequantised weight, or its place among the layers. `whole` is the graph. */
bool onnx_add_node(TensorFile *file, OnnxGraph *graph, Wire whole, Wire node, Err *err);
/* Removes the scales of QuantizeLinear and DequantizeLinear, which are no weights; after the last node. */
void onnx_drop_scales(TensorFile *file, Wire whole);

/* Gives the tensors the names that weights_fit.c looks for; false and a message if that is not possible. */
bool onnx_name_tensors(TensorFile *file, const OnnxGraph *graph, Err *err);

#endif
