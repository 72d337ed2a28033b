/* optim.c - Adam, SGD, schedules, averaging; see optim.h. */
#include "engine/train/optim.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void adam_step(float *restrict w, float *restrict m, float *restrict v, const float *restrict g, size_t count,
               int64_t t, const AdamOptions *options)
{
    assert(t >= 1);
    /* PyTorch computes these scalars in double, and rounds each once, when it is applied to a tensor. */
    const float beta1 = (float)options->beta1, one_minus_beta1 = (float)(1.0 - options->beta1);
    const float beta2 = (float)options->beta2, one_minus_beta2 = (float)(1.0 - options->beta2);
    const float step_size = (float)(options->lr / (1.0 - pow(options->beta1, (double)t)));
    const float root = (float)sqrt(1.0 - pow(options->beta2, (double)t));
    const float eps = (float)options->eps, decay = (float)options->weight_decay;
    for (size_t i = 0; i < count; i++) {
        float gi = g[i] + decay * w[i];
        m[i] = beta1 * m[i] + one_minus_beta1 * gi;
        v[i] = beta2 * v[i] + one_minus_beta2 * gi * gi;
        w[i] -= step_size * (m[i] / (sqrtf(v[i]) / root + eps));
    }
}

void sgd_step(float *restrict w, float *restrict b, const float *restrict g, size_t count, int64_t t,
              const SgdOptions *options)
{
    assert(t >= 1);
    const float lr = (float)options->lr, decay = (float)options->weight_decay;
    const float momentum = t == 1 ? 0.0f : (float)options->momentum;
    for (size_t i = 0; i < count; i++) {
        b[i] = momentum * b[i] + (g[i] + decay * w[i]);
        w[i] -= lr * b[i];
    }
}

void ema_step(float *restrict ema, const float *restrict w, size_t count, int64_t t, double decay)
{
    const double warm = (1.0 + (double)t) / (10.0 + (double)t);
    const float keep = (float)(decay < warm ? decay : warm);
    for (size_t i = 0; i < count; i++)
        ema[i] = keep * ema[i] + (1.0f - keep) * w[i];
}

double schedule_lr(const Schedule *s, int64_t step)
{
    const double pi = 3.14159265358979323846;
    const int64_t done = step - s->first;
    assert(done >= 0);
    double lr = s->lr;
    if (s->kind == SCHEDULE_COSINE && s->end > s->first) {
        double share = (double)done / (double)(s->end - s->first);
        lr = s->lr_min + (s->lr - s->lr_min) * 0.5 * (1.0 + cos(pi * (share < 1.0 ? share : 1.0)));
    } else if (s->kind == SCHEDULE_STEP && s->step_every > 0) {
        lr = s->lr * pow(s->step_factor, (double)(done / s->step_every));
    }
    if (done < s->warmup)
        lr *= (double)(done + 1) / (double)s->warmup;
    return lr;
}

bool all_finite(const float *x, size_t count)
{
    uint32_t largest = 0; /* IEEE 754: the bits without the sign are 0x7f800000 or more if the float is infinite or NaN */
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        bits &= 0x7fffffffu;
        largest = bits > largest ? bits : largest;
    }
    return largest < 0x7f800000u;
}

double sum_of_squares(const float *x, size_t count)
{
    double sums[8] = {0}, total = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (int k = 0; k < 8; k++)
            sums[k] += (double)x[i + (size_t)k] * (double)x[i + (size_t)k];
    for (; i < count; i++)
        sums[i % 8] += (double)x[i] * (double)x[i];
    for (int k = 0; k < 8; k++)
        total += sums[k];
    return total;
}
