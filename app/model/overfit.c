/* overfit.c - one training step on the shown picture in the background; see overfit.h. */
#include "app/model/overfit.h"
#include "app/model/errand.h"
#include "engine/base/array.h"
#include "engine/base/thread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double overfit_rates[OVERFIT_RATES] = {1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1};

static const double SECONDS[OVERFIT_PARTS] = {2.0, 1.2, 3.2, 1.4};

/* ---- the job ---------------------------------------------------------------------------------------------------------------------- */

static void passed(void *user, int layer, bool backward)
{
    SideJob *job = user;
    OverfitJob *j = side_job_result(job);
    if (side_job_net(job)->layers[layer].head > 0)
        return;
    if (backward)
        atomic_store(&j->backward, layer);
    else
        atomic_store(&j->forward, layer);
    side_job_step(job);
}

static void drop_trainer(OverfitJob *j)
{
    trainer_free(j->trainer);
    shared_source_release(j->source);
    j->trainer = NULL;
    j->source = NULL;
}

static bool make_trainer(OverfitJob *j, SideJob *job, Err *err)
{
    SharedSource *source = side_job_source(job);
    const Engine *engine = side_job_key(job)->engine;
    if (j->trainer != NULL && j->source == source && j->trainer->run->engine == engine)
        return true;
    drop_trainer(j);
    TrainOptions options = train_defaults();
    options.batch = 1;
    options.optimizer = OPTIMIZER_SGD;
    options.threads = errand_threads(); /* they change no bit */
    j->source = shared_source_hold(source);
    j->trainer = trainer_new(engine, source->source.net, &options, NULL, err);
    j->restart = true;
    return j->trainer != NULL;
}

/* RMS over a layer's parameters of one of the trainer's arrays. */
static double rms_of(const Net *net, int layer, const float *values)
{
    double sum = 0;
    size_t count = 0;
    for (int p = 0; p < net->param_count; p++)
        if (net->params[p].layer == layer) {
            sum += sum_of_squares(values + net->params[p].offset, net->params[p].count);
            count += net->params[p].count;
            thread_yield();
        }
    return count > 0 ? sqrt(sum / (double)count) : -1;
}

static bool measure(OverfitJob *j, Err *err)
{
    const Net *net = j->trainer->net;
    OverfitStep *s = &j->step;
    float *scratch = malloc(2 * net_largest_map(net) * sizeof *scratch);
    s->flow = malloc((size_t)net->layer_count * sizeof *s->flow);
    s->moved = malloc((size_t)net->layer_count * sizeof *s->moved);
    if (scratch == NULL || s->flow == NULL || s->moved == NULL) {
        free(scratch);
        return err_set(err, "not enough memory for a training step");
    }
    s->dropped = s->droppable = 0;
    if (s->choice.dropout)
        loss_dropped(j->trainer->run, scratch, &s->dropped, &s->droppable);
    free(scratch);
    for (int l = 0; l < net->layer_count; l++) {
        const double norm2 = run_gradient_norm2(j->trainer->run, l);
        s->flow[l] = norm2 < 0 ? -1 : sqrt(norm2 / (double)shape_size(net->layers[l].out));
        s->moved[l] = rms_of(net, l, j->trainer->weights);
        thread_yield();
    }
    return true;
}

/* After the update: what SGD took away is the rate times its momentum. */
static void measure_moved(OverfitJob *j)
{
    OverfitStep *s = &j->step;
    for (int l = 0; l < j->trainer->net->layer_count; l++)
        if (s->moved[l] > 0)
            s->moved[l] = j->rate * rms_of(j->trainer->net, l, j->trainer->moment1) / s->moved[l];
}

static bool work(SideJob *job, void *result, Err *err)
{
    OverfitJob *j = result;
    if (!make_trainer(j, job, err))
        return false;
    Trainer *t = j->trainer;
    if (j->restart)
        trainer_restart(t, side_job_weights(job));
    t->schedule = (Schedule){.kind = SCHEDULE_CONSTANT, .lr = j->rate};
    t->plain = !j->step.choice.dropout;
    memcpy(t->silent, j->step.choice.silent, sizeof t->silent);
    t->run->passed = passed;
    t->run->passed_user = job;
    const bool good = trainer_gradients(t, side_job_input(job), &j->step.choice.label, 1, &j->step.result, err) && measure(j, err);
    t->run->passed = NULL;
    if (!good || side_job_stopped(job))
        return false;
    j->weights = malloc(t->net->weight_count * sizeof *j->weights);
    if (j->weights == NULL)
        return err_set(err, "not enough memory for the weights after a training step");
    trainer_update(t, j->step.result.lr);
    measure_moved(j);
    memcpy(j->weights, t->weights, t->net->weight_count * sizeof *j->weights);
    return true;
}

/* ---- the main thread's side --------------------------------------------------------------------------------------------------------- */

static void step_free(OverfitStep *s)
{
    free(s->flow);
    free(s->moved);
    *s = (OverfitStep){.flow = NULL};
}

void overfit_start(Overfit *o, const SideWish *wish, const LossChoice *choice, bool restart, double now)
{
    const Net *net = wish->source->source.net;
    OverfitJob *j = &o->next;
    assert(o->job == NULL);
    o->key = wish->key;
    o->problem.text[0] = '\0';
    o->asked = false;
    o->shown = 0;
    o->clock = now;
    j->restart = restart;
    j->rate = overfit_rates[o->rate];
    j->step = (OverfitStep){.choice = *choice};
    atomic_store(&j->forward, -1);
    atomic_store(&j->backward, net->main_count);
    o->job = side_job_start(wish, work, j);
    if (o->job == NULL) {
        o->keeps = false;
        side_job_none(&o->problem);
    }
}

/* How far the work is, in parts. */
static double reached(const Overfit *o, const Net *net)
{
    const int last = net->heads[0].logits, forward = atomic_load(&o->next.forward), backward = atomic_load(&o->next.backward);
    if (side_job_done(o->job))
        return OVERFIT_PARTS;
    if (backward < net->main_count)
        return OVERFIT_BACKWARD + fmin(1 - (double)(backward - 1) / last, 0.999);
    return forward < last ? (double)(forward + 1) / (last + 1) : OVERFIT_LOSS + 0.999;
}

void overfit_frame(Overfit *o, const Net *net, bool still, double now)
{
    if (o->job == NULL)
        return;
    const double most = reached(o, net);
    double left = fmax(now - o->clock, 0);
    o->clock = now;
    while (left > 0 && o->shown < most && !still && !o->hurry) {
        const int part = (int)o->shown;
        const double end = fmin(part + 1, most), need = (end - o->shown) * SECONDS[part];
        o->shown = left < need ? o->shown + left / SECONDS[part] : end;
        left -= need;
    }
    if (still || o->hurry)
        o->shown = most;
}

bool overfit_ready(const Overfit *o)
{
    return o->job != NULL && side_job_done(o->job) && (o->shown >= OVERFIT_PARTS || o->hurry);
}

float *overfit_take(Overfit *o)
{
    OverfitJob *j = &o->next;
    float *weights = j->weights;
    const bool good = side_job_end(o->job, &o->problem);
    o->job = NULL;
    j->weights = NULL;
    o->shown = 0;
    if (!good) {
        step_free(&j->step);
        o->keeps = o->asked = false;
        return NULL;
    }
    step_free(&o->last);
    o->last = j->step;
    j->step = (OverfitStep){.flow = NULL};
    float *losses = array_grow(o->losses, o->loss_count, sizeof *losses);
    if (losses != NULL) {
        o->losses = losses;
        o->losses[o->loss_count++] = (float)o->last.result.losses.total;
    }
    return weights;
}

void overfit_drop_last(Overfit *o)
{
    step_free(&o->last);
    if (o->loss_count > 0)
        o->loss_count--;
}

bool overfit_stop(Overfit *o)
{
    const bool going = overfit_busy(o);
    o->keeps = o->asked = false;
    if (o->job != NULL) {
        o->hurry = true;
        side_job_stop(o->job);
    }
    return going;
}

bool overfit_busy(const Overfit *o)
{
    return o->job != NULL || o->keeps || o->asked;
}

bool overfit_computes(const Overfit *o)
{
    const bool works = o->job != NULL && (!side_job_done(o->job) || overfit_ready(o));
    return !o->keeps && (works || o->undo || (o->asked && o->job == NULL));
}

void overfit_forget(Overfit *o)
{
    o->keeps = o->asked = o->undone = o->undo = false;
    o->steps = o->loss_count = 0;
    o->since = 0;
    whatif_restore(&o->other);
    step_free(&o->last);
    free(o->losses);
    free(o->was);
    o->losses = o->was = NULL;
    o->was_count = 0;
}

void overfit_rest(Overfit *o)
{
    if (o->job == NULL)
        drop_trainer(&o->next);
}

void overfit_close(Overfit *o)
{
    if (o->job != NULL) {
        side_job_stop(o->job);
        free(overfit_take(o));
    }
    overfit_forget(o);
    drop_trainer(&o->next);
}
