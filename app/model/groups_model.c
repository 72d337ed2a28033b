/* groups_model.c - neuron groups in the background; see groups_model.h. */
#include "app/model/groups_model.h"
#include "engine/net/share.h"

#include <math.h>
#include <stdlib.h>

static void result_free(GroupsResult *r)
{
    groups_free(&r->groups);
    *r = (GroupsResult){.layer = -1};
}

static void measure(GroupsResult *r)
{
    const Groups *g = &r->groups;
    double total = 0;
    for (int i = 0; i < g->count; i++) {
        for (int p = 0; p < g->places; p++) {
            r->part[i] += g->strength[i * g->places + p];
            r->most = fmax(r->most, g->strength[i * g->places + p]);
        }
        total += r->part[i];
        r->top_count[i] = groups_top(g, i, r->top[i], GROUPS_TOP);
    }
    for (int i = 0; i < g->count; i++)
        r->part[i] /= total > 0 ? total : 1;
}

/* What each group gives to the class; nothing where not all of a score passes through the layer. */
static bool add_gives(SideJob *job, GroupsJob *j, Err *err)
{
    const Net *net = side_job_net(job);
    const int classes = net_scores(net, 0);
    Err none;
    Share share;
    Guess best = {.index = j->class_index};
    if (!share_allowed(net, j->layer, &none))
        return true;
    float *scores = malloc((size_t)classes * sizeof *scores);
    if (scores == NULL)
        return err_set(err, "not enough memory");
    run_activation(j->kept.run, net->heads[0].logits, 0, scores);
    if (j->class_index < 0)
        top_guesses(scores, classes, &best, 1);
    free(scores);
    if (!share_compute(j->kept.run, kept_run_weights(&j->kept), j->layer, best.index, -1, &share, err))
        return false;
    j->result.class_index = best.index;
    for (int i = 0; i < j->result.groups.count; i++)
        j->result.gives[i] = groups_gives(&j->result.groups, i, share.gradient);
    share_free(&share);
    return true;
}

static bool work(SideJob *job, void *result, Err *err)
{
    GroupsJob *j = result;
    if (!kept_run_ready(&j->kept, job, err))
        return false;
    GroupsResult *r = &j->result;
    *r = (GroupsResult){.layer = j->layer, .class_index = -1, .shape = side_job_net(job)->layers[j->layer].out};
    float *map = malloc(shape_size(r->shape) * sizeof *map);
    if (map == NULL)
        return err_set(err, "not enough memory");
    run_activation(j->kept.run, j->layer, 0, map);
    bool good = groups_find(map, r->shape, j->count, &j->stop, &r->groups, err);
    free(map);
    if (good)
        measure(r);
    return good && add_gives(job, j, err) && !side_job_stopped(job);
}

static void stop(GroupsModel *g)
{
    stop_ask(&g->next.stop);
    side_job_stop(g->job);
}

static void take(GroupsModel *g)
{
    Err err = {""};
    const bool stopped = stop_asked(&g->next.stop), good = side_job_end(g->job, &err) && !stopped;
    g->job = NULL;
    result_free(&g->result);
    g->there = good || !stopped;
    g->problem = good || stopped ? (Err){""} : err;
    if (good) {
        g->result = g->next.result;
        g->next.result = (GroupsResult){.layer = -1};
    } else {
        result_free(&g->next.result);
    }
}

void groups_want(GroupsModel *g, const SideWish *wish, int layer)
{
    const bool same = side_key_same(&g->key, &wish->key) && g->layer == layer && g->asked == g->count;
    if (g->job != NULL && side_job_done(g->job))
        take(g);
    if (g->job != NULL && !same)
        stop(g);
    if (g->job != NULL || (g->there && same))
        return;
    if (g->key.source != wish->key.source || g->key.weights_version != wish->key.weights_version)
        result_free(&g->result); /* it may be of another network */
    g->key = wish->key;
    g->layer = layer;
    g->asked = g->count;
    g->there = false;
    g->problem.text[0] = '\0';
    g->next.layer = layer;
    g->next.kept.heads = wish->source->source.net->layers[layer].head > 0;
    g->next.count = g->count;
    g->next.class_index = wish->key.label;
    atomic_store(&g->next.stop.asked, false);
    g->job = side_job_start(wish, work, &g->next);
    if (g->job == NULL) {
        g->there = true;
        side_job_none(&g->problem);
    }
}

void groups_rest(GroupsModel *g)
{
    if (g->job == NULL) {
        kept_run_free(&g->next.kept);
        return;
    }
    stop(g);
    if (side_job_done(g->job))
        take(g);
}

const GroupsResult *groups_result(const GroupsModel *g, int layer)
{
    return g->result.groups.strength != NULL && g->result.layer == layer ? &g->result : NULL;
}

bool groups_busy(const GroupsModel *g)
{
    return g->job != NULL;
}

void groups_model_close(GroupsModel *g)
{
    if (g->job != NULL) {
        stop(g);
        take(g);
    }
    kept_run_free(&g->next.kept);
    result_free(&g->result);
}
