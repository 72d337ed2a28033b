/* path.h - from one value down to a pixel, along the terms that make it: each step takes a value apart (explain.h), follows one of its
 * terms, and takes that term's input apart next. A step keeps what is needed to add the value up again, bit for bit.
 *
 * Which term is followed: of a sum the one that adds most to the value (largest product in the direction of the value; if none goes
 * there, the largest product), or another one by its rank. A max pool follows its winner, an average its largest cell, a concat and a
 * dropout what they copy, LRN and softmax the value at their own channel; the other channels there only divide. The walk ends at a
 * pixel, or where the value is 0 or nothing but its bias. */
#ifndef INCEPTOSCOPE_PATH_H
#define INCEPTOSCOPE_PATH_H

#include "engine/net/explain.h"

typedef enum PathEnd {
    PATH_GOES_ON,
    PATH_PIXEL,                 /* the value is the network's input */
    PATH_ZERO,                  /* the value is 0: nothing adds to it that a ReLU or a sum has not taken away */
    PATH_CONSTANT,              /* all terms are 0, or all are padding: the value is bias and batch norm alone */
    PATH_END_COUNT,
} PathEnd;

typedef struct PathStep {
    Explanation e;              /* unit, value, and what the op does after its sum */
    PathEnd end;
    int rank;                   /* of the followed term, 0: the one that adds most */
    int term;                   /* its index in the engine's order; -1 at the end of the path */
    Term followed;
    float before;               /* conv, fc, average: the sum before it: before + product = followed.sum, in float32 */
    Unit next;                  /* whose value is followed.in */
    double share;               /* of this value: what the term adds to it / value; 1 for copies and winners; 0 for what only divides or did
                                 * not win */
    double whole;               /* the product of the shares so far: of the first value */
} PathStep;

/* The step at `unit`, following the term of this rank, 0 or more. maps, terms: as for explain_value. order: room for as many ints as
 * terms. Afterwards terms[0, out->e.term_count) are this value's terms and order their ranking. whole: that of the step before, 1 at the
 * start. False if the value has no term of this rank, and then out->e is still filled; or if out of memory. */
bool path_step(const Net *net, const float *weights, const float *const *maps, Unit unit, int rank, double whole, Term *terms, int *order,
               PathStep *out);

/* Which terms are followed by hand: rank[i] at step i, counted from 0; the steps after the last follow rank 0. */
enum { PATH_RANKS_MAX = 256 };
typedef struct PathRanks { int count, rank[PATH_RANKS_MAX]; } PathRanks;

/* All steps from `unit` on, into steps, which has room for net->layer_count of them: each goes to a layer before. Returns how many. The
 * last one has an end; or, if it has no term of the rank that was asked for (or out of memory), it goes on and its term is -1. A rank that
 * is not 0 at a step that ends is left in it. */
int path_walk(const Net *net, const float *weights, const float *const *maps, Unit unit, const PathRanks *ranks, Term *terms, int *order, PathStep *steps);
/* "1,1,3": ranks counted from 1, as people write them; false if it is anything else. path_ranks_text is the way back: without the last 1s,
 * "" if nothing is left, or if it does not fit. */
bool path_ranks_parse(const char *text, PathRanks *out);
void path_ranks_text(const PathRanks *ranks, char *out, size_t size);

#endif
