/* exact.c - see exact.h. */
#include "engine/net/exact.h"

#include <stdlib.h>

static bool fill(Run *run, int last, int head, const ExactWatch *watch, float **maps, Err *err)
{
    const Net *net = run->net;
    for (int l = 0; l <= last; l++) {
        if (net->layers[l].head != 0 && net->layers[l].head != head && head >= 0)
            continue;
        if (watch != NULL && !watch->layer(watch->user, l))
            return false;
        run_forward_layer(run, l);
        maps[l] = malloc(shape_size(net->layers[l].out) * sizeof **maps);
        if (maps[l] == NULL)
            return err_set(err, "not enough memory for the maps of %s", net->name);
        run_activation(run, l, 0, maps[l]);
    }
    return true;
}

bool exact_maps(const Net *net, const float *weights, const float *input, int last, int head, const ExactWatch *watch, float **maps, Err *err)
{
    Run *run = run_new(&reference_engine, net, &(RunOptions){.batch = 1, .heads = head != 0}, err);
    if (run == NULL)
        return false;
    run_weights(run, weights);
    run_input(run, input, 1);
    const bool good = fill(run, last, head, watch, maps, err);
    run_free(run);
    return good;
}

void exact_free(const Net *net, float **maps)
{
    for (int l = 0; maps != NULL && l < net->layer_count; l++)
        free(maps[l]);
    free(maps);
}
