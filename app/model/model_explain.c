/* model_explain.c - the verbs of the explanations: which class, layer, unit or step they are about, and how they are made. See model.h. */
#include "app/model/model_private.h"
#include "engine/net/cam.h"

#include <stdio.h>

/* ---- what they are about ---------------------------------------------------------------------------------------------------- */

void model_choose_class(Model *m, int class_index)
{
    m->cam_class = class_index;
}

void model_choose_against(Model *m, int class_index)
{
    m->share.against = m->share.against == class_index ? -1 : class_index;
}

void model_groups(Model *m, int count)
{
    assert(count >= GROUPS_LEAST && count <= GROUPS_MOST);
    m->groups.count = count;
}

void model_share_how(Model *m, bool cam)
{
    m->share.cam = cam;
}

void model_share_try(Model *m, int channel)
{
    const int layer = share_layer_at(model_net(m), m->at);
    if (channel < 0 || !share_try(&m->share, model_net(m), layer, channel))
        model_say_here(m, true, "%s", model_text(m, channel < 0 ? STR_SHARE_TRY_HOW : STR_SILENCE_HOW));
}

void model_choose_label(Model *m, int label)
{
    m->gradients.label = label;
}

void model_choose_square(Model *m, int square)
{
    m->occlusion.square = m->occlusion.square == square ? -1 : square;
}

void model_choose_step(Model *m, int position)
{
    m->fool.position = position < 0 ? 0 : position < STEP_POSITIONS ? position : STEP_POSITIONS - 1;
}

void model_choose_signs(Model *m, int seed)
{
    m->fool.seed = seed;
}

/* Behind the last seed comes the first. */
void model_choose_crops(Model *m, int seed)
{
    m->crops.seed = seed < CROPS_SEED_LEAST ? CROPS_SEED_MOST : seed <= CROPS_SEED_MOST ? seed : CROPS_SEED_LEAST;
}

void model_choose_stage(Model *m, int stage)
{
    const int most = sanity_stages(model_net(m));
    m->sanity.stage = stage < 0 ? 0 : stage < most ? stage : most;
}

void model_choose_beside(Model *m, int class_index)
{
    m->sanity.against = class_index;
}

void model_step_saved(Model *m, const char *path)
{
    snprintf(m->fool.saved, sizeof m->fool.saved, "%s", path);
    m->fool.saved_position = m->fool.position;
}

bool model_occlusion_of(Model *m, int class_index)
{
    return occlusion_view(&m->occlusion, class_index);
}

void model_want(Model *m, const WantOptions *switches)
{
    m->wants.options = *switches;
    m->wants.paused = false;
}

void model_want_all(Model *m, bool shown, bool asked)
{
    m->wants.grid = shown;
    wants_all(&m->wants, asked);
}

void model_want_beside(Model *m)
{
    m->wants.beside = true;
    m->wants.grid = m->wants.paused = false;
}

Cursor model_wants_unit(const Model *m)
{
    return (Cursor){m->cursor.layer, m->cursor.channel < 0 ? 0 : m->cursor.channel, -1, -1};
}

/* A finished picture begins again. */
static void pause_want(Model *m)
{
    const Cursor unit = model_wants_unit(m);
    const WantMade *made = wants_made(&m->wants, unit.layer, unit.channel, &m->wants.options);
    const bool finished = made != NULL && made->steps == WANTS_STEPS;
    m->wants.paused = !finished && !m->wants.paused;
    if (finished)
        wants_again(&m->wants, unit.layer, unit.channel);
}

/* A switch of the picture that a unit wants; each is a key of its view. */
static void switch_want(Model *m, Verb verb)
{
    WantOptions o = m->wants.options;
    switch (verb) {
    case VERB_WANT_BASIS: o.pixels = !o.pixels; break;
    case VERB_WANT_JITTER: o.still = !o.still; break;
    case VERB_WANT_NEURON: o.neuron = !o.neuron; break;
    case VERB_WANT_SEED: o.seed = o.seed % 9 + 1; break; /* nine are enough to see that each finds another picture */
    default: assert(!"a switch"); break;
    }
    model_want(m, &o);
}

void model_gradients_show(Model *m, bool by_layer, bool of_weights)
{
    m->gradients.by_layer = by_layer;
    m->gradients.of_weights = of_weights;
}

/* ---- ways to them ------------------------------------------------------------------------------------------------------------ */

/* Where the share begins if nothing of the score can be told apart at `at`: at the last maps. */
void model_explain(Model *m, ViewKind view)
{
    const Net *net = model_net(m);
    Err none;
    const int cam = cam_layer(net, &none);
    if (view == VIEW_SHARE && cam >= 0 && (m->at == 0 || m->at > cam || !share_allowed(net, share_layer_at(net, m->at), &none)))
        model_move(m, cam, 0);
    model_view(m, view);
}

/* What the score is made of: at the layer where one is, if the whole score passes through it. Before the first layer and behind the last
 * maps the class activation map says it, where the network has one. */
static void show_why(Model *m)
{
    const Net *net = model_net(m);
    const int layer = share_layer_at(net, m->at);
    Err none;
    const int cam = cam_layer(net, &none);
    if (m->view == VIEW_CAM || m->view == VIEW_SHARE)
        model_view(m, VIEW_STAGE);
    else if (cam < 0)
        model_view(m, VIEW_SHARE);
    else
        model_view(m, layer > 0 && layer < cam && share_allowed(net, layer, &none) ? VIEW_SHARE : VIEW_CAM);
}

/* Without a selected channel, of the one that answers most to this picture. */
static void show_wants(Model *m)
{
    if (m->view != VIEW_WANTS && m->cursor.channel < 0)
        model_select(m, (Cursor){m->cursor.layer, model_brightest(m, m->cursor).channel, -1, -1});
    model_toggle_view(m, VIEW_WANTS);
}

/* The class before or after the chosen one among the likeliest; the first is the answer itself. */
static void next_target(Model *m, int by)
{
    enum { MOST = 30 };
    Guess top[MOST];
    const int count = model_top(m, top, MOST);
    int at = 0;
    for (int i = 0; i < count; i++)
        if (top[i].index == m->cam_class)
            at = i;
    if (count > 0)
        m->cam_class = at + by <= 0 ? -1 : top[at + by < count ? at + by : count - 1].index;
}

/* The likeliest class after the one beside the chosen one; after the last comes the first again. */
static void next_against(Model *m)
{
    enum { MOST = 30 };
    Guess top[MOST];
    const Sanity *shown = &m->sanity.sets[WEIGHTS_OWN].maps;
    const int count = m->sanity.sets[WEIGHTS_OWN].done > 0 ? model_top(m, top, MOST) : 0;
    int at = 0;
    for (int i = 0; i < count; i++)
        if (top[i].index == shown->classes[1])
            at = i;
    for (int i = 1; i < count; i++)
        if (top[(at + i) % count].index != shown->classes[0]) {
            model_choose_beside(m, top[(at + i) % count].index);
            return;
        }
}

void model_way(Model *m, ViewKind way)
{
    if (m->view == way) {
        model_view(m, VIEW_VALUE);
        return;
    }
    if (!view_of_value(m->view) && m->hover.layer >= 0 && m->hover.channel >= 0)
        model_select(m, m->hover);
    if (m->cursor.y < 0)
        model_select(m, model_brightest(m, m->cursor));
    model_view(m, way);
}

static int inside(int at, int size)
{
    return at < 0 ? 0 : at < size ? at : size - 1;
}

void model_source(Model *m, int channel)
{
    const CircuitResult *r = circuit_result(&m->circuit, circuit_unit(model_net(m), m->cursor));
    for (int i = 0; r != NULL && i < r->source_count; i++) {
        const CircuitSource *s = &r->sources[i];
        if (s->channel != channel)
            continue;
        const Layer *l = &model_net(m)->layers[r->circuit.path.layer];
        const Unit u = r->circuit.unit;
        const int half = l->k / 2 - l->pad; /* to the window's middle */
        const int y = s->y >= 0 ? s->y : inside(u.y * l->stride + half, l->in.h), x = s->x >= 0 ? s->x : inside(u.x * l->stride + half, l->in.w);
        model_select(m, (Cursor){r->circuit.path.from, channel, y, x});
        model_view(m, VIEW_VALUE);
        return;
    }
}

void model_gradient_of(Model *m, bool loss)
{
    m->backward.loss = loss;
}

void model_reader(Model *m, int term)
{
    const Cursor c = m->cursor;
    const BackwardPage *p = backward_shown(&m->backward, (Unit){c.layer, c.channel, c.y, c.x});
    if (p == NULL || p->term_count == 0)
        return;
    const Unit to = p->terms[term >= 0 ? term : p->term_order[0]].reader;
    model_select(m, (Cursor){to.layer, to.c, to.y, to.x});
    model_view(m, VIEW_BACKWARD);
}

static void choose_guess(Model *m, int rank)
{
    Guess top[BACKWARD_CLASSES];
    if (rank < model_top(m, top, BACKWARD_CLASSES))
        model_choose_class(m, top[rank].index);
}

void model_explain_do(Model *m, Verb verb)
{
    switch (verb) {
    case VERB_VIEW_CAM: show_why(m); break;
    case VERB_VIEW_CIRCUIT: model_way(m, VIEW_CIRCUIT); break;
    case VERB_VIEW_BACKWARD: model_way(m, VIEW_BACKWARD); break;
    case VERB_BACKWARD_OF: model_gradient_of(m, !m->backward.loss); break;
    case VERB_BACKWARD_CLASS_1: choose_guess(m, 0); break;
    case VERB_BACKWARD_CLASS_2: choose_guess(m, 1); break;
    case VERB_BACKWARD_CLASS_3: choose_guess(m, 2); break;
    case VERB_VIEW_WANTS: show_wants(m); break;
    case VERB_WANT_PAUSE: pause_want(m); break;
    case VERB_WANT_BASIS: case VERB_WANT_JITTER: case VERB_WANT_NEURON: case VERB_WANT_SEED: switch_want(m, verb); break;
    case VERB_WANT_ALL: model_want_all(m, !m->wants.grid, !m->wants.grid || m->wants.all.asked); break;
    case VERB_VIEW_FOOL: model_toggle_view(m, VIEW_FOOL); break;
    case VERB_FOOL_LESS: model_choose_step(m, m->fool.position - 1); break;
    case VERB_FOOL_MORE: model_choose_step(m, m->fool.position + 1); break;
    case VERB_FOOL_NONE: model_choose_step(m, 0); break;
    case VERB_FOOL_MOST: model_choose_step(m, STEP_POSITIONS - 1); break;
    case VERB_FOOL_SIGNS: model_choose_signs(m, m->fool.seed < 99 ? m->fool.seed + 1 : 1); break;
    case VERB_FOOL_CLASS_PREV: next_target(m, -1); break;
    case VERB_FOOL_CLASS_NEXT: next_target(m, +1); break;
    case VERB_VIEW_SANITY: model_toggle_view(m, VIEW_SANITY); break;
    case VERB_SANITY_LESS: model_choose_stage(m, m->sanity.stage - 1); break;
    case VERB_SANITY_MORE: model_choose_stage(m, m->sanity.stage + 1); break;
    case VERB_SANITY_NONE: model_choose_stage(m, 0); break;
    case VERB_SANITY_ALL: model_choose_stage(m, sanity_stages(model_net(m))); break;
    case VERB_SANITY_CLASS_PREV: next_target(m, -1); break;
    case VERB_SANITY_CLASS_NEXT: next_target(m, +1); break;
    case VERB_SANITY_AGAINST: next_against(m); break;
    case VERB_VIEW_CROPS: model_toggle_view(m, VIEW_CROPS); break;
    case VERB_CROPS_PREV: model_choose_crops(m, m->crops.seed - 1); break;
    case VERB_CROPS_NEXT: model_choose_crops(m, m->crops.seed + 1); break;
    case VERB_VIEW_LINEAGE: model_toggle_view(m, VIEW_LINEAGE); break;
    case VERB_VIEW_GROUPS: model_toggle_view(m, VIEW_GROUPS); break;
    case VERB_GROUPS_4: case VERB_GROUPS_5: case VERB_GROUPS_6: model_groups(m, 4 + (int)verb - VERB_GROUPS_4); break;
    default: assert(!"a verb of the explanations'"); break;
    }
}
