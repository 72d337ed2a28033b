/* model_path.c - the verbs of the path from a score or value down to a pixel, and of the order of additions. See model.h. */
#include "app/model/model_private.h"

/* The unit that the cursor names. */
static bool start_unit(const Model *m, Unit *unit)
{
    const Cursor c = m->cursor;
    *unit = (Unit){c.layer, c.channel, c.y, c.x};
    return c.channel >= 0 && c.y >= 0;
}

/* The maps stay while the order's job reads them. */
static void want_exact(Model *m, const SideWish *wish, bool wanted)
{
    if (wanted && !order_busy(&m->order))
        exact_want(&m->exact, wish);
    else if (!wanted)
        exact_rest(&m->exact);
}

void model_path_want(Model *m, const SideWish *wish)
{
    Unit unit;
    const bool value = start_unit(m, &unit), path = m->view == VIEW_PATH && value;
    const Unit summed = circuit_unit(model_net(m), m->cursor);
    const bool order = m->view == VIEW_ORDER && value && order_allowed(model_net(m), summed.layer);
    want_exact(m, wish, path || order);
    if (order)
        order_want(&m->order, wish, summed, &m->exact);
    else
        order_rest(&m->order);
    if (path) {
        path_start(&m->path, unit);
        path_update(&m->path, model_net(m), model_weights(m), &m->exact);
    }
}

void model_order(Model *m, int seed)
{
    m->order.seed = seed < 1 ? 1 : seed;
}

/* Without a selected value, from the score of the chosen class, or of the answer. */
static void show_path(Model *m)
{
    const Net *net = model_net(m);
    Guess best;
    const bool nothing = m->cursor.channel < 0 && (m->hover.layer < 0 || m->hover.channel < 0);
    if (m->view != VIEW_PATH && nothing && model_top(m, &best, 1) == 1)
        model_select(m, (Cursor){net->heads[0].logits, m->cam_class >= 0 ? m->cam_class : best.index, 0, 0});
    model_way(m, VIEW_PATH);
}

void model_path_to(Model *m, int step)
{
    path_to(&m->path, step);
}

void model_path_choose(Model *m, int rank)
{
    path_choose(&m->path, rank);
}

void model_path_up(Model *m, bool up)
{
    m->path.up = up;
}

bool model_path_take(Model *m, const PathRanks *ranks, int step, bool up)
{
    Unit unit;
    if (!start_unit(m, &unit))
        return false;
    path_start(&m->path, unit);
    m->path.ranks = *ranks;
    m->path.stale = true;
    m->path.at = step;
    m->path.up = up;
    return true;
}

void model_path_apart(Model *m)
{
    const PathStep *s = path_shown(&m->path);
    if (s == NULL)
        return;
    const Unit u = s->e.unit;
    model_select(m, (Cursor){u.layer, u.c, u.y, u.x});
    model_view(m, VIEW_VALUE);
}

void model_path_do(Model *m, Verb verb)
{
    const PathStep *s = path_shown(&m->path);
    const int rank = s != NULL ? s->rank : 0;
    if (verb != VERB_VIEW_PATH && verb != VERB_VIEW_ORDER)
        m->playing = false;
    switch (verb) {
    case VERB_VIEW_PATH: show_path(m); break;
    case VERB_VIEW_ORDER: model_way(m, VIEW_ORDER); break;
    case VERB_ORDER_NEXT: model_order(m, m->order.seed + 1); break;
    case VERB_ORDER_PREV: model_order(m, m->order.seed - 1); break;
    case VERB_PATH_NEXT: model_path_to(m, m->path.at + 1); break;
    case VERB_PATH_PREV: model_path_to(m, m->path.at - 1); break;
    case VERB_PATH_FIRST: model_path_to(m, 0); break;
    case VERB_PATH_LAST: model_path_to(m, m->path.count - 1); break;
    case VERB_PATH_TERM_NEXT: model_path_choose(m, rank + 1); break;
    case VERB_PATH_TERM_PREV: model_path_choose(m, rank - 1); break;
    case VERB_PATH_UP: model_path_up(m, !m->path.up); break;
    case VERB_PATH_RESET: path_reset(&m->path); break;
    default: assert(!"a verb of the path's"); break;
    }
}
