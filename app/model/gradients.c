/* gradients.c - see gradients.h. */
#include "app/model/gradients.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct GradientsJob {
    pthread_t thread;
    GradientsKey key;
    SharedSource *source;
    float *x, *weights;         /* weights NULL: the source's own */
    void (*wake)(void *);
    void *wake_user;
    Flow flow;
    bool good;
    Err err;
    atomic_bool done;
};

static void *job_main(void *user)
{
    GradientsJob *job = user;
    const Source *s = &job->source->source;
    job->good = flow_compute(job->key.engine, s->net, job->weights != NULL ? job->weights : s->weights, job->x, job->key.label,
                             &job->flow, &job->err);
    atomic_store(&job->done, true);
    if (job->wake != NULL)
        job->wake(job->wake_user);
    return NULL;
}

static void job_free(GradientsJob *job)
{
    shared_source_release(job->source);
    free(job->x);
    free(job->weights);
    free(job);
}

static GradientsJob *job_start(const GradientsWish *wish)
{
    GradientsJob *job = calloc(1, sizeof *job);
    if (job == NULL)
        return NULL;
    const Source *s = &wish->source->source;
    job->key = wish->key;
    job->wake = wish->wake;
    job->wake_user = wish->wake_user;
    job->source = shared_source_hold(wish->source);
    job->x = copy_floats(wish->x, shape_size(s->net->input));
    const bool edited = wish->key.weights != s->weights;
    if (edited)
        job->weights = copy_floats(wish->key.weights, s->net->weight_count);
    if (job->x == NULL || (edited && job->weights == NULL) || pthread_create(&job->thread, NULL, job_main, job) != 0) {
        job_free(job);
        return NULL;
    }
    return job;
}

static bool same_key(const GradientsKey *a, const GradientsKey *b)
{
    return a->source == b->source && a->weights == b->weights && a->engine == b->engine && a->picture == b->picture &&
           a->label == b->label;
}

static void take(Gradients *g)
{
    GradientsJob *job = g->job;
    pthread_join(job->thread, NULL);
    g->job = NULL;
    g->key = job->key;
    g->problem[0] = '\0';
    flow_free(&g->flow);
    if (job->good)
        g->flow = job->flow;
    else
        snprintf(g->problem, sizeof g->problem, "%.*s", (int)sizeof g->problem - 1, job->err.text);
    job_free(job);
}

void gradients_want(Gradients *g, const GradientsWish *wish)
{
    if (g->job != NULL && atomic_load(&g->job->done))
        take(g);
    const bool there = (g->flow.layer_count > 0 || g->problem[0] != '\0') && same_key(&g->key, &wish->key);
    if (there || g->job != NULL) /* a thread at work on something else is let end first */
        return;
    g->job = job_start(wish);
    if (g->job == NULL) {
        g->key = wish->key;
        snprintf(g->problem, sizeof g->problem, "not enough memory, or no thread");
    }
}

bool gradients_busy(const Gradients *g)
{
    return g->job != NULL;
}

void gradients_close(Gradients *g)
{
    if (g->job != NULL)
        take(g);
    flow_free(&g->flow);
    *g = (Gradients){0};
}
