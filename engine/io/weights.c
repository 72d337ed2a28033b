/* weights.c - opening a weight file of any format, and reading its tensors' elements. */
#include "engine/io/weights.h"
#include "engine/base/array.h"
#include "engine/io/bits.h"
#include "engine/io/file.h"
#include "engine/io/weights_readers.h"
#include "engine/io/wire.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { WEIGHTS_MAX_GB = 4, TENSORS_MAX = 20000 };

size_t dtype_size(DType dtype)
{
    static const size_t sizes[] = {
        [DTYPE_F16] = 2, [DTYPE_BF16] = 2, [DTYPE_F32] = 4, [DTYPE_F64] = 8, [DTYPE_I64] = 8};
    return dtype == DTYPE_OTHER ? 0 : sizes[dtype];
}

const char *dtype_name(DType dtype)
{
    static const char *const names[] = {"F16", "BF16", "F32", "F64", "I64", "another type"};
    return names[dtype];
}

/* Memory of a reader: a chain of blocks that ends with the TensorFile. */
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
    if (file->count == TENSORS_MAX) {
        err_set(err, "%s: more than %d tensors, so not a GoogLeNet", file->path, TENSORS_MAX);
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

/* The names are final; two equal ones are refused. */
static bool sort_names(TensorFile *file, Err *err)
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

/* Whether the name has this many letters of the prefix before something else. */
static bool has_prefix(const FileTensor *tensor, const char *prefix, size_t length)
{
    return strncmp(tensor->name, prefix, length) == 0 && tensor->name[length] != '\0';
}

/* How long the word is that DataParallel or another wrapper put in front of the names; 0 for none. Which it is tells the
 * first convolution, whose name ends the same in every GoogLeNet of PyTorch's; else a usual word that all names share. */
static size_t prefix_length(const TensorFile *file, const char **prefix)
{
    static const char *const usual[] = {"module.", "model.", "net.", "_orig_mod."};
    static const char first[] = "conv1.conv.weight";
    size_t length = 0;
    for (int i = 0; i < file->count; i++) {
        const char *name = file->tensors[i].name;
        size_t size = strlen(name), before = size >= sizeof first - 1 ? size - (sizeof first - 1) : size;
        if (strcmp(name, first) == 0)
            return 0;
        if (length == 0 && before > 0 && before < size && before < sizeof file->prefix && name[before - 1] == '.' &&
            strcmp(name + before, first) == 0) {
            length = before;
            *prefix = name;
        }
    }
    for (size_t p = 0; length == 0 && p < sizeof usual / sizeof usual[0]; p++) {
        int common = 0;
        while (common < file->count && has_prefix(&file->tensors[common], usual[p], strlen(usual[p])))
            common++;
        length = common == file->count ? strlen(usual[p]) : 0;
        *prefix = usual[p];
    }
    return length;
}

static void strip_prefix(TensorFile *file)
{
    const char *prefix = "";
    size_t length = prefix_length(file, &prefix);
    memcpy(file->prefix, prefix, length);
    for (int i = 0; length > 0 && i < file->count; i++) {
        char *name = file->tensors[i].name;
        if (has_prefix(&file->tensors[i], file->prefix, length))
            memmove(name, name + length, strlen(name + length) + 1);
    }
}

/* The beginning has printable characters only. */
static bool is_text(const unsigned char *bytes, size_t size)
{
    size_t i = 0, most = size < 200 ? size : 200;
    while (i < most && (bytes[i] >= 0x20 || strchr("\t\n\r", bytes[i]) != NULL) && bytes[i] != '\0' && bytes[i] < 0x7f)
        i++;
    return i == most && size >= 4;
}

static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

/* Names are shown: no line breaks, no escape sequences. Those of real tensors have none. */
static void make_names_printable(TensorFile *file)
{
    for (int i = 0; i < file->count; i++)
        make_printable(file->tensors[i].name);
    make_printable(file->nested);
}

typedef enum FileKind {
    KIND_UNKNOWN,
    KIND_SAFETENSORS,           /* begins with the length of its JSON header */
    KIND_ZIP,                   /* .pth, .npz */
    KIND_PTH_LEGACY,
    KIND_PICKLE,
    KIND_TAR,
    KIND_ONNX,
    KIND_CAFFE,
} FileKind;

/* By content, well-formed or not. */
static FileKind file_kind(const TensorFile *file)
{
    const unsigned char *bytes = file->bytes;
    if (file->size >= 9 && bytes[8] == '{' && load_le(bytes, 8) < (uint64_t)1 << 40)
        return KIND_SAFETENSORS;
    if (file->size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
        return KIND_ZIP;
    if (file->size >= 8 && memcmp(bytes, "\x80\2\x8a\x0a\x6c\xfc\x9c\x46", 8) == 0)
        return KIND_PTH_LEGACY;
    if (file->size >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5)
        return KIND_PICKLE;
    if (file->size >= 263 && memcmp(bytes + 257, "ustar", 5) == 0)
        return KIND_TAR;
    if (wire_is_onnx(file))
        return KIND_ONNX;
    return wire_is_caffe(file) ? KIND_CAFFE : KIND_UNKNOWN;
}

static bool refuse_unknown(const TensorFile *file, Err *err)
{
    const unsigned char *bytes = file->bytes;
    if (is_text(bytes, file->size))
        return err_set(err, "%s: a text file, not weights; expected a safetensors, .pth, .caffemodel, .onnx or .npz file",
                       file->path);
    return err_set(err,
                   "%s: not a supported weight file, or cut short (%zu bytes, beginning with %02x %02x %02x %02x); "
                   "expected a safetensors, .pth, .caffemodel, .onnx or .npz file",
                   file->path, file->size, bytes[0], file->size > 1 ? bytes[1] : 0, file->size > 2 ? bytes[2] : 0,
                   file->size > 3 ? bytes[3] : 0);
}

static bool read_any(TensorFile *file, Err *err)
{
    const char *what = file_describe(file->bytes, file->size);
    if (what != NULL)
        return err_set(err, "%s: %s", file->path, what);
    switch (file_kind(file)) {
    case KIND_SAFETENSORS: return read_safetensors(file, err);
    case KIND_ZIP: return read_zip(file, err);
    case KIND_PTH_LEGACY: return read_pth_legacy(file, err);
    case KIND_ONNX: return read_onnx(file, err);
    case KIND_CAFFE: return read_caffemodel(file, err);
    case KIND_PICKLE:
        return err_set(err,
                       "%s: a bare Python pickle, not a file of torch.save; in Python save "
                       "torch.save(net.state_dict(), 'weights.pth')",
                       file->path);
    case KIND_TAR:
        return err_set(
            err,
            "%s: a tar archive, as PyTorch wrote before version 0.2; unpack it, or load and save it again in PyTorch",
            file->path);
    case KIND_UNKNOWN: break;
    }
    return refuse_unknown(file, err);
}

bool weights_recognise(unsigned char *head, size_t size)
{
    const TensorFile file = {.bytes = head, .size = size};
    return file_describe(head, size) == NULL && (file_kind(&file) != KIND_UNKNOWN || wire_begins_as_caffe(&file));
}

/* The file's bytes are taken over in any case. */
static TensorFile *parse(Stop *stop, unsigned char *bytes, size_t size, const char *name, Err *err)
{
    TensorFile *file = calloc(1, sizeof *file);
    if (file == NULL) {
        free(bytes);
        err_set(err, "%s: not enough memory", name);
        return NULL;
    }
    snprintf(file->path, sizeof file->path, "%s", name);
    file->bytes = bytes;
    file->size = size;
    file->stop = stop;
    bool good = read_any(file, err);
    if (good && file->count == 0)
        good = err_set(err, "%s: a %s file without any tensor", file->path, file->format);
    if (good) {
        make_names_printable(file);
        strip_prefix(file);
    }
    if (!good || !sort_names(file, err)) {
        tensor_file_free(file);
        return NULL;
    }
    return file;
}

TensorFile *tensor_file_parse(unsigned char *bytes, size_t size, const char *name, Err *err)
{
    return parse(NULL, bytes, size, name, err);
}

TensorFile *tensor_file_open_unless(Stop *stop, const char *path, Err *err)
{
    unsigned char *bytes;
    size_t size;
    if (!file_read(path, size_limit(WEIGHTS_MAX_GB, 30), stop, &bytes, &size, err))
        return NULL;
    return parse(stop, bytes, size, path, err);
}

TensorFile *tensor_file_open(const char *path, Err *err)
{
    return tensor_file_open_unless(NULL, path, err);
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

float tensor_element(const FileTensor *tensor, size_t i)
{
    assert(i < tensor->count);
    int64_t offset = 0;
    for (int d = tensor->dim_count - 1; d >= 0; d--) {
        offset += (int64_t)(i % (size_t)tensor->dims[d]) * tensor->strides[d];
        i /= (size_t)tensor->dims[d];
    }
    return element_at(tensor, offset);
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
