/* picture.c - opens the input picture and fits it to the network; see picture.h. */
#include "app/model/picture.h"
#include "engine/base/hash.h"
#include "engine/io/file.h"
#include "engine/base/size.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t image_version(const Image *image)
{
    const int size[] = {image->w, image->h};
    return hash_bytes(hash_bytes(HASH_START, size, sizeof size), image->rgb, (size_t)image->w * (size_t)image->h * 3);
}

/* The original is drawn too, on the input's stage, so its width is part of the version. */
static uint64_t picture_version(const Picture *p)
{
    return image_version(&p->fitted) ^ (uint64_t)p->original.w << 16;
}

/* Everything after decoding. On failure the caller still owns original. */
static bool fit(const Image *original, const Net *net, Picture *out, Err *err)
{
    Image fitted;
    float crop[4];
    if (!image_fit(original, net, &fitted, crop, err))
        return false;
    float *x = malloc(shape_size(net->input) * sizeof *x);
    if (x == NULL) {
        image_free(&fitted);
        return err_set(err, "not enough memory for the picture");
    }
    image_values(&fitted, net, x);
    out->fitted = fitted;
    out->x = x;
    memcpy(out->crop, crop, sizeof crop);
    for (int c = 0; c < net->input.c; c++) {
        out->black[c] = image_value(&net->preprocess, c, 0);
        out->full[c] = image_value(&net->preprocess, c, 255);
    }
    return true;
}

bool picture_open_unless(Stop *stop, const char *path, const Net *net, Picture *out, Err *err)
{
    Picture p = {.modified = file_time(path, NULL)};
    const char *slash = strrchr(path, '/');
    snprintf(p.path, sizeof p.path, "%s", path);
    snprintf(p.name, sizeof p.name, "%.95s", slash != NULL ? slash + 1 : path);
    if (!image_load_unless(stop, path, &p.original, err))
        return false;
    if (!fit(&p.original, net, &p, err)) {
        image_free(&p.original);
        return false;
    }
    p.version = picture_version(&p);
    *out = p;
    return true;
}

bool picture_open(const char *path, const Net *net, Picture *out, Err *err)
{
    return picture_open_unless(NULL, path, net, out, err);
}

/* The description's numbers as grey levels; the largest is white. */
static bool draw_given(const Net *net, Image *out, Err *err)
{
    const size_t plane = (size_t)net->input.h * (size_t)net->input.w;
    unsigned char *rgb = malloc(size_product(plane, 3));
    float largest = 0;
    if (rgb == NULL)
        return err_set(err, "not enough memory for the picture");
    for (size_t i = 0; i < plane; i++)
        largest = net->given_input[i] > largest ? net->given_input[i] : largest;
    for (size_t i = 0; i < plane; i++) {
        const float v = net->given_input[i];
        memset(rgb + 3 * i, v > 0 ? (int)(v / largest * 255 + 0.5f) : 0, 3);
    }
    *out = (Image){.w = net->input.w, .h = net->input.h, .rgb = rgb, .orientation = 1};
    return true;
}

bool picture_given(const Net *net, Picture *out, Err *err)
{
    Picture p = {.crop = {0, 0, (float)net->input.w, (float)net->input.h}};
    const size_t bytes = shape_size(net->input) * sizeof *p.x;
    snprintf(p.name, sizeof p.name, "%.80s.net", net->name);
    if (!draw_given(net, &p.original, err))
        return false;
    p.x = malloc(bytes);
    if (p.x == NULL || !draw_given(net, &p.fitted, err)) {
        image_free(&p.original);
        free(p.x);
        return err_set(err, "not enough memory for the picture");
    }
    memcpy(p.x, net->given_input, bytes);
    p.version = picture_version(&p);
    *out = p;
    return true;
}

bool picture_refit(Picture *picture, const Net *net, Err *err)
{
    Picture p = *picture;
    if (!fit(&p.original, net, &p, err))
        return false;
    image_free(&picture->fitted);
    free(picture->x);
    p.version = picture_version(&p);
    *picture = p;
    return true;
}

bool picture_turn(Picture *picture, const Net *net, Err *err)
{
    return image_turn(&picture->original, err) && picture_refit(picture, net, err);
}

void picture_free(Picture *picture)
{
    image_free(&picture->original);
    image_free(&picture->fitted);
    free(picture->x);
    *picture = (Picture){0};
}

bool picture_changed(const Picture *picture)
{
    const int64_t now = file_time(picture->path, NULL);
    return now != 0 && now != picture->modified;
}

Fitting picture_fitting(const Picture *picture)
{
    const Image *from = &picture->original, *to = &picture->fitted;
    const float *crop = picture->crop, pixel = 0.5f;
    if (picture->path[0] == '\0')
        return FITTED_AS_IT_IS;
    if (crop[2] < (float)from->w - pixel || crop[3] < (float)from->h - pixel)
        return FITTED_CROPPED;
    if (from->w == to->w && from->h == to->h)
        return FITTED_AS_IT_IS;
    return (int64_t)from->w * to->h == (int64_t)from->h * to->w ? FITTED_RESIZED : FITTED_SQUEEZED;
}
