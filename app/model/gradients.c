/* gradients.c - computes the gradient flow of the current picture in the background; see gradients.h. */
#include "app/model/gradients.h"

static bool work(SideJob *job, void *result, Err *err)
{
    const SideKey *key = side_job_key(job);
    return loss_gradients_compute(key->engine, side_job_net(job), side_job_weights(job), side_job_input(job), key->label, result, err);
}

static void take(Gradients *g)
{
    g->key = *side_job_key(g->job);
    g->problem.text[0] = '\0';
    loss_gradients_free(&g->flow);
    if (side_job_end(g->job, &g->problem))
        g->flow = g->next;
    g->job = NULL;
}

void gradients_want(Gradients *g, const SideWish *wish)
{
    if (g->job != NULL && side_job_done(g->job))
        take(g);
    const bool there = (g->flow.layer_count > 0 || g->problem.text[0] != '\0') && side_key_same(&g->key, &wish->key);
    if (there || g->job != NULL) /* a thread that works on something else ends first */
        return;
    g->job = side_job_start(wish, work, &g->next);
    if (g->job == NULL) {
        g->key = wish->key;
        side_job_none(&g->problem);
    }
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
