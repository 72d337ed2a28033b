/* play.c - steps by itself; see play.h. */
#include "app/session/play.h"
#include "app/model/sliding.h"
#include "app/model/walk.h"

#include <math.h>

enum { ORDERS_PLAYED = 100 };   /* random orders have no end: each hundred is played through */
static const double WALK_SECONDS = 1.6, INNER_SECONDS = 0.9, ROW_SECONDS = 0.5, MAP_SECONDS = 14, PATH_SECONDS = 1.2, ORDER_SECONDS = 0.25, TERM_SECONDS[TERM_STEPS] = {0.3, 0.5, 0.7, 1};

double play_factor(const Play *p)
{
    return ldexp(1, p->speed);
}

/* Remembers the place, so that another one ends it. */
static void stay(Play *p, const Model *m)
{
    p->at = m->at;
    p->view = m->view;
}

void play_begin(Play *p, Model *m, double wait)
{
    model_play(m, true);
    p->begun = true;
    p->next = m->now + wait;
    stay(p, m);
}

static bool sweeps(const Play *p, const Model *m)
{
    return (view_of_value(m->view) && m->view != VIEW_PATH && m->view != VIEW_ORDER) || p->sliding;
}

/* The path's steps in the order in which they are played: from the value down, or from the pixel up. */
static PlayProgress path_progress(const Model *m)
{
    const PathModel *path = &m->path;
    const int count = path->count > 0 ? path->count : 1;
    return (PlayProgress){path->up ? count - 1 - path->at : path->at, count};
}

static void path_seek(Model *m, int at)
{
    model_path_to(m, m->path.up ? m->path.count - 1 - at : at);
}

void play_toggle(Play *p, Model *m)
{
    const Shape out = model_net(m)->layers[m->cursor.layer].out;
    if (m->playing) {
        model_play(m, false);
        return;
    }
    if (m->view == VIEW_OVERVIEW) {
        model_do(m, VERB_INTO);
        play_begin(p, m, WALK_SECONDS / play_factor(p));
        return;
    }
    if (model_terms_stepped(m)) {
        model_terms_play(m, true);
        play_begin(p, m, TERM_SECONDS[m->term_step] / play_factor(p));
        return;
    }
    if (m->view == VIEW_ORDER) {
        play_begin(p, m, 0);
        return;
    }
    if (m->view == VIEW_PATH) {
        const PlayProgress place = path_progress(m);
        if (place.at == place.count - 1)
            path_seek(m, 0); /* start again */
        play_begin(p, m, PATH_SECONDS / play_factor(p));
        return;
    }
    play_begin(p, m, 0);
    if (view_of_value(m->view) && m->cursor.y == out.h - 1 && m->cursor.x == out.w - 1)
        model_position(m, 0, 0); /* start again */
}

bool play_slides(const Play *p, const Model *m)
{
    return p->sliding && m->at == p->at && m->view == p->view && m->cursor.layer == m->at && m->cursor.channel == p->ranked.channel && m->cursor.y >= 0;
}

/* The selected channel, else the one with the largest value. */
void play_slide(Play *p, Model *m)
{
    const bool chosen = m->cursor.layer == m->at && m->cursor.channel >= 0;
    if (play_slides(p, m)) {
        p->sliding = p->begun = false;
        model_play(m, false);
        return;
    }
    if (m->view != VIEW_STAGE || !sliding_layer(&model_net(m)->layers[m->at]))
        return;
    if (m->screen.still) {
        model_say(m, false, "%s", model_text(m, STR_SLIDE_STILL));
        return;
    }
    p->ranked = model_brightest(m, (Cursor){m->at, chosen ? m->cursor.channel : -1, -1, -1});
    p->sliding = true;
    model_select(m, (Cursor){m->at, p->ranked.channel, 0, 0});
    play_begin(p, m, 0);
}

/* Seconds for one position of the window. In the one-value view it grows with the cost of a value, but more slowly, so that no layer takes
 * too long; on the stage a row takes half a second, and large maps have shorter rows. */
static double place_seconds(const Play *p, const Layer *l)
{
    const double volume = (double)(l->k > 0 ? l->k * l->k : 1) * (l->op == OP_CONV ? l->in.c / l->groups : 1);
    const double usual = p->sliding ? fmin(ROW_SECONDS, MAP_SECONDS / (double)l->out.h) / (double)l->out.w : 0.012 * sqrt(sqrt(volume));
    return usual / play_factor(p);
}

static double stop_seconds(const Play *p, const Model *m)
{
    if (m->view == VIEW_PATH || m->view == VIEW_ORDER)
        return (m->view == VIEW_PATH ? PATH_SECONDS : ORDER_SECONDS) / play_factor(p);
    return (walk_is_inner(model_net(m), m->at) ? INNER_SECONDS : WALK_SECONDS) / play_factor(p);
}

/* On the stage into the modules too; other views have their own next layer. */
static void walk_on(Play *p, Model *m)
{
    const int before = m->at;
    if (m->view == VIEW_STAGE) {
        const PlayProgress place = play_progress(p, m);
        if (place.at + 1 < place.count)
            model_go(m, walk_tour_layer(model_net(m), m->at, place.at + 1));
        model_hurry(m, play_factor(p));
    } else {
        model_do(m, VERB_NEXT);
    }
    model_play(m, m->at != before);
    p->next = m->now + stop_seconds(p, m);
}

static void order_on(Play *p, Model *m)
{
    model_order(m, m->order.seed + 1);
    model_play(m, m->order.seed % ORDERS_PLAYED != 0);
    p->next = m->now + ORDER_SECONDS / play_factor(p);
}

static void terms_on(Play *p, Model *m)
{
    model_play(m, model_term_step(m, +1) && m->term < model_term_count(m));
    p->next = m->now + TERM_SECONDS[m->term_step] / play_factor(p);
}

static void path_on(Play *p, Model *m)
{
    const PlayProgress place = path_progress(m);
    path_seek(m, place.at + 1);
    model_play(m, place.at + 2 < place.count);
    p->next = m->now + stop_seconds(p, m);
}

static void sweep_on(Play *p, Model *m)
{
    const Layer *l = &model_net(m)->layers[m->cursor.layer];
    const double step = place_seconds(p, l);
    const int count = l->out.h * l->out.w;
    int places = 0;
    for (; m->now >= p->next && places < count; places++)
        p->next += step;
    const int at = m->cursor.y * l->out.w + m->cursor.x + places, last = at < count ? at : count - 1;
    model_position(m, last / l->out.w, last % l->out.w);
    model_play(m, at < count - 1);
    p->sliding = p->sliding && at < count - 1;
}

void play_frame(Play *p, Model *m)
{
    const bool elsewhere = m->at != p->at || m->view != p->view || (p->sliding && !play_slides(p, m));
    if (elsewhere && p->sliding)
        model_play(m, false);
    if (elsewhere)
        p->sliding = false;
    p->begun = m->playing || (p->begun && !elsewhere);
    stay(p, m);
    if (!m->playing || m->now < p->next)
        return;
    if (model_terms_stepped(m))
        terms_on(p, m);
    else if (m->view == VIEW_ORDER)
        order_on(p, m);
    else if (m->view == VIEW_PATH)
        path_on(p, m);
    else if (sweeps(p, m))
        sweep_on(p, m);
    else
        walk_on(p, m);
    stay(p, m);
}

void play_set_speed(Play *p, Model *m, int speed)
{
    const double before = play_factor(p);
    p->speed = speed < PLAY_SLOWEST ? PLAY_SLOWEST : speed > PLAY_FASTEST ? PLAY_FASTEST : speed;
    p->next = m->now + (p->next - m->now) * before / play_factor(p); /* the step that is due, too */
}

PlayProgress play_progress(const Play *p, const Model *m)
{
    const Net *net = model_net(m);
    const Shape out = net->layers[m->cursor.layer].out;
    if (model_terms_stepped(m))
        return (PlayProgress){m->term, model_term_count(m) + 1};
    if (m->view == VIEW_ORDER)
        return (PlayProgress){(m->order.seed - 1) % ORDERS_PLAYED, ORDERS_PLAYED};
    if (m->view == VIEW_PATH)
        return path_progress(m);
    PlayProgress place = {.at = m->cursor.y * out.w + m->cursor.x, .count = out.h * out.w};
    if (!sweeps(p, m))
        place.at = walk_tour_place(net, m->at, &place.count);
    return place;
}

void play_seek(Play *p, Model *m, int at)
{
    const Net *net = model_net(m);
    const PlayProgress place = play_progress(p, m);
    const int to = at < 0 ? 0 : at >= place.count ? place.count - 1 : at;
    const bool playing = m->playing;
    if (model_terms_stepped(m)) {
        model_term(m, to);
    } else if (m->view == VIEW_ORDER) {
        model_order(m, m->order.seed - place.at + to);
    } else if (m->view == VIEW_PATH) {
        path_seek(m, to);
    } else if (sweeps(p, m)) {
        const int w = net->layers[m->cursor.layer].out.w;
        model_position(m, to / w, to % w);
    } else if (to != place.at) {
        model_go(m, walk_tour_layer(net, m->at, to));
    }
    model_play(m, playing);
    p->next = m->now + (sweeps(p, m) ? place_seconds(p, &net->layers[m->cursor.layer]) : stop_seconds(p, m));
    stay(p, m);
}
