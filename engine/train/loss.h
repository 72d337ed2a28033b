/* loss.h - the loss of all heads of a batch, and its gradient with respect to their logits. */
#ifndef INCEPTOSCOPE_TRAIN_LOSS_H
#define INCEPTOSCOPE_TRAIN_LOSS_H

#include "engine/net/run.h"

typedef struct Losses {
    double head[HEADS_MAX]; /* cross-entropy summed over the pictures, per head of the net */
    double total;           /* sum over heads of Head.loss_weight * head */
    int correct;            /* pictures for which the largest main logit is that of the label */
} Losses;

/* Reads the heads' logits after run_forward and ADDS to *sum. `head_count` is net->head_count, which needs net_need_losses, or 1
 * for the main head alone, which needs net_need_scores. labels: run->n. answers, if not NULL, receives the main head's class of
 * each picture. dlogits, if not NULL: head_count arrays of (run->n, classes), overwritten with the gradient of
 * total / whole_batch, where whole_batch is the number of pictures of one optimizer step. scratch: (run->n, classes + 1) floats.
 * Cross-entropy and label smoothing as in ops.h. */
void losses_add(Run *run, int head_count, const int *labels, float smoothing, int whole_batch, float *scratch,
                float *const *dlogits, int *answers, Losses *sum);

#endif
