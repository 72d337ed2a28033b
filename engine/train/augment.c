/* augment.c - random crops and flips; see augment.h. */
#include "engine/train/augment.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* torch draws float32 numbers, and its uniform_(a, b) computes u * (b - a) + a in float. */
static double uniform_between(Rng *rng, float a, float b)
{
    return (double)((float)rng_uniform(rng) * (b - a) + a);
}

/* Python's round() rounds halves to even; so does rint() in the default rounding mode. */
static int round_half_even(double x)
{
    return (int)rint(x);
}

Rng augment_rng(uint64_t seed, int epoch, int sample)
{
    enum { STREAM_CROP = 0x4352 }; /* another one than that of the pictures' order */
    return rng_make(rng_mix(seed + STREAM_CROP), ((uint64_t)epoch << 32) | (uint64_t)sample);
}

Crop augment_crop(int width, int height, double scale_min, Rng rng)
{
    assert(width > 0 && height > 0);
    const double ratio_min = 3.0 / 4.0, ratio_max = 4.0 / 3.0;
    const float log_min = logf((float)ratio_min), log_max = logf((float)ratio_max);
    const double area = (double)width * (double)height;
    Crop crop = {0, 0, 0, 0, false};

    for (int attempt = 0; attempt < 10 && crop.w == 0; attempt++) {
        double target = area * uniform_between(&rng, (float)scale_min, 1.0f);
        double ratio = (double)expf((float)uniform_between(&rng, log_min, log_max));
        int w = round_half_even(sqrt(target * ratio));
        int h = round_half_even(sqrt(target / ratio));
        if (w > 0 && w <= width && h > 0 && h <= height) {
            crop.w = w;
            crop.h = h;
            crop.y = (int)rng_below(&rng, (uint64_t)(height - h + 1));
            crop.x = (int)rng_below(&rng, (uint64_t)(width - w + 1));
        }
    }
    if (crop.w == 0) { /* ten tries failed: the largest centred crop with an allowed ratio */
        double ratio = (double)width / (double)height;
        crop.w = ratio > ratio_max ? round_half_even((double)height * ratio_max) : width;
        crop.h = ratio < ratio_min ? round_half_even((double)width / ratio_min) : height;
        crop.y = (height - crop.h) / 2;
        crop.x = (width - crop.w) / 2;
    }
    crop.flip = rng_uniform(&rng) < 0.5;
    return crop;
}

static void flip_rows(Image *image)
{
    for (int y = 0; y < image->h; y++) {
        unsigned char *row = image->rgb + (size_t)y * (size_t)image->w * 3;
        for (int x = 0; x < image->w / 2; x++) {
            unsigned char *a = row + 3 * x, *b = row + 3 * (image->w - 1 - x), t[3];
            memcpy(t, a, 3);
            memcpy(a, b, 3);
            memcpy(b, t, 3);
        }
    }
}

bool augment_apply(const Image *in, Crop crop, int w, int h, Image *out, Err *err)
{
    assert(crop.x >= 0 && crop.y >= 0 && crop.w > 0 && crop.h > 0);
    assert(crop.x + crop.w <= in->w && crop.y + crop.h <= in->h);
    Image part = {.w = crop.w, .h = crop.h, .rgb = malloc((size_t)crop.w * (size_t)crop.h * 3)};
    if (part.rgb == NULL)
        return err_set(err, "out of memory for a crop of %dx%d", crop.w, crop.h);
    size_t row = (size_t)crop.w * 3;
    for (int y = 0; y < crop.h; y++)
        memcpy(part.rgb + (size_t)y * row, in->rgb + ((size_t)(crop.y + y) * (size_t)in->w + (size_t)crop.x) * 3, row);
    bool ok = image_resize(&part, w, h, out, err);
    free(part.rgb);
    if (ok && crop.flip)
        flip_rows(out);
    return ok;
}
