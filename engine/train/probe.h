/* probe.h - trains the last layer of a network alone, on the maps that it reads: a softmax regression on fixed features ("linear probe").
 *
 * Each step takes all pictures, in their order: the loss is their mean cross-entropy, the update is Adam's (optim.h). There are no
 * random numbers: all weights begin at 0, since the loss has one minimum. One thread computes, in a fixed order of additions, so the
 * same features give the same bits everywhere the kernels' C is compiled without contraction. */
#ifndef INCEPTOSCOPE_TRAIN_PROBE_H
#define INCEPTOSCOPE_TRAIN_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Probe {
    int inputs, classes;
    float scale;                /* features are multiplied by it: 1 / their root mean square, so that one rate suits every network */
    size_t count;               /* classes * inputs weights, then the biases */
    float *weights;             /* of scaled features; owned, like the rest */
    float *grads, *moment1, *moment2;
    float *logits, *dlogits;    /* (classes) of one picture */
    int64_t step;
} Probe;

/* Mean over the pictures. */
typedef struct ProbeScore {
    double loss, accuracy;
} ProbeScore;

enum { PROBE_STEPS = 200 };

/* x (n, inputs) are the features that it will learn, for their scale. False if out of memory. */
bool probe_new(Probe *probe, int inputs, int classes, const float *x, int n);
void probe_free(Probe *probe);
/* *score is that of the weights before the step. Gives its turn back (thread.h) now and then. */
void probe_step(Probe *probe, const float *x, const int *labels, int n, ProbeScore *score);
/* Without a step; n may be 0, then both are 0. */
void probe_score(const Probe *probe, const float *x, const int *labels, int n, ProbeScore *score);
/* The layer's own weights (classes, inputs) and biases (classes; NULL: it has none), which take features as they are. */
void probe_take(const Probe *probe, float *weights, float *biases);

#endif
