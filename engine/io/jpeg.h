/* jpeg.h - decodes JPEG with stb_image, also what stb_image leaves to its caller. Only image.c calls this. */
#ifndef INCEPTOSCOPE_JPEG_H
#define INCEPTOSCOPE_JPEG_H

#include "engine/io/image_facts.h"

/* Three bytes per pixel, w * h; from malloc. NULL and a reason if it is broken.
 * - Four inks without Adobe's marker are CMYK as Adobe stores them (255 is no ink), as PIL takes them.
 * - Without an end mark the picture is decoded twice, with other bytes behind its last scan: if both are equal, the scan was whole
 *   (a panorama whose camera forgot the mark); if not, the file ends early.
 * - half: at half the width and height, rounded up, each pixel the mean of up to four. The whole picture is never stored as RGB, so a
 *   4:2:0 picture takes 2.25 bytes per pixel of the file (1.5 for its planes), a progressive one 3 more. Not for four inks. */
unsigned char *jpeg_decode(const unsigned char *bytes, size_t size, const ImageFacts *facts, bool half, int *w, int *h, int *channels, const char **reason);

/* stb.c: three bytes per pixel, from malloc; NULL if it is broken (stbi_failure_reason). stb_decode: of any other kind. */
unsigned char *stb_decode(const unsigned char *bytes, int size, int *w, int *h, int *channels);
unsigned char *stb_jpeg(const unsigned char *bytes, int size, int *w, int *h, int *channels);
unsigned char *stb_jpeg_half(const unsigned char *bytes, int size, int *w, int *h, int *channels);

#endif
