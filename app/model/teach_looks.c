/* teach_looks.c - pictures go through the frozen layers beside the window; see teach_looks.h. */
#include "app/model/teach_looks.h"
#include "app/model/errand.h"
#include "app/model/picture.h"
#include "app/model/thumbs.h"

#include <stdlib.h>
#include <string.h>

typedef struct TeachLooksJob {
    Errand errand;
    SharedSource *source;       /* held */
    char **paths;
    int *pictures;              /* their numbers */
    TeachLook *made;
    int count, taken;           /* the main thread has taken the first `taken` */
    atomic_int done;            /* the first `done` are made and no longer change */
    Err problem;                /* read when it has ended */
} TeachLooksJob;

static void look_free(TeachLook *look)
{
    free(look->features);
    free(look->problem);
    image_free(&look->thumb);
    *look = (TeachLook){.known = false};
}

static void job_free(TeachLooksJob *job)
{
    for (int i = 0; i < job->count; i++) {
        if (job->paths != NULL)
            free(job->paths[i]);
        if (job->made != NULL)
            look_free(&job->made[i]);
    }
    free(job->paths);
    free(job->pictures);
    free(job->made);
    shared_source_release(job->source);
    free(job);
}

int teach_last_layer(const Net *net, Err *err)
{
    const int scorer = net_scorer(net, 0), logits = net->heads[0].logits;
    const Layer *last = scorer >= 0 ? &net->layers[scorer] : NULL;
    if (last != NULL && scorer == logits && last->op == OP_FC && !last->relu && !last->bn && net_scores(net, 0) > 0)
        return scorer;
    err_set(err, "%s: its class scores do not come from a fully connected layer, so there is no last layer to teach; choose a network with one, such as googlenet",
            net->title[0] != '\0' ? net->title : net->name);
    return -1;
}

/* ---- the thread -------------------------------------------------------------------------------------------------------------------- */

static bool look_at(TeachLooksJob *job, Run *run, const char *path, TeachLook *look, Err *err)
{
    Picture picture;
    const Net *net = run->net;
    const Layer *features = &net->layers[net->layers[teach_last_layer(net, err)].inputs[0]];
    if (!picture_open_unless(&job->errand.stop, path, net, &picture, err))
        return false;
    bool good = thumb_shrink(&picture.fitted, TEACH_THUMB, &look->thumb, err);
    look->version = image_version(&picture.fitted);
    look->features = malloc(shape_size(features->out) * sizeof *look->features);
    if (good && look->features == NULL)
        good = err_set(err, "%s: not enough memory", path);
    if (good) {
        run_input(run, picture.x, 1);
        run_forward(run);
        run_activation(run, (int)(features - net->layers), 0, look->features);
    }
    picture_free(&picture);
    return good;
}

static void run_job(TeachLooksJob *job)
{
    const Source *s = &job->source->source;
    Run *run = run_new(engine_named("fast"), s->net, &(RunOptions){.batch = 1, .threads = errand_threads()}, &job->problem);
    if (run == NULL)
        return;
    run_weights(run, s->weights);
    for (int i = 0; i < job->count && !stop_asked(&job->errand.stop); i++) {
        Err err;
        TeachLook *look = &job->made[i];
        if (!look_at(job, run, job->paths[i], look, &err)) {
            look_free(look);
            if (stop_asked(&job->errand.stop))
                break; /* that is no fault of the picture */
            look->problem = strdup(err.text);
        }
        look->known = true;
        atomic_store(&job->done, i + 1);
        errand_wake(&job->errand);
    }
    run_free(run);
}

static void work(Errand *errand)
{
    TeachLooksJob *job = (TeachLooksJob *)errand;
    run_job(job);
    if (errand_end(errand))
        job_free(job);
}

/* ---- the main thread --------------------------------------------------------------------------------------------------------------- */

static bool is_due(const TeachLooks *l, const TeachBins *bins, int picture)
{
    return bins->now.bin_of[picture] >= 0 && !l->items[picture].known;
}

static bool make_room(TeachLooks *l, int count)
{
    if (count <= l->count)
        return true;
    TeachLook *grown = realloc(l->items, (size_t)count * sizeof *grown);
    if (grown == NULL)
        return err_set(&l->problem, "not enough memory for %d pictures", count);
    memset(grown + l->count, 0, (size_t)(count - l->count) * sizeof *grown);
    l->items = grown;
    l->count = count;
    return true;
}

/* Bin by bin, so that what is looked at first is what is seen first. */
static bool list_due(const TeachLooks *l, const TeachBins *bins, TeachLooksJob *job)
{
    const size_t most = (size_t)bins->now.picture_count;
    job->paths = calloc(most, sizeof *job->paths);
    job->pictures = calloc(most, sizeof *job->pictures);
    job->made = calloc(most, sizeof *job->made);
    if (job->paths == NULL || job->pictures == NULL || job->made == NULL)
        return false;
    for (int bin = 0; bin < bins->now.bin_count; bin++)
        for (int i = 0; i < bins->now.picture_count; i++) {
            if (bins->now.bin_of[i] != bin || !is_due(l, bins, i))
                continue;
            if ((job->paths[job->count] = strdup(bins->paths[i])) == NULL)
                return false;
            job->pictures[job->count++] = i;
        }
    return true;
}

static void begin(TeachLooks *l, const TeachBins *bins, void (*wake)(void *), void *wake_user)
{
    int due = 0;
    for (int i = 0; i < bins->now.picture_count; i++)
        due += is_due(l, bins, i);
    if (due == 0)
        return;
    TeachLooksJob *job = calloc(1, sizeof *job);
    if (job != NULL)
        job->source = shared_source_hold(l->source);
    if (job != NULL && list_due(l, bins, job) && errand_start(&job->errand, work, wake, wake_user)) {
        l->job = job;
        return;
    }
    if (job != NULL)
        job_free(job);
    err_set(&l->problem, "not enough memory, or no thread could be started");
}

static void leave(TeachLooks *l)
{
    if (l->job != NULL && errand_leave(&l->job->errand))
        job_free(l->job);
    l->job = NULL;
}

static void take_done(TeachLooks *l)
{
    TeachLooksJob *job = l->job;
    const bool ended = errand_done(&job->errand); /* before `done` is read, so that none is lost */
    for (const int done = atomic_load(&job->done); job->taken < done; job->taken++) {
        TeachLook *to = &l->items[job->pictures[job->taken]];
        look_free(to);
        *to = job->made[job->taken];
        job->made[job->taken] = (TeachLook){.known = false};
    }
    if (!ended)
        return;
    if (job->problem.text[0] != '\0')
        l->problem = job->problem;
    job_free(job);
    l->job = NULL;
}

/* Another network: the features are no longer true; the small pictures stay until new ones are there. */
static void look_again(TeachLooks *l, SharedSource *source)
{
    leave(l);
    for (int i = 0; i < l->count; i++)
        l->items[i].known = false;
    shared_source_release(l->source);
    l->source = shared_source_hold(source);
    l->problem.text[0] = '\0';
    l->stopped = false;
    teach_last_layer(source->source.net, &l->problem);
}

void teach_looks_frame(TeachLooks *l, const TeachBins *bins, SharedSource *source, void (*wake)(void *), void *wake_user)
{
    if (bins->now.picture_count == 0 || !make_room(l, bins->now.picture_count))
        return;
    if (l->source != source)
        look_again(l, source);
    if (l->job != NULL)
        take_done(l);
    if (l->job == NULL && !l->stopped && l->problem.text[0] == '\0')
        begin(l, bins, wake, wake_user);
}

void teach_looks_stop(TeachLooks *l)
{
    l->stopped = true;
    if (l->job != NULL)
        stop_ask(&l->job->errand.stop);
}

void teach_looks_go_on(TeachLooks *l)
{
    l->stopped = false;
}

void teach_looks_close(TeachLooks *l)
{
    leave(l);
    for (int i = 0; i < l->count; i++)
        look_free(&l->items[i]);
    free(l->items);
    shared_source_release(l->source);
    *l = (TeachLooks){.job = NULL};
}

bool teach_looks_busy(const TeachLooks *l)
{
    return l->job != NULL;
}

const TeachLook *teach_look(const TeachLooks *l, int picture)
{
    return picture < l->count && l->items[picture].known ? &l->items[picture] : NULL;
}

int teach_looks_done(const TeachLooks *l, const TeachBins *bins, int *all)
{
    int done = 0;
    *all = 0;
    for (int i = 0; i < bins->now.picture_count; i++) {
        *all += bins->now.bin_of[i] >= 0;
        done += bins->now.bin_of[i] >= 0 && teach_look(l, i) != NULL;
    }
    return done;
}
