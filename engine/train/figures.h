/* figures.h - pictures that need no files, drawn from a seed: discs, squares, triangles and stripes in random colours, places and sizes, so
 * that nothing but the shape tells them apart; and a short training on them, which compares small networks. */
#ifndef INCEPTOSCOPE_TRAIN_FIGURES_H
#define INCEPTOSCOPE_TRAIN_FIGURES_H

#include "engine/base/stop.h"
#include "engine/net/run.h"

typedef enum Figure { FIGURE_DISC, FIGURE_SQUARE, FIGURE_TRIANGLE, FIGURE_STRIPES, FIGURES } Figure;
enum { FIGURES_TRAIN = 400, FIGURES_VAL = 200, FIGURES_BATCH = 16 }; /* pictures to learn from and to check with, as many of each kind */

/* Picture `index` of its kind: rgb (h, w, 3). */
void figure_draw(Figure figure, uint64_t seed, int index, int w, int h, unsigned char *rgb);

/* Picture `at` of those that are learnt, the kinds in turn, as a network with this input sees it: rgb (h, w, 3). */
void figures_sample(int at, int w, int h, unsigned char *rgb);

/* What a training has reached. */
typedef struct FiguresSeen {
    int epoch, batch, batches;  /* epochs that have ended; batches of the running one that are done, and all of them */
    int train_right, train_count; /* of the last epoch, with the weights of each step */
    int val_right, val_count;   /* at its end */
} FiguresSeen;

typedef struct FiguresTask {
    const Engine *engine;
    const Net *net;             /* three input channels and FIGURES class scores, see figures_fit */
    int epochs, threads;        /* threads 0: one per core; they change no bit */
    uint64_t seed;              /* of the first weights and of the order; the pictures are always the same */
    Stop *stop;                 /* or NULL */
    void (*seen)(void *user, const FiguresSeen *seen); /* after each batch and each epoch; or NULL */
    void *user;
} FiguresTask;

/* Whether a network can be trained on them. */
bool figures_fit(const Net *net, Err *err);
/* Trains with Adam at 0.005. False with a message, or without one if it was stopped. */
bool figures_train(const FiguresTask *task, FiguresSeen *out, Err *err);

#endif
