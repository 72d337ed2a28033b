/* sliding.h - the window of one output value of a convolution or a pool: where it is on the input's maps, and which input channels
 * contribute most to the value. */
#ifndef INCEPTOSCOPE_SLIDING_H
#define INCEPTOSCOPE_SLIDING_H

#include "app/model/model.h"

enum { SLIDING_TOP = 12 };

typedef struct SlidingWindow {
    Cursor at;                  /* the output value */
    int input;                  /* the layer whose maps the window is on */
    ReceptiveField place;       /* rows and columns of these maps; what is outside of them is padding, or the overhang of a ceil rule */
    /* A convolution's channels, the largest |sum of products| first, each with its sum; a pool's one channel with the value. A channel
     * whose taps are all in the padding has 0. */
    ChannelPart top[SLIDING_TOP];
    int count;
} SlidingWindow;

/* Whether the layer has a window that slides: convolutions and pools. */
bool sliding_layer(const Layer *l);
/* The window of the value at `at`. Its channels are those that contribute most at `ranked`, a place of the same map: `at` itself, or
 * one place for all steps, so that the channels stay while the window moves. False if a map is not computed yet, memory is out, or
 * `at` is no value of such a layer. */
bool sliding_window(const Model *m, Cursor at, Cursor ranked, SlidingWindow *out);

#endif
