/* loader.c - see loader.h. */
#include "app/model/loader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct Loader {
    pthread_t thread;
    LoadResult result;
    SharedSource *source;
    char networks_dir[1024];
    void (*wake)(void *);
    void *wake_user;
    atomic_bool done;
};

static void load(Loader *l)
{
    LoadResult *r = &l->result;
    Err picture_err, weights_err;
    if (picture_open(r->path, l->source->source.net, &r->picture, &picture_err)) {
        r->good = true;
        return;
    }
    const SourceOptions options = {.weights = r->path, .networks_dir = l->networks_dir};
    if (!r->second && source_open(&r->source, &options, &weights_err)) {
        r->good = r->is_source = true;
        return;
    }
    r->err = !r->second && weights_recognise(r->path) ? weights_err : picture_err;
}

static void *loader_main(void *user)
{
    Loader *l = user;
    load(l);
    atomic_store(&l->done, true);
    if (l->wake != NULL)
        l->wake(l->wake_user);
    return NULL;
}

Loader *loader_start(const LoadRequest *request, Err *err)
{
    Loader *l = calloc(1, sizeof *l);
    if (l == NULL) {
        err_set(err, "not enough memory to open %s", request->path);
        return NULL;
    }
    snprintf(l->result.path, sizeof l->result.path, "%s", request->path);
    snprintf(l->networks_dir, sizeof l->networks_dir, "%s", request->networks_dir);
    l->result.second = request->second;
    l->source = shared_source_hold(request->source);
    l->wake = request->wake;
    l->wake_user = request->wake_user;
    if (pthread_create(&l->thread, NULL, loader_main, l) != 0) {
        shared_source_release(l->source);
        free(l);
        err_set(err, "the system gives no thread to open %s", request->path);
        return NULL;
    }
    return l;
}

const char *loader_path(const Loader *l)
{
    return l->result.path;
}

static void join(Loader *l, LoadResult *out)
{
    pthread_join(l->thread, NULL);
    *out = l->result;
    shared_source_release(l->source);
    free(l);
}

bool loader_finish(Loader *l, LoadResult *out)
{
    if (!atomic_load(&l->done))
        return false;
    join(l, out);
    return true;
}

void loader_abandon(Loader *l)
{
    if (l == NULL)
        return;
    LoadResult r;
    join(l, &r);
    if (r.is_source)
        source_free(&r.source);
    else if (r.good)
        picture_free(&r.picture);
}
