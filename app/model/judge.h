/* judge.h - asks a network, and the same with changed weights or layers, about the pictures of a labelled folder. Goes picture by
 * picture, so that a caller can show progress and stop anywhere.
 *
 * Both have the values of `predict` (one picture at a time, source.h's run_probabilities). Of the changed network only layers that
 * depend on a change are computed; the maps that they read come from the network as it is. JudgeMaps keeps these, so that the next
 * change at the same place begins with them. */
#ifndef INCEPTOSCOPE_JUDGE_H
#define INCEPTOSCOPE_JUDGE_H

#include "app/model/accuracy.h"

/* Maps of the network as it is, which the layers of changed networks read: of the set's first `count` pictures. Zeroed with a budget it
 * is ready. It belongs to one network, its weights, an engine and a set; judge_maps_free empties it before another one. */
typedef struct JudgeMaps {
    size_t budget;              /* bytes */
    bool *layers;               /* whose maps it has, one after the other; owned */
    bool swapped;               /* the input is that of a network that reads blue where the other one reads red */
    float **values;             /* by picture; NULL: it cannot be read; owned */
    int count, room;
    size_t each;                /* floats of one picture */
} JudgeMaps;

void judge_maps_free(JudgeMaps *maps);  /* `budget` stays */

typedef struct JudgeSetup {
    const Engine *engine;
    const Net *net;             /* whose main path has scores (net_need_scores) */
    const float *weights;
    /* The changed network: of the same layers, of which only relu may differ, and the order of the picture's channels. NULL: the same. */
    const Net *changed_net;
    const float *changed_weights;
    const Dataset *set;
    const int *class_of;        /* the network's class of each of the set's labels; may be -1: never right */
    int first;                  /* the picture to begin with */
    int threads;                /* as in RunOptions */
    bool only_changed;          /* the answers of the network as it is are known: of it only what the changed one reads is computed */
    JudgeMaps *maps;            /* with only_changed; or NULL */
} JudgeSetup;

typedef struct Judge Judge;
/* Everything in the setup is borrowed. NULL and a message if out of memory. */
Judge *judge_new(const JudgeSetup *setup, Err *err);
void judge_free(Judge *judge);
/* Judges the next picture; false when all are done. */
bool judge_step(Judge *judge);
/* So far. changed: of the changed network; NULL if it was not asked. */
const Accuracy *judge_result(const Judge *judge, bool changed);
/* The index-th picture that could not be read, as a line with the reason; false if there are no more. */
bool judge_unreadable(Judge *judge, int index, char *line, size_t size);
/* The number of layers that are computed for the changed network. */
int judge_computed(const Judge *judge);

#endif
