/* groups.c - see groups.h. */
#include "engine/net/groups.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Places weaker than this share of the mean are no start: their direction is mostly noise. */
static const double WEAK = 0.3;
/* Two directions with a larger cosine are one. */
static const double SAME = 1 - 1e-9;
/* Part of a row's mean that is added to each of its starting values: an update multiplies, so a 0 would stay 0. */
static const double LIFT = 0.01;
static const double TINY = 1e-12;

typedef struct Factors {
    int places, channels, count;
    double *a, *w, *h;          /* (places, channels), (places, GROUPS_MAX), (GROUPS_MAX, channels) */
    double *norms, *nearest;    /* (places): of the rows of A; the largest cosine to a row taken so far */
    double *next;               /* (GROUPS_MAX, channels) */
} Factors;

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static bool factors_make(const float *map, Shape s, Factors *f)
{
    const size_t places = (size_t)s.h * (size_t)s.w, channels = (size_t)s.c;
    *f = (Factors){.places = (int)places, .channels = s.c};
    f->a = malloc((places * channels + places * GROUPS_MAX + 2 * (size_t)GROUPS_MAX * channels + 2 * places) * sizeof *f->a);
    if (f->a == NULL)
        return false;
    f->w = f->a + places * channels;
    f->h = f->w + places * GROUPS_MAX;
    f->next = f->h + (size_t)GROUPS_MAX * channels;
    f->norms = f->next + (size_t)GROUPS_MAX * channels;
    f->nearest = f->norms + places;
    for (size_t p = 0; p < places; p++) {
        double *row = f->a + p * channels;
        for (size_t c = 0; c < channels; c++)
            row[c] = map[c * places + p] > 0 ? (double)map[c * places + p] : 0;
        f->norms[p] = sqrt(dot(row, row, s.c));
        f->nearest[p] = -1;
    }
    return true;
}

/* The place whose direction is farthest from all taken so far; at first the strongest place. -1: there is no other direction. */
static int farthest(const Factors *f, double least)
{
    int best = -1;
    for (int p = 0; p < f->places; p++) {
        if (f->norms[p] <= 0 || f->norms[p] < least || f->nearest[p] > SAME)
            continue;
        if (best < 0 || (f->count == 0 ? f->norms[p] > f->norms[best] : f->nearest[p] < f->nearest[best]))
            best = p;
    }
    return best;
}

static void begin(Factors *f, int k)
{
    double mean = 0;
    for (int p = 0; p < f->places; p++)
        mean += f->norms[p] / f->places;
    while (f->count < k) {
        const int p = farthest(f, WEAK * mean);
        if (p < 0)
            break;
        const double *row = f->a + (size_t)p * (size_t)f->channels;
        double *h = f->h + (size_t)f->count * (size_t)f->channels, sum = 0;
        for (int c = 0; c < f->channels; c++)
            sum += row[c];
        for (int c = 0; c < f->channels; c++)
            h[c] = (row[c] + LIFT * sum / f->channels) / f->norms[p];
        for (int q = 0; q < f->places; q++)
            if (f->norms[q] > 0)
                f->nearest[q] = fmax(f->nearest[q], dot(row, f->a + (size_t)q * (size_t)f->channels, f->channels) / (f->norms[p] * f->norms[q]));
        f->count++;
    }
    for (int p = 0; p < f->places; p++)
        for (int g = 0; g < f->count; g++)
            f->w[p * GROUPS_MAX + g] = dot(f->a + (size_t)p * (size_t)f->channels, f->h + (size_t)g * (size_t)f->channels, f->channels);
}

/* W = W * (A H') / (W H H'), place by place. */
static void update_strength(Factors *f)
{
    double square[GROUPS_MAX][GROUPS_MAX];
    for (int g = 0; g < f->count; g++)
        for (int j = 0; j < f->count; j++)
            square[g][j] = dot(f->h + (size_t)g * (size_t)f->channels, f->h + (size_t)j * (size_t)f->channels, f->channels);
    for (int p = 0; p < f->places; p++) {
        double *w = f->w + p * GROUPS_MAX, scaled[GROUPS_MAX];
        for (int g = 0; g < f->count; g++) {
            double under = TINY;
            for (int j = 0; j < f->count; j++)
                under += w[j] * square[j][g];
            scaled[g] = w[g] * dot(f->a + (size_t)p * (size_t)f->channels, f->h + (size_t)g * (size_t)f->channels, f->channels) / under;
        }
        memcpy(w, scaled, (size_t)f->count * sizeof *w);
    }
}

/* H = H * (W' A) / (W' W H), channel by channel. */
static void update_direction(Factors *f)
{
    double square[GROUPS_MAX][GROUPS_MAX] = {{0}};
    memset(f->next, 0, (size_t)f->count * (size_t)f->channels * sizeof *f->next);
    for (int p = 0; p < f->places; p++) {
        const double *w = f->w + p * GROUPS_MAX, *row = f->a + (size_t)p * (size_t)f->channels;
        for (int g = 0; g < f->count; g++) {
            double *sum = f->next + (size_t)g * (size_t)f->channels;
            for (int c = 0; c < f->channels; c++)
                sum[c] += w[g] * row[c];
            for (int j = 0; j < f->count; j++)
                square[g][j] += w[g] * w[j];
        }
    }
    for (int c = 0; c < f->channels; c++) {
        double old[GROUPS_MAX];
        for (int g = 0; g < f->count; g++)
            old[g] = f->h[(size_t)g * (size_t)f->channels + (size_t)c];
        for (int g = 0; g < f->count; g++) {
            double under = TINY;
            for (int j = 0; j < f->count; j++)
                under += square[g][j] * old[j];
            f->h[(size_t)g * (size_t)f->channels + (size_t)c] = old[g] * f->next[(size_t)g * (size_t)f->channels + (size_t)c] / under;
        }
    }
}

static double left_over(const Factors *f, double norm)
{
    double sum = 0;
    for (int p = 0; p < f->places; p++)
        for (int c = 0; c < f->channels; c++) {
            double d = f->a[(size_t)p * (size_t)f->channels + (size_t)c];
            for (int g = 0; g < f->count; g++)
                d -= f->w[p * GROUPS_MAX + g] * f->h[(size_t)g * (size_t)f->channels + (size_t)c];
            sum += d * d;
        }
    return norm > 0 ? sqrt(sum) / norm : 0;
}

/* Rows of length 1, the strengths take their lengths; sorted by total strength. */
static bool hand_over(const Factors *f, Groups *out)
{
    int order[GROUPS_MAX];
    double length[GROUPS_MAX], total[GROUPS_MAX] = {0};
    const size_t places = (size_t)f->places, channels = (size_t)f->channels;
    for (int g = 0; g < f->count; g++) {
        const double *h = f->h + (size_t)g * channels;
        length[g] = sqrt(dot(h, h, f->channels));
        for (int p = 0; p < f->places; p++)
            total[g] += f->w[p * GROUPS_MAX + g] * length[g];
        int at = g;
        for (; at > 0 && total[order[at - 1]] < total[g]; at--)
            order[at] = order[at - 1];
        order[at] = g;
    }
    *out = (Groups){.count = f->count, .places = f->places, .channels = f->channels};
    for (int p = 0; p < f->places; p++)
        out->norm += f->norms[p] * f->norms[p];
    out->norm = sqrt(out->norm);
    out->left_over = left_over(f, out->norm);
    out->strength = malloc(((size_t)f->count * (places + channels) + 1) * sizeof *out->strength); /* one block */
    if (out->strength == NULL)
        return false;
    out->direction = out->strength + (size_t)f->count * places;
    for (int i = 0; i < f->count; i++) {
        const int g = order[i];
        for (size_t p = 0; p < places; p++)
            out->strength[(size_t)i * places + p] = f->w[p * GROUPS_MAX + (size_t)g] * length[g];
        for (size_t c = 0; c < channels; c++)
            out->direction[(size_t)i * channels + c] = length[g] > 0 ? f->h[(size_t)g * channels + c] / length[g] : 0;
    }
    return true;
}

bool groups_find(const float *map, Shape shape, int k, Stop *stop, Groups *out, Err *err)
{
    Factors f;
    assert(k >= 1 && k <= GROUPS_MAX);
    if (!factors_make(map, shape, &f))
        return err_set(err, "not enough memory for the groups");
    begin(&f, k);
    for (int i = 0; i < GROUPS_UPDATES && !stop_asked(stop); i++) {
        update_strength(&f);
        update_direction(&f);
    }
    const bool stopped = stop_asked(stop), good = !stopped && hand_over(&f, out);
    free(f.a);
    return good || err_set(err, "%s", stopped ? "stopped" : "not enough memory for the groups");
}

void groups_free(Groups *groups)
{
    free(groups->strength);
    *groups = (Groups){.count = 0};
}

int groups_top(const Groups *groups, int group, int *channels, int max)
{
    const double *h = groups->direction + (size_t)group * (size_t)groups->channels;
    int count = 0;
    for (int c = 0; c < groups->channels; c++) {
        if (h[c] <= 0 || (count == max && h[c] <= h[channels[max - 1]]))
            continue;
        int at = count < max ? count++ : max - 1;
        for (; at > 0 && h[channels[at - 1]] < h[c]; at--)
            channels[at] = channels[at - 1];
        channels[at] = c;
    }
    return count;
}

double groups_gives(const Groups *groups, int group, const float *gradient)
{
    const double *w = groups->strength + (size_t)group * (size_t)groups->places, *h = groups->direction + (size_t)group * (size_t)groups->channels;
    double sum = 0;
    for (int c = 0; c < groups->channels; c++) {
        double row = 0;
        for (int p = 0; p < groups->places; p++)
            row += w[p] * (double)gradient[(size_t)c * (size_t)groups->places + (size_t)p];
        sum += h[c] * row;
    }
    return sum;
}
