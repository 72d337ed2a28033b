/* examples.h - the photos of a folder that excite each channel most ("dataset examples"; a channel is also called a unit). Every photo
 * goes through the network once. Of each photo and each channel the largest value is kept with its place, the first one in reading
 * order if several are equal. Everything else (the strongest photos, the spread of the maxima, the classes) is counted from these.
 *
 * The channels are those of every convolution and fully connected layer of the main path, after ReLU. A concat and a dropout copy
 * them, so their channels are the same ones; examples_unit finds them. */
#ifndef INCEPTOSCOPE_TRAIN_EXAMPLES_H
#define INCEPTOSCOPE_TRAIN_EXAMPLES_H

#include "engine/io/image.h"
#include "engine/net/explain.h"
#include "engine/net/run.h"
#include "engine/train/photos.h"

enum { EXAMPLES_TOP = 9, EXAMPLES_TOP_MAX = 100, EXAMPLES_BINS = 24 };

typedef enum PhotoState { PHOTO_WAITS, PHOTO_DONE, PHOTO_BROKEN } PhotoState;

typedef struct Maximum {
    float value;
    int32_t place;              /* y * w + x in the layer's map */
} Maximum;

typedef struct Examples {
    const Net *net;             /* borrowed */
    Photos photos;              /* owned */
    uint64_t key;               /* of all that the maxima depend on */
    int *first;                 /* layer_count + 1: a layer's first channel among the units; next layer's if it has none */
    int units;
    Maximum *maxima;            /* (photos, units) */
    atomic_uchar *states;       /* a PhotoState for each photo; its maxima can be read once it is done */
    char **problems;            /* why a photo is broken, or NULL; owned */
    atomic_int finished;        /* photos that are done or broken */
} Examples;

/* Takes the photos over, also on failure. False and a message when there is not enough memory for so many photos. */
bool examples_new(Examples *e, const Net *net, const float *weights, Photos photos, Err *err);
void examples_free(Examples *e);

typedef struct ExamplesFill {
    const Engine *engine;       /* the fast one */
    const float *weights;       /* as in examples_new */
    int threads;                /* photos at a time; 0: one for each core. The maxima do not depend on it */
    Stop *stop;                 /* or NULL */
    const char *file;           /* the cache: what is in it is not computed again; NULL: none */
    void (*progress)(void *user); /* or NULL; after each photo, on any thread */
    void *user;
} ExamplesFill;
/* Computes the photos that are still waiting. While it runs, other threads may read photos that are done. From time to time and at the
 * end it writes `file`, completely or not at all, so that a stopped or killed program goes on from there; the last file is the same
 * bytes as without an interruption. If it cannot be written the message is in *err, and the result is good all the same. False and a
 * message if no photo could be computed for want of memory. */
bool examples_fill(Examples *e, const ExamplesFill *fill, Err *err);
/* Whether no photo waits. */
bool examples_complete(const Examples *e);

/* examples_file.c: the cache. Reading keeps e as it is when there is no such file, it belongs to something else or is damaged. */
bool examples_read(Examples *e, const char *file);
bool examples_write(const Examples *e, const char *file, Err *err);

/* ---- what the maxima say (examples_rank.c) ---- */

/* The channel whose values these are: 4c[60] of a concat is 4c/1x1[60]. With `through`, also behind pools and norms, which change the
 * values but keep the channels. False and a message with the remedy if there is none: the input, a softmax, an auxiliary head, a pool. */
bool examples_unit(const Net *net, Address at, bool through, Address *unit, Err *err);

typedef struct Example {
    int photo, y, x;            /* the place in the unit's map */
    float value;
} Example;

/* One channel over all photos that are done. */
typedef struct ExamplesUnit {
    int photos, above;          /* how many are done; those with a value above 0 */
    Example top[EXAMPLES_TOP_MAX]; int count; /* strongest first; among equal values the earlier photo */
    float lo, hi;               /* of the maxima; bins divide lo .. hi equally, the last one has hi too */
    int bins[EXAMPLES_BINS];
} ExamplesUnit;

/* The `most` strongest photos (at most EXAMPLES_TOP_MAX) above 0, at most one place in each. Where values can be negative, as in the
 * scores, those too. A channel that is never above 0 is silent: its count is 0. unit: from examples_unit. */
void examples_of(const Examples *e, Address unit, int most, ExamplesUnit *out);
/* The strongest photo of each channel of a layer with units; photo -1: it is silent. out: the layer's channels. */
void examples_of_layer(const Examples *e, int layer, Example *out);
/* How many of `count` photos are of the commonest class among them; *label that class, the earlier one if two are equally common. 0
 * without classes. */
int examples_purity(const Examples *e, const Example *top, int count, int *label);
/* How many of `count` photos that are drawn at random are of a class, on average. */
double examples_random(const Examples *e, int label, int count);
/* The part of the picture that a place of the layer's map sees, cut at the border of the net's input. */
ReceptiveField examples_field(const Net *net, int layer, int y, int x);

#endif
