/* fuzz_image.c - libFuzzer target of the picture decoder and of everything that reads its header. Seeds: tests/pictures. */
#include "engine/io/image.h"
#include "engine/io/image_sniff.h"
#include "engine/io/jpeg.h"

#include <stdlib.h>

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
    const ImageFacts facts = image_sniff(bytes, size);
    int w, h, channels;
    const char *reason;
    if (facts.format == IMAGE_JPEG && !facts.truncated && facts.broken == NULL && facts.unread == NULL && !facts.four_inks && facts.pixels < 4000000)
        free(jpeg_decode(bytes, size, &facts, true, &w, &h, &channels, &reason)); /* as large pictures are decoded */
    return 0;
}
