/* experiment.c - silences, scales and edits what is selected; see experiment.h. */
#include "app/session/experiment.h"

#include <stdlib.h>
#include <string.h>

static const double WEIGHT_MOST = 1000; /* for a typed weight: trained ones are below 10 */

static void say_how(Model *m)
{
    model_say_here(m, true, "%s", model_text(m, STR_SILENCE_HOW));
}

void experiment_scale(Model *m, float scale)
{
    int layer, channel;
    if (whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel))
        model_scale(m, layer, channel, 1, scale);
    else
        say_how(m);
}

void experiment_silence(Model *m)
{
    int layer, channel;
    float now = 1;
    if (m->cursor.channel < 0 && m->hover.layer >= 0 && m->hover.channel >= 0)
        model_select(m, m->hover);
    if (whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel))
        now = whatif_scale_of(&m->what_if, model_net(m), layer, channel);
    experiment_scale(m, now > 0 ? 0 : 1);
}

void experiment_silence_branch(Model *m)
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
        say_how(m);
        return;
    }
    model_scale(m, layer, 0, net->layers[layer].out.c, whatif_scale_of(&m->what_if, net, layer, 0) > 0 ? 0 : 1);
}

/* Reads a number from lo to hi, which must be the whole text; else the status line says what is expected. */
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

bool experiment_scale_text(Model *m, const char *text)
{
    float scale;
    if (!number_in(m, text, 0, 1, STR_SCALE_EXPECTED, &scale))
        return false;
    experiment_scale(m, scale);
    return true;
}

bool experiment_edit_text(Model *m, size_t index, const char *text)
{
    float value;
    if (!number_in(m, text, -WEIGHT_MOST, WEIGHT_MOST, STR_WEIGHT_EXPECTED, &value))
        return false;
    model_edit_weight(m, index, value);
    return true;
}
