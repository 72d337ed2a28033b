/* compute.c - see compute.h. One mutex guards everything that both threads touch; the worker holds it for moments only. */
#include "app/model/compute.h"
#include "engine/base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct Buffer {
    float *data, *lo, *hi;      /* one allocation, data first; NULL until first used */
    LayerStats stats;
    uint64_t version;
    unsigned job;               /* that made it; 0: never */
} Buffer;

typedef struct LayerSlot {
    Buffer buffers[2];
    int shown;
} LayerSlot;

/* Maps of one network. Both threads may hold it; the last one frees it. */
typedef struct Results {
    int holders;                /* guarded by the mutex */
    SharedSource *source;
    LayerSlot *slots;           /* net->layer_count */
} Results;

/* What the worker works on; its own copies, so that the main thread may go on. */
typedef struct Task {
    Results *results;           /* held */
    const Engine *engine;
    float *weights, *x;         /* weights NULL: the source's */
    int first;
    unsigned job;
} Task;

struct Compute {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*wake)(void *);
    void *wake_user;
    /* Guarded by lock: */
    Results *results;           /* of the latest job, held; NULL before the first */
    Task *next;                 /* waits for the worker */
    unsigned job;               /* number of the latest job */
    bool working, quit;
    int done;
    double seconds;             /* that the latest job's forward took so far, copying and measuring left out */
    uint64_t versions;
    Err failed;
};

/* ---- shared sources ---------------------------------------------------------------------------------------------- */

SharedSource *shared_source_new(Source source)
{
    SharedSource *shared = malloc(sizeof *shared);
    if (shared == NULL) {
        source_free(&source);
        return NULL;
    }
    *shared = (SharedSource){.source = source, .holders = 1};
    return shared;
}

SharedSource *shared_source_hold(SharedSource *shared)
{
    __atomic_add_fetch(&shared->holders, 1, __ATOMIC_RELAXED);
    return shared;
}

void shared_source_release(SharedSource *shared)
{
    if (shared != NULL && __atomic_sub_fetch(&shared->holders, 1, __ATOMIC_ACQ_REL) == 0) {
        source_free(&shared->source);
        free(shared);
    }
}

/* ---- results and tasks -------------------------------------------------------------------------------------------- */

static Results *results_new(SharedSource *source)
{
    Results *r = calloc(1, sizeof *r);
    LayerSlot *slots = calloc((size_t)source->source.net->layer_count, sizeof *slots);
    if (r == NULL || slots == NULL) {
        free(r);
        free(slots);
        return NULL;
    }
    *r = (Results){.holders = 1, .source = shared_source_hold(source), .slots = slots};
    return r;
}

/* The caller holds the lock, or is the last one who knows the results. */
static void results_release(Results *r)
{
    if (r == NULL || --r->holders > 0)
        return;
    for (int l = 0; l < r->source->source.net->layer_count; l++)
        for (int b = 0; b < 2; b++)
            free(r->slots[l].buffers[b].data);
    shared_source_release(r->source);
    free(r->slots);
    free(r);
}

static void task_free(Task *task)
{
    if (task == NULL)
        return;
    results_release(task->results);
    free(task->weights);
    free(task->x);
    free(task);
}

/* ---- the worker ---------------------------------------------------------------------------------------------------- */

/* What the worker keeps between jobs: making a run and packing its weights costs more than a forward pass. */
typedef struct Worker {
    Run *run;
    SharedSource *source;       /* that the run was made for, held */
    const float *packed;        /* the source's own weights when the run has these, else NULL */
} Worker;

static bool cancelled(Compute *c, unsigned job)
{
    pthread_mutex_lock(&c->lock);
    const bool stop = c->quit || c->job != job;
    pthread_mutex_unlock(&c->lock);
    return stop;
}

static void worker_drop(Worker *w)
{
    run_free(w->run);
    shared_source_release(w->source);
    *w = (Worker){0};
}

static bool worker_prepare(Worker *w, const Task *task, Err *err)
{
    SharedSource *source = task->results->source;
    if (w->run == NULL || w->run->engine != task->engine || w->source != source) {
        worker_drop(w);
        const RunOptions options = {.batch = 1, .heads = true};
        w->run = run_new(task->engine, source->source.net, &options, err);
        if (w->run == NULL)
            return false;
        w->source = shared_source_hold(source);
    }
    if (task->weights != NULL || w->packed != source->source.weights) {
        run_weights(w->run, task->weights != NULL ? task->weights : source->source.weights);
        w->packed = task->weights != NULL ? NULL : source->source.weights;
    }
    run_input(w->run, task->x, 1);
    return true;
}

/* Copies a computed layer out, measures it, and shows it. */
static bool publish(Compute *c, Worker *w, const Task *task, int layer, Err *err)
{
    LayerSlot *slot = &task->results->slots[layer];
    Buffer *b = &slot->buffers[1 - slot->shown];
    const Shape shape = w->run->net->layers[layer].out;
    const size_t count = shape_size(shape), channels = (size_t)shape.c;
    if (b->data == NULL) {
        b->data = malloc((count + 2 * channels) * sizeof *b->data);
        if (b->data == NULL)
            return err_set(err, "not enough memory for the map of %s", w->run->net->layers[layer].name);
        b->lo = b->data + count;
        b->hi = b->lo + channels;
    }
    run_activation(w->run, layer, 0, b->data);
    layer_stats(b->data, shape, &b->stats, b->lo, b->hi);
    pthread_mutex_lock(&c->lock);
    if (c->job == task->job) {
        b->version = ++c->versions;
        b->job = task->job;
        slot->shown = 1 - slot->shown;
        c->done++;
    }
    pthread_mutex_unlock(&c->lock);
    if (c->wake != NULL)
        c->wake(c->wake_user);
    return true;
}

/* One layer, or all when `layer` is -1. */
static void forward(Compute *c, Run *run, unsigned job, int layer)
{
    const double started = clock_seconds();
    if (layer < 0)
        run_forward(run);
    else
        run_forward_layer(run, layer);
    const double took = clock_seconds() - started;
    pthread_mutex_lock(&c->lock);
    if (c->job == job)
        c->seconds += took;
    pthread_mutex_unlock(&c->lock);
}

static bool work(Compute *c, Worker *w, const Task *task, Err *err)
{
    if (!worker_prepare(w, task, err))
        return false;
    const Net *net = w->run->net;
    const bool whole = strcmp(task->engine->name, "reference") != 0;
    if (whole) {
        forward(c, w->run, task->job, -1);
        if (!cancelled(c, task->job) && !publish(c, w, task, task->first, err))
            return false;
    }
    for (int l = 0; l < net->layer_count && !cancelled(c, task->job); l++) {
        if (whole && l == task->first)
            continue;
        if (!whole)
            forward(c, w->run, task->job, l);
        if (!publish(c, w, task, l, err))
            return false;
    }
    return true;
}

static void *worker_main(void *user)
{
    Compute *c = user;
    Worker w = {0};
    pthread_mutex_lock(&c->lock);
    while (!c->quit) {
        Task *task = c->next;
        if (task == NULL) {
            pthread_cond_wait(&c->changed, &c->lock);
            continue;
        }
        c->next = NULL;
        c->working = true;
        pthread_mutex_unlock(&c->lock);
        Err err = {""};
        const bool good = work(c, &w, task, &err);
        pthread_mutex_lock(&c->lock);
        if (!good && c->job == task->job)
            c->failed = err;
        task_free(task);
        c->working = false;
        pthread_mutex_unlock(&c->lock);
        if (c->wake != NULL)
            c->wake(c->wake_user);
        pthread_mutex_lock(&c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    worker_drop(&w);
    return NULL;
}

/* ---- the main thread's side ------------------------------------------------------------------------------------------ */

Compute *compute_new(void (*wake)(void *), void *wake_user, uint64_t first_version, Err *err)
{
    Compute *c = calloc(1, sizeof *c);
    if (c == NULL) {
        err_set(err, "not enough memory to compute");
        return NULL;
    }
    c->wake = wake;
    c->wake_user = wake_user;
    c->versions = first_version;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    if (pthread_create(&c->thread, NULL, worker_main, c) != 0) {
        err_set(err, "the system gives no thread to compute on");
        pthread_cond_destroy(&c->changed);
        pthread_mutex_destroy(&c->lock);
        free(c);
        return NULL;
    }
    return c;
}

void compute_free(Compute *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->quit = true;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    task_free(c->next);
    results_release(c->results);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

bool compute_start(Compute *c, const ComputeJob *job, Err *err)
{
    const Source *source = &job->source->source;
    const size_t input = shape_size(source->net->input);
    Task *task = calloc(1, sizeof *task);
    if (task == NULL)
        return err_set(err, "not enough memory to compute");
    task->x = copy_floats(job->x, input);
    task->weights = job->weights != NULL ? copy_floats(job->weights, source->net->weight_count) : NULL;
    const bool same = c->results != NULL && c->results->source == job->source; /* main alone changes c->results */
    Results *fresh = same ? NULL : results_new(job->source);
    if (task->x == NULL || (job->weights != NULL && task->weights == NULL) || (!same && fresh == NULL)) {
        task_free(task);
        results_release(fresh);
        return err_set(err, "not enough memory to compute");
    }
    pthread_mutex_lock(&c->lock);
    if (!same) {
        results_release(c->results);
        c->results = fresh;
    }
    c->results->holders++;
    task->results = c->results;
    task->engine = job->engine;
    task->first = job->first;
    task->job = ++c->job;
    task_free(c->next);
    c->next = task;
    c->done = 0;
    c->seconds = 0;
    c->failed.text[0] = '\0';
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return true;
}

bool compute_map(Compute *c, int layer, LayerMap *out)
{
    pthread_mutex_lock(&c->lock);
    const Buffer *b = NULL;
    if (c->results != NULL && layer < c->results->source->source.net->layer_count) {
        const LayerSlot *slot = &c->results->slots[layer];
        b = &slot->buffers[slot->shown];
    }
    const bool there = b != NULL && b->job != 0;
    if (there)
        *out = (LayerMap){.data = b->data,
                          .shape = c->results->source->source.net->layers[layer].out,
                          .version = b->version,
                          .stats = &b->stats,
                          .lo = b->lo,
                          .hi = b->hi,
                          .current = b->job == c->job};
    pthread_mutex_unlock(&c->lock);
    return there;
}

bool compute_busy(Compute *c)
{
    pthread_mutex_lock(&c->lock);
    const bool busy = c->next != NULL || c->working;
    pthread_mutex_unlock(&c->lock);
    return busy;
}

void compute_progress(Compute *c, int *done, int *total, double *seconds, Err *failed)
{
    pthread_mutex_lock(&c->lock);
    *done = c->done;
    *total = c->results != NULL ? c->results->source->source.net->layer_count : 0;
    *seconds = c->seconds;
    *failed = c->failed;
    pthread_mutex_unlock(&c->lock);
}
