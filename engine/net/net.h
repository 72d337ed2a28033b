/* net.h - a network as a list of layers: built once from a description, then never changed.
 *
 * A Net holds no weights and no activations; it says what there is, how large it is and where it stands in a flat
 * array. One Net can therefore serve any number of runs, engines and threads at once. */
#ifndef INCEPTOSCOPE_NET_H
#define INCEPTOSCOPE_NET_H

#include "engine/base/err.h"
#include "engine/base/tensor.h"
#include "engine/ops/ops.h"

enum { NET_NAME_MAX = 64, LAYER_INPUTS_MAX = 4, HEADS_MAX = 4 };

typedef enum Op { OP_INPUT, OP_CONV, OP_MAXPOOL, OP_AVGPOOL, OP_LRN, OP_CONCAT, OP_DROPOUT, OP_FC, OP_SOFTMAX, OP_COUNT } Op;

typedef enum Branch { BRANCH_NONE = -1, BRANCH_1X1, BRANCH_3X3, BRANCH_5X5, BRANCH_POOL, BRANCH_COUNT } Branch;

typedef struct Layer {
    char name[NET_NAME_MAX];    /* "conv1", "inception_3a/3x3_reduce", "inception_3a/concat", "aux1/fc1" */
    Op op;
    int inputs[LAYER_INPUTS_MAX]; /* indices of earlier layers, in concat order 1x1, 3x3, 5x5, pool */
    int input_count;            /* 0 for OP_INPUT, up to 4 for OP_CONCAT, 1 for the others */
    Shape in, out;              /* n is 1; `in` is the first input's shape */
    int row;                    /* index into Net.rows */
    int module;                 /* index into Net.modules, or -1 */
    Branch branch;
    int head;                   /* 0 for the main path, 1 for aux1, 2 for aux2 */

    int k, stride, pad, groups; /* conv and pools */
    Rounding rounding;          /* pools */
    bool adaptive, count_padding; /* adaptive: k and stride say the window where all are alike, else 0 */
    bool bias, bn, relu;        /* conv and fc: y = relu(bn(w*x + b)); the map is the value after all that are set */
    float bn_eps;
    float dropout_p;            /* OP_DROPOUT: the share that is dropped in training */
    int lrn_size;
    float lrn_alpha, lrn_beta, lrn_k;
    int weight, bias_param, bn_param; /* indices into Net.params or -1; bn_param is the first of gamma, beta, mean, var */
} Layer;

typedef enum ParamKind { PARAM_WEIGHT, PARAM_BIAS, PARAM_BN_GAMMA, PARAM_BN_BETA, PARAM_BN_MEAN, PARAM_BN_VAR } ParamKind;

typedef struct Param {
    int layer;
    ParamKind kind;
    int dims[4], dim_count;     /* conv (O, C/groups, k, k), fc (out, in), all others (C) */
    size_t offset, count;       /* where it stands in the flat weight array, in floats */
} Param;

typedef struct Module {         /* one Inception module */
    char name[NET_NAME_MAX];    /* "inception_3a" */
    char title[NET_NAME_MAX];   /* "3a" */
    int input;                  /* the layer that all four branches read */
    int first, last;            /* its layers, last is the concat */
    int channels[6];            /* #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj, as in Table 1 */
    int offset[BRANCH_COUNT + 1]; /* first concat channel of each branch, then the total */
    bool without_reductions, third_3x3; /* NetOptions' switches made it what it is */
} Module;

typedef struct Head {           /* the main classifier (index 0) and the auxiliary ones */
    char name[NET_NAME_MAX];    /* "main", "aux1" */
    int tap;                    /* layer that it reads */
    int first, last;            /* its layers; for head 0 the whole main path */
    int logits;                 /* layer with the class scores: what its last softmax reads, or its last layer; see net_scores */
    float loss_weight;          /* 1 for the main head, 0.3 for the others */
} Head;

/* One line of the description. Claims are what somebody printed about it; they are compared, never used. */
typedef struct Row {
    char name[NET_NAME_MAX];
    int line;                   /* in the .net file */
    int first, last;            /* its layers */
} Row;

typedef struct Claim {
    int row, line;              /* row -1: about the whole network */
    bool shared;                /* line is one of Net.claims_source, not of Net.source */
    char what[96];              /* "params", "ops", "3x3_reduce", or an expression as `inceptoscope eval` takes it */
    char printed[48];           /* as printed: "2.7K", "112.5", "5M"; "sum": the sum of the source's own cells */
    char source[48];            /* "paper", "tutorial", "cs231n" */
    int unit;                   /* 1000 or 1024 where the source says what its K is, else 0 */
    char own[128];              /* how the source comes to its number, an expression whose value is just that; or "" */
    char note[256], note_zh[256]; /* a remark, {expressions} in it; never an arithmetic cause: that is a Hypothesis */
} Claim;

typedef enum ResizeRule { RESIZE_EXACT, RESIZE_SHORTER_SIDE } ResizeRule;

typedef struct Preprocess {
    ResizeRule rule;
    int resize;                 /* shorter side for RESIZE_SHORTER_SIDE; RESIZE_EXACT goes to the input's size */
    bool bgr;                   /* channel 0 is blue */
    bool unit_scale;            /* value = (v/255 - mean) / std per channel; else value = v - mean */
    float mean[3], std[3];      /* in the order of the network's channels */
} Preprocess;

/* Where the network's input channel c (0..2) stands in a picture's R G B, and the other way round. */
static inline int preprocess_colour(const Preprocess *p, int c)
{
    return p->bgr ? 2 - c : c;
}

typedef struct Net {
    char name[NET_NAME_MAX];
    char title[128];
    char source[256];           /* path of the description, for messages */
    char *text; size_t text_length; /* the description itself, for net_again; owned */
    char claims_source[256];    /* path of the claims that it shares with other descriptions, or "" */
    Shape input;
    int classes_word;           /* what `classes` means in its rows, for building it again; 0: no line says. Not a count of anything: net_scores */
    Preprocess preprocess;
    Layer *layers;    int layer_count;
    int main_count;             /* layers [0, main_count) are the main path; the heads' layers follow */
    Param *params;    int param_count;
    Module *modules;  int module_count;
    Row *rows;        int row_count;
    Claim *claims;    int claim_count;
    struct Hypothesis *hypotheses; int hypothesis_count; /* see hypothesis.h */
    Head heads[HEADS_MAX]; int head_count; /* at least 1 */
    size_t weight_count;        /* floats in the flat weight array, BN statistics included */
    bool switched;              /* some module is not as described: NetOptions' switches */
    bool as_described;          /* nor is anything else changed by NetOptions: input, classes, heads */
    char heads_note[256];       /* why heads were left out: "aux1 needs 2048 values (4x4), got 1152 (3x3)"; or "" */
    /* Numbers that the description itself gives, as tiny.net does; NULL in the others. */
    float *given_weights;       /* weight_count floats; what is not given is 0 (BN: identity) */
    float *given_input;         /* one input picture, C H W */
} Net;

typedef struct NetOptions {
    Shape input;                /* c, h, w; zeros keep the description's */
    int classes;                /* what `classes` means in its rows; 0 keeps the description's */
    bool no_heads;              /* leave the auxiliary heads out (they are left out by themselves where their shapes do
                                   not fit the input; Net.heads_note says so) */
    /* Switches, each a list of module titles "3a,4c", "all", or NULL for none. */
    const char *without_reductions; /* the 3x3 and 5x5 convolutions read the module's input; pool_proj stays */
    const char *third_3x3;      /* the third branch's 5x5 becomes 3x3, as in torchvision */
    /* The network ends with the row that has this layer ("4c", "conv3"), or NULL: rows and heads behind it are left out, so an input of
     * any size will do that fits so far. Up to there the parameters are the first ones of the whole network, and the beginning of its
     * weights serves, but for an fc layer whose input has another size than there. */
    const char *last;
    const char *claims_dir;     /* where shared claims are that are not beside the description: net_open says its networks_dir */
} NetOptions;

/* Whether a module of this title is in such a list. */
bool net_listed(const char *list, const char *title);
/* False and a message when the list names a module that the network does not have: it would silently change nothing. */
bool net_check_modules(const Net *net, const char *list, Err *err);

/* Reads `name_or_path`: a file, or the name of a description in `networks_dir`. The caller frees it with net_free.
 * NULL and a message with file:line and the expected form on failure. */
Net *net_open(const char *name_or_path, const char *networks_dir, const NetOptions *options, Err *err);
/* The same from text in memory (`source` is its name in messages). */
Net *net_parse(const char *text, size_t length, const char *source, const NetOptions *options, Err *err);
/* The same description with other options. */
Net *net_again(const Net *net, const NetOptions *options, Err *err);
void net_free(Net *net);
/* How many class scores a head (0: the main one) gives: a value for each class, before the softmax. 0 where its last layer still has
 * height or width, so that no value is a class's. The one answer to "how many classes". */
int net_scores(const Net *net, int head);
/* The convolution or fully connected layer whose output channels are the head's scores: its logits layer, or what that pools or drops;
 * -1 where they are those of a concat, a softmax or the input. */
int net_scorer(const Net *net, int head);
/* What predicting, and explaining a class, need: scores of the main path. False and a message with file:line and the remedy. */
bool net_need_scores(const Net *net, Err *err);
/* The same, and that this is one of its classes. */
bool net_need_class(const Net *net, int class_index, Err *err);
/* What a loss over all heads needs: as many scores from each, since one label is meant for all of them. */
bool net_need_losses(const Net *net, Err *err);
/* The line of the description that a layer comes from. */
int net_line(const Net *net, int layer);
/* "3x224x224" -> a shape with n = 1. */
bool net_shape(const char *text, Shape *out, Err *reason);

/* Resolves an address: "inception_3a", "3a", "3a/5x5[7]", "3a[199]", "conv1:pre", "aux1/fc2", "norm1". Names are also
 * accepted without "inception_". False and a message that suggests the nearest name. */
typedef struct Address {
    int layer;
    int channel;                /* -1 when the address names none */
    bool pre;                   /* the value before ReLU */
} Address;
bool net_address(const Net *net, const char *text, Address *out, Err *err);
/* Writes the short form, "3a/5x5[7]" or "conv1". */
void net_address_text(const Net *net, Address a, char *out, size_t size);
/* 3a/5x5[7] -> 3a[199] and back; false when the layer has no twin (not in a module, or a reduction). */
bool net_address_twin(const Net *net, Address a, Address *twin);

/* Multiply-adds of one picture: kernel volume x outputs, taps in the padding included; no bias, ReLU, pool or norm. That
 * the sum over all layers fits is checked when the net is built; the same holds for all counts of trace.h. */
int64_t layer_macs(const Layer *layer);

/* Marks the layers through which `from` depends on `to`, both included: way[layer_count]. False, and none is marked, when `from` does
 * not depend on `to`. With to 0, the input, they are all layers that `from` is computed from. */
bool net_way(const Net *net, int from, int to, bool *way);

/* conv and fc: y = relu(scale[c] * (w*x) + shift[c]), with batch norm folded in: scale = gamma / sqrt(var + eps) and
 * shift = (bias - mean) * scale + beta, else 1 and the bias. scale, shift (C), each may be NULL. weights as in run_weights. */
void layer_affine(const Net *net, const float *weights, int layer, float *scale, float *shift);

ConvDims layer_conv_dims(const Layer *layer, int n);
PoolDims layer_pool_dims(const Layer *layer, int n);
LrnDims layer_lrn_dims(const Layer *layer, int n);
const char *op_name(Op op);         /* "conv", "maxpool", ... as in trace's JSON */
/* Whether channel c of the output is the same feature as channel c of the one input: pools, LRN, dropout. */
bool op_keeps_channels(Op op);
const char *branch_name(Branch b);  /* "1x1", "3x3", "5x5", "pool", or NULL for none */
const char *rounding_name(Rounding r); /* "floor", "ceil-caffe", ... */

#endif
