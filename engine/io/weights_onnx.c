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
        if (field.number != 5 || (field.type != WIRE_BYTES && field.type != WIRE_VARINT))
            continue; /* a fixed number is not one of int32_data, and would never be used up */
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

/* entry: the first of external_data, a key 1 and a value 2; its key is "location", the other file's name. */
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

/* What a node says that has to do with weights. */
typedef struct Node {
    bool conv, gemm, constant, identity, relu, lrn, transposed;
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

static FileTensor *find(TensorFile *file, Wire name)
{
    const size_t length = (size_t)(name.end - name.at);
    if (name.at == NULL || length >= sizeof file->tensors->name || memchr(name.at, '\0', length) != NULL)
        return NULL;
    for (int i = 0; i < file->count; i++)
        if (memcmp(name.at, file->tensors[i].name, length) == 0 && file->tensors[i].name[length] == '\0')
            return &file->tensors[i];
    return NULL;
}

enum { CONVS = 57, STEM = 3, BRANCH_CONVS = 6, ALIASES_MAX = 500, CHANNELS_MAX = 65536 };

/* What of the graph is needed to name its tensors. */
typedef struct Graph {
    Node convs[CONVS], gemm;
    int conv_count, gemm_count, aliases;
    bool lrn;
} Graph;

/* A number, or a shape or axis: PyTorch's exporter writes many. */
static bool is_weight(const FileTensor *t)
{
    return t->dtype != DTYPE_I64 && t->dtype != DTYPE_OTHER && t->count > 1;
}

static bool add_constant(TensorFile *file, const Node *node, Err *err)
{
    if (!add_tensor(file, node->value, node->output, err))
        return false;
    file->count -= !is_weight(&file->tensors[file->count - 1]);
    return true;
}

/* PyTorch's exporter keeps equal tensors once (biases that are all zero, say); the others are Identity nodes of it. */
static bool add_alias(TensorFile *file, Graph *graph, const Node *node, Err *err)
{
    const FileTensor *same = graph->aliases++ < ALIASES_MAX ? find(file, node->inputs[0]) : NULL; /* a search through all tensors */
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

static bool same_text(Wire a, Wire b)
{
    return a.at != NULL && b.at != NULL && a.end - a.at == b.end - b.at && memcmp(a.at, b.at, (size_t)(a.end - a.at)) == 0;
}

static bool add_node(TensorFile *file, Graph *graph, Node node, Err *err)
{
    int kept = graph->conv_count < CONVS ? graph->conv_count : CONVS;
    graph->lrn = graph->lrn || node.lrn;
    if (node.constant && node.value.at != NULL && node.output.at != NULL)
        return add_constant(file, &node, err);
    if (node.identity && node.output.at != NULL)
        return add_alias(file, graph, &node, err);
    for (int i = kept - 1; node.relu && i >= 0; i--)
        if (same_text(node.inputs[0], graph->convs[i].output))
            graph->convs[i].output = node.output; /* seen from the next convolution they are one */
    if (node.conv && graph->conv_count++ < CONVS)
        graph->convs[kept] = node;
    if (node.gemm && graph->gemm_count++ == 0)
        graph->gemm = node;
    return true;
}

/* Our name of the convolution in this place of the order in which PyTorch's exporter meets those of the tutorial's and of torchvision's
 * model, and in which Caffe's description has them. */
static void conv_name(int index, char *out, size_t size)
{
    static const char *const modules[] = {"3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"};
    static const char *const branches[BRANCH_CONVS] = {"1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"};
    if (index < STEM)
        snprintf(out, size, "conv%d", index + 1);
    else
        snprintf(out, size, "inception_%s/%s", modules[(index - STEM) / BRANCH_CONVS], branches[(index - STEM) % BRANCH_CONVS]);
}

/* What the model that the file was made from calls the layer. */
static void their_name(const char *layer, bool caffe, char *out, size_t size)
{
    if (caffe)
        snprintf(out, size, "%s", layer_caffe_name(layer));
    else
        layer_torch_name(layer, out, size);
}

/* Whether the convolutions come in that order: each 3x3 and each 5x5 reads the reduction before it. Sizes alone do not
 * tell, since some branches are equal in them. */
static bool order_is_known(const Graph *graph)
{
    for (int i = STEM; i < CONVS; i++) {
        int branch = (i - STEM) % BRANCH_CONVS;
        bool reads_last = same_text(graph->convs[i].inputs[0], graph->convs[i - 1].output);
        if (reads_last != (branch == 2 || branch == 4))
            return false;
    }
    return true;
}

/* Batch norm that was folded into the convolution before it: scale 1, shift the bias (which has that name already), mean
 * 0, and the variance that makes var + eps equal to 1. Without it torchvision's network would lack these tensors. */
static bool add_identity_norm(TensorFile *file, const char *base, int64_t channels, Err *err)
{
    static const struct {
        const char *name;
        float value;
    } parts[] = {{"weight", 1.0f}, {"running_mean", 0.0f}, {"running_var", 1.0f - 1e-3f}};
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        char name[160];
        int length = snprintf(name, sizeof name, "%s.bn.%s", base, parts[p].name);
        unsigned char *values = tensor_file_alloc(file, (size_t)channels * 4, err);
        FileTensor *t = values != NULL ? tensor_file_add(file, name, (size_t)length, err) : NULL;
        if (t == NULL || !tensor_set_dims(file, t, &channels, 1, err))
            return false;
        for (size_t i = 0; i < t->count; i++)
            store_le(values + 4 * i, float_bits(parts[p].value), 4);
        t->dtype = DTYPE_F32;
        t->data = values;
    }
    return true;
}

static bool rename_by_order(TensorFile *file, const Graph *graph, Err *err)
{
    const Node *convs = graph->convs;
    const bool caffe = graph->lrn;
    FileTensor *fifth = find(file, convs[STEM + 4].inputs[1]); /* 3a/5x5: 3x3 in torchvision's network */
    bool folded = !caffe && fifth != NULL && fifth->dim_count == 4 && fifth->dims[2] == 3;
    if (!order_is_known(graph))
        return err_set(err,
                       "%s: an ONNX graph whose tensor names are not GoogLeNet's and whose convolutions are in another "
                       "order than in PyTorch's exports; export it again with torch.onnx.export, or save a .pth",
                       file->path);
    for (int i = 0; i < CONVS; i++) {
        char layer[NET_NAME_MAX], base[100];
        FileTensor *weight = find(file, convs[i].inputs[1]), *bias = find(file, convs[i].inputs[2]);
        conv_name(i, layer, sizeof layer);
        their_name(layer, caffe, base, sizeof base);
        if (weight == NULL || bias == NULL)
            return err_set(err, "%s: convolution %d of %d has no weight or bias in the file", file->path, i + 1, CONVS);
        const int64_t channels = (int64_t)bias->count;
        if (channels > CHANNELS_MAX)
            return err_set(err, "%s: convolution %d of %d has a bias of %lld numbers, so not a GoogLeNet", file->path, i + 1, CONVS,
                           (long long)channels);
        snprintf(weight->name, sizeof weight->name, caffe ? "%s.weight" : "%s.conv.weight", base);
        snprintf(bias->name, sizeof bias->name, caffe ? "%s.bias" : folded ? "%s.bn.bias" : "%s.conv.bias", base);
        if (folded && !add_identity_norm(file, base, channels, err))
            return false;
    }
    FileTensor *weight = find(file, graph->gemm.inputs[1]), *bias = find(file, graph->gemm.inputs[2]);
    if (weight == NULL || bias == NULL)
        return err_set(err, "%s: the last layer has no weight or bias in the file", file->path);
    char fc[100];
    their_name("fc", caffe, fc, sizeof fc);
    snprintf(weight->name, sizeof weight->name, "%s.weight", fc);
    snprintf(bias->name, sizeof bias->name, "%s.bias", fc);
    snprintf(file->remark, sizeof file->remark, "tensors named by the order of the graph's convolutions%s",
             folded ? ", batch norm folded into them" : "");
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

/* Whether a name ends so; its other letters are in *stem. */
static bool ends_with(Wire name, const char *end, Wire *stem)
{
    size_t length = strlen(end), size = (size_t)(name.end - name.at);
    if (name.at == NULL || size < length || memcmp(name.end - length, end, length) != 0)
        return false;
    *stem = (Wire){name.at, name.end - length};
    return true;
}

/* Whether every convolution's two tensors are named after the layer, as PyTorch's, the model zoo's and Caffe's are. Folding
 * batch norm leaves numbers for names, or the weight's name alone; convolutions without bias have batch norm beside them. */
static bool named_by_layer(const Graph *graph)
{
    static const char *const ends[][2] = {{".weight", ".bias"}, {"_w_0", "_b_0"}, {"_w", "_b"}};
    for (int i = 0; i < CONVS; i++) {
        const Wire *inputs = graph->convs[i].inputs;
        bool named = inputs[2].at == NULL;
        for (size_t e = 0; !named && e < sizeof ends / sizeof ends[0]; e++) {
            Wire weight, bias;
            named = ends_with(inputs[1], ends[e][0], &weight) && ends_with(inputs[2], ends[e][1], &bias) &&
                    same_text(weight, bias);
        }
        if (!named)
            return false;
    }
    return true;
}

/* (in, out) of a Gemm without transB is seen as (out, in). */
static void transpose_gemm(TensorFile *file, const Graph *graph)
{
    FileTensor *weight = graph->gemm_count == 1 && !graph->gemm.transposed ? find(file, graph->gemm.inputs[1]) : NULL;
    if (weight != NULL && weight->dim_count == 2) {
        int64_t d = weight->dims[0], s = weight->strides[0];
        weight->dims[0] = weight->dims[1], weight->strides[0] = weight->strides[1];
        weight->dims[1] = d, weight->strides[1] = s;
    }
}

static bool name_tensors(TensorFile *file, const Graph *graph, Err *err)
{
    bool known = false;
    for (int i = 0; i < file->count; i++)
        known = known || strstr(file->tensors[i].name, "inception") != NULL || strstr(file->tensors[i].name, "conv1.conv") != NULL;
    transpose_gemm(file, graph);
    if (known)
        rename_caffe2(file);
    if (graph->conv_count == CONVS && graph->gemm_count == 1 && !(known && named_by_layer(graph)))
        return rename_by_order(file, graph, err);
    if (!known && graph->conv_count > 0)
        snprintf(file->remark, sizeof file->remark, "its graph has %d convolutions%s, a GoogLeNet's %d", graph->conv_count,
                 graph->conv_count == 94 || graph->conv_count == 96 ? ", as Inception v3's (299 x 299 pixels)" : "", CONVS);
    return true;
}

static bool read_graph(TensorFile *file, Wire w, Err *err)
{
    WireField field;
    Graph *graph = calloc(1, sizeof *graph);
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
    good = good && name_tensors(file, graph, err);
    free(graph);
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
