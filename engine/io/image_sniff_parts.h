/* image_sniff_parts.h - functions that the sniffers of all formats share. Only image_sniff*.c include this. */
#ifndef INCEPTOSCOPE_IMAGE_SNIFF_PARTS_H
#define INCEPTOSCOPE_IMAGE_SNIFF_PARTS_H

#include "engine/io/image_facts.h"

typedef struct Bytes {
    const unsigned char *p;
    size_t size;
} Bytes;

/* Numbers of 1, 2 or 4 bytes; 0 past the end. */
static inline uint32_t sniff_number(Bytes b, size_t offset, int length, bool big_endian)
{
    uint32_t value = 0;
    if (offset > b.size || b.size - offset < (size_t)length)
        return 0;
    for (int i = 0; i < length; i++)
        value |= (uint32_t)b.p[offset + (size_t)i] << 8 * (big_endian ? length - 1 - i : i);
    return value;
}

/* The orientation in a TIFF block, 1..8; 1 if it has none. */
int sniff_orientation(Bytes tiff);
void sniff_jpeg(Bytes b, ImageFacts *facts);
void sniff_gif(Bytes b, ImageFacts *facts);

#endif
