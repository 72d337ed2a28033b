/* weights_onnx_nodes.c - see weights_onnx_graph.h. */
#include "engine/io/weights_onnx_graph.h"
#include "engine/io/bits.h"
#include "engine/io/weights_onnx_tensor.h"

#include <string.h>

enum { ALIASES_MAX = 500, SCALES_MAX = 4000 }; /* each needs a search through all tensors */

typedef enum NodeKind {
    NODE_STRANGE, NODE_PLAIN /* has no parameters, and its output is another blob */, NODE_PASSES /* keeps every value's meaning */, NODE_CONV,
    NODE_GEMM, NODE_MATMUL, NODE_ADD, NODE_NORM, NODE_CONSTANT, NODE_IDENTITY, NODE_LRN, NODE_QUANTISE, NODE_DEQUANTISE, NODE_INTEGER
} NodeKind;

static const struct {
    const char *type;
    NodeKind kind;
} kinds[] = {
    {"Conv", NODE_CONV}, {"Gemm", NODE_GEMM}, {"MatMul", NODE_MATMUL}, {"Add", NODE_ADD}, {"BatchNormalization", NODE_NORM},
    {"Constant", NODE_CONSTANT}, {"Identity", NODE_IDENTITY}, {"LRN", NODE_LRN}, {"DequantizeLinear", NODE_DEQUANTISE},
    {"Relu", NODE_PASSES}, {"Dropout", NODE_PASSES}, {"QuantizeLinear", NODE_QUANTISE}, {"Cast", NODE_PASSES},
    {"MaxPool", NODE_PLAIN}, {"AveragePool", NODE_PLAIN}, {"GlobalAveragePool", NODE_PLAIN}, {"ReduceMean", NODE_PLAIN}, {"Concat", NODE_PLAIN},
    {"Flatten", NODE_PLAIN}, {"Reshape", NODE_PLAIN}, {"Shape", NODE_PLAIN}, {"Gather", NODE_PLAIN}, {"Unsqueeze", NODE_PLAIN},
    {"Squeeze", NODE_PLAIN}, {"Slice", NODE_PLAIN}, {"Pad", NODE_PLAIN}, {"Softmax", NODE_PLAIN},
    {"QLinearConv", NODE_INTEGER}, {"ConvInteger", NODE_INTEGER}, {"QLinearMatMul", NODE_INTEGER}, {"MatMulInteger", NODE_INTEGER},
};

typedef struct Node {
    NodeKind kind;
    Wire type, inputs[5], output, value;
    bool transposed;            /* Gemm: transB */
    float alpha, beta, eps;
    int64_t axis;
} Node;

/* AttributeProto: name 1, f 2, i 3, t 5. */
static void read_attribute(Node *node, Wire attribute)
{
    WireField part;
    Wire name = {NULL, NULL};
    float f = 0.0f;
    uint64_t integer = 0;
    while (wire_next(&attribute, &part)) {
        if (wire_is(&part, 1, WIRE_BYTES))
            name = part.bytes;
        if (wire_is(&part, 2, WIRE_FIXED32))
            f = float_from_bits((uint32_t)load_le(part.bytes.at, 4));
        if (wire_is(&part, 3, WIRE_VARINT))
            integer = part.value;
        if (wire_is(&part, 5, WIRE_BYTES))
            node->value = part.bytes;
    }
    if (name.at == NULL)
        return;
    if (wire_text_is(name, "transB"))
        node->transposed = integer != 0;
    if (wire_text_is(name, "axis"))
        node->axis = (int64_t)integer;
    if (wire_text_is(name, "alpha"))
        node->alpha = f;
    if (wire_text_is(name, "beta"))
        node->beta = f;
    if (wire_text_is(name, "epsilon"))
        node->eps = f;
}

/* NodeProto: input 1, output 2, op_type 4, attribute 5. */
static Node read_node(Wire w)
{
    Node node = {.alpha = 1.0f, .beta = 1.0f, .eps = 1e-5f, .axis = 1};
    WireField field;
    int inputs = 0;
    while (wire_next(&w, &field)) {
        if (wire_is(&field, 1, WIRE_BYTES) && inputs < 5)
            node.inputs[inputs++] = field.bytes;
        if (wire_is(&field, 2, WIRE_BYTES) && node.output.at == NULL)
            node.output = field.bytes;
        if (wire_is(&field, 4, WIRE_BYTES))
            node.type = field.bytes;
        if (wire_is(&field, 5, WIRE_BYTES))
            read_attribute(&node, field.bytes);
    }
    for (size_t i = 0; node.type.at < node.type.end && i < sizeof kinds / sizeof kinds[0]; i++)
        if (*node.type.at == (unsigned char)kinds[i].type[0] && wire_text_is(node.type, kinds[i].type)) /* there may be a million nodes */
            node.kind = kinds[i].kind;
    return node;
}

/* False for a single number, a shape or an axis: PyTorch's exporter writes many of them. */
static bool is_weight(const FileTensor *t)
{
    return tensor_is_float(t) && t->count > 1;
}

static bool add_constant(TensorFile *file, const Node *node, Err *err)
{
    if (node->value.at == NULL || node->output.at == NULL)
        return true;
    if (!onnx_add_tensor(file, node->value, node->output, err))
        return false;
    file->count -= !is_weight(&file->tensors[file->count - 1]);
    return true;
}

/* PyTorch's exporter stores equal tensors (for example biases that are all zero) once; Identity nodes represent the others. */
static bool add_alias(TensorFile *file, OnnxGraph *graph, const Node *node, Err *err)
{
    const FileTensor *same = node->output.at != NULL && graph->aliases++ < ALIASES_MAX ? onnx_find(file, node->inputs[0]) : NULL;
    if (same == NULL)
        return true;
    FileTensor copy = *same;
    FileTensor *t = tensor_file_add(file, (const char *)node->output.at, (size_t)(node->output.end - node->output.at), err);
    if (t == NULL)
        return false;
    memcpy(copy.name, t->name, sizeof copy.name);
    *t = copy;
    return true;
}

/* What reads the node's input and what reads its output is the same to us. */
static void pass(OnnxGraph *graph, const Node *node)
{
    for (int i = graph->conv_count < ONNX_CONVS_MAX ? graph->conv_count - 1 : ONNX_CONVS_MAX - 1; i >= 0; i--)
        if (wire_same(node->inputs[0], graph->convs[i].end)) {
            graph->convs[i].end = node->output;
            return;
        }
}

static void add_conv(OnnxGraph *graph, const Node *node)
{
    if (graph->conv_count < ONNX_CONVS_MAX)
        graph->convs[graph->conv_count] = (OnnxConv){.input = node->inputs[0], .weight = node->inputs[1], .bias = node->inputs[2],
                                                     .output = node->output, .end = node->output};
    graph->conv_count++;
}

/* Batch norm directly behind a convolution belongs to it. Anywhere else it is nothing that a GoogLeNet has. */
static void add_norm(OnnxGraph *graph, const Node *node)
{
    for (int i = graph->conv_count < ONNX_CONVS_MAX ? graph->conv_count - 1 : ONNX_CONVS_MAX - 1; i >= 0; i--) {
        OnnxConv *conv = &graph->convs[i];
        if (!wire_same(node->inputs[0], conv->output) || !wire_same(conv->output, conv->end) || conv->norm[0].at != NULL)
            continue;
        memcpy(conv->norm, node->inputs + 1, sizeof conv->norm);
        conv->eps = node->eps;
        conv->output = conv->end = node->output;
        return;
    }
    if (graph->conv_count <= ONNX_CONVS_MAX && graph->strange.at == NULL)
        graph->strange = node->type;
}

static void add_dense(TensorFile *file, OnnxGraph *graph, const Node *node)
{
    if (node->kind == NODE_MATMUL && onnx_find(file, node->inputs[1]) == NULL)
        return;
    if ((node->alpha != 1.0f || node->beta != 1.0f) && graph->strange.at == NULL)
        graph->strange = node->type;
    if (graph->dense_count++ == 0)
        graph->dense = (OnnxDense){.weight = node->inputs[1], .bias = node->kind == NODE_GEMM ? node->inputs[2] : (Wire){NULL, NULL},
                                   .output = node->output, .columns = !node->transposed};
}

/* The bias of a MatMul. */
static bool add_bias(TensorFile *file, OnnxGraph *graph, const Node *node)
{
    for (int i = 0; i < 2; i++)
        if (graph->dense_count == 1 && graph->dense.bias.at == NULL && wire_same(node->inputs[i], graph->dense.output) &&
            onnx_find(file, node->inputs[1 - i]) != NULL) {
            graph->dense.bias = node->inputs[1 - i];
            return true;
        }
    return false;
}

bool onnx_add_node(TensorFile *file, OnnxGraph *graph, Wire whole, Wire bytes, Err *err)
{
    const Node node = read_node(bytes);
    const bool inside = graph->conv_count > 0 && graph->dense_count == 0 && graph->conv_count < ONNX_CONVS_MAX;
    bool stored = false, strange = false;
    switch (node.kind) {
    case NODE_STRANGE: strange = true; break;
    case NODE_PLAIN: break;
    case NODE_PASSES: case NODE_QUANTISE: pass(graph, &node); break;
    case NODE_CONV: add_conv(graph, &node); break;
    case NODE_GEMM: case NODE_MATMUL: add_dense(file, graph, &node); break;
    case NODE_ADD: strange = !add_bias(file, graph, &node); break;
    case NODE_NORM: add_norm(graph, &node); break;
    case NODE_LRN: graph->lrn = true; break;
    case NODE_INTEGER: graph->integer = node.type; break;
    case NODE_CONSTANT: return add_constant(file, &node, err);
    case NODE_IDENTITY: pass(graph, &node); return add_alias(file, graph, &node, err);
    case NODE_DEQUANTISE:
        if (graph->aliases++ < ALIASES_MAX && !onnx_dequantise(file, whole, node.inputs, node.output, node.axis, &stored, err))
            return false;
        graph->dequantised += stored;
        pass(graph, &node);
    }
    if (strange && inside && graph->strange.at == NULL)
        graph->strange = node.type;
    return true;
}

/* The scales of quantisation are no weights. */
void onnx_drop_scales(TensorFile *file, Wire whole)
{
    WireField field;
    int searches = 0;
    while (searches < SCALES_MAX && wire_next(&whole, &field)) {
        if (!wire_is(&field, ONNX_GRAPH_NODE, WIRE_BYTES))
            continue;
        const Node node = read_node(field.bytes);
        if (node.kind != NODE_QUANTISE && node.kind != NODE_DEQUANTISE)
            continue;
        FileTensor *scale = onnx_find(file, node.inputs[1]);
        searches++;
        if (scale != NULL)
            *scale = file->tensors[--file->count];
    }
}
