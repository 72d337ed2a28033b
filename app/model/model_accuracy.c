/* model_accuracy.c - the verbs of the accuracy's view: the folder, and what is changed about the network. See model.h. */
#include "app/model/model_private.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double PRUNE_STEP = 10, PRUNE_MOST = 90;

void model_judge(Model *m, const char *folder)
{
    accuracy_open(&m->accuracy, folder);
}

bool model_judge_stop(Model *m)
{
    return accuracy_stop(&m->accuracy);
}

void model_judge_go_on(Model *m)
{
    accuracy_go_on(&m->accuracy);
}

void model_cut(Model *m, const Knife *knife)
{
    Err err;
    if (!knife_fits(knife, model_net(m), &err)) {
        model_say_here(m, true, "%s", err.text);
        return;
    }
    m->accuracy.knife = *knife;
    accuracy_go_on(&m->accuracy);
}

void model_accuracy_show(Model *m, AccuracyShown shown)
{
    m->accuracy.shown = shown;
}

int model_cut_layer(const Model *m)
{
    const Net *net = model_net(m);
    const int places[] = {m->cursor.layer, m->at};
    for (int i = 0; i < 2; i++)
        if (net->layers[places[i]].weight >= 0 && net->layers[places[i]].head == 0)
            return places[i];
    return -1;
}

static void prune_where(Model *m, Knife *knife)
{
    const int here = model_cut_layer(m);
    if (knife->pruned_layer < 0 && here < 0)
        model_say_here(m, true, "%s", model_text(m, STR_ACCURACY_NO_LAYER));
    knife->pruned_layer = knife->pruned_layer < 0 ? here : -1;
}

/* None, the module where one is, all, none. */
static void next_reductions(const Model *m, Knife *knife)
{
    const Net *net = model_net(m);
    const int module = net->layers[m->at].module;
    const char *here = module >= 0 ? net->modules[module].title : "all", *now = knife->unreduced;
    snprintf(knife->unreduced, sizeof knife->unreduced, "%s", now[0] == '\0' ? here : strcmp(now, "all") == 0 ? "" : "all");
}

void model_accuracy_do(Model *m, Verb verb)
{
    Knife knife = m->accuracy.knife;
    switch (verb) {
    case VERB_VIEW_ACCURACY: model_toggle_view(m, VIEW_ACCURACY); return;
    case VERB_CUT_BRANCH: knife.silenced = knife.silenced == BRANCH_POOL ? BRANCH_NONE : (Branch)(knife.silenced + 1); break;
    case VERB_CUT_LESS: knife.pruned = fmax(knife.pruned - PRUNE_STEP, 0); break;
    case VERB_CUT_MORE: knife.pruned = fmin(knife.pruned + PRUNE_STEP, PRUNE_MOST); break;
    case VERB_CUT_WHERE: prune_where(m, &knife); break;
    case VERB_CUT_BITS: knife.bits = knife.bits == 0 ? 8 : knife.bits == 2 ? 0 : knife.bits / 2; break;
    case VERB_CUT_SWAP: knife.swapped = !knife.swapped; break;
    case VERB_CUT_REDUCTIONS: next_reductions(m, &knife); break;
    default: assert(!"a verb of the accuracy's"); break;
    }
    model_cut(m, &knife);
}
