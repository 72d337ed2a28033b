/* weights_take.c - what a training that begins with a weight file takes from it; see weights_take in weights.h. */
#include "engine/base/clear.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "engine/io/weights_choose.h"
#include "engine/io/weights_match.h"
#include "engine/io/weights_norm.h"
#include "engine/io/weights_rest.h"

#include <stdlib.h>
#include <string.h>

/* Whether every parameter of the layer is in the file, in its shape. */
static bool layer_fits(const Match *match, int layer)
{
    const Net *net = match->net;
    const bool folds = match_folds(match, layer);
    if (match_bad_norm(match, layer) != NULL || (folds && !net->layers[layer].bias))
        return false;
    for (int i = 0; i < net->param_count; i++) {
        const FileTensor *tensor = match->tensors[i];
        if (net->params[i].layer != layer || (tensor == NULL && folds && net->params[i].kind == PARAM_BIAS))
            continue;
        if (tensor == NULL || !match_shapes(tensor, &net->params[i]) || !tensor_is_float(tensor))
            return false;
    }
    return true;
}

/* Whether the file names its classes, and not as they are now. */
static bool other_names(const TensorFile *file, char *const *classes, int count)
{
    Err unused;
    int named = 0;
    char **labels;
    if (file->labels == NULL || !labels_parse(file->labels, strlen(file->labels), "labels in the file", &labels, &named, &unused))
        return false;
    bool other = named != count;
    for (int i = 0; i < count && !other; i++)
        other = strcmp(labels[i], classes[i]) != 0;
    labels_free(labels, named);
    return other;
}

/* The tensors of the file that no parameter took. */
static int count_left(const TensorFile *file, const Match *match, const bool *params)
{
    int left = 0;
    for (int t = 0; t < file->count; t++) {
        bool used = match->used[t]; /* a batch norm that is folded is no parameter */
        for (int i = 0; i < match->net->param_count; i++)
            if (match->tensors[i] == &file->tensors[t])
                used = params[i];
        left += !used && !rest_allowed(file, &file->tensors[t]);
    }
    return left;
}

static bool take_all(const TensorFile *file, const Match *match, char *const *classes, WeightsTaken *w, Err *err)
{
    const Net *net = match->net;
    const int scorer = net_scorer(net, 0);
    int besides = 0;
    w->values = cleared_new(net->weight_count, sizeof *w->values);
    w->params = calloc((size_t)net->param_count + 1, sizeof *w->params);
    if (w->values == NULL || w->params == NULL)
        return err_set(err, "%s: not enough memory for %zu weights", file->path, net->weight_count);
    const bool renamed = other_names(file, classes, net_scores(net, 0));
    for (int i = 0; i < net->param_count; i++) {
        const int layer = net->params[i].layer;
        w->params[i] = layer_fits(match, layer) && !(renamed && layer == net_scorer(net, net->layers[layer].head));
        if (w->params[i])
            norm_take(match, i, w->values + net->params[i].offset);
        thread_yield();
        w->taken += w->params[i];
        w->lacking += !w->params[i];
        besides += w->params[i] && layer != scorer;
        w->classifier = w->classifier || (w->params[i] && layer == scorer);
    }
    w->left = count_left(file, match, w->params);
    return besides > 0 || err_set(err, "%s: none of its %d tensors fits network %s; choose the network that the file is for with --network, or other weights",
                                  file->path, file->count, net->name);
}

bool weights_take(const char *path, const char *network, const char *networks_dir, const NetOptions *options, char *const *classes,
                  WeightsTaken *out, Err *err)
{
    char name[1024];
    WeightsTaken w = {0};
    Match match = {0};
    TensorFile *file = tensor_file_open(path, err);
    if (file == NULL)
        return false;
    bool good = choose_network(file, network, networks_dir, name, sizeof name, w.why, sizeof w.why, err);
    good = good && (w.net = net_open(name, networks_dir, options, err)) != NULL;
    if (good && !match_params(file, w.net, &match))
        good = err_set(err, "%s: not enough memory for its list of tensors", path);
    if (good)
        w.classes = match_classes(&match);
    good = good && take_all(file, &match, classes, &w, err);
    match_free(&match);
    tensor_file_free(file);
    if (good)
        *out = w;
    else
        weights_taken_free(&w);
    return good;
}

void weights_taken_free(WeightsTaken *w)
{
    net_free(w->net);
    free(w->values);
    free(w->params);
    *w = (WeightsTaken){.net = NULL};
}
