/* tensor_file.c - see tensor_file.h. */
#include "engine/io/tensor_file.h"
#include "engine/base/array.h"
#include "engine/base/limits.h"
#include "engine/base/size.h"
#include "engine/io/bits.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t dtype_size(DType dtype)
{
    static const size_t sizes[] = {
        [DTYPE_F16] = 2, [DTYPE_BF16] = 2, [DTYPE_F32] = 4, [DTYPE_F64] = 8, [DTYPE_I64] = 8, [DTYPE_OTHER] = 0};
    _Static_assert(sizeof sizes / sizeof *sizes == DTYPE_OTHER + 1, "every type has a size");
    return sizes[dtype];
}

/* A reader's memory: a list of blocks that is freed with the TensorFile. */
typedef struct Block {
    struct Block *next;
    max_align_t data[];
} Block;

void *tensor_file_alloc(TensorFile *file, size_t size, Err *err)
{
    Block *block = size < SIZE_MAX - sizeof *block ? malloc(sizeof *block + size) : NULL;
    if (block == NULL) {
        err_set(err, "%s: not enough memory for %zu bytes", file->path, size);
        return NULL;
    }
    block->next = file->extra;
    file->extra = block;
    return block->data;
}

FileTensor *tensor_file_add(TensorFile *file, const char *name, size_t length, Err *err)
{
    FileTensor *tensor = NULL;
    if (length == 0 || length >= sizeof tensor->name || memchr(name, '\0', length) != NULL) {
        err_set(err, "%s: a tensor's name has %zu bytes; 1 to %zu are possible", file->path, length,
                sizeof tensor->name - 1);
        return NULL;
    }
    if (file->count == LIMIT_TENSORS) {
        err_set(err, "%s: more than %d tensors, so not a GoogLeNet", file->path, LIMIT_TENSORS);
        return NULL;
    }
    FileTensor *grown = array_grow(file->tensors, file->count, sizeof *grown);
    if (grown == NULL) {
        err_set(err, "%s: not enough memory for its list of tensors", file->path);
        return NULL;
    }
    file->tensors = grown;
    tensor = &file->tensors[file->count++];
    memcpy(tensor->name, name, length);
    return tensor;
}

bool tensor_set_dims(TensorFile *file, FileTensor *tensor, const int64_t *dims, int dim_count, Err *err)
{
    assert(dim_count >= 0 && dim_count <= 8);
    size_t count = 1;
    for (int i = 0; i < dim_count; i++)
        if (!size_fits(dims[i]) || !size_mul(count, (size_t)dims[i], &count) || count > SIZE_MAX / 16)
            return err_set(err, "%s: tensor %s has an impossible shape", file->path, tensor->name);
    int64_t stride = 1;
    for (int i = dim_count - 1; i >= 0; i--) {
        tensor->dims[i] = dims[i];
        tensor->strides[i] = stride;
        stride = count == 0 ? 0 : stride * dims[i];
    }
    tensor->dim_count = dim_count;
    tensor->count = count;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const FileTensor *const *)a)->name, (*(const FileTensor *const *)b)->name);
}

bool tensor_file_sort(TensorFile *file, Err *err)
{
    file->by_name = malloc((size_t)file->count * sizeof *file->by_name);
    if (file->by_name == NULL)
        return err_set(err, "%s: not enough memory for its list of tensors", file->path);
    for (int i = 0; i < file->count; i++)
        file->by_name[i] = &file->tensors[i];
    qsort(file->by_name, (size_t)file->count, sizeof *file->by_name, by_name);
    for (int i = 1; i < file->count; i++)
        if (by_name(&file->by_name[i - 1], &file->by_name[i]) == 0)
            return err_set(err, "%s: has two tensors named %s", file->path, file->by_name[i]->name);
    return true;
}

static int name_against(const void *name, const void *tensor)
{
    return strcmp(name, (*(const FileTensor *const *)tensor)->name);
}

const FileTensor *tensor_file_find(const TensorFile *file, const char *name)
{
    const FileTensor *const *found = bsearch(name, file->by_name, (size_t)file->count, sizeof *file->by_name, name_against);
    return found != NULL ? *found : NULL;
}

void tensor_file_free(TensorFile *file)
{
    if (file == NULL)
        return;
    free(file->tensors);
    free(file->by_name);
    free(file->network);
    free(file->labels);
    free(file->preprocess);
    free(file->trained);
    free(file->bytes);
    for (Block *block = file->extra, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(file);
}

static float element_at(const FileTensor *tensor, int64_t offset)
{
    const unsigned char *p = tensor->data + offset * (int64_t)dtype_size(tensor->dtype);
    switch (tensor->dtype) {
    case DTYPE_F16: return half_to_float((uint16_t)load_le(p, 2));
    case DTYPE_BF16: return float_from_bits((uint32_t)load_le(p, 2) << 16);
    case DTYPE_F32: return float_from_bits((uint32_t)load_le(p, 4));
    case DTYPE_F64: return (float)double_from_bits(load_le(p, 8));
    case DTYPE_I64: return (float)(int64_t)load_le(p, 8);
    case DTYPE_OTHER: break;
    }
    return 0.0f;
}

static int64_t place_of(const FileTensor *tensor, size_t i)
{
    assert(i < tensor->count);
    int64_t offset = 0;
    for (int d = tensor->dim_count - 1; d >= 0; d--) {
        offset += (int64_t)(i % (size_t)tensor->dims[d]) * tensor->strides[d];
        i /= (size_t)tensor->dims[d];
    }
    return offset;
}

float tensor_element(const FileTensor *tensor, size_t i)
{
    return element_at(tensor, place_of(tensor, i));
}

double tensor_number(const FileTensor *tensor, size_t i)
{
    const int64_t place = place_of(tensor, i);
    return tensor->dtype == DTYPE_F64 ? double_from_bits(load_le(tensor->data + 8 * place, 8)) : (double)element_at(tensor, place);
}

bool tensor_is_float(const FileTensor *tensor)
{
    return tensor->dtype != DTYPE_OTHER && tensor->dtype != DTYPE_I64;
}

bool tensor_is_contiguous(const FileTensor *tensor)
{
    int64_t stride = 1;
    for (int d = tensor->dim_count - 1; d >= 0; d--) {
        if (tensor->dims[d] > 1 && tensor->strides[d] != stride)
            return false;
        stride *= tensor->dims[d];
    }
    return true;
}

void tensor_copy(const FileTensor *tensor, float *out)
{
    bool contiguous = tensor_is_contiguous(tensor);
    if (contiguous && tensor->dtype == DTYPE_F16) {
        halves_to_floats(out, tensor->data, tensor->count);
        return;
    }
    for (size_t i = 0; i < tensor->count; i++)
        out[i] = contiguous ? element_at(tensor, (int64_t)i) : tensor_element(tensor, i);
}

void tensor_file_remark(TensorFile *file, const char *format, ...)
{
    const size_t length = strlen(file->remark);
    va_list args;
    if (length > 0)
        snprintf(file->remark + length, sizeof file->remark - length, "; ");
    const size_t start = strlen(file->remark);
    va_start(args, format);
    vsnprintf(file->remark + start, sizeof file->remark - start, format, args);
    va_end(args);
}
