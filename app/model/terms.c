/* terms.c - see terms.h. */
#include "app/model/terms.h"

static bool together(const Term *a, const Term *b, TermStep step)
{
    switch (step) {
    case TERM_ROW: return a->c == b->c && a->y == b->y;
    case TERM_CHANNEL: return a->c == b->c;
    case TERM_ALL: return true;
    case TERM_ONE: case TERM_STEPS: break;
    }
    return false;
}

int terms_next(const Explanation *e, const Term *terms, int at, TermStep step)
{
    int next = at + 1;
    while (next < e->term_count && together(&terms[at], &terms[next], step))
        next++;
    return next < e->term_count ? next : e->term_count;
}

int terms_prev(const Explanation *e, const Term *terms, int at, TermStep step)
{
    int prev = at - 1;
    (void)e;
    while (prev > 0 && together(&terms[at - 1], &terms[prev - 1], step))
        prev--;
    return prev > 0 ? prev : 0;
}

float terms_sum(const Explanation *e, const Term *terms, int at)
{
    const bool weighted = e->op == OP_CONV || e->op == OP_FC;
    return at > 0 ? terms[at - 1].sum : weighted ? e->of.weighted.bias : 0;
}
