/* image_sniff.h - what a picture file says about itself before it is decoded. For image.c alone. */
#ifndef INCEPTOSCOPE_IMAGE_SNIFF_H
#define INCEPTOSCOPE_IMAGE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ImageFormat { IMAGE_UNKNOWN, IMAGE_JPEG, IMAGE_PNG, IMAGE_BMP, IMAGE_GIF, IMAGE_PNM } ImageFormat;

typedef struct PnmHeader {
    int w, h, channels;
    int white;                  /* the sample value that means full intensity, up to 65535 */
    size_t samples;             /* where they begin in the file */
} PnmHeader;

typedef struct ImageFacts {
    ImageFormat format;
    bool truncated; /* the file ends before its first picture does (formats where stb_image would not notice) */
    bool broken;                /* JPEG: Huffman tables that no decoder should be given; PNM: a header without sense */
    const char *unread;         /* a variant of the format that is not decoded ("compressed by RLE"), or NULL */
    int64_t pixels;             /* as the header claims; 0 for BMP */
    int orientation;            /* EXIF, 1..8; 1 is upright */
    bool four_inks;             /* CMYK or YCCK JPEG */
    bool palette;               /* indices into a colour table */
    bool sixteen_bit;
    size_t transparency;        /* GIF: where the first frame's flags are whose lowest bit makes a colour transparent; 0: none */
    PnmHeader pnm;
} ImageFacts;

ImageFacts image_sniff(const unsigned char *bytes, size_t size);

#endif
