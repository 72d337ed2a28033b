/* source.c - opens a network and its weights; finds the best classes; see source.h. */
#include "app/model/source.h"
#include "engine/base/array.h"
#include "engine/io/labels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNTRAINED_SEED = 1 };

/* No weight file: the numbers of the description, or seeded ones. */
static bool open_without_file(Source *source, const char *network, int classes, const char *networks_dir, Err *err)
{
    Net *net = net_open(network, networks_dir, &(NetOptions){.classes = classes}, err);
    if (net == NULL || !run_takes(net, err)) { /* checked before a picture is made as large as the input */
        net_free(net);
        return false;
    }
    float *weights = malloc(net->weight_count * sizeof *weights);
    if (weights == NULL) {
        err_set(err, "%s: not enough memory for %zu weights", network, net->weight_count);
        net_free(net);
        return false;
    }
    const bool given = net->given_weights != NULL;
    if (given)
        memcpy(weights, net->given_weights, net->weight_count * sizeof *weights);
    else
        weights_random(net, UNTRAINED_SEED, weights);
    *source = (Source){.net = net, .weights = weights, .untrained = !given};
    snprintf(source->info.path, sizeof source->info.path, "%s", given ? net->source : "");
    snprintf(source->info.network, sizeof source->info.network, "%s", net->name);
    snprintf(source->info.why, sizeof source->info.why, "%s", given ? "weights from the network's description" : "untrained weights");
    source->info.classes = net_scores(net, 0);
    return true;
}

bool source_open(Source *source, const SourceOptions *options, Err *err)
{
    const char *path = options->weights;
    if (path == NULL && options->network == NULL && options->shipped != NULL && access(options->shipped, R_OK) == 0)
        path = options->shipped;
    if (path == NULL)
        return open_without_file(source, options->network != NULL ? options->network : "googlenet", options->classes,
                                 options->networks_dir, err);
    Source opened = {.untrained = false};
    if (!weights_load_unless(options->stop, path, options->network, options->networks_dir, &opened.net, &opened.weights, &opened.info, err))
        return false;
    if (!run_takes(opened.net, err)) {
        source_free(&opened);
        return false;
    }
    if (!opened.info.heads && !options->main_only)
        weights_random_heads(opened.net, 0, opened.weights);
    *source = opened;
    return true;
}

void source_free(Source *source)
{
    net_free(source->net);
    free(source->weights);
    weights_info_free(&source->info);
    *source = (Source){0};
}

bool source_take_labels(Source *source, const char *path, char **labels, int count, Err *err)
{
    const int classes = net_scores(source->net, 0);
    if (count != classes)
        return err_set(err, "%s: %d class names, but the network has %d classes", path, count, classes);
    labels_free(source->info.labels, source->info.label_count);
    source->info.labels = labels;
    source->info.label_count = count;
    return true;
}

bool source_read_labels(Source *source, const char *path, Err *err)
{
    char **labels;
    int count;
    if (!labels_load(path, &labels, &count, err))
        return false;
    const bool good = source_take_labels(source, path, labels, count, err);
    if (!good)
        labels_free(labels, count);
    return good;
}

bool source_trained(const Source *source, int head)
{
    return !source->untrained && (head == 0 || source->info.heads || source->net->given_weights != NULL);
}

const char *source_label(const Source *source, int class_index)
{
    return source->info.labels != NULL ? source->info.labels[class_index] : "";
}

const char engine_names[] = "reference|fast";

const Engine *engine_named(const char *name)
{
    assert(name == NULL || strcmp(name, "reference") == 0 || strcmp(name, "fast") == 0);
    return name != NULL && strcmp(name, "reference") == 0 ? &reference_engine : &fast_engine;
}

int guess_insert(Guess *list, int count, int k, Guess guess)
{
    int place = count;
    while (place > 0 && guess.prob > list[place - 1].prob)
        place--;
    return array_insert(list, count, k, place, &guess, sizeof guess);
}

int top_guesses(const float *values, int n, Guess *out, int k)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count = guess_insert(out, count, k, (Guess){i, values[i]});
    return count;
}

void softmax_parts(const float *scores, int count, float *max, float *sum)
{
    *max = count == 1 ? fmaxf(scores[0], 0.0f) : scores[0];
    *sum = count == 1 ? expf(-*max) : 0; /* of the score 0 beside a single one */
    for (int k = 1; k < count; k++)
        *max = fmaxf(*max, scores[k]);
    for (int k = 0; k < count; k++)
        *sum += expf(scores[k] - *max);
}

void run_probabilities(Run *run, float *out)
{
    const Net *net = run->net;
    const int last = net->heads[0].last, scores = net_scores(net, 0);
    float max, sum;
    if (scores > 1 && net->layers[last].op == OP_SOFTMAX) {
        run_activation(run, last, 0, out);
        return;
    }
    run_activation(run, net->heads[0].logits, 0, out);
    softmax_parts(out, scores, &max, &sum);
    for (int i = 0; i < scores; i++)
        out[i] = expf(out[i] - max) / sum;
}

float *copy_floats(const float *from, size_t count)
{
    float *to = malloc(count * sizeof *to);
    if (to != NULL)
        memcpy(to, from, count * sizeof *to);
    return to;
}
