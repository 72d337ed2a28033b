/* teach_last.h - teaches a network the classes of bins: trains its last layer on the features of the pictures (engine/train/probe.h) beside
 * the window, judges the pictures that were held out, and makes the network with that layer.
 *
 * In each bin a quarter of the pictures is held out, one at least: they take no part in the learning, and what is said about right and
 * wrong is about them alone. Which ones these are depends on their pixels and the seed, and pictures of equal pixels count once. So the same
 * pictures and seed give the same bits, in whatever order the pictures came and however many threads looked at them. */
#ifndef INCEPTOSCOPE_TEACH_LAST_H
#define INCEPTOSCOPE_TEACH_LAST_H

#include "app/model/teach_looks.h"
#include "engine/train/probe.h"

/* Why it cannot begin, or that it can. */
typedef enum TeachReady { TEACH_READY, TEACH_NO_NETWORK, TEACH_FEW_BINS, TEACH_EMPTY_BIN, TEACH_FEW_PICTURES, TEACH_SAME_NAME /* or none */, TEACH_LOOKING, TEACH_STOPPED } TeachReady;
enum { TEACH_EACH_LEAST = 2 };  /* different pictures of a class: one to learn, one to be held out */
/* *bin: the one that it is about, or -1. */
TeachReady teach_ready(const TeachBins *bins, const TeachLooks *looks, int *bin);
/* How many pictures would learn, and how many would be held out, with any seed. 0 if out of memory. */
int teach_split(const TeachBins *bins, const TeachLooks *looks, int *held);

typedef struct TeachPoint {
    ProbeScore learned, held;   /* before the step */
} TeachPoint;

/* A picture that took part, and what the taught network says of it. */
typedef struct TeachAnswer {
    int picture, label, said;   /* classes are bins */
    float prob;                 /* of what it says */
    bool held;
} TeachAnswer;

typedef struct TeachResult {
    int classes;
    char names[TEACH_BINS_MOST][TEACH_NAME_MAX];
    int learned, held, right;   /* pictures; of those held out: with the right answer */
    int count;                  /* learned + held */
    TeachAnswer *answers;       /* count: those learned, then those held out, each by class; owned */
    int *confusion;             /* of those held out, classes x classes: [label * classes + said]; owned */
    double seconds;             /* from the features to the answers */
    Source source;              /* the taught network: taken over by the window, then empty */
} TeachResult;
void teach_result_free(TeachResult *result);

typedef struct TeachLast TeachLast;
typedef struct TeachLastSetup {
    const TeachBins *bins;      /* these three are copied */
    const TeachLooks *looks;    /* teach_ready must be TEACH_READY */
    const char *networks_dir;
    uint64_t seed;
    void (*wake)(void *);
    void *wake_user;
} TeachLastSetup;
TeachLast *teach_last_start(const TeachLastSetup *setup, Err *err);
void teach_last_leave(TeachLast *teach); /* tells it to stop and does not wait; NULL is allowed */
/* Points of the curve so far, which do not change any more; at most PROBE_STEPS. */
const TeachPoint *teach_last_curve(const TeachLast *teach, int *count);
bool teach_last_done(TeachLast *teach);
/* Once, when it is done: the caller owns *result. False and a message if it failed. The curve stays until teach_last_leave. */
bool teach_last_take(TeachLast *teach, TeachResult *result, Err *err);

/* The network of `source` with so many classes and without auxiliary heads, its weights except those of the last layer, which are 0. *layer
 * is that layer. */
bool teach_source(const Source *source, int classes, const char *networks_dir, Source *out, int *layer, Err *err);

/* For this and for teach_whole.h: counts an answer, probs (classes). And the names of the classes, why the network is what it is, and how it was
 * trained (from malloc, taken over; NULL: out of memory) for its file. */
void teach_count(TeachResult *result, TeachAnswer *answer, const float *probs);
bool teach_name_classes(TeachResult *result, const char *why, char *trained, Err *err);

/* How far `right` of n says what share would be right of many: Wilson's interval with 95 percent (Wilson 1927, "Probable inference, the law of
 * succession, and statistical inference"), whose ends are in 0 .. 1. n at least 1. */
void teach_interval(int right, int n, double *low, double *high);

#endif
