/* model.c - the model's life: opening, what happens at the start of each frame, files that arrive. The verbs stand in
 * model_verbs.c, what views ask in model_ask.c. */
#include "app/model/model_private.h"
#include "app/model/record.h"
#include "app/model/walk.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double STATUS_SECONDS = 5, LETTERS_A_SECOND = 15, WALK_SECONDS = 1.6;

bool model_open(Model *m, const ModelOptions *options, Err *err)
{
    *m = (Model){
        .source = options->source,
        .picture = options->picture,
        .engine = options->engine,
        .cursor = {0, -1, -1, -1},
        .hover = {-1, -1, -1, -1},
        .cam_class = -1,
        .occlusion = {.square = -1},
        .gradients = {.label = -1},
        .look = options->look,
        .screen = options->screen,
        .motion = {.start = -1e9},
        .play = {.term = -1},
        .wake = options->wake,
        .wake_user = options->wake_user,
        .recompute = true,
        .networks_dir = strdup(options->networks_dir),
        .images_dir = strdup(options->images_dir),
        .lessons_dir = strdup(options->lessons_dir),
    };
    m->recent.keep = options->keep_recent;
    if (options->keep_recent)
        recent_load(&m->recent);
    m->compute = compute_new(options->wake, options->wake_user, 0, err);
    const bool copied = m->networks_dir != NULL && m->images_dir != NULL && m->lessons_dir != NULL;
    if (!copied || m->compute == NULL || !ledger_of(model_net(m), m->networks_dir, &m->trace, &m->ledger, err)) {
        if (!copied)
            err_set(err, "not enough memory");
        model_close(m);
        return false;
    }
    return true;
}

void model_close(Model *m)
{
    record_drop(m);
    loader_abandon(m->loader);
    gradients_close(&m->gradients);
    occlusion_close(&m->occlusion);
    compute_free(m->compute);
    compute_free(m->other_compute);
    whatif_restore(&m->what_if);
    whatif_restore(&m->retired);
    lesson_free(&m->lesson);
    picture_free(&m->picture);
    picture_free(&m->other);
    switched_free(&m->switched);
    ledger_free(&m->ledger);
    trace_free(&m->trace);
    shared_source_release(m->source);
    free(m->networks_dir);
    free(m->images_dir);
    free(m->lessons_dir);
    *m = (Model){0};
}

static void say(Model *m, bool bad, const char *format, va_list args)
{
    vsnprintf(m->status, sizeof m->status, format, args);
    m->status_bad = bad;
    m->status_here = false;
    m->status_until = m->now + fmax(STATUS_SECONDS, (double)strlen(m->status) / LETTERS_A_SECOND);
}

void model_say(Model *m, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(m, bad, format, args);
    va_end(args);
}

void model_say_here(Model *m, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(m, bad, format, args);
    va_end(args);
    m->status_here = true;
    m->status_view = m->view;
    m->status_at = m->at;
}

void model_weights_changed(Model *m)
{
    m->weights_version++;
    m->recompute = true;
}

/* ---- files that arrive ----------------------------------------------------------------------------------------------- */

static void start_loading(Model *m, const char *path, bool second)
{
    Err err;
    loader_abandon(m->loader);
    m->loader = loader_start(&(LoadRequest){.path = path, .source = m->source, .networks_dir = m->networks_dir, .second = second,
                                            .wake = m->wake, .wake_user = m->wake_user}, &err);
    if (m->loader == NULL)
        model_say(m, true, "%s", err.text);
}

void model_open_path(Model *m, const char *path)
{
    start_loading(m, path, false);
}

void model_open_other(Model *m, const char *path)
{
    start_loading(m, path, true);
}

/* The same place in another network: by name, else the beginning. */
static int same_layer(const Net *from, int layer, const Net *to)
{
    for (int l = 0; l < to->layer_count; l++)
        if (strcmp(to->layers[l].name, from->layers[layer].name) == 0)
            return l;
    return 0;
}

/* Another network and weights: the pictures are fitted anew; on failure nothing changes. */
static bool take_source(Model *m, Source source, Err *err)
{
    Trace trace;
    Ledger ledger;
    SharedSource *shared = shared_source_new(source);
    if (shared == NULL)
        return err_set(err, "not enough memory");
    if (!ledger_of(shared->source.net, m->networks_dir, &trace, &ledger, err)) {
        shared_source_release(shared);
        return false;
    }
    if (!picture_refit(&m->picture, shared->source.net, err) ||
        (m->other.path[0] != '\0' && !picture_refit(&m->other, shared->source.net, err))) {
        Err ignored;
        picture_refit(&m->picture, model_net(m), &ignored);
        ledger_free(&ledger);
        trace_free(&trace);
        shared_source_release(shared);
        return false;
    }
    whatif_restore(&m->what_if);
    m->at = same_layer(model_net(m), m->at, shared->source.net);
    m->cursor = (Cursor){m->at, -1, -1, -1};
    m->hover.layer = -1;
    m->cam_class = -1;
    m->gradients.label = -1;
    if (m->view != VIEW_LEDGER && m->view != VIEW_GRADIENTS)
        m->view = VIEW_STAGE;
    m->motion.from = m->at;
    switched_free(&m->switched);
    ledger_free(&m->ledger);
    trace_free(&m->trace);
    m->trace = trace;
    m->ledger = ledger;
    m->ledger.trace = &m->trace;
    shared_source_release(m->source);
    m->source = shared;
    model_weights_changed(m);
    model_lesson_refit(m);
    return true;
}

static void take_loaded(Model *m, LoadResult *r)
{
    Err err = r->err;
    bool good = r->good;
    if (good && r->is_source) {
        good = take_source(m, r->source, &err);
    } else if (good && r->second) {
        picture_free(&m->other);
        m->other = r->picture;
        model_view(m, VIEW_COMPARE);
    } else if (good) {
        picture_free(&m->picture);
        m->picture = r->picture;
        model_restore(m);
    }
    if (!good) {
        model_say(m, true, "%s", err.text);
        return;
    }
    m->recompute = true;
    recent_add(&m->recent, r->path);
    if (r->is_source) {
        const WeightsInfo *info = &m->source->source.info;
        model_say(m, false, "%s: %s · %d%s%s", r->path, info->why, info->classes, info->note[0] != '\0' ? "; " : "", info->note);
    } else {
        const char *note = r->second ? m->other.original.note : m->picture.original.note;
        model_say(m, false, "%s%s%s", r->path, note[0] != '\0' ? ": " : "", note);
    }
}

static void watch_picture(Model *m)
{
    if (m->loader == NULL && m->picture.path[0] != '\0' && m->now >= m->picture_checked + 1) {
        m->picture_checked = m->now;
        if (picture_changed(&m->picture)) {
            m->picture.modified = 0; /* asked for once, also when it cannot be read */
            model_open_path(m, m->picture.path);
        }
    }
}

/* ---- each frame ---------------------------------------------------------------------------------------------------------- */

static bool start_job(Compute *compute, Model *m, const float *x, Err *err)
{
    const ComputeJob job = {.source = m->source, .weights = m->what_if.weights, .stamps = m->what_if.stamps, .x = x, .engine = m->engine, .first = m->at};
    return compute_start(compute, &job, err);
}

static void recompute(Model *m)
{
    Err err;
    m->recompute = false;
    if (!start_job(m->compute, m, m->picture.x, &err)) {
        model_say(m, true, "%s", err.text);
        return;
    }
    if (m->other.path[0] == '\0')
        return;
    if (m->other_compute == NULL)
        m->other_compute = compute_new(m->wake, m->wake_user, 1ull << 40, &err);
    if (m->other_compute == NULL || !start_job(m->other_compute, m, m->other.x, &err))
        model_say(m, true, "%s", err.text);
}

/* Seconds for one place of the window: what costs more takes longer, but not in proportion, so that no layer eats the show. */
static double place_seconds(const Layer *l)
{
    const double volume = (double)(l->k > 0 ? l->k * l->k : 1) * (l->op == OP_CONV ? l->in.c / l->groups : 1);
    return 0.012 * sqrt(sqrt(volume));
}

static void play_on(Model *m)
{
    if (!m->play.on || m->now < m->play.next)
        return;
    const Net *net = model_net(m);
    if (m->view != VIEW_VALUE) {
        const int before = m->at;
        model_do(m, VERB_NEXT);
        m->play.on = m->at != before;
        m->play.next = m->now + WALK_SECONDS;
        return;
    }
    const Layer *l = &net->layers[m->cursor.layer];
    const double step = place_seconds(l);
    int places = 0;
    for (; m->now >= m->play.next && places < l->out.h * l->out.w; places++)
        m->play.next += step;
    const int at = m->cursor.y * l->out.w + m->cursor.x + places;
    m->play.on = at < l->out.h * l->out.w - 1;
    const int last = at < l->out.h * l->out.w ? at : l->out.h * l->out.w - 1;
    m->cursor.y = last / l->out.w;
    m->cursor.x = last % l->out.w;
}

/* What the views want that are made beside the maps. */
static void want_side_jobs(Model *m)
{
    SideWish wish = {.key = {.source = m->source, .weights_version = m->weights_version, .engine = m->engine, .picture = m->picture.version},
                     .source = m->source, .weights = model_weights(m), .x = m->picture.x, .wake = m->wake, .wake_user = m->wake_user};
    if (m->view == VIEW_OCCLUSION)
        occlusion_want(&m->occlusion, &wish);
    else
        occlusion_rest(&m->occlusion);
    wish.key.label = m->gradients.label;
    if (m->view == VIEW_GRADIENTS)
        gradients_want(&m->gradients, &wish);
}

static bool side_job_busy(const Model *m)
{
    return (m->view == VIEW_GRADIENTS && gradients_busy(&m->gradients)) || (m->view == VIEW_OCCLUSION && occlusion_busy(&m->occlusion));
}

void model_begin_frame(Model *m, double now)
{
    LoadResult loaded;
    m->now = now;
    m->hover = (Cursor){-1, -1, -1, -1};
    whatif_restore(&m->retired);
    if (m->loader != NULL && loader_finish(m->loader, &loaded)) {
        m->loader = NULL;
        take_loaded(m, &loaded);
    }
    watch_picture(m);
    model_lesson_watch(m);
    play_on(m);
    if (m->recompute)
        recompute(m);
    if (m->picture.x != NULL)
        want_side_jobs(m);
}

bool model_busy(Model *m)
{
    return m->loader != NULL || m->recompute || side_job_busy(m) || compute_busy(m->compute) || (m->other_compute != NULL && compute_busy(m->other_compute));
}
