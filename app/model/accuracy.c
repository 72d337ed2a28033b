/* accuracy.c - see accuracy.h. */
#include "app/model/accuracy.h"
#include "engine/io/labels.h"
#include "engine/train/batch_loader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of the two networks. */
typedef struct Side {
    Net net;                    /* a copy of the setup's without anything of its own: only the order of the channels may differ */
    BatchLoader *loader;        /* NULL: reads the other side's pictures */
    Run *run;
    Accuracy result;
} Side;

struct Judge {
    JudgeSetup setup;
    Side own, changed;
    bool both;
    bool *computes;             /* layers of the changed network that depend on a change */
    float *map;                 /* the largest map */
    float *probs;
};

int accuracy_pictures_of(const Accuracy *a, int class_index)
{
    int sum = 0;
    for (int k = 0; k < a->classes; k++)
        sum += a->confusion[(size_t)class_index * (size_t)a->classes + (size_t)k];
    return sum;
}

double accuracy_ece(const Accuracy *a)
{
    double sum = 0;
    for (int k = 0; k < CALIBRATION_BINS; k++)
        sum += fabs(a->bins[k].right - a->bins[k].confidence);
    return a->count > 0 ? sum / a->count : 0;
}

/* ---- what is computed again ---- */

static bool param_changed(const JudgeSetup *s, const Param *p)
{
    return s->changed != NULL && memcmp(s->weights + p->offset, s->changed + p->offset, p->count * sizeof(float)) != 0;
}

static void find_computed(Judge *j)
{
    const Net *net = j->setup.net;
    for (int i = 0; i < net->param_count; i++)
        if (param_changed(&j->setup, &net->params[i]))
            j->computes[net->params[i].layer] = true;
    for (int l = 0; l < net->main_count; l++) {
        const Layer *layer = &net->layers[l];
        j->computes[l] = j->computes[l] || (layer->op == OP_INPUT && j->setup.swapped);
        for (int i = 0; i < layer->input_count; i++)
            j->computes[l] = j->computes[l] || j->computes[layer->inputs[i]];
    }
}

int judge_computed(const Judge *j)
{
    int count = 0;
    for (int l = 0; j->both && l < j->setup.net->main_count; l++)
        count += j->computes[l] && j->setup.net->layers[l].op != OP_INPUT;
    return count;
}

/* Whether a layer that is computed reads this one. */
static bool is_read(const Judge *j, int layer)
{
    const Net *net = j->setup.net;
    for (int l = layer + 1; l < net->main_count; l++)
        for (int i = 0; i < net->layers[l].input_count; i++)
            if (j->computes[l] && net->layers[l].inputs[i] == layer)
                return true;
    return false;
}

/* The forward of the changed network, after that of the other one. */
static void forward_changed(Judge *j, const float *x)
{
    const Net *net = j->setup.net;
    Run *run = j->changed.run;
    run_input(run, x, 1);
    for (int l = 0; l < net->main_count; l++)
        if (!j->computes[l] && net->layers[l].op != OP_INPUT && (is_read(j, l) || l == net->heads[0].last || l == net->heads[0].logits)) {
            run_activation(j->own.run, l, 0, j->map);
            run_put(run, l, 0, j->map);
        }
    run_forward_of(run, j->computes);
}

/* ---- counting ---- */

static void count_answer(Accuracy *a, int sample, int label, const float *probs)
{
    Judgement v = {.answer = 0};
    for (int k = 1; k < a->classes; k++)
        if (probs[k] > probs[v.answer])
            v.answer = k;
    v.prob = probs[v.answer];
    for (int k = 0; label >= 0 && k < a->classes; k++)
        v.rank += probs[k] > probs[label] || (probs[k] == probs[label] && k < label);
    v.rank = label >= 0 ? v.rank : a->classes;
    const int bin = (int)ceil((double)v.prob * CALIBRATION_BINS) - 1;
    CalibrationBin *b = &a->bins[bin < 0 ? 0 : bin < CALIBRATION_BINS ? bin : CALIBRATION_BINS - 1];
    a->count++;
    a->top1 += v.rank == 0;
    a->top5 += v.rank < ACCURACY_TOP;
    b->count++;
    b->right += v.rank == 0;
    b->confidence += (double)v.prob;
    a->pictures[sample] = v;
    if (label >= 0) {
        a->confusion[(size_t)label * (size_t)a->classes + (size_t)v.answer]++;
        a->top5_of[label] += v.rank < ACCURACY_TOP;
    }
}

static bool result_make(Accuracy *a, int classes, int samples)
{
    a->classes = classes;
    a->confusion = calloc((size_t)classes, size_product((size_t)classes, sizeof *a->confusion));
    a->top5_of = calloc((size_t)classes, sizeof *a->top5_of);
    a->pictures = malloc((size_t)samples * sizeof *a->pictures);
    for (int i = 0; a->pictures != NULL && i < samples; i++)
        a->pictures[i] = (Judgement){.answer = -1};
    return a->confusion != NULL && a->top5_of != NULL && a->pictures != NULL;
}

/* ---- both sides ---- */

static bool side_make(Side *side, const JudgeSetup *s, bool loads, bool swapped, Err *err)
{
    const BatchLoaderOptions loader = {.batch = 1, .threads = 1};
    const RunOptions run = {.batch = 1};
    side->net = *s->net;
    side->net.preprocess.bgr ^= swapped;
    side->loader = loads ? batch_loader_new(s->set, &side->net, &loader, err) : NULL;
    side->run = side->loader != NULL || !loads ? run_new(s->engine, s->net, &run, err) : NULL;
    if (side->run == NULL)
        return false;
    if (side->loader != NULL)
        batch_loader_begin(side->loader, 0, 0);
    return result_make(&side->result, net_scores(s->net, 0), s->set->count) || err_set(err, "%s: not enough memory for the answers", s->set->root);
}

static void side_free(Side *side)
{
    batch_loader_free(side->loader);
    run_free(side->run);
    free(side->result.confusion);
    free(side->result.top5_of);
    free(side->result.pictures);
}

static bool start(Judge *j, Err *err)
{
    const JudgeSetup *s = &j->setup;
    j->both = s->changed != NULL || s->swapped;
    j->computes = calloc((size_t)s->net->layer_count, sizeof *j->computes);
    j->map = malloc(net_largest_map(s->net) * sizeof *j->map);
    j->probs = malloc((size_t)net_scores(s->net, 0) * sizeof *j->probs);
    if (j->computes == NULL || j->map == NULL || j->probs == NULL)
        return err_set(err, "%s: not enough memory", s->set->root);
    if (!side_make(&j->own, s, true, false, err) || (j->both && !side_make(&j->changed, s, s->swapped, s->swapped, err)))
        return false;
    find_computed(j);
    run_weights(j->own.run, s->weights);
    if (j->both)
        run_weights(j->changed.run, s->changed != NULL ? s->changed : s->weights);
    return true;
}

Judge *judge_new(const JudgeSetup *setup, Err *err)
{
    Judge *j = calloc(1, sizeof *j);
    if (j == NULL) {
        err_set(err, "%s: not enough memory", setup->set->root);
        return NULL;
    }
    j->setup = *setup;
    if (start(j, err))
        return j;
    judge_free(j);
    return NULL;
}

void judge_free(Judge *j)
{
    if (j == NULL)
        return;
    side_free(&j->own);
    side_free(&j->changed);
    free(j->computes);
    free(j->map);
    free(j->probs);
    free(j);
}

static void count_side(Judge *j, Side *side, int sample)
{
    run_probabilities(side->run, j->probs);
    count_answer(&side->result, sample, j->setup.class_of[j->setup.set->samples[sample].label], j->probs);
}

bool judge_step(Judge *j)
{
    Batch batch, swapped;
    if (!batch_loader_next(j->own.loader, &batch))
        return false;
    const bool two = j->changed.loader != NULL && batch_loader_next(j->changed.loader, &swapped);
    if (batch.n == 0)
        return true;
    run_input(j->own.run, batch.x, 1);
    run_forward(j->own.run);
    count_side(j, &j->own, batch.samples[0]);
    if (j->both) {
        forward_changed(j, two ? swapped.x : batch.x);
        count_side(j, &j->changed, batch.samples[0]);
    }
    return true;
}

const Accuracy *judge_result(const Judge *j, bool changed)
{
    return !changed ? &j->own.result : j->both ? &j->changed.result : NULL;
}

bool judge_unreadable(Judge *j, int index, char *line, size_t size)
{
    return batch_loader_unreadable(j->own.loader, index, line, size);
}

/* ---- names ---- */

bool judge_classes(const Source *source, const Dataset *set, int *class_of, Err *err)
{
    const int count = set->classes.count, scores = net_scores(source->net, 0);
    int known = 0, unknown = -1;
    for (int k = 0; k < count; k++) {
        char path[1200];
        snprintf(path, sizeof path, "/%s/", set->classes.items[k]);
        class_of[k] = labels_of_folder(source->info.labels, source->info.label_count, path);
        known += class_of[k] >= 0;
        unknown = class_of[k] < 0 && unknown < 0 ? k : unknown;
    }
    if (known == count)
        return true;
    if (known > 0)
        return err_set(err, "%s: the network has no class '%s'; name each folder like one of its classes, or give its names with --labels", set->root,
                       set->classes.items[unknown]);
    if (source->info.labels != NULL || count != scores)
        return err_set(err, "%s: its %d folders (%s, ...) are not named like the network's %d classes%s%s", set->root, count, set->classes.items[0], scores,
                       source->info.labels != NULL ? ", such as " : ", whose names are not known; give them with --labels",
                       source->info.labels != NULL ? source->info.labels[0] : "");
    for (int k = 0; k < count; k++)
        class_of[k] = k;
    return true;
}
