/* play.c - steps by itself; see play.h. */
#include "app/session/play.h"

#include <math.h>

static const double WALK_SECONDS = 1.6;

void play_begin(Play *p, Model *m, double wait)
{
    model_play(m, true);
    p->next = m->now + wait;
}

void play_toggle(Play *p, Model *m)
{
    const Shape out = model_net(m)->layers[m->cursor.layer].out;
    if (m->playing) {
        model_play(m, false);
        return;
    }
    play_begin(p, m, 0);
    if (m->view == VIEW_VALUE && m->cursor.y == out.h - 1 && m->cursor.x == out.w - 1)
        model_position(m, 0, 0); /* start again */
}

/* Seconds for one position of the window. It grows with the cost of a value, but more slowly, so that no layer takes too long. */
static double place_seconds(const Layer *l)
{
    const double volume = (double)(l->k > 0 ? l->k * l->k : 1) * (l->op == OP_CONV ? l->in.c / l->groups : 1);
    return 0.012 * sqrt(sqrt(volume));
}

static void walk_on(Play *p, Model *m)
{
    const int before = m->at;
    model_do(m, VERB_NEXT);
    model_play(m, m->at != before);
    p->next = m->now + WALK_SECONDS;
}

static void sweep_on(Play *p, Model *m)
{
    const Layer *l = &model_net(m)->layers[m->cursor.layer];
    const double step = place_seconds(l);
    const int count = l->out.h * l->out.w;
    int places = 0;
    for (; m->now >= p->next && places < count; places++)
        p->next += step;
    const int at = m->cursor.y * l->out.w + m->cursor.x + places, last = at < count ? at : count - 1;
    model_position(m, last / l->out.w, last % l->out.w);
    model_play(m, at < count - 1);
}

void play_frame(Play *p, Model *m)
{
    if (!m->playing || m->now < p->next)
        return;
    if (m->view == VIEW_VALUE)
        sweep_on(p, m);
    else
        walk_on(p, m);
}
