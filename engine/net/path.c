/* path.c - see path.h. */
#include "engine/net/path.h"
#include "engine/base/rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What a product is worth in the value: batch norm multiplies the sum, an average divides it. */
static double worth(const Explanation *e, bool bn)
{
    const WeightedSum *s = &e->of.weighted;
    switch (e->op) {
    case OP_CONV: case OP_FC: return bn ? (double)s->gamma / (double)s->deviation : 1;
    case OP_AVGPOOL: return 1.0 / e->of.average.divisor;
    case OP_INPUT: case OP_MAXPOOL: case OP_LRN: case OP_CONCAT: case OP_DROPOUT: case OP_SOFTMAX: case OP_COUNT: break;
    }
    return 1;
}

typedef struct Candidates { const Explanation *e; const Term *terms; double direction; } Candidates;

/* What terms are ranked by, the largest first. */
static double size_of(const void *of, int i)
{
    const Candidates *c = of;
    if (c->e->op == OP_MAXPOOL)
        return i == c->e->of.max.winner ? HUGE_VAL : (double)c->terms[i].in;
    if (c->e->op == OP_LRN || c->e->op == OP_SOFTMAX)
        return c->terms[i].c == c->e->unit.c ? HUGE_VAL : (double)c->terms[i].product;
    return c->direction != 0 ? (double)c->terms[i].product * c->direction : fabs((double)c->terms[i].product);
}

/* The direction in which products add to the value, or 0 if none does. */
static double direction_of(const Explanation *e, const Term *terms, double gain)
{
    const double sign = (double)e->value * gain < 0 ? -1 : 1;
    for (int i = 0; i < e->term_count; i++)
        if ((double)terms[i].product * sign > 0)
            return sign;
    return 0;
}

static double share_of(const Explanation *e, int term, const Term *t, double gain)
{
    switch (e->op) {
    case OP_CONV: case OP_FC: case OP_AVGPOOL: return (double)t->product * gain / (double)e->value;
    case OP_MAXPOOL: return term == e->of.max.winner ? 1 : 0;
    case OP_LRN: case OP_SOFTMAX: return t->c == e->unit.c ? 1 : 0;
    case OP_INPUT: case OP_CONCAT: case OP_DROPOUT: case OP_COUNT: break;
    }
    return 1;
}

static PathEnd end_of(const Explanation *e, const Term *terms, double gain)
{
    if (e->op == OP_INPUT)
        return PATH_PIXEL;
    if (e->value == 0)
        return PATH_ZERO;
    if (e->op != OP_CONV && e->op != OP_FC)
        return PATH_GOES_ON;
    for (int i = 0; i < e->term_count && gain != 0; i++)
        if (terms[i].product != 0)
            return PATH_GOES_ON;
    return PATH_CONSTANT;
}

bool path_step(const Net *net, const float *weights, const float *const *maps, Unit unit, int rank, double whole, Term *terms, int *order,
               PathStep *out)
{
    const Layer *layer = &net->layers[unit.layer];
    *out = (PathStep){.rank = rank, .term = -1, .whole = whole, .share = 1};
    explain_value(net, weights, maps, unit, &out->e, terms);
    const Explanation *e = &out->e;
    const double gain = worth(e, layer->bn);
    out->end = end_of(e, terms, gain);
    if (out->end != PATH_GOES_ON)
        return rank == 0;
    const bool sums = e->op == OP_CONV || e->op == OP_FC || e->op == OP_AVGPOOL;
    if (rank >= e->term_count || !rank_by_size(order, e->term_count, size_of, &(Candidates){e, terms, direction_of(e, terms, gain)}))
        return false;
    out->term = order[rank];
    out->followed = terms[out->term];
    if (sums)
        out->before = out->term > 0 ? terms[out->term - 1].sum : e->op == OP_AVGPOOL ? 0 : e->of.weighted.bias;
    out->next = e->op == OP_CONCAT || e->op == OP_DROPOUT ? e->of.source.unit
                                                          : (Unit){layer->inputs[0], out->followed.c, out->followed.y, out->followed.x};
    out->share = share_of(e, out->term, &out->followed, gain);
    out->whole = whole * out->share;
    return true;
}

int path_walk(const Net *net, const float *weights, const float *const *maps, Unit unit, const PathRanks *ranks, Term *terms, int *order, PathStep *steps)
{
    for (int i = 0;; i++) {
        PathStep *s = &steps[i];
        const int rank = i < ranks->count ? ranks->rank[i] : 0;
        if (!path_step(net, weights, maps, unit, rank, i > 0 ? steps[i - 1].whole : 1, terms, order, s) || s->end != PATH_GOES_ON)
            return i + 1;
        unit = s->next;
    }
}

bool path_ranks_parse(const char *text, PathRanks *out)
{
    *out = (PathRanks){.count = 0};
    for (const char *p = text; *p != '\0';) {
        char *end;
        const long n = strtol(p, &end, 10);
        if (end == p || n < 1 || n > 1 << 30 || out->count == PATH_RANKS_MAX || (*end != ',' && *end != '\0') || (*end == ',' && end[1] == '\0'))
            return false;
        out->rank[out->count++] = (int)n - 1;
        p = end + (*end == ',');
    }
    return out->count > 0;
}

void path_ranks_text(const PathRanks *ranks, char *out, size_t size)
{
    int count = ranks->count;
    size_t used = 0;
    while (count > 0 && ranks->rank[count - 1] == 0)
        count--;
    out[0] = '\0';
    for (int i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%d", i > 0 ? "," : "", ranks->rank[i] + 1);
    if (used >= size)
        out[0] = '\0';
}
