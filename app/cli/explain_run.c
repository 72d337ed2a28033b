/* explain_run.c - see explain_run.h. */
#include "app/cli/explain_run.h"

#include <stdlib.h>

static int largest(Run *run)
{
    const int classes = net_scores(run->net, 0);
    float *scores = malloc(((size_t)classes + 1) * sizeof *scores);
    int best = scores != NULL && classes > 0 ? 0 : -1;
    if (best == 0)
        run_activation(run, run->net->heads[0].logits, 0, scores);
    for (int c = 1; best >= 0 && c < classes; c++)
        best = scores[c] > scores[best] ? c : best;
    free(scores);
    return best;
}

bool explain_run_open(ExplainRun *at, const Source *source, const char *image, Err *err)
{
    *at = (ExplainRun){.answer = -1};
    if (!cli_fit_picture(image, source->net, &at->fitted))
        return false;
    float *x = malloc(shape_size(source->net->input) * sizeof *x);
    bool good = x != NULL || err_set(err, "not enough memory");
    good = good && (at->run = run_new(engine_named(NULL), source->net, &(RunOptions){.batch = 1, .gradients = true}, err)) != NULL;
    if (good) {
        image_values(&at->fitted, source->net, x);
        run_weights(at->run, source->weights);
        run_input(at->run, x, 1);
        run_forward(at->run);
        at->answer = largest(at->run);
    } else {
        explain_run_close(at);
    }
    free(x);
    return good;
}

void explain_run_close(ExplainRun *at)
{
    run_free(at->run);
    image_free(&at->fitted);
    *at = (ExplainRun){.answer = -1};
}
