/* tensor_file.h - the container of every weight format: a list of named tensors that borrow the file's bytes. A reader
 * (weights_readers.h) fills it; weights_fit.c uses it. */
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
    int64_t strides[8];         /* in elements; row-major unless the file has others */
    int dim_count;
    const unsigned char *data;  /* first element; every element that dims and strides address is inside the file */
    size_t count;
    float norm_eps;             /* a running variance: the epsilon that the file gives beside it; 0 if it gives none */
} FileTensor;

typedef struct TensorFile {
    char path[1024];
    char format[32];            /* its name in the table of weights.c: "safetensors", "pth", "npz", "onnx", "caffemodel" */
    char prefix[32];            /* the text that was removed from the front of the names ("module."), or "" */
    char nested[32];            /* the key of the tensors in a checkpoint ("state_dict"), or "" */
    char remark[200];           /* other changes by the reader, for the user; or "" */
    FileTensor *tensors; int count;
    const FileTensor **by_name; /* the same, sorted by name; owned */
    char *network, *labels, *preprocess, *trained; /* strings of __metadata__, or NULL */
    void *bytes; size_t size;   /* the file, owned */
    void *extra;                /* more memory of the reader, see tensor_file_alloc; owned */
    size_t unpacked;            /* bytes of archive members unpacked so far */
    Stop *stop;                 /* belongs to the caller who opens the file; or NULL */
} TensorFile;

void tensor_file_free(TensorFile *file);
/* NULL if the file has no tensor with this name. */
const FileTensor *tensor_file_find(const TensorFile *file, const char *name);
/* Element i in row-major order as float32. */
float tensor_element(const FileTensor *tensor, size_t i);
/* The same without rounding an F64. */
double tensor_number(const FileTensor *tensor, size_t i);
/* All elements in row-major order; out has tensor->count floats. F32 keeps every bit. */
void tensor_copy(const FileTensor *tensor, float *out);
/* False for integers, which are never weights. */
bool tensor_is_float(const FileTensor *tensor);
bool tensor_is_contiguous(const FileTensor *tensor);

/* ---- for readers ---- */

/* Memory that is freed with the TensorFile; NULL and a message if out of memory. */
void *tensor_file_alloc(TensorFile *file, size_t size, Err *err);
/* Adds a tensor named `name` (length bytes). NULL and a message if the name is empty, too long or not text, or if out of memory.
 * The pointer is valid until the next call. */
FileTensor *tensor_file_add(TensorFile *file, const char *name, size_t length, Err *err);
/* Sets dims, row-major strides and count; false and a message for a negative dimension or a product that overflows. */
bool tensor_set_dims(TensorFile *file, FileTensor *tensor, const int64_t *dims, int dim_count, Err *err);
/* Makes by_name; call it once, when all names are final. False and a message when two are equal. */
bool tensor_file_sort(TensorFile *file, Err *err);
/* Adds a sentence to the remark. */
void tensor_file_remark(TensorFile *file, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Bytes of one element; 0 for DTYPE_OTHER. */
size_t dtype_size(DType dtype);

#endif
