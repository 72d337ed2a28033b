/* test_image.c - decoding, PIL's resize, preprocessing, broken pictures. */
#include "engine/io/file.h"
#include "engine/io/image.h"
#include "engine/io/image_sniff.h"
#include "engine/io/jpeg.h"
#include "tests/check.h"

#include <dirent.h>
#include <sys/resource.h>

static uint64_t fnv(const void *data, size_t size)
{
    uint64_t value = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        value = (value ^ ((const unsigned char *)data)[i]) * 0x100000001b3u;
    return value;
}

/* The picture of tests/oracle_images.py. */
static Image noise(int w, int h)
{
    Image image = {.w = w, .h = h, .rgb = malloc((size_t)w * (size_t)h * 3), .orientation = 1};
    assert_non_null(image.rgb);
    uint32_t state = (uint32_t)w * 65536 + (uint32_t)h;
    for (size_t i = 0; i < (size_t)w * (size_t)h * 3; i++) {
        state = state * 1664525u + 1013904223u;
        image.rgb[i] = (unsigned char)(state >> 24);
    }
    return image;
}

static void test_resize_is_pils(void **state)
{
    (void)state;
    FILE *golden = fopen("tests/golden/resize.txt", "r");
    assert_non_null(golden);
    char line[256];
    int cases = 0;
    while (fgets(line, sizeof line, golden) != NULL) {
        int w, h, to_w, to_h;
        unsigned long long hash;
        if (sscanf(line, "%d %d %d %d %llx", &w, &h, &to_w, &to_h, &hash) != 5)
            continue;
        Image in = noise(w, h), out;
        Err err;
        assert_true(image_resize(&in, to_w, to_h, &out, &err));
        CHECK(fnv(out.rgb, (size_t)to_w * (size_t)to_h * 3) == hash, "%d x %d to %d x %d", w, h, to_w, to_h);
        image_free(&in);
        image_free(&out);
        cases++;
    }
    fclose(golden);
    assert_true(cases >= 20);
}

static void test_fit_is_torchvisions(void **state)
{
    (void)state;
    Net square = {.input = {1, 3, 224, 224},
                  .preprocess = {RESIZE_EXACT, 0, false, true, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}}};
    Net cropped = {.input = {1, 3, 224, 224},
                   .preprocess = {RESIZE_SHORTER_SIDE, 256, true, false, {104, 117, 123}, {1, 1, 1}}};
    FILE *golden = fopen("tests/golden/fit.txt", "r");
    assert_non_null(golden);
    char line[256];
    int cases = 0;
    float *x = malloc(3 * 224 * 224 * sizeof *x);
    while (fgets(line, sizeof line, golden) != NULL) {
        int w, h;
        unsigned long long values_hash, crop_hash;
        if (sscanf(line, "%d %d %llx %llx", &w, &h, &values_hash, &crop_hash) != 4)
            continue;
        Image in = noise(w, h), out;
        float crop[4];
        Err err;
        assert_true(image_fit(&in, &square, &out, crop, &err));
        image_values(&out, &square, x);
        CHECK(fnv(x, 3 * 224 * 224 * sizeof *x) == values_hash, "values of %d x %d", w, h);
        image_free(&out);
        assert_true(image_fit(&in, &cropped, &out, crop, &err));
        CHECK(fnv(out.rgb, 224 * 224 * 3) == crop_hash, "crop of %d x %d", w, h);
        CHECK_NEAR(crop[0] + crop[2] / 2, w / 2.0, 1.5 * (w > h ? h : w) / 256.0, 0, "crop centre of %d x %d", w, h);
        image_free(&out);
        image_free(&in);
        cases++;
    }
    free(x);
    fclose(golden);
    assert_int_equal(cases, 10);
}

/* A wide input keeps the rule of its file. An upright picture, too narrow for it, is resized so that the crop just fits. */
static void test_fit_to_a_wide_input(void **state)
{
    (void)state;
    Net wide = {.input = {1, 3, 224, 288}, .preprocess = {RESIZE_SHORTER_SIDE, 256, true, false, {104, 117, 123}, {1, 1, 1}}};
    FILE *golden = fopen("tests/golden/fit_wide.txt", "r");
    assert_non_null(golden);
    char line[256];
    int cases = 0;
    Err err;
    Image out;
    while (fgets(line, sizeof line, golden) != NULL) {
        int w, h;
        unsigned long long hash;
        if (sscanf(line, "%d %d %llx", &w, &h, &hash) != 3)
            continue;
        Image in = noise(w, h);
        assert_true(image_fit(&in, &wide, &out, NULL, &err));
        CHECK(fnv(out.rgb, 224 * 288 * 3) == hash, "crop of %d x %d", w, h);
        image_free(&out);
        image_free(&in);
        cases++;
    }
    fclose(golden);
    assert_int_equal(cases, 6);
    static const int narrow[][3] = {{240, 320, 288}, {256, 289, 288}, {289, 288, 288}, {61, 999, 288}, {257, 256, 287}}; /* w, h, shorter side */
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        Image in = noise(narrow[i][0], narrow[i][1]), resized;
        float crop[4];
        assert_true(image_fit(&in, &wide, &out, crop, &err));
        const int shorter = narrow[i][2], w = in.w < in.h ? shorter : (int)((int64_t)shorter * in.w / in.h);
        const int h = in.w < in.h ? (int)((int64_t)shorter * in.h / in.w) : shorter;
        assert_true(w >= 288 && h >= 224);
        assert_true(image_resize(&in, w, h, &resized, &err));
        const int left = (int)lrint(crop[0] / in.w * w), top = (int)lrint(crop[1] / in.h * h);
        for (int y = 0; y < 224; y++)
            CHECK(memcmp(out.rgb + y * 288 * 3, resized.rgb + ((top + y) * w + left) * 3, 288 * 3) == 0, "%d x %d, row %d", in.w, in.h, y);
        image_free(&resized);
        image_free(&out);
        image_free(&in);
    }
}

/* C3 of the confusions: a red pixel reaches BVLC's net as B, G, R minus the mean of B, G, R. */
static void test_bgr_minus_mean(void **state)
{
    (void)state;
    Net net = {.input = {1, 3, 1, 1}, .preprocess = {RESIZE_EXACT, 0, true, false, {104, 117, 123}, {1, 1, 1}}};
    unsigned char red[3] = {255, 0, 0};
    float x[3];
    image_values(&(Image){.w = 1, .h = 1, .rgb = red}, &net, x);
    assert_true(x[0] == -104 && x[1] == -117 && x[2] == 132);
}

static bool decode(const void *bytes, size_t size, const char *name, Image *out, Err *err)
{
    err->text[0] = '\0';
    return image_decode(bytes, size, name, out, err);
}

static void test_png_round_trip(void **state)
{
    (void)state;
    char path[] = "/tmp/inceptoscope-test-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    Image in = noise(33, 21), out;
    Err err = {""};
    assert_true(image_save_png(path, in.rgb, in.w, in.h, &err));
    assert_true(image_load(path, &out, &err));
    assert_int_equal(out.w, 33);
    assert_int_equal(out.h, 21);
    assert_memory_equal(in.rgb, out.rgb, 33 * 21 * 3);
    assert_string_equal(out.note, "");
    image_free(&out);
    image_free(&in);
    remove(path);
    assert_false(image_save_png("/nonexistent/x.png", (unsigned char *)"abc", 1, 1, &err));
}

/* 2 x 1 pixels, BMP and PPM and GIF written by hand: every prefix must be refused, and nothing may leak or be read
 * past the end (the same test runs under the sanitizers). */
static const unsigned char ppm[] = "P6\n# two pixels\n2 1\n255\n\xff\x00\x00\x00\x00\xff";
static const unsigned char bmp[] = {'B', 'M', 62, 0, 0, 0, 0, 0,  0, 0, 54, 0, 0, 0, 40,  0,   0, 0, 2, 0, 0,
                                    0,   1,   0,  0, 0, 1, 0, 24, 0, 0, 0,  0, 0, 8, 0,   0,   0, 0, 0, 0, 0,
                                    0,   0,   0,  0, 0, 0, 0, 0,  0, 0, 0,  0, 0, 0, 255, 255, 0, 0, 0, 0};
static const unsigned char gif[] = {'G', 'I', 'F', '8', '9', 'a', 2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
                                    0x2c, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0a, 0, 0x3b};

static void test_small_pictures_and_their_prefixes(void **state)
{
    (void)state;
    const struct { const unsigned char *bytes; size_t size, enough; const char *name, *note; } cases[] = {
        {ppm, sizeof ppm - 1, sizeof ppm - 1, "a.ppm", ""},
        {bmp, sizeof bmp, sizeof bmp, "a.png", "really a BMP"},
        {gif, sizeof gif, sizeof gif - 1, "a.gif", "first frame"}, /* the last byte only ends the animation */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Image out;
        Err err;
        CHECK(decode(cases[i].bytes, cases[i].size, cases[i].name, &out, &err), "%s: %s", cases[i].name, err.text);
        assert_memory_equal(out.rgb, "\xff\x00\x00\x00\x00\xff", 6);
        assert_string_equal(out.note, cases[i].note);
        image_free(&out);
        for (size_t n = 0; n < cases[i].enough; n++) {
            unsigned char *prefix = malloc(n + 1); /* exact, so that a read past the end is seen */
            memcpy(prefix, cases[i].bytes, n);
            CHECK(!decode(prefix, n, cases[i].name, &out, &err), "%s cut at %zu", cases[i].name, n);
            CHECK(strstr(err.text, cases[i].name) != NULL, "%s", err.text);
            free(prefix);
        }
    }
}

/* 8000 x 8000 pixels, just within what is accepted, and 192 MB decoded: refused before there is room for them. Runs first,
 * since the largest memory so far is what is measured. */
static void test_large_claims_allocate_nothing(void **state)
{
    (void)state;
    static const unsigned char large_jpeg[] = "\xff\xd8\xff\xc0\0\x11\x08\x1f\x40\x1f\x40\x03\1\x11\0\2\x11\0\3\x11\0";
    static const unsigned char large_gif[] = "GIF89a\x40\x1f\x40\x1f\0\0\0,\0\0\0\0\x40\x1f\x40\x1f\0\2\1\0\0;";
    static const unsigned char large_png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x1f\x40\0\0\x1f\x40\x08\x02\0\0\0\0\0\0\0";
    static const unsigned char large_bmp[] = "BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x18\0\0\0\0\0";
    static const unsigned char large_ppm[] = "P6\n8000 8000\n255\n";
    const struct { const unsigned char *head; size_t size; } cases[] = {
        {large_jpeg, sizeof large_jpeg - 1}, {large_gif, sizeof large_gif - 1}, {large_png, sizeof large_png - 1}, {large_bmp, sizeof large_bmp - 1}, {large_ppm, sizeof large_ppm - 1}};
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char bytes[1024] = {0};
        Image out;
        Err err;
        memcpy(bytes, cases[i].head, cases[i].size);
        CHECK(!decode(bytes, sizeof bytes, "it", &out, &err) && strstr(err.text, "ends early") != NULL, "case %zu: %s", i, err.text);
    }
    getrusage(RUSAGE_SELF, &after);
    CHECK(after.ru_maxrss - before.ru_maxrss < 16 * 1024, "%ld kilobytes", after.ru_maxrss - before.ru_maxrss);
}

/* A picture that is cut short is refused, or what is missing is not part of it: the end mark, a later frame. */
static void test_every_prefix_of_a_picture(void **state)
{
    (void)state;
    DIR *folder = opendir("tests/pictures");
    int files = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char path[512];
        unsigned char *bytes;
        size_t size;
        Err err;
        Image whole, part;
        snprintf(path, sizeof path, "tests/pictures/%s", entry->d_name);
        assert_true(file_read(path, 1 << 20, NULL, &bytes, &size, &err));
        CHECK(image_decode(bytes, size, path, &whole, &err), "%s", err.text);
        for (size_t n = 0; n < size; n++) {
            unsigned char *prefix = malloc(n + 1);
            memcpy(prefix, bytes, n);
            if (image_decode(prefix, n, path, &part, &err)) {
                CHECK(part.w == whole.w && part.h == whole.h && memcmp(part.rgb, whole.rgb, (size_t)part.w * (size_t)part.h * 3) == 0,
                      "%s cut at %zu of %zu is another picture", path, n, size);
                image_free(&part);
            }
            free(prefix);
        }
        image_free(&whole);
        free(bytes);
        files++;
    }
    closedir(folder);
    assert_true(files >= 35);
}

static void test_refusals_say_why(void **state)
{
    (void)state;
    static const unsigned char huge[] = "P6\n100000 100000\n255\n";
    static const unsigned char huge_png[] =
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0\0\0\0\0";
    static const unsigned char claims_png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0\0\0\0\0"
                                              "\x40\0\0\0IDATxx";
    static const unsigned char cgbi[] = "\x89PNG\r\n\x1a\n\0\0\0\4CgBI\x50\0\x20\x06\x2c\xb8\x77\x66\0\0\0\x0dIHDR\0\0\1\0\0\0\1\x85\x08\6\0\0\0";
    static const unsigned char arithmetic_jpeg[] = "\xff\xd8\xff\xc9\0\x0b\x08\0\x08\0\x08\1\1\x11\0";
    static const unsigned char rle[] = "BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x08\0\0\0\x08\0\0\0\1\0\x08\0\1\0\0\0";
    static unsigned char huffman[64] = {0xff, 0xd8, 0xff, 0xc4, 0, 19, 0, 255, 255}; /* 510 values in one table */
    const struct { const void *bytes; size_t size; const char *part; } cases[] = {
        {huffman, sizeof huffman, "Huffman"},
        {huffman, 9, "Huffman"}, /* the file ends inside the table */
        {huge, sizeof huge - 1, "64 megapixels"},
        {claims_png, sizeof claims_png - 1, "ends early"},
        {huge_png, sizeof huge_png - 1, "64 megapixels"},
        {"<!DOCTYPE html><html>", 21, "HTML"},
        {"version https://git-lfs.github.com/spec/v1\noid", 46, "Git LFS"},
        {"P3\n1 1\n255\n1 2 3\n", 17, "P6"},
        {"hello", 5, "not a picture"},
        {"\xff\xd8\xff", 3, "broken JPEG"},
        {"\x89PNG\r\n\x1a\n", 8, "broken PNG"},
        {"II*\0", 4, "TIFF"},
        {"", 0, "not a picture"},
        {"RIFF\x10\0\0\0WEBPVP8 ", 16, "WebP"},
        {"\0\0\0\x18" "ftypheic\0\0\0\0", 16, "HEIC"},
        {"\0\0\0\x18" "ftypavif\0\0\0\0", 16, "AVIF"},
        {"MM\0*", 4, "TIFF"},
        {"%PDF-1.7", 8, "PDF"},
        {"<?xml version=\"1.0\"?>\n<!-- drawn -->\n<svg xmlns", 47, "SVG"},
        {"<svg>", 5, "SVG"},
        {"<?xml version=\"1.0\"?>\n<Error>", 29, "download"},
        {arithmetic_jpeg, sizeof arithmetic_jpeg - 1, "arithmetic coding"},
        {rle, sizeof rle - 1, "compressed inside"},
        {cgbi, sizeof cgbi - 1, "Apple's CgBI"}, /* of 256 x 389 pixels; not of more than 64 megapixels */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Image out;
        Err err;
        CHECK(!decode(cases[i].bytes, cases[i].size, "it", &out, &err), "case %zu", i);
        CHECK(strstr(err.text, cases[i].part) != NULL && strncmp(err.text, "it: ", 4) == 0, "case %zu: %s", i,
              err.text);
    }
    Image out;
    Err err;
    assert_false(image_load("/nonexistent.png", &out, &err));
    assert_non_null(strstr(err.text, "/nonexistent.png"));
    assert_false(image_load("/tmp", &out, &err));
    assert_non_null(strstr(err.text, "folder"));
    assert_false(image_load("/dev/null", &out, &err));
    assert_non_null(strstr(err.text, "empty"));
}

/* A stored picture of 3 x 2 numbered pixels; what is seen at the top left and beside it for every EXIF orientation. */
static void test_turn(void **state)
{
    (void)state;
    static const char seen[9][7] = {"", "012345", "210543", "543210", "345012", "031425", "304152", "524130", "251403"};
    for (int o = 1; o <= 8; o++) {
        Image image = {.w = 3, .h = 2, .rgb = malloc(18), .orientation = o};
        for (int i = 0; i < 18; i++)
            image.rgb[i] = (unsigned char)('0' + i / 3);
        Err err;
        assert_true(image_turn(&image, &err));
        assert_int_equal(image.w, o >= 5 ? 2 : 3);
        for (int i = 0; i < 6; i++)
            CHECK(image.rgb[3 * i] == seen[o][i], "orientation %d, pixel %d", o, i);
        image_free(&image);
    }
}

/* One picture of every kind, against PIL: tests/make_pictures.py wrote the files and the table. */
static void test_every_kind_of_picture(void **state)
{
    (void)state;
    FILE *golden = fopen("tests/golden/pictures.tsv", "r");
    assert_non_null(golden);
    char line[2048];
    int cases = 0;
    while (fgets(line, sizeof line, golden) != NULL) {
        char *name = line, *fields[5];
        if (line[0] == '#')
            continue;
        char *rest = strchr(line, '\t');
        for (int i = 0; i < 5; i++) {
            assert_non_null(rest);
            *rest++ = '\0';
            fields[i] = rest;
            rest = strchr(rest, '\t');
        }
        int limit = atoi(fields[0]), w = atoi(fields[1]), h = atoi(fields[2]);
        char path[256];
        Image image;
        Err err = {""};
        snprintf(path, sizeof path, "tests/pictures/%.200s", name);
        CHECK(image_load(path, &image, &err), "%s", err.text);
        CHECK(image.w == w && image.h == h, "%s is %d x %d", name, image.w, image.h);
        CHECK(strcmp(image.note, fields[3]) == 0, "%s: '%s', not '%s'", name, image.note, fields[3]);
        for (int i = 0; i < w * h * 3; i++) {
            unsigned value;
            assert_int_equal(sscanf(fields[4] + 2 * i, "%2x", &value), 1);
            CHECK(abs((int)value - image.rgb[i]) <= limit, "%s: byte %d is %d, PIL's is %u", name, i, image.rgb[i],
                  value);
        }
        image_free(&image);
        cases++;
    }
    fclose(golden);
    assert_true(cases >= 20);
}

/* A large JPEG is decoded at half size: every pixel is near the mean of its four. Chroma of 4:2:0 is interpolated in the whole picture. */
static void test_half_size(void **state)
{
    (void)state;
    static const struct { const char *name; int limit; } cases[] = {{"photo.jpg", 3}, {"progressive.jpg", 3}, {"grey.jpg", 1}, {"row.jpg", 3}, {"no_end_markers.jpg", 3},
                                                                     {"orientation_6.jpg", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[256];
        unsigned char *bytes;
        size_t size;
        Err err = {""};
        Image whole;
        int w, h, channels;
        const char *reason;
        snprintf(path, sizeof path, "tests/pictures/%s", cases[i].name);
        assert_true(file_read(path, 1 << 20, NULL, &bytes, &size, &err) && image_decode(bytes, size, path, &whole, &err));
        const ImageFacts facts = image_sniff(bytes, size);
        unsigned char *half = jpeg_decode(bytes, size, &facts, true, &w, &h, &channels, &reason);
        CHECK(half != NULL && w == (whole.w + 1) / 2 && h == (whole.h + 1) / 2, "%s: %d x %d", path, w, h);
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                for (int c = 0; c < 3; c++) {
                    const int right = 2 * x + 1 < whole.w ? 2 * x + 1 : 2 * x, bottom = 2 * y + 1 < whole.h ? 2 * y + 1 : 2 * y;
                    const int at[4][2] = {{2 * x, 2 * y}, {right, 2 * y}, {2 * x, bottom}, {right, bottom}};
                    int sum = 0;
                    for (int k = 0; k < 4; k++)
                        sum += whole.rgb[(at[k][1] * whole.w + at[k][0]) * 3 + c];
                    CHECK(abs(half[(y * w + x) * 3 + c] - (sum + 2) / 4) <= cases[i].limit, "%s: %d %d %d", path, x, y, c);
                }
        free(half);
        image_free(&whole);
        free(bytes);
    }
}

/* The same on a frame whose header is broken: nothing that was not allocated is freed. Found by fuzzing. */
static void test_half_of_a_broken_frame(void **state)
{
    (void)state;
    unsigned char *bytes;
    size_t size;
    Err err;
    int w, h, channels;
    const char *reason;
    assert_true(file_read("tests/corpus/damaged_frame.jpg", 1 << 20, NULL, &bytes, &size, &err));
    const ImageFacts facts = image_sniff(bytes, size);
    assert_null(jpeg_decode(bytes, size, &facts, true, &w, &h, &channels, &reason));
    free(bytes);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_large_claims_allocate_nothing),
    cmocka_unit_test(test_resize_is_pils),
    cmocka_unit_test(test_fit_is_torchvisions),
    cmocka_unit_test(test_fit_to_a_wide_input),
    cmocka_unit_test(test_bgr_minus_mean),
    cmocka_unit_test(test_png_round_trip),
    cmocka_unit_test(test_small_pictures_and_their_prefixes),
    cmocka_unit_test(test_refusals_say_why),
    cmocka_unit_test(test_every_prefix_of_a_picture),
    cmocka_unit_test(test_turn),
    cmocka_unit_test(test_every_kind_of_picture),
    cmocka_unit_test(test_half_size),
    cmocka_unit_test(test_half_of_a_broken_frame),
};

TEST_MAIN(tests)
