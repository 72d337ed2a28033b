/* sanity_model.c - see sanity_model.h. */
#include "app/model/sanity_model.h"
#include "app/model/picture.h"

#include <stdlib.h>
#include <string.h>

/* ---- on the thread -------------------------------------------------------------------------------------------------------------------- */

/* The classes that are not chosen: the answer, and the likeliest other one. */
static bool choose(Run *run, const float *x, int label, int against, SanitySet *set, Err *err)
{
    const Net *net = run->net;
    float *scores = malloc((size_t)net_scores(net, 0) * sizeof *scores);
    Guess top[2];
    if (scores == NULL)
        return err_set(err, "not enough memory");
    run_input(run, x, 1);
    run_forward(run);
    run_activation(run, net->heads[0].logits, 0, scores);
    top_guesses(scores, net_scores(net, 0), top, 2);
    free(scores);
    const int first = label >= 0 ? label : top[0].index, second = against >= 0 && against != first ? against : top[0].index != first ? top[0].index : top[1].index;
    return sanity_make(net, first, second, &set->maps, err);
}

static bool pictures(SanitySet *set, const SanitySet *own, SanityMap map, Err *err)
{
    const Shape in = set->maps.input;
    const size_t plane = (size_t)in.h * (size_t)in.w;
    bool good = rank_correlation(set->maps.maps[map][0], set->maps.maps[map][1], plane, &set->classes[map]);
    for (int k = 0; good && k < SANITY_CLASSES; k++) {
        Image *image = &set->pictures[map][k];
        if (image->rgb == NULL)
            *image = (Image){.w = in.w, .h = in.h, .rgb = malloc(size_product(plane, 3)), .orientation = 1};
        good = image->rgb != NULL && sanity_picture(set->maps.maps[map][k], in, image->rgb) &&
               (own == set || rank_correlation(own->maps.maps[map][k], set->maps.maps[map][k], plane, &set->kept[map][k]));
        if (good)
            set->versions[map][k] = image_version(image);
    }
    return good || err_set(err, "not enough memory for the maps");
}

/* What of a set is not done yet, step by step. */
static bool fill(SideJob *job, Run *run, SanitySet *set, const SanitySet *own, int done, Err *err)
{
    const float *x = side_job_input(job);
    bool good = true;
    for (int step = done; good && step < SANITY_DONE && !side_job_stopped(job); step++) {
        if (step == 0)
            sanity_gradients(run, &set->maps, x);
        else
            sanity_integrate(run, &set->maps, x);
        if (step == 0)
            good = pictures(set, own, SANITY_GRADIENT, err) && pictures(set, own, SANITY_GUIDED, err);
        else if (step == SANITY_DONE - 1)
            good = pictures(set, own, SANITY_INTEGRATED, err);
        if (good)
            side_job_step(job);
    }
    return good;
}

/* The weights that are random from a stage on, for the run; *mixed must live as long as they are used. */
static bool randomize(SideJob *job, Run *run, int stage, float **mixed, Err *err)
{
    const Net *net = side_job_net(job);
    float *random = malloc(net->weight_count * sizeof *random);
    *mixed = malloc(net->weight_count * sizeof **mixed);
    const bool good = random != NULL && *mixed != NULL;
    if (good) {
        sanity_random(net, SANITY_SEED, random);
        sanity_weights(net, side_job_weights(job), random, stage, *mixed);
        run_weights(run, *mixed);
    }
    free(random);
    return good || err_set(err, "not enough memory for random weights");
}

static bool work(SideJob *job, void *result, Err *err)
{
    SanityChecks *c = result; /* while it runs only this thread touches the sets beyond the counted steps */
    SanitySet *own = &c->sets[WEIGHTS_OWN], *random = &c->sets[WEIGHTS_RANDOM];
    float *mixed = NULL;
    Run *run = run_new(side_job_key(job)->engine, side_job_net(job), &(RunOptions){.batch = SANITY_BATCH, .gradients = true}, err);
    if (run == NULL)
        return false;
    run_weights(run, side_job_weights(job));
    bool good = own->maps.x != NULL || choose(run, side_job_input(job), side_job_key(job)->label, c->made_against, own, err);
    good = good && fill(job, run, own, own, c->before[WEIGHTS_OWN], err);
    if (good && c->made_stage > 0 && !side_job_stopped(job)) {
        good = random->maps.x != NULL || sanity_make(side_job_net(job), own->maps.classes[0], own->maps.classes[1], &random->maps, err);
        good = good && randomize(job, run, c->made_stage, &mixed, err) && fill(job, run, random, own, c->before[WEIGHTS_RANDOM], err);
    }
    run_free(run);
    free(mixed);
    return good;
}

/* ---- on the main thread ---------------------------------------------------------------------------------------------------------------- */

static void forget(SanityChecks *c, SanityWeights weights)
{
    SanitySet *set = &c->sets[weights];
    sanity_free(&set->maps);
    for (int m = 0; m < SANITY_MAPS; m++)
        for (int k = 0; k < SANITY_CLASSES; k++)
            image_free(&set->pictures[m][k]);
    *set = (SanitySet){.done = 0};
    c->before[weights] = 0;
}

static bool complete(const SanityChecks *c)
{
    return c->sets[WEIGHTS_OWN].done == SANITY_DONE && (c->made_stage == 0 || c->sets[WEIGHTS_RANDOM].done == SANITY_DONE);
}

static bool same_maps(const SanityChecks *c, const SideWish *wish)
{
    return side_key_same(&c->key, &wish->key) && c->made_against == c->against;
}

static void start(SanityChecks *c, const SideWish *wish)
{
    if (!same_maps(c, wish)) {
        forget(c, WEIGHTS_OWN);
        forget(c, WEIGHTS_RANDOM);
        c->problem.text[0] = '\0';
        c->key = wish->key;
        c->made_against = c->against;
        if (!sanity_allowed(wish->source->source.net, &c->problem))
            return;
    }
    if (c->made_stage != c->stage)
        forget(c, WEIGHTS_RANDOM);
    c->made_stage = c->stage;
    for (int i = 0; i < SANITY_SETS; i++)
        c->before[i] = c->sets[i].done;
    if (complete(c))
        return;
    c->job = side_job_start(wish, work, c);
    if (c->job == NULL)
        side_job_none(&c->problem);
}

/* Steps of the job are those of the own weights first. */
static void take(SanityChecks *c, int steps)
{
    const int own = SANITY_DONE - c->before[WEIGHTS_OWN];
    c->sets[WEIGHTS_OWN].done = c->before[WEIGHTS_OWN] + (steps < own ? steps : own);
    c->sets[WEIGHTS_RANDOM].done = c->before[WEIGHTS_RANDOM] + (steps > own ? steps - own : 0);
}

void sanity_want(SanityChecks *c, const SideWish *wish)
{
    const bool same = same_maps(c, wish) && c->made_stage == c->stage;
    if (c->job != NULL)
        take(c, side_job_tend(&c->job, same, &c->problem));
    if (c->job == NULL && !(same && (complete(c) || c->problem.text[0] != '\0')))
        start(c, wish);
}

void sanity_rest(SanityChecks *c)
{
    side_job_stop(c->job);
}

bool sanity_busy(const SanityChecks *c)
{
    return c->job != NULL;
}

void sanity_close(SanityChecks *c)
{
    side_job_quit(&c->job, &c->problem);
    forget(c, WEIGHTS_OWN);
    forget(c, WEIGHTS_RANDOM);
    c->key = (SideKey){.source = NULL};
}

bool sanity_shows(const SanityChecks *c, SanityWeights weights, SanityMap map)
{
    return c->sets[weights].done >= (map == SANITY_INTEGRATED ? SANITY_DONE : 1);
}
