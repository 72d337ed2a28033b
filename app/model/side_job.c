/* side_job.c - runs one computation on its own thread beside the feature maps; see side_job.h. */
#include "app/model/side_job.h"
#include "engine/base/thread.h"

#include <stdatomic.h>
#include <stdlib.h>

struct SideJob {
    Thread *thread;
    SideKey key;
    SharedSource *source;
    float *x, *weights;         /* weights NULL: the source's own */
    void (*wake)(void *);
    void *wake_user;
    SideWork *work;
    void *result;
    bool good;                  /* read only after the thread was joined */
    Err err;
    atomic_int steps;
    atomic_bool stop, done;
};

bool side_key_same(const SideKey *a, const SideKey *b)
{
    return a->source == b->source && a->weights_version == b->weights_version && a->engine == b->engine && a->picture == b->picture &&
           a->label == b->label;
}

static void wake(const SideJob *job)
{
    if (job->wake != NULL)
        job->wake(job->wake_user);
}

static void job_main(void *user)
{
    SideJob *job = user;
    job->good = job->work(job, job->result, &job->err);
    atomic_store(&job->done, true);
    wake(job);
}

static void job_free(SideJob *job)
{
    shared_source_release(job->source);
    free(job->x);
    free(job->weights);
    free(job);
}

SideJob *side_job_start(const SideWish *wish, SideWork *work, void *result)
{
    SideJob *job = calloc(1, sizeof *job);
    if (job == NULL)
        return NULL;
    const Source *s = &wish->source->source;
    job->key = wish->key;
    job->wake = wish->wake;
    job->wake_user = wish->wake_user;
    job->work = work;
    job->result = result;
    job->source = shared_source_hold(wish->source);
    job->x = copy_floats(wish->x, shape_size(s->net->input));
    const bool edited = wish->weights != s->weights;
    if (edited)
        job->weights = copy_floats(wish->weights, s->net->weight_count);
    if (job->x == NULL || (edited && job->weights == NULL) || (job->thread = thread_start(job_main, job)) == NULL) {
        job_free(job);
        return NULL;
    }
    return job;
}

bool side_job_done(const SideJob *job)
{
    return atomic_load(&job->done);
}

void side_job_stop(SideJob *job)
{
    if (job != NULL)
        atomic_store(&job->stop, true);
}

int side_job_steps(const SideJob *job)
{
    return atomic_load(&job->steps);
}

bool side_job_end(SideJob *job, Err *err)
{
    thread_join(job->thread);
    const bool good = job->good;
    if (!good)
        *err = job->err;
    job_free(job);
    return good;
}

int side_job_tend(SideJob **job, bool wanted, Err *err)
{
    const bool ended = side_job_done(*job); /* before the steps are counted, so that none is lost */
    const int steps = side_job_steps(*job);
    if (ended) {
        side_job_end(*job, err);
        *job = NULL;
    } else if (!wanted) {
        side_job_stop(*job);
    }
    return steps;
}

void side_job_quit(SideJob **job, Err *err)
{
    if (*job == NULL)
        return;
    side_job_stop(*job);
    side_job_end(*job, err);
    *job = NULL;
}

void side_job_none(Err *err)
{
    err_set(err, "not enough memory, or no thread could be started");
}

const SideKey *side_job_key(const SideJob *job)
{
    return &job->key;
}

const Net *side_job_net(const SideJob *job)
{
    return job->source->source.net;
}

void *side_job_result(const SideJob *job)
{
    return job->result;
}

SharedSource *side_job_source(const SideJob *job)
{
    return job->source;
}

const float *side_job_weights(const SideJob *job)
{
    return job->weights != NULL ? job->weights : job->source->source.weights;
}

const float *side_job_input(const SideJob *job)
{
    return job->x;
}

bool side_job_stopped(const SideJob *job)
{
    thread_yield();
    return atomic_load(&job->stop);
}

void side_job_step(SideJob *job)
{
    atomic_fetch_add(&job->steps, 1);
    wake(job);
}
