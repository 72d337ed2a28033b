/* opening.c - opens files in the background; see opening.h. The status line tells what happened, or why not. */
#include "app/session/opening.h"

void opening_init(Opening *o, bool keep)
{
    *o = (Opening){.recent = {.keep = keep}};
    if (keep)
        recent_load(&o->recent);
}

void opening_close(Opening *o)
{
    open_job_abandon(o->job);
    o->job = NULL;
}

void opening_start(Opening *o, Model *m, const char *path, bool second)
{
    Err err;
    const OpenRequest request = {.path = path, .source = m->source, .networks_dir = m->networks_dir, .second = second,
                                 .wake = m->wake, .wake_user = m->wake_user};
    open_job_abandon(o->job);
    o->job = open_job_start(&request, &err);
    if (o->job == NULL)
        model_say(m, true, "%s", err.text);
}

static void say_opened(Model *m, const OpenResult *r)
{
    if (r->is_source) {
        const WeightsInfo *info = &m->source->source.info;
        model_say(m, false, "%s: %s · %d%s%s", r->path, info->why, info->classes, info->note[0] != '\0' ? "; " : "", info->note);
    } else {
        const char *note = r->second ? m->other.original.note : m->picture.original.note;
        model_say(m, false, "%s%s%s", r->path, note[0] != '\0' ? ": " : "", note);
    }
}

static bool take(Opening *o, Model *m, const OpenResult *r)
{
    Err err = r->err;
    bool good = r->good;
    if (good && r->is_source)
        good = model_take_source(m, r->source, &err);
    else if (good && r->second)
        model_take_other(m, r->picture);
    else if (good)
        model_take_picture(m, r->picture);
    if (!good) {
        model_say(m, true, "%s", err.text);
        return false;
    }
    recent_add(&o->recent, r->path);
    say_opened(m, r);
    return r->is_source;
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
    return network;
}
