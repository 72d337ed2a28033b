/* weights.c - opens a weight file of any format: finds its format, calls the reader, and makes the names comparable. */
#include "engine/io/weights.h"
#include "engine/base/limits.h"
#include "engine/base/size.h"
#include "engine/io/file.h"
#include "engine/io/file_kind.h"
#include "engine/io/weights_readers.h"
#include "engine/io/weights_tidy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the formats ---- */

/* A new format is one file with these functions, their prototypes in weights_readers.h, and one row. The first row that
 * recognises the file reads it. So the formats inside zip archives come before the plain archive, and ONNX before Caffe, whose
 * files share a field. */
static const struct {
    const char *name;                               /* TensorFile.format and the file name's ending; NULL: the kind is refused */
    bool (*recognise)(const TensorFile *file);      /* by content, also if broken */
    bool (*begins)(const TensorFile *head);         /* for the first bytes, if recognise needs the whole file; else NULL */
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
    if (!good || !tensors_tidy(file, err) || !tensor_file_sort(file, err)) {
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
    if (!file_read(path, size_limit(LIMIT_WEIGHTS_GB, 30), stop, &bytes, &size, err))
        return NULL;
    return parse(stop, bytes, size, path, err);
}

TensorFile *tensor_file_open(const char *path, Err *err)
{
    return tensor_file_open_unless(NULL, path, err);
}
