/* export_onnx.c - writes a network and its weights as an ONNX model (onnx.proto, IR version 7, opset 13); see export.h.
 *
 * Each layer becomes one to three nodes. Where engines read the standard differently, the form is used that has one meaning only:
 * averages never use ceil_mode, whose divisor differs, and a maximum does only where all rules give the same number of windows. */
#include "engine/base/safe_file.h"
#include "engine/io/bits.h"
#include "engine/io/export.h"
#include "engine/net/quantize.h"
#include "engine/io/weights_names.h"
#include "engine/io/wire_put.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Field numbers and types of onnx.proto. */
enum { MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_DOC = 6, MODEL_GRAPH = 7, MODEL_OPSET = 8, MODEL_METADATA = 14 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5 };
enum { TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9, TYPE_FLOAT = 1, TYPE_INT8 = 3, TYPE_INT64 = 7 };
enum { IR_VERSION = 7, OPSET = 13 };

typedef struct Graph {
    const Net *net;
    int bits;                   /* of the weights; 0: float32 */
    ByteBuffer bytes;           /* of the GraphProto, without initializers */
    char value[2 * NET_NAME_MAX]; /* the value that the next node reads or writes, see named */
    int *source;                /* by layer: the layer whose value it is, because dropout is left out */
    bool *flat;                 /* by layer: its value is (batch, channels) */
} Graph;

/* ---- nodes: begin, inputs, output, attributes, end ---- */

typedef struct Node {
    ByteBuffer bytes;
} Node;

static Node node_begin(const char *op, const char *input, const char *output)
{
    Node node = {{0}};
    wire_put_text(&node.bytes, NODE_INPUT, input);
    wire_put_text(&node.bytes, NODE_OUTPUT, output);
    wire_put_text(&node.bytes, NODE_NAME, output);
    wire_put_text(&node.bytes, NODE_OP, op);
    return node;
}

static void node_param(Node *node, const Net *net, int param)
{
    char name[160];
    param_file_name(net, param, name, sizeof name);
    wire_put_text(&node->bytes, NODE_INPUT, name);
}

/* AttributeProto: name 1, f 2, i 3, t 5, ints 8, type 20 (FLOAT 1, INT 2, TENSOR 4, INTS 7). */
static void node_float(Node *node, const char *name, float value)
{
    ByteBuffer b = {0};
    wire_put_text(&b, 1, name);
    wire_put_float(&b, 2, value);
    wire_put_int(&b, 20, 1);
    wire_put_message(&node->bytes, NODE_ATTRIBUTE, &b);
}

static void node_int(Node *node, const char *name, int64_t value)
{
    ByteBuffer b = {0};
    wire_put_text(&b, 1, name);
    wire_put_int(&b, 3, value);
    wire_put_int(&b, 20, 2);
    wire_put_message(&node->bytes, NODE_ATTRIBUTE, &b);
}

static void node_ints(Node *node, const char *name, const int *values, int count)
{
    ByteBuffer b = {0};
    wire_put_text(&b, 1, name);
    for (int i = 0; i < count; i++)
        wire_put_int(&b, 8, values[i]);
    wire_put_int(&b, 20, 7);
    wire_put_message(&node->bytes, NODE_ATTRIBUTE, &b);
}

static void node_end(Graph *g, Node *node)
{
    wire_put_message(&g->bytes, GRAPH_NODE, &node->bytes);
}

/* A stored list of integers, as Slice and Pad want them. */
static void put_integers(Graph *g, const char *name, const int *values, int count)
{
    ByteBuffer tensor = {0}, attribute = {0}, node = {0};
    wire_put_int(&tensor, TENSOR_DIMS, count);
    wire_put_int(&tensor, TENSOR_TYPE, TYPE_INT64);
    wire_put_head(&tensor, TENSOR_RAW, 8 * (uint64_t)count);
    for (int i = 0; i < count; i++) {
        unsigned char raw[8];
        store_le(raw, (uint64_t)(int64_t)values[i], 8);
        bytes_put(&tensor, raw, 8);
    }
    wire_put_text(&attribute, 1, "value");
    wire_put_message(&attribute, 5, &tensor);
    wire_put_int(&attribute, 20, 4);
    wire_put_text(&node, NODE_OUTPUT, name);
    wire_put_text(&node, NODE_NAME, name);
    wire_put_text(&node, NODE_OP, "Constant");
    wire_put_message(&node, NODE_ATTRIBUTE, &attribute);
    wire_put_message(&g->bytes, GRAPH_NODE, &node);
}

/* ---- values ---- */

/* The name of a layer's value: "inception_3a/3x3", and with an ending "inception_3a/3x3:pre". */
static const char *named(char out[2 * NET_NAME_MAX], const Layer *layer, const char *ending)
{
    snprintf(out, 2 * NET_NAME_MAX, "%s%s", layer->name, ending);
    return out;
}

/* The value that a layer reads from its i-th input, as a map (batch, C, H, W) or as a list (batch, C). */
static const char *read_value(Graph *g, const Layer *layer, int i, bool flat)
{
    const int source = g->source[layer->inputs[i]];
    const Layer *from = &g->net->layers[source];
    named(g->value, from, "");
    if (g->flat[source] == flat || layer->op == OP_FC)
        return g->value;
    char before[2 * NET_NAME_MAX], shape[2 * NET_NAME_MAX]; /* a list is made a map again */
    snprintf(before, sizeof before, "%s", g->value);
    snprintf(g->value, sizeof g->value, "%s:map", layer->name);
    put_integers(g, named(shape, layer, ":shape"), (const int[]){0 /* the batch */, from->out.c, 1, 1}, 4);
    Node node = node_begin("Reshape", before, g->value);
    wire_put_text(&node.bytes, NODE_INPUT, shape);
    node_end(g, &node);
    return g->value;
}

/* The last node of a conv or fc: ReLU, or none. `pre` is then the value before it. */
static const char *before_relu(char out[2 * NET_NAME_MAX], const Layer *layer)
{
    return named(out, layer, layer->relu ? ":pre" : "");
}

static void put_relu(Graph *g, const Layer *layer)
{
    char pre[2 * NET_NAME_MAX];
    if (!layer->relu)
        return;
    Node node = node_begin("Relu", named(pre, layer, ":pre"), layer->name);
    node_end(g, &node);
}

static void put_conv(Graph *g, const Layer *layer)
{
    char sum[2 * NET_NAME_MAX], pre[2 * NET_NAME_MAX];
    before_relu(pre, layer);
    named(sum, layer, ":conv");
    const int pads[4] = {layer->pad, layer->pad, layer->pad, layer->pad};
    Node node = node_begin("Conv", read_value(g, layer, 0, false), layer->bn ? sum : pre);
    node_param(&node, g->net, layer->weight);
    if (layer->bias_param >= 0)
        node_param(&node, g->net, layer->bias_param);
    node_ints(&node, "dilations", (const int[]){1, 1}, 2);
    node_int(&node, "group", layer->groups);
    node_ints(&node, "kernel_shape", (const int[]){layer->k, layer->k}, 2);
    node_ints(&node, "pads", pads, 4);
    node_ints(&node, "strides", (const int[]){layer->stride, layer->stride}, 2);
    node_end(g, &node);
    if (layer->bn) {
        Node norm = node_begin("BatchNormalization", sum, pre);
        for (int i = 0; i < 4; i++) /* scale, B, mean, var: the order of the parameters */
            node_param(&norm, g->net, layer->bn_param + i);
        node_float(&norm, "epsilon", layer->bn_eps);
        node_end(g, &norm);
    }
    put_relu(g, layer);
}

static void put_fc(Graph *g, const Layer *layer)
{
    char list[2 * NET_NAME_MAX], pre[2 * NET_NAME_MAX];
    const char *value = read_value(g, layer, 0, true);
    if (!g->flat[g->source[layer->inputs[0]]]) {
        Node flatten = node_begin("Flatten", value, named(list, layer, ":list"));
        node_int(&flatten, "axis", 1);
        node_end(g, &flatten);
        value = list;
    }
    Node node = node_begin("Gemm", value, before_relu(pre, layer));
    node_param(&node, g->net, layer->weight);
    if (layer->bias_param >= 0)
        node_param(&node, g->net, layer->bias_param);
    node_float(&node, "alpha", 1.0f);
    node_float(&node, "beta", 1.0f);
    node_int(&node, "transB", 1);
    node_end(g, &node);
    put_relu(g, layer);
}

/* The weights of a conv or fc as DequantizeLinear makes them: NAME = NAME_quantized * NAME_scale, by output channel. */
static void put_dequantise(Graph *g, int param)
{
    char name[160], stored[200], scale[200];
    param_file_name(g->net, param, name, sizeof name);
    snprintf(stored, sizeof stored, "%s_quantized", name);
    snprintf(scale, sizeof scale, "%s_scale", name);
    Node node = node_begin("DequantizeLinear", stored, name);
    wire_put_text(&node.bytes, NODE_INPUT, scale);
    node_int(&node, "axis", 0);
    node_end(g, &node);
}

/* ---- pools ---- */

/* How far the last window extends beyond the padding, at the end of one axis. */
static int overhang(int in, int out, const Layer *layer)
{
    const int beyond = (out - 1) * layer->stride + layer->k - (in + 2 * layer->pad);
    return beyond > 0 ? beyond : 0;
}

static void pool_attributes(Node *node, const Layer *layer, int begin, int end_h, int end_w, bool ceil)
{
    node_int(node, "ceil_mode", ceil);
    node_ints(node, "kernel_shape", (const int[]){layer->k, layer->k}, 2);
    node_ints(node, "pads", (const int[]){begin, begin, end_h, end_w}, 4);
    node_ints(node, "strides", (const int[]){layer->stride, layer->stride}, 2);
}

static void put_max_pool(Graph *g, const Layer *layer)
{
    const Shape in = layer->in, out = layer->out;
    const int over_h = overhang(in.h, out.h, layer), over_w = overhang(in.w, out.w, layer);
    const bool same = out.h == window_out(in.h, layer->k, layer->stride, layer->pad, ROUND_CEIL_ONNX) &&
                      out.w == window_out(in.w, layer->k, layer->stride, layer->pad, ROUND_CEIL_ONNX);
    const bool ceil = (over_h > 0 || over_w > 0) && same;
    Node node = node_begin("MaxPool", read_value(g, layer, 0, false), layer->name);
    pool_attributes(&node, layer, layer->pad, layer->pad + (ceil ? 0 : over_h), layer->pad + (ceil ? 0 : over_w), ceil);
    node_end(g, &node);
}

/* One axis of an adaptive pool whose windows differ: each output is a slice's average; a concat puts them together. */
static void put_uneven_axis(Graph *g, const Layer *layer, const char *from, const char *to, int axis)
{
    const PoolDims d = layer_pool_dims(layer, 1);
    const int in = axis == 2 ? d.in.h : d.in.w, out = axis == 2 ? d.out.h : d.out.w;
    char axes[2 * NET_NAME_MAX], ending[64], slice[2 * NET_NAME_MAX], mean[2 * NET_NAME_MAX];
    snprintf(ending, sizeof ending, ":axis%d", axis);
    put_integers(g, named(axes, layer, ending), &axis, 1);
    Node concat = {{0}};
    for (int o = 0; o < out; o++) {
        int lo, hi, divisor;
        char ends[2][2 * NET_NAME_MAX];
        pool_window(in, out, o, &d, &lo, &hi, &divisor);
        for (int e = 0; e < 2; e++) {
            snprintf(ending, sizeof ending, ":axis%d:%s%d", axis, e == 0 ? "from" : "to", o);
            put_integers(g, named(ends[e], layer, ending), e == 0 ? &lo : &hi, 1);
        }
        snprintf(ending, sizeof ending, ":axis%d:slice%d", axis, o);
        Node cut = node_begin("Slice", from, named(slice, layer, ending));
        wire_put_text(&cut.bytes, NODE_INPUT, ends[0]);
        wire_put_text(&cut.bytes, NODE_INPUT, ends[1]);
        wire_put_text(&cut.bytes, NODE_INPUT, axes);
        node_end(g, &cut);
        snprintf(ending, sizeof ending, ":axis%d:mean%d", axis, o);
        Node average = node_begin("AveragePool", slice, named(mean, layer, ending));
        node_ints(&average, "kernel_shape", (const int[]){axis == 2 ? hi - lo : 1, axis == 3 ? hi - lo : 1}, 2);
        node_ints(&average, "strides", (const int[]){1, 1}, 2);
        node_end(g, &average);
        if (o == 0)
            concat = node_begin("Concat", mean, to);
        else
            wire_put_text(&concat.bytes, NODE_INPUT, mean);
    }
    node_int(&concat, "axis", axis);
    node_end(g, &concat);
}

static void put_average_pool(Graph *g, const Layer *layer)
{
    char rows[2 * NET_NAME_MAX], padded[2 * NET_NAME_MAX], amounts[2 * NET_NAME_MAX];
    const char *value = read_value(g, layer, 0, false);
    const int over_h = overhang(layer->in.h, layer->out.h, layer), over_w = overhang(layer->in.w, layer->out.w, layer);
    if (layer->adaptive && layer->out.h == 1 && layer->out.w == 1) {
        Node node = node_begin("GlobalAveragePool", value, layer->name);
        node_end(g, &node);
        return;
    }
    if (layer->adaptive && layer->k == 0) {
        put_uneven_axis(g, layer, value, named(rows, layer, ":rows"), 2);
        put_uneven_axis(g, layer, rows, layer->name, 3);
        return;
    }
    int pad = layer->pad;
    bool counts = layer->count_padding && pad > 0;
    if (counts && (over_h > 0 || over_w > 0)) { /* padding counts, the overhang does not: padding becomes part of the map */
        put_integers(g, named(amounts, layer, ":pads"), (const int[]){0, 0, pad, pad, 0, 0, pad, pad}, 8);
        Node pads = node_begin("Pad", value, named(padded, layer, ":padded"));
        wire_put_text(&pads.bytes, NODE_INPUT, amounts);
        node_end(g, &pads);
        value = padded;
        pad = 0;
        counts = false;
    }
    Node node = node_begin("AveragePool", value, layer->name);
    pool_attributes(&node, layer, pad, pad + over_h, pad + over_w, false);
    node_int(&node, "count_include_pad", counts);
    node_end(g, &node);
}

/* ---- the other layers ---- */

static void put_lrn(Graph *g, const Layer *layer)
{
    Node node = node_begin("LRN", read_value(g, layer, 0, false), layer->name);
    node_float(&node, "alpha", layer->lrn_alpha);
    node_float(&node, "beta", layer->lrn_beta);
    node_float(&node, "bias", layer->lrn_k);
    node_int(&node, "size", layer->lrn_size);
    node_end(g, &node);
}

static void put_concat(Graph *g, const Layer *layer)
{
    Node node = node_begin("Concat", read_value(g, layer, 0, false), layer->name);
    for (int i = 1; i < layer->input_count; i++)
        wire_put_text(&node.bytes, NODE_INPUT, read_value(g, layer, i, false));
    node_int(&node, "axis", 1);
    node_end(g, &node);
}

static void put_softmax(Graph *g, const Layer *layer)
{
    Node node = node_begin("Softmax", read_value(g, layer, 0, g->flat[g->source[layer->inputs[0]]]), layer->name);
    node_int(&node, "axis", 1);
    node_end(g, &node);
}

static void put_layer(Graph *g, int l)
{
    const Layer *layer = &g->net->layers[l];
    g->source[l] = l;
    if (g->bits > 0 && layer->weight >= 0)
        put_dequantise(g, layer->weight);
    switch (layer->op) {
    case OP_CONV: put_conv(g, layer); break;
    case OP_FC: put_fc(g, layer); break;
    case OP_MAXPOOL: put_max_pool(g, layer); break;
    case OP_AVGPOOL: put_average_pool(g, layer); break;
    case OP_LRN: put_lrn(g, layer); break;
    case OP_CONCAT: put_concat(g, layer); break;
    case OP_SOFTMAX: put_softmax(g, layer); break;
    case OP_DROPOUT: g->source[l] = g->source[layer->inputs[0]]; break; /* nothing is dropped when a network answers */
    case OP_INPUT: case OP_COUNT: break;
    }
    g->flat[l] = layer->op == OP_FC || ((layer->op == OP_DROPOUT || layer->op == OP_SOFTMAX) && g->flat[layer->inputs[0]]);
}

/* ValueInfoProto: name 1, type 2 { tensor 1 { element type 1, shape 2 { dimension 1 { value 1, name 2 } } } }. */
static void put_value_info(Graph *g, uint32_t field, const char *name, const int *dims, int dim_count)
{
    ByteBuffer value = {0}, type = {0}, tensor = {0}, shape = {0};
    for (int d = -1; d < dim_count; d++) {
        ByteBuffer dim = {0};
        if (d < 0)
            wire_put_text(&dim, 2, "batch");
        else
            wire_put_int(&dim, 1, dims[d]);
        wire_put_message(&shape, 1, &dim);
    }
    wire_put_int(&tensor, 1, TYPE_FLOAT);
    wire_put_message(&tensor, 2, &shape);
    wire_put_message(&type, 1, &tensor);
    wire_put_text(&value, 1, name);
    wire_put_message(&value, 2, &type);
    wire_put_message(&g->bytes, field, &value);
}

/* Everything but the weights. */
static void put_graph(Graph *g)
{
    const Net *net = g->net;
    const int last = net->heads[0].logits;
    char scores[2 * NET_NAME_MAX];
    for (int l = 0; l <= last; l++)
        put_layer(g, l);
    const Layer *end = &net->layers[g->source[last]];
    const int dims[3] = {end->out.c, end->out.h, end->out.w};
    const bool flat = g->flat[g->source[last]], list = !flat && net_scores(net, 0) > 0;
    named(scores, end, list ? ":scores" : "");
    if (list) {
        Node node = node_begin("Flatten", end->name, scores);
        node_int(&node, "axis", 1);
        node_end(g, &node);
    }
    wire_put_text(&g->bytes, GRAPH_NAME, net->name);
    put_value_info(g, GRAPH_INPUT, net->layers[0].name, (const int[]){net->input.c, net->input.h, net->input.w}, 3);
    put_value_info(g, GRAPH_OUTPUT, scores, dims, flat || list ? 1 : 3);
}

/* ---- the file ---- */

/* A TensorProto up to its numbers, of which `size` bytes follow, as a field of the graph. */
static void put_head(ByteBuffer *b, const char *name, const int *dims, int dim_count, int type, uint64_t size)
{
    ByteBuffer head = {0};
    for (int d = 0; d < dim_count; d++)
        wire_put_int(&head, TENSOR_DIMS, dims[d]);
    wire_put_int(&head, TENSOR_TYPE, type);
    wire_put_text(&head, TENSOR_NAME, name);
    wire_put_head(&head, TENSOR_RAW, size);
    wire_put_head(b, GRAPH_INITIALIZER, head.size + size);
    bytes_put(b, head.bytes, head.size);
    b->failed = b->failed || head.failed;
    free(head.bytes);
}

/* The numbers of the scales and integers of a parameter's channels follow their heads at once. */
static void put_integers_of(ByteBuffer *b, const Param *p, const char *name, int bits, const float *weights)
{
    char stored[200], scales[200];
    const size_t channels = (size_t)p->dims[0], count = p->count / channels;
    snprintf(stored, sizeof stored, "%s_quantized", name);
    snprintf(scales, sizeof scales, "%s_scale", name);
    put_head(b, scales, p->dims, 1, TYPE_FLOAT, 4 * (uint64_t)channels);
    for (size_t o = 0; o < channels; o++) {
        unsigned char raw[4];
        store_le(raw, float_bits(quantize_scale(weights + o * count, count, bits)), 4);
        bytes_put(b, raw, 4);
    }
    put_head(b, stored, p->dims, p->dim_count, TYPE_INT8, p->count);
    for (size_t o = 0; o < channels; o++) {
        const float scale = quantize_scale(weights + o * count, count, bits);
        for (size_t i = 0; i < count; i++) {
            const int8_t q = (int8_t)quantize_integer(weights[o * count + i], scale, bits);
            bytes_put(b, &q, 1);
        }
    }
}

/* A parameter as it is stored, up to its float32 numbers, of which *follow come. */
static void put_tensor(ByteBuffer *b, const Net *net, int param, const float *weights, int bits, size_t *follow)
{
    const Param *p = &net->params[param];
    char name[160];
    param_file_name(net, param, name, sizeof name);
    *follow = p->kind == PARAM_WEIGHT && bits > 0 ? 0 : p->count;
    if (*follow > 0)
        put_head(b, name, p->dims, p->dim_count, TYPE_FLOAT, 4 * (uint64_t)p->count);
    else
        put_integers_of(b, p, name, bits, weights + p->offset);
}

static void put_metadata(ByteBuffer *b, const char *key, const char *value)
{
    ByteBuffer pair = {0};
    if (value == NULL)
        return;
    wire_put_text(&pair, 1, key);
    wire_put_text(&pair, 2, value);
    wire_put_message(b, MODEL_METADATA, &pair);
}

static void put_model_head(ByteBuffer *b, const Net *net, const ExportNotes *notes)
{
    ByteBuffer opset = {0};
    char *preprocess = preprocess_json(net);
    wire_put_int(b, MODEL_IR, IR_VERSION);
    wire_put_text(b, MODEL_PRODUCER, "inceptoscope");
    wire_put_text(b, MODEL_DOC, net->title);
    wire_put_text(&opset, 1, "");
    wire_put_int(&opset, 2, OPSET);
    wire_put_message(b, MODEL_OPSET, &opset);
    put_metadata(b, "network", net->name);
    if (net->input.c == 1 || net->input.c == 3)
        put_metadata(b, "preprocess", preprocess);
    put_metadata(b, "labels", notes->labels);
    put_metadata(b, "trained", notes->trained);
    b->failed = b->failed || preprocess == NULL;
    free(preprocess);
}

/* Visits the stored parameters: adds their bytes to *size, or, with a file, writes them. False if out of memory, or with a message. */
static bool each_tensor(const Net *net, const float *weights, int bits, uint64_t *size, SafeFile *file, Err *err)
{
    bool good = true;
    for (int i = 0; good && i < net->param_count; i++) {
        ByteBuffer tensor = {0};
        size_t follow;
        put_tensor(&tensor, net, i, weights, bits, &follow);
        good = !tensor.failed;
        if (good && file != NULL)
            good = safe_file_write(file, tensor.bytes, tensor.size, err) && write_floats(file, weights + net->params[i].offset, follow, false, err);
        *size += tensor.size + 4 * (uint64_t)follow;
        free(tensor.bytes);
    }
    return good;
}

/* A protobuf message has at most 2 GB. */
static bool fits(const char *path, uint64_t size, Err *err)
{
    return size < INT32_MAX || err_set(err, "%s: the model has %llu MB, and an ONNX file at most 2 GB; save a .pth and model.py, and export it with "
                                            "external data from PyTorch", path, (unsigned long long)(size >> 20));
}

/* Rounding has no integer for them. */
static bool are_finite(const char *path, const Net *net, const float *weights, Err *err)
{
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        if (p->kind == PARAM_WEIGHT && isnan(quantize_scale(weights + p->offset, p->count, QUANTIZE_BITS_MAX)))
            return err_set(err, "%s: a weight of %s is not a finite number, so its channel cannot be rounded to integers", path, net->layers[p->layer].name);
    }
    return true;
}

static bool write_model(const char *path, const Graph *g, const ByteBuffer *head, const float *weights, Err *err)
{
    SafeFile file;
    uint64_t unused = 0;
    err_set(err, "%s: not enough memory", path);
    if (!safe_file_open(&file, path, err))
        return false;
    const bool good = safe_file_write(&file, head->bytes, head->size, err) && safe_file_write(&file, g->bytes.bytes, g->bytes.size, err) &&
                      each_tensor(g->net, weights, g->bits, &unused, &file, err) && safe_file_commit(&file, err);
    if (!good)
        safe_file_abandon(&file);
    return good;
}

bool export_onnx(const char *path, const Net *net, const float *weights, const ExportNotes *notes, Err *err)
{
    assert(net->head_count == 1);
    Graph graph = {.net = net, .bits = notes->bits, .source = calloc((size_t)net->layer_count, sizeof *graph.source),
                   .flat = calloc((size_t)net->layer_count, sizeof *graph.flat)};
    ByteBuffer head = {0};
    uint64_t size = 0;
    bool good = graph.source != NULL && graph.flat != NULL, room = good;
    if (good && notes->bits > 0)
        good = are_finite(path, net, weights, err);
    if (good) {
        put_graph(&graph);
        put_model_head(&head, net, notes);
        room = each_tensor(net, weights, notes->bits, &size, NULL, err);
        size += graph.bytes.size;
        wire_put_head(&head, MODEL_GRAPH, size);
        room = room && !graph.bytes.failed && !head.failed;
        good = room && fits(path, size, err) && write_model(path, &graph, &head, weights, err);
    }
    if (!room)
        err_set(err, "%s: not enough memory", path);
    free(graph.source);
    free(graph.flat);
    free(graph.bytes.bytes);
    free(head.bytes);
    return good;
}

char *preprocess_json(const Net *net)
{
    const Preprocess *p = &net->preprocess;
    const Shape in = net->input;
    json_t *root = json_object(), *mean = json_array(), *std = json_array();
    json_object_set_new(root, "resize", json_string(p->rule == RESIZE_EXACT ? "exact" : "shorter side"));
    if (p->rule == RESIZE_EXACT) {
        json_object_set_new(root, "size", json_pack("[i, i]", in.h, in.w));
    } else {
        json_object_set_new(root, "size", json_integer(p->resize));
        json_object_set_new(root, "crop", json_pack("[i, i]", in.h, in.w));
    }
    json_object_set_new(root, "channels", json_string(in.c == 1 ? "grey" : p->bgr ? "BGR" : "RGB"));
    json_object_set_new(root, "divide", json_integer(p->unit_scale ? 255 : 1));
    for (int c = 0; c < in.c && c < 3; c++) {
        json_array_append_new(mean, json_real((double)p->mean[c]));
        json_array_append_new(std, json_real(p->unit_scale ? (double)p->std[c] : 1.0));
    }
    json_object_set_new(root, "mean", mean);
    json_object_set_new(root, "std", std);
    char *text = json_dumps(root, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    json_decref(root);
    return text;
}
