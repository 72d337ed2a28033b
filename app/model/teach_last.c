/* teach_last.c - teaches a network the classes of bins; see teach_last.h. */
#include "app/model/teach_last.h"
#include "app/model/errand.h"
#include "engine/base/clock.h"
#include "engine/base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct TeachLast {
    Errand errand;
    SharedSource *source;       /* held */
    char networks_dir[1024];
    char names[TEACH_BINS_MOST][TEACH_NAME_MAX];
    int classes, inputs, layer, learned, held;
    float *x;                   /* (learned + held, inputs) */
    int *labels;
    TeachAnswer *answers;
    TeachPoint curve[PROBE_STEPS];
    atomic_int points;
    TeachResult result;
    bool good;                  /* read when it is done */
    Err err;
};

static void teach_free(TeachLast *t)
{
    shared_source_release(t->source);
    free(t->x);
    free(t->labels);
    free(t->answers);
    teach_result_free(&t->result);
    free(t);
}

void teach_result_free(TeachResult *r)
{
    free(r->answers);
    free(r->confusion);
    source_free(&r->source);
    *r = (TeachResult){.count = 0};
}

void teach_interval(int right, int n, double *low, double *high)
{
    const double z = 1.959964, share = (double)right / n, z2 = z * z / n; /* 95 percent of a normal distribution lie within z */
    const double middle = (share + z2 / 2) / (1 + z2), half = z / (1 + z2) * sqrt(share * (1 - share) / n + z2 / (4 * n));
    *low = right == 0 ? 0 : fmax(middle - half, 0);
    *high = right == n ? 1 : fmin(middle + half, 1);
}

/* ---- which pictures ------------------------------------------------------------------------------------------------------------------ */

/* A picture and what its place depends on. */
typedef struct Drawn {
    uint64_t key, version;
    int picture;
} Drawn;

static int by_key(const void *a, const void *b)
{
    const Drawn *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->picture - y->picture;
}

/* The different readable pictures of a bin, in an order that depends on their pixels and the seed; out: room for all of them. */
static int draw_bin(const TeachBins *bins, const TeachLooks *looks, int bin, uint64_t seed, Drawn *out)
{
    int count = 0, unique = 0;
    for (int i = 0; i < bins->now.picture_count; i++) {
        const TeachLook *look = bins->now.bin_of[i] == bin ? teach_look(looks, i) : NULL;
        if (look != NULL && look->features != NULL)
            out[count++] = (Drawn){rng_mix(look->version ^ rng_mix(seed)), look->version, i};
    }
    qsort(out, (size_t)count, sizeof *out, by_key);
    for (int i = 0; i < count; i++)
        if (i == 0 || out[i].version != out[unique - 1].version)
            out[unique++] = out[i];
    return unique;
}

/* A quarter, rounded, but one at least. */
static int held_of(int count)
{
    return count < 4 ? 1 : (count + 2) / 4;
}

static bool readable(const TeachBins *bins, const TeachLooks *looks, int *bin)
{
    Drawn *drawn = malloc((size_t)bins->now.picture_count * sizeof *drawn + 1);
    bool good = drawn != NULL;
    for (*bin = 0; good && *bin < bins->now.bin_count; ++*bin)
        if (draw_bin(bins, looks, *bin, 0, drawn) < TEACH_EACH_LEAST)
            break;
    good = good && *bin == bins->now.bin_count;
    free(drawn);
    return good;
}

TeachReady teach_ready(const TeachBins *bins, const TeachLooks *looks, int *bin)
{
    int all;
    *bin = -1;
    if (looks->problem.text[0] != '\0')
        return TEACH_NO_NETWORK;
    if (bins->now.bin_count < TEACH_BINS_LEAST)
        return TEACH_FEW_BINS;
    for (int b = 0; b < bins->now.bin_count; b++) {
        *bin = b;
        if (teach_bin_size(bins, b) == 0)
            return TEACH_EMPTY_BIN;
        if (bins->now.names[b][0] == '\0' || teach_bin_named(bins, bins->now.names[b]) != b)
            return TEACH_SAME_NAME;
    }
    *bin = -1;
    if (teach_looks_done(looks, bins, &all) < all)
        return looks->stopped ? TEACH_STOPPED : TEACH_LOOKING;
    if (!readable(bins, looks, bin))
        return TEACH_FEW_PICTURES;
    *bin = -1;
    return TEACH_READY;
}

int teach_split(const TeachBins *bins, const TeachLooks *looks, int *held)
{
    Drawn *drawn = malloc((size_t)bins->now.picture_count * sizeof *drawn + 1);
    int learned = 0;
    *held = 0;
    for (int b = 0; drawn != NULL && b < bins->now.bin_count; b++) {
        const int count = draw_bin(bins, looks, b, 0, drawn), out = count > 0 ? held_of(count) : 0;
        learned += count - out;
        *held += out;
    }
    free(drawn);
    return learned;
}

/* ---- the thread ------------------------------------------------------------------------------------------------------------------------ */

bool teach_source(const Source *source, int classes, const char *networks_dir, Source *out, int *layer, Err *err)
{
    const Net *from = source->net;
    const int last = teach_last_layer(from, err);
    if (last < 0)
        return false;
    Source made = {.net = net_again(from, &(NetOptions){.input = from->input, .classes = classes, .no_heads = true, .claims_dir = networks_dir}, err)};
    if (made.net == NULL)
        return false;
    bool good = made.net->main_count == from->main_count && net_scores(made.net, 0) == classes && teach_last_layer(made.net, NULL) == last;
    if (!good)
        err_set(err, "%s: its description fixes the number of classes; write `classes` in its last row in the place of the number", from->source);
    made.weights = good ? calloc(made.net->weight_count, sizeof *made.weights) : NULL;
    if (good && made.weights == NULL)
        good = err_set(err, "%s: not enough memory for %zu weights", from->source, made.net->weight_count);
    for (int i = 0; good && i < made.net->param_count; i++) { /* the parameters of the main path come first in both */
        const Param *p = &made.net->params[i], *old = &from->params[i];
        if (p->layer != last)
            memcpy(made.weights + p->offset, source->weights + old->offset, p->count * sizeof *made.weights);
    }
    *layer = last;
    if (good)
        *out = made;
    else
        source_free(&made);
    return good;
}

void teach_count(TeachResult *r, TeachAnswer *a, const float *probs)
{
    a->said = 0;
    for (int c = 1; c < r->classes; c++)
        a->said = probs[c] > probs[a->said] ? c : a->said;
    a->prob = probs[a->said];
    if (!a->held)
        return;
    r->confusion[a->label * r->classes + a->said]++;
    r->right += a->said == a->label;
}

bool teach_name_classes(TeachResult *r, const char *why, char *trained, Err *err)
{
    WeightsInfo *info = &r->source.info;
    snprintf(info->network, sizeof info->network, "%s", r->source.net->name);
    snprintf(info->why, sizeof info->why, "%s", why);
    info->classes = r->classes;
    info->trained = trained;
    info->labels = calloc((size_t)r->classes, sizeof *info->labels);
    bool good = info->labels != NULL && trained != NULL;
    for (int i = 0; good && i < r->classes; i++)
        good = (info->labels[info->label_count++] = strdup(r->names[i])) != NULL;
    return good || err_set(err, "not enough memory for the names of the classes");
}

/* The answers of the whole network, in its last layers from the features: the same bits as from the pictures. */
static bool judge_all(TeachLast *t, Err *err)
{
    TeachResult *r = &t->result;
    const Net *net = r->source.net;
    float probs[TEACH_BINS_MOST];
    bool *after = calloc((size_t)net->layer_count, sizeof *after);
    Run *run = after != NULL ? run_new(engine_named("fast"), net, &(RunOptions){.batch = 1, .threads = 1}, err) : NULL;
    if (run == NULL) {
        free(after);
        return after != NULL || err_set(err, "not enough memory to judge the pictures");
    }
    for (int l = t->layer; l < net->main_count; l++)
        after[l] = true;
    run_weights(run, r->source.weights);
    for (int i = 0; i < r->count && !stop_asked(&t->errand.stop); i++) {
        TeachAnswer *a = &r->answers[i];
        run_pictures(run, 1);
        run_put(run, net->layers[t->layer].inputs[0], 0, t->x + (size_t)i * (size_t)t->inputs);
        run_forward_of(run, after);
        run_probabilities(run, probs);
        teach_count(r, a, probs);
    }
    run_free(run);
    free(after);
    return true;
}

/* How the network came about, for its title and its file. */
static bool describe(TeachLast *t, Err *err)
{
    TeachResult *r = &t->result;
    const WeightsInfo *base = &t->source->source.info;
    const char *slash = strrchr(base->path, '/'), *name = base->path[0] == '\0' ? base->network : slash != NULL ? slash + 1 : base->path;
    char why[sizeof base->why], *trained = NULL;
    snprintf(why, sizeof why, "taught in the window from %.180s", name);
    if (asprintf(&trained, "in inceptoscope's window from %s: the last layer, on %d pictures; %d of %d held-out pictures right", name, r->learned, r->right, r->held) < 0)
        trained = NULL;
    return teach_name_classes(r, why, trained, err);
}

/* False if it was stopped, or a value is not finite. */
static bool learn(TeachLast *t, Probe *probe, Err *err)
{
    const float *held = t->x + (size_t)t->learned * (size_t)t->inputs;
    for (int i = 0; i < PROBE_STEPS; i++) {
        if (stop_asked(&t->errand.stop))
            return err_set(err, "stopped");
        TeachPoint *point = &t->curve[i];
        probe_score(probe, held, t->labels + t->learned, t->held, &point->held);
        probe_step(probe, t->x, t->labels, t->learned, &point->learned);
        if (!isfinite(point->learned.loss))
            return err_set(err, "the network's values for these pictures are not finite, so nothing can be learnt from them; choose other weights");
        atomic_store(&t->points, i + 1);
        errand_wake(&t->errand);
    }
    return true;
}

static bool run_teach(TeachLast *t, Err *err)
{
    Probe probe;
    TeachResult *r = &t->result;
    const double begun = thread_seconds();
    if (!probe_new(&probe, t->inputs, t->classes, t->x, t->learned))
        return err_set(err, "not enough memory to train the last layer");
    int layer;
    bool good = learn(t, &probe, err) && teach_source(&t->source->source, t->classes, t->networks_dir, &r->source, &layer, err);
    if (good) {
        const Layer *last = &r->source.net->layers[layer];
        probe_take(&probe, r->source.weights + r->source.net->params[last->weight].offset,
                   last->bias ? r->source.weights + r->source.net->params[last->bias_param].offset : NULL);
        r->classes = t->classes;
        memcpy(r->names, t->names, sizeof r->names);
        r->learned = t->learned;
        r->held = t->held;
        r->count = t->learned + t->held;
        r->answers = t->answers;
        t->answers = NULL;
        r->confusion = calloc((size_t)t->classes * (size_t)t->classes, sizeof *r->confusion);
        good = r->confusion != NULL ? judge_all(t, err) && describe(t, err) : err_set(err, "not enough memory to judge the pictures");
    }
    probe_free(&probe);
    r->seconds = thread_seconds() - begun;
    return good;
}

static void work(Errand *errand)
{
    TeachLast *t = (TeachLast *)errand;
    t->good = run_teach(t, &t->err);
    if (errand_end(errand))
        teach_free(t);
}

/* ---- the main thread -------------------------------------------------------------------------------------------------------------------- */

static void add_sample(TeachLast *t, const TeachLooks *looks, int at, int picture, int label, bool held)
{
    memcpy(t->x + (size_t)at * (size_t)t->inputs, teach_look(looks, picture)->features, (size_t)t->inputs * sizeof *t->x);
    t->labels[at] = label;
    t->answers[at] = (TeachAnswer){.picture = picture, .label = label, .held = held};
}

/* Copies: those that learn from at[0] on, those held out from at[1] on. */
static void sort_bin(TeachLast *t, const TeachLooks *looks, const Drawn *drawn, int count, int label, int at[2])
{
    const int held = held_of(count);
    for (int i = 0; i < count; i++)
        add_sample(t, looks, at[i < held]++, drawn[i].picture, label, i < held);
}

static bool sort_all(TeachLast *t, const TeachBins *bins, const TeachLooks *looks, uint64_t seed)
{
    t->learned = teach_split(bins, looks, &t->held);
    Drawn *drawn = t->learned > 0 ? malloc((size_t)bins->now.picture_count * sizeof *drawn) : NULL;
    if (drawn == NULL)
        return false;
    const size_t count = (size_t)(t->learned + t->held);
    t->x = malloc(size_product(size_product(count, (size_t)t->inputs), sizeof *t->x));
    t->labels = malloc(count * sizeof *t->labels);
    t->answers = malloc(count * sizeof *t->answers);
    const bool good = t->x != NULL && t->labels != NULL && t->answers != NULL;
    int at[] = {0, t->learned};
    for (int b = 0; good && b < bins->now.bin_count; b++)
        sort_bin(t, looks, drawn, draw_bin(bins, looks, b, seed, drawn), b, at);
    free(drawn);
    return good;
}

TeachLast *teach_last_start(const TeachLastSetup *setup, Err *err)
{
    TeachLast *t = calloc(1, sizeof *t);
    if (t == NULL) {
        err_set(err, "not enough memory to train the last layer");
        return NULL;
    }
    const Net *net = setup->looks->source->source.net;
    t->source = shared_source_hold(setup->looks->source);
    t->classes = setup->bins->now.bin_count;
    t->layer = teach_last_layer(net, err);
    t->inputs = (int)shape_size(net->layers[net->layers[t->layer].inputs[0]].out);
    memcpy(t->names, setup->bins->now.names, sizeof t->names);
    snprintf(t->networks_dir, sizeof t->networks_dir, "%s", setup->networks_dir);
    if (sort_all(t, setup->bins, setup->looks, setup->seed) && errand_start(&t->errand, work, setup->wake, setup->wake_user))
        return t;
    teach_free(t);
    err_set(err, "not enough memory to train the last layer, or no thread could be started");
    return NULL;
}

void teach_last_leave(TeachLast *t)
{
    if (t != NULL && errand_leave(&t->errand))
        teach_free(t);
}

const TeachPoint *teach_last_curve(const TeachLast *t, int *count)
{
    *count = atomic_load(&t->points);
    return t->curve;
}

bool teach_last_done(TeachLast *t)
{
    return errand_done(&t->errand);
}

bool teach_last_take(TeachLast *t, TeachResult *result, Err *err)
{
    if (!t->good) {
        *err = t->err;
        return false;
    }
    *result = t->result;
    t->result = (TeachResult){.count = 0};
    return true;
}
