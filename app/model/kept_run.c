/* kept_run.c - a run that several jobs use, one after the other; see kept_run.h. */
#include "app/model/kept_run.h"

#include <stdlib.h>
#include <string.h>

const float *kept_run_weights(const KeptRun *kept)
{
    return kept->weights != NULL ? kept->weights : kept->source->source.weights;
}

static bool make(KeptRun *kept, SideJob *job, Err *err)
{
    kept_run_free(kept);
    SharedSource *source = side_job_source(job);
    const bool edited = side_job_weights(job) != source->source.weights;
    kept->source = shared_source_hold(source);
    kept->key = *side_job_key(job);
    if (edited && (kept->weights = copy_floats(side_job_weights(job), source->source.net->weight_count)) == NULL)
        return err_set(err, "not enough memory");
    kept->run = run_new(kept->key.engine, source->source.net, &(RunOptions){.batch = 1, .gradients = true, .heads = kept->heads}, err);
    if (kept->run == NULL)
        return false;
    run_weights(kept->run, kept_run_weights(kept));
    return true;
}

/* Layer by layer where a layer takes long, so that it can be stopped between two. */
static bool forward(KeptRun *kept, SideJob *job)
{
    const Net *net = side_job_net(job);
    if (strcmp(kept->key.engine->name, "reference") != 0) {
        run_forward(kept->run);
        return !side_job_stopped(job);
    }
    for (int l = 0; l < net->layer_count; l++) {
        if (side_job_stopped(job))
            return false;
        if (net->layers[l].head == 0 || kept->run->options.heads)
            run_forward_layer(kept->run, l);
    }
    return true;
}

bool kept_run_ready(KeptRun *kept, SideJob *job, Err *err)
{
    const SideKey *key = side_job_key(job);
    const bool fits = kept->run != NULL && kept->key.source == key->source && kept->key.engine == key->engine && kept->key.weights_version == key->weights_version &&
                      (kept->run->options.heads || !kept->heads);
    if (!fits && !make(kept, job, err)) {
        kept_run_free(kept);
        return false;
    }
    if (kept->key.picture != key->picture || kept->run->n == 0)
        run_input(kept->run, side_job_input(job), 1);
    kept->forward = kept->forward && fits && kept->key.picture == key->picture;
    kept->key = *key;
    if (!kept->forward)
        kept->forward = forward(kept, job);
    return kept->forward;
}

void kept_run_free(KeptRun *kept)
{
    run_free(kept->run);
    shared_source_release(kept->source);
    free(kept->weights);
    *kept = (KeptRun){.heads = kept->heads};
}
