/* recording.h - an animation of the walk: from where the user is to the end of the network, as a GIF in the working folder. The session
 * plays meanwhile; the shell hands over the pixels of the frames that are asked for. */
#ifndef INCEPTOSCOPE_RECORDING_H
#define INCEPTOSCOPE_RECORDING_H

#include "app/session/play.h"
#include "engine/io/gif.h"

typedef struct Recording {
    bool on;
    Gif *gif;                   /* NULL before the first frame */
    int w, h;                   /* of the window's frames */
    double next;                /* when the next frame is due */
} Recording;

/* Begins, or ends what runs and writes the file. */
void recording_toggle(Recording *r, Play *play, Model *m);
/* At the end of a frame: whether its pixels are wanted. Ends the recording when playing has ended. */
bool recording_wants(Recording *r, Play *play, Model *m);
void recording_pixels(Recording *r, Model *m, const unsigned char *rgb, int w, int h);
void recording_drop(Recording *r);      /* without writing */

#endif
