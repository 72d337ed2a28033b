/* trainer.c - one optimizer step and the guard against values that are not finite; see trainer.h. */
#include "engine/train/trainer.h"

#include "engine/train/init.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_DROPOUT = 0x4452 };

TrainOptions train_defaults(void)
{
    return (TrainOptions){
        .epochs = 30,
        .batch = 32,
        .seed = 1,
        .optimizer = OPTIMIZER_ADAM,
        .lr = 3e-4,
        .lr_ratio = 0.1,
        .momentum = 0.9,
        .schedule = SCHEDULE_CONSTANT,
        .step_epochs = 10,
        .step_factor = 0.1,
        .scale_min = 0.08,
        .save_every = 50,
    };
}

bool trainer_takes(const Net *net, const Frozen *frozen, Err *err)
{
    if (!net_need_losses(net, err))
        return false;
    if (net->weight_count == 0)
        return err_set(err, "%s:%d: no layer of network %s has weights, so there is nothing to train; add conv or fc rows", net->source,
                       net_line(net, net->layer_count - 1), net->name);
    for (int i = net->layer_count - 1; i >= 0; i--)
        if (net->layers[i].bn && (frozen == NULL || frozen->others[i]))
            return err_set(err, "%s: layer '%s' has batch norm, which is computed in its inference form only and cannot be "
                                "trained; choose a network without it, such as googlenet, or begin --from weights and --freeze this layer",
                           net->source, net->layers[i].name);
    return true;
}

static bool is_frozen(const Frozen *frozen, int layer)
{
    return frozen != NULL && frozen->layers[layer];
}

/* Makes the list of what learns; taken NULL: everything is new. */
static void find_spans(Trainer *t, const bool *taken)
{
    t->span_count = 0;
    for (int i = 0; i < t->net->param_count; i++) {
        const Param *p = &t->net->params[i];
        const bool old = taken != NULL && taken[i];
        ParamSpan *last = t->span_count > 0 ? &t->spans[t->span_count - 1] : NULL;
        if (is_frozen(t->frozen, p->layer))
            continue;
        if (last != NULL && last->first + last->count == p->offset && last->taken == old)
            last->count += p->count;
        else
            t->spans[t->span_count++] = (ParamSpan){p->offset, p->count, old};
    }
}

void trainer_take(Trainer *t, const float *weights, const bool *taken)
{
    for (int i = 0; i < t->net->param_count; i++) {
        const Param *p = &t->net->params[i];
        if (taken[i])
            memcpy(t->weights + p->offset, weights + p->offset, p->count * sizeof *weights);
    }
    if (t->ema != NULL)
        memcpy(t->ema, t->weights, t->net->weight_count * sizeof(float));
    find_spans(t, taken);
    t->packed = false;
}

static bool allocate(Trainer *t)
{
    const size_t count = t->net->weight_count;
    const size_t scores = size_product((size_t)t->run->options.batch, (size_t)net_scores(t->net, 0) + 1);
    bool ok = true;
    ok = ok && (t->weights = calloc(count, sizeof(float))) != NULL;
    ok = ok && (t->grads = calloc(count, sizeof(float))) != NULL;
    ok = ok && (t->moment1 = calloc(count, sizeof(float))) != NULL;
    if (t->options.optimizer == OPTIMIZER_ADAM)
        ok = ok && (t->moment2 = calloc(count, sizeof(float))) != NULL;
    if (t->options.ema_decay > 0)
        ok = ok && (t->ema = calloc(count, sizeof(float))) != NULL;
    ok = ok && (t->layer_norm2 = calloc((size_t)t->net->layer_count, sizeof(double))) != NULL;
    ok = ok && (t->spans = calloc((size_t)t->net->param_count, sizeof *t->spans)) != NULL;
    ok = ok && (t->scratch = calloc(scores, sizeof(float))) != NULL;
    for (int h = 0; h < t->net->head_count; h++)
        ok = ok && (t->dlogits[h] = calloc(scores, sizeof(float))) != NULL;
    return ok;
}

Trainer *trainer_new(const Engine *engine, const Net *net, const TrainOptions *options, const Frozen *frozen, Err *err)
{
    if (!trainer_takes(net, frozen, err))
        return NULL;
    Trainer *t = calloc(1, sizeof *t);
    if (t == NULL) {
        err_set(err, "%s: out of memory", net->source);
        return NULL;
    }
    t->net = net;
    t->frozen = frozen;
    t->options = *options;
    const int micro_batch = options->micro_batch > 0 && options->micro_batch < options->batch ? options->micro_batch : options->batch;
    RunOptions run = {.batch = micro_batch, .threads = options->threads, .training = true, .heads = true};
    t->run = run_new(engine, net, &run, err);
    if (t->run == NULL || !allocate(t)) {
        if (t->run != NULL)
            err_set(err, "%s: out of memory for training; choose a smaller --batch", net->source);
        trainer_free(t);
        return NULL;
    }
    t->run->learns = frozen != NULL ? frozen->learns : NULL;
    find_spans(t, NULL);
    init_weights(net, options->seed, t->weights);
    if (t->ema != NULL)
        memcpy(t->ema, t->weights, net->weight_count * sizeof(float));
    t->schedule = (Schedule){.kind = SCHEDULE_CONSTANT, .lr = options->lr};
    return t;
}

void trainer_restart(Trainer *t, const float *weights)
{
    assert(t->ema == NULL && t->frozen == NULL);
    memcpy(t->weights, weights, t->net->weight_count * sizeof *weights);
    memset(t->moment1, 0, t->net->weight_count * sizeof *t->moment1);
    if (t->moment2 != NULL)
        memset(t->moment2, 0, t->net->weight_count * sizeof *t->moment2);
    t->step = 0;
    t->packed = false;
}

Rng trainer_dropout(uint64_t seed, int64_t step)
{
    return rng_make(rng_mix(seed + STREAM_DROPOUT), (uint64_t)step);
}

void trainer_free(Trainer *t)
{
    if (t == NULL)
        return;
    run_free(t->run);
    for (int h = 0; h < HEADS_MAX; h++)
        free(t->dlogits[h]);
    free(t->weights);
    free(t->grads);
    free(t->moment1);
    free(t->moment2);
    free(t->ema);
    free(t->layer_norm2);
    free(t->spans);
    free(t->scratch);
    free(t);
}

/* Of what learns. */
static bool check_params(const Trainer *t, const float *values, const char *what, Err *err)
{
    const Net *net = t->net;
    bool finite = true;
    for (int s = 0; s < t->span_count; s++)
        finite = finite && all_finite(values + t->spans[s].first, t->spans[s].count);
    if (finite)
        return true;
    for (int i = net->param_count - 1; i >= 0; i--) { /* backward starts at the end, so the last such layer is the cause */
        const Param *p = &net->params[i];
        if (!is_frozen(t->frozen, p->layer) && !all_finite(values + p->offset, p->count))
            return err_set(err, "layer '%s': %s not finite", net->layers[p->layer].name, what);
    }
    return true;
}

bool trainer_check(const Trainer *t, Err *err)
{
    return check_params(t, t->weights, "its weights are", err);
}

/* Names the first layer with a map that is not finite. Called only if a loss is not finite. */
static bool blame_layer(Trainer *t, Err *err)
{
    const Net *net = t->net;
    float *map = malloc(net_largest_map(net) * sizeof *map);
    for (int l = 0; map != NULL && l < net->layer_count; l++)
        for (int i = 0; i < t->run->n && !is_frozen(t->frozen, l); i++) {
            run_activation(t->run, l, i, map);
            if (all_finite(map, shape_size(net->layers[l].out)))
                continue;
            free(map);
            return err_set(err, "layer '%s': its values are not finite", net->layers[l].name);
        }
    free(map);
    return err_set(err, "layer '%s': its loss is not finite", net->layers[net->heads[0].logits].name);
}

static void gradient_norms(Trainer *t)
{
    const Net *net = t->net;
    memset(t->layer_norm2, 0, (size_t)net->layer_count * sizeof *t->layer_norm2);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        if (!is_frozen(t->frozen, p->layer))
            t->layer_norm2[p->layer] += sum_of_squares(t->grads + p->offset, p->count);
    }
}

static void update_span(Trainer *t, ParamSpan span, double lr)
{
    const TrainOptions *o = &t->options;
    float *const w = t->weights + span.first, *const m = t->moment1 + span.first, *const g = t->grads + span.first;
    if (span.taken)
        lr *= o->lr_ratio;
    if (o->optimizer == OPTIMIZER_ADAM) {
        AdamOptions adam = {.lr = lr, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = o->weight_decay};
        adam_step(w, m, t->moment2 + span.first, g, span.count, t->step + 1, &adam);
    } else {
        SgdOptions sgd = {.lr = lr, .momentum = o->momentum, .weight_decay = o->weight_decay};
        sgd_step(w, m, g, span.count, t->step + 1, &sgd);
    }
    if (t->ema != NULL)
        ema_step(t->ema + span.first, w, span.count, t->step + 1, o->ema_decay);
}

void trainer_update(Trainer *t, double lr)
{
    for (int s = 0; s < t->span_count; s++)
        update_span(t, t->spans[s], lr);
    t->step++;
}

/* Gives the run the weights: those of the frozen layers only once, since they stay the same. */
static void pack(Trainer *t)
{
    if (t->frozen != NULL && t->packed)
        run_weights_of(t->run, t->weights, t->frozen->others);
    else
        run_weights(t->run, t->weights);
    t->packed = true;
}

/* Pictures [first, first + part) of a batch. Only what learns has dropout. */
static void forward(Trainer *t, const float *x, int first, int part)
{
    Run *run = t->run;
    const size_t picture = shape_size(t->net->input);
    run->dropout = t->frozen == NULL && !t->plain;
    run->dropout_rng = trainer_dropout(t->options.seed, t->step);
    run->first_image = first;
    if (t->cached)
        frozen_put(t->frozen, run, x + (size_t)first * t->frozen->floats, part);
    else
        run_input(run, x + (size_t)first * picture, part);
    if (t->frozen == NULL) {
        run_forward(run);
        return;
    }
    if (!t->cached)
        run_forward_of(run, t->frozen->layers);
    run->dropout = !t->plain;
    run_forward_of(run, t->frozen->others);
}

/* Takes what the silent heads added out of the loss, and what they would send back. */
static void silence(const Trainer *t, Losses *losses, float *dlogits[HEADS_MAX])
{
    const Net *net = t->net;
    bool all = true;
    for (int h = 0; h < net->head_count; h++) {
        all = all && !t->silent[h];
        dlogits[h] = t->silent[h] ? NULL : t->dlogits[h];
    }
    if (all)
        return;
    losses->total = 0;
    for (int h = 0; h < net->head_count; h++)
        if (t->silent[h])
            losses->head[h] = 0;
        else
            losses->total += (double)net->heads[h].loss_weight * losses->head[h];
}

bool trainer_gradients(Trainer *t, const float *x, const int *labels, int n, StepResult *out, Err *err)
{
    assert(n > 0 && n <= t->options.batch);
    const Net *net = t->net;
    Run *run = t->run;
    StepResult result = {.n = n, .lr = schedule_lr(&t->schedule, t->step)};

    pack(t);
    for (int s = 0; s < t->span_count; s++)
        memset(t->grads + t->spans[s].first, 0, t->spans[s].count * sizeof *t->grads);
    for (int first = 0; first < n; first += run->options.batch) {
        float *dlogits[HEADS_MAX] = {NULL};
        int part = n - first < run->options.batch ? n - first : run->options.batch;
        forward(t, x, first, part);
        losses_add(run, net->head_count, labels + first, (float)t->options.label_smoothing, n, t->scratch, t->dlogits, NULL,
                   &result.losses);
        silence(t, &result.losses, dlogits);
        if (!isfinite(result.losses.total))
            return blame_layer(t, err);
        run_backward(run, dlogits, t->grads);
    }
    if (!check_params(t, t->grads, "its gradient is", err))
        return false;
    gradient_norms(t);
    *out = result;
    return true;
}

bool trainer_step(Trainer *t, const float *x, const int *labels, int n, StepResult *out, Err *err)
{
    if (!trainer_gradients(t, x, labels, n, out, err))
        return false;
    trainer_update(t, out->lr);
    return true;
}
