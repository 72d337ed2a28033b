/* path_model.c - see path_model.h. */
#include "app/model/path_model.h"

#include <stdlib.h>
#include <string.h>

void path_start(PathModel *p, Unit unit)
{
    if (unit_same(p->start, unit))
        return;
    p->start = unit;
    p->ranks.count = p->at = 0;
    p->stale = true;
}

static void forget(PathModel *p)
{
    free(p->steps);
    free(p->terms);
    free(p->order);
    p->steps = NULL;
    p->terms = NULL;
    p->order = NULL;
    p->count = 0;
    p->terms_of = -1;
}

static bool make(PathModel *p, const Net *net, const float *weights, const float *const *maps)
{
    const size_t most = explain_terms_most(net, p->start.layer);
    p->steps = malloc((size_t)net->layer_count * sizeof *p->steps);
    p->terms = malloc(most * sizeof *p->terms);
    p->order = malloc(most * sizeof *p->order);
    if (p->steps == NULL || p->terms == NULL || p->order == NULL)
        return false;
    p->count = path_walk(net, weights, maps, p->start, &p->ranks, p->terms, p->order, p->steps);
    const PathStep *last = &p->steps[p->count - 1];
    if (last->end != PATH_GOES_ON && last->rank == 0)
        return true;
    p->ranks.count = p->count - 1; /* of another picture, or typed: such a term is not there */
    p->count = path_walk(net, weights, maps, p->start, &p->ranks, p->terms, p->order, p->steps);
    return p->steps[p->count - 1].end != PATH_GOES_ON;
}

void path_update(PathModel *p, const Net *net, const float *weights, const ExactModel *exact)
{
    const float *const *maps = exact_shown(exact);
    if (maps == NULL)
        return;
    if (p->stale || p->version != exact->version) {
        forget(p);
        p->stale = false;
        p->version = exact->version;
        const bool good = make(p, net, weights, maps);
        if (!good)
            forget(p);
        p->problem.text[0] = '\0';
        if (!good)
            err_set(&p->problem, "not enough memory");
    }
    path_to(p, p->at);
    if (p->count == 0 || p->terms_of == p->at)
        return;
    PathStep s;
    path_step(net, weights, maps, p->steps[p->at].e.unit, p->steps[p->at].rank, 1, p->terms, p->order, &s);
    p->terms_of = p->at;
}

const PathStep *path_shown(const PathModel *p)
{
    return p->at < p->count ? &p->steps[p->at] : NULL;
}

void path_to(PathModel *p, int step)
{
    p->at = step < 0 ? 0 : p->count > 0 && step >= p->count ? p->count - 1 : step;
}

void path_choose(PathModel *p, int rank)
{
    const PathStep *s = path_shown(p);
    if (s == NULL || s->end != PATH_GOES_ON || rank < 0 || rank >= s->e.term_count || p->at >= PATH_RANKS_MAX || rank == s->rank)
        return;
    for (; p->ranks.count <= p->at; p->ranks.count++)
        p->ranks.rank[p->ranks.count] = 0;
    p->ranks.rank[p->at] = rank;
    p->ranks.count = p->at + 1;
    p->stale = true;
}

void path_reset(PathModel *p)
{
    p->stale = p->stale || p->ranks.count > 0;
    p->ranks.count = 0;
}

void path_model_close(PathModel *p)
{
    forget(p);
    *p = (PathModel){.terms_of = -1};
}
