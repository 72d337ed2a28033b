/* frozen.c - see frozen.h. */
#include "engine/train/frozen.h"

#include <stdlib.h>

/* Whether the layer computes the same from the same maps, without weights. */
static bool follows(Op op)
{
    return op == OP_MAXPOOL || op == OP_AVGPOOL || op == OP_LRN || op == OP_CONCAT;
}

/* Whether all inputs of a layer are marked (all), or any is. */
static bool inputs_marked(const Layer *layer, const bool *marks, bool all)
{
    for (int i = 0; i < layer->input_count; i++)
        if (marks[layer->inputs[i]] != all)
            return !all;
    return all;
}

static void mark_layers(Frozen *f)
{
    for (int l = 0; l < f->net->layer_count; l++) {
        const Layer *layer = &f->net->layers[l];
        f->layers[l] = (layer->head == 0 && l <= f->last) || (follows(layer->op) && inputs_marked(layer, f->layers, true));
        f->others[l] = !f->layers[l];
        f->learns[l] = f->others[l] && (layer->weight >= 0 || inputs_marked(layer, f->learns, false));
    }
}

static void find_edge(Frozen *f)
{
    for (int l = 0; l < f->net->layer_count; l++) {
        bool read = false;
        for (int k = l + 1; k < f->net->layer_count && f->layers[l] && !read; k++)
            read = f->others[k] && layer_reads(&f->net->layers[k], l);
        if (!read)
            continue;
        f->edge[f->edge_count++] = l;
        f->floats += shape_size(f->net->layers[l].out);
    }
}

/* Whether some layer of the main path with weights is marked. */
static bool any_weights(const Net *net, const bool *marks)
{
    for (int l = 0; l < net->main_count; l++)
        if (marks[l] && net->layers[l].weight >= 0)
            return true;
    return false;
}

/* The layer of the main path that `name` means. */
static bool find_last(const Net *net, const char *name, int *last, Err *err)
{
    Address a;
    Err reason;
    if (!net_address(net, name, &a, &reason))
        return err_set(err, "--freeze %s: %s", name, reason.text);
    if (a.channel >= 0 || a.pre)
        return err_set(err, "--freeze %s: only whole layers are frozen; write the layer's name, such as 5b", name);
    if (net->layers[a.layer].head > 0)
        return err_set(err, "--freeze %s: this layer is in the auxiliary head %s; name a layer of the main path, such as %s", name,
                       net->heads[net->layers[a.layer].head].name, net->layers[net->heads[net->layers[a.layer].head].tap].name);
    *last = a.layer;
    return true;
}

Frozen *frozen_new(const Net *net, const char *name, Err *err)
{
    int last;
    if (!find_last(net, name, &last, err))
        return NULL;
    const size_t count = (size_t)net->layer_count;
    Frozen *f = calloc(1, sizeof *f);
    if (f != NULL)
        *f = (Frozen){.net = net, .last = last, .layers = calloc(count, sizeof(bool)), .others = calloc(count, sizeof(bool)),
                      .learns = calloc(count, sizeof(bool)), .edge = calloc(count, sizeof(int))};
    bool good = (f != NULL && f->layers != NULL && f->others != NULL && f->learns != NULL && f->edge != NULL) || err_set(err, "%s: out of memory", net->source);
    if (good) {
        mark_layers(f);
        find_edge(f);
        good = any_weights(net, f->layers) || err_set(err, "--freeze %s: no layer up to this one has weights; leave --freeze out, or name a later layer", name);
    }
    if (good && !any_weights(net, f->others))
        good = err_set(err, "--freeze %s: no layer after this one has weights, so nothing would learn; name an earlier layer", name);
    if (good)
        return f;
    frozen_free(f);
    return NULL;
}

void frozen_free(Frozen *f)
{
    if (f == NULL)
        return;
    free(f->layers);
    free(f->others);
    free(f->learns);
    free(f->edge);
    free(f);
}

bool frozen_heads_idle(const Frozen *f)
{
    for (int h = 1; h < f->net->head_count; h++)
        if (f->learns[f->net->heads[h].tap])
            return false;
    return f->net->head_count > 1;
}

void frozen_take(const Frozen *f, Run *run, int image, float *maps)
{
    for (int i = 0; i < f->edge_count; i++) {
        run_activation(run, f->edge[i], image, maps);
        maps += shape_size(f->net->layers[f->edge[i]].out);
    }
}

void frozen_put(const Frozen *f, Run *run, const float *maps, int n)
{
    run_pictures(run, n);
    for (int image = 0; image < n; image++)
        for (int i = 0; i < f->edge_count; i++) {
            run_put(run, f->edge[i], image, maps);
            maps += shape_size(f->net->layers[f->edge[i]].out);
        }
}
