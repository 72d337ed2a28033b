/* image_sniff.h - what a picture file says about itself before it is decoded. For image.c alone. */
#ifndef INCEPTOSCOPE_IMAGE_SNIFF_H
#define INCEPTOSCOPE_IMAGE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ImageFormat { IMAGE_UNKNOWN, IMAGE_JPEG, IMAGE_PNG, IMAGE_BMP, IMAGE_GIF, IMAGE_PNM } ImageFormat;

typedef struct ImageFacts {
    ImageFormat format;
    bool truncated; /* the file ends before its first picture does (formats where stb_image would not notice) */
    bool broken;                /* JPEG: Huffman tables that no decoder should be given */
    int64_t pixels;             /* PNG: as its header claims (stb_image gives no reason when it is too large); else 0 */
    int orientation;            /* EXIF, 1..8; 1 is upright */
    bool four_inks;             /* CMYK or YCCK JPEG */
    bool palette;               /* indices into a colour table */
    bool sixteen_bit;
    int white;                  /* PNM: the sample value that means full intensity; 255 elsewhere */
} ImageFacts;

ImageFacts image_sniff(const unsigned char *bytes, size_t size);

#endif
