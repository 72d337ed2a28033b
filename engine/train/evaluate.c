/* evaluate.c - accuracy, loss and confusion matrix; see evaluate.h. */
#include "engine/train/evaluate.h"

#include "engine/train/loss.h"

#include <stdlib.h>

/* Where the batches come from: a loader, or features and what they are the edge of. */
typedef struct Pictures {
    BatchLoader *loader;
    const Frozen *frozen;
    Features *features;
} Pictures;

/* Pictures [first, first + part) of a batch. */
static void forward(const Pictures *p, Run *run, const Batch *batch, int first, int part)
{
    if (p->features == NULL) {
        run_input(run, batch->x + (size_t)first * shape_size(run->net->input), part);
        run_forward(run);
        return;
    }
    frozen_put(p->frozen, run, batch->x + (size_t)first * p->frozen->floats, part);
    run_forward_of(run, p->frozen->others);
}

static bool evaluate_all(Run *run, const float *weights, const Pictures *pictures, int sample_count, Evaluation *out, Err *err)
{
    const Net *net = run->net;
    const size_t classes = (size_t)net_scores(net, 0), batch_size = (size_t)run->options.batch;
    Evaluation e = {.classes = net_scores(net, 0)};
    e.confusion = calloc(classes, size_product(classes, sizeof *e.confusion));
    e.answers = malloc((size_t)sample_count * sizeof *e.answers);
    float *scratch = calloc(batch_size, size_product(classes + 1, sizeof *scratch));
    int *answers = malloc(batch_size * sizeof *answers);
    if (e.confusion == NULL || e.answers == NULL || scratch == NULL || answers == NULL) {
        evaluation_free(&e);
        free(scratch);
        free(answers);
        return err_set(err, "out of memory for evaluating %d pictures", sample_count);
    }
    for (int i = 0; i < sample_count; i++)
        e.answers[i] = -1;

    Losses losses = {0};
    Batch batch;
    run->dropout = false;
    run_weights(run, weights);
    batches_begin(pictures->loader, pictures->features, 0, 0);
    while (batches_next(pictures->loader, pictures->features, &batch)) {
        for (int first = 0; first < batch.n; first += run->options.batch) {
            int part = batch.n - first < run->options.batch ? batch.n - first : run->options.batch;
            forward(pictures, run, &batch, first, part);
            losses_add(run, 1, batch.labels + first, 0.0f, part, scratch, NULL, answers, &losses);
            for (int i = 0; i < part; i++) {
                e.answers[batch.samples[first + i]] = answers[i];
                e.confusion[(size_t)batch.labels[first + i] * classes + (size_t)answers[i]]++;
            }
            e.count += part;
        }
    }
    e.correct = losses.correct;
    e.loss = e.count > 0 ? losses.head[0] / e.count : 0;
    free(scratch);
    free(answers);
    *out = e;
    return true;
}

bool evaluate(Run *run, const float *weights, BatchLoader *loader, int sample_count, Evaluation *out, Err *err)
{
    return evaluate_all(run, weights, &(Pictures){.loader = loader}, sample_count, out, err);
}

bool evaluate_features(Run *run, const float *weights, const Frozen *frozen, Features *features, int sample_count, Evaluation *out, Err *err)
{
    return evaluate_all(run, weights, &(Pictures){.frozen = frozen, .features = features}, sample_count, out, err);
}

void evaluation_free(Evaluation *e)
{
    free(e->confusion);
    free(e->answers);
    *e = (Evaluation){0};
}

double evaluation_accuracy(const Evaluation *e)
{
    return e->count > 0 ? (double)e->correct / (double)e->count : 0;
}

int evaluation_differences(const Evaluation *a, const Evaluation *b, int sample_count)
{
    int different = 0;
    for (int i = 0; i < sample_count; i++)
        different += a->answers[i] != b->answers[i];
    return different;
}
