/* net.h - a network as a list of layers: built once from a description, then never changed.
 *
 * A Net has no weights and no activations; it says which layers and parameters there are, their sizes, and their places in a flat
 * array. So any number of runs, engines and threads can share one Net. */
#ifndef INCEPTOSCOPE_NET_H
#define INCEPTOSCOPE_NET_H

#include "engine/base/err.h"
#include "engine/base/limits.h"
#include "engine/base/tensor.h"
#include "engine/ops/ops.h"

enum { NET_NAME_MAX = LIMIT_NET_NAME + 1, LAYER_INPUTS_MAX = 4, HEADS_MAX = 1 + LIMIT_NET_HEADS };

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
    bool adaptive, count_padding; /* adaptive: k and stride are set if all windows are equal, else 0 */
    bool bias, bn, relu;        /* conv and fc: y = relu(bn(w*x + b)); the layer's map is y */
    float bn_eps;
    float dropout_p;            /* OP_DROPOUT: the probability that a value is dropped in training */
    int lrn_size;
    float lrn_alpha, lrn_beta, lrn_k;
    int weight, bias_param, bn_param; /* indices into Net.params or -1; bn_param is the first of gamma, beta, mean, var */
} Layer;

typedef enum ParamKind { PARAM_WEIGHT, PARAM_BIAS, PARAM_BN_GAMMA, PARAM_BN_BETA, PARAM_BN_MEAN, PARAM_BN_VAR } ParamKind;

typedef struct Param {
    int layer;
    ParamKind kind;
    int dims[4], dim_count;     /* conv (O, C/groups, k, k), fc (out, in), all others (C) */
    size_t offset, count;       /* its place in the flat weight array, in floats */
} Param;

typedef struct Module {         /* one Inception module */
    char name[NET_NAME_MAX];    /* "inception_3a" */
    char title[NET_NAME_MAX];   /* "3a" */
    int input;                  /* the layer that all four branches read */
    int first, last;            /* its layers, last is the concat */
    int channels[6];            /* #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj, as in Table 1 */
    int offset[BRANCH_COUNT + 1]; /* first concat channel of each branch, then the total */
    bool without_reductions, third_3x3; /* NetOptions' switches changed this module */
} Module;

typedef struct Head {           /* the main classifier (index 0) and the auxiliary ones */
    char name[NET_NAME_MAX];    /* "main", "aux1" */
    int tap;                    /* the layer that the head reads */
    int first, last;            /* its layers; for head 0 the whole main path */
    int logits;                 /* layer with the class scores: input of the last softmax, else the last layer; see net_scores */
    float loss_weight;          /* 1 for the main head, 0.3 for the others */
} Head;

/* One line of the description. Claims are what somebody printed about it; they are compared, never used to compute. */
typedef struct Row {
    char name[NET_NAME_MAX];
    int line;                   /* in the .net file */
    int first, last;            /* its layers */
} Row;

typedef struct Claim {
    int row, line;              /* row -1: about the whole network */
    bool shared;                /* line is in Net.claims_source, not in Net.source */
    char what[96];              /* "params", "ops", "3x3_reduce", or an expression as `inceptoscope eval` takes it */
    char printed[48];           /* as printed: "2.7K", "112.5", "5M"; "sum": the sum of the source's own cells */
    char source[48];            /* "paper", "tutorial", "cs231n" */
    int unit;                   /* 1000 or 1024 if the source says what its K means, else 0 */
    char own[128];              /* the source's own calculation: an expression whose value must be exactly `printed`; or "" */
    char note[256], note_zh[256]; /* a remark, may contain {expressions}; possible causes are Hypotheses, not notes */
} Claim;

typedef enum ResizeRule { RESIZE_EXACT, RESIZE_SHORTER_SIDE } ResizeRule;

typedef struct Preprocess {
    ResizeRule rule;
    int resize;                 /* length of the shorter side for RESIZE_SHORTER_SIDE; RESIZE_EXACT resizes to the input's size */
    bool bgr;                   /* channel 0 is blue */
    bool unit_scale;            /* value = (v/255 - mean) / std per channel; else value = v - mean */
    float mean[3], std[3];      /* in the order of the network's channels */
} Preprocess;

/* The position (0..2) of the network's input channel c in a picture's R G B. The function is its own inverse. */
static inline int preprocess_colour(const Preprocess *p, int c)
{
    return p->bgr ? 2 - c : c;
}

/* The network's input value that a level (0 to 255) of channel c becomes. In the order of torchvision (ToTensor, then Normalize),
 * rounded to float after each step. */
static inline float preprocess_value(const Preprocess *p, int c, float level)
{
    return p->unit_scale ? (level / 255.0f - p->mean[c]) / p->std[c] : level - p->mean[c];
}

typedef struct Net {
    char name[NET_NAME_MAX];
    char title[LIMIT_NET_TITLE + 1], title_zh[LIMIT_NET_TITLE + 1]; /* the Chinese one is "" if the description has none */
    char source[256];           /* path of the description, for messages */
    char *text; size_t text_length; /* the text of the description, for net_again; owned */
    char claims_source[256];    /* path of the claims file that several descriptions share, or "" */
    Shape input;
    int classes_word;           /* the number that `classes` means in its rows, to build it again; 0: no line gives it. For the
                                   number of classes use net_scores */
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
    bool switched;              /* NetOptions' switches changed some module */
    bool as_described;          /* NetOptions changed nothing: no switch, input, classes or heads */
    char heads_note[256];       /* why heads were left out: "aux1 needs 2048 values (4x4), got 1152 (3x3)"; or "" */
    /* Numbers that the description itself gives, as tiny.net does; NULL if it gives none. */
    float *given_weights;       /* weight_count floats; those not given are 0 (BN: identity) */
    float *given_input;         /* one input picture, C H W */
} Net;

typedef struct NetOptions {
    Shape input;                /* c, h, w; zeros: as in the description */
    int classes;                /* the number that `classes` means in its rows; 0: as in the description */
    bool no_heads;              /* leave out the auxiliary heads (a head whose shapes do not fit the input is always left out;
                                   Net.heads_note says so) */
    /* Switches, each a list of module titles "3a,4c", "all", or NULL for none. */
    const char *without_reductions; /* the 3x3 and 5x5 convolutions read the module's input; pool_proj stays */
    const char *third_3x3;      /* the third branch's 5x5 becomes 3x3, as in torchvision */
    /* The network ends after the row that has this layer ("4c", "conv3"), or NULL. Later rows and heads are left out, so the
     * input may be too small for them. The parameters are the first ones of the whole network, so its weights can be used, except
     * for an fc layer whose input size differs. */
    const char *last;
    const char *claims_dir;     /* second folder for shared claims files, after the description's; net_open sets it */
} NetOptions;

/* Whether the list contains a module with this title. */
bool net_listed(const char *list, const char *title);
/* False and a message when the list names a module that the network does not have: it would have no effect, without a warning. */
bool net_check_modules(const Net *net, const char *list, Err *err);

/* Reads `name_or_path`: a file, or the name of a description in `networks_dir`. The caller frees it with net_free.
 * NULL and a message with file:line and the expected form on failure. */
Net *net_open(const char *name_or_path, const char *networks_dir, const NetOptions *options, Err *err);
/* The same from text in memory (`source` is its name in messages). */
Net *net_parse(const char *text, size_t length, const char *source, const NetOptions *options, Err *err);
/* Builds the same description with other options. */
Net *net_again(const Net *net, const NetOptions *options, Err *err);
void net_free(Net *net);
/* What the first lines of a description say, for lists of networks and for telling files apart. */
typedef struct NetHead {
    char name[NET_NAME_MAX], title[LIMIT_NET_TITLE + 1], title_zh[LIMIT_NET_TITLE + 1];
    bool weights;               /* it has numbers for its weights, as far as `text` goes */
} NetHead;
/* False if the first row is not `network NAME`: the text is no description. The text may be the beginning of one. */
bool net_head(const char *text, size_t length, NetHead *out);
/* The number of class scores of a head (0: the main one): values before the softmax, one for each class. 0 if the head's last
 * layer has height or width above 1, so no value belongs to a class. Always use this for the number of classes. */
int net_scores(const Net *net, int head);
/* The convolution or fully connected layer whose output channels are the head's scores: its logits layer, or the layer before
 * the pools and dropouts that end in it. -1 if the scores come from a concat, a softmax or the input. */
int net_scorer(const Net *net, int head);
/* Prediction, and the explanation of a class, need scores of the main path. False and a message with file:line and the remedy. */
bool net_need_scores(const Net *net, Err *err);
/* The same, and class_index must be one of the classes. */
bool net_need_class(const Net *net, int class_index, Err *err);
/* A loss over all heads needs the same number of scores from each head, since they share one label. */
bool net_need_losses(const Net *net, Err *err);
/* A name without "inception_": 3a of inception_3a, 3a/1x1 of inception_3a/1x1. */
const char *net_short_name(const char *name);
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
/* 3a/5x5[7] -> 3a[199] and back; false when the layer has no twin (it is not in a module, or is a reduction). */
bool net_address_twin(const Net *net, Address a, Address *twin);

/* Multiply-adds of one picture: kernel volume x outputs, taps in the padding included; no bias, ReLU, pool or norm. The network
 * was built only if the sum over all layers fits in 64 bits; this is true for all counts of trace.h. */
int64_t layer_macs(const Layer *layer);

/* Marks the layers through which `from` depends on `to`, both included: way[layer_count]. If `from` does not depend on `to`,
 * returns false and marks none. With to 0, the input, these are all layers that `from` is computed from. */
bool net_way(const Net *net, int from, int to, bool *way);

/* Floats of the largest map of any layer, heads and input included. */
size_t net_largest_map(const Net *net);
bool layer_reads(const Layer *layer, int input); /* whether it is one of the layer's inputs */
/* The input of a concat that its *channel comes from, as an index into layer->inputs; *channel becomes the channel there. */
int net_branch_of(const Net *net, const Layer *layer, int *channel);

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
