/* image.h - pictures: decodes them, resizes them like PIL, and converts them to the input of a network. */
#ifndef INCEPTOSCOPE_IMAGE_H
#define INCEPTOSCOPE_IMAGE_H

#include "engine/base/stop.h"
#include "engine/net/net.h"

typedef struct Image {
    int w, h;
    unsigned char *rgb;         /* h rows of w pixels of 3 bytes; owned */
    int orientation;            /* EXIF, 1 (upright) to 8; decoding does not apply it, see image_turn */
    char note[160]; /* what decoding changed: "alpha dropped", "grey repeated", "orientation 6 ignored, as in training" */
} Image;

/* JPEG, PNG, BMP, GIF (first frame) or PPM; the content decides, not the name. At most 64 megapixels (2^26); a JPEG may have 200, and
 * above 64 it is decoded at half size. Memory: 12 bytes per pixel at most, with the file; a photo of 108 megapixels as cameras write it
 * (4:2:0) takes 350 MB. */
bool image_load(const char *path, Image *out, Err *err);
/* The same on a thread that can be stopped, and only from a plain file; see file_read. Decoding itself is not stopped. */
bool image_load_unless(Stop *stop, const char *path, Image *out, Err *err);
bool image_decode(const unsigned char *bytes, size_t size, const char *name, Image *out, Err *err);
/* Whether a file with these first bytes has a format that is decoded, even if it is broken. */
bool image_recognise(const unsigned char *head, size_t size);
void image_free(Image *image);
/* Applies image->orientation, which becomes 1. Training pictures are not turned, so this is the user's choice. */
bool image_turn(Image *image, Err *err);
/* PIL's Image.resize((w, h), BILINEAR), byte for byte; resize.c has the formula. out->rgb is new. */
bool image_resize(const Image *in, int w, int h, Image *out, Err *err);
/* Resizes and crops by the network's rule. *out is the net->input.w x net->input.h picture that the network sees; crop, if not
 * NULL, is its place in the original: x, y, w, h in pixels of the original. */
bool image_fit(const Image *in, const Net *net, Image *out, float crop[4], Err *err);
/* The byte of a pixel that the network's input channel c is made from: red, green or blue in the network's order. If there is one
 * channel, it is the grey of the pixel (PIL's convert("L")). */
int image_byte(const unsigned char rgb[3], const Net *net, int c);
/* The name of that byte: "R", "G", "B" or "grey". */
const char *image_byte_name(const Net *net, int c);
/* The network's input value that a byte of channel c becomes. */
float image_value(const Preprocess *p, int c, int byte);
/* The network's input values of a fitted picture; x (C, H, W), C 3 or 1. */
void image_values(const Image *fitted, const Net *net, float *x);
/* The levels of a fitted picture, 0 to 255: image_byte of each channel; levels (C, H, W), C 3 or 1. */
void image_levels(const Image *fitted, const Net *net, float *levels);
/* A picture of which image_fit makes `fitted` again, to the byte: `fitted` itself, or, where the rule crops, the original as it was
 * resized with `fitted` in the crop's place. */
bool image_unfit(const Image *original, const Image *fitted, const Net *net, Image *out, Err *err);
/* PNG by stb_image_write, written to a temporary file and renamed. */
bool image_save_png(const char *path, const unsigned char *rgb, int w, int h, Err *err);

#endif
