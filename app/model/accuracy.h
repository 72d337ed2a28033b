/* accuracy.h - a network's answers on a folder of labelled pictures, and the same with changed weights or swapped channels, side by
 * side. Goes picture by picture, so that a caller can show progress and stop anywhere.
 *
 * Both have the values of `predict` (one picture at a time, source.h's run_probabilities). Of the changed network only layers that
 * depend on a change are computed; the maps that they read come from the network as it is. */
#ifndef INCEPTOSCOPE_ACCURACY_H
#define INCEPTOSCOPE_ACCURACY_H

#include "app/model/source.h"
#include "engine/train/data.h"

enum { CALIBRATION_BINS = 10, ACCURACY_TOP = 5 };

/* Answers by their confidence, the probability of the answer: bin k has those above k / 10 up to (k + 1) / 10. */
typedef struct CalibrationBin {
    int count, right;
    double confidence;          /* sum */
} CalibrationBin;

typedef struct Judgement {
    int answer;                 /* class; -1: the picture could not be read */
    float prob;                 /* of the answer: its confidence */
    int rank;                   /* of the label among the classes, 0 is the first; of equal ones, lower classes come first */
} Judgement;

typedef struct Accuracy {
    int count, top1, top5;      /* pictures that were read, and of those: the label is the answer, is among the first five */
    int classes;
    int *confusion;             /* classes x classes: [label * classes + answer] */
    int *top5_of;               /* by class */
    Judgement *pictures;         /* by sample of the set */
    CalibrationBin bins[CALIBRATION_BINS];
} Accuracy;

int accuracy_pictures_of(const Accuracy *a, int class_index);       /* pictures with this label */
/* Expected calibration error: the mean over the answers of |share that is right - mean confidence| of their bin (Guo et al. 2017,
 * "On calibration of modern neural networks", with ten bins). 0 without pictures. */
double accuracy_ece(const Accuracy *a);

typedef struct JudgeSetup {
    const Engine *engine;
    const Net *net;             /* whose main path has scores (net_need_scores) */
    const float *weights;
    const float *changed;       /* weights of the changed network, or NULL for the same */
    bool swapped;               /* the changed network reads blue where the other one reads red */
    const Dataset *set;
    const int *class_of;        /* the network's class of each of the set's labels; may be -1: never right */
} JudgeSetup;

typedef struct Judge Judge;
/* Everything in the setup is borrowed. NULL and a message if out of memory. */
Judge *judge_new(const JudgeSetup *setup, Err *err);
void judge_free(Judge *judge);
/* Judges the next picture; false when all are done. */
bool judge_step(Judge *judge);
/* So far. changed: of the changed network; NULL if the setup has none. */
const Accuracy *judge_result(const Judge *judge, bool changed);
/* The index-th picture that could not be read, as a line with the reason; false if there are no more. */
bool judge_unreadable(Judge *judge, int index, char *line, size_t size);
/* The number of layers that are computed for the changed network. */
int judge_computed(const Judge *judge);

/* For each class of a set, the network's class of that name: the label itself, or the first of its synonyms. Without labels, or if no
 * name is known, the classes are in the network's order if they are as many. False and a message otherwise. class_of: set->classes.count. */
bool judge_classes(const Source *source, const Dataset *set, int *class_of, Err *err);

#endif
