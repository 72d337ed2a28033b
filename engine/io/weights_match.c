/* weights_match.c - see weights_match.h. */
#include "engine/io/weights_match.h"
#include "engine/io/weights_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void param_name(const Net *net, int param, Naming naming, char *out, size_t size)
{
    if (naming == NAMING_CAFFE)
        param_caffe_name(net, param, out, size);
    else
        param_torch_name(net, param, out, size);
}

void match_name(const Match *match, int param, char *out, size_t size)
{
    param_name(match->net, param, match->naming, out, size);
}

bool name_is_of_head(const char *name)
{
    static const char *const beginnings[] = {"aux1.", "aux2.", "loss1/", "loss2/"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

bool match_shapes(const FileTensor *tensor, const Param *p)
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

/* ---- batch norm ---- */

static const FileTensor *find_part(const TensorFile *file, const char *stem, int length, const char *part)
{
    char name[200];
    snprintf(name, sizeof name, "%.*s.%s", length, stem, part);
    return tensor_file_find(file, name);
}

/* The length of "conv1.batchnorm", if the one batch norm below "conv1." has that name; else 0. */
static int norm_stem(const TensorFile *file, const char *base, const char **stem)
{
    static const char end[] = ".running_var";
    const size_t before = strlen(base);
    int found = 0, length = 0;
    for (int i = 0; i < file->count; i++) {
        const char *name = file->tensors[i].name;
        const size_t size = strlen(name);
        if (size < before + sizeof end || strncmp(name, base, before) != 0 || name[before] != '.' || strcmp(name + size - (sizeof end - 1), end) != 0 ||
            memchr(name + before + 1, '.', size - (sizeof end - 1) - before - 1) != NULL)
            continue;
        found++;
        *stem = name;
        length = (int)(size - (sizeof end - 1));
    }
    return found == 1 ? length : 0;
}

static FileNorm find_norm(const TensorFile *file, const char *layer, Naming naming)
{
    static const char *const parts[][4] = {[NAMING_TORCH] = {"weight", "bias", "running_mean", "running_var"},
                                           [NAMING_CAFFE] = {"gamma", "beta", "mean", "var"}};
    char base[2 * NET_NAME_MAX];
    const char *stem = base;
    int length = 0;
    if (naming == NAMING_TORCH) {
        layer_torch_name(layer, base, sizeof base);
        length = norm_stem(file, base, &stem);
    } else {
        length = snprintf(base, sizeof base, "%s", layer_caffe_name(layer));
    }
    FileNorm norm = {0};
    if (length == 0)
        return norm;
    norm.gamma = find_part(file, stem, length, parts[naming][0]);
    norm.beta = find_part(file, stem, length, parts[naming][1]);
    norm.mean = find_part(file, stem, length, parts[naming][2]);
    norm.var = find_part(file, stem, length, parts[naming][3]);
    if (norm.gamma == NULL || norm.beta == NULL || norm.mean == NULL || norm.var == NULL)
        return (FileNorm){0};
    norm.bias = naming == NAMING_TORCH ? find_part(file, base, (int)strlen(base), "conv.bias") : find_part(file, base, (int)strlen(base), "bias");
    return norm;
}

/* Where the network has batch norm as well, its parts take the places of the parameters. */
static void match_norms(const TensorFile *file, Match *match)
{
    const Net *net = match->net;
    for (int l = 0; l < net->layer_count; l++) {
        const Layer *layer = &net->layers[l];
        if (layer->op != OP_CONV || layer->weight < 0)
            continue;
        const FileNorm norm = find_norm(file, layer->name, match->naming);
        match->norms[l] = norm;
        if (norm.var == NULL || !layer->bn)
            continue;
        match->tensors[layer->bn_param] = norm.gamma;
        match->tensors[layer->bn_param + 1] = norm.beta;
        match->tensors[layer->bn_param + 2] = norm.mean;
        match->tensors[layer->bn_param + 3] = norm.var;
    }
}

bool match_folds(const Match *match, int layer)
{
    return match->norms[layer].var != NULL && !match->net->layers[layer].bn;
}

const FileTensor *match_bad_norm(const Match *match, int layer)
{
    const FileNorm *n = &match->norms[layer];
    const FileTensor *parts[] = {n->gamma, n->beta, n->mean, n->var, n->bias};
    for (int i = 0; n->var != NULL && i < (n->bias != NULL ? 5 : 4); i++)
        if (parts[i]->count != (size_t)match->net->layers[layer].out.c || !tensor_is_float(parts[i]))
            return parts[i];
    return NULL;
}

/* ---- the last layer ---- */

/* Whether the tensors X.weight (N, in) and X.bias (N) may be the last layer, whose weights have this many columns. */
static const FileTensor *bias_of_last(const TensorFile *file, const FileTensor *weight, size_t columns)
{
    static const char end[] = ".weight";
    const size_t size = strlen(weight->name);
    if (size < sizeof end || strcmp(weight->name + size - (sizeof end - 1), end) != 0 || name_is_of_head(weight->name))
        return NULL;
    const FileTensor *bias = find_part(file, weight->name, (int)(size - (sizeof end - 1)), "bias");
    if (bias == NULL || bias->count == 0 || weight->count / bias->count != columns || weight->count % bias->count != 0)
        return NULL;
    int d = 0;
    while (d < weight->dim_count && weight->dims[d] == 1)
        d++;
    return bias->count == 1 || (d < weight->dim_count && (size_t)weight->dims[d] == bias->count) ? bias : NULL;
}

/* People replace the last layer by one of another name: fc.1 of a Sequential, loss3/classifier_flowers. */
static void match_last(const TensorFile *file, Match *match)
{
    const Net *net = match->net;
    const int scorer = net_scorer(net, 0);
    const Layer *layer = scorer >= 0 ? &net->layers[scorer] : NULL;
    const FileTensor *weight = NULL, *bias = NULL;
    int found = 0;
    if (layer == NULL || layer->weight < 0 || layer->bias_param < 0 || match->tensors[layer->weight] != NULL ||
        match->tensors[layer->bias_param] != NULL)
        return;
    const Param *p = &net->params[layer->weight];
    for (int i = 0; i < file->count; i++) {
        const FileTensor *b = match->used[i] ? NULL : bias_of_last(file, &file->tensors[i], p->count / (size_t)p->dims[0]);
        if (b == NULL || match->used[b - file->tensors])
            continue;
        found++;
        weight = &file->tensors[i];
        bias = b;
    }
    if (found != 1)
        return;
    match->tensors[layer->weight] = weight;
    match->tensors[layer->bias_param] = bias;
    snprintf(match->last, sizeof match->last, "%.*s", (int)(strlen(weight->name) - strlen(".weight")), weight->name);
}

int match_classes(const Match *match)
{
    const Net *net = match->net;
    const int scorer = net_scorer(net, 0), weight = scorer >= 0 ? net->layers[scorer].weight : -1;
    const FileTensor *tensor = weight >= 0 ? match->tensors[weight] : NULL;
    size_t columns = tensor != NULL ? net->params[weight].count / (size_t)net->params[weight].dims[0] : 1;
    if (tensor == NULL || tensor->count == 0 || tensor->count % columns != 0 || tensor->count / columns > 1000000)
        return 0;
    return (int)(tensor->count / columns);
}

/* ---- all ---- */

static void mark(const TensorFile *file, Match *match, const FileTensor *tensor)
{
    if (tensor != NULL)
        match->used[tensor - file->tensors] = true;
}

static void mark_used(const TensorFile *file, Match *match)
{
    for (int i = 0; i < match->net->param_count; i++)
        mark(file, match, match->tensors[i]);
    for (int l = 0; l < match->net->layer_count; l++) {
        const FileNorm *n = &match->norms[l];
        const FileTensor *parts[] = {n->gamma, n->beta, n->mean, n->var, n->bias};
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            mark(file, match, parts[i]);
    }
}

void match_free(Match *match)
{
    free(match->tensors);
    free(match->norms);
    free(match->used);
    *match = (Match){0};
}

bool match_params(const TensorFile *file, const Net *net, Match *match)
{
    match_free(match);
    *match = (Match){.net = net, .naming = NAMING_CAFFE, .tensors = calloc((size_t)net->param_count + 1, sizeof *match->tensors),
                     .norms = calloc((size_t)net->layer_count, sizeof *match->norms), .used = calloc((size_t)file->count + 1, sizeof *match->used)};
    if (match->tensors == NULL || match->norms == NULL || match->used == NULL) {
        match_free(match);
        return false;
    }
    const int torch = find_tensors(file, net, NAMING_TORCH, match->tensors);
    if (find_tensors(file, net, NAMING_CAFFE, match->tensors) <= torch) {
        match->naming = NAMING_TORCH;
        find_tensors(file, net, NAMING_TORCH, match->tensors);
    }
    match_norms(file, match);
    mark_used(file, match);
    match_last(file, match);
    mark_used(file, match);
    return true;
}
