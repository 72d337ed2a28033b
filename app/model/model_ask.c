/* model_ask.c - what views ask of the model: names, ranges, maps, addresses. Nothing here changes it. */
#include "app/model/model.h"
#include "app/model/walk.h"
#include "engine/base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

const char *model_text(const Model *m, Str id)
{
    return str(m->screen.lang, id);
}

const char *model_label(const Model *m, int class_index, char *scratch, size_t size)
{
    const WeightsInfo *info = &m->source->source.info;
    if (info->labels != NULL && class_index < info->label_count)
        return info->labels[class_index];
    snprintf(scratch, size, model_text(m, STR_CLASS_N), class_index);
    return scratch;
}

bool model_prediction(const Model *m, Prediction *out)
{
    const Net *net = model_net(m);
    const int last = net->heads[0].last;
    LayerMap map;
    if (net_scores(net, 0) == 0 || !compute_map(m->compute, last, &map))
        return false;
    *out = (Prediction){.values = map.data, .count = net_scores(net, 0)};
    if (net->layers[last].op != OP_SOFTMAX)
        softmax_parts(out->values, out->count, &out->max, &out->sum);
    return true;
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

static bool class_matches(const Model *m, int class_index, const char *part)
{
    char scratch[64], number[16];
    snprintf(number, sizeof number, "%d", class_index);
    return strcasestr(model_label(m, class_index, scratch, sizeof scratch), part) != NULL || strcmp(number, part) == 0;
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

static int insert_reader(Reader *out, int count, int max, Reader r)
{
    int place = count;
    while (place > 0 && r.weight > out[place - 1].weight)
        place--;
    return array_insert(out, count, max, place, &r, sizeof r);
}

int model_readers(const Model *m, int layer, int channel, Reader *out, int max)
{
    const Net *net = model_net(m);
    Address twin;
    int count = 0;
    if (net->layers[layer].op != OP_CONCAT && net_address_twin(net, (Address){.layer = layer, .channel = channel}, &twin)) {
        layer = twin.layer;
        channel = twin.channel;
    }
    layer = walk_channels_of(net, layer);
    for (int l = layer + 1; l < net->layer_count; l++) {
        const Layer *reader = &net->layers[l];
        const bool fc = reader->op == OP_FC && reader->in.h == 1 && reader->in.w == 1;
        if ((!fc && (reader->op != OP_CONV || reader->groups != 1)) || reader->head != net->layers[layer].head ||
            walk_channels_of(net, reader->inputs[0]) != layer)
            continue;
        const float *w = model_weights(m) + net->params[reader->weight].offset;
        const size_t taps = fc ? 1 : (size_t)reader->k * (size_t)reader->k, in = (size_t)reader->in.c;
        for (int o = 0; o < reader->out.c; o++) {
            double sum = 0;
            for (size_t t = 0; t < taps; t++)
                sum += fabs((double)w[((size_t)o * in + (size_t)channel) * taps + t]);
            count = insert_reader(out, count, max, (Reader){l, o, (float)(sum / (double)taps)});
        }
    }
    return count;
}

void cursor_text(const Net *net, Cursor cursor, char *out, size_t size)
{
    net_address_text(net, (Address){.layer = cursor.layer, .channel = cursor.channel}, out, size);
}

/* Smoothstep of the time since the move. */
float model_motion(const Model *m)
{
    const double duration = 0.5, t = (m->now - m->motion.start) / duration;
    if (m->screen.still || !(t < 1))
        return 1;
    return t <= 0 ? 0 : (float)(t * t * (3 - 2 * t));
}
