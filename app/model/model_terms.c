/* model_terms.c - the verbs that step through the terms of one value. See model.h. */
#include "app/model/model_private.h"

/* Values that are added up, or compared, term by term. */
static bool has_terms(Op op)
{
    return op == OP_CONV || op == OP_FC || op == OP_MAXPOOL || op == OP_AVGPOOL;
}

bool model_terms_stepped(const Model *m)
{
    return m->view == VIEW_VALUE && m->term >= 0 && has_terms(model_net(m)->layers[m->cursor.layer].op);
}

int model_term_count(const Model *m)
{
    Taken t;
    if (!has_terms(model_net(m)->layers[m->cursor.layer].op) || !model_taken(m, m->cursor, &t))
        return 0;
    const int count = t.e.term_count;
    taken_free(&t);
    return count;
}

void model_term(Model *m, int term)
{
    m->term = term;
}

void model_term_by(Model *m, TermStep step)
{
    m->term_step = step;
}

bool model_term_step(Model *m, int direction)
{
    Taken t;
    if (!has_terms(model_net(m)->layers[m->cursor.layer].op) || !model_taken(m, m->cursor, &t))
        return false;
    const int count = t.e.term_count, at = m->term < 0 || m->term > count ? (direction > 0 ? 0 : count) : m->term;
    const bool over = direction > 0 && at == count;
    if (!over)
        m->term = direction > 0 ? terms_next(&t.e, t.terms, at, m->term_step) : terms_prev(&t.e, t.terms, at, m->term_step);
    taken_free(&t);
    return !over;
}

void model_terms_play(Model *m, bool on)
{
    if (on && (m->term < 0 || m->term >= model_term_count(m)))
        m->term = 0;
    m->playing = on;
}
