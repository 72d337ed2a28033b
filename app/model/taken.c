/* taken.c - takes one value apart for drawing; see taken.h. */
#include "app/model/taken.h"
#include "engine/base/rank.h"
#include "engine/base/size.h"
#include "engine/net/quantize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* By the size of the products. For a softmax by the scores: many exponentials underflow and would be equal. */
static double term_size(const void *taken, int i)
{
    const Taken *t = taken;
    return (double)(t->e.op == OP_SOFTMAX ? t->terms[i].in : fabsf(t->terms[i].product));
}

static bool rank(Taken *t)
{
    const size_t n = (size_t)t->e.term_count;
    t->order = malloc(size_product(n > 0 ? n : 1, sizeof *t->order));
    return t->order != NULL && rank_by_size(t->order, t->e.term_count, term_size, t);
}

bool taken_make(const Net *net, const float *weights, const float **maps, Cursor at_, Taken *out)
{
    const Layer *l = &net->layers[at_.layer];
    Taken t = {.at = at_, .maps = maps};
    t.terms = malloc(size_product(explain_terms_most(net, at_.layer), sizeof *t.terms)); /* the way back can pass through layers with more terms than this one */
    t.parts = malloc(size_product((size_t)l->in.c, sizeof *t.parts));
    const Unit unit = {at_.layer, at_.channel, at_.y, at_.x};
    if (t.terms == NULL || t.parts == NULL) {
        taken_free(&t);
        return false;
    }
    if (l->op == OP_MAXPOOL) /* first, because it uses the terms as scratch */
        t.path_count = explain_path(net, weights, t.maps, unit, t.terms, t.path, PATH_MAX_UNITS);
    explain_value(net, weights, t.maps, unit, &t.e, t.terms);
    if (l->op == OP_CONV || l->op == OP_FC)
        t.part_count = explain_channels(&t.e, t.terms, t.parts);
    t.bits = quantize_found(net, weights, at_.layer, at_.channel, &t.scale);
    t.stored = t.maps[at_.layer][at(l->out, 0, at_.channel, at_.y, at_.x)];
    if (!rank(&t)) {
        taken_free(&t);
        return false;
    }
    *out = t;
    return true;
}

void taken_free(Taken *t)
{
    free(t->maps);
    free(t->terms);
    free(t->parts);
    free(t->order);
    *t = (Taken){0};
}
