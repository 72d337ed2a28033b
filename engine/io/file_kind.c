/* file_kind.c - the table of kinds; see file_kind.h. A new kind is one row. */
#include "engine/io/file_kind.h"
#include "engine/base/text.h"
#include "engine/io/file_kind_proto.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool has(const unsigned char *bytes, size_t size, size_t at, const char *text)
{
    size_t length = strlen(text);
    return size >= at + length && memcmp(bytes + at, text, length) == 0;
}

/* A function, because this byte order's magic contains a zero byte. */
static bool is_tiff_mm(const unsigned char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "MM\0*", 4) == 0;
}

/* "BM" may also begin a text; the header after it has one of a few lengths. */
static bool is_bmp(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, 0, "BM") && size >= 18 && bytes[14] <= 124 && bytes[15] == 0 && bytes[16] == 0 && bytes[17] == 0;
}

/* Where the text begins, after a byte order mark and white space. */
static size_t text_start(const unsigned char *bytes, size_t size)
{
    size_t start = text_mark((const char *)bytes, size);
    while (start < size && strchr(" \n\r\t", bytes[start]) != NULL && bytes[start] != '\0')
        start++;
    return start;
}

static bool is_html(const unsigned char *bytes, size_t size)
{
    const size_t start = text_start(bytes, size);
    const char *text = (const char *)bytes + start;
    return size - start >= 5 && (strncasecmp(text, "<!doc", 5) == 0 || strncasecmp(text, "<html", 5) == 0);
}

static bool is_xml(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, text_start(bytes, size), "<?xml");
}

/* "<svg" at the beginning, or after an XML declaration and comments. */
static bool is_svg(const unsigned char *bytes, size_t size)
{
    const size_t start = text_start(bytes, size), end = is_xml(bytes, size) ? start + 1000 : start + 1;
    for (size_t i = start; i < size && i < end; i++)
        if (has(bytes, size, i, "<svg"))
            return true;
    return false;
}

enum { LOOK = 1 << 20 };        /* bytes in which a word is searched */

/* Whether the word is in the first megabyte. */
static bool has_word(const unsigned char *bytes, size_t size, const char *word)
{
    return memmem(bytes, size < LOOK ? size : LOOK, word, strlen(word)) != NULL;
}

static bool is_hdf5(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, 0, "\x89HDF");
}

static bool is_keras_h5(const unsigned char *bytes, size_t size)
{
    return is_hdf5(bytes, size) && (has_word(bytes, size, "keras_version") || has_word(bytes, size, "model_weights") || has_word(bytes, size, "layer_names"));
}

static bool is_caffe_h5(const unsigned char *bytes, size_t size)
{
    return is_hdf5(bytes, size) && (has_word(bytes, size, "loss3") || has_word(bytes, size, "inception_3a") || has_word(bytes, size, "conv1"));
}

static bool is_keras_zip(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, 0, "PK\3\4") && has_word(bytes, size, "model.weights.h5");
}

/* A table of LevelDB ends with this number; TensorFlow's checkpoints are such tables. */
static bool is_tensorflow_checkpoint(const unsigned char *bytes, size_t size)
{
    return size >= 48 && memcmp(bytes + size - 8, "\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8) == 0;
}

/* The header of a list of arrays: the number 0x112 and a reserved 0, both of 8 bytes. */
static bool is_mxnet(const unsigned char *bytes, size_t size)
{
    return size >= 16 && memcmp(bytes, "\x12\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0;
}

/* The number of a Torch object or table, its index 1; near the start the version of a class. */
static bool is_torch7(const unsigned char *bytes, size_t size)
{
    const bool binary = size >= 16 && (bytes[0] == 3 || bytes[0] == 4) && memcmp(bytes + 1, "\0\0\0\1\0\0", 7) == 0;
    const bool ascii = size >= 8 && (bytes[0] == '3' || bytes[0] == '4') && memcmp(bytes + 1, "\n1\n", 3) == 0;
    return (binary || ascii) && has_word(bytes, size < 4096 ? size : 4096, "V 1");
}

/* Each tensor: its version 0, levels 0, version 0, then the length of a short description that begins with its type. */
static bool is_paddle_params(const unsigned char *bytes, size_t size)
{
    static const unsigned char zeros[16] = {0};
    return size >= 24 && memcmp(bytes, zeros, 16) == 0 && bytes[16] > 0 && bytes[16] < 64 && memcmp(bytes + 17, zeros, 3) == 0 && bytes[20] == 0x08;
}

static bool is_npy_of_objects(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, 0, "\x93NUMPY") && has_word(bytes, size < 256 ? size : 256, "'|O'");
}

/* A pickle that torch.save did not write. */
static bool is_foreign_pickle(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5 && !has(bytes, size, 2, "\x8a\x0a\x6c\xfc");
}

static bool is_paddle_pickle(const unsigned char *bytes, size_t size)
{
    return is_foreign_pickle(bytes, size) && has_word(bytes, size, "StructuredToParameterName@@");
}

static bool is_numpy_pickle(const unsigned char *bytes, size_t size)
{
    const size_t head = size < 4096 ? size : 4096;
    return is_foreign_pickle(bytes, size) && has_word(bytes, head, "numpy") && has_word(bytes, head, "_reconstruct");
}

/* Pickle's oldest form is text: an opcode and its argument on each line. */
static bool is_text_pickle(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, 0, "(dp") || has(bytes, size, 0, "(lp") || has(bytes, size, 0, "ccopy_reg\n") || has(bytes, size, 0, "cnumpy");
}

static bool is_json(const unsigned char *bytes, size_t size, const char *key)
{
    const size_t start = text_start(bytes, size);
    return start < size && bytes[start] == '{' && has_word(bytes, size, key);
}

static bool is_shard_index(const unsigned char *bytes, size_t size)
{
    return is_json(bytes, size, "\"weight_map\"");
}

static bool is_mxnet_symbol(const unsigned char *bytes, size_t size)
{
    return is_json(bytes, size, "\"arg_nodes\"");
}

static bool is_tfjs(const unsigned char *bytes, size_t size)
{
    return is_json(bytes, size, "\"weightsManifest\"");
}

static bool is_keras_json(const unsigned char *bytes, size_t size)
{
    return is_json(bytes, size, "\"class_name\"");
}

static bool is_openvino(const unsigned char *bytes, size_t size)
{
    return is_xml(bytes, size) && has_word(bytes, size < 1000 ? size : 1000, "<net ");
}

/* Remedies that several rows have. */
static const char to_picture[] = "save it as JPEG or PNG", unpack[] = "unpack it first",
                  to_arrays[] = "save the weights as safetensors or .npz instead",
                  from_tensorflow[] = "in Python read its variables and save them with numpy.savez, under PyTorch's or Caffe's names",
                  to_npz[] = "in Python save its arrays under their names with numpy.savez";

/* The first row that fits wins. In files of boxes the type of the first box is at offset 4 and its brand at 8. */
static const FileKind kinds[] = {
    {"a Git LFS pointer, not the file itself", "run `git lfs pull` or download it", .magic = "version https://git-lfs"},
    {"a PNG picture", NULL, .magic = "\x89PNG"},
    {"a JPEG picture", NULL, .magic = "\xff\xd8\xff"},
    {"a GIF picture", NULL, .magic = "GIF8"},
    {"a WebP picture", to_picture, .magic = "WEBPVP8", .at = 8},
    {"a RIFF file (WAV or AVI)", NULL, .magic = "RIFF"},
    {"a TIFF picture", to_picture, .magic = "II*"},
    {"a Photoshop picture", to_picture, .magic = "8BPS"},
    {"a PDF document", "for a picture save the page as PNG", .magic = "%PDF"},
    {"gzip-compressed", unpack, .magic = "\x1f\x8b"},
    {"a 7z archive", unpack, .magic = "7z\xbc\xaf"},
    {"a RAR archive", unpack, .magic = "Rar!\x1a"},
    {"a Keras model (HDF5)", to_arrays, .recognise = is_keras_h5},
    {"a Caffe model in HDF5 (.caffemodel.h5)", "save it as a .caffemodel (snapshot_format: BINARYPROTO)", .recognise = is_caffe_h5},
    {"an HDF5 file, as Keras and MATLAB write", to_arrays, .recognise = is_hdf5},
    {"a Keras model (.keras)", to_arrays, .recognise = is_keras_zip},
    {"a TensorFlow Lite model", to_arrays, .magic = "TFL3", .at = 4},
    {"an ONNX Runtime model (.ort)", "take the .onnx file", .magic = "ORTM", .at = 4},
    {"a GGUF file, not a GoogLeNet", NULL, .magic = "GGUF"},
    {"a NumPy array of Python objects, such as a dict of weights",
     "in Python save numpy.savez('weights.npz', **numpy.load(F, allow_pickle=True).item())", .recognise = is_npy_of_objects},
    {"a single NumPy array", "save all arrays with their names with numpy.savez", .magic = "\x93NUMPY"},
    {"a MATLAB file, as MatConvNet's networks are", to_npz, .magic = "MATLAB 5.0 MAT-file"},
    {"a MATLAB file, as MatConvNet's networks are", to_npz, .magic = "MATLAB 7.3 MAT-file"},
    {"an MXNet parameter file", to_npz, .recognise = is_mxnet},
    {"a Torch7 file (.t7)", "open it in Lua or with Python's torchfile, and save its arrays with numpy.savez", .recognise = is_torch7},
    {"a PaddlePaddle parameter file", "in Python save numpy.savez('weights.npz', **paddle.load(F))", .recognise = is_paddle_pickle},
    {"a PaddlePaddle inference model's parameters", "export the .pdparams and save its arrays with numpy.savez", .recognise = is_paddle_params},
    {"a Python pickle of NumPy arrays, as Lasagne writes", to_npz, .recognise = is_numpy_pickle},
    {"a Python pickle of the oldest form", to_npz, .recognise = is_text_pickle},
    {"Caffe's mean image, not weights", "open the .caffemodel", .recognise = is_caffe_mean},
    {"the state of Caffe's solver, not weights", "open the .caffemodel of the same iteration", .recognise = is_caffe_solver_state},
    {"a Core ML model", "take the model that it was converted from", .recognise = is_core_ml},
    {"a TensorFlow SavedModel", from_tensorflow, .recognise = is_tensorflow_saved_model},
    {"a PaddlePaddle program without its parameters", "take the .pdparams and save its arrays with numpy.savez", .recognise = is_paddle_program},
    {"a TensorFlow graph", from_tensorflow, .recognise = is_tensorflow_graph},
    {"a TensorFlow graph (.meta)", from_tensorflow, .recognise = is_tensorflow_meta},
    {"a TensorFlow checkpoint", from_tensorflow, .recognise = is_tensorflow_checkpoint},
    {"the list of a TensorFlow folder's checkpoints", from_tensorflow, .magic = "model_checkpoint_path:"},
    {"a Caffe2 network", "take the ONNX file, or Caffe's .caffemodel", .recognise = is_caffe2},
    {"the index of a model saved in several safetensors files", "in Python load all its files into one dict and save that", .recognise = is_shard_index},
    {"an MXNet network without its parameters", "open neither: save the .params file's arrays with numpy.savez", .recognise = is_mxnet_symbol},
    {"a TensorFlow.js model", to_arrays, .recognise = is_tfjs},
    {"a Keras description of a network without weights", to_arrays, .recognise = is_keras_json},
    {"an ncnn network without weights", to_arrays, .magic = "7767517"},
    {"a prototxt, Caffe's description of a network without weights", "use the .caffemodel", .magic = "layer {"},
    {"a prototxt, Caffe's description of a network without weights", "use the .caffemodel", .magic = "input:"},
    {"a prototxt of Caffe's solver", "use the .caffemodel", .magic = "net: \""},
    {"a prototxt, Caffe's description of a network without weights", "use the .caffemodel", .magic = "name:"},
    {"a TIFF picture", to_picture, .recognise = is_tiff_mm},
    {"a BMP picture", NULL, .recognise = is_bmp},
    {"a JPEG 2000 picture", to_picture, .magic = "jP  ", .at = 4},
    {"a JPEG XL picture", to_picture, .magic = "JXL ", .at = 4},
    {"a JPEG XL picture", to_picture, .magic = "\xff\x0a"},
    {"an AVIF picture", to_picture, .magic = "ftypavi", .at = 4},
    {"a HEIC picture, as iPhones take them", to_picture, .magic = "ftypheic", .at = 4},
    {"a HEIC picture, as iPhones take them", to_picture, .magic = "ftypheix", .at = 4},
    {"a HEIF picture", to_picture, .magic = "ftypmif1", .at = 4},
    {"a HEIF picture", to_picture, .magic = "ftypmsf1", .at = 4},
    {"a JPEG 2000 picture", to_picture, .magic = "ftypjp2", .at = 4},
    {"a JPEG XL picture", to_picture, .magic = "ftypjxl", .at = 4},
    {"a video", "save one frame as JPEG or PNG", .magic = "ftyp", .at = 4},
    {"an HTML page, so the download failed", "fetch the file itself", .recognise = is_html},
    {"an OpenVINO network", "take the model that it was converted from", .recognise = is_openvino},
    {"an SVG drawing", "save it as PNG", .recognise = is_svg},
    {"an XML page, so the download probably failed", "fetch the file itself", .recognise = is_xml},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const FileKind *file_kind_row(int row)
{
    return row >= 0 && row < KINDS ? &kinds[row] : NULL;
}

const FileKind *file_kind_of(const unsigned char *bytes, size_t size)
{
    for (int i = 0; i < KINDS; i++) {
        const FileKind *kind = &kinds[i];
        if (kind->magic != NULL ? has(bytes, size, kind->at, kind->magic) : kind->recognise(bytes, size))
            return kind;
    }
    return NULL;
}

bool file_describe(const unsigned char *bytes, size_t size, char out[FILE_KIND_TEXT])
{
    const FileKind *kind = file_kind_of(bytes, size);
    out[0] = '\0';
    if (kind != NULL)
        snprintf(out, FILE_KIND_TEXT, "is %s%s%s", kind->name, kind->remedy != NULL ? "; " : "", kind->remedy != NULL ? kind->remedy : "");
    return kind != NULL;
}
