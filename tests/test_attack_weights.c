/* test_attack_weights.c - weight files that are made to hang or to eat memory: each is refused with a reason, within seconds and
 * megabytes. */
#include "engine/io/weights.h"
#include "tests/archives.h"
#include "tests/limited.h"

static void refused(Bytes *b, const char *name, const char *part)
{
    limited_refused(weights_parse_copy, b->at, b->size, name, part);
    free(b->at);
}

/* ---- zip archives ---- */

enum { ZEROS = 32 << 20 };

/* An array of 8 million zeros, packed. */
static Bytes array_of_zeros(size_t *size, uint32_t *sum)
{
    static const char text[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (8388608,), }";
    Bytes head = {0}, packed = {0};
    put(&head, "\x93NUMPY\1\0", 8);
    put_le(&head, sizeof text - 1, 2);
    put_text(&head, text);
    put_deflated(&packed, head.at, head.size, ZEROS);
    unsigned char *zeros = calloc(1, ZEROS);
    *sum = crc32_of(crc32_of(0, head.at, head.size), zeros, ZEROS);
    *size = head.size + ZEROS;
    free(zeros);
    free(head.at);
    return packed;
}

static void test_npz_of_one_member_often(void **state)
{
    (void)state;
    Zip zip = {.count = 0};
    size_t size;
    uint32_t sum;
    Bytes packed = array_of_zeros(&size, &sum);
    const size_t at = zip_add(&zip, "a00.npy", 8, &packed, size, sum);
    for (int i = 0; i < 60; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%02d.npy", i);
        zip_list(&zip, name, 8, at, packed.size, size, sum);
    }
    free(packed.at);
    Bytes b = zip_end(&zip);
    refused(&b, "60 members in one place", "overlap");
}

static Bytes npz_of_zeros(int count)
{
    Zip zip = {.count = 0};
    size_t size;
    uint32_t sum;
    Bytes packed = array_of_zeros(&size, &sum);
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%02d.npy", i);
        zip_list(&zip, name, 8, zip_add(&zip, name, 8, &packed, size, sum), packed.size, size, sum);
    }
    free(packed.at);
    return zip_end(&zip);
}

static void test_npz_of_gigabytes(void **state)
{
    (void)state;
    Bytes b = npz_of_zeros(40);
    refused(&b, "40 members of 32 MB", "unpacks to more than");
    b = npz_of_zeros(3); /* untrained weights may be all zero */
    const Ran ran = limited_run(weights_parse_copy, b.at, b.size, 0x55);
    limited_check(&ran, "3 members of 32 MB");
    CHECK(ran.good, "%s", ran.err.text);
    free(b.at);
}

/* ---- pickles ---- */

/* Twenty thousand storages, then each named again and again. */
static void test_pth_of_many_storages(void **state)
{
    (void)state;
    Bytes b = {0};
    put(&b, "\x80\2}(", 4);
    for (uint64_t i = 0; i < 20000; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", (int)i);
        put_storage_id(&b, key, i);
        put(&b, "Q0", 2);
    }
    for (uint64_t i = 0; i < 700000; i++) {
        put(&b, "j", 1);
        put_le(&b, 19999, 4);
        put(&b, "Q0", 2);
    }
    put(&b, "u.", 2);
    Bytes file = pth(&b);
    refused(&file, "20,000 storages, named 700,000 times", "without a state_dict");
}

static void test_pth_of_many_values(void **state)
{
    (void)state;
    Bytes b = {0};
    put(&b, "\x80\2", 2);
    put_many(&b, 'N', 20000000);
    put(&b, ".", 1);
    Bytes file = pth(&b);
    refused(&file, "20 million values", "more than 1048576 values");
    b = (Bytes){0};
    put(&b, "\x80\2Nq\0", 5);
    for (int i = 0; i < 20000000; i++)
        put(&b, "h\0", 2);
    put(&b, ".", 1);
    file = pth(&b);
    refused(&file, "one value 20 million times on the stack", "more than 1048576 values");
}

/* OrderedDict([...]) copies its list: five bytes of the file for hundreds of thousands of entries. */
static void test_pth_of_one_list_copied_often(void **state)
{
    (void)state;
    Bytes b = {0};
    put(&b, "\x80\2", 2);
    put_text(&b, "ccollections\nOrderedDict\n");
    put(&b, "q\0", 2);
    put(&b, "](K\1K\2eq\1", 9);
    put(&b, "0](", 3); /* a pair, then a list of it */
    for (int i = 0; i < 200000; i++)
        put(&b, "h\1", 2);
    put(&b, "e\x85q\2", 4);
    for (int i = 0; i < 100000; i++)
        put(&b, "0h\0h\2R", 6);
    put(&b, ".", 1);
    Bytes file = pth(&b);
    refused(&file, "an OrderedDict of 200,000 pairs, 100,000 times", "more than 1048576 values");
}

/* A dict whose hundred thousand entries are one dict of as many. */
static void test_pth_of_one_dict_often(void **state)
{
    (void)state;
    Bytes b = {0};
    put(&b, "\x80\2", 2);
    put_word(&b, "k");
    put(&b, "q\0000}(", 5);
    for (int i = 0; i < 100000; i++)
        put(&b, "h\0h\0", 4);
    put(&b, "uq\0010}(", 6);
    for (int i = 0; i < 100000; i++)
        put(&b, "h\0h\1", 4);
    put(&b, "u.", 2);
    Bytes file = pth(&b);
    refused(&file, "a dict of one dict", "without a state_dict");
}

/* Keys of a megabyte that differ in the last byte only. */
static void test_pth_of_long_keys(void **state)
{
    (void)state;
    Bytes b = {0}, key = {0};
    put_many(&key, 'x', 100000);
    put(&key, "\0", 1);
    put(&b, "\x80\2}(", 4);
    for (int i = 0; i < 100; i++) {
        key.at[99999] = (unsigned char)('A' + i % 50);
        put_word(&b, "name");
        put_text(&b, "ctorch._utils\n_rebuild_tensor_v2\n(");
        put_storage_id(&b, (const char *)key.at, (uint64_t)i);
        put(&b, "QK\0(K\1t(K\1ttR", 13);
    }
    put(&b, "u.", 2);
    free(key.at);
    Bytes file = pth(&b);
    refused(&file, "keys of 100,000 bytes", "key of a storage has 100000 bytes");
}

/* ---- ONNX ---- */

/* Identity nodes of tensors that are not there, each looked for among all tensors. */
static void test_onnx_of_many_identities(void **state)
{
    (void)state;
    Bytes graph = {0}, b = {0}, node = {0};
    for (int i = 0; i < 20000; i++) {
        Bytes tensor = {0};
        char name[16];
        snprintf(name, sizeof name, "t%d", i);
        put(&tensor, "\x08\1\x10\1", 4); /* one float */
        put_field(&tensor, 8, name, strlen(name));
        put_field(&tensor, 9, "\0\0\0", 4);
        put_field(&graph, 5, tensor.at, tensor.size);
        free(tensor.at);
    }
    put_field(&node, 1, "nowhere", 7);
    put_field(&node, 2, "x", 1);
    put_field(&node, 4, "Identity", 8);
    for (int i = 0; i < 1000000; i++)
        put_field(&graph, 1, node.at, node.size);
    put(&b, "\x08\7", 2);
    put_field(&b, 7, graph.at, graph.size);
    put_field(&b, 8, "\x10\x0d", 2);
    const Ran ran = limited_run(weights_parse_copy, b.at, b.size, 0x55);
    limited_check(&ran, "a million identities of 20,000 tensors");
    free(node.at);
    free(graph.at);
    free(b.at);
}

/* A file's beginning tells its kind, also where the first layer is longer. */
static void test_beginnings_are_recognised(void **state)
{
    (void)state;
    static const char *const layers[] = {"\x12", "\xa2\6"}; /* field 2 or 100 */
    for (int i = 0; i < 2; i++) {
        Bytes b = {0};
        put_field(&b, 1, "LeNet", 5);
        put_text(&b, layers[i]);
        put_varint(&b, 3000000);
        put_many(&b, 'x', WEIGHTS_HEAD);
        CHECK(weights_recognise(b.at, WEIGHTS_HEAD), "layer %d", i);
        b.at[b.size - WEIGHTS_HEAD - 5] ^= 1; /* another field */
        CHECK(!weights_recognise(b.at, WEIGHTS_HEAD), "field %d", i);
        free(b.at);
    }
    static const struct { const char *bytes; size_t size; bool weights; } heads[] = {
        {"PK\3\4", 4, true}, {"\x80\2}q\0.", 6, true}, {"\x40\0\0\0\0\0\0\0{\"a\"", 12, true}, {"\x08\7\x12", 3, true},
        {"hello, this is a text", 21, false}, {"\x12\5hello", 7, true}, {"\x89PNG\r\n\x1a\n", 8, false}, {"", 0, false}};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        unsigned char *copy = malloc(heads[i].size + 1);
        memcpy(copy, heads[i].bytes, heads[i].size);
        CHECK(weights_recognise(copy, heads[i].size) == heads[i].weights, "head %zu", i);
        free(copy);
    }
}

/* ---- safetensors ---- */

/* Parsed JSON takes twenty times as much as its text. */
static void test_safetensors_of_a_long_header(void **state)
{
    (void)state;
    Bytes b = {0};
    put_le(&b, 80000000, 8);
    put_text(&b, "{\"a\":[0");
    for (size_t i = 0; i < (80000000 - 9) / 2; i++)
        put(&b, ",0", 2);
    put_text(&b, "]}");
    put_many(&b, ' ', 80000008 - b.size);
    refused(&b, "a header of 80 MB", "header of 80000000 bytes");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_npz_of_one_member_often),
    cmocka_unit_test(test_npz_of_gigabytes),
    cmocka_unit_test(test_pth_of_many_storages),
    cmocka_unit_test(test_pth_of_many_values),
    cmocka_unit_test(test_pth_of_one_list_copied_often),
    cmocka_unit_test(test_pth_of_one_dict_often),
    cmocka_unit_test(test_pth_of_long_keys),
    cmocka_unit_test(test_onnx_of_many_identities),
    cmocka_unit_test(test_beginnings_are_recognised),
    cmocka_unit_test(test_safetensors_of_a_long_header),
};

TEST_MAIN(tests)
