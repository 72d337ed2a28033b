/* loss_gradients.c - gradient norms and dead units, layer by layer; see loss_gradients.h. */
#include "engine/train/loss_gradients.h"

#include "engine/base/clear.h"
#include "engine/train/optim.h"
#include "engine/train/trainer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* The state that the passes share. */
typedef struct Work {
    Run *run;
    float *grads, *map;
    float *dlogits[HEADS_MAX];
    bool *live;                 /* per layer: the pass reaches it */
    const LossChoice *choice;
} Work;

static void work_free(Work *w)
{
    run_free(w->run);
    free(w->grads);
    free(w->map);
    free(w->live);
    for (int h = 0; h < HEADS_MAX; h++)
        free(w->dlogits[h]);
}

static bool work_make(Work *w, const Engine *engine, const Net *net, Err *err)
{
    RunOptions options = {.batch = 1, .training = true, .heads = true};
    w->run = run_new(engine, net, &options, err);
    if (w->run == NULL)
        return false;
    w->grads = malloc(net->weight_count * sizeof(float)); /* backward() clears it */
    w->map = malloc(2 * net_largest_map(net) * sizeof(float));
    w->live = malloc((size_t)net->layer_count * sizeof *w->live);
    bool ok = w->grads != NULL && w->map != NULL && w->live != NULL;
    for (int h = 0; h < net->head_count; h++)
        ok = ok && (w->dlogits[h] = calloc((size_t)net_scores(net, h), sizeof(float))) != NULL;
    return ok || err_set(err, "%s: not enough memory for a backward pass", net->source);
}

/* The largest score except the best one; the best if there is no other. */
static int second_best(const float *scores, int count, int best)
{
    int second = best;
    for (int i = 0; i < count; i++)
        if (i != best && (second == best || scores[i] > scores[second]))
            second = i;
    return second;
}

/* Reads a head's answer and loss, and the gradient of its weighted loss with respect to its logits. */
static void read_head(Work *w, int h, LossGradients *g)
{
    const Net *net = w->run->net;
    const Head *head = &net->heads[h];
    const int classes = net_scores(net, h);
    float *scores = w->map, loss = 0;
    run_activation(w->run, head->logits, 0, scores);
    int answer = 0;
    for (int i = 1; i < classes; i++)
        if (scores[i] > scores[answer])
            answer = i;
    if (g->label < 0) /* the main head comes first */
        g->label = second_best(scores, classes, answer);
    cross_entropy_forward(&loss, scores, &g->label, 1, classes, 0.0f);
    cross_entropy_backward(w->dlogits[h], scores, &g->label, 1, classes, 0.0f, head->loss_weight);
    softmax_forward(scores, scores, 1, classes);
    g->heads[h] = (HeadLoss){.loss = (double)loss, .label_prob = (double)scores[g->label], .answer = answer,
                                .answer_prob = (double)scores[answer]};
}

static void count_dead(Work *w, LayerGradients *f)
{
    const Layer *layer = &w->run->net->layers[f->layer];
    f->channels = f->dead = -1;
    f->zero_share = -1;
    if (!layer->relu)
        return;
    const size_t plane = (size_t)layer->out.h * (size_t)layer->out.w;
    size_t zeros = 0;
    run_activation(w->run, f->layer, 0, w->map);
    f->channels = layer->out.c;
    f->dead = 0;
    for (int c = 0; c < layer->out.c; c++) {
        size_t zero_here = 0;
        thread_yield();
        for (size_t i = 0; i < plane; i++)
            zero_here += w->map[(size_t)c * plane + i] == 0.0f;
        f->dead += zero_here == plane;
        zeros += zero_here;
    }
    f->zero_share = (double)zeros / (double)shape_size(layer->out);
}

size_t loss_gradients_weight_count(const Net *net, int layer)
{
    const int weight = net->layers[layer].weight, bias = net->layers[layer].bias_param;
    return (weight >= 0 ? net->params[weight].count : 0) + (bias >= 0 ? net->params[bias].count : 0);
}

static double rms(double norm, size_t count)
{
    return norm < 0 || count == 0 ? -1 : norm / sqrt((double)count);
}

double loss_gradients_map_rms(const Net *net, const LayerGradients *f, int pass)
{
    return rms(f->map_norm[pass], shape_size(net->layers[f->layer].out));
}

double loss_gradients_weight_rms(const Net *net, const LayerGradients *f, int pass)
{
    return rms(f->weight_norm[pass], loss_gradients_weight_count(net, f->layer));
}

static double weight_norm(const Net *net, const Layer *layer, const float *grads)
{
    const int params[2] = {layer->weight, layer->bias_param};
    double sum = 0;
    for (int i = 0; i < 2; i++)
        if (params[i] >= 0)
            sum += sum_of_squares(grads + net->params[params[i]].offset, net->params[params[i]].count);
    return layer->weight >= 0 ? sqrt(sum) : -1;
}

/* Layers that a loss of these heads depends on. */
static void find_live(const Net *net, float *const *dlogits, bool *live)
{
    for (int l = 0; l < net->layer_count; l++)
        live[l] = false;
    for (int h = 0; h < net->head_count; h++)
        live[net->heads[h].logits] = dlogits[h] != NULL;
    for (int l = net->layer_count - 1; l >= 0; l--)
        for (int i = 0; live[l] && i < net->layers[l].input_count; i++)
            live[net->layers[l].inputs[i]] = true;
}

static void backward(Work *w, int pass, LossGradients *g)
{
    const Net *net = w->run->net;
    float *dlogits[HEADS_MAX] = {NULL};
    for (int h = 0; h < net->head_count; h++)
        dlogits[h] = (pass == PASS_WITH_AUX ? !w->choice->silent[h] : h == 0) ? w->dlogits[h] : NULL;
    find_live(net, dlogits, w->live);
    clear_memory(w->grads, net->weight_count * sizeof(float));
    run_backward(w->run, dlogits, w->grads);
    for (int i = 0; i < g->layer_count; i++) {
        LayerGradients *f = &g->layers[i];
        const Layer *layer = &net->layers[f->layer];
        thread_yield();
        double norm2 = run_gradient_norm2(w->run, f->layer);
        if (!w->live[f->layer])
            norm2 = 0; /* nothing flows through a head that is not part of the loss, nor behind the last one that is */
        f->map_norm[pass] = norm2 < 0 ? -1 : sqrt(norm2);
        f->weight_norm[pass] = weight_norm(net, layer, w->grads);
    }
}

void loss_dropped(Run *run, float *scratch, int *dropped, int *droppable)
{
    const Net *net = run->net;
    float *before = scratch, *after = scratch + net_largest_map(net);
    *dropped = *droppable = 0;
    for (int l = 0; l < net->main_count; l++) {
        if (net->layers[l].op != OP_DROPOUT)
            continue;
        run_activation(run, net->layers[l].inputs[0], 0, before);
        run_activation(run, l, 0, after);
        for (size_t i = 0; i < shape_size(net->layers[l].out); i++) {
            *droppable += before[i] != 0;
            *dropped += before[i] != 0 && after[i] == 0;
        }
    }
}

/* Whether LossGradients lists the layer. */
static bool is_passed(const Net *net, int layer)
{
    return net->layers[layer].op != OP_INPUT && net->layers[layer].op != OP_SOFTMAX;
}

bool loss_gradients_compute(const Engine *engine, const Net *net, const float *weights, const float *x, const LossChoice *choice,
                            LossGradients *out, Err *err)
{
    if (!net_need_losses(net, err))
        return false;
    assert(choice->label < net_scores(net, 0));
    int passed = 0;
    for (int l = 0; l < net->layer_count; l++)
        passed += is_passed(net, l);
    if (passed == 0)
        return err_set(err, "%s:%d: network %s is a softmax of the picture itself, so no gradient passes a layer; add conv or fc rows above it",
                       net->source, net_line(net, net->layer_count - 1), net->name);
    Work w = {.choice = choice};
    LossGradients g = {.label = choice->label, .head_count = net->head_count};
    g.layers = calloc((size_t)net->layer_count, sizeof *g.layers);
    if (g.layers == NULL)
        return err_set(err, "%s: not enough memory for a backward pass", net->source);
    if (!work_make(&w, engine, net, err)) {
        work_free(&w);
        free(g.layers);
        return false;
    }
    run_weights(w.run, weights);
    w.run->dropout = choice->dropout;
    w.run->dropout_rng = trainer_dropout(choice->seed, choice->step);
    run_input(w.run, x, 1);
    run_forward(w.run);
    if (choice->dropout)
        loss_dropped(w.run, w.map, &g.dropped, &g.droppable);
    for (int h = 0; h < net->head_count; h++)
        read_head(&w, h, &g);
    for (int l = 0; l < net->layer_count; l++) {
        if (!is_passed(net, l))
            continue;
        LayerGradients *f = &g.layers[g.layer_count++];
        f->layer = l;
        count_dead(&w, f);
    }
    for (int pass = 0; pass < PASS_COUNT; pass++)
        backward(&w, pass, &g);
    work_free(&w);
    *out = g;
    return true;
}

void loss_gradients_free(LossGradients *g)
{
    free(g->layers);
    *g = (LossGradients){0};
}
