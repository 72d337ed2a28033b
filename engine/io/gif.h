/* gif.h - writing animated GIFs (GIF89a): each frame with its own 256 colours, repeated for ever. */
#ifndef INCEPTOSCOPE_GIF_H
#define INCEPTOSCOPE_GIF_H

#include "engine/base/err.h"

#include <stddef.h>

typedef struct Gif Gif;

/* NULL and a message without memory or with a side beyond 65535. */
Gif *gif_new(int w, int h, Err *err);
/* rgb: h rows of w pixels of 3 bytes, copied. A frame equal to the one before prolongs it. seconds: how long it is shown. */
bool gif_frame(Gif *gif, const unsigned char *rgb, double seconds, Err *err);
int gif_frames(const Gif *gif);
/* Writes the file whole or not at all. False with a message when it cannot be written or has no frame. */
bool gif_save(Gif *gif, const char *path, Err *err);
void gif_free(Gif *gif);

#endif
