/* open_job.c - opens one file on its own thread; see open_job.h. */
#include "app/session/open_job.h"
#include "app/model/errand.h"
#include "engine/io/file.h"

#include <stdio.h>
#include <stdlib.h>

struct OpenJob {
    Errand errand;
    OpenResult result;
    SharedSource *source;
    char networks_dir[1024];
};

/* The beginning of the file tells its kind, so that only one reader reads all of it. */
static void load(OpenJob *l)
{
    OpenResult *r = &l->result;
    const SourceOptions options = {.weights = r->path, .networks_dir = l->networks_dir, .stop = &l->errand.stop};
    unsigned char *head;
    size_t size;
    if (!file_read_head(r->path, WEIGHTS_HEAD, &head, &size, &r->err))
        return;
    if (image_recognise(head, size)) {
        r->good = picture_open_unless(&l->errand.stop, r->path, l->source->source.net, &r->picture, &r->err);
    } else if (!r->second && weights_recognise(head, size)) {
        r->good = r->is_source = source_open(&r->source, &options, &r->err);
    } else { /* the message says what kind of file it is */
        Image none;
        if (image_decode(head, size, r->path, &none, &r->err))
            image_free(&none);
    }
    free(head);
}

static void dispose(OpenJob *l)
{
    OpenResult *r = &l->result;
    if (r->is_source)
        source_free(&r->source);
    else if (r->good)
        picture_free(&r->picture);
    shared_source_release(l->source);
    free(l);
}

static void work(Errand *errand)
{
    OpenJob *l = (OpenJob *)errand;
    load(l);
    if (errand_end(errand))
        dispose(l);
}

OpenJob *open_job_start(const OpenRequest *request, Err *err)
{
    OpenJob *l = calloc(1, sizeof *l);
    if (l == NULL) {
        err_set(err, "not enough memory to open %s", request->path);
        return NULL;
    }
    snprintf(l->result.path, sizeof l->result.path, "%s", request->path);
    snprintf(l->networks_dir, sizeof l->networks_dir, "%s", request->networks_dir);
    l->result.second = request->second;
    l->source = shared_source_hold(request->source);
    if (!errand_start(&l->errand, work, request->wake, request->wake_user)) {
        dispose(l);
        err_set(err, "the system cannot start a thread to open %s", request->path);
        return NULL;
    }
    return l;
}

const char *open_job_path(const OpenJob *l)
{
    return l->result.path;
}

bool open_job_finish(OpenJob *l, OpenResult *out)
{
    if (!errand_done(&l->errand))
        return false;
    *out = l->result;
    shared_source_release(l->source);
    free(l);
    return true;
}

void open_job_abandon(OpenJob *l)
{
    if (l != NULL && errand_leave(&l->errand))
        dispose(l);
}
