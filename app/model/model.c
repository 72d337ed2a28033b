/* model.c - opens and closes the model, updates it at the start of each frame, and takes new pictures and networks. The verbs are
 * in model_verbs.c, the queries of views in model_ask.c. */
#include "app/model/model_private.h"
#include "engine/io/labels.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double STATUS_SECONDS = 5, LETTERS_A_SECOND = 15;

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
        .sanity = {.against = -1},
        .fool = {.position = FOOL_POSITION, .seed = FOOL_SEED, .drawn_position = -1},
        .crops = {.seed = CROPS_SEED_LEAST},
        .gradients = {.label = -1},
        .overfit = {.rate = OVERFIT_RATE},
        .wants = {.options = {.seed = 1}, .all = {.layer = -1}},
        .groups = {.count = GROUPS_LEAST},
        .path = {.terms_of = -1},
        .order = {.seed = 1},
        .accuracy = {.knife = knife_none, .cut = knife_none},
        .look = options->look,
        .screen = options->screen,
        .motion = {.start = -1e9},
        .term = -1,
        .wake = options->wake,
        .wake_user = options->wake_user,
        .recompute = true,
        .networks_dir = strdup(options->networks_dir),
    };
    share_model_init(&m->share);
    m->compute = compute_new(options->wake, options->wake_user, 0, err);
    const bool copied = m->networks_dir != NULL;
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
    gradients_close(&m->gradients);
    overfit_close(&m->overfit);
    occlusion_close(&m->occlusion);
    share_model_close(&m->share);
    circuit_model_close(&m->circuit);
    backward_model_close(&m->backward);
    path_model_close(&m->path);
    order_model_close(&m->order);
    exact_close(&m->exact);
    wants_end(&m->wants);
    groups_model_close(&m->groups);
    fool_close(&m->fool);
    sanity_close(&m->sanity);
    crops_close(&m->crops);
    accuracy_close(&m->accuracy);
    compute_free(m->compute);
    compute_free(m->other_compute);
    whatif_restore(&m->what_if);
    whatif_restore(&m->retired);
    picture_free(&m->picture);
    picture_free(&m->other);
    switched_free(&m->switched);
    ledger_free(&m->ledger);
    trace_free(&m->trace);
    shared_source_release(m->source);
    free(m->networks_dir);
    *m = (Model){0};
}

static void say(Model *m, bool bad, bool here, const char *format, va_list args)
{
    vsnprintf(m->status, sizeof m->status, format, args);
    m->status_bad = bad;
    m->status_here = here;
    m->status_view = m->view;
    m->status_at = m->at;
    m->status_until = m->now + fmax(STATUS_SECONDS, (double)strlen(m->status) / LETTERS_A_SECOND);
}

void model_say(Model *m, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(m, bad, bad && !m->playing, format, args); /* an error is stale after a step of the user's */
    va_end(args);
}

void model_say_here(Model *m, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(m, bad, true, format, args);
    va_end(args);
}

void model_weights_changed(Model *m)
{
    m->weights_version++;
    m->recompute = true;
}

/* ---- pictures and networks that arrive ----------------------------------------------------------------------------------- */

/* The same layer in another network, by name; else the first one. */
static int same_layer(const Net *from, int layer, const Net *to)
{
    for (int l = 0; l < to->layer_count; l++)
        if (strcmp(to->layers[l].name, from->layers[layer].name) == 0)
            return l;
    return 0;
}

/* What is selected there, if it is on the stage of `at` and there is such a channel and place; else only `at`. */
static Cursor same_cursor(const Model *m, const Net *to, int at)
{
    const Net *from = model_net(m);
    const Cursor c = m->cursor;
    const int layer = same_layer(from, c.layer, to);
    if (strcmp(to->layers[layer].name, from->layers[c.layer].name) != 0 || !model_on_stage(to, at, layer))
        return (Cursor){at, -1, -1, -1};
    const Shape out = to->layers[layer].out;
    if (c.channel >= out.c)
        return (Cursor){at, -1, -1, -1};
    return c.y < out.h && c.x < out.w ? (Cursor){layer, c.channel, c.y, c.x} : (Cursor){layer, c.channel, -1, -1};
}

bool model_take_source(Model *m, Source source, Err *err)
{
    SharedSource *shared = shared_source_new(source);
    const bool good = shared != NULL ? model_take_shared(m, shared, err) : err_set(err, "not enough memory");
    shared_source_release(shared);
    return good;
}

bool model_take_shared(Model *m, SharedSource *shared, Err *err)
{
    Trace trace;
    Ledger ledger;
    if (!ledger_of(shared->source.net, m->networks_dir, &trace, &ledger, err))
        return false;
    if (!picture_refit(&m->picture, shared->source.net, err) ||
        (m->other.path[0] != '\0' && !picture_refit(&m->other, shared->source.net, err))) {
        Err ignored;
        picture_refit(&m->picture, model_net(m), &ignored);
        ledger_free(&ledger);
        trace_free(&trace);
        return false;
    }
    whatif_restore(&m->what_if);
    model_overfit_forget(m);
    circuit_model_close(&m->circuit);
    backward_model_close(&m->backward);
    path_model_close(&m->path);
    order_model_close(&m->order);
    const int at = same_layer(model_net(m), m->at, shared->source.net);
    m->cursor = same_cursor(m, shared->source.net, at);
    m->at = at;
    m->hover.layer = -1;
    m->cam_class = m->share.against = -1;
    gradients_forget(&m->gradients);
    m->gradients.label = -1;
    m->term = -1;
    m->accuracy.knife = knife_none;
    m->lineage.of = NULL;
    if (m->view != VIEW_OVERVIEW && m->view != VIEW_LEDGER && m->view != VIEW_GRADIENTS && m->view != VIEW_SHARE && m->view != VIEW_GROUPS &&
        m->view != VIEW_ACCURACY && m->view != VIEW_TEACH && m->view != VIEW_CROPS && m->view != VIEW_LINEAGE)
        m->view = VIEW_STAGE;
    m->motion.from = m->at;
    switched_free(&m->switched);
    ledger_free(&m->ledger);
    trace_free(&m->trace);
    m->trace = trace;
    m->ledger = ledger;
    m->ledger.trace = &m->trace;
    shared_source_release(m->source);
    m->source = shared_source_hold(shared);
    model_weights_changed(m);
    return true;
}

bool model_take_heads(Model *m, const Source *whole)
{
    Source *own = &m->source->source;
    const size_t count = own->net->weight_count;
    if (own->info.heads || !whole->info.heads || strcmp(own->info.path, whole->info.path) != 0 || whole->net->weight_count != count ||
        m->what_if.weights != NULL || model_busy(m))
        return false;
    model_overfit_forget(m);
    memcpy(own->weights, whole->weights, count * sizeof *own->weights);
    own->info.heads = true;
    own->info.half = whole->info.half;
    memcpy(own->info.note, whole->info.note, sizeof own->info.note);
    m->source->version++;
    model_weights_changed(m);
    return true;
}

bool model_take_labels(Model *m, const char *path, char **labels, int count, Err *err)
{
    const bool good = source_take_labels(&m->source->source, path, labels, count, err);
    if (!good)
        labels_free(labels, count);
    return good;
}

void model_take_picture(Model *m, Picture picture)
{
    picture_free(&m->picture);
    m->picture = picture;
    m->recompute = true;
    model_restore(m);
    model_overfit_forget(m);
}

void model_take_other(Model *m, Picture picture)
{
    picture_free(&m->other);
    m->other = picture;
    m->recompute = true;
    if (m->view != VIEW_FOOL || strcmp(m->fool.saved, picture.path) != 0) /* there it is only read back */
        model_view(m, VIEW_COMPARE);
}

bool model_can_swap(const Model *m)
{
    return m->other_compute != NULL && m->other.path[0] != '\0' && m->picture.path[0] != '\0';
}

void model_swap(Model *m)
{
    if (!model_can_swap(m))
        return;
    const Picture picture = m->picture;
    Compute *compute = m->compute;
    m->picture = m->other;
    m->other = picture;
    m->compute = m->other_compute; /* its maps are those of its picture: nothing is computed again */
    m->other_compute = compute;
    model_restore(m);
    model_overfit_forget(m);
}

void model_picture_seen(Model *m)
{
    m->picture.modified = 0;
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

/* Nothing is asked for where there is nothing to look through: the view says why. */
static void want_circuit(Model *m, const SideWish *wish)
{
    const Unit unit = circuit_unit(model_net(m), m->cursor);
    CircuitPath path;
    LayerMap through, from;
    Err none;
    if (unit.c >= 0 && unit.y >= 0 && circuit_path(model_net(m), unit.layer, &path, &none) && compute_map(m->compute, path.through, &through) &&
        compute_map(m->compute, path.from, &from))
        circuit_want(&m->circuit, wish, &path, unit, &through, &from);
    else
        circuit_rest(&m->circuit);
}

/* Nothing is asked for where a value has no gradient: the view says why. */
static void want_backward(Model *m, const SideWish *wish)
{
    const Cursor c = m->cursor;
    if (m->view == VIEW_BACKWARD && c.channel >= 0 && c.y >= 0 && backward_allowed(model_net(m), c.layer))
        backward_want(&m->backward, wish, (Unit){c.layer, c.channel, c.y, c.x});
    else
        backward_rest(&m->backward);
}

/* The picture that a unit wants depends on the weights alone. */
static void want_picture(Model *m, SideWish wish)
{
    const Cursor unit = model_wants_unit(m);
    wish.key.picture = 0;
    const bool shown = m->view == VIEW_WANTS || (m->view == VIEW_UNITS && m->wants.beside && m->cursor.channel >= 0);
    if (shown && wants_allowed(model_net(m), unit.layer, NULL))
        wants_want(&m->wants, &wish, unit.layer, unit.channel);
    else
        wants_rest(&m->wants);
}

/* The computations in the background that the views need. */
static void want_side_jobs(Model *m)
{
    SideWish wish = {.key = {.source = m->source, .weights_version = m->weights_version, .engine = m->engine, .picture = m->picture.version},
                     .source = m->source, .weights = model_weights(m), .x = m->picture.x, .wake = m->wake, .wake_user = m->wake_user};
    if (m->view == VIEW_OCCLUSION)
        occlusion_want(&m->occlusion, &wish);
    else
        occlusion_rest(&m->occlusion);
    if (m->view == VIEW_CIRCUIT)
        want_circuit(m, &wish);
    model_path_want(m, &wish);
    wish.key.label = m->cam_class;
    want_backward(m, &wish);
    if (m->view == VIEW_SHARE)
        share_want(&m->share, &wish);
    else
        share_rest(&m->share);
    if (m->view == VIEW_FOOL)
        fool_want(&m->fool, &wish, m->picture.path[0] != '\0' ? &m->picture.fitted : NULL);
    else
        fool_rest(&m->fool);
    want_picture(m, wish);
    if (m->view == VIEW_GROUPS)
        groups_want(&m->groups, &wish, m->at);
    else
        groups_rest(&m->groups);
    if (m->view == VIEW_SANITY)
        sanity_want(&m->sanity, &wish);
    else
        sanity_rest(&m->sanity);
    wish.key.label = 0; /* all classes' probabilities are kept */
    if (m->view == VIEW_CROPS)
        crops_want(&m->crops, &wish, m->picture.path[0] != '\0' ? &m->picture.original : NULL);
    else
        crops_rest(&m->crops);
    if (m->view == VIEW_ACCURACY)
        accuracy_want(&m->accuracy, &wish, m->what_if.weights != NULL);
    else
        accuracy_rest(&m->accuracy);
    model_overfit_frame(m, &wish);
}

static bool side_job_busy(const Model *m)
{
    return overfit_computes(&m->overfit) || (m->view == VIEW_GRADIENTS && gradients_busy(&m->gradients)) || (m->view == VIEW_OCCLUSION && occlusion_busy(&m->occlusion)) ||
           (m->view == VIEW_SHARE && share_busy(&m->share)) || (m->view == VIEW_CIRCUIT && circuit_busy(&m->circuit)) ||
           (m->view == VIEW_BACKWARD && backward_busy(&m->backward)) || ((m->view == VIEW_PATH || m->view == VIEW_ORDER) && (exact_busy(&m->exact) || order_busy(&m->order))) ||
           (m->view == VIEW_GROUPS && groups_busy(&m->groups)) ||
           ((m->view == VIEW_WANTS || m->view == VIEW_UNITS) && wants_busy(&m->wants)) ||
           (m->view == VIEW_FOOL && fool_busy(&m->fool)) || (m->view == VIEW_SANITY && sanity_busy(&m->sanity)) ||
           (m->view == VIEW_CROPS && crops_busy(&m->crops)) ||
           (m->view == VIEW_ACCURACY && accuracy_busy(&m->accuracy));
}

void model_begin_frame(Model *m, double now)
{
    m->now = now;
    m->hover = (Cursor){-1, -1, -1, -1};
    whatif_restore(&m->retired);
}

void model_compute(Model *m)
{
    if (m->recompute)
        recompute(m);
    if (m->view == VIEW_LINEAGE)
        lineage_make(&m->lineage, m->networks_dir, &m->trace);
    if (m->picture.x != NULL)
        want_side_jobs(m);
}

bool model_busy(Model *m)
{
    return m->recompute || side_job_busy(m) || compute_busy(m->compute) || (m->other_compute != NULL && compute_busy(m->other_compute));
}
