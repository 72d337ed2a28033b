/* weights_onnx.c - reads the weights of an ONNX model (onnx.proto): the graph's initializers and constants are the tensors.
 * weights_onnx_names.c gives them their names. */
#include "engine/io/bits.h"
#include "engine/io/weights_onnx_graph.h"
#include "engine/io/weights_readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIASES_MAX = 500 };
enum { MODEL_GRAPH = 7, MODEL_OPSET = 8, GRAPH_NODE = 1, GRAPH_INITIALIZER = 5 };

bool onnx_recognise(const TensorFile *file)
{
    const unsigned char *bytes = file->bytes;
    return file->size > 2 && bytes[0] == 0x08 && bytes[1] >= 1 && bytes[1] < 32; /* ir_version */
}

/* int32_data may contain float16 and bfloat16 values, one in each number. */
static bool halves_from_integers(TensorFile *file, Wire tensor, FileTensor *t, Err *err)
{
    size_t filled = 0;
    unsigned char *out = t->count <= file->size ? tensor_file_alloc(file, t->count * 2, err) : NULL;
    WireField field;
    t->data = out;
    while (out != NULL && wire_next(&tensor, &field)) {
        Wire numbers = field.bytes;
        uint64_t value = field.value;
        if (field.number != 5 || (field.type != WIRE_BYTES && field.type != WIRE_VARINT))
            continue; /* a fixed-size number is not part of int32_data; reading would never advance */
        do {
            if (field.type == WIRE_BYTES && !wire_varint(&numbers, &value))
                break;
            if (filled < t->count)
                store_le(out + 2 * filled, value, 2);
            filled++;
        } while (numbers.at < numbers.end);
    }
    return (out != NULL && filled == t->count) ||
           err_set(err, "%s: tensor %s does not hold %zu numbers", file->path, t->name, t->count);
}

/* entry: the first entry of external_data, with key 1 and value 2; its key is "location", its value the other file's name. */
static bool refuse_external(const TensorFile *file, Wire entry, const char *tensor, Err *err)
{
    WireField field;
    Wire other = {NULL, NULL};
    while (wire_next(&entry, &field))
        if (wire_is(&field, 2, WIRE_BYTES))
            other = field.bytes;
    int length = other.end - other.at < 100 ? (int)(other.end - other.at) : 100;
    return err_set(err,
                   "%s: tensor %s is in another file (%.*s); put both in one folder and save them as one file, in Python "
                   "onnx.save(onnx.load('%.200s'), 'whole.onnx')",
                   file->path, tensor, length, other.at != NULL ? (const char *)other.at : "", file->path);
}

/* One TensorProto: dims 1, data_type 2, float_data 4, name 8, raw_data 9, double_data 10, external_data 13,
 * data_location 14. */
static bool add_tensor(TensorFile *file, Wire tensor, Wire name, Err *err)
{
    WireField field;
    Wire w = tensor, raw = {NULL, NULL}, external = {NULL, NULL};
    uint64_t type = 0, location = 0;
    int64_t dims[8];
    while (wire_next(&w, &field)) {
        if (wire_is(&field, 8, WIRE_BYTES) && name.at == NULL)
            name = field.bytes;
        if (wire_is(&field, 9, WIRE_BYTES))
            raw = field.bytes;
        if (wire_is(&field, 13, WIRE_BYTES) && external.at == NULL)
            external = field.bytes;
        if (wire_is(&field, 2, WIRE_VARINT))
            type = field.value;
        if (wire_is(&field, 14, WIRE_VARINT))
            location = field.value;
    }
    int dim_count = wire_integers(tensor, 1, dims, 8);
    if (!wire_ok(&w) || dim_count < 0)
        return err_set(err, "%s: a broken tensor; get the file again", file->path);
    FileTensor *t =
        tensor_file_add(file, (const char *)name.at, name.at != NULL ? (size_t)(name.end - name.at) : 0, err);
    if (t == NULL || !tensor_set_dims(file, t, dims, dim_count, err))
        return false;
    if (location != 0)
        return refuse_external(file, external, t->name, err);
    t->dtype = type == 1    ? DTYPE_F32
               : type == 10 ? DTYPE_F16
               : type == 16 ? DTYPE_BF16
               : type == 11 ? DTYPE_F64
               : type == 7  ? DTYPE_I64
                            : DTYPE_OTHER;
    size_t element = dtype_size(t->dtype), count = element > 0 ? (size_t)(raw.end - raw.at) / element : t->count;
    t->data = raw.at;
    if (t->dtype == DTYPE_OTHER)
        return true; /* never a weight */
    if (raw.at == NULL && element == 2)
        return halves_from_integers(file, tensor, t, err);
    if (raw.at == NULL && t->dtype != DTYPE_I64 &&
        !wire_numbers(file, tensor, t->dtype == DTYPE_F32 ? 4 : 10, element, &t->data, &count, err))
        return false;
    if (raw.at == NULL && t->dtype == DTYPE_I64) {
        t->dtype = DTYPE_OTHER; /* int64_data: shapes and axes, never a weight */
        return true;
    }
    if (count != t->count)
        return err_set(err,
                       "%s: tensor %s holds %zu numbers, but its shape needs %zu; the file is broken, get it again",
                       file->path, t->name, count, t->count);
    return true;
}

static OnnxNode read_node(Wire w)
{
    OnnxNode node = {0};
    WireField field;
    int inputs = 0;
    while (wire_next(&w, &field)) {
        if (wire_is(&field, 1, WIRE_BYTES) && inputs < 3)
            node.inputs[inputs++] = field.bytes;
        if (wire_is(&field, 2, WIRE_BYTES) && node.output.at == NULL)
            node.output = field.bytes;
        if (wire_is(&field, 4, WIRE_BYTES)) {
            node.conv = wire_text_is(field.bytes, "Conv");
            node.gemm = wire_text_is(field.bytes, "Gemm");
            node.constant = wire_text_is(field.bytes, "Constant");
            node.identity = wire_text_is(field.bytes, "Identity");
            node.relu = wire_text_is(field.bytes, "Relu");
            node.lrn = wire_text_is(field.bytes, "LRN");
        }
        if (wire_is(&field, 5, WIRE_BYTES)) { /* attribute: name 1, i 3, t 5 */
            WireField part;
            bool trans_b = false;
            for (Wire a = field.bytes; wire_next(&a, &part);) {
                trans_b = trans_b || (wire_is(&part, 1, WIRE_BYTES) && wire_text_is(part.bytes, "transB"));
                if (wire_is(&part, 3, WIRE_VARINT) && trans_b)
                    node.transposed = part.value != 0;
                if (wire_is(&part, 5, WIRE_BYTES))
                    node.value = part.bytes;
            }
        }
    }
    return node;
}

/* False for a single number, a shape or an axis: PyTorch's exporter writes many of them. */
static bool is_weight(const FileTensor *t)
{
    return t->dtype != DTYPE_I64 && t->dtype != DTYPE_OTHER && t->count > 1;
}

static bool add_constant(TensorFile *file, const OnnxNode *node, Err *err)
{
    if (!add_tensor(file, node->value, node->output, err))
        return false;
    file->count -= !is_weight(&file->tensors[file->count - 1]);
    return true;
}

/* PyTorch's exporter stores equal tensors (for example biases that are all zero) once; Identity nodes stand for the others. */
static bool add_alias(TensorFile *file, OnnxGraph *graph, const OnnxNode *node, Err *err)
{
    const FileTensor *same = graph->aliases++ < ALIASES_MAX ? onnx_find(file, node->inputs[0]) : NULL; /* a search through all tensors */
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

static bool add_node(TensorFile *file, OnnxGraph *graph, OnnxNode node, Err *err)
{
    int kept = graph->conv_count < ONNX_CONVS ? graph->conv_count : ONNX_CONVS;
    graph->lrn = graph->lrn || node.lrn;
    if (node.constant && node.value.at != NULL && node.output.at != NULL)
        return add_constant(file, &node, err);
    if (node.identity && node.output.at != NULL)
        return add_alias(file, graph, &node, err);
    for (int i = kept - 1; node.relu && i >= 0; i--)
        if (wire_same(node.inputs[0], graph->convs[i].output))
            graph->convs[i].output = node.output; /* the next convolution reads both as one */
    if (node.conv && graph->conv_count++ < ONNX_CONVS)
        graph->convs[kept] = node;
    if (node.gemm && graph->gemm_count++ == 0)
        graph->gemm = node;
    return true;
}

static bool read_graph(TensorFile *file, Wire w, Err *err)
{
    WireField field;
    OnnxGraph *graph = calloc(1, sizeof *graph);
    bool good = graph != NULL || err_set(err, "%s: not enough memory", file->path);
    for (Wire i = w; good && wire_next(&i, &field);)
        if (wire_is(&field, GRAPH_INITIALIZER, WIRE_BYTES))
            good = add_tensor(file, field.bytes, (Wire){NULL, NULL}, err);
    while (good && wire_next(&w, &field))
        if (wire_is(&field, GRAPH_NODE, WIRE_BYTES))
            good = add_node(file, graph, read_node(field.bytes), err);
    if (good && !wire_ok(&w))
        good = err_set(err, "%s: the ONNX graph is broken or ends early; get the file again", file->path);
    if (good && file->count == 0)
        good = err_set(err, "%s: an ONNX graph without weights; export it with them (torch.onnx.export's export_params=True)",
                       file->path);
    good = good && onnx_name_tensors(file, graph, err);
    free(graph);
    return good;
}

bool onnx_read(TensorFile *file, Err *err)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size}, graph = {NULL, NULL};
    WireField field;
    bool opset = false;
    while (wire_next(&w, &field)) {
        if (wire_is(&field, MODEL_GRAPH, WIRE_BYTES))
            graph = field.bytes;
        opset = opset || wire_is(&field, MODEL_OPSET, WIRE_BYTES);
    }
    if (!wire_ok(&w) || graph.at == NULL || !opset)
        return err_set(err, "%s: looks like an ONNX model, but is broken or ends early (%zu bytes); get it again",
                       file->path, file->size);
    return read_graph(file, graph, err);
}
