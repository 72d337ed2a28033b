/* weights_onnx_names.c - names the tensors of an ONNX graph. As for every format, the names decide the network, so exporters'
 * names are changed back to PyTorch's or Caffe's. Names that already are PyTorch's are kept; the model zoo's "conv1/7x7_s2_w_0"
 * becomes "conv1/7x7_s2.weight". If batch norm was folded and names became numbers, the order of the convolutions decides. */
#include "engine/io/bits.h"
#include "engine/io/weights_names.h"
#include "engine/io/weights_onnx_graph.h"
#include "engine/io/weights_onnx_tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEM = 3, BRANCH_CONVS = 6, CHANNELS_MAX = 65536 };

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
        bool reads_last = wire_same(graph->convs[i].input, graph->convs[i - 1].end);
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

/* Adds the tensor `name` once more as BASE.PART, since layers may share it, and marks the first. False if there is none. */
static bool claim(TensorFile *file, bool *claimed, int claimed_count, Wire name, const char *base, const char *part, float eps, Err *err)
{
    char text[160];
    const FileTensor *stored = onnx_find(file, name);
    if (stored == NULL)
        return err_set(err, "%s: the graph's tensor for %s.%s is not in the file; export the model with all its weights", file->path, base, part);
    const int index = (int)(stored - file->tensors), length = snprintf(text, sizeof text, "%s.%s", base, part);
    FileTensor copy = *stored;
    FileTensor *t = tensor_file_add(file, text, (size_t)length, err);
    if (t == NULL)
        return false;
    memcpy(copy.name, t->name, sizeof copy.name);
    copy.norm_eps = eps;
    *t = copy;
    if (index < claimed_count)
        claimed[index] = true;
    return true;
}

/* Removes what was claimed: only its copies have the right names. */
static void drop_claimed(TensorFile *file, const bool *claimed, int claimed_count)
{
    int kept = 0;
    for (int i = 0; i < file->count; i++)
        if (i >= claimed_count || !claimed[i])
            file->tensors[kept++] = file->tensors[i];
    file->count = kept;
}

typedef struct Parts {
    const char *weight, *bias, *norm[4];
} Parts;

static const Parts torch_parts = {"conv.weight", "conv.bias", {"bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"}},
                   caffe_parts = {"weight", "bias", {"gamma", "beta", "mean", "var"}};

/* Names the tensors of the index-th convolution. folded: torchvision's, whose batch norm is in its weights and bias. */
static bool claim_conv(TensorFile *file, bool *claimed, int count, const OnnxGraph *graph, int index, bool folded, Err *err)
{
    const OnnxConv *conv = &graph->convs[index];
    const Parts *parts = graph->lrn ? &caffe_parts : &torch_parts;
    char layer[NET_NAME_MAX], base[100];
    conv_name(index, layer, sizeof layer);
    their_name(layer, graph->lrn, base, sizeof base);
    if (!claim(file, claimed, count, conv->weight, base, parts->weight, 0.0f, err))
        return false;
    if (conv->bias.at != NULL && !claim(file, claimed, count, conv->bias, base, folded ? "bn.bias" : parts->bias, 0.0f, err))
        return false;
    for (int i = 0; i < 4 && conv->norm[0].at != NULL; i++)
        if (!claim(file, claimed, count, conv->norm[i], base, parts->norm[i], i == 3 ? conv->eps : 0.0f, err))
            return false;
    if (!folded)
        return true;
    const int64_t channels = (int64_t)file->tensors[file->count - 1].count;
    if (conv->bias.at == NULL || channels > CHANNELS_MAX)
        return err_set(err, "%s: convolution %d of %d has no bias, or one of too many numbers, so not a GoogLeNet", file->path, index + 1, ONNX_CONVS);
    return add_identity_norm(file, base, channels, err);
}

static bool claim_last(TensorFile *file, bool *claimed, int count, const OnnxGraph *graph, Err *err)
{
    const OnnxConv *conv = &graph->convs[ONNX_CONVS];
    const Wire weight = graph->dense_count == 1 ? graph->dense.weight : conv->weight, bias = graph->dense_count == 1 ? graph->dense.bias : conv->bias;
    char base[100];
    their_name("fc", graph->lrn, base, sizeof base);
    return claim(file, claimed, count, weight, base, "weight", 0.0f, err) && claim(file, claimed, count, bias, base, "bias", 0.0f, err);
}

static bool rename_by_order(TensorFile *file, const OnnxGraph *graph, Err *err)
{
    const FileTensor *fifth = onnx_find(file, graph->convs[STEM + 4].weight); /* 3a/5x5; it is 3x3 in torchvision's network */
    const bool norm = graph->convs[0].norm[0].at != NULL;
    const bool folded = !graph->lrn && !norm && fifth != NULL && fifth->dim_count == 4 && fifth->dims[2] == 3;
    const int count = file->count;
    if (!order_is_known(graph))
        return err_set(err,
                       "%s: an ONNX graph whose tensor names are not GoogLeNet's and whose convolutions are in another "
                       "order than in PyTorch's exports; export it again with torch.onnx.export, or save a .pth",
                       file->path);
    bool *claimed = calloc((size_t)count + 1, sizeof *claimed);
    bool good = claimed != NULL || err_set(err, "%s: not enough memory", file->path);
    for (int i = 0; good && i < ONNX_CONVS; i++)
        good = claim_conv(file, claimed, count, graph, i, folded, err);
    good = good && claim_last(file, claimed, count, graph, err);
    if (good) {
        drop_claimed(file, claimed, count);
        tensor_file_remark(file, "tensors named by the order of the graph's convolutions%s", folded ? ", batch norm folded into them" : "");
    }
    free(claimed);
    return good;
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
 * Folding of batch norm leaves numbers for both names, or only the weight's name. Convolutions without bias have batch norm. */
static bool named_by_layer(const OnnxGraph *graph)
{
    static const char *const ends[][2] = {{".weight", ".bias"}, {"_w_0", "_b_0"}, {"_w", "_b"}};
    for (int i = 0; i < ONNX_CONVS; i++) {
        const OnnxConv *conv = &graph->convs[i];
        Wire weight, bias;
        bool named = conv->bias.at == NULL && ends_with(conv->weight, ".weight", &weight);
        for (size_t e = 0; !named && e < sizeof ends / sizeof ends[0]; e++)
            named = ends_with(conv->weight, ends[e][0], &weight) && ends_with(conv->bias, ends[e][1], &bias) && wire_same(weight, bias);
        for (int k = 0; named && k < 4 && conv->norm[0].at != NULL; k++)
            named = ends_with(conv->norm[k], k == 0 ? ".weight" : k == 1 ? ".bias" : k == 2 ? ".running_mean" : ".running_var", &weight);
        if (!named)
            return false;
    }
    return true;
}

/* Treats an (in, out) weight of the last layer as (out, in). */
static void transpose_last(TensorFile *file, const OnnxGraph *graph)
{
    FileTensor *weight = graph->dense_count == 1 && graph->dense.columns ? onnx_find(file, graph->dense.weight) : NULL;
    if (weight != NULL && weight->dim_count == 2) {
        int64_t d = weight->dims[0], s = weight->strides[0];
        weight->dims[0] = weight->dims[1], weight->strides[0] = weight->strides[1];
        weight->dims[1] = d, weight->strides[1] = s;
    }
}

/* The epsilons of batch norm whose tensors keep their names. */
static void note_epsilons(TensorFile *file, const OnnxGraph *graph)
{
    for (int i = 0; i < graph->conv_count && i < ONNX_CONVS_MAX; i++) {
        FileTensor *variance = onnx_find(file, graph->convs[i].norm[3]);
        if (variance != NULL)
            variance->norm_eps = graph->convs[i].eps;
    }
}

bool onnx_name_tensors(TensorFile *file, const OnnxGraph *graph, Err *err)
{
    const int layers = graph->conv_count + graph->dense_count;
    bool known = false;
    for (int i = 0; i < file->count; i++)
        known = known || strstr(file->tensors[i].name, "inception") != NULL || strstr(file->tensors[i].name, "conv1.conv") != NULL;
    transpose_last(file, graph);
    if (graph->dense_count <= 1 && graph->conv_count >= ONNX_CONVS && layers == ONNX_CONVS + 1 && !(known && named_by_layer(graph)))
        return rename_by_order(file, graph, err);
    note_epsilons(file, graph);
    if (known)
        rename_caffe2(file);
    if (!known && graph->conv_count > 0 && file->network == NULL)
        snprintf(file->remark, sizeof file->remark, "its graph has %d convolutions%s, a GoogLeNet's %d", graph->conv_count,
                 graph->conv_count == 94 || graph->conv_count == 96 ? ", as Inception v3's (299 x 299 pixels)" : "", ONNX_CONVS);
    return true;
}
