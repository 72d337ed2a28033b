/* model_whatif.c - the verbs that change weights: scale, edit, restore. Each change starts a computation. */
#include "app/model/model_private.h"

#include <stdlib.h>

/* Only a current map of the network's own weights counts as "before": not one of changed weights, nor one that is out of date. */
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

void model_scale(Model *m, int layer, int first, int count, float scale)
{
    bool changed = false;
    remember_before(m);
    for (int i = first; i < first + count && whatif_scale(&m->what_if, model_net(m), m->source->source.weights, layer, i, scale); i++)
        changed = true;
    if (changed)
        model_weights_changed(m);
}

void model_edit_weight(Model *m, size_t index, float value)
{
    remember_before(m);
    if (whatif_weight(&m->what_if, model_net(m), m->source->source.weights, index, value))
        model_weights_changed(m);
}

void model_restore(Model *m)
{
    if (m->what_if.weights == NULL)
        return;
    if (!m->overfit.undone)
        model_overfit_forget(m);
    whatif_restore(&m->retired);
    m->retired = m->what_if;
    m->what_if = (WhatIf){.edits = m->retired.edits};
    model_weights_changed(m);
}
