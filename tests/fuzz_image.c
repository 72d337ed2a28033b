/* fuzz_image.c - libFuzzer target of the picture decoder and of everything that reads its header. Seeds: tests/pictures. */
#include "engine/io/image.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    Image image;
    Err err;
    if (image_decode(bytes, size, "fuzz.png", &image, &err)) {
        if (image.orientation != 1 && (long)image.w * image.h < 1000000)
            (void)image_turn(&image, &err);
        image_free(&image);
    }
    return 0;
}
