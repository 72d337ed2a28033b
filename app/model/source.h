/* source.h - opens a network and its weights. The window and every command open them through source_open, so that defaults are
 * the same everywhere. */
#ifndef INCEPTOSCOPE_SOURCE_H
#define INCEPTOSCOPE_SOURCE_H

#include "engine/io/weights.h"
#include "engine/net/run.h"

typedef struct Source {
    Net *net;
    float *weights;             /* net->weight_count floats */
    WeightsInfo info;           /* without a file, path is "" and why is "untrained weights" */
    bool untrained;             /* seeded He weights: every place that shows results must say so */
} Source;

typedef struct SourceOptions {
    const char *weights;        /* a weight file, or NULL */
    const char *network;        /* a name or a .net file, or NULL */
    int classes;                /* of a network without a weight file; 0: as its description says */
    const char *networks_dir;   /* where names are looked up */
    const char *shipped;        /* weight file for when neither weights nor network is given, if it exists */
    Stop *stop;                 /* for a thread that can be told to stop, see file_read; or NULL */
    bool main_only;             /* nobody looks at heads that the file does not have: give them no random weights */
} SourceOptions;

/* Opens `weights`; else seeded weights for the given network; else the shipped file; else the tutorial's network with seeded
 * weights. False with a message, and *source untouched, on failure. The caller frees it with source_free. */
bool source_open(Source *source, const SourceOptions *options, Err *err);
void source_free(Source *source);
/* Class names in the place of those that came with the weights. Takes over `labels` on success only; they must be as many as the
 * network's classes, else false with a message that names `path`. */
bool source_take_labels(Source *source, const char *path, char **labels, int count, Err *err);
/* The same from a file (engine/io/labels.h). */
bool source_read_labels(Source *source, const char *path, Err *err);
/* Whether this head (0: the main path) has trained weights. They are seeded if there is no file or the file does not have the
 * head. */
bool source_trained(const Source *source, int head);
/* A class's name; "" if the weights have none. */
const char *source_label(const Source *source, int class_index);

/* "reference" or "fast"; NULL chooses the default. Asserts that the name is one of engine_names. */
const Engine *engine_named(const char *name);
extern const char engine_names[]; /* "reference|fast", as an option's choices */

typedef struct Guess {
    int index;
    float prob;
} Guess;
/* Inserts into a list of at most k, sorted largest first, after equal ones; the smallest drops out. Returns the new length. */
int guess_insert(Guess *list, int count, int k, Guess guess);
/* The k largest of n values, largest first; among equal ones the lower index comes first. Returns how many were written. */
int top_guesses(const float *values, int n, Guess *out, int k);

/* The softmax of scores is expf(score - max) / sum. A single score is the logit of a yes or no: the same gives its sigmoid. */
void softmax_parts(const float *scores, int count, float *max, float *sum);

/* Class probabilities of the run's first picture after a forward: the main path's softmax, or that of its scores if it does not end in
 * one. out: net_scores(net, 0) floats. */
void run_probabilities(Run *run, float *out);

/* A copy from malloc, which the caller frees; NULL if out of memory. */
float *copy_floats(const float *from, size_t count);

#endif
