/* unit_photos.c - a folder of photos beside the window; see unit_photos.h. */
#include "app/model/unit_photos.h"
#include "app/model/errand.h"
#include "app/model/examples_cache.h"
#include "app/model/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double RANK_SECONDS = 0.25;

typedef struct UnitPhotosJob {
    Errand errand;
    SharedSource *source;       /* held */
    char folder[1024];
    Examples e;
    bool training, keep;
    atomic_bool listed;         /* e and training can be read */
    Err problem;                /* read when it is done */
} UnitPhotosJob;

static void job_free(UnitPhotosJob *job)
{
    if (job->e.net != NULL)
        examples_free(&job->e);
    shared_source_release(job->source);
    free(job);
}

static void photo_done(void *user)
{
    errand_wake(user);
}

static void run_photos(UnitPhotosJob *job)
{
    Photos photos;
    char file[1400];
    const Source *s = &job->source->source;
    if (!photos_open(job->folder, &job->errand.stop, &photos, &job->problem) || !examples_new(&job->e, s->net, s->weights, photos, &job->problem))
        return;
    const bool cached = examples_cache_file(job->e.key, file, sizeof file);
    job->training = photos_are_training(&job->e.photos, s->info.trained);
    if (cached)
        examples_read(&job->e, file);
    atomic_store(&job->listed, true);
    errand_wake(&job->errand);
    const ExamplesFill fill = {.engine = engine_named("fast"), .weights = s->weights, .threads = errand_threads(), .stop = &job->errand.stop,
                               .file = cached && job->keep ? file : NULL, .progress = photo_done, .user = &job->errand};
    examples_fill(&job->e, &fill, &job->problem);
}

static void work(Errand *errand)
{
    UnitPhotosJob *job = (UnitPhotosJob *)errand;
    run_photos(job);
    errand_wake(errand);
    if (errand_end(errand))
        job_free(job);
}

/* ---- the main thread --------------------------------------------------------------------------------------------------------------- */

static void leave(UnitPhotos *u)
{
    if (u->job != NULL && errand_leave(&u->job->errand))
        job_free(u->job);
    u->job = NULL;
    free(u->strongest);
    u->strongest = NULL;
    u->strongest_layer = u->unit_at.layer = -1;
}

void unit_photos_open(UnitPhotos *u, const char *folder, SharedSource *source, void (*wake)(void *), void *wake_user)
{
    char copy[sizeof u->folder];
    snprintf(copy, sizeof copy, "%s", folder);
    leave(u);
    snprintf(u->folder, sizeof u->folder, "%s", copy);
    u->stopped = false;
    UnitPhotosJob *job = calloc(1, sizeof *job);
    if (job == NULL)
        return;
    job->source = shared_source_hold(source);
    job->keep = u->keep;
    snprintf(job->folder, sizeof job->folder, "%s", copy);
    if (errand_start(&job->errand, work, wake, wake_user))
        u->job = job;
    else
        job_free(job);
    if (u->patches == NULL)
        u->patches = patches_new(wake, wake_user);
}

void unit_photos_stop(UnitPhotos *u)
{
    u->stopped = true;
    if (u->job != NULL)
        stop_ask(&u->job->errand.stop);
}

void unit_photos_close(UnitPhotos *u)
{
    leave(u);
    patches_free(u->patches);
    *u = (UnitPhotos){.folder = ""};
}

void unit_photos_frame(UnitPhotos *u, SharedSource *source, void (*wake)(void *), void *wake_user)
{
    if (u->job != NULL && u->job->source != source) {
        const bool stopped = u->stopped;
        unit_photos_open(u, u->folder, source, wake, wake_user);
        if (stopped)
            unit_photos_stop(u);
    }
    if (u->patches != NULL)
        patches_frame(u->patches, source);
}

bool unit_photos_filling(const UnitPhotos *u)
{
    return u->job != NULL && !errand_done(&u->job->errand);
}

const Examples *unit_photos_examples(const UnitPhotos *u)
{
    return u->job != NULL && atomic_load(&u->job->listed) ? &u->job->e : NULL;
}

const char *unit_photos_problem(const UnitPhotos *u)
{
    if (u->job == NULL)
        return u->folder[0] != '\0' ? "not enough memory, or no thread could be started" : "";
    return unit_photos_filling(u) || u->stopped ? "" : u->job->problem.text;
}

bool unit_photos_training(const UnitPhotos *u)
{
    return unit_photos_examples(u) != NULL && u->job->training;
}

int unit_photos_broken(const UnitPhotos *u, const char **first)
{
    const Examples *e = unit_photos_examples(u);
    int count = 0;
    *first = "";
    for (int i = 0; e != NULL && i < e->photos.count; i++)
        if (atomic_load(&e->states[i]) == PHOTO_BROKEN && count++ == 0)
            *first = e->problems[i] != NULL ? e->problems[i] : "";
    return count;
}

/* Whether ranks that were made from `done` photos some seconds ago are too old. */
static bool is_old(const UnitPhotos *u, int done, double since)
{
    const int finished = atomic_load(&u->job->e.finished);
    return finished != done && (finished == u->job->e.photos.count || done == 0 || !unit_photos_filling(u) || since > RANK_SECONDS);
}

const Example *unit_photos_strongest(UnitPhotos *u, int layer, double now)
{
    const Examples *e = unit_photos_examples(u);
    if (e == NULL || atomic_load(&e->finished) == 0)
        return NULL;
    if (u->strongest != NULL && u->strongest_layer == layer && !is_old(u, u->strongest_done, now - u->strongest_ranked))
        return u->strongest;
    Example *made = malloc((size_t)e->net->layers[layer].out.c * sizeof *made);
    if (made == NULL)
        return NULL;
    u->strongest_done = atomic_load(&e->finished);
    examples_of_layer(e, layer, made);
    free(u->strongest);
    u->strongest = made;
    u->strongest_layer = layer;
    u->strongest_ranked = now;
    return made;
}

const ExamplesUnit *unit_photos_unit(UnitPhotos *u, Address unit, double now)
{
    const Examples *e = unit_photos_examples(u);
    if (e == NULL || atomic_load(&e->finished) == 0)
        return NULL;
    if (u->unit_at.layer != unit.layer || u->unit_at.channel != unit.channel || is_old(u, u->unit_done, now - u->unit_ranked)) {
        u->unit_done = atomic_load(&e->finished);
        examples_of(e, unit, EXAMPLES_TOP, &u->unit);
        u->unit_at = unit;
        u->unit_ranked = now;
    }
    return &u->unit;
}

const Patch *unit_photos_patch(UnitPhotos *u, int layer, const Example *x, int side)
{
    const Examples *e = unit_photos_examples(u);
    if (e == NULL || u->patches == NULL)
        return NULL;
    const PatchWish wish = {e->photos.items[x->photo].path, examples_field(e->net, layer, x->y, x->x), side};
    return patches_get(u->patches, &wish);
}
