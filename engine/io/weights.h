/* weights.h - weight files. A reader per format turns a file into a TensorFile, a list of named tensors that borrow the
 * file's bytes; fitting that list to a network is one function for all formats. */
#ifndef INCEPTOSCOPE_WEIGHTS_H
#define INCEPTOSCOPE_WEIGHTS_H

#include "engine/base/stop.h"
#include "engine/net/net.h"

typedef enum DType { DTYPE_F16, DTYPE_BF16, DTYPE_F32, DTYPE_F64, DTYPE_I64, DTYPE_OTHER } DType;

typedef struct FileTensor {
    char name[160];
    DType dtype;
    int64_t dims[8];
    int64_t strides[8];         /* in elements; row-major unless the file says otherwise */
    int dim_count;
    const unsigned char *data;  /* first element; every element that dims and strides reach is inside the file */
    size_t count;
} FileTensor;

typedef struct TensorFile {
    char path[1024];
    char format[32];            /* "safetensors", "pth", "caffemodel", "onnx", "npz" */
    char prefix[32];            /* what was taken off the front of the names ("module."), or "" */
    char nested[32];            /* the key under which a checkpoint held the tensors ("state_dict"), or "" */
    char remark[100];           /* what else the reader did, for the user; or "" */
    FileTensor *tensors; int count;
    const FileTensor **by_name; /* the same in the order of their names; owned */
    char *network, *labels, *preprocess, *trained; /* strings of __metadata__, NULL when absent */
    void *bytes; size_t size;   /* the file, owned */
    void *extra;                /* further memory of the reader, see tensor_file_alloc; owned */
    size_t unpacked;            /* bytes that members of an archive took so far */
    Stop *stop;                 /* of whoever opens it; or NULL */
} TensorFile;

/* Chooses the reader by content, not by name. NULL and a message that says what the file is and what to do. */
TensorFile *tensor_file_open(const char *path, Err *err);
/* The same on a thread that may be told to stop, and from a plain file alone; see file_read. */
TensorFile *tensor_file_open_unless(Stop *stop, const char *path, Err *err);
/* Whether the file that begins so is of a kind that weights come in, readable or not: then its reader's message is the one to show.
 * WEIGHTS_HEAD bytes are enough. */
enum { WEIGHTS_HEAD = 1 << 16 };
bool weights_recognise(unsigned char *head, size_t size);
void tensor_file_free(TensorFile *file);
/* NULL when the file has none of this name. */
const FileTensor *tensor_file_find(const TensorFile *file, const char *name);
/* Element i in row-major order as float32. */
float tensor_element(const FileTensor *tensor, size_t i);
/* All elements in row-major order; out has tensor->count floats. F32 keeps every bit. */
void tensor_copy(const FileTensor *tensor, float *out);
bool tensor_is_contiguous(const FileTensor *tensor);

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

/* What PyTorch's model (the tutorial's or torchvision's) and Caffe's call one of GoogLeNet's layers: "inception_3a/3x3" is
 * "inception3a.branch2.1" there and the same here, "fc" is "fc" and "loss3/classifier". */
void layer_torch_name(const char *layer, char *out, size_t size);
const char *layer_caffe_name(const char *layer);
/* PyTorch's name of a parameter as the tutorial's (or torchvision's) model has it, "inception3a.branch2.1.conv.weight".
 */
void param_torch_name(const Net *net, int param, char *out, size_t size);
/* Caffe's, "inception_3a/3x3.weight". */
void param_caffe_name(const Net *net, int param, char *out, size_t size);
/* The one of the two by which weights_load chooses this network when the file itself does not name it. */
void param_file_name(const Net *net, int param, char *out, size_t size);

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
