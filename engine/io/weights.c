/* weights.c - opens a weight file of any format: finds its format, calls the reader, and makes the names comparable. */
#include "engine/io/weights.h"
#include "engine/base/size.h"
#include "engine/io/file.h"
#include "engine/io/file_kind.h"
#include "engine/io/weights_readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WEIGHTS_MAX_GB = 4 };

/* ---- the formats ---- */

/* A new format is one file with these functions, their prototypes in weights_readers.h, and one row. The first row that
 * recognises the file reads it. So the formats inside zip archives come before the plain archive, and ONNX before Caffe, whose
 * files share a field. */
static const struct {
    const char *name;                               /* TensorFile.format, also the file name's ending; NULL if this kind is only
                                                       refused */
    bool (*recognise)(const TensorFile *file);      /* by content, also if broken */
    bool (*begins)(const TensorFile *head);         /* the same with only the first bytes, if recognise needs the whole file; else
                                                       NULL */
    bool (*read)(TensorFile *file, Err *err);       /* or refuses the file, with a remedy */
} formats[] = {
    {"safetensors", safetensors_recognise, NULL, safetensors_read},
    {NULL, torchscript_recognise, NULL, torchscript_refuse},
    {"pth", pth_zip_recognise, NULL, pth_zip_read},
    {"npz", npz_recognise, NULL, npz_read},
    {NULL, zip_recognise, NULL, zip_refuse},
    {"pth", pth_legacy_recognise, NULL, pth_legacy_read},
    {NULL, pickle_recognise, NULL, pickle_refuse},
    {NULL, tar_recognise, NULL, tar_refuse},
    {"onnx", onnx_recognise, NULL, onnx_read},
    {"caffemodel", caffe_recognise, caffe_begins, caffe_read},
};
enum { FORMATS = sizeof formats / sizeof *formats };

/* Whether an earlier row has the same name, or this row has none. */
static bool is_listed(int row)
{
    for (int i = 0; formats[row].name != NULL && i < row; i++)
        if (formats[i].name != NULL && strcmp(formats[i].name, formats[row].name) == 0)
            return true;
    return formats[row].name == NULL;
}

/* ".safetensors, .pth, ... and .caffemodel" */
static void list_formats(char *out, size_t size)
{
    int last = FORMATS - 1;
    size_t length = 0;
    while (is_listed(last))
        last--;
    out[0] = '\0';
    for (int i = 0; i <= last && length < size; i++)
        if (!is_listed(i))
            length += (size_t)snprintf(out + length, size - length, "%s.%s", i == 0 ? "" : i == last ? " and " : ", ", formats[i].name);
}

/* Whether the beginning has only printable characters. */
static bool is_text(const unsigned char *bytes, size_t size)
{
    size_t i = 0, most = size < 200 ? size : 200;
    while (i < most && (bytes[i] >= 0x20 || strchr("\t\n\r", bytes[i]) != NULL) && bytes[i] != '\0' && bytes[i] < 0x7f)
        i++;
    return i == most && size >= 4;
}

static bool refuse_unknown(const TensorFile *file, Err *err)
{
    const unsigned char *bytes = file->bytes;
    char known[160];
    list_formats(known, sizeof known);
    if (is_text(bytes, file->size))
        return err_set(err, "%s: a text file, not weights; supported are %s files", file->path, known);
    return err_set(err, "%s: not a supported weight file, or cut short (%zu bytes, beginning with %02x %02x %02x %02x); supported are %s",
                   file->path, file->size, bytes[0], file->size > 1 ? bytes[1] : 0, file->size > 2 ? bytes[2] : 0,
                   file->size > 3 ? bytes[3] : 0, known);
}

static bool read(TensorFile *file, Err *err)
{
    char what[FILE_KIND_TEXT];
    if (file_describe(file->bytes, file->size, what))
        return err_set(err, "%s: %s", file->path, what);
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].recognise(file)) {
            snprintf(file->format, sizeof file->format, "%s", formats[i].name != NULL ? formats[i].name : "");
            return formats[i].read(file, err);
        }
    return refuse_unknown(file, err);
}

bool weights_recognise(unsigned char *head, size_t size)
{
    const TensorFile file = {.bytes = head, .size = size};
    if (file_kind_of(head, size) != NULL)
        return false;
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].recognise(&file) || (formats[i].begins != NULL && formats[i].begins(&file)))
            return true;
    return false;
}

/* ---- the names ---- */

/* Whether the name begins with these letters and goes on after them. */
static bool has_prefix(const FileTensor *tensor, const char *prefix, size_t length)
{
    return strncmp(tensor->name, prefix, length) == 0 && tensor->name[length] != '\0';
}

/* The length of the word that DataParallel or another wrapper put in front of the names; 0 for none. The first convolution tells
 * it, since its name has the same end in every GoogLeNet of PyTorch; otherwise it is a usual word that all names begin with. */
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

static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

/* Names are shown, so line breaks and escape sequences are removed. Names of real tensors have none. */
static void make_names_printable(TensorFile *file)
{
    for (int i = 0; i < file->count; i++)
        make_printable(file->tensors[i].name);
    make_printable(file->nested);
}

/* ---- opening ---- */

/* Takes ownership of the file's bytes in any case. */
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
    bool good = read(file, err);
    if (good && file->count == 0)
        good = err_set(err, "%s: a %s file without any tensor", file->path, file->format);
    if (good) {
        make_names_printable(file);
        strip_prefix(file);
    }
    if (!good || !tensor_file_sort(file, err)) {
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
