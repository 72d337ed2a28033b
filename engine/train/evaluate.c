/* evaluate.c - accuracy, loss and confusion matrix; see evaluate.h. */
#include "engine/train/evaluate.h"

#include "engine/train/loss.h"

#include <stdlib.h>

bool evaluate(Run *run, const float *weights, BatchLoader *loader, int sample_count, Evaluation *out, Err *err)
{
    const Net *net = run->net;
    const size_t classes = (size_t)net_scores(net, 0), batch_size = (size_t)run->options.batch;
    const size_t picture = shape_size((Shape){1, net->input.c, net->input.h, net->input.w});
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
    batch_loader_begin(loader, 0, 0);
    while (batch_loader_next(loader, &batch)) {
        for (int first = 0; first < batch.n; first += run->options.batch) {
            int part = batch.n - first < run->options.batch ? batch.n - first : run->options.batch;
            run_input(run, batch.x + (size_t)first * picture, part);
            run_forward(run);
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
