/* weights_onnx.c - the weights of an ONNX model (onnx.proto). The graph's initializers are the tensors; the network
 * itself is chosen by their names as for every format, so exporters' names are brought back to PyTorch's or Caffe's:
 * names that already are PyTorch's stay; the model zoo's "conv1/7x7_s2_w_0" becomes "conv1/7x7_s2.weight"; where
 * folding batch norm has left numbers for names, the order of the convolutions decides. */
#include "engine/io/bits.h"
#include "engine/io/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_GRAPH = 7, MODEL_OPSET = 8, GRAPH_NODE = 1, GRAPH_INITIALIZER = 5 };

bool wire_is_onnx(const TensorFile *file)
{
    const unsigned char *bytes = file->bytes;
    return file->size > 2 && bytes[0] == 0x08 && bytes[1] >= 1 && bytes[1] < 32; /* ir_version */
}

/* float16 and bfloat16 may stand one by one in int32_data. */
static bool halves_from_integers(TensorFile *file, Wire tensor, FileTensor *t, Err *err)
{
    size_t filled = 0;
    unsigned char *out = t->count <= file->size ? tensor_file_alloc(file, t->count * 2, err) : NULL;
    WireField field;
    t->data = out;
    while (out != NULL && wire_next(&tensor, &field)) {
        Wire numbers = field.bytes;
        uint64_t value = field.value;
        if (field.number != 5)
            continue;
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

/* One TensorProto: dims 1, data_type 2, float_data 4, name 8, raw_data 9, double_data 10, data_location 14. */
static bool add_tensor(TensorFile *file, Wire tensor, Wire name, Err *err)
{
    WireField field;
    Wire w = tensor, raw = {NULL, NULL};
    uint64_t type = 0, location = 0;
    int64_t dims[8];
    while (wire_next(&w, &field)) {
        if (wire_is(&field, 8, WIRE_BYTES) && name.at == NULL)
            name = field.bytes;
        if (wire_is(&field, 9, WIRE_BYTES))
            raw = field.bytes;
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
        return err_set(err, "%s: keeps tensor %s in another file; save the model with everything in one file",
                       file->path, t->name);
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

/* What a Conv or Gemm node says about its tensors. */
typedef struct Node {
    bool conv, gemm, constant, transposed;
    Wire inputs[3], output, value;
} Node;

static Node read_node(Wire w)
{
    Node node = {0};
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

static FileTensor *find(TensorFile *file, Wire name)
{
    for (int i = 0; name.at != NULL && i < file->count; i++)
        if (wire_text_is(name, file->tensors[i].name))
            return &file->tensors[i];
    return NULL;
}

/* The order in which PyTorch's exporter meets the convolutions of the tutorial's and of torchvision's model. */
static void conv_name(int index, char *out, size_t size)
{
    static const char *const modules[] = {"3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"};
    static const char *const branches[] = {"branch1", "branch2.0", "branch2.1", "branch3.0", "branch3.1", "branch4.1"};
    if (index < 3)
        snprintf(out, size, "conv%d", index + 1);
    else
        snprintf(out, size, "inception%s.%s", modules[(index - 3) / 6], branches[(index - 3) % 6]);
}

enum { CONVS = 57 };

/* Batch norm that was folded into the convolution before it: scale 1, shift the bias, mean 0, and the variance that
 * makes var + eps equal to 1. Without it torchvision's network would lack these tensors. */
static bool add_identity_norm(TensorFile *file, const char *base, const FileTensor bias, Err *err)
{
    static const struct {
        const char *name;
        float value;
    } parts[] = {{"weight", 1.0f}, {"running_mean", 0.0f}, {"running_var", 1.0f - 1e-3f}};
    char name[160];
    int length = snprintf(name, sizeof name, "%s.bn.bias", base);
    FileTensor *t = tensor_file_add(file, name, (size_t)length, err);
    if (t == NULL)
        return false;
    memcpy(name, t->name, sizeof name);
    *t = bias;
    memcpy(t->name, name, sizeof name);
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        length = snprintf(name, sizeof name, "%s.bn.%s", base, parts[p].name);
        unsigned char *values = tensor_file_alloc(file, bias.count * 4, err);
        t = values != NULL ? tensor_file_add(file, name, (size_t)length, err) : NULL;
        if (t == NULL || !tensor_set_dims(file, t, bias.dims, bias.dim_count, err))
            return false;
        for (size_t i = 0; i < bias.count; i++)
            store_le(values + 4 * i, float_bits(parts[p].value), 4);
        t->dtype = DTYPE_F32;
        t->data = values;
    }
    return true;
}

static bool rename_by_order(TensorFile *file, const Node *convs, const Node *gemm, Err *err)
{
    FileTensor *fifth = find(file, convs[3 + 4].inputs[1]); /* 3a/5x5: 3x3 in torchvision's network */
    bool folded = fifth != NULL && fifth->dim_count == 4 && fifth->dims[2] == 3;
    for (int i = 0; i < CONVS; i++) {
        char base[100];
        FileTensor *weight = find(file, convs[i].inputs[1]), *bias = find(file, convs[i].inputs[2]);
        conv_name(i, base, sizeof base);
        if (weight == NULL || bias == NULL)
            return err_set(err, "%s: convolution %d of %d has no weight or bias in the file", file->path, i + 1, CONVS);
        FileTensor shift = *bias;
        snprintf(weight->name, sizeof weight->name, "%s.conv.weight", base);
        snprintf(bias->name, sizeof bias->name, folded ? "%s.folded" : "%s.conv.bias", base);
        if (folded && !add_identity_norm(file, base, shift, err))
            return false;
    }
    FileTensor *weight = find(file, gemm->inputs[1]), *bias = find(file, gemm->inputs[2]);
    if (weight == NULL || bias == NULL)
        return err_set(err, "%s: the last layer has no weight or bias in the file", file->path);
    snprintf(weight->name, sizeof weight->name, "fc.weight");
    snprintf(bias->name, sizeof bias->name, "fc.bias");
    return true;
}

/* "conv1/7x7_s2_w_0" -> "conv1/7x7_s2.weight", as Caffe's tensors are called elsewhere. */
static void rename_caffe2(TensorFile *file)
{
    for (int i = 0; i < file->count; i++) {
        char *name = file->tensors[i].name;
        size_t n = strlen(name);
        bool weight = n > 4 && strcmp(name + n - 4, "_w_0") == 0, bias = n > 4 && strcmp(name + n - 4, "_b_0") == 0;
        if (weight || bias)
            snprintf(name + n - 4, sizeof file->tensors[i].name - (n - 4), "%s", weight ? ".weight" : ".bias");
    }
}

static bool read_graph(TensorFile *file, Wire graph, Err *err)
{
    WireField field;
    Node *convs = calloc(CONVS, sizeof *convs), gemm = {0};
    int conv_count = 0, gemm_count = 0;
    bool good = convs != NULL || err_set(err, "%s: not enough memory", file->path), known = false;
    Wire w = graph;
    while (good && wire_next(&w, &field)) {
        if (wire_is(&field, GRAPH_INITIALIZER, WIRE_BYTES))
            good = add_tensor(file, field.bytes, (Wire){NULL, NULL}, err);
        if (!good || !wire_is(&field, GRAPH_NODE, WIRE_BYTES))
            continue;
        Node node = read_node(field.bytes);
        if (node.constant && node.value.at != NULL && node.output.at != NULL)
            good = add_tensor(file, node.value, node.output, err);
        if (node.conv && conv_count++ < CONVS)
            convs[conv_count - 1] = node;
        if (node.gemm && gemm_count++ == 0)
            gemm = node;
    }
    if (good && !wire_ok(&w))
        good = err_set(err, "%s: the ONNX graph is broken or ends early; get the file again", file->path);
    if (good && gemm_count == 1 && !gemm.transposed) { /* (in, out): seen as (out, in) */
        FileTensor *weight = find(file, gemm.inputs[1]);
        if (weight != NULL && weight->dim_count == 2) {
            int64_t d = weight->dims[0], s = weight->strides[0];
            weight->dims[0] = weight->dims[1], weight->strides[0] = weight->strides[1];
            weight->dims[1] = d, weight->strides[1] = s;
        }
    }
    for (int i = 0; i < file->count; i++)
        known = known || strstr(file->tensors[i].name, "inception") != NULL ||
                strstr(file->tensors[i].name, "conv1.conv") != NULL;
    if (good && known)
        rename_caffe2(file);
    bool folded_names = !known || (conv_count == CONVS && find(file, convs[0].inputs[1]) != NULL &&
                                   strchr(find(file, convs[0].inputs[1])->name, ':') != NULL);
    if (good && folded_names && conv_count == CONVS && gemm_count == 1)
        good = rename_by_order(file, convs, &gemm, err);
    free(convs);
    return good;
}

bool read_onnx(TensorFile *file, Err *err)
{
    Wire w = {file->bytes, (const unsigned char *)file->bytes + file->size}, graph = {NULL, NULL};
    WireField field;
    bool opset = false;
    snprintf(file->format, sizeof file->format, "onnx");
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
