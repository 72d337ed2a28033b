/* recording.h - records the walk from the current layer to the end of the network as a GIF in the working folder. Playing runs
 * meanwhile; the shell passes the pixels of the frames that are wanted. */
#ifndef INCEPTOSCOPE_RECORDING_H
#define INCEPTOSCOPE_RECORDING_H

#include "app/session/play.h"
#include "app/session/saving.h"
#include "engine/io/gif.h"

typedef struct FrameJob FrameJob;

typedef struct Recording {
    bool on;
    Gif *gif;                   /* NULL before the first frame; `packing` uses it */
    FrameJob *packing;          /* the last frame, on a thread of its own; or NULL */
    int w, h;                   /* of the window's frames */
    double start, next;         /* when it began; when the next frame is due */
} Recording;

/* Begins a recording, or ends the running one and writes the file. */
void recording_toggle(Recording *r, Saving *saving, Play *play, Model *m);
bool recording_due(const Recording *r, const Model *m); /* this frame's pixels will be wanted: leave the sign out of them */
/* Call at the end of a frame: whether its pixels are wanted. Ends the recording when playing has ended. */
bool recording_wants(Recording *r, Saving *saving, Play *play, Model *m);
void recording_pixels(Recording *r, Model *m, const unsigned char *rgb, int w, int h);
void recording_drop(Recording *r);      /* ends it without writing */

#endif
