/* model_ask.c - the queries of the views: names, ranges, maps, addresses. Nothing here changes the model. */
#include "app/model/model.h"
#include "engine/base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const Net *model_net(const Model *m)
{
    return m->source->source.net;
}

const Ledger *model_ledger(const Model *m)
{
    return m->switched.net != NULL ? &m->switched.ledger : &m->ledger;
}

const float *model_weights(const Model *m)
{
    return m->what_if.weights != NULL ? m->what_if.weights : m->source->source.weights;
}

const char *model_status(const Model *m)
{
    if (m->status[0] == '\0' || m->now >= m->status_until)
        return NULL;
    return m->status_here && (m->status_view != m->view || m->status_at != m->at) ? NULL : m->status;
}

const char *model_text(const Model *m, Str id)
{
    return str(m->screen.lang, id);
}

const char *model_label(const Model *m, int class_index, char *scratch, size_t size)
{
    const WeightsInfo *info = &m->source->source.info;
    if (info->labels != NULL && class_index < info->label_count)
        return str_class(m->screen.lang, info->labels, info->label_count, class_index);
    snprintf(scratch, size, model_text(m, STR_CLASS_N), class_index);
    return scratch;
}

/* The answer to one of the pictures. */
static bool prediction_of(const Net *net, Compute *compute, Prediction *out)
{
    const bool single = net_scores(net, 0) == 1; /* its softmax would say 1 for every picture */
    const int last = single ? net->heads[0].logits : net->heads[0].last;
    LayerMap map;
    if (net_scores(net, 0) == 0 || compute == NULL || !compute_map(compute, last, &map))
        return false;
    *out = (Prediction){.values = map.data, .count = net_scores(net, 0)};
    if (single || net->layers[last].op != OP_SOFTMAX)
        softmax_parts(out->values, out->count, &out->max, &out->sum);
    return true;
}

bool model_prediction(const Model *m, Prediction *out)
{
    return prediction_of(model_net(m), m->compute, out);
}

int model_top_other(const Model *m, Guess *out, int k)
{
    Prediction p;
    int count = 0;
    if (m->other.path[0] == '\0' || !prediction_of(model_net(m), m->other_compute, &p))
        return 0;
    for (int i = 0; i < p.count; i++)
        count = guess_insert(out, count, k, (Guess){i, prediction_prob(&p, i)});
    return count;
}

float prediction_prob(const Prediction *p, int class_index)
{
    assert(class_index >= 0 && class_index < p->count);
    return p->sum > 0 ? expf(p->values[class_index] - p->max) / p->sum : p->values[class_index];
}

int model_top(const Model *m, Guess *out, int k)
{
    return model_find_classes(m, "", out, k);
}

int model_top_with(const Model *m, int class_index, Guess *out, int k)
{
    Prediction p;
    int count = model_top(m, out, k);
    for (int i = 0; i < count; i++)
        if (out[i].index == class_index)
            return count;
    if (class_index < 0 || !model_prediction(m, &p))
        return count;
    return array_insert(out, count, k, 0, &(Guess){class_index, prediction_prob(&p, class_index)}, sizeof *out);
}

int model_class_named(const Model *m, const char *name)
{
    const int classes = net_scores(model_net(m), 0);
    char *end;
    const long number = strtol(name, &end, 10);
    if (end != name && *end == '\0')
        return number >= 0 && number < classes ? (int)number : -1;
    for (int i = 0; i < classes; i++)
        if (strcasecmp(source_label(&m->source->source, i), name) == 0)
            return i;
    return -1;
}

static bool class_matches(const Model *m, int class_index, const char *part)
{
    char scratch[64], number[16];
    snprintf(number, sizeof number, "%d", class_index);
    return strcasestr(model_label(m, class_index, scratch, sizeof scratch), part) != NULL || strcmp(number, part) == 0 ||
           strcasestr(source_label(&m->source->source, class_index), part) != NULL;
}

int model_find_classes(const Model *m, const char *part, Guess *out, int k)
{
    Prediction p;
    int count = 0;
    if (!model_prediction(m, &p))
        return 0;
    for (int i = 0; i < p.count; i++)
        if (part[0] == '\0' || class_matches(m, i, part))
            count = guess_insert(out, count, k, (Guess){i, prediction_prob(&p, i)});
    return count;
}

bool model_maps(const Model *m, const float **maps, int layer)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    bool whole = true;
    for (int i = 0; i < net->layer_count; i++) {
        LayerMap map;
        maps[i] = compute_map(m->compute, i, &map) ? map.data : NULL;
    }
    for (int i = 0; i < l->input_count; i++)
        whole = whole && maps[l->inputs[i]] != NULL;
    return whole && maps[layer] != NULL;
}

Cursor model_brightest(const Model *m, Cursor c)
{
    LayerMap map;
    if (!compute_map(m->compute, c.layer, &map))
        return (Cursor){c.layer, c.channel < 0 ? 0 : c.channel, 0, 0};
    const size_t plane = (size_t)map.shape.h * (size_t)map.shape.w;
    const size_t first = c.channel < 0 ? 0 : (size_t)c.channel * plane, last = c.channel < 0 ? plane * (size_t)map.shape.c : first + plane;
    size_t best = first;
    for (size_t i = first; i < last; i++)
        if (map.data[i] > map.data[best])
            best = i;
    return (Cursor){c.layer, (int)(best / plane), (int)(best % plane) / map.shape.w, (int)(best % plane) % map.shape.w};
}

bool model_taken(const Model *m, Cursor at, Taken *out)
{
    const Net *net = model_net(m);
    const float **maps = malloc((size_t)net->layer_count * sizeof *maps);
    if (maps == NULL || at.channel < 0 || at.y < 0 || !model_maps(m, maps, at.layer)) {
        free(maps);
        return false;
    }
    return taken_make(net, model_weights(m), maps, at, out);
}

/* Inserts into a list of at most `max`, largest first, with at most `most` kernels of one layer. */
static int insert_reader(Reader *out, int count, int max, Reader r, int most)
{
    int place = count, same = 0, weakest = -1;
    for (int i = 0; i < count; i++)
        if (out[i].layer == r.layer) {
            same++;
            weakest = i;
        }
    if (same == most) {
        if (r.weight <= out[weakest].weight)
            return count;
        memmove(&out[weakest], &out[weakest + 1], (size_t)(count - weakest - 1) * sizeof *out);
        place = --count;
    }
    while (place > 0 && r.weight > out[place - 1].weight)
        place--;
    return array_insert(out, count, max, place, &r, sizeof r);
}

/* The channel of layer l that is the map (layer, channel), directly or behind pools, norms, dropout and concats, which do not mix
 * maps; -1 if none is. */
static int channel_behind(const Net *net, int l, int layer, int channel)
{
    if (l == layer)
        return channel;
    const Layer *at = &net->layers[l];
    if (!op_keeps_channels(at->op) && at->op != OP_CONCAT)
        return -1;
    for (int i = 0, offset = 0; i < at->input_count; offset += net->layers[at->inputs[i]].out.c, i++) {
        const int c = channel_behind(net, at->inputs[i], layer, channel);
        if (c >= 0)
            return offset + c;
    }
    return -1;
}

/* The channel of a layer's input that is the map; -1: the layer does not read it. */
static int channel_read(const Net *net, int l, int layer, int channel)
{
    const Layer *reader = &net->layers[l];
    if ((reader->op != OP_CONV && reader->op != OP_FC) || reader->head != net->layers[layer].head)
        return -1;
    return channel_behind(net, reader->inputs[0], layer, channel);
}

int model_readers(const Model *m, int layer, int channel, Reader *out, int max)
{
    const Net *net = model_net(m);
    int count = 0, layers = 0;
    for (int l = layer + 1; l < net->layer_count; l++)
        layers += channel_read(net, l, layer, channel) >= 0;
    for (int l = layer + 1; l < net->layer_count; l++) {
        const Layer *reader = &net->layers[l];
        const int read = channel_read(net, l, layer, channel), from = reader->inputs[0];
        if (read < 0)
            continue;
        /* Weights are (O, C/groups, taps); a fully connected layer has a tap for every position of its input's maps. */
        const bool fc = reader->op == OP_FC;
        const int groups = fc ? 1 : reader->groups, in = reader->in.c / groups, kernels = reader->out.c / groups, group = read / in;
        const size_t taps = fc ? (size_t)reader->in.h * (size_t)reader->in.w : (size_t)reader->k * (size_t)reader->k;
        const float *w = model_weights(m) + net->params[reader->weight].offset + (size_t)(read % in) * taps;
        const int via = from == layer || net->layers[from].op == OP_CONCAT ? -1 : from;
        for (int o = group * kernels; o < (group + 1) * kernels; o++) {
            double sum = 0;
            for (size_t t = 0; t < taps; t++)
                sum += fabs((double)w[(size_t)o * (size_t)in * taps + t]);
            const Reader found = {l, o, (float)(sum / (double)taps), via};
            count = insert_reader(out, count, max, found, max > layers ? max / layers : 1);
        }
    }
    return count;
}

/* Smoothstep of the time since the move. */
float model_motion(const Model *m)
{
    return model_motion_part(m, 0, 0.5);
}

float model_motion_part(const Model *m, double delay, double seconds)
{
    const double t = ((m->now - m->motion.start) * fmax(m->motion.hurry, 1) - delay) / seconds;
    if (m->screen.still || !(t < 1))
        return 1;
    return t <= 0 ? 0 : (float)(t * t * (3 - 2 * t));
}
