/* source.h - where the numbers come from: a network, its weights, and what is known about them. The window and every
 * command open weights through this one function, so that defaults are the same everywhere. */
#ifndef INCEPTOSCOPE_SOURCE_H
#define INCEPTOSCOPE_SOURCE_H

#include "engine/io/weights.h"
#include "engine/net/run.h"

typedef struct Source {
    Net *net;
    float *weights;             /* net->weight_count floats */
    WeightsInfo info;           /* path "" and why "untrained weights" when there is no file */
    bool untrained;             /* seeded He weights: every surface that shows results must say so */
} Source;

typedef struct SourceOptions {
    const char *weights;        /* a weight file, or NULL */
    const char *network;        /* a name or a .net file, or NULL */
    const char *networks_dir;   /* where names are looked up */
    const char *shipped;        /* the weight file that is used when neither weights nor network is given and it exists */
    Stop *stop;                 /* for a thread that may be told to stop, see file_read; or NULL */
    bool main_only;             /* nobody will look at heads that the file does not hold: do not spend time on random ones */
} SourceOptions;

/* weights; else, for a given network, seeded weights; else the shipped file; else the tutorial's network with seeded
 * weights. False with a message, and *source untouched, on failure. The caller frees it with source_free. */
bool source_open(Source *source, const SourceOptions *options, Err *err);
void source_free(Source *source);
/* Whether the weights of this head (0: the main path) mean anything: not seeded ones, for want of a file or because the file has none. */
bool source_trained(const Source *source, int head);

/* "reference" or "fast"; NULL chooses the default. Asserts that the name is one of engine_names. */
const Engine *engine_named(const char *name);
extern const char engine_names[]; /* "reference|fast", as an option's choices */

typedef struct Guess {
    int index;
    float prob;
} Guess;
/* Into a list of at most k that stands largest first, behind its equals; what is too many falls off. Returns its new length. */
int guess_insert(Guess *list, int count, int k, Guess guess);
/* The k largest of n values, largest first, the lower index first among equals. Returns how many were written. */
int top_guesses(const float *values, int n, Guess *out, int k);

/* The softmax of scores is expf(score - max) / sum. */
void softmax_parts(const float *scores, int count, float *max, float *sum);

/* A copy from malloc, which the caller frees; NULL when memory is out. */
float *copy_floats(const float *from, size_t count);

#endif
