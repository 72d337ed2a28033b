/* judge.c - see judge.h. */
#include "app/model/judge.h"
#include "engine/train/batch_loader.h"

#include <stdlib.h>
#include <string.h>

/* One of the two networks. */
typedef struct Side {
    const Net *net;
    const float *weights;
    BatchLoader *loader;        /* NULL: reads the other side's pictures, or none at all */
    Run *run;                   /* NULL: nothing of it is computed */
    Accuracy result;
} Side;

struct Judge {
    JudgeSetup setup;
    Side own, changed;
    bool both, swapped;
    bool *computes;             /* layers of the changed network that depend on a change */
    bool *reads;                /* other layers, whose maps these read */
    bool *before;               /* what these maps are computed from, they themselves among them */
    int next;                   /* picture */
    float *map;                 /* the largest map */
    float *probs;
};

/* ---- kept maps ---- */

void judge_maps_free(JudgeMaps *maps)
{
    for (int i = 0; i < maps->count; i++)
        free(maps->values[i]);
    free(maps->values);
    free(maps->layers);
    *maps = (JudgeMaps){.budget = maps->budget};
}

/* Makes the maps those that this judge needs: what is there stays if it is the same. */
static void fit_maps(const Judge *j)
{
    JudgeMaps *maps = j->setup.maps;
    const Net *net = j->setup.net;
    const size_t flags = (size_t)net->layer_count * sizeof *maps->layers;
    if (maps->layers != NULL && maps->swapped == j->swapped && memcmp(maps->layers, j->reads, flags) == 0)
        return;
    judge_maps_free(maps);
    maps->layers = malloc(flags);
    for (int l = 0; l < net->main_count; l++)
        maps->each += j->reads[l] ? shape_size(net->layers[l].out) : 0;
    const size_t most = maps->each > 0 ? maps->budget / (maps->each * sizeof(float)) : 0;
    maps->room = most < (size_t)j->setup.set->count ? (int)most : j->setup.set->count;
    maps->values = calloc((size_t)maps->room + 1, sizeof *maps->values);
    maps->swapped = j->swapped;
    if (maps->layers == NULL || maps->values == NULL) {
        judge_maps_free(maps);
        return;
    }
    memcpy(maps->layers, j->reads, flags);
}

/* ---- what is computed again ---- */

static bool param_changed(const Judge *j, const Param *p)
{
    return memcmp(j->own.weights + p->offset, j->changed.weights + p->offset, p->count * sizeof(float)) != 0;
}

static void find_computed(Judge *j)
{
    const Net *net = j->setup.net;
    for (int i = 0; i < net->param_count; i++)
        if (param_changed(j, &net->params[i]))
            j->computes[net->params[i].layer] = true;
    for (int l = 0; l < net->main_count; l++) {
        const Layer *layer = &net->layers[l];
        j->computes[l] = j->computes[l] || layer->relu != j->changed.net->layers[l].relu || (layer->op == OP_INPUT && j->swapped);
        for (int i = 0; i < layer->input_count; i++)
            j->computes[l] = j->computes[l] || j->computes[layer->inputs[i]];
    }
}

/* Whether a layer that is computed reads this one, or the answer is in it. The input that was swapped is read from the picture too. */
static bool is_read(const Judge *j, int layer)
{
    const Net *net = j->setup.net;
    if (j->computes[layer])
        return net->layers[layer].op == OP_INPUT;
    for (int l = layer + 1; l < net->main_count; l++)
        if (j->computes[l] && layer_reads(&net->layers[l], layer))
            return true;
    return layer == net->heads[0].last || layer == net->heads[0].logits;
}

static void find_reads(Judge *j)
{
    const Net *net = j->setup.net;
    for (int l = net->main_count - 1; l >= 0; l--) {
        j->reads[l] = is_read(j, l);
        j->before[l] = j->before[l] || j->reads[l];
        for (int i = 0; i < net->layers[l].input_count && j->before[l]; i++)
            j->before[net->layers[l].inputs[i]] = true;
    }
}

int judge_computed(const Judge *j)
{
    int count = 0;
    for (int l = 0; j->both && l < j->setup.net->main_count; l++)
        count += j->computes[l] && j->setup.net->layers[l].op != OP_INPUT;
    return count;
}

/* Whether anything of the network as it is must be computed before the changed one can be. */
static bool needs_own(const Judge *j)
{
    const Net *net = j->setup.net;
    for (int l = 0; l < net->main_count; l++)
        if (j->reads[l] && net->layers[l].op != OP_INPUT)
            return !(j->setup.maps != NULL && j->setup.maps->layers != NULL && j->setup.maps->count == j->setup.set->count);
    return false;
}

/* ---- making ---- */

static bool make_run(Judge *j, Side *side, Err *err)
{
    const RunOptions options = {.batch = 1, .threads = j->setup.threads};
    side->run = run_new(j->setup.engine, side->net, &options, err);
    if (side->run != NULL)
        run_weights(side->run, side->weights);
    return side->run != NULL;
}

static bool make_loader(Judge *j, Side *side, int first, Err *err)
{
    const BatchLoaderOptions options = {.batch = 1, .threads = 1};
    side->loader = batch_loader_new(j->setup.set, side->net, &options, err);
    if (side->loader != NULL)
        batch_loader_begin(side->loader, 0, first);
    return side->loader != NULL;
}

static bool make_result(Judge *j, Side *side, Err *err)
{
    return accuracy_make(&side->result, net_scores(j->setup.net, 0), j->setup.set->count) || err_set(err, "%s: not enough memory for the answers", j->setup.set->root);
}

/* The changed network alone, from maps that are kept as far as there are some. */
static bool start_changed(Judge *j, Err *err)
{
    if (j->setup.maps != NULL)
        fit_maps(j);
    const int kept = j->setup.maps != NULL && j->setup.maps->count > j->setup.first ? j->setup.maps->count : j->setup.first;
    return make_result(j, &j->changed, err) && (!needs_own(j) || make_run(j, &j->own, err)) && make_run(j, &j->changed, err) &&
           (kept == j->setup.set->count || make_loader(j, j->swapped ? &j->changed : &j->own, kept, err));
}

static bool start(Judge *j, Err *err)
{
    const JudgeSetup *s = &j->setup;
    const size_t layers = (size_t)s->net->layer_count;
    j->own.net = s->net;
    j->own.weights = s->weights;
    j->changed.net = s->changed_net != NULL ? s->changed_net : s->net;
    j->changed.weights = s->changed_weights != NULL ? s->changed_weights : s->weights;
    j->both = s->changed_weights != NULL || s->changed_net != NULL;
    j->swapped = j->own.net->preprocess.bgr != j->changed.net->preprocess.bgr;
    j->next = s->first;
    j->computes = calloc(layers, sizeof *j->computes);
    j->reads = calloc(layers, sizeof *j->reads);
    j->before = calloc(layers, sizeof *j->before);
    j->map = malloc(net_largest_map(s->net) * sizeof *j->map);
    j->probs = malloc((size_t)net_scores(s->net, 0) * sizeof *j->probs);
    if (j->computes == NULL || j->reads == NULL || j->before == NULL || j->map == NULL || j->probs == NULL)
        return err_set(err, "%s: not enough memory", s->set->root);
    find_computed(j);
    find_reads(j);
    if (s->only_changed)
        return start_changed(j, err);
    if (!make_result(j, &j->own, err) || !make_run(j, &j->own, err) || !make_loader(j, &j->own, s->first, err))
        return false;
    return !j->both || (make_result(j, &j->changed, err) && make_run(j, &j->changed, err) && (!j->swapped || make_loader(j, &j->changed, s->first, err)));
}

Judge *judge_new(const JudgeSetup *setup, Err *err)
{
    Judge *j = calloc(1, sizeof *j);
    if (j == NULL) {
        err_set(err, "%s: not enough memory", setup->set->root);
        return NULL;
    }
    j->setup = *setup;
    if (start(j, err))
        return j;
    judge_free(j);
    return NULL;
}

static void side_free(Side *side)
{
    batch_loader_free(side->loader);
    run_free(side->run);
    accuracy_free(&side->result);
}

void judge_free(Judge *j)
{
    if (j == NULL)
        return;
    side_free(&j->own);
    side_free(&j->changed);
    free(j->computes);
    free(j->reads);
    free(j->before);
    free(j->map);
    free(j->probs);
    free(j);
}

/* ---- one picture ---- */

/* Gives the changed network a map that it reads; `kept`, if not NULL, gets a copy. */
static void give(Judge *j, int layer, const float *map, float **kept)
{
    const size_t count = shape_size(j->setup.net->layers[layer].out);
    if (j->setup.net->layers[layer].op == OP_INPUT)
        run_input(j->changed.run, map, 1);
    else
        run_put(j->changed.run, layer, 0, map);
    if (*kept == NULL)
        return;
    memcpy(*kept, map, count * sizeof *map);
    *kept += count;
}

/* The forward of the changed network, after what it needs of the other one; x is its own input. */
static void forward_changed(Judge *j, const float *x, float *kept)
{
    const Net *net = j->setup.net;
    run_pictures(j->changed.run, 1);
    for (int l = 0; l < net->main_count; l++) {
        const bool input = net->layers[l].op == OP_INPUT;
        if (!j->reads[l])
            continue;
        if (!input)
            run_activation(j->own.run, l, 0, j->map);
        give(j, l, input ? x : j->map, &kept);
    }
    run_forward_of(j->changed.run, j->computes);
}

/* The same from kept maps. */
static void forward_kept(Judge *j, const float *kept)
{
    const Net *net = j->setup.net;
    float *none = NULL;
    run_pictures(j->changed.run, 1);
    for (int l = 0; l < net->main_count; l++) {
        if (!j->reads[l])
            continue;
        give(j, l, kept, &none);
        kept += shape_size(net->layers[l].out);
    }
    run_forward_of(j->changed.run, j->computes);
}

static void count_side(Judge *j, Side *side, int sample)
{
    const int label = j->setup.class_of[j->setup.set->samples[sample].label];
    run_probabilities(side->run, j->probs);
    accuracy_count(&side->result, sample, label, accuracy_judgement(j->probs, side->result.classes, label));
}

/* Room for the maps of the next picture that is read; NULL: they are not kept. */
static float *room_for(JudgeMaps *maps, int picture)
{
    if (maps == NULL || maps->count != picture || picture >= maps->room)
        return NULL;
    float *values = malloc(maps->each * sizeof *values);
    if (values == NULL)
        maps->room = picture; /* the memory is used up */
    return values;
}

static void step_changed(Judge *j, int picture)
{
    JudgeMaps *maps = j->setup.maps;
    Batch batch;
    if (maps != NULL && picture < maps->count) {
        if (maps->values[picture] != NULL) {
            forward_kept(j, maps->values[picture]);
            count_side(j, &j->changed, picture);
        }
        return;
    }
    if (!batch_loader_next(j->swapped ? j->changed.loader : j->own.loader, &batch))
        return;
    float *kept = batch.n > 0 ? room_for(maps, picture) : NULL;
    if (batch.n > 0) {
        if (j->own.run != NULL) {
            run_input(j->own.run, batch.x, 1);
            run_forward_of(j->own.run, j->before);
        }
        forward_changed(j, batch.x, kept);
        count_side(j, &j->changed, picture);
    }
    if (maps != NULL && maps->count == picture && picture < maps->room)
        maps->values[maps->count++] = kept;
}

static void step_both(Judge *j, int picture)
{
    Batch batch, swapped;
    if (!batch_loader_next(j->own.loader, &batch))
        return;
    const bool two = j->changed.loader != NULL && batch_loader_next(j->changed.loader, &swapped);
    if (batch.n == 0)
        return;
    run_input(j->own.run, batch.x, 1);
    run_forward(j->own.run);
    count_side(j, &j->own, picture);
    if (j->both) {
        forward_changed(j, two ? swapped.x : batch.x, NULL);
        count_side(j, &j->changed, picture);
    }
}

bool judge_step(Judge *j)
{
    if (j->next >= j->setup.set->count)
        return false;
    if (j->setup.only_changed)
        step_changed(j, j->next);
    else
        step_both(j, j->next);
    j->next++;
    return true;
}

const Accuracy *judge_result(const Judge *j, bool changed)
{
    if (changed)
        return j->both ? &j->changed.result : NULL;
    return j->setup.only_changed ? NULL : &j->own.result;
}

bool judge_unreadable(Judge *j, int index, char *line, size_t size)
{
    BatchLoader *loader = j->own.loader != NULL ? j->own.loader : j->changed.loader;
    return loader != NULL && batch_loader_unreadable(loader, index, line, size);
}
