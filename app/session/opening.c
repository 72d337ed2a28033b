/* opening.c - opens files in the background; see opening.h. The status line tells what happened, or why not. */
#include "app/session/opening.h"

#include <stdio.h>

void opening_init(Opening *o, bool keep)
{
    *o = (Opening){.recent = {.keep = keep}};
    if (keep)
        recent_load(&o->recent);
}

void opening_close(Opening *o)
{
    open_job_abandon(o->job);
    open_job_abandon(o->whole);
    o->job = o->whole = NULL;
}

static OpenRequest request_for(const Model *m, const char *path)
{
    return (OpenRequest){.path = path, .source = m->source, .networks_dir = m->networks_dir, .wake = m->wake, .wake_user = m->wake_user};
}

void opening_whole(Opening *o, Model *m, const char *path)
{
    Err err;
    const OpenRequest request = request_for(m, path);
    open_job_abandon(o->whole);
    o->whole = open_job_start(&request, &err);
    if (o->whole == NULL)
        model_say(m, true, "%s", err.text);
}

bool opening_whole_due(const Opening *o, const Model *m)
{
    return o->whole != NULL && m->what_if.weights == NULL;
}

static void take_whole(Opening *o, Model *m)
{
    OpenResult result;
    if (!opening_whole_due(o, m) || model_busy(m) || !open_job_finish(o->whole, &result))
        return;
    o->whole = NULL;
    if (!result.good)
        model_say(m, true, "%s", result.err.text);
    else if (result.kind == OPENED_SOURCE)
        model_take_heads(m, &result.source); /* or the user has opened others meanwhile */
    open_result_free(&result);
}

static void start(Opening *o, Model *m, OpenRequest request)
{
    Err err;
    o->quiet = false;
    open_job_abandon(o->job);
    o->job = open_job_start(&request, &err);
    if (o->job == NULL)
        model_say(m, true, "%s", err.text);
}

void opening_start(Opening *o, Model *m, const char *path, bool second)
{
    OpenRequest request = request_for(m, path);
    request.second = second;
    start(o, m, request);
}

void opening_network(Opening *o, Model *m, const char *path, int classes)
{
    OpenRequest request = request_for(m, path);
    request.classes = classes;
    start(o, m, request);
}

bool opening_cancel(Opening *o, Model *m)
{
    if (o->job == NULL)
        return false;
    model_say(m, false, model_text(m, STR_OPENING_STOPPED), open_job_path(o->job));
    open_job_abandon(o->job);
    o->job = NULL;
    return true;
}

static void say_opened(Model *m, const OpenResult *r)
{
    const WeightsInfo *info = &m->source->source.info;
    const char *note = r->second ? m->other.original.note : m->picture.original.note;
    if (r->kind == OPENED_LABELS)
        model_say(m, false, model_text(m, STR_OPENED_LABELS), r->path, r->label_count);
    else if (r->kind == OPENED_PICTURE)
        model_say(m, false, "%s%s%s", r->path, note[0] != '\0' ? ": " : "", note);
    else if (m->source->source.untrained)
        model_say(m, false, model_text(m, STR_OPENED_UNTRAINED), info->network);
    else
        model_say(m, false, "%s: %s · %d%s%s", r->path, info->why, info->classes, info->note[0] != '\0' ? "; " : "", info->note);
}

/* A network whose description has a picture is shown with it; behind it, the picture from before comes back. */
static void follow_picture(Opening *o, Model *m)
{
    Picture given;
    Err err;
    if (model_net(m)->given_input != NULL) {
        if (m->picture.path[0] != '\0')
            snprintf(o->picture_before, sizeof o->picture_before, "%s", m->picture.path);
        if (picture_given(model_net(m), &given, &err))
            model_take_picture(m, given);
        else
            model_say(m, true, "%s", err.text);
    } else if (m->picture.path[0] == '\0' && o->picture_before[0] != '\0') {
        opening_start(o, m, o->picture_before, false);
        o->quiet = true;
    }
}

static bool take(Opening *o, Model *m, const OpenResult *r)
{
    Err err = r->err;
    bool good = r->good;
    if (good && r->kind == OPENED_SOURCE)
        good = model_take_source(m, r->source, &err);
    else if (good && r->kind == OPENED_LABELS)
        good = model_take_labels(m, r->path, r->labels, r->label_count, &err);
    else if (good && r->second)
        model_take_other(m, r->picture);
    else if (good)
        model_take_picture(m, r->picture);
    if (!good) {
        o->quiet = false;
        model_say(m, true, "%s", err.text);
        return false;
    }
    if (r->kind != OPENED_LABELS && !o->quiet)
        recent_add(&o->recent, r->path);
    if (!o->quiet)
        say_opened(m, r);
    o->quiet = false;
    if (r->kind == OPENED_SOURCE)
        follow_picture(o, m);
    return r->kind == OPENED_SOURCE;
}

static void watch_picture(Opening *o, Model *m)
{
    if (o->job != NULL || m->picture.path[0] == '\0' || m->now < o->checked + 1)
        return;
    o->checked = m->now;
    if (picture_changed(&m->picture)) {
        model_picture_seen(m); /* read once, even if that fails */
        opening_start(o, m, m->picture.path, false);
    }
}

bool opening_frame(Opening *o, Model *m)
{
    OpenResult result;
    bool network = false;
    if (o->job != NULL && open_job_finish(o->job, &result)) {
        o->job = NULL;
        network = take(o, m, &result);
    }
    watch_picture(o, m);
    take_whole(o, m);
    return network;
}
