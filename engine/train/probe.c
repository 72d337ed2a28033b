/* probe.c - see probe.h. */
#include "engine/train/probe.h"

#include "engine/base/size.h"
#include "engine/base/thread.h"
#include "engine/ops/ops.h"
#include "engine/train/optim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 16, TURN = 32 }; /* sums side by side; pictures between two turns of others */

static const double RATE = 0.003, DECAY = 0.1;

/* Element i goes to sum i % LANES; the sums are added at the end. */
static float dot(const float *a, const float *b, size_t count)
{
    float sums[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            sums[l] += a[i + l] * b[i + l];
    for (; i < count; i++)
        sum += a[i] * b[i];
    for (size_t l = 0; l < LANES; l++)
        sum += sums[l];
    return sum;
}

/* 1 where all are 0, or too large for their squares. */
static float scale_of(const float *x, size_t count)
{
    const double mean = count > 0 ? sum_of_squares(x, count) / (double)count : 0;
    return mean > 0 && isfinite(mean) ? (float)(1 / sqrt(mean)) : 1;
}

bool probe_new(Probe *p, int inputs, int classes, const float *x, int n)
{
    const size_t width = (size_t)inputs + 1, count = size_product(width, (size_t)classes);
    *p = (Probe){.inputs = inputs, .classes = classes, .count = count, .scale = scale_of(x, (size_t)n * (size_t)inputs)};
    p->weights = calloc(count, sizeof(float));
    p->grads = calloc(count, sizeof(float));
    p->moment1 = calloc(count, sizeof(float));
    p->moment2 = calloc(count, sizeof(float));
    p->logits = calloc((size_t)classes, sizeof(float));
    p->dlogits = calloc((size_t)classes, sizeof(float));
    if (p->weights != NULL && p->grads != NULL && p->moment1 != NULL && p->moment2 != NULL && p->logits != NULL && p->dlogits != NULL)
        return true;
    probe_free(p);
    return false;
}

void probe_free(Probe *p)
{
    free(p->weights);
    free(p->grads);
    free(p->moment1);
    free(p->moment2);
    free(p->logits);
    free(p->dlogits);
    *p = (Probe){.inputs = 0};
}

static const float *biases_of(const Probe *p)
{
    return p->weights + (size_t)p->classes * (size_t)p->inputs;
}

/* Scores of one picture, and what it adds to the sums of loss and right answers. */
static void judge(const Probe *p, const float *x, int label, ProbeScore *sum)
{
    float loss;
    int best = 0;
    for (int c = 0; c < p->classes; c++) {
        p->logits[c] = p->scale * dot(p->weights + (size_t)c * (size_t)p->inputs, x, (size_t)p->inputs) + biases_of(p)[c];
        best = p->logits[c] > p->logits[best] ? c : best;
    }
    cross_entropy_forward(&loss, p->logits, &label, 1, p->classes, 0);
    sum->loss += (double)loss;
    sum->accuracy += best == label;
}

static void mean_of(ProbeScore *sum, int n)
{
    sum->loss /= n > 0 ? n : 1;
    sum->accuracy /= n > 0 ? n : 1;
}

void probe_score(const Probe *p, const float *x, const int *labels, int n, ProbeScore *score)
{
    *score = (ProbeScore){0, 0};
    for (int i = 0; i < n; i++) {
        if (i % TURN == TURN - 1)
            thread_yield();
        judge(p, x + (size_t)i * (size_t)p->inputs, labels[i], score);
    }
    mean_of(score, n);
}

/* Adds the gradient of one picture, after its judge. */
static void backward(Probe *p, const float *x, int label, int n)
{
    float *db = p->grads + (size_t)p->classes * (size_t)p->inputs;
    memset(p->dlogits, 0, (size_t)p->classes * sizeof(float));
    cross_entropy_backward(p->dlogits, p->logits, &label, 1, p->classes, 0, 1.0f / (float)n);
    for (int c = 0; c < p->classes; c++) {
        float *dw = p->grads + (size_t)c * (size_t)p->inputs;
        const float d = p->dlogits[c] * p->scale;
        for (int i = 0; i < p->inputs; i++)
            dw[i] += d * x[i];
        db[c] += p->dlogits[c];
    }
}

void probe_step(Probe *p, const float *x, const int *labels, int n, ProbeScore *score)
{
    const size_t weights = (size_t)p->classes * (size_t)p->inputs;
    const AdamOptions adam = {.lr = RATE, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = DECAY}, of_biases = {.lr = RATE, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8};
    *score = (ProbeScore){0, 0};
    memset(p->grads, 0, p->count * sizeof(float));
    for (int i = 0; i < n; i++) {
        const float *row = x + (size_t)i * (size_t)p->inputs;
        if (i % TURN == TURN - 1)
            thread_yield();
        judge(p, row, labels[i], score);
        backward(p, row, labels[i], n);
    }
    mean_of(score, n);
    p->step++;
    adam_step(p->weights, p->moment1, p->moment2, p->grads, weights, p->step, &adam);
    adam_step(p->weights + weights, p->moment1 + weights, p->moment2 + weights, p->grads + weights, (size_t)p->classes, p->step, &of_biases);
}

void probe_take(const Probe *p, float *weights, float *biases)
{
    const size_t count = (size_t)p->classes * (size_t)p->inputs;
    for (size_t i = 0; i < count; i++)
        weights[i] = p->weights[i] * p->scale;
    if (biases != NULL)
        memcpy(biases, biases_of(p), (size_t)p->classes * sizeof(float));
}
