/* tensor_file.h - the container of every weight format: a list of named tensors that borrow the file's bytes. A reader fills it
 * (weights_readers.h), weights_fit.c reads it. */
#ifndef INCEPTOSCOPE_TENSOR_FILE_H
#define INCEPTOSCOPE_TENSOR_FILE_H

#include "engine/base/err.h"
#include "engine/base/stop.h"

#include <stddef.h>
#include <stdint.h>

typedef enum DType { DTYPE_F16, DTYPE_BF16, DTYPE_F32, DTYPE_F64, DTYPE_I64, DTYPE_OTHER /* the last */ } DType;

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
    char format[32];            /* its row's name in weights.c: "safetensors", "pth", "npz", "onnx", "caffemodel" */
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

void tensor_file_free(TensorFile *file);
/* NULL when the file has none of this name. */
const FileTensor *tensor_file_find(const TensorFile *file, const char *name);
/* Element i in row-major order as float32. */
float tensor_element(const FileTensor *tensor, size_t i);
/* All elements in row-major order; out has tensor->count floats. F32 keeps every bit. */
void tensor_copy(const FileTensor *tensor, float *out);
bool tensor_is_contiguous(const FileTensor *tensor);

/* ---- for readers ---- */

/* Memory that lives as long as the TensorFile; NULL and a message when there is none. */
void *tensor_file_alloc(TensorFile *file, size_t size, Err *err);
/* Adds a tensor named `name` (length bytes); NULL and a message when the name is empty, too long or not text, or
 * memory ends. The pointer is good until the next call. */
FileTensor *tensor_file_add(TensorFile *file, const char *name, size_t length, Err *err);
/* Sets dims, row-major strides and count; false and a message for a negative dimension or a product that overflows. */
bool tensor_set_dims(TensorFile *file, FileTensor *tensor, const int64_t *dims, int dim_count, Err *err);
/* Makes by_name, once all names are final. False and a message when two are equal. */
bool tensor_file_sort(TensorFile *file, Err *err);
/* Bytes of one element; 0 for DTYPE_OTHER. */
size_t dtype_size(DType dtype);

#endif
