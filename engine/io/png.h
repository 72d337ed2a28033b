/* png.h - decodes PNG pictures (W3C PNG specification, second edition). Only image.c calls this. */
#ifndef INCEPTOSCOPE_PNG_H
#define INCEPTOSCOPE_PNG_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Png {
    int w, h;
    int channels;               /* of the file: 1 grey, 3 colour or palette, one more with transparency */
    unsigned char *rgb;         /* h rows of w pixels of 3 bytes, transparency dropped, 16 bits cut to 8; from malloc */
} Png;

/* Decodes any colour type, depth and interlacing. False, with a short reason in *reason, for a broken file or if out of memory.
 * Needs memory for the packed data, the unpacked rows and the picture together, whatever size the data unpack to. */
bool png_decode(const unsigned char *bytes, size_t size, Png *out, const char **reason);

#endif
