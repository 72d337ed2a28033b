/* lesson_judge.c - whether what a lesson's question wants is the case; see lesson_judge.h. */
#include "app/session/lesson_judge.h"
#include "app/model/lesson_question.h"

#include <math.h>

static bool in_spot(const Model *m, const Spot *spot, Cursor c)
{
    if (c.layer != spot->layer || (spot->first >= 0 && (c.channel < spot->first || c.channel > spot->last)))
        return false;
    if (!spot->brightest)
        return true;
    const Cursor best = model_brightest(m, (Cursor){c.layer, c.channel, -1, -1});
    return c.y >= 0 && c.y == best.y && c.x == best.x;
}

static bool at_spot(const Model *m, const Spot *spot)
{
    Address twin;
    const Cursor c = m->cursor;
    if (in_spot(m, spot, c))
        return true;
    return c.channel >= 0 && net_address_twin(model_net(m), (Address){.layer = c.layer, .channel = c.channel}, &twin) &&
           in_spot(m, spot, (Cursor){twin.layer, twin.channel, c.y, c.x});
}

bool judge_point(const Model *m, const LessonStep *step)
{
    Spot spots[SPOTS_MAX];
    Err err;
    const int count = spots_parse(model_net(m), step->point.source, spots, &err);
    for (int i = 0; i < count; i++)
        if (at_spot(m, &spots[i]))
            return true;
    return false;
}

/* Every channel of the spot is scaled to nothing. */
static bool silent(const Model *m, const Spot *spot)
{
    const int first = spot->first >= 0 ? spot->first : 0;
    const int last = spot->first >= 0 ? spot->last : model_net(m)->layers[spot->layer].out.c - 1;
    for (int c = first; c <= last; c++) {
        int layer, channel;
        if (!whatif_target(model_net(m), spot->layer, c, &layer, &channel) || whatif_scale_of(&m->what_if, model_net(m), layer, channel) > 0)
            return false;
    }
    return m->what_if.weights != NULL;
}

static bool compares(double value, const Deed *deed)
{
    return deed->than == '<' ? value < deed->number : deed->than == '>' ? value > deed->number : fabs(value - deed->number) < 1e-12;
}

static bool answers(Model *m, const Deed *deed, bool *known)
{
    Prediction p;
    Guess best;
    const int wanted = model_class_named(m, deed->class_name);
    *known = wanted >= 0 && !model_busy(m) && model_prediction(m, &p) && model_top(m, &best, 1) == 1;
    if (!*known)
        return false;
    return deed->kind == DEED_ANSWER ? best.index == wanted : compares((double)prediction_prob(&p, wanted), deed);
}

static bool selected_value(const Model *m, const Deed *deed, bool *known)
{
    LayerMap map;
    const Cursor c = m->cursor;
    *known = c.channel >= 0 && c.y >= 0 && compute_map(m->compute, c.layer, &map) && map.current;
    return *known && compares((double)map.data[((size_t)c.channel * (size_t)map.shape.h + (size_t)c.y) * (size_t)map.shape.w + (size_t)c.x], deed);
}

static bool switched_off(const Model *m, const Spot *spot)
{
    const int module = model_net(m)->layers[spot->layer].module;
    return m->switched.net != NULL && module >= 0 && switched_in(&m->switched, model_net(m), module, false);
}

static bool holds(Model *m, const Deed *deed)
{
    bool known = true, is = false;
    switch (deed->kind) {
    case DEED_SILENT: is = silent(m, &deed->spot); break;
    case DEED_ANSWER: case DEED_PROBABILITY: is = answers(m, deed, &known); break;
    case DEED_VALUE: is = selected_value(m, deed, &known); break;
    case DEED_AT: is = m->at == deed->spot.layer || at_spot(m, &deed->spot); break;
    case DEED_VIEW: is = m->view == deed->view; break;
    case DEED_SWITCHED: is = switched_off(m, &deed->spot); break;
    }
    return known && is != deed->not;
}

bool judge_make(Model *m, const LessonStep *step)
{
    Deed deeds[DEEDS_MAX];
    Err err;
    const int count = deeds_parse(model_net(m), step->make.source, deeds, &err);
    bool all = count > 0;
    for (int i = 0; i < count; i++)
        all = all && holds(m, &deeds[i]);
    return all;
}
