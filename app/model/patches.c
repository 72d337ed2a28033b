/* patches.c - cuts patches out of photos beside the window; see patches.h. */
#include "app/model/patches.h"
#include "app/model/errand.h"
#include "app/model/picture.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT = 1200, BATCH = 48, PHOTOS_KEPT = 200 };

typedef struct PatchEntry {
    char *path;                 /* owned */
    ReceptiveField field;
    int side;
    Patch made;
    unsigned long long asked;   /* the frame that asked for it last */
} PatchEntry;

/* A photo as the network sees it. Neighbouring channels often have the same ones. */
typedef struct FittedPhoto {
    char *path;
    Image image;
    unsigned long long used;
} FittedPhoto;

/* What one thread works on. It has its own copies, and the photos until it has ended. */
typedef struct PatchJob {
    Errand errand;
    SharedSource *source;
    PatchEntry wishes[BATCH];
    int count;
    FittedPhoto photos[PHOTOS_KEPT];
    int photo_count;
    unsigned long long turn;
} PatchJob;

struct Patches {
    PatchEntry entries[KEPT];   /* made ones */
    int count;
    PatchEntry wishes[BATCH];   /* of this frame */
    int wish_count;
    PatchJob *job;              /* the running or the last one, with its photos; or NULL */
    bool running;
    SharedSource *source;       /* that the entries belong to; held */
    unsigned long long frame;
    void (*wake)(void *);
    void *wake_user;
};

static bool is_wish(const PatchEntry *e, const PatchWish *w)
{
    return e->side == w->side && memcmp(&e->field, &w->field, sizeof e->field) == 0 && strcmp(e->path, w->path) == 0;
}

static void entry_free(PatchEntry *e)
{
    free(e->path);
    image_free(&e->made.image);
    *e = (PatchEntry){.path = NULL};
}

static void job_free(PatchJob *job)
{
    if (job == NULL)
        return;
    for (int i = 0; i < job->count; i++)
        entry_free(&job->wishes[i]);
    for (int i = 0; i < job->photo_count; i++) {
        free(job->photos[i].path);
        image_free(&job->photos[i].image);
    }
    shared_source_release(job->source);
    free(job);
}

/* ---- the thread ------------------------------------------------------------------------------------------------------------------- */

/* A place for one more photo: a new one, or that of the photo that was not used for longest. */
static FittedPhoto *photo_place(PatchJob *job)
{
    if (job->photo_count < PHOTOS_KEPT)
        return &job->photos[job->photo_count++];
    FittedPhoto *oldest = &job->photos[0];
    for (int i = 1; i < job->photo_count; i++)
        oldest = job->photos[i].used < oldest->used ? &job->photos[i] : oldest;
    free(oldest->path);
    image_free(&oldest->image);
    return oldest;
}

static const Image *fitted_photo(PatchJob *job, const char *path)
{
    Image whole, fitted;
    Err none;
    for (int i = 0; i < job->photo_count; i++)
        if (strcmp(job->photos[i].path, path) == 0) {
            job->photos[i].used = ++job->turn;
            return &job->photos[i].image;
        }
    char *copy = strdup(path);
    if (copy == NULL || !image_load_unless(&job->errand.stop, path, &whole, &none)) {
        free(copy);
        return NULL;
    }
    const bool good = image_fit(&whole, job->source->source.net, &fitted, NULL, &none);
    image_free(&whole);
    if (!good) {
        free(copy);
        return NULL;
    }
    FittedPhoto *place = photo_place(job);
    *place = (FittedPhoto){copy, fitted, ++job->turn};
    return &place->image;
}

static void work(Errand *errand)
{
    PatchJob *job = (PatchJob *)errand;
    Err none;
    for (int i = 0; i < job->count && !stop_asked(&errand->stop); i++) {
        PatchEntry *e = &job->wishes[i];
        const Image *photo = fitted_photo(job, e->path);
        if (photo != NULL && patch_cut(photo, e->field, e->side, &e->made.image, &none))
            e->made.version = image_version(&e->made.image);
    }
    errand_wake(errand);
    if (errand_end(errand))
        job_free(job);
}

/* ---- the main thread --------------------------------------------------------------------------------------------------------------- */

Patches *patches_new(void (*wake)(void *), void *wake_user)
{
    Patches *p = calloc(1, sizeof *p);
    if (p != NULL) {
        p->wake = wake;
        p->wake_user = wake_user;
    }
    return p;
}

static void forget(Patches *p)
{
    if (p->job != NULL && (!p->running || errand_leave(&p->job->errand)))
        job_free(p->job);
    for (int i = 0; i < p->count; i++)
        entry_free(&p->entries[i]);
    for (int i = 0; i < p->wish_count; i++)
        entry_free(&p->wishes[i]);
    shared_source_release(p->source);
    p->job = NULL;
    p->source = NULL;
    p->running = false;
    p->count = p->wish_count = 0;
}

void patches_free(Patches *p)
{
    if (p == NULL)
        return;
    forget(p);
    free(p);
}

/* Room for one more. What was asked for in the last frame is still drawn. */
static PatchEntry *entry_place(Patches *p)
{
    if (p->count < KEPT)
        return &p->entries[p->count++];
    PatchEntry *oldest = &p->entries[0];
    for (int i = 1; i < p->count; i++)
        oldest = p->entries[i].asked < oldest->asked ? &p->entries[i] : oldest;
    if (oldest->asked + 1 >= p->frame)
        return NULL;
    entry_free(oldest);
    return oldest;
}

static void take(Patches *p)
{
    for (int i = 0; i < p->job->count; i++) {
        PatchEntry *place = entry_place(p);
        if (place != NULL)
            *place = p->job->wishes[i];
        else
            entry_free(&p->job->wishes[i]);
    }
    p->job->count = 0;
    p->running = false;
}

static void start(Patches *p)
{
    if (p->job == NULL) {
        if ((p->job = calloc(1, sizeof *p->job)) == NULL)
            return;
        p->job->source = shared_source_hold(p->source);
    }
    memcpy(p->job->wishes, p->wishes, (size_t)p->wish_count * sizeof *p->wishes);
    p->job->count = p->wish_count;
    p->wish_count = 0;
    p->running = errand_start(&p->job->errand, work, p->wake, p->wake_user);
    if (!p->running) {
        job_free(p->job);
        p->job = NULL;
    }
}

void patches_frame(Patches *p, SharedSource *source)
{
    if (p->source != source) {
        forget(p);
        p->source = shared_source_hold(source);
    }
    if (p->running && errand_done(&p->job->errand))
        take(p);
    if (!p->running && p->wish_count > 0)
        start(p);
    for (int i = 0; i < p->wish_count; i++)
        entry_free(&p->wishes[i]);
    p->wish_count = 0;
    p->frame++;
}

const Patch *patches_get(Patches *p, const PatchWish *wish)
{
    for (int i = 0; i < p->count; i++)
        if (is_wish(&p->entries[i], wish)) {
            p->entries[i].asked = p->frame;
            return &p->entries[i].made;
        }
    for (int i = 0; i < p->wish_count; i++)
        if (is_wish(&p->wishes[i], wish))
            return NULL;
    char *path = p->wish_count < BATCH ? strdup(wish->path) : NULL;
    if (path == NULL)
        return NULL;
    if (!p->running && p->wish_count == 0 && p->wake != NULL)
        p->wake(p->wake_user);  /* the next frame starts it, and nothing else may ask for one */
    p->wishes[p->wish_count++] = (PatchEntry){.path = path, .field = wish->field, .side = wish->side, .asked = p->frame};
    return NULL;
}

bool patches_busy(const Patches *p)
{
    return p != NULL && (p->running || p->wish_count > 0);
}
