/* fool_model.c - computes the steps of fool_model.h in the background. */
#include "app/model/fool_model.h"
#include "app/model/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static float *row(const Fool *f, int position, StepKind kind)
{
    return f->logits + ((size_t)position * STEP_KINDS + (size_t)kind) * (size_t)f->step.classes;
}

/* The wanted one, then those that double, then the rest from the lowest. -1: all are taken. */
static int next_position(Fool *f, const bool *taken)
{
    const int wanted = atomic_load(&f->wanted);
    if (!taken[wanted])
        return wanted;
    for (int i = 0; i < STEP_DOUBLINGS; i++)
        if (!taken[step_doubling(i)])
            return step_doubling(i);
    for (int i = 0; i < STEP_POSITIONS; i++)
        if (!taken[i])
            return i;
    return -1;
}

/* The first step of the job are the signs; each later one is a position. */
static bool work(SideJob *job, void *result, Err *err)
{
    Fool *f = result; /* while it runs only this thread writes step, order beyond the counted steps, and their logits */
    bool taken[STEP_POSITIONS] = {false};
    const RunOptions options = {.batch = STEP_KINDS, .gradients = true};
    Run *run = run_new(side_job_key(job)->engine, side_job_net(job), &options, err);
    if (run == NULL)
        return false;
    run_weights(run, side_job_weights(job));
    bool good = f->step.levels != NULL || sign_step_make(run, f->levels, side_job_key(job)->label, (uint64_t)f->made_seed, &f->step, err);
    if (good)
        side_job_step(job);
    for (int i = 0; i < f->before; i++)
        taken[f->order[i]] = true;
    for (int i = f->before; good && i < STEP_POSITIONS && !side_job_stopped(job); i++) {
        const int position = next_position(f, taken);
        sign_step_logits(run, &f->step, step_amount(position), row(f, position, STEP_SIGN));
        taken[position] = true;
        f->order[i] = position;
        side_job_step(job);
    }
    run_free(run);
    return good;
}

static void forget(Fool *f)
{
    sign_step_free(&f->step);
    free(f->levels);
    free(f->logits);
    for (int i = 0; i < FOOL_PICTURES; i++)
        image_free(&f->pictures[i]);
    f->levels = f->logits = NULL;
    f->done = f->before = 0;
    f->ready = false;
    f->drawn_position = -1;
    f->saved[0] = f->problem.text[0] = '\0';
    memset(f->has, 0, sizeof f->has);
}

static bool room(Fool *f, const Net *net, const Image *fitted)
{
    size_t count;
    if (!size_mul((size_t)net_scores(net, 0), STEP_POSITIONS * STEP_KINDS, &count) || count > SIZE_MAX / sizeof(float))
        return false;
    f->logits = malloc(count * sizeof *f->logits);
    f->levels = malloc(size_product(shape_size(net->input), sizeof *f->levels));
    if (f->logits == NULL || f->levels == NULL)
        return false;
    image_levels(fitted, net, f->levels);
    return true;
}

static void start(Fool *f, const SideWish *wish, const Image *fitted, bool same)
{
    const Net *net = wish->source->source.net;
    if (!same) {
        forget(f);
        f->key = wish->key;
        f->made_seed = f->seed;
        if (!sign_step_allowed(net, &f->problem))
            return;
        if (fitted == NULL) {
            err_set(&f->problem, "the input of %s is numbers from its description, not a picture with levels of 255; open a picture", net->name);
            return;
        }
    }
    f->before = f->done;
    atomic_store(&f->wanted, f->position);
    if (f->logits != NULL || room(f, net, fitted))
        f->job = side_job_start(wish, work, f);
    if (f->job == NULL) {
        forget(f);
        side_job_none(&f->problem);
    }
}

/* What the job has finished becomes readable. */
static void take(Fool *f, int steps)
{
    f->ready = steps > 0;
    for (; f->done < f->before + steps - 1; f->done++)
        f->has[f->order[f->done]] = true;
}

void fool_want(Fool *f, const SideWish *wish, const Image *fitted)
{
    const bool same = side_key_same(&f->key, &wish->key) && f->made_seed == f->seed;
    if (f->job != NULL) {
        atomic_store(&f->wanted, f->position);
        take(f, side_job_tend(&f->job, same, &f->problem));
    }
    if (f->job == NULL && !(same && (f->done == STEP_POSITIONS || f->problem.text[0] != '\0')))
        start(f, wish, fitted, same && f->ready);
}

void fool_rest(Fool *f)
{
    side_job_stop(f->job);
}

bool fool_busy(const Fool *f)
{
    return f->job != NULL;
}

void fool_close(Fool *f)
{
    side_job_quit(&f->job, &f->problem);
    forget(f);
    f->key = (SideKey){.source = NULL};
}

const float *fool_scores(const Fool *f, int position, StepKind kind)
{
    return f->has[position] ? row(f, position, kind) : NULL;
}

int fool_top(const Fool *f, const float *logits, Guess *out, int k)
{
    float max, sum;
    softmax_parts(logits, f->step.classes, &max, &sum);
    const int count = top_guesses(logits, f->step.classes, out, k);
    for (int i = 0; i < count; i++)
        out[i].prob = expf(out[i].prob - max) / sum;
    return count;
}

float fool_prob(const Fool *f, const float *logits, int class_index)
{
    float max, sum;
    softmax_parts(logits, f->step.classes, &max, &sum);
    return expf(logits[class_index] - max) / sum;
}

int fool_least(const Fool *f, StepKind kind)
{
    for (int i = 1; i < STEP_POSITIONS; i++)
        if (f->has[i] && sign_step_reached(&f->step, sign_step_answer(&f->step, row(f, i, kind))))
            return i;
    return -1;
}

static bool picture_room(Fool *f)
{
    const Shape in = f->step.input;
    for (int i = 0; i < FOOL_PICTURES; i++) {
        Image *image = &f->pictures[i];
        if (image->rgb == NULL)
            *image = (Image){.w = in.w, .h = in.h, .rgb = malloc(size_product((size_t)in.h * (size_t)in.w, 3)), .orientation = 1};
        if (image->rgb == NULL)
            return false;
    }
    return true;
}

bool fool_draw(Fool *f)
{
    if (!f->ready || !picture_room(f))
        return false;
    if (f->drawn_position == f->position)
        return true;
    const float amount = step_amount(f->position);
    if (f->drawn_position < 0) {
        sign_step_signs(&f->step, STEP_SIGN, f->pictures[FOOL_SIGNS].rgb);
        sign_step_signs(&f->step, STEP_RANDOM, f->pictures[FOOL_RANDOM_SIGNS].rgb);
    }
    sign_step_bytes(&f->step, STEP_SIGN, amount, f->pictures[FOOL_SUM].rgb);
    sign_step_bytes(&f->step, STEP_RANDOM, amount, f->pictures[FOOL_RANDOM_SUM].rgb);
    for (int i = 0; i < FOOL_PICTURES; i++)
        f->versions[i] = image_version(&f->pictures[i]);
    f->drawn_position = f->position;
    return true;
}
