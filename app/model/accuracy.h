/* accuracy.h - a network's answers on a folder of labelled pictures, counted. judge.h asks the network. */
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
    Judgement *pictures;        /* by sample of the set */
    CalibrationBin bins[CALIBRATION_BINS];
} Accuracy;

/* Nothing is counted yet. False if out of memory; free it in both cases. */
bool accuracy_make(Accuracy *a, int classes, int samples);
void accuracy_free(Accuracy *a);
void accuracy_clear(Accuracy *a);       /* counts from 0 again; `pictures` stays */
/* The judgement of a picture's probabilities; label -1: never right. */
Judgement accuracy_judgement(const float *probs, int classes, int label);
/* Counts a picture, once; one that could not be read is not counted. */
void accuracy_count(Accuracy *a, int sample, int label, Judgement judgement);

int accuracy_bin(float confidence);     /* its calibration bin */
int accuracy_pictures_of(const Accuracy *a, int class_index);       /* pictures with this label */
/* Expected calibration error: the mean over the answers of |share that is right - mean confidence| of their bin (Guo et al. 2017,
 * "On calibration of modern neural networks", with ten bins). 0 without pictures. */
double accuracy_ece(const Accuracy *a);

/* For each class of a set, the network's class of that name: the label itself, or the first of its synonyms. Without labels, or if no
 * name is known, the classes are in the network's order if they are as many. False and a message otherwise. class_of: set->classes.count. */
bool judge_classes(const Source *source, const Dataset *set, int *class_of, Err *err);

#endif
