/* gradients.c - computes the gradient flow of the current picture in the background; see gradients.h. */
#include "app/model/gradients.h"
#include "engine/train/trainer.h"

bool gradients_heads(const Source *source)
{
    return source->net->head_count > 1 && source_trained(source, 1) == source_trained(source, 0);
}

LossChoice gradients_choice(const Gradients *g, const Source *source, int64_t step)
{
    LossChoice choice = {.label = g->label, .dropout = !g->eval, .seed = train_defaults().seed, .step = step};
    bool none = true;
    for (int h = 0; h < HEADS_MAX; h++) {
        choice.silent[h] = g->silent[h] || (h > 0 && (g->eval || h >= source->net->head_count || !gradients_heads(source)));
        none = none && choice.silent[h];
    }
    choice.silent[0] = choice.silent[0] && !none;
    return choice;
}

static bool same_choice(const LossChoice *a, const LossChoice *b)
{
    bool same = a->label == b->label && a->dropout == b->dropout && a->seed == b->seed && (!a->dropout || a->step == b->step);
    for (int h = 0; h < HEADS_MAX; h++)
        same = same && a->silent[h] == b->silent[h];
    return same;
}

static bool work(SideJob *job, void *result, Err *err)
{
    GradientsJob *j = result;
    return loss_gradients_compute(side_job_key(job)->engine, side_job_net(job), side_job_weights(job), side_job_input(job), &j->choice, &j->flow, err);
}

static void take(Gradients *g)
{
    g->key = *side_job_key(g->job);
    g->choice = g->next.choice;
    g->problem.text[0] = '\0';
    loss_gradients_free(&g->flow);
    if (side_job_end(g->job, &g->problem))
        g->flow = g->next.flow;
    g->job = NULL;
}

void gradients_want(Gradients *g, const SideWish *wish, int64_t step)
{
    LossChoice choice = gradients_choice(g, &wish->source->source, step);
    choice.label = wish->key.label;
    if (g->job != NULL && side_job_done(g->job)) {
        take(g);
        if (g->key.source != wish->key.source) /* of a network that has gone: its layers are not this one's */
            gradients_forget(g);
    }
    const bool there = (g->flow.layer_count > 0 || g->problem.text[0] != '\0') && side_key_same(&g->key, &wish->key) && same_choice(&g->choice, &choice);
    if (there || g->job != NULL) /* a thread that works on something else ends first */
        return;
    g->next.choice = choice;
    g->job = side_job_start(wish, work, &g->next);
    if (g->job == NULL) {
        g->choice = choice;
        g->key = wish->key;
        side_job_none(&g->problem);
    }
}

void gradients_forget(Gradients *g)
{
    loss_gradients_free(&g->flow);
    g->key = (SideKey){0};
    g->problem.text[0] = '\0';
}

bool gradients_busy(const Gradients *g)
{
    return g->job != NULL;
}

void gradients_close(Gradients *g)
{
    if (g->job != NULL)
        take(g);
    loss_gradients_free(&g->flow);
    *g = (Gradients){0};
}
