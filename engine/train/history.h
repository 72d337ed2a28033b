/* history.h - a table with one row per epoch: losses, accuracies, gradient norms. Saved as CSV; `watch` and a resumed
 * training read it. */
#ifndef INCEPTOSCOPE_TRAIN_HISTORY_H
#define INCEPTOSCOPE_TRAIN_HISTORY_H

#include "engine/net/net.h"

/* Gradients are recorded per group: a module, a head, or a layer outside both. Groups beyond this number are not recorded. */
enum { HISTORY_GROUPS_MAX = 64 };

typedef struct HistoryRow {
    int epoch;                          /* 1 is the first */
    int phase;                          /* 1, and one more for every resume with a changed schedule */
    int64_t step;                       /* optimizer steps done at the epoch's end */
    double lr;                          /* of the last step */
    double train_total;                 /* mean per picture: main + 0.3 aux1 + 0.3 aux2 */
    double train_head[HEADS_MAX];       /* mean cross-entropy per head */
    double train_accuracy;              /* on the augmented pictures, with dropout */
    double val_loss, val_accuracy;
    double ema_loss, ema_accuracy;      /* the same for the averaged weights; -1 if there are none */
    double seconds;                     /* training part of the epoch */
    double norm[HISTORY_GROUPS_MAX];    /* root mean square over the epoch's steps of the gradient's norm */
    char note[160];                     /* what changed: "phase 2: lr 0.0003 cosine to epoch 45" */
} HistoryRow;

typedef struct History {
    char head_names[HEADS_MAX][NET_NAME_MAX];
    int head_count;
    char group_names[HISTORY_GROUPS_MAX][NET_NAME_MAX];
    int group_count;
    double majority;                    /* share of the largest validation class */
    int classes;
    HistoryRow *rows;
    int count;
} History;

/* Sets the columns for this network; no rows yet. Layers with skip[l] (NULL: none) get no column. group_of_layer (net->layer_count ints) receives each layer's group, or -1. */
void history_init(History *h, const Net *net, const bool *skip, int *group_of_layer);
void history_free(History *h);
/* False if out of memory. */
bool history_add(History *h, const HistoryRow *row);

/* The CSV text (malloc), numbers with 17 digits so that reading gives the same bits; NULL if out of memory. */
char *history_text(const History *h);
/* Reads such a text; `source` names it in messages (with line numbers). *h is untouched on failure. */
bool history_parse(const char *text, const char *source, History *h, Err *err);
bool history_save(const History *h, const char *path, Err *err);
/* Reads a file. A last row without end of line is left out: the file may still be being written. */
bool history_load(const char *path, History *h, Err *err);

#endif
