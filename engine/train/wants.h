/* wants.h - what a unit wants: a picture that raises one channel as far as it goes, made by gradient ascent from noise ("activation
 * maximisation", Erhan et al. 2009; the Fourier basis, decorrelated colours and jitter are those of Olah, Mordvintsev and Schubert 2017,
 * Feature Visualization).
 *
 * The objective is the channel's mean over its map, or the value in the middle of the map, before the ReLU, since behind it a closed unit
 * has no gradient. It is one of many pictures that the unit answers to, no photo. */
#ifndef INCEPTOSCOPE_TRAIN_WANTS_H
#define INCEPTOSCOPE_TRAIN_WANTS_H

#include "engine/net/run.h"

enum { WANTS_SIZE = 128, WANTS_STEPS = 128, WANTS_SIZE_MIN = 16, WANTS_SIZE_MAX = 512, WANTS_STEPS_MAX = 4096, WANTS_PAD = 4, WANTS_JITTER = 8 };

/* The switches of one picture. */
typedef struct WantOptions {
    int channel;
    bool neuron;                /* the value in row H/2, column W/2 of the map; else the mean over the map */
    bool pixels;                /* one number per pixel and colour; else a spectrum of decorrelated colours */
    bool still;                 /* no jitter; else the picture, with a grey border of WANTS_PAD, moves by 0 to WANTS_JITTER pixels a step */
    uint64_t seed;
} WantOptions;

/* One picture that is being made. */
typedef struct Want {
    WantOptions options;
    int size, planes;           /* size x size pixels, in the network's 3 colours or 1 */
    size_t count;
    float *param;               /* pixels: (planes, size, size); else (planes, size, size/2 + 1, 2); owned, as is what follows */
    float *gradient;            /* of -objective, in the last step */
    float *m, *v;               /* Adam's */
    float *rgb;                 /* (planes, size, size), 0 to 1, in the order R G B: the picture before the last step's update */
    int steps;                  /* done */
    float value;                /* the objective in the last step, before its update */
    float first, best;          /* of all steps so far */
} Want;

/* A network up to one layer, for pictures of another size; several pictures in one batch. */
typedef struct WantsNet WantsNet;

/* Whether pictures can be made for a layer's channels. False and a message with the remedy: layers that read the picture themselves
 * (their kernels are the answer), the input, heads, and networks whose pictures have neither 1 nor 3 channels. */
bool wants_allowed(const Net *net, int layer, Err *err);
/* The size of a picture if nobody chooses one: WANTS_SIZE, or the network's own if the layer needs fully connected ones. */
int wants_size(const Net *net, int layer);
/* `weights` are those of `net`, borrowed until wants_close. threads as in RunOptions. NULL and a message with the remedy, for example if a
 * fully connected layer needs the network's own size. */
WantsNet *wants_open(const Engine *engine, const Net *net, const float *weights, int layer, int size, int batch, int threads, Err *err);
void wants_close(WantsNet *wants);
Shape wants_map(const WantsNet *wants);    /* of the layer at this size */

/* A picture of noise at step 0. False if out of memory. Ends with want_free. */
bool want_start(const WantsNet *wants, const WantOptions *options, Want *out);
void want_free(Want *want);
/* One step of Adam for each picture, n <= batch: learning rate 0.05, eps 1e-7. The same bits for any number of threads, and whichever
 * pictures are in the batch. */
void wants_step(WantsNet *wants, Want *const *list, int n);
/* The picture as it is now, 3 bytes R G B a pixel: rgb (size, size, 3). */
void wants_picture(WantsNet *wants, const Want *want, unsigned char *rgb);
/* The same of the picture that the last step began with, which costs nothing. */
void want_seen(const Want *want, unsigned char *rgb);
/* Whether the objective is now higher than it was: not if the unit answers to nothing that noise leads to. */
bool want_rises(const Want *want);

#endif
