/* weights_fit.c - from a list of named tensors to a network and its weights; the same for every format.
 *
 * weights_choose.c chooses the network. The class count comes from the last layer. Then every parameter of the main path must be
 * in the file with its shape, and everything in the file must be used or be on the list of weights_rest.c. A file that fits only
 * partly is refused with a list of what is missing; none of it is used. */
#include "engine/base/clear.h"
#include "engine/base/thread.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "engine/io/weights_choose.h"
#include "engine/io/weights_match.h"
#include "engine/io/weights_norm.h"
#include "engine/io/weights_rest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note_add(WeightsInfo *info, const char *text)
{
    size_t length = strlen(info->note);
    snprintf(info->note + length, sizeof info->note - length, "%s%s", length > 0 ? "; " : "", text);
}

/* Tensors of the heads that are used, and those that may be left out. */
static void note_tensors(const TensorFile *file, const Match *match, WeightsInfo *info)
{
    const Net *net = match->net;
    char text[300];
    int used_heads = 0;
    for (int i = 0; i < net->param_count; i++)
        used_heads += match->tensors[i] != NULL && net->layers[net->params[i].layer].head > 0;
    if (used_heads > 0) {
        snprintf(text, sizeof text, "%d aux tensors kept for the training view, unused in prediction", used_heads);
        note_add(info, text);
    }
    rest_note(file, match, text, sizeof text);
    if (text[0] != '\0')
        note_add(info, text);
}

/* What is unusual about the last layer and the heads. */
static void note_heads(const Match *match, const char *lacking, WeightsInfo *info)
{
    char text[300];
    if (match->last[0] != '\0') {
        snprintf(text, sizeof text, "%.100s is the last layer, usually %s", match->last, match->naming == NAMING_CAFFE ? "loss3/classifier" : "fc");
        note_add(info, text);
    }
    if (info->classes == 1)
        note_add(info, "one output, so its sigmoid is the probability");
    if (lacking[0] != '\0') {
        snprintf(text, sizeof text, "auxiliary heads not used: %s; prediction does not need them, training begins with new ones", lacking);
        note_add(info, text);
    } else if (!info->heads && match->net->head_count > 1) {
        note_add(info, "no auxiliary heads in the file, so they are untrained");
    } else if (strcmp(match->net->name, "torchvision_googlenet") == 0 && info->heads && info->classes == 1000) {
        note_add(info, "torchvision never trained the heads of its 1000-class file");
    }
}

static void fill_notes(const TensorFile *file, const Match *match, const char *lacking, const float *weights, WeightsInfo *info)
{
    const Net *net = match->net;
    char norm[200];
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
    norm_note(match, norm, sizeof norm);
    if (norm[0] != '\0')
        note_add(info, norm);
    note_heads(match, lacking, info);
    note_tensors(file, match, info);
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
    const int classes = good ? match_classes(match) : 0;
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
static float *take_weights(TensorFile *file, const Match *match, const char *lacking, WeightsInfo *info)
{
    const Net *net = match->net;
    float *values = cleared_new(net->weight_count, sizeof *values); /* unused pages of missing heads take no memory */
    if (values == NULL)
        return NULL;
    info->half = true;
    for (int i = 0; i < net->param_count; i++) {
        const FileTensor *tensor = match->tensors[i];
        if (tensor == NULL && !match_folds(match, net->params[i].layer))
            continue;
        thread_yield();
        const bool copied = norm_take(match, i, values + net->params[i].offset);
        info->half = info->half && copied && tensor->dtype == DTYPE_F16;
    }
    info->classes = net_scores(net, 0);
    info->trained = file->trained; /* ownership moves to info */
    file->trained = NULL;
    snprintf(info->path, sizeof info->path, "%s", file->path);
    snprintf(info->network, sizeof info->network, "%s", net->name);
    fill_notes(file, match, lacking, values, info);
    fill_labels(file, info);
    return values;
}

bool weights_load_unless(Stop *stop, const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                         WeightsInfo *info, Err *err)
{
    char name[1024], lacking[200];
    WeightsInfo found = {0};
    Match match = {0};
    float *values = NULL;
    TensorFile *file = tensor_file_open_unless(stop, path, err);
    if (file == NULL)
        return false;
    Net *built = choose_network(file, network, networks_dir, name, sizeof name, found.why, sizeof found.why, err)
                     ? open_for(file, name, networks_dir, &match, err)
                     : NULL;
    if (built != NULL && rest_check(file, &match, &found.heads, lacking, err)) {
        values = take_weights(file, &match, lacking, &found);
        if (values == NULL)
            err_set(err, "%s: not enough memory for %zu weights", path, built->weight_count);
    }
    match_free(&match);
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
