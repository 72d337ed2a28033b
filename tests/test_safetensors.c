/* test_safetensors.c - the reader of the native format on whole, cut and broken files; half precision; class names. */
#include "engine/io/bits.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "tests/check.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file with this header and `data_size` zero bytes, the first of them 1.0f. */
static unsigned char *make(const char *header, size_t data_size, size_t *size)
{
    size_t length = strlen(header);
    unsigned char *bytes = calloc(1, 8 + length + data_size);
    assert_non_null(bytes);
    store_le(bytes, length, 8);
    memcpy(bytes + 8, header, length);
    if (data_size >= 4)
        store_le(bytes + 8 + length, 0x3f800000, 4);
    *size = 8 + length + data_size;
    return bytes;
}

static const char good[] =
    "{\"__metadata__\":{\"network\":\"tiny\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
    "\"b\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[24,26]}}";

static void test_a_good_file(void **state)
{
    (void)state;
    size_t size;
    Err err = {""};
    unsigned char *bytes = make(good, 26, &size);
    store_le(bytes + size - 2, 0x3c00, 2);
    TensorFile *file = tensor_file_parse(bytes, size, "it", &err);
    CHECK(file != NULL, "%s", err.text);
    assert_int_equal(file->count, 2);
    assert_string_equal(file->network, "tiny");
    assert_string_equal(file->tensors[0].name, "a");
    assert_int_equal(file->tensors[0].count, 6);
    assert_true(tensor_element(&file->tensors[0], 0) == 1.0f && tensor_element(&file->tensors[0], 5) == 0.0f);
    assert_int_equal(file->tensors[1].count, 1);
    assert_true(tensor_element(&file->tensors[1], 0) == 1.0f);
    tensor_file_free(file);
}

static void test_every_prefix_is_refused(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = make(good, 26, &size);
    for (size_t n = 1; n < size; n++) {
        unsigned char *prefix = malloc(n);
        memcpy(prefix, bytes, n);
        Err err = {""};
        CHECK(tensor_file_parse(prefix, n, "it", &err) == NULL, "cut at %zu", n);
        CHECK(strncmp(err.text, "it: ", 4) == 0, "cut at %zu: %s", n, err.text);
    }
    free(bytes);
}

static void test_broken_headers_say_why(void **state)
{
    (void)state;
#define A "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}"
    const struct { const char *header; size_t data; const char *part; } cases[] = {
        {"{" A ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "overlap"},
        {"{" A ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "overlap"},
        {"{" A ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}}", 16, "belong to no tensor"},
        {"{" A "}", 9, "belong to no tensor"},
        {"{" A "}", 4, "outside the file"},
        {"{" A "," A "}", 8, "duplicate"},
        {"{\"a\":{\"dtype\":\"F8\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "unknown dtype 'F8'"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "needs 3 elements"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "impossible shape"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0, "impossible shape"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[268435456],\"data_offsets\":[0,1073741824]}}", 8, "outside the file"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", 8, "impossible shape"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "outside the file"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, "9 dimensions"},
        {"{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "lacks dtype"},
        {"{\"a\":7}", 0, "lacks dtype"},
        {"{\"__metadata__\":7," A "}", 8, "__metadata__"},
        {"{}", 0, "without any tensor"},
        {"{\"a\":", 0, "broken safetensors header"},
        {"{\"\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size;
        Err err = {""};
        unsigned char *bytes = make(cases[i].header, cases[i].data, &size);
        CHECK(tensor_file_parse(bytes, size, "it", &err) == NULL, "case %zu", i);
        CHECK(strncmp(err.text, "it: ", 4) == 0 && strstr(err.text, cases[i].part) != NULL, "case %zu: %s", i,
              err.text);
    }
    static const char *const others[][2] = {{"version https://git-lfs.github.com/spec/v1\n", "Git LFS"},
                                            {"\n <html><body>404", "HTML"},
                                            {"\x89PNG\r\n\x1a\n", "PNG"},
                                            {"x", "not a supported weight file"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        Err err = {""};
        assert_null(tensor_file_parse((unsigned char *)strdup(others[i][0]), strlen(others[i][0]), "it", &err));
        CHECK(strstr(err.text, others[i][1]) != NULL, "%s", err.text);
    }
}

static void test_prefixes_of_names_are_dropped(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = make("{\"module.a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                                "\"module.b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}", 4, &size);
    TensorFile *file = tensor_file_parse(bytes, size, "it", NULL);
    assert_non_null(file);
    assert_string_equal(file->tensors[0].name, "a");
    assert_string_equal(file->prefix, "module.");
    tensor_file_free(file);
}

/* All 65,536 halves go to float and back; then ties and the ends of the range (IEEE 754 binary16). */
static void test_half_precision(void **state)
{
    (void)state;
    for (uint32_t h = 0; h < 65536; h++) {
        float value = half_to_float((uint16_t)h), many;
        const unsigned char bytes[2] = {(unsigned char)h, (unsigned char)(h >> 8)};
        halves_to_floats(&many, bytes, 1);
        CHECK(memcmp(&many, &value, sizeof value) == 0, "%04x is %a one by one, %a of many", h, (double)value,
              (double)many);
        if (value == value)
            CHECK(float_to_half(value) == h, "%04x is %.9g", h, (double)value);
        else
            CHECK((float_to_half(value) & 0x7fff) > 0x7c00, "%04x stays NaN", h);
    }
    const struct { float value; uint16_t half; } cases[] = {
        {1.0f, 0x3c00}, {-2.0f, 0xc000}, {65504.0f, 0x7bff}, {65519.996f, 0x7bff}, {65520.0f, 0x7c00}, {1e30f, 0x7c00},
        {0x1p-24f, 0x0001}, {0x1p-25f, 0x0000}, {0x1.000002p-25f, 0x0001}, {0x1.8p-24f, 0x0002}, {0x1.ff8p-15f, 0x03ff},
        {0x1.ffcp-15f, 0x0400}, {1.0f + 0x1p-11f, 0x3c00}, {1.0f + 0x1.8p-10f, 0x3c02}, {-0.0f, 0x8000}, {0x1p-140f, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(float_to_half(cases[i].value) == cases[i].half, "%a gives %04x", (double)cases[i].value,
              float_to_half(cases[i].value));
}

static void test_class_names(void **state)
{
    (void)state;
    const struct { const char *text; int count; const char *last; } cases[] = {
        {"{\n    \"0\": \"daisy\",\n    \"1\": \"roses\"\n}", 2, "roses"},
        {"[\"a\", \"b\", \"c\"]", 3, "c"},
        {"n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\n", 2, "goldfish, Carassius auratus"},
        {"\xef\xbb\xbf" "one\r\ntwo words\r\n\r\n", 2, "two words"},
        {"one\nn12345678", 2, "n12345678"},
        {"\xe9\x9b\x8f\xe8\x8f\x8a", 1, "\xe9\x9b\x8f\xe8\x8f\x8a"},
        {"\xef\xbb\xbf{\"0\": \"\\u96cf\\u83ca\"}", 1, "\xe9\x9b\x8f\xe8\x8f\x8a"},
        {"{\"daisy\": 0, \"roses\": 1}", 2, "roses"},                             /* ImageFolder's class_to_idx */
        {"{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}", 2, "goldfish"},
        {"[\"a\\nb\"]", 1, "a b"},
        {"BMW\nAudi", 2, "Audi"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char **labels;
        int count;
        Err err = {""};
        CHECK(labels_parse(cases[i].text, strlen(cases[i].text), "it", &labels, &count, &err), "case %zu: %s", i,
              err.text);
        assert_int_equal(count, cases[i].count);
        assert_string_equal(labels[count - 1], cases[i].last);
        labels_free(labels, count);
    }
    static const char *const bad[][2] = {{"", "0 class names"},
                                         {"{\"0\": \"a\", \"2\": \"b\"}", "\"1\""},
                                         {"{\"0\": 1}", "no name"},
                                         {"[1]", "not a string"},
                                         {"{\"0\": \"a\"", "not valid JSON"},
                                         {"a\n\nb", "it:2"},
                                         {"\xff\xfe" "a\0b", "UTF-16"},
                                         {"\xb3\xfb\xbe\xd5\n", "save it as UTF-8"}, /* GBK */
                                         {"{\"a\": 0, \"b\": 0}", "\"0\""},
                                         {"{\"a\": 0, \"b\": 2}", "\"0\""},
                                         {"{\"0\": \"a\", \"0\": \"b\"}", "duplicate"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char **labels;
        int count;
        Err err = {""};
        CHECK(!labels_parse(bad[i][0], strlen(bad[i][0]), "it", &labels, &count, &err), "case %zu", i);
        CHECK(strstr(err.text, bad[i][1]) != NULL, "case %zu: %s", i, err.text);
    }
}

/* "BM" begins a BMP picture, and a list of car makers. */
static void test_names_are_not_taken_for_pictures(void **state)
{
    (void)state;
    char path[] = "/tmp/inceptoscope-test-XXXXXX";
    int descriptor = mkstemp(path), count;
    char **labels;
    Err err = {""};
    assert_true(descriptor >= 0 && write(descriptor, "BMW\nAudi and a longer line\n", 28) == 28);
    close(descriptor);
    CHECK(labels_load(path, &labels, &count, &err), "%s", err.text);
    assert_string_equal(labels[0], "BMW");
    labels_free(labels, count);
    remove(path);
}

/* A million names with memory for the text and not for the list, in a process of its own: it is said, and nothing else. */
static void test_class_names_without_memory(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* a sanitizer ends the program where memory does */
#endif
    enum { NAMES = 1 << 20 };
    char *text = malloc(2 * NAMES);
    assert_non_null(text);
    for (int i = 0; i < NAMES; i++)
        memcpy(text + 2 * i, "a\n", 2);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        Err err = {"(nothing was said)"};
        char **labels = NULL;
        long pages = 0;
        int count;
        FILE *statm = fopen("/proc/self/statm", "r");
        const bool known = statm != NULL && fscanf(statm, "%ld", &pages) == 1;
        const rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (5 << 20); /* the list alone takes 8 MB */
        const bool limited = known && setrlimit(RLIMIT_AS, &(struct rlimit){most, most}) == 0;
        const bool good_one = limited && labels_parse("a\nb", 3, "it", &labels, &count, &err);
        _exit(good_one && !labels_parse(text, 2 * NAMES, "it", &labels, &count, &err) && strcmp(err.text, "it: not enough memory for the class names") == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    free(text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names_are_not_taken_for_pictures),
    cmocka_unit_test(test_a_good_file),
    cmocka_unit_test(test_every_prefix_is_refused),
    cmocka_unit_test(test_broken_headers_say_why),
    cmocka_unit_test(test_prefixes_of_names_are_dropped),
    cmocka_unit_test(test_half_precision),
    cmocka_unit_test(test_class_names),
    cmocka_unit_test(test_class_names_without_memory),
};

TEST_MAIN(tests)
