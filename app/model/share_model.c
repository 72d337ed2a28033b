/* share_model.c - the shares of a score in the background; see share_model.h. */
#include "app/model/share_model.h"
#include "app/model/whatif.h"
#include "engine/base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the job: one pass back, read at every stop ------------------------------------------------------------------------------- */

static void layer_free(ShareLayer *l)
{
    share_free(&l->share);
    free(l->cam);
    free(l->order);
    free(l->shown[0]);
    free(l->shown[1]);
    *l = (ShareLayer){.order = NULL};
}

static void layers_free(ShareLayer *layers, int count)
{
    for (int i = 0; i < count; i++)
        layer_free(&layers[i]);
    free(layers);
}

static float *as_floats(const double *from, size_t count, float *reach)
{
    float *out = malloc(count * sizeof *out);
    for (size_t i = 0; out != NULL && i < count; i++) {
        out[i] = (float)from[i];
        *reach = fmaxf(*reach, fabsf(out[i]));
    }
    return out;
}

/* A pool or dropout passes a map on: without the channel before it there is none behind it. A norm mixes channels. */
static int silenced_layer(const Net *net, int layer)
{
    while (net->layers[layer].op == OP_MAXPOOL || net->layers[layer].op == OP_AVGPOOL || net->layers[layer].op == OP_DROPOUT)
        layer = net->layers[layer].inputs[0];
    return layer;
}

/* Map and gradient of all layers would take more memory than the network's weights. */
static bool add_layer(ShareJob *j, int layer, Err *err)
{
    ShareLayer l = {.tried = silenced_layer(j->kept.run->net, layer)};
    const Shape shape = j->kept.run->net->layers[layer].out;
    const size_t plane = (size_t)shape.h * (size_t)shape.w;
    if (!share_read(j->kept.run, kept_run_weights(&j->kept), layer, j->class_index, j->against, &l.share, err))
        return false;
    l.cam = malloc(plane * sizeof *l.cam);
    l.order = malloc((size_t)shape.c * sizeof *l.order);
    if (l.cam != NULL) {
        share_grad_cam(&l.share, l.cam);
        l.shown[0] = as_floats(l.share.place, plane, &l.reach[0]);
        l.shown[1] = as_floats(l.cam, plane, &l.reach[1]);
    }
    free(l.share.map);
    free(l.share.gradient);
    l.share.map = l.share.gradient = NULL;
    const bool made = l.shown[0] != NULL && l.shown[1] != NULL && l.order != NULL && share_rank(&l.share, l.order);
    ShareLayer *grown = made ? array_grow(j->layers, j->layer_count, sizeof *grown) : NULL;
    if (grown == NULL) {
        layer_free(&l);
        return err_set(err, "not enough memory");
    }
    j->layers = grown;
    j->layers[j->layer_count++] = l;
    return true;
}

static bool compute_layers(SideJob *job, ShareJob *j, Err *err)
{
    const Net *net = side_job_net(job);
    const int logits = net->heads[0].logits, classes = net_scores(net, 0);
    Err none;
    float *scores = malloc((size_t)classes * sizeof *scores);
    Guess best;
    if (scores == NULL)
        return err_set(err, "not enough memory");
    run_activation(j->kept.run, logits, 0, scores);
    top_guesses(scores, classes, &best, 1);
    free(scores);
    if (j->class_index < 0)
        j->class_index = best.index;
    if (j->against == j->class_index)
        j->against = -1;
    bool good = share_pass(j->kept.run, 0, j->class_index, j->against, err);
    for (int l = 0; good && l <= logits; l++)
        if (net->layers[l].head == 0 && share_allowed(net, l, &none))
            good = !side_job_stopped(job) && add_layer(j, l, err);
    return good;
}

/* Marks what depends on a layer: all that must be computed again when it changes. */
static void mark_behind(const Net *net, int layer, bool *marks)
{
    memset(marks, 0, (size_t)net->layer_count * sizeof *marks);
    marks[layer] = true;
    for (int l = layer + 1; l < net->layer_count; l++)
        for (int i = 0; i < net->layers[l].input_count && net->layers[l].head == 0; i++)
            marks[l] = marks[l] || marks[net->layers[l].inputs[i]];
}

static bool silence(SideJob *job, ShareJob *j, Err *err)
{
    const Net *net = side_job_net(job);
    const float *weights = kept_run_weights(&j->kept);
    Run *run = j->kept.run;
    WhatIf changed = {.edits = 0};
    int layer, channel;
    bool *only = calloc((size_t)net->layer_count, sizeof *only), *behind = calloc((size_t)net->layer_count, sizeof *behind);
    j->scores = malloc((size_t)net_scores(net, 0) * sizeof *j->scores);
    bool good = only != NULL && behind != NULL && j->scores != NULL && whatif_target(net, j->layer, j->channel, &layer, &channel) &&
                whatif_scale(&changed, net, weights, layer, channel, 0);
    if (good) {
        only[layer] = true;
        mark_behind(net, layer, behind);
        run_weights_of(run, changed.weights, only);
        run_forward_of(run, behind);
        run_activation(run, net->heads[0].logits, 0, j->scores);
        run_weights_of(run, weights, only);
        run_forward_of(run, behind);
    } else {
        err_set(err, "not enough memory");
    }
    whatif_restore(&changed);
    free(only);
    free(behind);
    return good;
}

static bool work(SideJob *job, void *result, Err *err)
{
    ShareJob *j = result;
    return kept_run_ready(&j->kept, job, err) && (!j->pass || compute_layers(job, j, err)) && (j->layer < 0 || (!side_job_stopped(job) && silence(job, j, err)));
}

/* ---- the main thread's side --------------------------------------------------------------------------------------------------- */

static bool same_maps(const SideKey *a, const SideKey *b)
{
    SideKey key = *a;
    key.label = b->label;
    return side_key_same(&key, b);
}

static void forget_tries(ShareModel *s)
{
    for (int i = 0; i < s->try_count; i++)
        free(s->tries[i].scores);
    free(s->tries);
    s->tries = NULL;
    s->try_count = 0;
}

static void job_drop(ShareJob *j)
{
    layers_free(j->layers, j->layer_count);
    free(j->scores);
    j->layers = NULL;
    j->layer_count = 0;
    j->scores = NULL;
}

static void keep_try(ShareModel *s, ShareJob *j)
{
    ShareTry *grown = array_grow(s->tries, s->try_count, sizeof *grown);
    if (grown == NULL)
        return;
    s->tries = grown;
    s->tries[s->try_count++] = (ShareTry){j->layer, j->channel, j->scores};
    j->scores = NULL;
}

static void forget_layers(ShareModel *s)
{
    layers_free(s->layers, s->layer_count);
    s->layers = NULL;
    s->layer_count = 0;
}

/* A job that was stopped leaves nothing, and is started again if it is still wanted. */
static void take(ShareModel *s)
{
    ShareJob *j = &s->next;
    const SideKey key = *side_job_key(s->job);
    Err err = {""};
    const bool good = side_job_end(s->job, &err);
    s->job = NULL;
    if (good && j->pass) {
        forget_layers(s);
        s->layers = j->layers;
        s->layer_count = j->layer_count;
        j->layers = NULL;
        j->layer_count = 0;
    }
    if (good && j->scores != NULL)
        keep_try(s, j);
    if (good || err.text[0] != '\0') {
        s->key = key;
        s->problem = good ? (Err){""} : err;
    } else {
        s->key = (SideKey){.source = NULL};
    }
    job_drop(j);
}

static void start(ShareModel *s, const SideWish *wish, bool pass)
{
    s->next.pass = pass;
    s->next.class_index = wish->key.label;
    s->next.against = s->against;
    s->next.layer = s->wanted_layer;
    s->next.channel = s->wanted_channel;
    s->wanted_layer = -1;
    s->asked_against = s->against;
    s->key = wish->key;
    s->problem.text[0] = '\0';
    if (!net_need_scores(wish->source->source.net, &s->problem))
        return;
    s->job = side_job_start(wish, work, &s->next);
    if (s->job == NULL)
        side_job_none(&s->problem);
}

void share_want(ShareModel *s, const SideWish *wish)
{
    if (s->job != NULL && side_job_done(s->job))
        take(s);
    const bool maps = same_maps(&s->key, &wish->key), same = maps && s->key.label == wish->key.label && s->asked_against == s->against;
    if (!same)
        side_job_stop(s->job);
    if (!maps) { /* of another picture or other weights: nothing of it is true any more */
        forget_layers(s);
        forget_tries(s);
        s->wanted_layer = -1;
    }
    if (s->problem.text[0] != '\0')
        s->wanted_layer = -1;
    const bool there = same && (s->layer_count > 0 || s->problem.text[0] != '\0');
    if (s->job == NULL && (!there || s->wanted_layer >= 0))
        start(s, wish, !there);
}

void share_rest(ShareModel *s)
{
    if (s->job == NULL) {
        kept_run_free(&s->next.kept);
        return;
    }
    side_job_stop(s->job);
    if (side_job_done(s->job))
        take(s);
}

bool share_busy(const ShareModel *s)
{
    return s->job != NULL || s->wanted_layer >= 0;
}

void share_model_init(ShareModel *s)
{
    *s = (ShareModel){.against = -1, .asked_against = -1, .wanted_layer = -1, .next = {.layer = -1}};
}

void share_model_close(ShareModel *s)
{
    if (s->job != NULL) {
        side_job_stop(s->job);
        take(s);
    }
    kept_run_free(&s->next.kept);
    forget_layers(s);
    forget_tries(s);
    share_model_init(s);
}

/* ---- questions ------------------------------------------------------------------------------------------------------------------ */

int share_layer_at(const Net *net, int at)
{
    return net->layers[at].module >= 0 ? net->modules[net->layers[at].module].last : at;
}

const ShareLayer *share_layer(const ShareModel *s, int layer)
{
    for (int i = 0; i < s->layer_count; i++)
        if (s->layers[i].share.layer == layer)
            return &s->layers[i];
    return NULL;
}

static const ShareTry *find_try(const ShareModel *s, int layer, int channel)
{
    for (int i = 0; i < s->try_count; i++)
        if (s->tries[i].layer == layer && s->tries[i].channel == channel)
            return &s->tries[i];
    return NULL;
}

bool share_try(ShareModel *s, const Net *net, int layer, int channel)
{
    int target, target_channel;
    const int from = silenced_layer(net, layer);
    if (channel < 0 || !whatif_target(net, from, channel, &target, &target_channel))
        return false;
    if (find_try(s, from, channel) == NULL) {
        s->wanted_layer = from;
        s->wanted_channel = channel;
    }
    return true;
}

bool share_cost(const ShareModel *s, const ShareLayer *of, int channel, double *cost)
{
    const Share *share = &of->share;
    const ShareTry *t = find_try(s, of->tried, channel);
    if (t == NULL)
        return false;
    *cost = share->score - ((double)t->scores[share->class_index] - (share->against >= 0 ? (double)t->scores[share->against] : 0));
    return true;
}
