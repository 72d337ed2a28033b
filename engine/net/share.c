/* share.c - see share.h. */
#include "engine/net/share.h"
#include "engine/base/rank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool *marks(const Net *net)
{
    return calloc((size_t)net->layer_count, sizeof(bool));
}

/* Whether `to` can be reached from the picture without passing through `without`. */
static bool other_way(const Net *net, int without, int to, bool *reached)
{
    reached[0] = without != 0;
    for (int l = 1; l <= to; l++)
        for (int i = 0; i < net->layers[l].input_count && l != without; i++)
            reached[l] = reached[l] || reached[net->layers[l].inputs[i]];
    return reached[to];
}

bool share_allowed(const Net *net, int layer, Err *err)
{
    const int scores = net->heads[0].logits;
    char name[NET_NAME_MAX + 8], module[NET_NAME_MAX + 8] = "a layer that everything passes through";
    if (!net_need_scores(net, err))
        return false;
    bool *way = marks(net), *reached = marks(net);
    const bool memory = way != NULL && reached != NULL;
    const bool leads = memory && net_way(net, scores, layer, way), other = memory && other_way(net, layer, scores, reached);
    free(way);
    free(reached);
    if (!memory)
        return err_set(err, "not enough memory");
    net_address_text(net, (Address){.layer = layer, .channel = -1}, name, sizeof name);
    if (!leads)
        return err_set(err, "%s is not on the way to the scores", name);
    if (net->layers[layer].module >= 0)
        net_address_text(net, (Address){.layer = net->modules[net->layers[layer].module].last, .channel = -1}, module, sizeof module);
    if (other)
        return err_set(err, "%s is one of several ways to the scores, so its part is not the whole; take %s", name, module);
    return true;
}

bool share_exact(const Net *net, int layer)
{
    for (int l = layer + 1; l <= net->heads[0].logits; l++)
        if (net->layers[l].head == 0 && (net->layers[l].op == OP_LRN || net->layers[l].op == OP_SOFTMAX))
            return false;
    return true;
}

/* What the later layers' biases give: shift times its gradient, channel by channel. */
static bool add_biases(Run *run, const float *weights, const bool *way, Share *s)
{
    const Net *net = run->net;
    for (int l = s->layer + 1; l <= net->heads[0].logits; l++) {
        const Layer *layer = &net->layers[l];
        if (!way[l] || (layer->op != OP_CONV && layer->op != OP_FC) || (layer->bias_param < 0 && !layer->bn))
            continue;
        float *shift = malloc((size_t)layer->out.c * sizeof *shift), *gradient = malloc((size_t)layer->out.c * sizeof *gradient);
        const bool good = shift != NULL && gradient != NULL;
        double sum = 0;
        if (good) {
            layer_affine(net, weights, l, NULL, shift);
            run_shift_gradient(run, l, 0, gradient);
        }
        for (int c = 0; good && c < layer->out.c; c++) {
            sum += (double)shift[c] * (double)gradient[c];
            s->magnitude += fabs((double)shift[c] * (double)gradient[c]);
        }
        free(shift);
        free(gradient);
        if (!good)
            return false;
        s->biases[s->bias_count++] = (ShareBias){l, sum};
        s->bias += sum;
    }
    return true;
}

static void add_maps(Share *s)
{
    const size_t plane = (size_t)s->shape.h * (size_t)s->shape.w;
    for (size_t c = 0; c < (size_t)s->shape.c; c++)
        for (size_t p = 0; p < plane; p++) {
            const double part = (double)s->gradient[c * plane + p] * (double)s->map[c * plane + p];
            s->channel[c] += part;
            s->place[p] += part;
            s->magnitude += fabs(part);
        }
    for (int c = 0; c < s->shape.c; c++)
        s->maps += s->channel[c];
}

static bool share_make(const Net *net, Share *s)
{
    const size_t size = shape_size(s->shape);
    s->map = malloc(size * sizeof *s->map);
    s->gradient = malloc(size * sizeof *s->gradient);
    s->place = calloc((size_t)s->shape.h * (size_t)s->shape.w, sizeof *s->place);
    s->channel = calloc((size_t)s->shape.c, sizeof *s->channel);
    s->biases = calloc((size_t)net->layer_count, sizeof *s->biases);
    return s->map != NULL && s->gradient != NULL && s->place != NULL && s->channel != NULL && s->biases != NULL;
}

bool share_pass(Run *run, int to, int class_index, int against, Err *err)
{
    const int scores = run->net->heads[0].logits, classes = net_scores(run->net, 0);
    assert(class_index >= 0 && class_index < classes && against < classes && against != class_index);
    float *seed = calloc(shape_size(run->net->layers[scores].out), sizeof *seed);
    if (seed == NULL)
        return err_set(err, "not enough memory");
    seed[class_index] = 1;
    if (against >= 0)
        seed[against] = -1;
    run_gradient(run, &(Gradient){.from = scores, .seed = seed, .to = to});
    free(seed);
    return true;
}

bool share_read(Run *run, const float *weights, int layer, int class_index, int against, Share *out, Err *err)
{
    const Net *net = run->net;
    const int scores = net->heads[0].logits, classes = net_scores(net, 0);
    Share s = {.layer = layer, .class_index = class_index, .against = against, .shape = net->layers[layer].out};
    float *logits = malloc((size_t)classes * sizeof *logits);
    bool *way = marks(net), good = share_make(net, &s) && logits != NULL && way != NULL;
    if (good) {
        run_map_gradient(run, layer, 0, s.gradient);
        run_activation(run, layer, 0, s.map);
        run_activation(run, scores, 0, logits);
        s.score = (double)logits[class_index] - (against >= 0 ? (double)logits[against] : 0);
        net_way(net, scores, layer, way);
        add_maps(&s);
        good = add_biases(run, weights, way, &s);
    }
    free(logits);
    free(way);
    if (!good) {
        share_free(&s);
        return err_set(err, "not enough memory");
    }
    *out = s;
    return true;
}

bool share_compute(Run *run, const float *weights, int layer, int class_index, int against, Share *out, Err *err)
{
    return share_pass(run, layer, class_index, against, err) && share_read(run, weights, layer, class_index, against, out, err);
}

void share_free(Share *share)
{
    free(share->map);
    free(share->gradient);
    free(share->place);
    free(share->channel);
    free(share->biases);
    *share = (Share){.layer = 0};
}

double share_gap(const Share *share)
{
    return share->score - share->maps - share->bias;
}

void share_grad_cam(const Share *share, double *place)
{
    const size_t plane = (size_t)share->shape.h * (size_t)share->shape.w;
    memset(place, 0, plane * sizeof *place);
    for (size_t c = 0; c < (size_t)share->shape.c; c++) {
        double mean = 0;
        for (size_t p = 0; p < plane; p++)
            mean += (double)share->gradient[c * plane + p] / (double)plane;
        for (size_t p = 0; p < plane; p++)
            place[p] += mean * (double)share->map[c * plane + p];
    }
}

static double channel_size(const void *share, int channel)
{
    return fabs(((const Share *)share)->channel[channel]);
}

bool share_rank(const Share *share, int *order)
{
    return rank_by_size(order, share->shape.c, channel_size, share);
}
