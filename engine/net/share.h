/* share.h - what a class's score is made of at any layer: gradient x map, and the biases behind it.
 *
 * Behind a layer A that everything passes through, a network of convolutions, ReLUs and pools is, for one picture, a linear function of
 * A's map: the gates and the winners of the max pools stay as they are. So
 *     score = sum over c, y, x of g[c,y,x] * A[c,y,x]  +  sum over later layers of shift * its gradient,  g = d score / d A,
 * exactly but for rounding ("HiResCAM", Draelos and Carin 2020, for the first sum; "FullGrad", Srinivas and Fleuret 2019, for the second).
 * A batch norm's shift counts as a bias. Before an LRN or softmax it does not close; the gap is what is missing. A share is not what is lost
 * when the part is taken away: neighbours stand in for it. */
#ifndef INCEPTOSCOPE_SHARE_H
#define INCEPTOSCOPE_SHARE_H

#include "engine/net/run.h"

typedef struct ShareBias { int layer; double sum; } ShareBias;

typedef struct Share {
    int layer, class_index, against; /* the score of class_index, or with against >= 0 how far it is ahead of that class */
    Shape shape;                /* of the layer's map */
    float *map, *gradient;      /* (C, H, W), owned */
    double *place;              /* (H, W), owned: sum over the channels */
    double *channel;            /* (C), owned: sum over the places */
    ShareBias *biases; int bias_count; /* of the later layers with biases, in the network's order; owned */
    double maps, bias;          /* the two sums */
    double score;               /* the engine's own */
    double magnitude;           /* sum of |g * A| and of all |biases| */
} Share;

/* Whether the score passes through this layer alone, so that the sum can close. False and a message with the remedy: a branch of a module is
 * one of several ways. */
bool share_allowed(const Net *net, int layer, Err *err);
/* The gap is 0 but for rounding: no LRN or softmax between the layer and the scores. */
bool share_exact(const Net *net, int layer);

/* run: options.gradients, after a forward of one picture; weights: those that it has. against -1: none. Ends with share_free. */
bool share_compute(Run *run, const float *weights, int layer, int class_index, int against, Share *out, Err *err);
/* The same in two steps, for many layers of one score: one pass back to the layer `to`, then the share of any allowed layer from there on.
 * The bits are those of share_compute. */
bool share_pass(Run *run, int to, int class_index, int against, Err *err);
bool share_read(Run *run, const float *weights, int layer, int class_index, int against, Share *out, Err *err);
void share_free(Share *share);
/* score - maps - bias */
double share_gap(const Share *share);

/* Grad-CAM (Selvaraju et al. 2017), only to compare: place[y,x] = sum over c of mean(g[c]) * A[c,y,x], without its ReLU. At the layer before a
 * global average pool it is the class activation map divided by the number of places. */
void share_grad_cam(const Share *share, double *place);
/* order (C): the channels, the largest |share| first, of equal ones the lower. False if out of memory. */
bool share_rank(const Share *share, int *order);

#endif
