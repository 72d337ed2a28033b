/* backward_model.c - the gradient of one value in the background; see backward_model.h. */
#include "app/model/backward_model.h"
#include "app/model/source.h"

#include <stdlib.h>

/* ---- the job ---------------------------------------------------------------------------------------------------------------------- */

static bool work(SideJob *job, void *result, Err *err)
{
    BackwardJob *j = result;
    const Net *net = side_job_net(job);
    const int logits = net->heads[0].logits, classes = net_scores(net, 0);
    if (!kept_run_ready(&j->kept, job, err))
        return false;
    float *scores = malloc((size_t)classes * sizeof *scores), *seed = malloc((size_t)classes * sizeof *seed);
    bool good = (scores != NULL && seed != NULL) || err_set(err, "not enough memory");
    if (good) {
        run_activation(j->kept.run, logits, 0, scores);
        if (j->class_index < 0) {
            Guess best;
            top_guesses(scores, classes, &best, 1);
            j->class_index = best.index;
        }
        j->objective = backward_objective(scores, classes, j->class_index, j->loss, seed);
        good = backward_page(j->kept.run, kept_run_weights(&j->kept), &(Gradient){.from = logits, .seed = seed}, j->unit, &j->page, err);
    }
    free(scores);
    free(seed);
    return good;
}

/* ---- the main thread's side --------------------------------------------------------------------------------------------------------- */

/* A job that was stopped leaves nothing, and is started again if it is still wanted. */
static void take(BackwardModel *b)
{
    BackwardJob *j = &b->next;
    Err err = {""};
    const bool good = side_job_end(b->job, &err);
    b->job = NULL;
    if (good || err.text[0] != '\0')
        b->problem = good ? (Err){""} : err;
    else
        b->key = (SideKey){.source = NULL};
    if (!good)
        return;
    backward_page_free(&b->page);
    b->page = j->page;
    b->class_index = j->class_index;
    b->objective = j->objective;
    b->of_loss = j->loss;
    j->page = (BackwardPage){.terms = NULL};
}

void backward_want(BackwardModel *b, const SideWish *wish, Unit unit)
{
    if (b->job != NULL && side_job_done(b->job))
        take(b);
    const bool same = unit_same(b->unit, unit) && b->asked_loss == b->loss && side_key_same(&b->key, &wish->key);
    if (!same)
        side_job_stop(b->job);
    if (b->job != NULL || (same && (b->page.terms != NULL || b->problem.text[0] != '\0')))
        return;
    b->unit = unit;
    b->asked_loss = b->loss;
    b->key = wish->key;
    b->problem.text[0] = '\0';
    b->next.unit = unit;
    b->next.loss = b->loss;
    b->next.class_index = wish->key.label;
    b->job = side_job_start(wish, work, &b->next);
    if (b->job == NULL)
        side_job_none(&b->problem);
}

void backward_rest(BackwardModel *b)
{
    if (b->job == NULL) {
        kept_run_free(&b->next.kept);
        return;
    }
    side_job_stop(b->job);
    if (side_job_done(b->job))
        take(b);
}

const BackwardPage *backward_shown(const BackwardModel *b, Unit unit)
{
    const bool old = b->job != NULL && b->page.unit.layer == unit.layer;
    return b->page.terms != NULL && (old || unit_same(b->page.unit, unit)) ? &b->page : NULL;
}

bool backward_busy(const BackwardModel *b)
{
    return b->job != NULL;
}

void backward_model_close(BackwardModel *b)
{
    if (b->job != NULL) {
        side_job_stop(b->job);
        take(b);
    }
    kept_run_free(&b->next.kept);
    backward_page_free(&b->page);
}
