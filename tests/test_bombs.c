/* test_bombs.c - files of a few kilobytes that ask for much: each is refused in less than a second of processor time, and 100 MB. Larger
 * ones: test_attack_weights.c, test_attack_pictures.c. */
#include "app/model/exercise.h"
#include "app/model/lesson.h"
#include "app/model/lesson_results.h"
#include "app/model/source.h"
#include "engine/io/file.h"
#include "engine/io/image.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "engine/net/audit.h"
#include "engine/train/checkpoint.h"
#include "engine/train/history.h"
#include "engine/train/train_log.h"
#include "tests/archives.h"
#include "tests/limited.h"
#include "tests/temp_folder.h"

enum { KILOBYTES = 64, SECONDS = LIMITED_BY_TIME_ALONE ? 10 : 1 /* ten times as much under a sanitizer */, MEGABYTES = 100 };

/* Refused within the limits, with a message that has this in it. */
static void bomb(LimitedWork *work, Bytes *b, const char *name, const char *part)
{
    const Ran ran = limited_run(work, b->at, b->size, 0x55);
    CHECK(b->size <= KILOBYTES << 10, "%s is no small file: %zu bytes", name, b->size);
    CHECK(ran.ended, "%s did not return", name);
    CHECK(ran.seconds < SECONDS, "%s took %.2f s (%s)", name, ran.seconds, ran.err.text);
    CHECK(LIMITED_BY_TIME_ALONE || ran.megabytes < MEGABYTES, "%s took %ld MB (%s)", name, ran.megabytes, ran.err.text);
    CHECK(!ran.good && strstr(ran.err.text, part) != NULL, "%s: %s", name, ran.good ? "accepted" : ran.err.text);
    free(b->at);
}

/* ---- weights ---- */

static Bytes zip_of(const char *name, const Bytes *head, size_t size)
{
    Zip zip = {.count = 0};
    Bytes packed = {0};
    put_deflated(&packed, head->at, head->size, size - head->size);
    unsigned char *whole = calloc(1, size);
    memcpy(whole, head->at, head->size);
    const uint32_t sum = crc32_of(0, whole, size);
    zip_list(&zip, name, 8, zip_add(&zip, name, 8, &packed, size, sum), packed.size, size, sum);
    free(packed.at);
    free(whole);
    free(head->at);
    return zip_end(&zip);
}

/* Members of few bytes that claim more and more; one that is packed and grows by a hundred; many without content. */
static void test_archives(void **state)
{
    (void)state;
    Zip zip = {.count = 0};
    Bytes packed = {0};
    put_many(&packed, 0xff, 1000);
    zip_list(&zip, "a.npy", 8, zip_add(&zip, "a.npy", 8, &packed, 4000000000u, 0), packed.size, 4000000000u, 0);
    Bytes b = zip_end(&zip);
    bomb(weights_parse_copy, &b, "a member that claims 4 GB", "cannot hold");

    zip = (Zip){.count = 0};
    for (int i = 0; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%d.npy", i);
        zip_list(&zip, name, 8, zip_add(&zip, name, 8, &packed, 30000000, 0), packed.size, 30000000, 0);
    }
    b = zip_end(&zip);
    bomb(weights_parse_copy, &b, "30 members that claim 30 MB", "unpacks to more than");

    Bytes head = {0};
    put(&head, "\x93NUMPY\1\0\x46\0{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000, 9000000000), }", 86);
    b = zip_of("a.npy", &head, 8 << 20);
    bomb(weights_parse_copy, &b, "an array that claims more than there is", "it");

    zip = (Zip){.count = 0};
    packed.size = 0;
    for (int i = 0; i < 600; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d/data.pkl", i);
        zip_stored(&zip, name, &packed);
    }
    free(packed.at);
    b = zip_end(&zip);
    bomb(weights_parse_copy, &b, "600 empty pickles", "it");
}

static void test_pickles(void **state)
{
    (void)state;
    const struct { const char *name, *open, *close; } kinds[] = {
        {"tuples", "(", "t"}, {"lists", "](", "e"}, {"dicts", "}(X\1" "\0\0\0a", "u"}, {"ordered dicts", "ccollections\nOrderedDict\n(", "tR"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        Bytes b = {0};
        const size_t length = kinds[i].open[0] == '}' ? 8 : strlen(kinds[i].open);
        put(&b, "\x80\2", 2);
        while (b.size < 30000)
            put(&b, kinds[i].open, length);
        const size_t count = (b.size - 2) / length;
        for (size_t k = 0; k < count; k++)
            put_text(&b, kinds[i].close);
        put(&b, ".", 1);
        Bytes file = pth(&b);
        bomb(weights_parse_copy, &file, kinds[i].name, "it");
    }
    /* A list of ten lists of ten lists ...: 10 to the 8th values, which are the same few. */
    Bytes b = {0};
    put(&b, "\x80\2]q\0", 5);
    for (unsigned char level = 1; level < 200; level++) {
        put(&b, "](", 2);
        for (int k = 0; k < 10; k++)
            put(&b, (char[]){'h', (char)(level - 1)}, 2);
        put(&b, (char[]){'e', 'q', (char)level}, 3);
    }
    put(&b, ".", 1);
    Bytes file = pth(&b);
    bomb(weights_parse_copy, &file, "lists of lists", "it");

    /* Eight megabytes of one opcode, packed. */
    Bytes head = {0};
    put(&head, "\x80\2", 2);
    file = zip_of("it/data.pkl", &head, 8 << 20);
    bomb(weights_parse_copy, &file, "opcodes of zeros", "it");
}

static void test_protobuf(void **state)
{
    (void)state;
    Bytes inner = {0};
    for (int i = 0; i < 12000; i++) { /* each message in the field 7 (ONNX's graph), or 100 (Caffe's layer), of the next */
        Bytes outer = {0};
        put_field(&outer, i % 2 == 0 ? 7 : 100, inner.at, inner.size > 60000 ? 60000 : inner.size);
        free(inner.at);
        inner = outer;
        if (inner.size > 60000)
            break;
    }
    Bytes b = {0};
    put(&b, "\x08\7", 2);
    put_field(&b, 7, inner.at, inner.size);
    free(inner.at);
    bomb(weights_parse_copy, &b, "graphs in graphs", "it");

    Bytes graph = {0}, tensor = {0};
    b = (Bytes){0};
    for (int i = 0; i < 8; i++) {
        put(&tensor, "\x08", 1);
        put_varint(&tensor, 2000000000);
    }
    put(&tensor, "\x10\1", 2);
    put_field(&tensor, 8, "t", 1);
    put_field(&graph, 5, tensor.at, tensor.size);
    put(&b, "\x08\7", 2);
    put_field(&b, 7, graph.at, graph.size);
    put_field(&b, 8, "\x10\x0d", 2);
    free(tensor.at);
    free(graph.at);
    bomb(weights_parse_copy, &b, "a tensor of 10 to the 74th", "it");

    b = (Bytes){0};
    put_text(&b, "\xa2\6\xff\xff\xff\xff\x7f");
    put_many(&b, 'x', 1000);
    bomb(weights_parse_copy, &b, "a layer of 34 GB", "it");
}

static Bytes repeated(const char *before, const char *what, int count, const char *after)
{
    Bytes b = {0};
    put_text(&b, before);
    for (int i = 0; i < count; i++)
        put_text(&b, what);
    put_text(&b, after);
    return b;
}

static void repeated_bomb(LimitedWork *work, const char *before, const char *what, int count, const char *after, const char *name, const char *part)
{
    Bytes b = repeated(before, what, count, after);
    bomb(work, &b, name, part);
}

/* The same, of one character, as the header of a safetensors file. */
static Bytes safetensors(const char *before, char nested, int count, const char *after)
{
    Bytes json = repeated(before, (char[]){nested, '\0'}, count, after), b = {0};
    put_le(&b, json.size, 8);
    put(&b, json.at, json.size);
    free(json.at);
    return b;
}

static void test_json(void **state)
{
    (void)state;
    Bytes b = safetensors("{\"a\":", '[', 60000, "");
    bomb(weights_parse_copy, &b, "60,000 brackets in a header", "header");
    b = safetensors("{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":[", '9', 60000, "]}}");
    bomb(weights_parse_copy, &b, "a number of 60,000 digits", "header");
    b = safetensors("{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":[4000000000,4000000000,4000000000", ' ', 1, "]}}");
    bomb(weights_parse_copy, &b, "a shape of 10 to the 29th", "it");
    b = safetensors("{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,9000000000000],\"shape\":[2250000000000", ' ', 1, "]}}");
    bomb(weights_parse_copy, &b, "offsets beyond the file", "it");
}

/* ---- pictures ---- */

static bool picture(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    Image image;
    (void)hash;
    const bool good = image_decode(bytes, size, "it", &image, err);
    if (good)
        image_free(&image);
    return good;
}

static void test_pictures(void **state)
{
    (void)state;
    static const struct { int w, h, depth, type; } sizes[] = {{2147483647, 2147483647, 8, 6}, {65535, 65535, 16, 2}, {8192, 8192, 8, 2}, {1, 67000000, 1, 0}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        Bytes b = png_head(sizes[i].w, sizes[i].h, sizes[i].depth, sizes[i].type), data = zlib_data("", 0, 5000000);
        put_chunk(&b, "IDAT", data.at, data.size);
        put_chunk(&b, "IEND", "", 0);
        free(data.at);
        bomb(picture, &b, "a large PNG of 32 kB", "it");
    }
    static const struct { const char *name, *bytes; size_t size; } heads[] = {
        {"a PPM", "P6 8192 8192 255\n", 17}, {"a deep PPM", "P6 8192 8192 65535\n", 19}, {"a grey PNM", "P5 67108864 1 255\n", 18},
        {"a GIF", "GIF89a\xff\xff\xff\xff\xf7\0\0", 13},
        {"a BMP", "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\x20\0\0\0\x20\0\0\1\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 54},
        {"a JPEG", "\xff\xd8\xff\xc0\0\x11\x08\x20\0\x20\0\3\1\x11\0\2\x11\0\3\x11\0\xff\xd9", 23}};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        Bytes b = bytes_copy((const unsigned char *)heads[i].bytes, heads[i].size);
        put_many(&b, 0, 2000);
        bomb(picture, &b, heads[i].name, "it");
    }
}

/* ---- texts ---- */

/* Read, counted, judged, opened with weights of its own: as the window does. */
static bool network(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    Source source;
    (void)hash;
    put_file(inside("it.net"), bytes, size);
    const bool good = source_open(&source, &(SourceOptions){.network = inside("it.net"), .networks_dir = "assets/networks"}, err);
    if (good)
        source_free(&source);
    return good;
}

static void refused_network(const char *name, const char *text, const char *part)
{
    Bytes b = {0};
    put_text(&b, text);
    bomb(network, &b, name, part);
}

static void test_networks(void **state)
{
    (void)state;
    refused_network("4 billion weights", "network n\ninput 65536x1x1\nfc f 65536\n", "4295032832 weights");
    refused_network("2 billion values", "network n\ninput 1x32768x32768\nmaxpool p 1x1/1\n", "choose a smaller input");
    refused_network("a kernel of 10 to the 9th", "network n\ninput 1x32768x1\nconv c 32768x32768/1 1 pad=32768\n", "it.net");
    refused_network("a shape beyond 64 bits", "network n\ninput 2147483647x16777216x16777216\nconv c 1x1/1 4\n", "overflow 64 bits");
    refused_network("weights beyond 64 bits", "network n\ninput 2147483647x1x1\nconv c 1x1/1 2147483647\n", "overflow");
    refused_network("settings", "network n\ninput 3x8x8\ninception 3a 4 4 4 4 4 4\nhypothesis 3a source=x 1x1=1..65536 3x3=1..65536 5x5=1..65536\n", "settings");
    Bytes b = {0};
    put_text(&b, "network n\ninput 3x8x8\nconv c 1x1/1 1\nclaim c params=1K source=x own=");
    put_many(&b, '(', 1900);
    put_text(&b, "\n");
    bomb(network, &b, "1,900 parentheses", "it.net");
    b = (Bytes){0};
    put_text(&b, "network n\ninput 1x1x1\n");
    for (int i = 0; b.size < 60000; i++) {
        char row[60];
        snprintf(row, sizeof row, "maxpool p%d 1x1/1\n", i);
        put_text(&b, row);
    }
    put_text(&b, "conv p0 1x1/1 1\n");
    bomb(network, &b, "as many rows as fit", "already a layer 'p0'");
    b = (Bytes){0};
    put_text(&b, "network n\ninput 192x8x8\n");
    for (int i = 0; b.size < 30000; i++) {
        char row[80];
        snprintf(row, sizeof row, "inception m%d 64 96 128 16 32 32\n", i);
        put_text(&b, row);
    }
    put_text(&b, "conv m0 1x1/1 1\n");
    bomb(network, &b, "as many modules as fit", "m0");
}

static bool lesson(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    Lesson l;
    (void)hash;
    const bool good = lesson_parse(bytes, size, "it", "assets/networks", NULL, &l, err);
    if (good)
        lesson_free(&l);
    return good;
}

static bool exercise(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    Exercise e;
    (void)hash;
    put_file(inside("it.exercise"), bytes, size);
    const bool good = exercise_load(inside("it.exercise"), "assets/networks", &e, err);
    if (good)
        exercise_free(&e);
    return good;
}

static bool results(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    LessonResults r;
    (void)hash;
    put_file(inside("it.json"), bytes, size);
    const bool good = lesson_results_read(inside("it.json"), &r, err);
    if (good)
        lesson_results_free(&r);
    return good;
}

static bool labels(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    char **names;
    int count;
    (void)hash;
    const bool good = labels_parse(bytes, size, "it", &names, &count, err);
    if (good)
        labels_free(names, count);
    return good;
}

static void test_lessons(void **state)
{
    (void)state;
    repeated_bomb(lesson, "title: T\nstep: S\nat: 3a\nsay: {", "9^9^9^", 40, "9}\n", "a tower of powers", "a power needs");
    repeated_bomb(lesson, "title: T\nstep: S\nat: 3a\nsay: ", "[[[[[[[[[[[[[[[[[[[[\n  ", 2500, "{weights(3z)}\n", "50,000 brackets of Markdown", "it");
    repeated_bomb(lesson, "title: T\nstep: S\nat: 3a\nsay: ", "> * > * > * > * > * \n  ", 2500, "{weights(3z)}\n", "12,500 nested lists of Markdown", "it");
    repeated_bomb(lesson, "title: T\nstep: S\nat: 3a\nsay: ", "**_a**_a**_a**_a**_a\n  ", 2500, "{weights(3z)}\n", "25,000 marks of emphasis", "it");
    repeated_bomb(lesson, "title: T\nstep: S\nat: 3a\nsay: ", "{params(training@googlenet)}\n  ", 40, "{weights(3z)}\n", "40 expressions about another network", "3z");
    repeated_bomb(lesson, "title: T\n", "step: S\nat: 3a\n", 501, "", "501 steps", "at most 500 steps");
    repeated_bomb(exercise, "title: T\ngoal: ", "(", 60000, "\n", "an exercise of parentheses", "it.exercise");
    repeated_bomb(results, "{\"inceptoscope_results\":", "[", 60000, "", "60,000 brackets of results", "not JSON");
    repeated_bomb(labels, "", "{\"0\":", 12000, "", "12,000 braces of labels", "it");
    repeated_bomb(labels, "{0: ", "(", 60000, "", "60,000 parentheses of labels", "it");
}

/* ---- a training's files ---- */

static bool history(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    History h;
    (void)hash;
    put_file(inside("it.csv"), bytes, size);
    const bool good = history_load(inside("it.csv"), &h, err);
    if (good)
        history_free(&h);
    return good;
}

static bool filters(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    Filters f;
    (void)hash;
    put_file(inside("it.npy"), bytes, size);
    const bool good = filters_load(inside("it.npy"), &f, err);
    if (good)
        filters_free(&f);
    return good;
}

static bool checkpoint(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    char name[NET_NAME_MAX];
    bool heads;
    (void)hash;
    put_file(inside("it.checkpoint"), bytes, size);
    return checkpoint_peek(inside("it.checkpoint"), name, &heads, err);
}

static void test_trainings(void **state)
{
    (void)state;
    repeated_bomb(history, "# inceptoscope training history, classes 1000000000, majority 0.2\n", "epoch,", 9000, "\n", "9,000 columns", "it.csv:2");
    Bytes b = {0};
    put(&b, "\x93NUMPY\1\0\x76\0", 10);
    put_text(&b, "{'descr': '<f4', 'fortran_order': False, 'shape': (268435456, 1, 1, 1), }");
    put_many(&b, ' ', 127 - b.size);
    put_text(&b, "\n");
    put_many(&b, 0, 1000);
    bomb(filters, &b, "a gigabyte of filters", "it.npy");
    b = safetensors("{\"__metadata__\":{\"state\":\"", '[', 60000, "\"}}");
    bomb(checkpoint, &b, "60,000 brackets in a checkpoint", "not a complete checkpoint");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_archives),
    cmocka_unit_test(test_pickles),
    cmocka_unit_test(test_protobuf),
    cmocka_unit_test(test_json),
    cmocka_unit_test(test_pictures),
    cmocka_unit_test(test_networks),
    cmocka_unit_test(test_lessons),
    cmocka_unit_test(test_trainings),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
