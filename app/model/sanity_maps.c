/* sanity_maps.c - see sanity_maps.h. */
#include "app/model/sanity_maps.h"
#include "engine/base/rng.h"
#include "engine/base/thread.h"
#include "engine/train/init.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sanity_random(const Net *net, int seed, float *weights)
{
    init_weights(net, rng_make((uint64_t)seed, 0x5a41).key, weights);
}

static int by_size(const void *a, const void *b)
{
    const float p = *(const float *)a, q = *(const float *)b;
    return (p > q) - (p < q);
}

bool sanity_picture(const float *map, Shape input, unsigned char *rgb)
{
    const size_t plane = (size_t)input.h * (size_t)input.w;
    float *sorted = malloc(plane * sizeof *sorted);
    if (sorted == NULL)
        return false;
    memcpy(sorted, map, plane * sizeof *sorted);
    qsort(sorted, plane, sizeof *sorted, by_size);
    thread_yield();
    const float white = sorted[plane - 1 - plane / 100];
    for (size_t i = 0; i < plane; i++)
        memset(rgb + 3 * i, white > 0 ? (int)(fminf(map[i] / white, 1) * 255 + 0.5f) : 0, 3);
    free(sorted);
    return true;
}

bool sanity_sheet_save(const char *path, const Sanity *own, const Sanity *random, Err *err)
{
    enum { GAP = 4 };
    const Shape in = own->input;
    const int rows = random != NULL ? 2 * SANITY_CLASSES : SANITY_CLASSES;
    const int w = SANITY_MAPS * (in.w + GAP) - GAP, h = rows * (in.h + GAP) - GAP;
    unsigned char *sheet = malloc(size_product((size_t)w * (size_t)h, 3)), *tile = malloc(size_product((size_t)in.w * (size_t)in.h, 3));
    bool good = sheet != NULL && tile != NULL;
    if (good)
        memset(sheet, 255, (size_t)w * (size_t)h * 3);
    for (int r = 0; good && r < rows; r++)
        for (int m = 0; m < SANITY_MAPS && good; m++) {
            const Sanity *s = r < SANITY_CLASSES ? own : random;
            good = sanity_picture(s->maps[m][r % SANITY_CLASSES], in, tile);
            for (int y = 0; good && y < in.h; y++)
                memcpy(sheet + 3 * ((size_t)(r * (in.h + GAP) + y) * (size_t)w + (size_t)(m * (in.w + GAP))), tile + 3 * (size_t)y * (size_t)in.w, (size_t)in.w * 3);
        }
    good = good ? image_save_png(path, sheet, w, h, err) : err_set(err, "%s: not enough memory for the picture", path);
    free(sheet);
    free(tile);
    return good;
}
