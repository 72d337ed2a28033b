/* weights_fit.c - from a list of named tensors to a network and its weights; the same for every format.
 *
 * The network is the caller's choice, else the file's own `network`, else the names decide: Caffe's layer names mean
 * bvlc_googlenet, PyTorch's with batch norm torchvision_googlenet, PyTorch's with conv biases googlenet. The class count comes
 * from the last layer. Then every parameter of the main path must be in the file with its shape. A file that fits only partly is
 * refused with a list of what is missing; none of it is used. */
#include "engine/base/thread.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "engine/io/weights_names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum Naming { NAMING_TORCH, NAMING_CAFFE } Naming;

static bool any_name(const TensorFile *file, const char *part)
{
    for (int i = 0; i < file->count; i++)
        if (strstr(file->tensors[i].name, part) != NULL)
            return true;
    return false;
}

/* A network's parameters and the file's tensors for them. */
typedef struct Match {
    const Net *net;
    Naming naming;
    const FileTensor **tensors; /* by parameter, NULL if the file has none; owned */
} Match;

static void param_name(const Net *net, int param, Naming naming, char *out, size_t size)
{
    if (naming == NAMING_CAFFE)
        param_caffe_name(net, param, out, size);
    else
        param_torch_name(net, param, out, size);
}

/* Returns the number of tensors found. */
static int find_tensors(const TensorFile *file, const Net *net, Naming naming, const FileTensor **tensors)
{
    int found = 0;
    for (int i = 0; i < net->param_count; i++) {
        char name[160];
        param_name(net, i, naming, name, sizeof name);
        tensors[i] = tensor_file_find(file, name);
        found += tensors[i] != NULL;
    }
    return found;
}

/* Uses the names that match more of the network's parameters. False if out of memory. */
static bool match_params(const TensorFile *file, const Net *net, Match *match)
{
    const FileTensor **tensors = calloc((size_t)net->param_count + 1, sizeof *tensors);
    free(match->tensors);
    *match = (Match){.net = net, .naming = NAMING_CAFFE, .tensors = tensors};
    if (tensors == NULL)
        return false;
    const int torch = find_tensors(file, net, NAMING_TORCH, tensors);
    if (find_tensors(file, net, NAMING_CAFFE, tensors) > torch)
        return true;
    match->naming = NAMING_TORCH;
    find_tensors(file, net, NAMING_TORCH, tensors);
    return true;
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

/* The rule at the top of this file. *why: the part of the rule that decided. */
static bool choose_network(const TensorFile *file, const char *wanted, char *network, size_t size, char *why,
                           size_t why_size, Err *err)
{
    if (any_name(file, "Mixed_5b") || any_name(file, "Conv2d_1a_3x3") || any_name(file, "AuxLogits"))
        return err_set(
            err,
            "%s: these are weights of Inception v3 (299 x 299 pixels); GoogLeNet is Inception v1 (224 x 224), "
            "which has no layer such as Mixed_5b",
            file->path);
    bool caffe = any_name(file, "inception_3a/") || any_name(file, "conv1/7x7_s2");
    bool torch = any_name(file, "inception3a.") || any_name(file, "conv1.conv.");
    bool norm = any_name(file, ".bn.running_mean");
    const char *choice, *reason;
    if (wanted != NULL) {
        choice = wanted;
        reason = "as asked for";
    } else if (file->network != NULL) {
        choice = file->network;
        reason = "named in the file";
    } else if (caffe) {
        choice = "bvlc_googlenet";
        reason = "Caffe's layer names";
    } else if (torch && norm) {
        choice = "torchvision_googlenet";
        reason = "PyTorch's names with batch norm";
    } else if (torch) {
        choice = "googlenet";
        reason = "PyTorch's names with conv biases";
    } else {
        return refuse_stranger(file, err);
    }
    if (strlen(choice) >= size)
        return err_set(err, "%s: the network's name is too long", file->path);
    snprintf(network, size, "%s", choice);
    snprintf(why, why_size, "%s, so %s", reason, choice);
    return true;
}

/* Sizes of 1 are ignored, since they do not move any element: Caffe's old (1,1,1000,1024) is (1000,1024). */
static bool shapes_agree(const FileTensor *tensor, const Param *p)
{
    int t = 0, d = 0;
    for (;;) {
        while (t < tensor->dim_count && tensor->dims[t] == 1)
            t++;
        while (d < p->dim_count && p->dims[d] == 1)
            d++;
        if (t == tensor->dim_count || d == p->dim_count)
            return t == tensor->dim_count && d == p->dim_count;
        if (tensor->dims[t++] != p->dims[d++])
            return false;
    }
}

/* Rows of the weights that compute the scores, or 0. */
static int file_classes(const Match *match)
{
    const Net *net = match->net;
    const int scorer = net_scorer(net, 0), weight = scorer >= 0 ? net->layers[scorer].weight : -1;
    const FileTensor *tensor = weight >= 0 ? match->tensors[weight] : NULL;
    size_t columns = tensor != NULL ? net->params[weight].count / (size_t)net->params[weight].dims[0] : 1;
    if (tensor == NULL || tensor->count == 0 || tensor->count % columns != 0 || tensor->count / columns > 1000000)
        return 0;
    return (int)(tensor->count / columns);
}

static void dims_text(const int64_t *dims, int count, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (int i = 0; i < count && length < size; i++)
        length += (size_t)snprintf(out + length, size - length, "%s%lld", i > 0 ? "x" : "", (long long)dims[i]);
}

static void list_add(char *list, size_t size, int number, const char *name)
{
    size_t length = strlen(list);
    if (number < 4)
        snprintf(list + length, size - length, "%s%s", number > 0 ? ", " : "", name);
    else if (number == 4)
        snprintf(list + length, size - length, ", ...");
}

/* Why a file does not fit a network, for one message. */
typedef struct Misfit {
    int needed, missing, mismatched, head_missing, head_found; /* needed: on the main path */
    char missing_names[220], first_mismatch[300];
} Misfit;

static void add_mismatch(Misfit *misfit, const FileTensor *tensor, const Param *p)
{
    char has[60], needs[60];
    int64_t dims[4];
    if (misfit->mismatched++ > 0)
        return;
    for (int d = 0; d < p->dim_count; d++)
        dims[d] = p->dims[d];
    dims_text(tensor->dims, tensor->dim_count, has, sizeof has);
    dims_text(dims, p->dim_count, needs, sizeof needs);
    snprintf(misfit->first_mismatch, sizeof misfit->first_mismatch, "%s is %s, not %s", tensor->name, has, needs);
}

static bool refuse_misfit(const TensorFile *file, const Net *net, const Misfit *misfit, Err *err)
{
    char shapes[360] = "", missing[290] = "";
    if (misfit->mismatched > 0)
        snprintf(shapes, sizeof shapes, "; %d of another shape (%s)", misfit->mismatched, misfit->first_mismatch);
    if (misfit->missing > 0)
        snprintf(missing, sizeof missing, "; %d of %d missing (%s)", misfit->missing, misfit->needed,
                 misfit->missing_names);
    return err_set(err,
                   "%s: does not fit network %s, nothing was loaded%s%s; save the whole state_dict, or choose another network "
                   "with --network",
                   file->path, net->name, shapes, missing);
}

/* Checks that all parameters of the main path are there with their shapes, and of the heads either all or none. */
static bool check(const TensorFile *file, const Match *match, bool *heads, Err *err)
{
    const Net *net = match->net;
    Misfit misfit = {0};
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        const FileTensor *tensor = match->tensors[i];
        bool head = net->layers[p->layer].head > 0;
        char name[160];
        param_name(net, i, match->naming, name, sizeof name);
        if (tensor == NULL && head)
            misfit.head_missing++;
        else if (tensor == NULL)
            list_add(misfit.missing_names, sizeof misfit.missing_names, misfit.missing++, name);
        else if (!shapes_agree(tensor, p))
            add_mismatch(&misfit, tensor, p);
        else if (tensor->dtype == DTYPE_OTHER || tensor->dtype == DTYPE_I64)
            return err_set(err, "%s: tensor %s holds integers; weights are F32, F16, BF16 or F64", file->path,
                           tensor->name);
        misfit.head_found += head && tensor != NULL;
        misfit.needed += !head;
    }
    if (misfit.missing > 0 || misfit.mismatched > 0)
        return refuse_misfit(file, net, &misfit, err);
    if (misfit.head_found > 0 && misfit.head_missing > 0)
        return err_set(err, "%s: has %d of the %d tensors of the auxiliary heads; save it with all of them or with none",
                       file->path, misfit.head_found, misfit.head_found + misfit.head_missing);
    *heads = misfit.head_found > 0;
    return true;
}

static void note_add(WeightsInfo *info, const char *text)
{
    size_t length = strlen(info->note);
    snprintf(info->note + length, sizeof info->note - length, "%s%s", length > 0 ? "; " : "", text);
}

/* Tensors that belong to no parameter. BN's num_batches_tracked is a counter that prediction does not need. */
static void note_unused(const TensorFile *file, const Match *match, WeightsInfo *info)
{
    const Net *net = match->net;
    char list[300] = "", text[400];
    int unused = 0, used_heads = 0;
    bool *used = calloc((size_t)file->count, sizeof *used);
    for (int i = 0; used != NULL && i < net->param_count; i++) {
        const FileTensor *tensor = match->tensors[i];
        if (tensor != NULL) {
            used[tensor - file->tensors] = true;
            used_heads += net->layers[net->params[i].layer].head > 0;
        }
    }
    for (int i = 0; used != NULL && i < file->count; i++)
        if (!used[i] && strstr(file->tensors[i].name, "num_batches_tracked") == NULL)
            list_add(list, sizeof list, unused++, file->tensors[i].name);
    free(used);
    if (used_heads > 0) {
        snprintf(text, sizeof text, "%d aux tensors kept for the training view, unused in prediction", used_heads);
        note_add(info, text);
    }
    if (unused > 0) {
        snprintf(text, sizeof text, "%d tensor%s not used: %s", unused, unused > 1 ? "s" : "", list);
        note_add(info, text);
    }
}

static void fill_notes(const TensorFile *file, const Match *match, const float *weights, WeightsInfo *info)
{
    const Net *net = match->net;
    bool lrn = false;
    size_t odd = 0;
    for (int i = 0; i < net->layer_count; i++)
        lrn = lrn || net->layers[i].op == OP_LRN;
    for (size_t i = 0; i < net->weight_count; i++)
        odd += !isfinite(weights[i]);
    if (odd > 0) {
        char text[80];
        snprintf(text, sizeof text, "%zu weights are not finite numbers", odd);
        note_add(info, text);
    }
    if (match->naming == NAMING_CAFFE && !lrn)
        note_add(info, "these weights were trained with LRN layers, which this network does not have");
    if (file->prefix[0] != '\0') {
        char text[60];
        snprintf(text, sizeof text, "'%s' removed from the names", file->prefix);
        note_add(info, text);
    }
    if (file->remark[0] != '\0')
        note_add(info, file->remark);
    if (file->nested[0] != '\0') {
        char text[80];
        snprintf(text, sizeof text, "taken from the checkpoint's '%s'", file->nested);
        note_add(info, text);
    }
    if (!info->heads && net->head_count > 1)
        note_add(info, "no auxiliary heads in the file, so they are untrained");
    else if (strcmp(net->name, "torchvision_googlenet") == 0 && info->heads && info->classes == 1000)
        note_add(info, "torchvision never trained the heads of its 1000-class file");
    note_unused(file, match, info);
}

static void fill_labels(const TensorFile *file, WeightsInfo *info)
{
    if (file->labels != NULL) {
        Err reason;
        int count;
        char **labels;
        if (!labels_parse(file->labels, strlen(file->labels), "labels in the file", &labels, &count, &reason)) {
            note_add(info, reason.text);
        } else if (count != info->classes) {
            char text[100];
            snprintf(text, sizeof text, "%d class names in the file for %d classes, not used", count, info->classes);
            note_add(info, text);
            labels_free(labels, count);
        } else {
            info->labels = labels;
            info->label_count = count;
            return;
        }
    }
    Err unused;
    if (labels_beside(file->path, info->classes, &info->labels, &unused))
        info->label_count = info->classes;
    else if (unused.text[0] != '\0')
        note_add(info, unused.text);
}

/* Opens the network with as many classes as the file has, and matches its parameters. */
static Net *open_for(const TensorFile *file, const char *network, const char *networks_dir, Match *match, Err *err)
{
    Err reason;
    Net *net = net_open(network, networks_dir, NULL, &reason);
    if (net == NULL) {
        err_set(err, "%s: network %s: %s", file->path, network, reason.text);
        return NULL;
    }
    bool good = match_params(file, net, match);
    const int classes = good ? file_classes(match) : 0;
    if (classes > 0 && classes != net_scores(net, 0)) {
        NetOptions options = {.classes = classes};
        net_free(net);
        net = net_open(network, networks_dir, &options, &reason);
        if (net == NULL) {
            err_set(err, "%s: network %s with %d classes: %s", file->path, network, classes, reason.text);
            return NULL;
        }
        good = match_params(file, net, match);
    }
    if (good)
        return net;
    net_free(net);
    err_set(err, "%s: not enough memory for its list of tensors", file->path);
    return NULL;
}

/* The weights in the network's order; fills info. NULL if out of memory. */
static float *take_weights(TensorFile *file, const Match *match, WeightsInfo *info)
{
    const Net *net = match->net;
    float *values = calloc(net->weight_count, sizeof *values); /* unused pages of missing heads take no memory */
    if (values == NULL)
        return NULL;
    info->half = true;
    for (int i = 0; i < net->param_count; i++) {
        const FileTensor *tensor = match->tensors[i];
        if (tensor == NULL)
            continue;
        thread_yield();
        tensor_copy(tensor, values + net->params[i].offset);
        info->half = info->half && tensor->dtype == DTYPE_F16;
    }
    info->classes = net_scores(net, 0);
    info->trained = file->trained; /* ownership moves to info */
    file->trained = NULL;
    snprintf(info->path, sizeof info->path, "%s", file->path);
    snprintf(info->network, sizeof info->network, "%s", net->name);
    fill_notes(file, match, values, info);
    fill_labels(file, info);
    return values;
}

bool weights_load_unless(Stop *stop, const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                         WeightsInfo *info, Err *err)
{
    char name[1024];
    WeightsInfo found = {0};
    Match match = {0};
    float *values = NULL;
    TensorFile *file = tensor_file_open_unless(stop, path, err);
    if (file == NULL)
        return false;
    Net *built = choose_network(file, network, name, sizeof name, found.why, sizeof found.why, err)
                     ? open_for(file, name, networks_dir, &match, err)
                     : NULL;
    if (built != NULL && check(file, &match, &found.heads, err)) {
        values = take_weights(file, &match, &found);
        if (values == NULL)
            err_set(err, "%s: not enough memory for %zu weights", path, built->weight_count);
    }
    free(match.tensors);
    tensor_file_free(file);
    if (values == NULL) {
        net_free(built);
        return false;
    }
    *net = built;
    *weights = values;
    *info = found;
    return true;
}

bool weights_load(const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                  WeightsInfo *info, Err *err)
{
    return weights_load_unless(NULL, path, network, networks_dir, net, weights, info, err);
}

void weights_info_free(WeightsInfo *info)
{
    labels_free(info->labels, info->label_count);
    free(info->trained);
    *info = (WeightsInfo){0};
}
