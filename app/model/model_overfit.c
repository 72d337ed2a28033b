/* model_overfit.c - training on the shown picture: takes each step's weights as a change of the network's own (whatif.h), undoes and redoes
 * all of them, and has the verbs of that view. */
#include "app/model/model_private.h"

#include <math.h>
#include <stdlib.h>

/* ---- the weights ---------------------------------------------------------------------------------------------------------------------- */

/* The classes' probabilities as they are shown now; NULL if there are none, or out of memory. */
static float *probabilities(const Model *m, int *count)
{
    Prediction p;
    float *probs = model_prediction(m, &p) ? malloc((size_t)p.count * sizeof *probs) : NULL;
    *count = probs != NULL ? p.count : 0;
    for (int i = 0; i < *count; i++)
        probs[i] = prediction_prob(&p, i);
    return probs;
}

static void swap_weights(Model *m)
{
    WhatIf *other = &m->overfit.other;
    const uint64_t edits = m->what_if.edits > other->edits ? m->what_if.edits : other->edits;
    const WhatIf now = m->what_if;
    m->what_if = *other;
    *other = now;
    m->what_if.edits = other->edits = edits; /* no stamp is given twice */
    model_weights_changed(m);
}

static void undo(Model *m)
{
    Overfit *o = &m->overfit;
    o->undo = false;
    if (o->steps == 0)
        return;
    swap_weights(m);
    o->undone = !o->undone;
    if (!o->undone)
        o->version = m->weights_version; /* the trainer has these, and goes on */
}

void model_overfit_undo(Model *m)
{
    Overfit *o = &m->overfit;
    const bool runs = o->job != NULL;
    overfit_stop(o);
    o->undo = runs;
    if (!runs)
        undo(m);
}

/* The weights of a step become those of everything that is shown. */
static void take_step(Model *m, const SideKey *now)
{
    Overfit *o = &m->overfit;
    const SideKey of = o->key;
    float *weights = overfit_take(o);
    const bool same = of.source == now->source && of.weights_version == now->weights_version && of.engine == now->engine && of.picture == now->picture;
    if (weights == NULL || !same) { /* something else is shown now, perhaps with fewer layers */
        if (weights != NULL)
            overfit_drop_last(o);
        free(weights);
        o->since = weights == NULL ? o->since : 0;
        return;
    }
    if (o->steps == 0) {
        o->other = m->what_if;
        m->what_if = (WhatIf){.edits = o->other.edits};
        whatif_remember(&m->what_if, o->was != NULL ? copy_floats(o->was, (size_t)o->was_count) : NULL, o->was_count);
    }
    if (!whatif_train(&m->what_if, model_net(m), weights)) {
        model_say(m, true, "%s", "not enough memory for the weights after a training step");
        if (o->steps == 0)
            swap_weights(m);
        overfit_stop(o);
        o->since = 0;
        return;
    }
    o->steps++;
    o->ended = m->now;
    o->since = o->next.restart ? 1 : o->since + 1;
    model_weights_changed(m);
    o->version = m->weights_version;
}

/* ---- each frame ------------------------------------------------------------------------------------------------------------------------ */

int64_t model_overfit_next(const Model *m)
{
    const Overfit *o = &m->overfit;
    return o->steps > 0 && !o->undone && o->version == m->weights_version ? o->since : 0;
}

bool model_overfit_held(const Model *m)
{
    static const double REPEATS = 0.5; /* seconds within which a held key comes again */
    const Overfit *o = &m->overfit;
    return o->hurry && o->steps > 0 && !o->undone && m->now - o->ended < REPEATS;
}

/* A label that has a loss: without a choice that of the gradients that are shown. -1: not known yet. */
static int label_of(Model *m)
{
    Gradients *g = &m->gradients;
    if (g->label < 0 && !gradients_busy(g) && g->flow.layer_count > 0)
        g->label = g->flow.label; /* it stays while the network learns it */
    return g->label;
}

static void start(Model *m, SideWish wish)
{
    Overfit *o = &m->overfit;
    const int label = label_of(m);
    if (m->gradients.problem.text[0] != '\0') {
        o->problem = m->gradients.problem;
        overfit_stop(o);
    }
    if (label < 0 || !overfit_busy(o))
        return;
    if (o->undone) {
        const bool keeps = o->keeps;
        overfit_forget(o);
        o->keeps = keeps;
    }
    free(o->was);
    o->was = probabilities(m, &o->was_count);
    o->hurry = o->hurry || o->keeps;
    wish.key.label = label;
    LossChoice choice = gradients_choice(&m->gradients, &m->source->source, model_overfit_next(m));
    overfit_start(o, &wish, &choice, model_overfit_next(m) == 0, m->now);
}

/* The scale of the gradients: it grows with them, and does not shrink while the network learns. */
static void measure_high(Model *m)
{
    Overfit *o = &m->overfit;
    double most = 0;
    for (int i = 0; i < m->gradients.flow.layer_count; i++)
        most = fmax(most, loss_gradients_map_rms(model_net(m), &m->gradients.flow.layers[i], PASS_WITH_AUX));
    if (most > 0)
        o->high = o->steps == 0 || o->undone ? most : fmax(o->high, most);
}

void model_overfit_frame(Model *m, const SideWish *wish)
{
    Overfit *o = &m->overfit;
    const bool shown = m->view == VIEW_GRADIENTS;
    if (!shown) {
        o->keeps = o->asked = false;
        o->hurry = true; /* what runs is taken at once */
        if (o->steps == 0)
            overfit_rest(o);
    }
    overfit_frame(o, model_net(m), m->screen.still, m->now);
    if (overfit_ready(o))
        take_step(m, &wish->key);
    if (o->undo && o->job == NULL)
        undo(m);
    if (!shown)
        return;
    if (o->job == NULL && overfit_busy(o) && !m->recompute && !compute_busy(m->compute)) /* so that each step's new answer is seen */
        start(m, *wish);
    if ((!overfit_busy(o) && !model_overfit_held(m)) || m->gradients.label < 0) {
        SideWish flow = *wish;
        flow.key.label = m->gradients.label;
        flow.key.weights_version = m->weights_version; /* a step may just have been taken */
        flow.weights = model_weights(m);
        gradients_want(&m->gradients, &flow, model_overfit_next(m));
    }
    measure_high(m); /* of what has just come too: it may be the last frame for a while */
}

void model_overfit_forget(Model *m)
{
    overfit_forget(&m->overfit);
}

/* ---- verbs ------------------------------------------------------------------------------------------------------------------------------ */

void model_overfit_step(Model *m)
{
    Overfit *o = &m->overfit;
    o->hurry = o->job != NULL || (o->steps > 0 && m->now - o->ended < 1); /* asked again soon, or held: nobody wants to watch it to its end */
    o->asked = true;
    o->problem.text[0] = '\0';
}

void model_overfit_keep(Model *m, bool on)
{
    Overfit *o = &m->overfit;
    o->keeps = on;
    o->asked = false;
    o->hurry = o->hurry || on;
    o->problem.text[0] = '\0';
}

bool model_overfit_stop(Model *m)
{
    return overfit_stop(&m->overfit);
}

void model_overfit_rate(Model *m, int rate)
{
    m->overfit.rate = rate < 0 ? 0 : rate < OVERFIT_RATES ? rate : OVERFIT_RATES - 1;
}

void model_overfit_mode(Model *m, bool eval)
{
    m->gradients.eval = eval;
}

/* The last head that takes part stays. */
void model_overfit_head(Model *m, int head, bool on)
{
    const LossChoice choice = gradients_choice(&m->gradients, &m->source->source, 0);
    int others = 0;
    for (int h = 0; h < model_net(m)->head_count; h++)
        others += h != head && !choice.silent[h];
    if (on || others > 0)
        m->gradients.silent[head] = !on;
    else
        model_say_here(m, true, "%s", model_text(m, STR_OVERFIT_ONE_HEAD));
}

void model_gradients_page(Model *m, bool chart)
{
    m->gradients.chart = chart;
}

/* The class before or after the label among all of a small network, among the likeliest of a large one. */
static void next_label(Model *m, int by)
{
    enum { MOST = 30 };
    Guess top[MOST];
    const int label = m->gradients.label >= 0 ? m->gradients.label : m->gradients.flow.label, classes = net_scores(model_net(m), 0);
    const int count = classes <= MOST ? classes : model_top(m, top, MOST);
    int at = 0;
    for (int i = 0; i < count; i++)
        if ((classes <= MOST ? i : top[i].index) == label)
            at = i;
    if (count > 0 && m->gradients.flow.layer_count > 0) {
        at = (at + by + count) % count;
        model_choose_label(m, classes <= MOST ? at : top[at].index);
    }
}

void model_overfit_do(Model *m, Verb verb)
{
    const Gradients *g = &m->gradients;
    switch (verb) {
    case VERB_OVERFIT_STEP: model_overfit_step(m); break;
    case VERB_OVERFIT_KEEP: model_overfit_keep(m, !m->overfit.keeps); break;
    case VERB_OVERFIT_UNDO: model_overfit_undo(m); break;
    case VERB_OVERFIT_RATE_LESS: model_overfit_rate(m, m->overfit.rate - 1); break;
    case VERB_OVERFIT_RATE_MORE: model_overfit_rate(m, m->overfit.rate + 1); break;
    case VERB_OVERFIT_LABEL_PREV: next_label(m, -1); break;
    case VERB_OVERFIT_LABEL_NEXT: next_label(m, +1); break;
    case VERB_OVERFIT_PAGE: model_gradients_page(m, !g->chart); break;
    case VERB_OVERFIT_MODE: model_overfit_mode(m, !g->eval); break;
    case VERB_OVERFIT_HEAD_1: case VERB_OVERFIT_HEAD_2: case VERB_OVERFIT_HEAD_3: {
        const int head = (int)verb - VERB_OVERFIT_HEAD_1;
        if (head < model_net(m)->head_count)
            model_overfit_head(m, head, g->silent[head]);
        break;
    }
    default: assert(!"a verb of a training step's"); break;
    }
}
