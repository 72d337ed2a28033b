/* compute.c - the worker thread that computes feature maps; see compute.h. One mutex guards everything that both threads touch;
 * the worker holds it only briefly. */
#include "app/model/compute.h"
#include "engine/base/thread.h"
#include "engine/base/size.h"

#include <stdlib.h>
#include <string.h>

typedef struct Buffer {
    float *data;                /* followed by what `channels` points to; NULL until first used */
    ChannelRanges channels;
    LayerStats stats;
    uint64_t version;
    unsigned job;               /* the last job that this map is valid for; 0: never made */
    uint64_t made;              /* the Worker's number of the map that this is a copy of */
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

/* What the worker works on: its own copies, so that the main thread can continue. */
typedef struct Task {
    Results *results;           /* held */
    const Engine *engine;
    float *weights, *x;         /* weights: only those of layers with a stamp; NULL if there are none */
    uint64_t *stamps;           /* per layer, see ComputeJob */
    int first;
    unsigned job;
} Task;

struct Compute {
    Thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*wake)(void *);
    void *wake_user;
    /* Guarded by lock: */
    Results *results;           /* of the latest job, held; NULL before the first */
    Task *next;                 /* waits for the worker */
    unsigned job;               /* number of the latest job */
    bool working, quit;
    Progress progress;          /* of the latest job; compute_progress takes the total from `results` */
    uint64_t versions;
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

/* The caller holds the lock or the last reference. */
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
    free(task->stamps);
    free(task->x);
    free(task);
}

/* ---- the worker ---------------------------------------------------------------------------------------------------- */

/* What the worker keeps between jobs. Making a run and packing its weights costs more than a forward pass, and a job that changes
 * one layer's weights does not change the maps before that layer. */
typedef struct Worker {
    Run *run;
    SharedSource *source;       /* the run was made for it; held */
    unsigned version;           /* of its weights */
    float *weights, *x;         /* the run's edited weights, NULL: the source's own; the run's input */
    uint64_t *stamps;           /* per layer: the stamp of the run's weights, see ComputeJob */
    uint64_t *made;             /* per layer: number of the run's map, 0 if it does not belong to these weights and this input */
    uint64_t maps;              /* the last number given */
    bool *layers;               /* scratch, per layer: whether it is chosen */
} Worker;

static bool cancelled(Compute *c, unsigned job)
{
    pthread_mutex_lock(&c->lock);
    const bool stop = c->quit || c->job != job;
    pthread_mutex_unlock(&c->lock);
    thread_yield();
    return stop;
}

static void worker_drop(Worker *w)
{
    run_free(w->run);
    shared_source_release(w->source);
    free(w->weights);
    free(w->x);
    free(w->stamps);
    free(w->made);
    free(w->layers);
    *w = (Worker){.maps = w->maps};
}

static bool worker_make(Worker *w, const Task *task, Err *err)
{
    SharedSource *source = task->results->source;
    const Net *net = source->source.net;
    const RunOptions options = {.batch = 1, .heads = true};
    const size_t layers = (size_t)net->layer_count;
    worker_drop(w);
    w->run = run_new(task->engine, net, &options, err);
    if (w->run == NULL)
        return false;
    w->source = shared_source_hold(source);
    w->version = source->version;
    w->x = calloc(shape_size(net->input), sizeof *w->x);
    w->stamps = calloc(layers, sizeof *w->stamps);
    w->made = calloc(layers, sizeof *w->made);
    w->layers = calloc(layers, sizeof *w->layers);
    if (w->x == NULL || w->stamps == NULL || w->made == NULL || w->layers == NULL) {
        worker_drop(w);
        return err_set(err, "not enough memory to compute");
    }
    run_weights(w->run, source->source.weights);
    return true;
}

/* Range of one layer's weights, all its parameters. */
static void copy_layer(const Net *net, int layer, float *to, const float *from)
{
    for (int p = 0; p < net->param_count; p++)
        if (net->params[p].layer == layer)
            memcpy(to + net->params[p].offset, from + net->params[p].offset, net->params[p].count * sizeof *to);
}

/* Gives the run the task's weights. A layer loses its map if its weights change. */
static bool worker_weights(Worker *w, const Task *task, Err *err)
{
    const Source *source = &w->source->source;
    bool changed = false;
    for (int l = 0; l < source->net->layer_count; l++) {
        w->layers[l] = w->stamps[l] != (task->stamps != NULL ? task->stamps[l] : 0);
        changed = changed || w->layers[l];
    }
    if (!changed)
        return true;
    if (w->weights == NULL && (w->weights = copy_floats(source->weights, source->net->weight_count)) == NULL)
        return err_set(err, "not enough memory to compute");
    for (int l = 0; l < source->net->layer_count; l++)
        if (w->layers[l]) {
            w->stamps[l] = task->stamps != NULL ? task->stamps[l] : 0;
            w->made[l] = 0;
            copy_layer(source->net, l, w->weights, w->stamps[l] != 0 ? task->weights : source->weights);
        }
    run_weights_of(w->run, w->weights, w->layers);
    return true;
}

/* Makes the run ready for the task; w->layers tells which layers must be computed, *count how many. */
static bool worker_prepare(Worker *w, const Task *task, int *count, Err *err)
{
    const bool fits = w->run != NULL && w->run->engine == task->engine && w->source == task->results->source && w->version == w->source->version;
    if ((!fits && !worker_make(w, task, err)) || !worker_weights(w, task, err))
        return false;
    const Net *net = w->run->net;
    const size_t input = shape_size(net->input) * sizeof *w->x;
    const bool same_input = w->run->n > 0 && memcmp(w->x, task->x, input) == 0;
    if (!same_input) {
        memcpy(w->x, task->x, input);
        run_input(w->run, w->x, 1);
    }
    *count = 0;
    for (int l = 0; l < net->layer_count; l++) {
        if (!same_input && net->layers[l].op == OP_INPUT)
            w->made[l] = 0;
        for (int i = 0; i < net->layers[l].input_count; i++)
            if (w->made[net->layers[l].inputs[i]] == 0)
                w->made[l] = 0;
        w->layers[l] = w->made[l] == 0;
        *count += w->layers[l];
    }
    return true;
}

/* Whether the shown buffer is a copy of the run's map. Only the worker changes buffers, so it may look without the lock. */
static bool is_shown(const Worker *w, const Task *task, int layer)
{
    const LayerSlot *slot = &task->results->slots[layer];
    return slot->buffers[slot->shown].job != 0 && w->made[layer] != 0 && slot->buffers[slot->shown].made == w->made[layer];
}

/* Maps that the task does not change are valid for its job too. */
static void keep_shown(Compute *c, const Worker *w, const Task *task, int to_compute)
{
    pthread_mutex_lock(&c->lock);
    for (int l = 0; c->job == task->job && l < w->run->net->layer_count; l++)
        if (is_shown(w, task, l)) {
            LayerSlot *slot = &task->results->slots[l];
            slot->buffers[slot->shown].job = task->job;
            c->progress.done++;
        }
    if (c->job == task->job)
        c->progress.computed = to_compute;
    pthread_mutex_unlock(&c->lock);
}

/* Copies a computed layer out, measures it, and shows it. */
static bool publish(Compute *c, Worker *w, const Task *task, int layer, Err *err)
{
    LayerSlot *slot = &task->results->slots[layer];
    Buffer *b = &slot->buffers[1 - slot->shown];
    const Shape shape = w->run->net->layers[layer].out;
    const size_t count = shape_size(shape), channels = (size_t)shape.c;
    if (b->data == NULL) {
        b->data = malloc(size_product(count + 4 * channels, sizeof *b->data));
        if (b->data == NULL)
            return err_set(err, "not enough memory for the map of %s", w->run->net->layers[layer].name);
        float *ranges = b->data + count;
        b->channels = (ChannelRanges){ranges, ranges + channels, ranges + 2 * channels, ranges + 3 * channels};
    }
    run_activation(w->run, layer, 0, b->data);
    layer_stats(b->data, shape, &b->stats, &b->channels);
    pthread_mutex_lock(&c->lock);
    if (c->job == task->job) {
        b->version = ++c->versions;
        b->job = task->job;
        b->made = w->made[layer];
        slot->shown = 1 - slot->shown;
        c->progress.done++;
    }
    pthread_mutex_unlock(&c->lock);
    if (c->wake != NULL)
        c->wake(c->wake_user);
    return true;
}

/* Computes one layer, or all of w->layers when `layer` is -1. */
static void forward(Compute *c, Worker *w, unsigned job, int layer)
{
    const double started = thread_seconds();
    if (layer < 0)
        run_forward_of(w->run, w->layers);
    else
        run_forward_layer(w->run, layer);
    const double took = thread_seconds() - started;
    for (int l = 0; l < w->run->net->layer_count; l++)
        if (layer < 0 ? w->layers[l] : l == layer)
            w->made[l] = ++w->maps;
    pthread_mutex_lock(&c->lock);
    if (c->job == job)
        c->progress.seconds += took;
    pthread_mutex_unlock(&c->lock);
}

static bool work(Compute *c, Worker *w, const Task *task, Err *err)
{
    int count;
    if (!worker_prepare(w, task, &count, err))
        return false;
    const Net *net = w->run->net;
    const bool whole = strcmp(task->engine->name, "reference") != 0;
    keep_shown(c, w, task, count);
    if (whole && count > 0)
        forward(c, w, task->job, -1);
    if (whole && !is_shown(w, task, task->first) && !cancelled(c, task->job) && !publish(c, w, task, task->first, err))
        return false;
    for (int l = 0; l < net->layer_count && !cancelled(c, task->job); l++) {
        if (!whole && w->layers[l])
            forward(c, w, task->job, l);
        if (!is_shown(w, task, l) && !publish(c, w, task, l, err))
            return false;
    }
    return true;
}

static void worker_main(void *user)
{
    Compute *c = user;
    Worker w = {0};
    pthread_mutex_lock(&c->lock);
    while (!c->quit) {
        Task *task = c->next;
        if (task == NULL) {
            thread_wait(&c->changed, &c->lock);
            continue;
        }
        c->next = NULL;
        c->working = true;
        pthread_mutex_unlock(&c->lock);
        Err err = {""};
        const bool good = work(c, &w, task, &err);
        pthread_mutex_lock(&c->lock);
        if (!good && c->job == task->job)
            c->progress.failed = err;
        task_free(task);
        c->working = false;
        pthread_mutex_unlock(&c->lock);
        if (c->wake != NULL)
            c->wake(c->wake_user);
        pthread_mutex_lock(&c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    worker_drop(&w);
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
    if ((c->thread = thread_start(worker_main, c)) == NULL) {
        err_set(err, "the system cannot start a thread for computing");
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
    thread_wake(&c->changed);
    pthread_mutex_unlock(&c->lock);
    thread_join(c->thread);
    task_free(c->next);
    results_release(c->results);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* Only the pages of changed layers are touched: the rest of the array costs nothing. */
static bool copy_edited(Task *task, const ComputeJob *job)
{
    const Net *net = job->source->source.net;
    task->weights = malloc(net->weight_count * sizeof *task->weights);
    task->stamps = malloc((size_t)net->layer_count * sizeof *task->stamps);
    if (task->weights == NULL || task->stamps == NULL)
        return false;
    memcpy(task->stamps, job->stamps, (size_t)net->layer_count * sizeof *task->stamps);
    for (int l = 0; l < net->layer_count; l++)
        if (task->stamps[l] != 0)
            copy_layer(net, l, task->weights, job->weights);
    return true;
}

bool compute_start(Compute *c, const ComputeJob *job, Err *err)
{
    const Source *source = &job->source->source;
    const size_t input = shape_size(source->net->input);
    Task *task = calloc(1, sizeof *task);
    if (task == NULL)
        return err_set(err, "not enough memory to compute");
    task->x = copy_floats(job->x, input);
    const bool edited = job->weights != NULL, kept = !edited || copy_edited(task, job);
    const bool same = c->results != NULL && c->results->source == job->source; /* only the main thread changes c->results */
    Results *fresh = same ? NULL : results_new(job->source);
    if (task->x == NULL || !kept || (!same && fresh == NULL)) {
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
    c->progress = (Progress){.computed = source->net->layer_count};
    thread_wake(&c->changed);
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
                          .channels = &b->channels,
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

Progress compute_progress(Compute *c)
{
    pthread_mutex_lock(&c->lock);
    Progress progress = c->progress;
    progress.total = c->results != NULL ? c->results->source->source.net->layer_count : 0;
    pthread_mutex_unlock(&c->lock);
    return progress;
}
