/* explain.h - takes one value of one layer apart: its terms, and where it comes from.
 *
 * An explanation is computed from the maps of the layer's inputs with the arithmetic of the reference ops, in their order, so it
 * equals the reference engine's stored value bit for bit. Everything is plain data in the caller's memory. `explain value`, the
 * one-value view and the receptive field overlay use it. */
#ifndef INCEPTOSCOPE_EXPLAIN_H
#define INCEPTOSCOPE_EXPLAIN_H

#include "engine/net/net.h"

typedef struct Unit {           /* one value of one layer's map */
    int layer, c, y, x;
} Unit;

static inline bool unit_same(Unit a, Unit b)
{
    return a.layer == b.layer && a.c == b.c && a.y == b.y && a.x == b.x;
}

/* One summand (for max pooling: one candidate), in the order in which the engine takes it. Taps in the padding are not terms. */
typedef struct Term {
    int c, y, x;                /* place of `in` in the input's map; c counts all channels of the map, also with groups */
    int ky, kx;                 /* conv and pools: the tap in the window, [0, k); else 0 */
    float in;                   /* the input's value */
    float w;                    /* conv and fc: the weight; else 1 */
    float product;              /* what is added: w * in; LRN in * in; softmax exp(in - max); else `in` */
    float sum;                  /* after this term; conv and fc start with the bias; max pooling: the largest so far */
} Term;

/* What conv and fc do after the sum. Without batch norm pre = total; without ReLU value = pre. */
typedef struct WeightedSum {
    float bias, total;          /* the start (0 without biases); the sum after the last term */
    double positive, negative;  /* the positive and the negative products added up, for showing */
    float gamma, beta, mean, var, deviation; /* batch norm of this channel; deviation = sqrt(var + eps) */
} WeightedSum;

typedef struct Explanation {
    Unit unit;
    Op op;
    int term_count;
    /* The window in the input's map before it is cut at the edges, rows [y0, y1) and columns [x0, x1): conv and pools. The part
     * outside the map is padding, or the overhang of a ceil rule. Other ops: the one position, or the whole map (fc). */
    int y0, y1, x0, x1;
    float pre;                  /* before ReLU; equal to value if there is no ReLU */
    float value;                /* what the reference engine stores */
    union {                     /* by op */
        WeightedSum weighted;   /* OP_CONV, OP_FC */
        struct { int winner; } max; /* OP_MAXPOOL: index of the winning term, the first of equals */
        struct { float total; int divisor; } average; /* OP_AVGPOOL */
        struct { float squares, denominator, factor; } lrn; /* OP_LRN: denominator = k + alpha/size * squares before the power,
                                                             * factor = denominator^-beta, value = x * factor */
        struct { Unit unit; Branch branch; } source; /* OP_CONCAT, OP_DROPOUT: where the value was copied from */
        struct { float max, exponential, sum; } softmax; /* OP_SOFTMAX: value = exponential / sum */
    } of;
} Explanation;

/* The largest number of terms that a value of this layer can have: kernel volume, window, classes, ... */
size_t explain_terms_max(const Net *net, int layer);
/* The most terms of a value of any layer up to `last`. */
size_t explain_terms_most(const Net *net, int last);

/* Takes `unit` apart. maps[l] is layer l's plain C H W map of one picture. Only the maps of the layer's inputs are read (for
 * OP_INPUT: its own); the others may be NULL. weights: net->weight_count floats. terms: room for explain_terms_max elements;
 * out->term_count of them are filled. unit must be inside the layer's map. */
void explain_value(const Net *net, const float *weights, const float *const *maps, Unit unit, Explanation *out, Term *terms);

/* The part of a conv's sum that comes from one input channel (for fc: from the elements of that channel). */
typedef struct ChannelPart {
    int channel;                /* of the input's map */
    int first, count;           /* its terms */
    double sum;                 /* of its products */
} ChannelPart;
/* Fills parts (at most the input's channel count), the largest |sum| first; of equal ones the lower channel first. Returns their
 * number. In every explanation the terms of one channel are adjacent. */
int explain_channels(const Explanation *explanation, const Term *terms, ChannelPart *parts);

/* The layer's whole map before ReLU (after batch norm), computed with the reference ops from its input's map. The address
 * `NAME:pre` means this map. For layers without ReLU it is the layer's map. out (C,H,W); `maps` as above. */
void explain_pre_map(const Net *net, const float *weights, const float *const *maps, int layer, float *out);

/* Follows the value down to the picture: from a max pool to its winner, from a concat or dropout to the source, from LRN to the
 * same position, from a conv, an fc, an average pool or a softmax to the term with the largest |product|. path[0] is `unit`; the
 * last one is in OP_INPUT (or is a unit whose terms are all padding). `maps` needs every layer below. terms: room for the largest
 * explain_terms_max of these layers. Returns the length, at most path_max. */
int explain_path(const Net *net, const float *weights, const float *const *maps, Unit unit, Term *terms, Unit *path,
                 int path_max);

/* Rows [y0, y1) and columns [x0, x1) of a map; may extend beyond it on every side. */
typedef struct ReceptiveField {
    int y0, y1, x0, x1;
} ReceptiveField;
/* The receptive field: the part of layer `on`'s map (0: the picture) that can change the values of `layer` inside `field`. It is
 * not cut at the map's edges: 3a/3x3 at (12,15) sees rows [81, 124) and columns [105, 148) of the picture. False when `layer`
 * does not depend on `on`. */
bool receptive_field(const Net *net, int layer, ReceptiveField field, int on, ReceptiveField *out);
/* The same of one value, which can be smaller: a channel of a concat, also behind pools and dropout, sees what its own branch sees. */
bool unit_field(const Net *net, Unit unit, int on, ReceptiveField *out);
/* The part of the field that is inside a map of this shape. Empty (y1 <= y0 or x1 <= x0) if there is none. */
ReceptiveField field_within(ReceptiveField field, Shape map);

#endif
