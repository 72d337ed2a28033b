/* preprocess.c - from a decoded picture to a network's input values, by the rule in the network's description. */
#include "engine/io/image.h"

#include <stdlib.h>
#include <string.h>

/* Where a crop of `size` out of `n` starts, as in torchvision's center_crop: round((n - size) / 2), halves to even. */
static int crop_start(int n, int size)
{
    int twice = n - size, half = twice / 2;
    return twice % 2 != 0 && half % 2 != 0 ? half + 1 : half;
}

/* The picture in the size of which the rule takes its crop: torchvision's Resize(shorter), where the long side is truncated. If the crop
 * would not fit (--input may differ from the description's, or an upright picture may be narrower than a wide input), the shorter side
 * gets the least length with which it fits. */
static bool resize_shorter(const Image *in, const Net *net, Image *out, Err *err)
{
    const int w = net->input.w, h = net->input.h;
    const int64_t small = in->w < in->h ? in->w : in->h, large = in->w < in->h ? in->h : in->w;
    const int least = in->w < in->h ? w : h, across = in->w < in->h ? h : w; /* of the shorter and of the longer side */
    const int64_t needed = (across * small + large - 1) / large;
    int shorter = net->preprocess.resize;
    shorter = shorter < least ? least : shorter;
    shorter = shorter < needed ? (int)needed : shorter;
    int64_t longer = (int64_t)shorter * large / small;
    if (longer * shorter > 64000000)
        return err_set(err, "a picture of %d x %d pixels is too long and thin to be cropped at its shorter side",
                       in->w, in->h);
    int fit_w = in->w < in->h ? shorter : (int)longer, fit_h = in->w < in->h ? (int)longer : shorter;
    return image_resize(in, fit_w, fit_h, out, err);
}

bool image_fit(const Image *in, const Net *net, Image *out, float crop[4], Err *err)
{
    int w = net->input.w, h = net->input.h;
    if (net->input.c != 3 && net->input.c != 1)
        return err_set(err, "network %s takes %d input channels; a picture has 3, or 1 as grey", net->name, net->input.c);
    if (net->preprocess.rule == RESIZE_EXACT) {
        if (crop != NULL)
            memcpy(crop, (float[4]){0, 0, (float)in->w, (float)in->h}, 4 * sizeof *crop);
        return image_resize(in, w, h, out, err);
    }
    Image resized;
    if (!resize_shorter(in, net, &resized, err))
        return false;
    unsigned char *rgb = malloc((size_t)w * (size_t)h * 3);
    if (rgb == NULL) {
        image_free(&resized);
        return err_set(err, "not enough memory for a picture of %d x %d pixels", w, h);
    }
    int left = crop_start(resized.w, w), top = crop_start(resized.h, h);
    for (int y = 0; y < h; y++)
        memcpy(rgb + (size_t)y * (size_t)w * 3, resized.rgb + ((size_t)(top + y) * (size_t)resized.w + (size_t)left) * 3,
               (size_t)w * 3);
    if (crop != NULL) {
        float sx = (float)in->w / (float)resized.w, sy = (float)in->h / (float)resized.h;
        memcpy(crop, (float[4]){(float)left * sx, (float)top * sy, (float)w * sx, (float)h * sy}, 4 * sizeof *crop);
    }
    *out = (Image){.w = w, .h = h, .rgb = rgb, .orientation = 1};
    memcpy(out->note, resized.note, sizeof out->note);
    image_free(&resized);
    return true;
}

bool image_unfit(const Image *original, const Image *fitted, const Net *net, Image *out, Err *err)
{
    if (net->preprocess.rule == RESIZE_EXACT)
        return image_resize(fitted, fitted->w, fitted->h, out, err); /* a copy */
    if (!resize_shorter(original, net, out, err))
        return false;
    const int left = crop_start(out->w, fitted->w), top = crop_start(out->h, fitted->h);
    for (int y = 0; y < fitted->h; y++)
        memcpy(out->rgb + ((size_t)(top + y) * (size_t)out->w + (size_t)left) * 3, fitted->rgb + (size_t)y * (size_t)fitted->w * 3, (size_t)fitted->w * 3);
    return true;
}

int image_byte(const unsigned char rgb[3], const Net *net, int c)
{
    assert(c >= 0 && c < net->input.c);
    if (net->input.c == 1) /* ITU-R 601-2 luma in 16-bit fixed point, rounded */
        return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16;
    return rgb[preprocess_colour(&net->preprocess, c)];
}

const char *image_byte_name(const Net *net, int c)
{
    static const char *const names[] = {"R", "G", "B"};
    return net->input.c == 1 ? "grey" : names[preprocess_colour(&net->preprocess, c)];
}

float image_value(const Preprocess *p, int c, int byte)
{
    return preprocess_value(p, c, (float)byte);
}

void image_levels(const Image *fitted, const Net *net, float *levels)
{
    const Shape s = net->input;
    const size_t plane = (size_t)s.h * (size_t)s.w;
    assert((s.c == 3 || s.c == 1) && fitted->w == s.w && fitted->h == s.h);
    for (int c = 0; c < s.c; c++)
        for (size_t i = 0; i < plane; i++)
            levels[(size_t)c * plane + i] = (float)image_byte(fitted->rgb + i * 3, net, c);
}

void image_values(const Image *fitted, const Net *net, float *x)
{
    Shape s = net->input;
    const Preprocess *p = &net->preprocess;
    assert((s.c == 3 || s.c == 1) && fitted->w == s.w && fitted->h == s.h);
    for (int c = 0; c < s.c; c++)
        for (size_t i = 0; i < (size_t)s.h * (size_t)s.w; i++)
            x[(size_t)c * (size_t)s.h * (size_t)s.w + i] = image_value(p, c, image_byte(fitted->rgb + i * 3, net, c));
}
