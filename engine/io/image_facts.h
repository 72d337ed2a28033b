/* image_facts.h - what the headers of a picture file say, before it is decoded. Only image.c and image_sniff*.c include this. */
#ifndef INCEPTOSCOPE_IMAGE_FACTS_H
#define INCEPTOSCOPE_IMAGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ImageFormat { IMAGE_UNKNOWN, IMAGE_JPEG, IMAGE_PNG, IMAGE_BMP, IMAGE_GIF, IMAGE_PNM, IMAGE_FORMATS } ImageFormat;

typedef struct PnmHeader {
    int w, h, channels;
    int white;                  /* the sample value that means full intensity, up to 65535 */
    size_t samples;             /* offset of the samples in the file */
} PnmHeader;

/* The header of a BMP with a palette. */
typedef struct BmpHeader {
    int w, h, bits;             /* bits of an index: 1, 4 or 8 */
    bool from_top;              /* the first row is the highest */
    int colours, colour_size;   /* number of colours, and bytes of each, 3 or 4; none: no readable palette */
    size_t palette, rows;       /* their offsets in the file */
} BmpHeader;

/* A GIF's first frame when it does not cover the canvas. */
typedef struct GifFrame {
    int x, y, w, h;             /* w is 0 if it covers the canvas */
    size_t background;          /* offset of the colour around it (red, green, blue); 0: none */
} GifFrame;

typedef struct ImageFacts {
    ImageFormat format;
    bool truncated; /* the file ends before its first picture does (formats where stb_image would not notice) */
    const char *broken;         /* why no decoder should get the file ("bad Huffman table"), or NULL */
    const char *unread;         /* a variant of the format that is not decoded ("compressed by RLE"), or NULL */
    const char *remedy;         /* what to do with it; NULL: save it as PNG */
    int64_t pixels;             /* from the header; 0 for BMP */
    int orientation;            /* EXIF, 1..8; 1 is upright */
    bool four_inks;             /* CMYK or YCCK JPEG */
    bool adobe;                 /* JPEG: has Adobe's marker, which tells how the inks are stored */
    size_t end;                 /* JPEG without an end mark: where its last scan must end; 0 if it has the mark */
    bool palette;               /* indices into a colour table */
    bool sixteen_bit;
    size_t transparency;        /* GIF: offset of the first frame's flags; their lowest bit makes a colour transparent. 0: none */
    PnmHeader pnm;
    BmpHeader bmp;
    GifFrame frame;
} ImageFacts;

#endif
