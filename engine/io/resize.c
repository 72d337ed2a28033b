/* resize.c - PIL's bilinear resize, byte for byte (Pillow 9.4, src/libImaging/Resample.c).
 *
 * Each output sample is a weighted mean of input samples. The weights are a triangle of half-width max(scale, 1) around the
 * sample's centre, cut at the border, renormalised, and rounded to 22-bit integers. Sums start at one half (1 << 21). Columns are
 * resized first, then rows, with 8-bit samples in between. A pass that changes nothing is skipped. */
#include "engine/base/thread.h"
#include "engine/io/image.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PRECISION = 22 };

/* The input samples of each output sample along one axis, with their integer weights. */
typedef struct Taps {
    int width;                  /* room for weights per output sample */
    int *first, *count;         /* per output sample */
    int *weight;                /* width per output sample */
} Taps;

static void taps_free(Taps *taps)
{
    free(taps->first);
    free(taps->count);
    free(taps->weight);
}

static bool taps_make(Taps *taps, int in, int out)
{
    double scale = (double)in / out;
    double support = scale > 1.0 ? scale : 1.0;
    taps->width = (int)ceil(support) * 2 + 1;
    size_t total;
    double *raw = calloc((size_t)taps->width, sizeof *raw);
    bool fits = size_mul((size_t)out, (size_t)taps->width, &total);
    taps->first = calloc((size_t)out, sizeof(int));
    taps->count = calloc((size_t)out, sizeof(int));
    taps->weight = fits ? calloc(total, sizeof(int)) : NULL;
    if (raw == NULL || taps->first == NULL || taps->count == NULL || taps->weight == NULL) {
        free(raw);
        taps_free(taps);
        return false;
    }
    for (int o = 0; o < out; o++) {
        double centre = (o + 0.5) * scale;
        int first = (int)(centre - support + 0.5);
        int end = (int)(centre + support + 0.5);
        if (first < 0)
            first = 0;
        if (end > in)
            end = in;
        double sum = 0.0;
        for (int i = 0; i < end - first; i++) {
            double distance = fabs((i + first - centre + 0.5) * (1.0 / support));
            raw[i] = distance < 1.0 ? 1.0 - distance : 0.0;
            sum += raw[i];
        }
        for (int i = 0; i < end - first; i++)
            taps->weight[(size_t)o * (size_t)taps->width + (size_t)i] =
                (int)(0.5 + (sum != 0.0 ? raw[i] / sum : raw[i]) * (1 << PRECISION));
        taps->first[o] = first;
        taps->count[o] = end - first;
    }
    free(raw);
    return true;
}

static unsigned char clip(int sum)
{
    int value = sum >> PRECISION;
    return (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Resamples along one axis. The `lines` are independent; sample i of line l is at l * line_step + i * sample_step. */
static void resample(unsigned char *out, const unsigned char *in, const Taps *taps, int out_count, int lines,
                     size_t in_line, size_t in_sample, size_t out_line, size_t out_sample)
{
    for (int l = 0; l < lines; l++) {
        thread_yield();
        for (int o = 0; o < out_count; o++) {
            const int *weight = taps->weight + (size_t)o * (size_t)taps->width;
            const unsigned char *source = in + (size_t)l * in_line + (size_t)taps->first[o] * in_sample;
            int r = 1 << (PRECISION - 1), g = r, b = r;
            for (int i = 0; i < taps->count[o]; i++, source += in_sample) {
                r += source[0] * weight[i];
                g += source[1] * weight[i];
                b += source[2] * weight[i];
            }
            unsigned char *target = out + (size_t)l * out_line + (size_t)o * out_sample;
            target[0] = clip(r);
            target[1] = clip(g);
            target[2] = clip(b);
        }
    }
}

bool image_resize(const Image *in, int w, int h, Image *out, Err *err)
{
    assert(w > 0 && h > 0 && in->w > 0 && in->h > 0);
    size_t wide_size, final_size;
    if (!shape_count((Shape){1, 3, in->h, w}, &wide_size) || !shape_count((Shape){1, 3, h, w}, &final_size))
        return err_set(err, "a picture of %d x %d pixels is too large", w, h);
    unsigned char *wide = malloc(wide_size), *final = malloc(final_size);
    Taps columns = {0}, rows = {0};
    bool good = wide != NULL && final != NULL && taps_make(&columns, in->w, w);
    if (good && !taps_make(&rows, in->h, h)) {
        taps_free(&columns);
        good = false;
    }
    if (!good) {
        free(wide);
        free(final);
        return err_set(err, "not enough memory for a picture of %d x %d pixels", w, h);
    }
    if (w == in->w)
        memcpy(wide, in->rgb, wide_size);
    else
        resample(wide, in->rgb, &columns, w, in->h, (size_t)in->w * 3, 3, (size_t)w * 3, 3);
    if (h == in->h)
        memcpy(final, wide, final_size);
    else
        resample(final, wide, &rows, h, w, 3, (size_t)w * 3, 3, (size_t)w * 3);
    free(wide);
    taps_free(&columns);
    taps_free(&rows);
    *out = (Image){.w = w, .h = h, .rgb = final, .orientation = 1};
    memcpy(out->note, in->note, sizeof out->note);
    return true;
}
