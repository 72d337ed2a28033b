/* png.h - PNG pictures (W3C PNG specification, second edition). For image.c alone. */
#ifndef INCEPTOSCOPE_PNG_H
#define INCEPTOSCOPE_PNG_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Png {
    int w, h;
    int channels;               /* as the file has them: 1 grey, 3 colour or palette, one more with transparency */
    unsigned char *rgb;         /* h rows of w pixels of 3 bytes, transparency dropped, 16 bits cut to 8; from malloc */
} Png;

/* Decodes any colour type, depth and interlacing. False, with why in a few words in *reason, for a broken file or without memory.
 * Needs as much memory as the packed data, the unpacked rows and the picture together, whatever the data unpack to. */
bool png_decode(const unsigned char *bytes, size_t size, Png *out, const char **reason);

#endif
