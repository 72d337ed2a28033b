/* wants_model.c - makes pictures that units want in the background; see wants_model.h. */
#include "app/model/wants_model.h"
#include "engine/base/size.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_BYTES = WANTS_SMALL * WANTS_SMALL * 3 };

struct WantSlot {
    WantMade made;              /* the main thread's copy */
    size_t bytes;               /* of a picture */
    unsigned char *shown;       /* made.rgb */
    Want want;                  /* the thread's while it runs; between two threads it waits to be continued */
    pthread_mutex_t lock;       /* of what follows */
    unsigned char *rgb;
    float values[WANTS_STEPS];
    int steps;
    bool rises;
};

/* ---- one picture ---- */

static bool work(SideJob *job, void *result, Err *err)
{
    WantSlot *slot = result;
    WantsNet *net = wants_open(side_job_key(job)->engine, side_job_net(job), side_job_weights(job), slot->made.layer, slot->made.size, 1, 0, err);
    if (net == NULL)
        return false;
    unsigned char *rgb = malloc(slot->bytes);
    bool good = (rgb != NULL && (slot->want.param != NULL || want_start(net, &slot->made.options, &slot->want))) || err_set(err, "not enough memory for a picture");
    while (good && slot->want.steps < WANTS_STEPS && !side_job_stopped(job)) {
        wants_step(net, &(Want *){&slot->want}, 1);
        good = isfinite(slot->want.value) || err_set(err, "the values of %s are not finite", side_job_net(job)->layers[slot->made.layer].name);
        if (slot->want.steps < WANTS_STEPS)
            want_seen(&slot->want, rgb);
        else
            wants_picture(net, &slot->want, rgb);
        pthread_mutex_lock(&slot->lock);
        memcpy(slot->rgb, rgb, slot->bytes);
        slot->values[slot->want.steps - 1] = slot->want.value;
        slot->steps = slot->want.steps;
        slot->rises = want_rises(&slot->want);
        pthread_mutex_unlock(&slot->lock);
        side_job_step(job);
    }
    free(rgb);
    wants_close(net);
    return good;
}

static void slot_free(WantSlot *slot)
{
    want_free(&slot->want);
    pthread_mutex_destroy(&slot->lock);
    free(slot->shown);
    free(slot->rgb);
    free(slot);
}

static WantSlot *slot_new(int layer, int channel, const WantOptions *switches, int size)
{
    WantSlot *slot = calloc(1, sizeof *slot);
    if (slot == NULL)
        return NULL;
    pthread_mutex_init(&slot->lock, NULL);
    slot->bytes = (size_t)size * (size_t)size * 3;
    slot->shown = malloc(slot->bytes);
    slot->rgb = malloc(slot->bytes);
    if (slot->shown == NULL || slot->rgb == NULL) {
        slot_free(slot);
        return NULL;
    }
    slot->made = (WantMade){.layer = layer, .options = *switches, .size = size, .rgb = slot->shown, .rises = true};
    slot->made.options.channel = channel;
    return slot;
}

/* Copies what the thread has made since the last frame. */
static void look(Wants *w, WantSlot *slot)
{
    pthread_mutex_lock(&slot->lock);
    if (slot->steps != slot->made.steps) {
        memcpy(slot->shown, slot->rgb, slot->bytes);
        memcpy(slot->made.values, slot->values, sizeof slot->values);
        slot->made.steps = slot->steps;
        slot->made.rises = slot->rises;
        slot->made.version = ++w->versions;
    }
    pthread_mutex_unlock(&slot->lock);
}

static bool same_options(const WantOptions *a, const WantOptions *b)
{
    return a->neuron == b->neuron && a->pixels == b->pixels && a->still == b->still && a->seed == b->seed;
}

static WantSlot *find(const Wants *w, int layer, int channel, const WantOptions *switches)
{
    for (int i = 0; i < w->slot_count; i++) {
        const WantMade *made = &w->slots[i]->made;
        if (made->layer == layer && made->options.channel == channel && same_options(&made->options, switches))
            return w->slots[i];
    }
    return NULL;
}

const WantMade *wants_made(const Wants *w, int layer, int channel, const WantOptions *switches)
{
    const WantSlot *slot = find(w, layer, channel, switches);
    return slot != NULL ? &slot->made : NULL;
}

void wants_again(Wants *w, int layer, int channel)
{
    WantSlot *slot = find(w, layer, channel, &w->options);
    if (slot == NULL || slot == w->working)
        return;
    want_free(&slot->want);
    slot->steps = slot->made.steps = 0;
    slot->rises = slot->made.rises = true;
}

const WantMade *wants_other(const Wants *w, int layer, int channel)
{
    const bool usual = !w->options.pixels && !w->options.still;
    for (int i = 0; i < w->slot_count; i++) { /* the last one shown comes first */
        const WantMade *made = &w->slots[i]->made;
        const WantOptions *o = &made->options;
        const bool alike = made->layer == layer && o->channel == channel && o->neuron == w->options.neuron && o->seed == w->options.seed;
        if (alike && (!o->pixels && !o->still) == !usual)
            return made;
    }
    return NULL;
}

/* The slot of the unit, now the first one; an old one that no thread works on makes room for a new one. */
static WantSlot *take_slot(Wants *w, const Net *net, int layer, int channel)
{
    WantSlot *slot = find(w, layer, channel, &w->options);
    int at = w->slot_count;
    for (int i = 0; slot != NULL && i < w->slot_count; i++)
        at = w->slots[i] == slot ? i : at;
    if (slot == NULL) {
        slot = slot_new(layer, channel, &w->options, wants_size(net, layer));
        if (slot == NULL)
            return NULL;
        if (w->slot_count == WANTS_KEPT) {
            at = w->slots[WANTS_KEPT - 1] == w->working ? WANTS_KEPT - 2 : WANTS_KEPT - 1;
            slot_free(w->slots[at]);
            if (at == WANTS_KEPT - 2)
                w->slots[at] = w->slots[at + 1];
            at = WANTS_KEPT - 1;
        } else {
            w->slot_count++;
        }
    }
    memmove(w->slots + 1, w->slots, (size_t)at * sizeof *w->slots);
    w->slots[0] = slot;
    return slot;
}

/* ---- all units of a layer ---- */

static bool work_all(SideJob *job, void *result, Err *err)
{
    WantAll *all = result; /* only this thread writes its pictures, beyond those that count as done */
    WantsNet *net = wants_open(side_job_key(job)->engine, side_job_net(job), side_job_weights(job), all->layer, WANTS_SMALL, WANTS_SMALL_BATCH, 1, err);
    if (net == NULL)
        return false;
    bool good = true, stopped = false;
    for (int first = all->done; good && !stopped && first < all->count; first += WANTS_SMALL_BATCH) {
        Want wants[WANTS_SMALL_BATCH], *list[WANTS_SMALL_BATCH];
        int n = 0;
        for (; good && n < WANTS_SMALL_BATCH && first + n < all->count; n++) {
            WantOptions options = all->options;
            options.channel = first + n;
            good = want_start(net, &options, &wants[n]) || err_set(err, "not enough memory for a picture");
            list[n] = &wants[n];
        }
        for (int step = 0; good && step < WANTS_SMALL_STEPS && !stopped; step++) {
            wants_step(net, list, n);
            stopped = side_job_stopped(job);
        }
        for (int i = 0; i < n; i++) {
            if (good && !stopped)
                wants_picture(net, list[i], all->rgb + (size_t)(first + i) * SMALL_BYTES);
            want_free(&wants[i]);
        }
        if (good && !stopped)
            side_job_step(job);
    }
    wants_close(net);
    return good;
}

bool wants_all_of(const Wants *w, int layer)
{
    return w->all.layer == layer && same_options(&w->all.options, &w->options);
}

void wants_all(Wants *w, bool on)
{
    w->all.asked = on;
}

static void forget_all(Wants *w)
{
    free(w->all.rgb);
    w->all = (WantAll){.layer = -1, .asked = w->all.asked};
}

static void take_all(Wants *w, int steps)
{
    const int done = w->all.first + WANTS_SMALL_BATCH * steps;
    w->all.done = done < w->all.count ? done : w->all.count;
}

static void begin_all(Wants *w, const SideWish *wish, int layer)
{
    WantAll *all = &w->all;
    size_t bytes;
    if (!wants_all_of(w, layer)) {
        forget_all(w);
        all->layer = layer;
        all->options = w->options;
        all->count = wish->source->source.net->layers[layer].out.c;
        all->rgb = size_mul((size_t)all->count, SMALL_BYTES, &bytes) ? malloc(bytes) : NULL;
        all->version = w->versions + 1;
        w->versions += (uint64_t)all->count;
        if (all->rgb == NULL)
            err_set(&all->problem, "not enough memory for %d pictures", all->count);
    }
    all->first = all->done;
    if (all->problem.text[0] == '\0' && all->done < all->count && (w->all_job = side_job_start(wish, work_all, all)) == NULL)
        side_job_none(&all->problem);
}

static void want_all(Wants *w, const SideWish *wish, int layer)
{
    const bool mine = wants_all_of(w, layer);
    if (w->all_job != NULL)
        take_all(w, side_job_tend(&w->all_job, mine && w->all.asked && w->job == NULL, &w->all.problem));
    if (w->all_job == NULL && w->job == NULL && w->all.asked)
        begin_all(w, wish, layer);
}

/* ---- each frame ---- */

static void forget(Wants *w)
{
    for (int i = 0; i < w->slot_count; i++)
        slot_free(w->slots[i]);
    w->slot_count = 0;
    forget_all(w);
}

static void end_job(Wants *w)
{
    side_job_end(w->job, &w->working->made.problem);
    look(w, w->working);
    w->job = NULL;
    w->working = NULL;
}

void wants_want(Wants *w, const SideWish *wish, int layer, int channel)
{
    const bool same = side_key_same(&w->key, &wish->key);
    if (w->job != NULL) {
        look(w, w->working);
        if (side_job_done(w->job))
            end_job(w);
    }
    if (!same)
        side_job_stop(w->job);
    if (!same && w->all_job != NULL)
        side_job_tend(&w->all_job, false, &w->all.problem);
    if (!same && w->job == NULL && w->all_job == NULL) {
        forget(w);
        w->key = wish->key;
    }
    if (!side_key_same(&w->key, &wish->key))
        return;
    WantSlot *slot = channel >= 0 && !w->grid ? take_slot(w, wish->source->source.net, layer, channel) : NULL;
    const bool wanted = slot != NULL && !w->paused && slot->made.steps < WANTS_STEPS && slot->made.problem.text[0] == '\0';
    if (!wanted || w->working != slot)
        side_job_stop(w->job);
    if (w->job == NULL && wanted) {
        w->job = side_job_start(wish, work, slot);
        w->working = w->job != NULL ? slot : NULL;
        if (w->job == NULL)
            side_job_none(&slot->made.problem);
    }
    want_all(w, wish, layer);
}

void wants_rest(Wants *w)
{
    side_job_stop(w->job);
    if (w->job != NULL && side_job_done(w->job))
        end_job(w);
    if (w->all_job != NULL)
        take_all(w, side_job_tend(&w->all_job, false, &w->all.problem));
}

bool wants_busy(const Wants *w)
{
    return w->job != NULL || w->all_job != NULL;
}

void wants_end(Wants *w)
{
    wants_rest(w);
    if (w->job != NULL)
        end_job(w);
    side_job_quit(&w->all_job, &w->all.problem);
    forget(w);
    *w = (Wants){.all = {.layer = -1}};
}

bool wants_vague(const Source *source, int layer)
{
    static const char shipped[] = "flowers.safetensors";
    const char *name = strrchr(source->info.path, '/');
    const int module = source->net->layers[layer].module;
    Address last;
    if (strcmp(name != NULL ? name + 1 : source->info.path, shipped) != 0 || !net_address(source->net, "4b", &last, NULL))
        return false;
    return module >= 0 ? module > source->net->layers[last.layer].module : layer > last.layer;
}
