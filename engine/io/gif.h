/* gif.h - writes animated GIFs (GIF89a): each frame has its own 256 colours; the animation repeats for ever. */
#ifndef INCEPTOSCOPE_GIF_H
#define INCEPTOSCOPE_GIF_H

#include "engine/base/err.h"

#include <stddef.h>

typedef struct Gif Gif;

/* NULL and a message if out of memory, or if a side is larger than 65535. */
Gif *gif_new(int w, int h, Err *err);
/* rgb: h rows of w pixels of 3 bytes, copied. seconds: its duration. A frame equal to the previous one extends it. */
bool gif_frame(Gif *gif, const unsigned char *rgb, double seconds, Err *err);
void gif_extend(Gif *gif, double seconds); /* the last frame lasts longer; nothing before the first */
int gif_frames(const Gif *gif);
/* Writes the file completely or not at all. False with a message when it cannot be written or has no frame. */
bool gif_save(Gif *gif, const char *path, Err *err);
void gif_free(Gif *gif);

#endif
