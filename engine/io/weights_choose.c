/* weights_choose.c - see weights_choose.h. */
#include "engine/io/weights_choose.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool any_name(const TensorFile *file, const char *part)
{
    for (int i = 0; i < file->count; i++)
        if (strstr(file->tensors[i].name, part) != NULL)
            return true;
    return false;
}

/* Refuses a file without GoogLeNet's names, and says what it is if the names show it. */
static bool refuse_stranger(const TensorFile *file, Err *err)
{
    static const struct {
        const char *part, *what;
    } known[] = {
        {"layer1.0.", "a ResNet"},
        {"denseblock1", "a DenseNet"},
        {"fire2/", "a SqueezeNet"},
        {".squeeze.weight", "a SqueezeNet"},
        {"relative_position_bias", "a Swin transformer"},
        {"layer_scale", "a ConvNeXt"},
        {".block.0.0.", "an EfficientNet or MobileNet v3"},
        {"features.0.0.", "a MobileNet v2"},
        {"fc6", "an AlexNet or VGG"},
        {"features.0.weight", "an AlexNet or VGG"},
        {"pre_layers.0.weight", "a GoogLeNet for pictures of 32 x 32 pixels"},
        {"conv1/W", "a network of Chainer"},
        {"transformer", "a transformer"},
        {"encoder", "a transformer"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (any_name(file, known[i].part))
            return err_set(err, "%s: the tensors look like those of %s (%s, ...), not of a GoogLeNet", file->path,
                           known[i].what, file->tensors[0].name);
    if (any_name(file, "arr_0"))
        return err_set(err,
                       "%s: its arrays have no names (%s, ...); save them with numpy.savez('weights.npz', **{k: v.numpy() "
                       "for k, v in net.state_dict().items()})",
                       file->path, file->tensors[0].name);
    return err_set(err,
                   "%s: none of its %d tensors (%s, ...) has a GoogLeNet name, neither PyTorch's (conv1.conv.weight) nor "
                   "Caffe's (conv1/7x7_s2.weight)%s%s; the weights of the tutorial's, torchvision's or Caffe's GoogLeNet are "
                   "needed",
                   file->path, file->count, file->tensors[0].name, file->remark[0] != '\0' ? "; " : "", file->remark);
}

/* What tells PyTorch's GoogLeNets apart: the name of the batch norm below conv1 ("" if it has none), whether convolutions have
 * biases, and the kernel of the third branch. */
typedef struct Signs {
    char norm[40];
    bool bias, third_3x3;
} Signs;

static Signs read_signs(const TensorFile *file)
{
    static const char end[] = ".running_var";
    Signs signs = {.bias = tensor_file_find(file, "conv1.conv.bias") != NULL};
    const FileTensor *third = tensor_file_find(file, "inception3a.branch3.1.conv.weight");
    signs.third_3x3 = third != NULL && third->dim_count == 4 && third->dims[2] == 3;
    for (int i = 0; i < file->count; i++) {
        const char *name = file->tensors[i].name;
        const size_t size = strlen(name);
        if (strncmp(name, "conv1.", 6) == 0 && size > 6 + sizeof end - 1 && strcmp(name + size - (sizeof end - 1), end) == 0)
            snprintf(signs.norm, sizeof signs.norm, "%.*s", (int)(size - 6 - (sizeof end - 1)), name + 6);
    }
    return signs;
}

/* PyTorch's names. torchvision's layer has batch norm named bn, no bias, and 3x3 in the third branch. With 5x5 the model is the
 * tutorial's, with or without batch norm added. Anything else is nobody's published model: pools and epsilon are not in the file. */
static bool choose_torch(const TensorFile *file, const char **choice, const char **reason, Err *err)
{
    const Signs signs = read_signs(file);
    if (signs.norm[0] == '\0') {
        *choice = "googlenet";
        *reason = "PyTorch's names with conv biases";
    } else if (strcmp(signs.norm, "bn") == 0 && !signs.bias && (signs.third_3x3 || !any_name(file, "inception3a."))) {
        *choice = "torchvision_googlenet";
        *reason = "PyTorch's names with batch norm";
    } else if (!signs.third_3x3) {
        *choice = "googlenet";
        *reason = "PyTorch's names with batch norm and 5x5 kernels in the third branch";
    } else {
        return err_set(err, "%s: batch norm (%s)%s and 3x3 kernels in the third branch, so neither torchvision's model nor the tutorial's, and the file "
                            "does not tell its pools and its epsilon; copy assets/networks/torchvision_googlenet.net, write them in, and name it with --network",
                       file->path, signs.norm, signs.bias ? ", convolutions with biases" : "");
    }
    return true;
}

/* Whether the name in the metadata is only another spelling of GoogLeNet, such as torchvision's class "GoogLeNet". */
static bool is_foreign_name(const char *name, const char *networks_dir)
{
    static const char *const spellings[] = {"googlenet", "inception_v1", "inceptionv1", "inception"};
    char path[1200];
    snprintf(path, sizeof path, "%s/%s.net", networks_dir, name);
    if (access(path, F_OK) == 0)
        return false;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (strcasecmp(name, spellings[i]) == 0)
            return true;
    return false;
}

bool choose_network(const TensorFile *file, const char *wanted, const char *networks_dir, char *network, size_t size, char *why, size_t why_size,
                    Err *err)
{
    if (any_name(file, "Mixed_5b") || any_name(file, "Conv2d_1a_3x3") || any_name(file, "AuxLogits"))
        return err_set(
            err,
            "%s: these are weights of Inception v3 (299 x 299 pixels); GoogLeNet is Inception v1 (224 x 224), "
            "which has no layer such as Mixed_5b",
            file->path);
    bool caffe = any_name(file, "inception_3a/") || any_name(file, "conv1/7x7_s2");
    bool torch = any_name(file, "inception3a.") || any_name(file, "conv1.conv.");
    const char *choice = "", *reason = "";
    if (wanted != NULL) {
        choice = wanted;
        reason = "as asked for";
    } else if (file->network != NULL && !is_foreign_name(file->network, networks_dir)) {
        choice = file->network;
        reason = "named in the file";
    } else if (caffe) {
        choice = "bvlc_googlenet";
        reason = "Caffe's layer names";
    } else if (torch) {
        if (!choose_torch(file, &choice, &reason, err))
            return false;
    } else {
        return refuse_stranger(file, err);
    }
    if (strlen(choice) >= size)
        return err_set(err, "%s: the network's name is too long", file->path);
    snprintf(network, size, "%s", choice);
    snprintf(why, why_size, "%s, so %s", reason, choice);
    return true;
}
