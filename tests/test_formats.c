/* test_formats.c - every weight format on the small files of tests/corpus, which the real libraries wrote
 * (tests/make_corpus.py): the values, every prefix, and what refusals say. Runs under the sanitizers as well. */
#include "engine/io/file.h"
#include "engine/io/weights_readers.h"
#include "tests/check.h"

#include <dirent.h>
#include <sys/resource.h>

static TensorFile *parse(const unsigned char *bytes, size_t size, Err *err)
{
    unsigned char *copy =
        malloc(size > 0 ? size : 1); /* exactly as long as the file, so that the sanitizer sees its end */
    memcpy(copy, bytes, size);
    err->text[0] = '\0';
    return tensor_file_parse(copy, size, "it", err);
}

/* Tensors named x, x.weight or x_w: Caffe's have the blob's kind after the layer's name. */
static const FileTensor *named(const TensorFile *file, char letter)
{
    for (int i = 0; i < file->count; i++)
        if (file->tensors[i].name[0] == letter &&
            (file->tensors[i].name[1] == '\0' || strcmp(file->tensors[i].name + 1, ".weight") == 0))
            return &file->tensors[i];
    return NULL;
}

static void check_good(const char *name, const unsigned char *bytes, size_t size)
{
    Err err;
    TensorFile *file = parse(bytes, size, &err);
    CHECK(file != NULL, "%s: %s", name, err.text);
    const FileTensor *a = named(file, 'a'), *b = named(file, 'b');
    CHECK(a != NULL && b != NULL && a->count == 6 && b->count == 36, "%s", name);
    CHECK(a->dims[a->dim_count - 1] == 3 && b->dim_count == 4 && b->dims[1] == 2, "%s", name);
    float values[36];
    tensor_copy(a, values);
    for (size_t i = 0; i < 6; i++)
        CHECK(values[i] == 0.5f * (float)i - 1.0f && tensor_element(a, i) == values[i], "%s: a[%zu] is %g", name, i,
              (double)values[i]);
    tensor_copy(b, values);
    for (size_t i = 0; i < 36; i++)
        CHECK(values[i] == (float)i / 8.0f && tensor_element(b, i) == values[i], "%s: b[%zu] is %g", name, i,
              (double)values[i]);
    int count = file->count;
    tensor_file_free(file);
    /* Protobuf has no end mark: a caffemodel cut exactly between two layers is a smaller one, which weights_load
     * refuses. */
    for (size_t n = 0; n < size; n++) {
        file = parse(bytes, n, &err);
        CHECK(file == NULL || (strcmp(file->format, "caffemodel") == 0 && file->count < count), "%s cut at %zu", name,
              n);
        CHECK(file != NULL || strncmp(err.text, "it: ", 4) == 0, "%s cut at %zu: %s", name, n, err.text);
        tensor_file_free(file);
    }
}

static void check_bad(const char *name, const unsigned char *bytes, size_t size)
{
    Err err;
    char word[100];
    assert_null(parse(bytes, size, &err));
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name + 4, "_."), name + 4);
    CHECK(strstr(err.text, word) != NULL && strncmp(err.text, "it: ", 4) == 0, "%s: %s", name, err.text);
}

static void test_corpus(void **state)
{
    (void)state;
    DIR *folder = opendir("tests/corpus");
    int good = 0, bad = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char path[512];
        unsigned char *bytes;
        size_t size;
        Err err;
        snprintf(path, sizeof path, "tests/corpus/%s", entry->d_name);
        assert_true(file_read(path, 1 << 20, &bytes, &size, &err));
        if (strncmp(entry->d_name, "good_", 5) == 0) {
            check_good(entry->d_name, bytes, size);
            good++;
        } else if (strncmp(entry->d_name, "bad_", 4) == 0) {
            check_bad(entry->d_name, bytes, size);
            bad++;
        }
        free(bytes);
    }
    closedir(folder);
    CHECK(good >= 25 && bad >= 10, "%d good and %d bad files", good, bad);
}

/* Each byte of each file set to a few other values: whatever comes out, nothing is read or written out of bounds. */
static void test_damaged_bytes(void **state)
{
    (void)state;
    static const char *const files[] = {"good_zip_strides.pth", "good_legacy_nested.pth",  "good_v1.caffemodel",
                                        "good_raw.onnx",        "good_packed_fortran.npz", "good_half.safetensors"};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char path[512];
        unsigned char *bytes;
        size_t size;
        Err err;
        snprintf(path, sizeof path, "tests/corpus/%s", files[f]);
        assert_true(file_read(path, 1 << 20, &bytes, &size, &err));
        for (size_t i = 0; i < size; i++)
            for (int k = 0; k < 3; k++) {
                unsigned char kept = bytes[i];
                bytes[i] = (unsigned char)(k == 0 ? 0xff : k == 1 ? kept ^ 0x80 : kept + 1);
                TensorFile *file = parse(bytes, size, &err);
                for (int t = 0; file != NULL && t < file->count; t++)
                    if (file->tensors[t].count > 0 && file->tensors[t].count < 1000 &&
                        file->tensors[t].dtype != DTYPE_OTHER)
                        (void)tensor_element(&file->tensors[t], file->tensors[t].count - 1);
                tensor_file_free(file);
                bytes[i] = kept;
            }
        free(bytes);
    }
}

/* Claims of a gigabyte in a file of a kilobyte: refused with a few megabytes of memory. */
static void test_large_claims_allocate_nothing(void **state)
{
    (void)state;
    static const char pickle[] = "\x80\x02}q\x00X\x01\x00\x00\x00"
                                 "actorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n"
                                 "FloatStorage\nX\x01\x00\x00\x00"
                                 "0X\x03\x00\x00\x00"
                                 "cpuJ\x00\x00\x00\x40tQK\x00(J\x00\x00\x00\x40t(K\x01t\x89Ntubs.";
    static const unsigned char caffe[] = {0xa2, 0x06, 19,   10,   1,    'a',  0x3a, 14, 0x3a, 6, 0x0a,
                                          4,    0x80, 0x80, 0x80, 0x80, 0x2a, 4,    0,  0,    0, 0};
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    Err err;
    assert_null(parse((const unsigned char *)pickle, sizeof pickle - 1, &err));
    assert_null(parse(caffe, sizeof caffe, &err));
    assert_true(strstr(err.text, "it: ") == err.text);
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 16 * 1024); /* kilobytes */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_large_claims_allocate_nothing),
    cmocka_unit_test(test_corpus),
    cmocka_unit_test(test_damaged_bytes),
};

TEST_MAIN(tests)
