/* weights.h - loads and saves weight files. Each format has a reader that turns a file into a TensorFile (tensor_file.h); one
 * function fits the tensors of all formats to a network. */
#ifndef INCEPTOSCOPE_WEIGHTS_H
#define INCEPTOSCOPE_WEIGHTS_H

#include "engine/io/tensor_file.h"
#include "engine/net/net.h"

/* The content decides the reader, not the name. NULL and a message that says what the file is and what to do. */
TensorFile *tensor_file_open(const char *path, Err *err);
/* The same on a thread that can be stopped, and only from a plain file; see file_read. */
TensorFile *tensor_file_open_unless(Stop *stop, const char *path, Err *err);
/* Whether a file with these first bytes is a weight file, readable or not; then its reader's message is the one to show.
 * WEIGHTS_HEAD bytes are enough. */
enum { WEIGHTS_HEAD = 1 << 16 };
bool weights_recognise(unsigned char *head, size_t size);
/* The same as tensor_file_open for bytes in memory. Takes ownership of `bytes` (from malloc) in any case. */
TensorFile *tensor_file_parse(unsigned char *bytes, size_t size, const char *name, Err *err);

/* What a loaded file is; shown to the user. */
typedef struct WeightsInfo {
    char path[1024];
    char network[NET_NAME_MAX];
    char why[256];              /* "Caffe layer names, so bvlc_googlenet" */
    char note[512];             /* "12 aux tensors kept for training view, unused in prediction" */
    int classes;
    bool heads;                 /* the file has the auxiliary heads' weights */
    bool half;                  /* every weight was stored as F16, so saving as F16 is exact */
    char **labels; int label_count; /* class names, or NULL */
    char *trained;              /* how the weights were trained, from the file; or NULL. Owned */
} WeightsInfo;

/* Opens the file. The rule in weights_fit.c chooses the network, unless `network` (a name or a .net file) is given. Builds the
 * network with the file's class count, and fills *weights (net->weight_count floats, malloc). On failure the outputs are
 * untouched. Heads that are not in the file get zeros; weights_random_heads gives them values. The caller calls net_free(*net),
 * free(*weights) and weights_info_free(info). */
bool weights_load(const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                  WeightsInfo *info, Err *err);
/* The same on a thread that can be stopped; see file_read. */
bool weights_load_unless(Stop *stop, const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                         WeightsInfo *info, Err *err);
void weights_info_free(WeightsInfo *info);

/* For a training that begins with the weights of a file. */
typedef struct WeightsTaken {
    Net *net;
    float *values;              /* net->weight_count; 0 where nothing was taken */
    bool *params;               /* per parameter of the net: whether it was taken */
    int taken, lacking;         /* parameters */
    int left;                   /* tensors of the file that were not taken, those of an optimizer and the like left out */
    int classes;                /* of the file; 0 if it has no last layer */
    bool classifier;            /* the layer that computes the scores was taken */
    char why[256];              /* see WeightsInfo */
} WeightsTaken;

/* Opens the network by the rule of weights_load, but with these options, and takes every parameter that the file has in its shape. A
 * layer is taken whole or not at all. The layer that computes the scores is not taken if the number of classes differs, nor if the
 * file names its classes and the names are not those of `classes` (options->classes strings, in order). False and a message if nothing
 * but that layer fits. The caller frees it with weights_taken_free. */
bool weights_take(const char *path, const char *network, const char *networks_dir, const NetOptions *options, char *const *classes,
                  WeightsTaken *out, Err *err);
void weights_taken_free(WeightsTaken *taken);

/* Writes the native format: safetensors, to a temporary file that is fsynced and renamed. metadata: pairs of key and value,
 * NULL-terminated. */
bool weights_save(const char *path, const Net *net, const float *weights, DType dtype, const char *const *metadata,
                  Err *err);

/* The same as a PyTorch checkpoint: a state_dict of F32 tensors that torch.load opens. This format and .npz have no place for the
 * network's name, so their tensors have the names of param_file_name. */
bool weights_save_pth(const char *path, const Net *net, const float *weights, Err *err);
/* The same as NumPy's archive: one float32 array per parameter. */
bool weights_save_npz(const char *path, const Net *net, const float *weights, Err *err);

/* Seeded He initialisation (fan-in): weights normal(0, sqrt(2/fan_in)), biases 0, BN identity. */
void weights_random(const Net *net, uint64_t seed, float *weights);
/* The same for the weights of the auxiliary heads only, for views of heads that are not in the file. */
void weights_random_heads(const Net *net, uint64_t seed, float *weights);

#endif
