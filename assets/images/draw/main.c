/* main.c - draws the pictures of assets/images: `draw FOLDER` writes them all, `draw FOLDER NAME` one. */
#include "assets/images/draw/paint.h"
#include "engine/io/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*draw)(Canvas *canvas);
} pictures[] = {
    {"daisy", draw_daisy},       {"sunflower", draw_sunflower},       {"dandelion", draw_dandelion},
    {"tulips", draw_tulips},     {"rose", draw_rose},                 {"gratings", draw_gratings},
    {"colour_wheel", draw_colour_wheel}, {"checkerboard", draw_checkerboard},
};

int main(int argc, char **argv)
{
    static unsigned char rgb[PICTURE_W * PICTURE_H * 3];
    if (argc < 2) {
        fputs("usage: draw FOLDER [NAME]\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        Canvas canvas;
        Err err;
        char path[1024];
        if (argc > 2 && strcmp(argv[2], pictures[i].name) != 0)
            continue;
        if (!canvas_new(&canvas)) {
            fputs("draw: not enough memory\n", stderr);
            return 1;
        }
        pictures[i].draw(&canvas);
        canvas_develop(&canvas, rgb);
        canvas_free(&canvas);
        snprintf(path, sizeof path, "%s/%s.png", argv[1], pictures[i].name);
        if (!image_save_png(path, rgb, PICTURE_W, PICTURE_H, &err)) {
            fprintf(stderr, "draw: %s\n", err.text);
            return 1;
        }
    }
    return 0;
}
