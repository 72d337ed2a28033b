/* evaluate.h - compares a network's answers with the labels of a set of pictures. */
#ifndef INCEPTOSCOPE_TRAIN_EVALUATE_H
#define INCEPTOSCOPE_TRAIN_EVALUATE_H

#include "engine/net/run.h"
#include "engine/train/features.h"

typedef struct Evaluation {
    int count, correct;         /* pictures that were decoded; those of them with the right answer */
    double loss;                /* mean cross-entropy of the main head, without smoothing */
    int classes;
    int *confusion;             /* classes x classes: [label * classes + answer] pictures */
    int *answers;               /* per sample of the set; -1 if the picture could not be decoded */
} Evaluation;

/* Runs the whole set through `run` in inference mode with `weights`. The loader must not augment. The run keeps these weights; a
 * trainer sets its own again at its next step. False only if out of memory. */
bool evaluate(Run *run, const float *weights, BatchLoader *loader, int sample_count, Evaluation *out, Err *err);
/* The same from the maps of frozen layers, which must have been computed with the frozen part of these weights. */
bool evaluate_features(Run *run, const float *weights, const Frozen *frozen, Features *features, int sample_count, Evaluation *out, Err *err);
void evaluation_free(Evaluation *e);
double evaluation_accuracy(const Evaluation *e);
/* Pictures on which two evaluations of the same set differ. */
int evaluation_differences(const Evaluation *a, const Evaluation *b, int sample_count);

#endif
