/* weights.h - weight files. A reader per format turns a file into a TensorFile; fitting it to a network is one function for all
 * formats. */
#ifndef INCEPTOSCOPE_WEIGHTS_H
#define INCEPTOSCOPE_WEIGHTS_H

#include "engine/io/tensor_file.h"
#include "engine/net/net.h"

/* Chooses the reader by content, not by name. NULL and a message that says what the file is and what to do. */
TensorFile *tensor_file_open(const char *path, Err *err);
/* The same on a thread that may be told to stop, and from a plain file alone; see file_read. */
TensorFile *tensor_file_open_unless(Stop *stop, const char *path, Err *err);
/* Whether the file that begins so is of a kind that weights come in, readable or not: then its reader's message is the one to show.
 * WEIGHTS_HEAD bytes are enough. */
enum { WEIGHTS_HEAD = 1 << 16 };
bool weights_recognise(unsigned char *head, size_t size);
/* The same as tensor_file_open for bytes in memory; takes `bytes` (from malloc) over in any case. */
TensorFile *tensor_file_parse(unsigned char *bytes, size_t size, const char *name, Err *err);

/* What a loaded file turned out to be; shown to the user. */
typedef struct WeightsInfo {
    char path[1024];
    char network[NET_NAME_MAX];
    char why[256];              /* "Caffe layer names, so bvlc_googlenet" */
    char note[512];             /* "12 aux tensors kept for training view, unused in prediction" */
    int classes;
    bool heads;                 /* the auxiliary heads' weights were in the file */
    bool half;                  /* every weight was stored as F16, so F16 keeps every bit of it */
    char **labels; int label_count; /* class names, or NULL */
    char *trained;              /* how, as the file says; or NULL. Owned */
} WeightsInfo;

/* Opens the file, chooses the network by the rule in weights_fit.c unless `network` (a name or a .net file) overrides
 * it, builds it with the file's class count, and fills *weights (net->weight_count floats, malloc). On failure nothing
 * is touched. Heads that the file does not hold get zeros; weights_random_heads gives them values. Caller:
 * net_free(*net), free(*weights), weights_info_free(info). */
bool weights_load(const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                  WeightsInfo *info, Err *err);
/* The same on a thread that may be told to stop; see file_read. */
bool weights_load_unless(Stop *stop, const char *path, const char *network, const char *networks_dir, Net **net, float **weights,
                         WeightsInfo *info, Err *err);
void weights_info_free(WeightsInfo *info);

/* Native file: safetensors written to a temporary file, fsynced and renamed. metadata: pairs of key and value,
 * NULL-terminated. */
bool weights_save(const char *path, const Net *net, const float *weights, DType dtype, const char *const *metadata,
                  Err *err);

/* The same as a PyTorch checkpoint, a state_dict of F32 tensors that torch.load opens. Both formats have no room for
 * the network's name, so their tensors have the names of param_file_name. */
bool weights_save_pth(const char *path, const Net *net, const float *weights, Err *err);
/* The same as NumPy's archive: one float32 array per parameter. */
bool weights_save_npz(const char *path, const Net *net, const float *weights, Err *err);

/* Seeded He initialisation (fan-in): weights normal(0, sqrt(2/fan_in)), biases 0, BN identity. */
void weights_random(const Net *net, uint64_t seed, float *weights);
/* The same for the auxiliary heads' weights alone, for whoever looks at heads that a file does not hold. */
void weights_random_heads(const Net *net, uint64_t seed, float *weights);

#endif
