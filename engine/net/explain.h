/* explain.h - one value of one layer taken apart, and where it comes from.
 *
 * An explanation is computed from the maps of the layer's inputs by the reference ops' own arithmetic, in their order, so
 * that it arrives at the reference engine's stored value bit for bit. Everything is plain data in memory of the caller: a
 * printer and a view read the same structs. Serves `explain value`, the one-value view and the receptive field overlay. */
#ifndef INCEPTOSCOPE_EXPLAIN_H
#define INCEPTOSCOPE_EXPLAIN_H

#include "engine/net/net.h"

typedef struct Unit {           /* one value of one layer's map */
    int layer, c, y, x;
} Unit;

/* One summand (or candidate, for max pooling), in the order in which the engine takes it. Taps in the padding are no terms. */
typedef struct Term {
    int c, y, x;                /* where `in` stands in the input's map; c counts all its channels, also with groups */
    int ky, kx;                 /* conv and pools: the tap in the window, [0, k); else 0 */
    float in;                   /* the input's value */
    float w;                    /* conv and fc: the weight; else 1 */
    float product;              /* what is added: w * in; LRN in * in; softmax exp(in - max); else `in` */
    float sum;                  /* after this term; conv and fc start from the bias; max pooling: the largest so far */
} Term;

/* What conv and fc do after the sum. Without batch norm pre = total; without ReLU value = pre. */
typedef struct WeightedSum {
    float bias, total;          /* the start (0 without biases) and the last term's sum */
    double positive, negative;  /* the positive and the negative products added up, for showing */
    float gamma, beta, mean, var, deviation; /* batch norm of this channel; deviation = sqrt(var + eps) */
} WeightedSum;

typedef struct Explanation {
    Unit unit;
    Op op;
    int term_count;
    /* The window in the input's map before it is cut at the edges, rows [y0, y1) and columns [x0, x1): conv and pools. A part
     * beyond the map is padding, or hangs over the edge by a ceil rule. Other ops: the one position, or the whole map (fc). */
    int y0, y1, x0, x1;
    float pre;                  /* before ReLU; equal to value where there is none */
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

/* Takes `unit` apart. maps[l] is layer l's plain C H W map of one picture; only those of the layer's inputs are read (of
 * OP_INPUT: its own), the others may be NULL. weights: net->weight_count floats. terms: explain_terms_max elements, of
 * which out->term_count are filled. unit must lie in the layer's map. */
void explain_value(const Net *net, const float *weights, const float *const *maps, Unit unit, Explanation *out, Term *terms);

/* The part of each input channel in a conv's sum (for fc: of each input element's channel). */
typedef struct ChannelPart {
    int channel;                /* of the input's map */
    int first, count;           /* its terms */
    double sum;                 /* of its products */
} ChannelPart;
/* Fills parts (at most the input's channel count), the largest |sum| first, the lower channel first among equals. Returns
 * how many. The terms of one channel stand together in every explanation. */
int explain_channels(const Explanation *explanation, const Term *terms, ChannelPart *parts);

/* The layer's whole map before ReLU (after batch norm), by the reference ops from its input's map: what `NAME:pre` names.
 * For layers without ReLU it is the layer's map. out (C,H,W); `maps` as above. */
void explain_pre_map(const Net *net, const float *weights, const float *const *maps, int layer, float *out);

/* Follows the value down to the picture: from a max pool to its winner, from a concat or dropout to the source, from LRN to the
 * same place, from a conv, an fc, an average pool or a softmax to the term with the largest |product|. path[0] is `unit`, the
 * last one is on OP_INPUT (or on a unit all of whose terms are padding). `maps` needs every layer below; terms as large as any
 * of them needs. Returns the length, at most path_max. */
int explain_path(const Net *net, const float *weights, const float *const *maps, Unit unit, Term *terms, Unit *path,
                 int path_max);

/* Rows [y0, y1) and columns [x0, x1) of a map; may reach beyond it on every side. */
typedef struct ReceptiveField {
    int y0, y1, x0, x1;
} ReceptiveField;
/* The part of layer `on`'s map (0: the picture) that can change the values of `layer` inside `field`: the receptive field.
 * It is not cut at the map's edges: 3a/3x3 at (12,15) sees rows [81, 124) and columns [105, 148) of the picture. False
 * when `layer` does not depend on `on`. */
bool receptive_field(const Net *net, int layer, ReceptiveField field, int on, ReceptiveField *out);
/* The part of it that lies in a map of this shape: what can really be seen. y1 <= y0 or x1 <= x0 where nothing of it does. */
ReceptiveField field_within(ReceptiveField field, Shape map);

#endif
