/* run.c - the run_* functions: they check the arguments, then call the run's engine. See run.h. */
#include "engine/net/run.h"
#include "engine/base/limits.h"

#include <stdlib.h>

static bool layer_exists(const Run *run, int layer)
{
    return layer >= 0 && layer < run->net->layer_count;
}

/* What is more would need gigabytes, which a description of three lines could ask for. A place in a map then fits an int. */
bool run_takes(const Net *net, Err *err)
{
    int64_t values = 0;         /* fits: checked when the layers were added */
    if (net->weight_count > LIMIT_COMPUTED_WEIGHTS)
        return err_set(err, "%s: the network has %zu weights, and one that is computed can have at most %d; make a layer smaller", net->source,
                       net->weight_count, LIMIT_COMPUTED_WEIGHTS);
    for (int l = 0; l < net->layer_count; l++) {
        const Shape out = net->layers[l].out;
        values += (int64_t)out.c * out.h * out.w;
        if (values > LIMIT_COMPUTED_VALUES)
            return err_set(err, "%s:%d: with '%s', of %dx%dx%d, the maps have %lld values, and those of a network that is computed can have at most %d; "
                                "choose a smaller input", net->source, net_line(net, l), net->layers[l].name, out.c, out.h, out.w, (long long)values,
                           LIMIT_COMPUTED_VALUES);
    }
    return true;
}

Run *run_new(const Engine *engine, const Net *net, const RunOptions *options, Err *err)
{
    assert(engine != NULL && net != NULL && options != NULL && options->threads >= 0);
    if (options->batch < 1) {
        err_set(err, "%s: a batch of %d pictures cannot be computed; it takes at least 1", net->name, options->batch);
        return NULL;
    }
    assert(!(options->training && options->gradients));
    if (!run_takes(net, err))
        return NULL;
    bool *way = options->gradients ? calloc((size_t)net->layer_count, sizeof *way) : NULL;
    if (options->gradients && way == NULL) {
        err_set(err, "out of memory for the gradients of %s; close other programs", net->name);
        return NULL;
    }
    Run *run = engine->create(net, options, err);
    if (run == NULL)
        free(way);
    else
        run->way = way;
    return run;
}

void run_free(Run *run)
{
    if (run == NULL)
        return;
    free(run->way);
    run->engine->destroy(run);
}

void run_weights(Run *run, const float *weights)
{
    assert(weights != NULL);
    run->engine->weights(run, weights, NULL);
}

void run_weights_of(Run *run, const float *weights, const bool *layers)
{
    assert(weights != NULL && layers != NULL);
    run->engine->weights(run, weights, layers);
}

void run_input(Run *run, const float *x, int n)
{
    assert(x != NULL && n >= 1 && n <= run->options.batch);
    run->n = n;
    run->engine->input(run, x, n);
}

void run_forward_layer(Run *run, int layer)
{
    assert(layer_exists(run, layer) && run->n > 0);
    run->engine->forward_layer(run, layer);
}

void run_forward(Run *run)
{
    assert(run->n > 0);
    run->engine->forward(run, NULL);
}

void run_forward_of(Run *run, const bool *layers)
{
    assert(run->n > 0 && layers != NULL);
    run->engine->forward(run, layers);
}

void run_activation(Run *run, int layer, int image, float *out)
{
    assert(layer_exists(run, layer) && image >= 0 && image < run->n);
    run->engine->activation(run, layer, image, out);
}

void run_pictures(Run *run, int n)
{
    assert(n >= 1 && n <= run->options.batch);
    run->n = n;
}

void run_put(Run *run, int layer, int image, const float *map)
{
    assert(layer_exists(run, layer) && image >= 0 && image < run->n);
    assert(run->net->layers[layer].op != OP_INPUT); /* run_input */
    run->engine->put(run, layer, image, map);
}

void run_backward(Run *run, float *const *dlogits, float *grads)
{
    assert(run->options.training && run->n > 0);
    run->engine->backward(run, dlogits, grads);
}

double run_gradient_norm2(Run *run, int layer)
{
    assert(layer_exists(run, layer));
    return run->engine->gradient_norm2 != NULL ? run->engine->gradient_norm2(run, layer) : -1;
}

void run_gradient(Run *run, const Gradient *gradient)
{
    assert(run->options.gradients && run->n > 0 && !run->dropout && gradient->seed != NULL);
    assert(layer_exists(run, gradient->from) && layer_exists(run, gradient->to));
    run->gradient = *gradient;
    const bool depends = net_way(run->net, gradient->from, gradient->to, run->way);
    assert(depends);
    (void)depends;
    run->engine->gradient(run);
    run->gradient.seed = NULL;
}

void run_map_gradient(Run *run, int layer, int image, float *out)
{
    assert(layer_exists(run, layer) && image >= 0 && image < run->n && run->way != NULL && run->way[layer]);
    run->engine->map_gradient(run, layer, image, out);
}

void run_shift_gradient(Run *run, int layer, int image, float *out)
{
    assert(layer_exists(run, layer) && image >= 0 && image < run->n && run->way != NULL && run->way[layer]);
    assert(run->net->layers[layer].op == OP_CONV || run->net->layers[layer].op == OP_FC);
    run->engine->shift_gradient(run, layer, image, out);
}

bool run_gate_open(const Run *run, int layer)
{
    const Gradient *g = &run->gradient;
    if (!g->before_relu || g->from == layer)
        return g->before_relu;
    const Layer *from = &run->net->layers[g->from];
    return from->op == OP_CONCAT && layer_reads(from, layer);
}
