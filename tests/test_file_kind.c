/* test_file_kind.c - the table of kinds of files: one small file of each kind, made here as its format has it, is told by its content,
 * by the table and by what opens weights, pictures and names. */
#include "engine/io/file_kind.h"
#include "engine/io/image.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "tests/bytes.h"

/* A protobuf field of bytes, one of a number. */
static void field(Bytes *b, unsigned number, const void *bytes, size_t size)
{
    unsigned tag = number << 3 | 2, length = (unsigned)size;
    for (; tag > 127; tag >>= 7)
        put(b, &(unsigned char){(unsigned char)(tag | 128)}, 1);
    put(b, &(unsigned char){(unsigned char)tag}, 1);
    for (; length > 127; length >>= 7)
        put(b, &(unsigned char){(unsigned char)(length | 128)}, 1);
    put(b, &(unsigned char){(unsigned char)length}, 1);
    put(b, bytes, size);
}

static void text_field(Bytes *b, unsigned number, const char *text)
{
    field(b, number, text, strlen(text));
}

static void varint(Bytes *b, unsigned number, unsigned value)
{
    put(b, (unsigned char[]){(unsigned char)(number << 3), (unsigned char)value}, 2);
}

static void nest(Bytes *b, unsigned number, Bytes *inner)
{
    field(b, number, inner->at, inner->size);
    free(inner->at);
    *inner = (Bytes){0};
}

static void mean_image(Bytes *b)
{
    static const float data[12] = {104, 117, 123};
    varint(b, 1, 1);
    varint(b, 2, 3);
    varint(b, 3, 2);
    varint(b, 4, 2);
    field(b, 5, data, sizeof data);
}

/* A mean image of newer Caffe: a shape in place of the four numbers. */
static void mean_shape(Bytes *b)
{
    static const float data[3] = {104, 117, 123};
    field(b, 5, data, sizeof data);
    field(b, 7, "\x0a\1\3", 3);
}

static void solver_state(Bytes *b)
{
    Bytes blob = {0};
    varint(b, 1, 20);
    text_field(b, 2, "googlenet_iter_20.caffemodel");
    mean_image(&blob);
    nest(b, 3, &blob);
    varint(b, 4, 0);
}

/* As saved with snapshot_diff, without the name of the network. */
static void solver_unnamed(Bytes *b)
{
    Bytes blob = {0};
    varint(b, 1, 3);
    mean_shape(&blob);
    nest(b, 3, &blob);
}

static void core_ml(Bytes *b)
{
    Bytes description = {0}, feature = {0}, network = {0};
    varint(b, 1, 1);
    text_field(&feature, 1, "image");
    nest(&description, 1, &feature);
    nest(b, 2, &description);
    text_field(&network, 1, "layers");
    nest(b, 500, &network);
}

static void tf_node(Bytes *graph)
{
    Bytes node = {0};
    text_field(&node, 1, "input");
    text_field(&node, 2, "Placeholder");
    nest(graph, 1, &node);
}

static void tf_graph(Bytes *b)
{
    tf_node(b);
    tf_node(b);
    field(b, 4, "\x08\x15", 2);
}

static void tf_meta(Bytes *b)
{
    Bytes info = {0}, graph = {0};
    text_field(&info, 4, "1.15.0");
    nest(b, 1, &info);
    tf_graph(&graph);
    nest(b, 2, &graph);
}

static void tf_saved_model(Bytes *b)
{
    Bytes meta = {0};
    varint(b, 1, 1);
    tf_meta(&meta);
    nest(b, 2, &meta);
}

static void caffe2(Bytes *b)
{
    Bytes op = {0};
    text_field(b, 1, "bvlc_googlenet_init");
    text_field(&op, 2, "conv1/7x7_s2_w_0");
    text_field(&op, 4, "GivenTensorFill");
    field(&op, 5, "\x0a\5shape", 7);
    nest(b, 2, &op);
}

static void paddle_program(Bytes *b)
{
    Bytes block = {0};
    put(&block, "\x08\0\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 13);
    nest(b, 1, &block);
}

static void sstable(Bytes *b)
{
    static const unsigned char zeros[64] = {0};
    put(b, zeros, 40);
    put(b, "\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
}

#define BYTES(text) text, sizeof(text) - 1

/* A file that is these bytes; `make` if they are composed. */
static const struct {
    const char *word;           /* a part of the name of its kind */
    const char *bytes;
    size_t size;
    void (*make)(Bytes *b);
} files[] = {
    {"Git LFS pointer", BYTES("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), NULL},
    {"PNG picture", BYTES("\x89PNG\r\n\x1a\n"), NULL},
    {"JPEG picture", BYTES("\xff\xd8\xff\xe0"), NULL},
    {"GIF picture", BYTES("GIF89a\1\0\1\0"), NULL},
    {"WebP picture", BYTES("RIFF\x24\0\0\0WEBPVP8 "), NULL},
    {"RIFF file", BYTES("RIFF\x24\0\0\0WAVEfmt "), NULL},
    {"TIFF picture", BYTES("II*\0\x08\0\0\0"), NULL},
    {"TIFF picture", BYTES("MM\0*\0\0\0\x08"), NULL},
    {"Photoshop", BYTES("8BPS\0\1"), NULL},
    {"PDF", BYTES("%PDF-1.4\n"), NULL},
    {"gzip", BYTES("\x1f\x8b\x08\0\0\0"), NULL},
    {"7z archive", BYTES("7z\xbc\xaf\x27\x1c"), NULL},
    {"RAR archive", BYTES("Rar!\x1a\7\0"), NULL},
    {"a Keras model (HDF5)", BYTES("\x89HDF\r\n\x1a\n\0\0\0\0layer_names\0conv1"), NULL},
    {"Caffe model in HDF5", BYTES("\x89HDF\r\n\x1a\n\0\0\0\0data\0conv1/7x7_s2\0loss3/classifier"), NULL},
    {"an HDF5 file", BYTES("\x89HDF\r\n\x1a\n\0\0\0\0"), NULL},
    {"a Keras model (.keras)", BYTES("PK\3\4\x14\0\0\0\0\0model.weights.h5"), NULL},
    {"TensorFlow Lite", BYTES("\x1c\0\0\0TFL3"), NULL},
    {"ONNX Runtime", BYTES("\x1c\0\0\0ORTM"), NULL},
    {"GGUF", BYTES("GGUF\3\0\0\0"), NULL},
    {"NumPy array of Python objects", BYTES("\x93NUMPY\1\0v\0{'descr': '|O', 'fortran_order': False, 'shape': (), }   \n\x80\3"), NULL},
    {"single NumPy array", BYTES("\x93NUMPY\1\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (), }   \n"), NULL},
    {"MATLAB file", BYTES("MATLAB 5.0 MAT-file, Platform: GLNXA64"), NULL},
    {"MATLAB file", BYTES("MATLAB 7.3 MAT-file, Platform: GLNXA64"), NULL},
    {"MXNet parameter", BYTES("\x12\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"), NULL},
    {"Torch7", BYTES("\4\0\0\0\1\0\0\0\3\0\0\0V 1\x0d\0\0\0nn.Sequential"), NULL},
    {"Torch7", BYTES("3\n1\n2\n4\n2\n3\nV 1\n13\nnn.Sequential\n"), NULL},
    {"PaddlePaddle parameter", BYTES("\x80\2}q\0(X\x1b\0\0\0StructuredToParameterName@@q\1}q\2u."), NULL},
    {"PaddlePaddle inference model's parameters", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\0\x08\5\x10\x40\x10\3\x10\7\x10\7"), NULL},
    {"pickle of NumPy arrays", BYTES("\x80\2}q\0U\5paramcnumpy.core.multiarray\n_reconstruct\nq\1."), NULL},
    {"pickle of the oldest form", BYTES("(dp0\nS'param values'\np1\n(lp2\n"), NULL},
    {"mean image", NULL, 0, mean_image},
    {"mean image", NULL, 0, mean_shape},
    {"state of Caffe's solver", NULL, 0, solver_state},
    {"state of Caffe's solver", NULL, 0, solver_unnamed},
    {"Core ML", NULL, 0, core_ml},
    {"TensorFlow SavedModel", NULL, 0, tf_saved_model},
    {"PaddlePaddle program", NULL, 0, paddle_program},
    {"a TensorFlow graph", NULL, 0, tf_graph},
    {"TensorFlow graph (.meta)", NULL, 0, tf_meta},
    {"a TensorFlow checkpoint", NULL, 0, sstable},
    {"list of a TensorFlow folder's checkpoints", BYTES("model_checkpoint_path: \"model.ckpt-1\"\n"), NULL},
    {"Caffe2", NULL, 0, caffe2},
    {"index of a model saved in several", BYTES("{\n  \"metadata\": {},\n  \"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}\n}\n"), NULL},
    {"MXNet network", BYTES("{\"nodes\": [], \"arg_nodes\": [0], \"heads\": []}"), NULL},
    {"TensorFlow.js", BYTES("{\"format\": \"layers-model\", \"weightsManifest\": []}"), NULL},
    {"Keras description", BYTES("{\"class_name\": \"Functional\", \"config\": {}}"), NULL},
    {"ncnn", BYTES("7767517\n75 83\n"), NULL},
    {"description of a network without weights", BYTES("name: \"GoogleNet\"\n"), NULL},
    {"description of a network without weights", BYTES("layer {\n"), NULL},
    {"description of a network without weights", BYTES("input: \"data\"\n"), NULL},
    {"solver", BYTES("net: \"train_val.prototxt\"\n"), NULL},
    {"BMP picture", BYTES("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"), NULL},
    {"JPEG 2000", BYTES("\0\0\0\x0cjP  \r\n"), NULL},
    {"JPEG XL", BYTES("\0\0\0\x0cJXL \r\n"), NULL},
    {"JPEG XL", BYTES("\xff\x0a\x12"), NULL},
    {"AVIF", BYTES("\0\0\0\x1c" "ftypavif"), NULL},
    {"HEIC", BYTES("\0\0\0\x1c" "ftypheic"), NULL},
    {"HEIC", BYTES("\0\0\0\x1c" "ftypheix"), NULL},
    {"HEIF", BYTES("\0\0\0\x1c" "ftypmif1"), NULL},
    {"HEIF", BYTES("\0\0\0\x1c" "ftypmsf1"), NULL},
    {"JPEG 2000", BYTES("\0\0\0\x1c" "ftypjp2 "), NULL},
    {"JPEG XL", BYTES("\0\0\0\x1c" "ftypjxl "), NULL},
    {"a video", BYTES("\0\0\0\x1c" "ftypisom"), NULL},
    {"an HTML page", BYTES("\n<!DOCTYPE html><html>"), NULL},
    {"OpenVINO", BYTES("<?xml version=\"1.0\"?>\n<net name=\"googlenet\" version=\"10\">"), NULL},
    {"SVG", BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\">"), NULL},
    {"an XML page", BYTES("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"), NULL},
};
enum { FILES = sizeof files / sizeof files[0], ROWS_MAX = 200 };

static Bytes bytes_of(int i)
{
    Bytes b = {0};
    if (files[i].make != NULL)
        files[i].make(&b);
    else
        put(&b, files[i].bytes, files[i].size);
    return b;
}

static void test_a_file_of_every_kind(void **state)
{
    (void)state;
    bool seen[ROWS_MAX] = {false};
    int rows = 0;
    while (file_kind_row(rows) != NULL)
        rows++;
    assert_true(rows < ROWS_MAX);
    for (int i = 0; i < FILES; i++) {
        Bytes b = bytes_of(i);
        const FileKind *kind = file_kind_of(b.at, b.size);
        CHECK(kind != NULL && strstr(kind->name, files[i].word) != NULL, "file %d (%s) is %s", i, files[i].word, kind != NULL ? kind->name : "unknown");
        for (int r = 0; r < rows; r++)
            seen[r] = seen[r] || file_kind_row(r) == kind;
        free(b.at);
    }
    for (int r = 0; r < rows; r++)
        CHECK(seen[r], "no file of the kind in row %d, %s", r, file_kind_row(r)->name);
}

/* Who opens it as weights, as a picture or as names is told what it is; a whole message ends after the remedy. */
static void test_every_reader_names_it(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++) {
        Bytes b = bytes_of(i);
        const FileKind *kind = file_kind_of(b.at, b.size);
        unsigned char *copy = malloc(b.size);
        memcpy(copy, b.at, b.size);
        Err err = {""};
        TensorFile *file = tensor_file_parse(copy, b.size, "it", &err);
        CHECK(file == NULL && strstr(err.text, kind->name) != NULL && (kind->remedy == NULL || strstr(err.text, kind->remedy) != NULL), "%s: %s", files[i].word, err.text);
        Image image;
        if (!image_recognise(b.at, b.size))
            CHECK(!image_decode(b.at, b.size, "it", &image, &err) && strstr(err.text, kind->name) != NULL, "%s: %s", files[i].word, err.text);
        free(b.at);
    }
}

/* A prefix of a file is the same kind, or no kind: never another model's. */
static void test_prefixes(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++) {
        Bytes b = bytes_of(i);
        for (size_t n = 1; n < b.size; n++) {
            unsigned char *copy = malloc(n);
            memcpy(copy, b.at, n);
            (void)file_kind_of(copy, n); /* stays inside: the sanitizer watches */
            free(copy);
        }
        free(b.at);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_file_of_every_kind),
    cmocka_unit_test(test_every_reader_names_it),
    cmocka_unit_test(test_prefixes),
};

TEST_MAIN(tests)
