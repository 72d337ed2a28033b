/* weights_onnx_names.c - names the tensors of an ONNX graph. As for every format, the names decide the network, so exporters'
 * names are changed back to PyTorch's or Caffe's. Names that already are PyTorch's are kept; the model zoo's "conv1/7x7_s2_w_0"
 * becomes "conv1/7x7_s2.weight". If folding of batch norm has replaced names by numbers, the order of the convolutions
 * decides. */
#include "engine/io/bits.h"
#include "engine/io/weights_names.h"
#include "engine/io/weights_onnx_graph.h"

#include <stdio.h>
#include <string.h>

enum { STEM = 3, BRANCH_CONVS = 6, CHANNELS_MAX = 65536 };

FileTensor *onnx_find(TensorFile *file, Wire name)
{
    const size_t length = (size_t)(name.end - name.at);
    if (name.at == NULL || length >= sizeof file->tensors->name || memchr(name.at, '\0', length) != NULL)
        return NULL;
    for (int i = 0; i < file->count; i++)
        if (memcmp(name.at, file->tensors[i].name, length) == 0 && file->tensors[i].name[length] == '\0')
            return &file->tensors[i];
    return NULL;
}

/* Our name of the index-th convolution. Two orders agree here: that in which PyTorch's exporter visits the tutorial's and
 * torchvision's model, and that of Caffe's description. */
static void conv_name(int index, char *out, size_t size)
{
    static const char *const modules[] = {"3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"};
    static const char *const branches[BRANCH_CONVS] = {"1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"};
    if (index < STEM)
        snprintf(out, size, "conv%d", index + 1);
    else
        snprintf(out, size, "inception_%s/%s", modules[(index - STEM) / BRANCH_CONVS], branches[(index - STEM) % BRANCH_CONVS]);
}

/* The name of the layer in the model that the file was made from. */
static void their_name(const char *layer, bool caffe, char *out, size_t size)
{
    if (caffe)
        snprintf(out, size, "%s", layer_caffe_name(layer));
    else
        layer_torch_name(layer, out, size);
}

/* Whether the convolutions are in that order: each 3x3 and each 5x5 reads the reduction before it. Sizes alone are not enough,
 * since some branches have equal sizes. */
static bool order_is_known(const OnnxGraph *graph)
{
    for (int i = STEM; i < ONNX_CONVS; i++) {
        int branch = (i - STEM) % BRANCH_CONVS;
        bool reads_last = wire_same(graph->convs[i].inputs[0], graph->convs[i - 1].output);
        if (reads_last != (branch == 2 || branch == 4))
            return false;
    }
    return true;
}

/* Adds a batch norm that was folded into the convolution before it: scale 1, shift the bias (which already has that name), mean
 * 0, and the variance for which var + eps is 1. Otherwise torchvision's network would lack these tensors. */
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

static bool rename_by_order(TensorFile *file, const OnnxGraph *graph, Err *err)
{
    const OnnxNode *convs = graph->convs;
    const bool caffe = graph->lrn;
    FileTensor *fifth = onnx_find(file, convs[STEM + 4].inputs[1]); /* 3a/5x5; it is 3x3 in torchvision's network */
    bool folded = !caffe && fifth != NULL && fifth->dim_count == 4 && fifth->dims[2] == 3;
    if (!order_is_known(graph))
        return err_set(err,
                       "%s: an ONNX graph whose tensor names are not GoogLeNet's and whose convolutions are in another "
                       "order than in PyTorch's exports; export it again with torch.onnx.export, or save a .pth",
                       file->path);
    for (int i = 0; i < ONNX_CONVS; i++) {
        char layer[NET_NAME_MAX], base[100];
        FileTensor *weight = onnx_find(file, convs[i].inputs[1]), *bias = onnx_find(file, convs[i].inputs[2]);
        conv_name(i, layer, sizeof layer);
        their_name(layer, caffe, base, sizeof base);
        if (weight == NULL || bias == NULL)
            return err_set(err, "%s: convolution %d of %d has no weight or bias in the file", file->path, i + 1, ONNX_CONVS);
        const int64_t channels = (int64_t)bias->count;
        if (channels > CHANNELS_MAX)
            return err_set(err, "%s: convolution %d of %d has a bias of %lld numbers, so not a GoogLeNet", file->path, i + 1, ONNX_CONVS,
                           (long long)channels);
        snprintf(weight->name, sizeof weight->name, caffe ? "%s.weight" : "%s.conv.weight", base);
        snprintf(bias->name, sizeof bias->name, caffe ? "%s.bias" : folded ? "%s.bn.bias" : "%s.conv.bias", base);
        if (folded && !add_identity_norm(file, base, channels, err))
            return false;
    }
    FileTensor *weight = onnx_find(file, graph->gemm.inputs[1]), *bias = onnx_find(file, graph->gemm.inputs[2]);
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

/* Whether a name has this end; *stem gets the rest. */
static bool ends_with(Wire name, const char *end, Wire *stem)
{
    size_t length = strlen(end), size = (size_t)(name.end - name.at);
    if (name.at == NULL || size < length || memcmp(name.end - length, end, length) != 0)
        return false;
    *stem = (Wire){name.at, name.end - length};
    return true;
}

/* Whether both tensors of every convolution are named after the layer, as in the files of PyTorch, the model zoo and Caffe.
 * Folding of batch norm leaves numbers for both names, or only the weight's name. Convolutions without bias have a batch norm
 * instead. */
static bool named_by_layer(const OnnxGraph *graph)
{
    static const char *const ends[][2] = {{".weight", ".bias"}, {"_w_0", "_b_0"}, {"_w", "_b"}};
    for (int i = 0; i < ONNX_CONVS; i++) {
        const Wire *inputs = graph->convs[i].inputs;
        bool named = inputs[2].at == NULL;
        for (size_t e = 0; !named && e < sizeof ends / sizeof ends[0]; e++) {
            Wire weight, bias;
            named = ends_with(inputs[1], ends[e][0], &weight) && ends_with(inputs[2], ends[e][1], &bias) &&
                    wire_same(weight, bias);
        }
        if (!named)
            return false;
    }
    return true;
}

/* Treats the (in, out) weight of a Gemm without transB as (out, in). */
static void transpose_gemm(TensorFile *file, const OnnxGraph *graph)
{
    FileTensor *weight = graph->gemm_count == 1 && !graph->gemm.transposed ? onnx_find(file, graph->gemm.inputs[1]) : NULL;
    if (weight != NULL && weight->dim_count == 2) {
        int64_t d = weight->dims[0], s = weight->strides[0];
        weight->dims[0] = weight->dims[1], weight->strides[0] = weight->strides[1];
        weight->dims[1] = d, weight->strides[1] = s;
    }
}

bool onnx_name_tensors(TensorFile *file, const OnnxGraph *graph, Err *err)
{
    bool known = false;
    for (int i = 0; i < file->count; i++)
        known = known || strstr(file->tensors[i].name, "inception") != NULL || strstr(file->tensors[i].name, "conv1.conv") != NULL;
    transpose_gemm(file, graph);
    if (known)
        rename_caffe2(file);
    if (graph->conv_count == ONNX_CONVS && graph->gemm_count == 1 && !(known && named_by_layer(graph)))
        return rename_by_order(file, graph, err);
    if (!known && graph->conv_count > 0)
        snprintf(file->remark, sizeof file->remark, "its graph has %d convolutions%s, a GoogLeNet's %d", graph->conv_count,
                 graph->conv_count == 94 || graph->conv_count == 96 ? ", as Inception v3's (299 x 299 pixels)" : "", ONNX_CONVS);
    return true;
}
