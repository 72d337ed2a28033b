/* accuracy.c - see accuracy.h. */
#include "app/model/accuracy.h"
#include "engine/io/labels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool accuracy_make(Accuracy *a, int classes, int samples)
{
    *a = (Accuracy){.classes = classes};
    a->confusion = calloc((size_t)classes, size_product((size_t)classes, sizeof *a->confusion));
    a->top5_of = calloc((size_t)classes, sizeof *a->top5_of);
    a->pictures = malloc((size_t)samples * sizeof *a->pictures);
    for (int i = 0; a->pictures != NULL && i < samples; i++)
        a->pictures[i] = (Judgement){.answer = -1};
    return a->confusion != NULL && a->top5_of != NULL && a->pictures != NULL;
}

void accuracy_free(Accuracy *a)
{
    free(a->confusion);
    free(a->top5_of);
    free(a->pictures);
    *a = (Accuracy){0};
}

void accuracy_clear(Accuracy *a)
{
    memset(a->confusion, 0, (size_t)a->classes * (size_t)a->classes * sizeof *a->confusion);
    memset(a->top5_of, 0, (size_t)a->classes * sizeof *a->top5_of);
    memset(a->bins, 0, sizeof a->bins);
    a->count = a->top1 = a->top5 = 0;
}

int accuracy_pictures_of(const Accuracy *a, int class_index)
{
    int sum = 0;
    for (int k = 0; k < a->classes; k++)
        sum += a->confusion[(size_t)class_index * (size_t)a->classes + (size_t)k];
    return sum;
}

int accuracy_bin(float confidence)
{
    const int bin = (int)ceil((double)confidence * CALIBRATION_BINS) - 1;
    return bin < 0 ? 0 : bin < CALIBRATION_BINS ? bin : CALIBRATION_BINS - 1;
}

double accuracy_ece(const Accuracy *a)
{
    double sum = 0;
    for (int k = 0; k < CALIBRATION_BINS; k++)
        sum += fabs(a->bins[k].right - a->bins[k].confidence);
    return a->count > 0 ? sum / a->count : 0;
}

Judgement accuracy_judgement(const float *probs, int classes, int label)
{
    Judgement v = {.answer = 0};
    for (int k = 1; k < classes; k++)
        if (probs[k] > probs[v.answer])
            v.answer = k;
    v.prob = probs[v.answer];
    for (int k = 0; label >= 0 && k < classes; k++)
        v.rank += probs[k] > probs[label] || (probs[k] == probs[label] && k < label);
    v.rank = label >= 0 ? v.rank : classes;
    return v;
}

void accuracy_count(Accuracy *a, int sample, int label, Judgement v)
{
    a->pictures[sample] = v;
    if (v.answer < 0)
        return;
    CalibrationBin *b = &a->bins[accuracy_bin(v.prob)];
    a->count++;
    a->top1 += v.rank == 0;
    a->top5 += v.rank < ACCURACY_TOP;
    b->count++;
    b->right += v.rank == 0;
    b->confidence += (double)v.prob;
    if (label >= 0) {
        a->confusion[(size_t)label * (size_t)a->classes + (size_t)v.answer]++;
        a->top5_of[label] += v.rank < ACCURACY_TOP;
    }
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
