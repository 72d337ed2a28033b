/* exact_model.c - see exact_model.h. */
#include "app/model/exact_model.h"
#include "engine/net/exact.h"

#include <stdlib.h>

/* ---- the job ---------------------------------------------------------------------------------------------------------------------- */

static bool before_layer(void *user, int layer)
{
    SideJob *job = user;
    if (layer > 0)
        side_job_step(job);
    return !side_job_stopped(job);
}

static bool work(SideJob *job, void *result, Err *err)
{
    float ***maps = result;
    const Net *net = side_job_net(job);
    *maps = calloc((size_t)net->layer_count, sizeof **maps);
    if (*maps == NULL)
        return err_set(err, "not enough memory");
    return exact_maps(net, side_job_weights(job), side_job_input(job), net->layer_count - 1, -1, &(ExactWatch){before_layer, job}, *maps, err);
}

/* ---- the main thread's side --------------------------------------------------------------------------------------------------------- */

static void forget(ExactModel *e)
{
    if (e->maps != NULL)
        exact_free(e->source->source.net, e->maps);
    shared_source_release(e->source);
    e->maps = NULL;
    e->source = NULL;
}

/* A job that was stopped leaves nothing, and is started again if it is still wanted. */
static void take(ExactModel *e)
{
    Err err = {""};
    const bool good = side_job_end(e->job, &err);
    e->job = NULL;
    if (good) {
        forget(e);
        e->maps = e->next;
        e->source = e->next_source;
        e->version++;
        e->problem.text[0] = '\0';
    } else {
        exact_free(e->next_source->source.net, e->next);
        shared_source_release(e->next_source);
        e->problem = err;
        if (err.text[0] == '\0')
            e->key = (SideKey){.source = NULL};
    }
    e->next = NULL;
    e->next_source = NULL;
}

void exact_want(ExactModel *e, const SideWish *wish)
{
    SideWish own = *wish;
    own.key.engine = NULL; /* it is always the reference engine */
    own.key.label = 0;
    if (e->job != NULL && side_job_done(e->job))
        take(e);
    const bool same = side_key_same(&e->key, &own.key);
    if (!same)
        side_job_stop(e->job);
    if (e->job != NULL || (same && (e->maps != NULL || e->problem.text[0] != '\0')))
        return;
    forget(e);
    e->key = own.key;
    e->problem.text[0] = '\0';
    e->next_source = shared_source_hold(wish->source);
    e->job = side_job_start(&own, work, &e->next);
    if (e->job == NULL) {
        shared_source_release(e->next_source);
        e->next_source = NULL;
        side_job_none(&e->problem);
    }
}

void exact_rest(ExactModel *e)
{
    side_job_stop(e->job);
    if (e->job != NULL && side_job_done(e->job))
        take(e);
}

const float *const *exact_shown(const ExactModel *e)
{
    return e->job == NULL ? (const float *const *)e->maps : NULL;
}

bool exact_busy(const ExactModel *e)
{
    return e->job != NULL;
}

int exact_layers(const ExactModel *e)
{
    return e->job != NULL ? side_job_steps(e->job) : 0;
}

void exact_close(ExactModel *e)
{
    if (e->job != NULL) {
        side_job_stop(e->job);
        take(e);
    }
    forget(e);
}
