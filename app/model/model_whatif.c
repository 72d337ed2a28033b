/* model_whatif.c - the verbs that change weights: silencing, scaling, editing, putting back. Each change computes anew. */
#include "app/model/model_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WEIGHT_MOST = 1000; /* of a weight that is typed: trained ones are below 10 */

/* Only what the network's own weights gave: a map of changed weights, or one that is still to be computed anew, is no "before". */
static void remember_before(Model *m)
{
    LayerMap map;
    Prediction p;
    if (m->what_if.weights != NULL || m->recompute || !compute_map(m->compute, model_net(m)->heads[0].last, &map) || !map.current || !model_prediction(m, &p))
        return;
    float *before = malloc((size_t)p.count * sizeof *before);
    for (int i = 0; before != NULL && i < p.count; i++)
        before[i] = prediction_prob(&p, i);
    whatif_remember(&m->what_if, before, p.count);
}

void model_scale_channel(Model *m, float scale)
{
    int layer, channel;
    if (!whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel)) {
        model_say_here(m, true, "%s", model_text(m, STR_SILENCE_HOW));
        return;
    }
    remember_before(m);
    if (whatif_scale(&m->what_if, model_net(m), m->source->source.weights, layer, channel, scale))
        model_weights_changed(m);
}

void model_silence(Model *m)
{
    int layer, channel;
    float now = 1;
    if (m->cursor.channel < 0 && m->hover.layer >= 0 && m->hover.channel >= 0)
        model_select(m, m->hover);
    if (whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel))
        now = whatif_scale_of(&m->what_if, model_net(m), layer, channel);
    model_scale_channel(m, now > 0 ? 0 : 1);
}

/* All channels of the branch that is selected, pointed at or on the stage; silent ones come back. */
void model_silence_branch(Model *m)
{
    const Net *net = model_net(m);
    const Cursor c = m->cursor.channel < 0 && m->hover.layer >= 0 && m->hover.channel >= 0 ? m->hover : m->cursor;
    const Layer *l = &net->layers[c.layer];
    int layer = -1, channel;
    if (l->module >= 0 && l->op == OP_CONCAT)
        whatif_target(net, c.layer, c.channel, &layer, &channel);
    else if (l->module >= 0 && l->branch != BRANCH_NONE)
        layer = net->layers[net->modules[l->module].last].inputs[l->branch];
    if (layer < 0) {
        model_say_here(m, true, "%s", model_text(m, STR_SILENCE_HOW));
        return;
    }
    remember_before(m);
    const float scale = whatif_scale_of(&m->what_if, net, layer, 0) > 0 ? 0 : 1;
    bool good = true;
    for (int i = 0; good && i < net->layers[layer].out.c; i++)
        good = whatif_scale(&m->what_if, net, m->source->source.weights, layer, i, scale);
    model_weights_changed(m);
}

void model_edit_weight(Model *m, size_t index, float value)
{
    remember_before(m);
    if (whatif_weight(&m->what_if, model_net(m), m->source->source.weights, index, value))
        model_weights_changed(m);
}

/* All of the text must be a number from lo to hi; else the status line says what was expected. */
static bool number_in(Model *m, const char *text, double lo, double hi, Str expected, float *out)
{
    char *end;
    const double value = strtod(text, &end);
    end += strspn(end, " ");
    if (end == text || *end != '\0' || !(value >= lo && value <= hi)) { /* NaN is in no range */
        model_say_here(m, true, model_text(m, expected), text);
        return false;
    }
    *out = (float)value;
    return true;
}

bool model_scale_text(Model *m, const char *text)
{
    float scale;
    if (!number_in(m, text, 0, 1, STR_SCALE_EXPECTED, &scale))
        return false;
    model_scale_channel(m, scale);
    return true;
}

bool model_edit_text(Model *m, size_t index, const char *text)
{
    float value;
    if (!number_in(m, text, -WEIGHT_MOST, WEIGHT_MOST, STR_WEIGHT_EXPECTED, &value))
        return false;
    model_edit_weight(m, index, value);
    return true;
}

void model_restore(Model *m)
{
    if (m->what_if.weights == NULL)
        return;
    whatif_restore(&m->retired);
    m->retired = m->what_if;
    m->what_if = (WhatIf){.edits = m->retired.edits};
    model_weights_changed(m);
}
