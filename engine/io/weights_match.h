/* weights_match.h - which tensor of a file is which parameter of a network: by PyTorch's names or Caffe's. Only weights_fit.c and
 * weights_rest.c call this. */
#ifndef INCEPTOSCOPE_WEIGHTS_MATCH_H
#define INCEPTOSCOPE_WEIGHTS_MATCH_H

#include "engine/io/tensor_file.h"
#include "engine/net/net.h"

typedef enum Naming { NAMING_TORCH, NAMING_CAFFE } Naming;

/* A layer's batch norm in the file, whatever its attribute is called ("bn", "batchnorm"). All four parts, or none. */
typedef struct FileNorm {
    const FileTensor *gamma, *beta, *mean, *var;
    const FileTensor *bias;     /* the convolution's own bias, or NULL */
} FileNorm;

typedef struct Match {
    const Net *net;
    Naming naming;
    const FileTensor **tensors; /* by parameter, NULL if the file has none; owned */
    FileNorm *norms;            /* by layer; owned */
    bool *used;                 /* by tensor of the file; owned */
    char last[160];             /* the name that the last layer has in the file, if it is not the usual one; or "" */
} Match;

/* Finds the tensors by the names that match more of the network's parameters. A last layer under another name is found too, if
 * only one weight and bias have its shape. *match is freed first. False if out of memory. */
bool match_params(const TensorFile *file, const Net *net, Match *match);
void match_free(Match *match);

/* Whether the file has batch norm for this convolution and the network has a bias there instead: norm_fold makes one from both. */
bool match_folds(const Match *match, int layer);
/* A part of the layer's batch norm in the file that has not one number for each channel; NULL if all have. */
const FileTensor *match_bad_norm(const Match *match, int layer);
/* Rows of the weights that compute the scores, or 0. */
int match_classes(const Match *match);
/* The parameter's name in the file's naming. */
void match_name(const Match *match, int param, char *out, size_t size);
/* Sizes of 1 are ignored, since they do not move any element: Caffe's old (1,1,1000,1024) is (1000,1024). */
bool match_shapes(const FileTensor *tensor, const Param *p);
/* Whether the name is that of a tensor of an auxiliary head, in any of the namings. */
bool name_is_of_head(const char *name);

#endif
