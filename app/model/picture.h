/* picture.h - the network's input picture: as it is on disk, as preprocessing resizes and crops it, and as numbers. */
#ifndef INCEPTOSCOPE_PICTURE_H
#define INCEPTOSCOPE_PICTURE_H

#include "engine/io/image.h"

typedef struct Picture {
    char path[1024];
    char name[96];              /* last part of the path, for the top bar */
    Image original;
    Image fitted;               /* net->input.w x net->input.h */
    float crop[4];              /* the part of the original that `fitted` shows: x, y, w, h */
    float *x;                   /* the network's input values, C H W */
    float black[3], full[3];    /* what the bytes 0 and 255 become, for each channel */
    uint64_t version;           /* different for different fitted pixels, see Command.version of the draw list */
    int64_t modified;           /* when the file was last changed, nanoseconds; for reloading */
} Picture;

/* A hash of the pixels: equal pixels have the same version, whatever file they came from. */
uint64_t image_version(const Image *image);

/* Reads the file and fits it to the network. False with a message, *out untouched, on failure. */
bool picture_open(const char *path, const Net *net, Picture *out, Err *err);
/* The same on a thread that can be told to stop; see file_read. */
bool picture_open_unless(Stop *stop, const char *path, const Net *net, Picture *out, Err *err);
/* The picture that a description contains (net->given_input, not NULL), as in tiny.net: x holds its numbers, the images show them
 * as grey levels, path is "". */
bool picture_given(const Net *net, Picture *out, Err *err);
/* Fits the same original to another network; on failure the picture stays as it was. */
bool picture_refit(Picture *picture, const Net *net, Err *err);
/* Applies the EXIF orientation, which decoding ignores, as training does. */
bool picture_turn(Picture *picture, const Net *net, Err *err);
void picture_free(Picture *picture);

/* What preprocessing did to this picture. */
typedef enum Fitting { FITTED_AS_IT_IS, FITTED_RESIZED, FITTED_SQUEEZED, FITTED_CROPPED } Fitting; /* SQUEEZED: its proportions changed */
Fitting picture_fitting(const Picture *picture);
/* Whether the file on disk changed since it was read. */
bool picture_changed(const Picture *picture);

#endif
