/* test_formats.c - every weight format on the small files of tests/corpus, which the real libraries wrote
 * (tests/make_corpus.py): the values, every prefix, and what refusals say. Runs under the sanitizers as well. */
#include "engine/io/file.h"
#include "engine/io/pickle.h"
#include "engine/io/weights.h"
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

/* Calls check with every file of tests/corpus whose name has this part; how many there were. */
static int for_corpus(const char *part, void (*check)(const char *name, const unsigned char *bytes, size_t size))
{
    DIR *folder = opendir("tests/corpus");
    int count = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strstr(entry->d_name, part) == NULL)
            continue;
        char path[512];
        unsigned char *bytes;
        size_t size;
        Err err;
        snprintf(path, sizeof path, "tests/corpus/%s", entry->d_name);
        assert_true(file_read(path, 1 << 20, NULL, &bytes, &size, &err));
        check(entry->d_name, bytes, size);
        free(bytes);
        count++;
    }
    closedir(folder);
    return count;
}

/* What fuzzing found: it ends, and inside the file. */
static void check_damaged(const char *name, const unsigned char *bytes, size_t size)
{
    Err err;
    TensorFile *file = parse(bytes, size, &err);
    CHECK(file != NULL || strncmp(err.text, "it: ", 4) == 0, "%s: %s", name, err.text);
    tensor_file_free(file);
}

static void test_corpus(void **state)
{
    (void)state;
    assert_true(for_corpus("good_", check_good) >= 32);
    assert_true(for_corpus("bad_", check_bad) >= 24);
    assert_true(for_corpus("damaged_", check_damaged) >= 2);
}

/* Each byte of each file set to a few other values: whatever comes out, nothing is read or written out of bounds. */
static void test_damaged_bytes(void **state)
{
    (void)state;
    static const char *const files[] = {"good_zip_strides.pth", "good_legacy_nested.pth",  "good_v1.caffemodel",
                                        "good_raw.onnx",        "good_packed_fortran.npz", "good_half.safetensors",
                                        "good_quantised_numbers.onnx", "good_batch_norm.caffemodel", "good_raw_half.caffemodel", "good_legacy_passed_over.pth",
                                        "good_zip_pruned.pth", "good_matmul.onnx"};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char path[512];
        unsigned char *bytes;
        size_t size;
        Err err;
        snprintf(path, sizeof path, "tests/corpus/%s", files[f]);
        assert_true(file_read(path, 1 << 20, NULL, &bytes, &size, &err));
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

static void check_small(const char *name, const unsigned char *bytes, size_t size)
{
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    CHECK(size < 2048, "%s has %zu bytes", name, size);
    check_bad(name, bytes, size);
    getrusage(RUSAGE_SELF, &after);
    CHECK(after.ru_maxrss - before.ru_maxrss < 16 * 1024, "%s took %ld kilobytes", name, after.ru_maxrss - before.ru_maxrss);
}

/* Claims of a gigabyte in a file of a kilobyte, in every format: refused with a few megabytes of memory. Runs first, since
 * the largest memory so far is what is measured. */
static void test_large_claims_allocate_nothing(void **state)
{
    (void)state;
    assert_true(for_corpus("claim", check_small) >= 9);
}

/* A pickle's memo is a table by index, and the file chooses the index. */
static void test_memo_indices(void **state)
{
    (void)state;
    static const struct { unsigned char index[4]; bool good; } cases[] = {
        {{0, 0, 0, 0}, true},          {{1, 0, 0, 0}, true},          {{255, 255, 15, 0}, true},     {{0, 0, 16, 0}, true},
        {{1, 0, 16, 0}, false},        {{255, 255, 255, 127}, false}, {{0, 0, 0, 128}, false},       {{1, 0, 0, 128}, false},
        {{255, 255, 255, 255}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const unsigned char *n = cases[i].index;
        const unsigned char bytes[] = {'N', 'r', n[0], n[1], n[2], n[3], '0', 'j', n[0], n[1], n[2], n[3], '.'};
        Pickle pickle;
        Err err = {""};
        /* Of a file of 5 GB, of which no more is read than this: a small one cannot name such an entry. */
        const bool good = pickle_read(&pickle, bytes, (size_t)5 << 30, "it", &err);
        CHECK(good == cases[i].good && (good || strcmp(err.text, "it: broken pickle at byte 6: a memo entry beyond all values") == 0), "%zu: %s", i, err.text);
        CHECK(!good || (pickle.root == 0 && pickle.used == sizeof bytes), "%zu", i);
        pickle_free(&pickle);
        CHECK(!pickle_read(&pickle, bytes, sizeof bytes - 1, "it", &err) && pickle.used <= sizeof bytes - 1, "%zu, cut", i);
        pickle_free(&pickle);
    }
}

static void test_values_and_items_of_a_pickle_are_counted(void **state)
{
    (void)state;
    enum { SIZE = 9 << 20 };
    unsigned char *bytes = malloc(SIZE);
    Pickle pickle;
    Err err = {""};
    assert_non_null(bytes);
    memset(bytes, 'N', SIZE);
    CHECK(!pickle_read(&pickle, bytes, SIZE, "it", &err) && strstr(err.text, "more than 1048576 values") != NULL, "%s", err.text);
    assert_true(pickle.count <= 1 << 20);
    pickle_free(&pickle);
    bytes[SIZE - 1] = '.';
    memcpy(bytes, "]q\0(", 4); /* a list that is given itself again and again */
    for (size_t i = 4; i + 2 < SIZE; i += 2)
        memcpy(bytes + i, "h", 2);
    bytes[SIZE - 2] = 'e';
    CHECK(!pickle_read(&pickle, bytes, SIZE, "it", &err) && strstr(err.text, "more than 1048576 values") != NULL, "%s", err.text);
    pickle_free(&pickle);
    bytes[1001] = '.'; /* after 498 of them */
    bytes[1000] = 'e';
    CHECK(pickle_read(&pickle, bytes, SIZE, "it", &err), "%s", err.text);
    CHECK(pickle.values[pickle.root].kind == VALUE_LIST && pickle.values[pickle.root].count == 498 && pickle.values[0].items[497] == 0, "%d",
          pickle.values[pickle.root].count);
    pickle_free(&pickle);
    free(bytes);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_large_claims_allocate_nothing),
    cmocka_unit_test(test_corpus),
    cmocka_unit_test(test_damaged_bytes),
    cmocka_unit_test(test_memo_indices),
    cmocka_unit_test(test_values_and_items_of_a_pickle_are_counted),
};

TEST_MAIN(tests)
