/* drawn_kinds.h - two kinds of pictures, discs and stripes, in random colours, places and sizes: nothing but the shape tells them apart. */
#ifndef TESTS_DRAWN_KINDS_H
#define TESTS_DRAWN_KINDS_H

#include "engine/base/rng.h"
#include "engine/io/image.h"
#include "tests/temp_folder.h"

enum { KIND_SIDE = 96 };

/* PNG files kind/0.png and so on in the folder NAME, which is made; the seed says which pictures of their kind. */
static inline void draw_kind(const char *name, bool stripes, int count, uint64_t seed)
{
    static unsigned char rgb[KIND_SIDE * KIND_SIDE * 3];
    Err err;
    mkdir(inside(name), 0777);
    for (int i = 0; i < count; i++) {
        char file[64];
        Rng rng = rng_make(seed * 2 + stripes, (uint64_t)i);
        double ink[3], paper[3];
        for (int c = 0; c < 3; c++) {
            ink[c] = 255 * rng_uniform(&rng);
            paper[c] = ink[c] < 128 ? ink[c] + 100 : ink[c] - 100;
        }
        const double angle = 3.14159 * rng_uniform(&rng), width = 3 + 4 * rng_uniform(&rng), x0 = 30 + 36 * rng_uniform(&rng), y0 = 30 + 36 * rng_uniform(&rng), r = 20 + 16 * rng_uniform(&rng);
        for (int k = 0; k < KIND_SIDE * KIND_SIDE; k++) {
            const double x = k % KIND_SIDE, y = k / KIND_SIDE;
            const bool in = stripes ? fmod(x * cos(angle) + y * sin(angle) + 1000, 2 * width) < width : (x - x0) * (x - x0) + (y - y0) * (y - y0) < r * r;
            for (int c = 0; c < 3; c++)
                rgb[3 * k + c] = (unsigned char)(in ? ink[c] : paper[c]);
        }
        snprintf(file, sizeof file, "%s/%d.png", name, i);
        CHECK(image_save_png(inside(file), rgb, KIND_SIDE, KIND_SIDE, &err), "%s", err.text);
    }
}

#endif
