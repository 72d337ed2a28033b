/* open_job.c - opens one file on its own thread; see open_job.h. */
#include "app/session/open_job.h"
#include "app/model/errand.h"
#include "engine/base/text.h"
#include "engine/io/file.h"
#include "engine/io/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct OpenJob {
    Errand errand;
    OpenResult result;
    SharedSource *source;
    char networks_dir[1024];
    int classes;                /* of a description's network; 0: as it says */
};

/* Class names are JSON, or a text file that is called one: any other text could be anything. */
static bool may_be_labels(const char *path, const unsigned char *head, size_t size)
{
    const char *text = (const char *)head, *dot = strrchr(path, '.');
    const size_t start = text_mark(text, size), first = start + strspn(text + start, " \t\r\n");
    return text[first] == '{' || text[first] == '[' || (dot != NULL && strcasecmp(dot, ".txt") == 0);
}

/* The beginning of the file tells its kind, so that only one reader reads all of it. */
static void load(OpenJob *l)
{
    OpenResult *r = &l->result;
    SourceOptions options = {.networks_dir = l->networks_dir, .stop = &l->errand.stop};
    unsigned char *head;
    size_t size;
    NetHead described;
    char path[sizeof r->path + 2];
    if (!file_read_head(r->path, WEIGHTS_HEAD, &head, &size, &r->err))
        return;
    if (image_recognise(head, size)) {
        r->good = picture_open_unless(&l->errand.stop, r->path, l->source->source.net, &r->picture, &r->err);
    } else if (!r->second && weights_recognise(head, size)) {
        r->kind = OPENED_SOURCE;
        options.weights = r->path;
        r->good = source_open(&r->source, &options, &r->err);
    } else if (!r->second && net_head((const char *)head, size, &described)) {
        r->kind = OPENED_SOURCE;
        snprintf(path, sizeof path, "%s%s", strchr(r->path, '/') != NULL ? "" : "./", r->path); /* a file, not the name of a shipped one */
        options.network = path;
        options.classes = l->classes;
        r->good = source_open(&r->source, &options, &r->err);
    } else if (!r->second && may_be_labels(r->path, head, size)) {
        r->kind = OPENED_LABELS;
        r->good = labels_load(r->path, &r->labels, &r->label_count, &r->err);
    } else { /* the message says what kind of file it is */
        Image none;
        if (image_decode(head, size, r->path, &none, &r->err))
            image_free(&none);
    }
    free(head);
}

void open_result_free(OpenResult *r)
{
    if (r->good && r->kind == OPENED_SOURCE)
        source_free(&r->source);
    else if (r->good && r->kind == OPENED_LABELS)
        labels_free(r->labels, r->label_count);
    else if (r->good)
        picture_free(&r->picture);
}

static void dispose(OpenJob *l)
{
    open_result_free(&l->result);
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
    l->classes = request->classes;
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
