/* test_attack_pictures.c - pictures that are made to crash, to hang or to eat memory: each is refused with a reason or decoded, within
 * seconds and megabytes, and the same whatever was in memory before. */
#include "engine/io/image.h"
#include "engine/io/file.h"
#include "tests/bytes.h"
#include "tests/limited.h"
#include "tests/temp_folder.h"

#include <dirent.h>

static bool decode(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    Image image;
    if (!image_decode(bytes, size, "it", &image, err))
        return false;
    *hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < (size_t)image.w * (size_t)image.h * 3; i++)
        *hash = (*hash ^ image.rgb[i]) * 0x100000001b3u;
    image_free(&image);
    return true;
}

static void refused(const Bytes *b, const char *name, const char *part)
{
    limited_refused(decode, b->at, b->size, name, part);
}

static Bytes file_bytes(const char *path)
{
    unsigned char *bytes;
    size_t size;
    Err err;
    CHECK(file_read(path, 1 << 20, NULL, &bytes, &size, &err), "%s", err.text);
    return (Bytes){.at = bytes, .size = size, .room = size};
}

/* ---- JPEG ---- */

/* A copy without the segments of this marker before the data, or without one of them; removed: how many went. */
static Bytes jpeg_without(const Bytes *in, unsigned char marker, int which, int *removed)
{
    Bytes out = bytes_copy(in->at, 2);
    size_t at = 2;
    int seen = 0;
    for (*removed = 0; at + 4 < in->size;) {
        const size_t length = in->at[at] == 0xff && in->at[at + 1] >= 0xc0 && (in->at[at + 1] < 0xd0 || in->at[at + 1] > 0xd9)
                                  ? 2 + (size_t)(in->at[at + 2] << 8 | in->at[at + 3]) : 1;
        if (length > 1 && in->at[at + 1] == marker && (which < 0 || seen++ == which))
            ++*removed;
        else
            put(&out, in->at + at, length);
        at += length;
    }
    put(&out, in->at + at, in->size - at);
    return out;
}

static const char *const jpegs[] = {"tests/pictures/photo.jpg", "tests/pictures/grey.jpg", "tests/pictures/progressive.jpg",
                                    "tests/pictures/cmyk.jpg", "tests/pictures/row.jpg"};
enum { JPEGS = sizeof jpegs / sizeof jpegs[0], SOF0 = 0xc0, SOF2 = 0xc2, DHT = 0xc4, DQT = 0xdb, SOS = 0xda };

static void test_jpeg_without_tables(void **state)
{
    (void)state;
    for (int i = 0; i < JPEGS; i++) {
        Bytes whole = file_bytes(jpegs[i]);
        int removed;
        Bytes cut = jpeg_without(&whole, DHT, -1, &removed);
        assert_true(removed > 0);
        refused(&cut, jpegs[i], "Huffman tables are missing");
        free(cut.at);
        cut = jpeg_without(&whole, DQT, -1, &removed);
        assert_true(removed > 0);
        refused(&cut, jpegs[i], "quantisation tables are missing");
        free(cut.at);
        cut = jpeg_without(&whole, SOS, -1, &removed);
        assert_true(removed > 0);
        refused(&cut, jpegs[i], "no data for one of its colours");
        free(cut.at);
        free(whole.at);
    }
}

/* With all tables but one the file is refused, or a later table of the same number took its place. */
static void test_jpeg_without_one_table(void **state)
{
    (void)state;
    static const unsigned char markers[] = {DHT, DQT, SOS};
    int refusals = 0;
    for (int i = 0; i < JPEGS; i++) {
        Bytes whole = file_bytes(jpegs[i]);
        for (size_t m = 0; m < sizeof markers; m++)
            for (int which = 0, removed = 1; removed > 0; which++) {
                Bytes cut = jpeg_without(&whole, markers[m], which, &removed);
                refusals += !limited_same(decode, cut.at, cut.size, jpegs[i]).good;
                free(cut.at);
            }
        free(whole.at);
    }
    assert_true(refusals > 10);
}

/* A head for one grey component: a quantisation table of ones and Huffman tables whose only code is one bit for the value 0. */
static Bytes grey_jpeg(unsigned char frame, int w, int h)
{
    Bytes b = {0};
    put(&b, "\xff\xd8\xff\xdb\0\x43\0", 7);
    put_many(&b, 1, 64);
    put(&b, (unsigned char[]){0xff, frame, 0, 11, 8}, 5);
    put_be(&b, (uint64_t)h, 2);
    put_be(&b, (uint64_t)w, 2);
    put(&b, "\1\1\x11\0", 4);
    for (int table = 0; table <= 0x10; table += 0x10) {
        put(&b, (unsigned char[]){0xff, DHT, 0, 20, (unsigned char)table, 1}, 6);
        put_many(&b, 0, 16);
    }
    return b;
}

static void put_scan(Bytes *b, int tables, int first, int last, int bits)
{
    put(b, (unsigned char[]){0xff, SOS, 0, 8, 1, 1, (unsigned char)tables, (unsigned char)first, (unsigned char)last, (unsigned char)bits}, 10);
}

/* Bytes in comments, so that the file is long enough for its picture. */
static void put_comments(Bytes *b, size_t size)
{
    for (; size >= 65535; size -= 65535) {
        put(b, "\xff\xfe\xff\xff", 4);
        put_many(b, 0, 65533);
    }
}

static Bytes scans(int side, int count)
{
    Bytes b = grey_jpeg(SOF2, side, side);
    put_comments(&b, (size_t)side * (size_t)side / 400 + 65535);
    put_scan(&b, 0, 0, 0, 1);
    put_many(&b, 0, 8);
    for (int i = 0; i < count; i++) {
        put_scan(&b, 0, 0, 0, 0x10);
        put_many(&b, 0, 4);
    }
    put(&b, "\xff\xd9", 2);
    return b;
}

/* Time that grows with the number of scans; as many as real files have stay allowed, and far more of a small picture. */
static void test_jpeg_of_many_scans(void **state)
{
    (void)state;
    Bytes b = scans(8000, 800);
    refused(&b, "8000 x 8000 pixels, 800 scans", "more scans of its blocks than any real picture");
    free(b.at);
    b = scans(64, 800);
    assert_true(limited_same(decode, b.at, b.size, "64 x 64 pixels, 800 scans").good);
    free(b.at);
    b = scans(1000, 20);
    assert_true(limited_same(decode, b.at, b.size, "1000 x 1000 pixels, 20 scans").good);
    free(b.at);
    b = grey_jpeg(SOF0, 8000, 8000); /* not progressive: the picture once more in every scan */
    put_comments(&b, 200000);
    for (int i = 0; i < 200; i++) {
        put_scan(&b, 0, 0, 63, 0);
        put_many(&b, 0, 4);
    }
    put(&b, "\xff\xd9", 2);
    refused(&b, "8000 x 8000 pixels, 200 times", "more scans of its blocks than any real picture");
    free(b.at);
}

/* Preparing a table takes as long as some blocks. */
static void test_jpeg_of_many_tables(void **state)
{
    (void)state;
    Bytes b = grey_jpeg(SOF0, 8, 8);
    for (int i = 0; i < 1500000; i++)
        put(&b, "\xff\xc4\0\x15\x10\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\x22", 23);
    put_scan(&b, 0, 0, 63, 0);
    put_many(&b, 0, 4);
    put(&b, "\xff\xd9", 2);
    refused(&b, "1.5 million tables", "more scans of its blocks");
    free(b.at);
}

/* ---- PNG ---- */

static void test_png_without_data(void **state)
{
    (void)state;
    Bytes b = png_head(1, 1, 8, 0), data = zlib_data("\0\x80", 2, 0);
    put_chunk(&b, "IDAT", "", 0);
    Bytes more = bytes_copy(b.at, b.size);
    put_chunk(&b, "IEND", "", 0);
    refused(&b, "an empty IDAT", "no picture data");
    put_chunk(&more, "IDAT", data.at, 3); /* allowed, and what some encoders write */
    put_chunk(&more, "IDAT", "", 0);
    put_chunk(&more, "IDAT", data.at + 3, data.size - 3);
    put_chunk(&more, "IEND", "", 0);
    Image image;
    Err err = {""};
    CHECK(image_decode(more.at, more.size, "it.png", &image, &err), "%s", err.text);
    assert_memory_equal(image.rgb, "\x80\x80\x80", 3);
    image_free(&image);
    free(more.at);
    free(data.at);
    free(b.at);
}

/* One pixel, and a gigabyte of zeros behind it: what the header does not promise is not unpacked. */
static void test_png_that_unpacks_to_a_gigabyte(void **state)
{
    (void)state;
    Bytes b = png_head(1, 1, 8, 2), data = zlib_data("\0\x10\x20\x30", 4, (size_t)1 << 30);
    put_chunk(&b, "IDAT", data.at, data.size);
    put_chunk(&b, "IEND", "", 0);
    assert_true(limited_same(decode, b.at, b.size, "1 x 1 pixel and a gigabyte").good);
    Image image;
    Err err = {""};
    CHECK(image_decode(b.at, b.size, "it.png", &image, &err), "%s", err.text);
    assert_memory_equal(image.rgb, "\x10\x20\x30", 3);
    image_free(&image);
    free(data.at);
    free(b.at);
}

/* Indices beyond the palette are black, whatever was in memory. */
static void test_short_palettes(void **state)
{
    (void)state;
    Bytes b = png_head(3, 1, 8, 3), data = zlib_data("\0\0\1\xc8", 4, 0);
    put_chunk(&b, "PLTE", "\x10\x20\x30\x40\x50\x60", 6);
    put_chunk(&b, "IDAT", data.at, data.size);
    put_chunk(&b, "IEND", "", 0);
    Bytes bmp = {0};
    put(&bmp, "BM\0\0\0\0\0\0\0\0\x3e\0\0\0\x28\0\0\0\3\0\0\0\1\0\0\0\1\0\x08\0\0\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 54);
    put(&bmp, "\x30\x20\x10\0\x60\x50\x40\0" "\0\1\xc8\0", 12);
    const Bytes *files[] = {&b, &bmp};
    for (int i = 0; i < 2; i++) {
        Image image;
        Err err = {""};
        limited_same(decode, files[i]->at, files[i]->size, i == 0 ? "PNG" : "BMP");
        CHECK(image_decode(files[i]->at, files[i]->size, "it", &image, &err), "%s", err.text);
        assert_memory_equal(image.rgb, "\x10\x20\x30\x40\x50\x60\0\0\0", 9);
        image_free(&image);
    }
    free(data.at);
    free(b.at);
    bmp.at[10] = 0x33; /* the rows begin inside the header */
    refused(&bmp, "BMP without a palette", "palette is missing");
    free(bmp.at);
}

/* OS/2's BMP has a header of 12 bytes and colours of 3; stb_image reads four colours too few. */
static void test_all_colours_of_an_os2_bmp(void **state)
{
    (void)state;
    Bytes b = {0};
    put(&b, "BM\0\0\0\0\0\0\0\0", 10);
    put_le(&b, 26 + 16 * 3, 4);
    put(&b, "\x0c\0\0\0\x10\0\1\0\1\0\4\0", 12);
    for (int i = 0; i < 16; i++)
        put(&b, (unsigned char[]){(unsigned char)(i + 100), (unsigned char)(i + 50), (unsigned char)i}, 3);
    put(&b, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
    Image image;
    Err err = {""};
    CHECK(image_decode(b.at, b.size, "it.bmp", &image, &err), "%s", err.text);
    for (int i = 0; i < 16; i++)
        CHECK(image.rgb[3 * i] == i && image.rgb[3 * i + 1] == i + 50 && image.rgb[3 * i + 2] == i + 100, "colour %d", i);
    image_free(&image);
    free(b.at);
}

/* Apple's variant has blue and red exchanged, and other packing. */
static void test_apples_png(void **state)
{
    (void)state;
    Bytes b = {0}, rest = png_head(1, 1, 8, 2);
    put(&b, rest.at, 8);
    put_chunk(&b, "CgBI", "\x50\0\x20\x02", 4);
    put(&b, rest.at + 8, rest.size - 8);
    put_chunk(&b, "IDAT", "\x63\x10\x50\x30\0\0", 6);
    put_chunk(&b, "IEND", "", 0);
    refused(&b, "CgBI", "Apple");
    free(b.at);
    free(rest.at);
}

/* ---- GIF ---- */

/* Each code means one pixel more than the one before, up to 4096; the first fills a picture of one pixel. */
static void test_gif_of_long_codes(void **state)
{
    (void)state;
    Bytes codes = {0}, b = {0};
    for (int round = 0, bits = 9; round < 200; round++) {
        put_bits(&codes, 256, bits);
        bits = 9;
        for (int made = 258, last = -1, code; made < 8000; last = code) {
            code = last < 0 ? 0 : made < 4095 ? made : 4095;
            put_bits(&codes, (unsigned)code, bits);
            made += last >= 0;
            bits += (made & ((1 << bits) - 1)) == 0 && made < 4096;
        }
    }
    put_rest_of_bits(&codes);
    put(&b, "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\x08", 30);
    for (size_t at = 0; at < codes.size; at += 255) {
        const size_t length = codes.size - at < 255 ? codes.size - at : 255;
        put_le(&b, length, 1);
        put(&b, codes.at + at, length);
    }
    put(&b, "\0;", 2);
    refused(&b, "codes for gigabytes of pixels", "many times larger than its picture");
    free(codes.at);
    free(b.at);
}

/* What fuzzing found, and what was sent to harm. */
static void test_corpus(void **state)
{
    (void)state;
    static const char *const files[] = {"damaged_no_huffman_tables.jpg", "damaged_huffman_index.jpg", "damaged_empty_idat.png"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[100];
        snprintf(path, sizeof path, "tests/corpus/%s", files[i]);
        Bytes b = file_bytes(path);
        const Ran ran = limited_same(decode, b.at, b.size, files[i]);
        CHECK(!ran.good && strstr(ran.err.text, "broken") != NULL, "%s: %s", files[i], ran.err.text);
        free(b.at);
    }
}

/* ---- saving ---- */

enum { SAVED_SIDE = 200 };

/* Saves where `left` bytes of memory are to be had; *hash: whether that was so. */
static bool save_with(const void *path, size_t left, uint64_t *hash, Err *err)
{
    unsigned char *rgb = malloc(SAVED_SIDE * SAVED_SIDE * 3);
    for (unsigned i = 0; i < SAVED_SIDE * SAVED_SIDE * 3; i++)
        rgb[i] = (unsigned char)((i * 2654435761u) >> 22);
    *hash = limited_memory(left);
    return image_save_png(path, rgb, SAVED_SIDE, SAVED_SIDE, err);
}

static int files_in(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

/* The picture is written, or a message says why not and nothing stays behind. */
static void test_saving_without_memory(void **state)
{
    (void)state;
    int written = 0, refusals = 0;
    bool limited = false;
    for (size_t left = 0; left < 4000000; left += LIMITED_BY_TIME_ALONE ? 1000000 : 100000) {
        const Ran ran = limited_run(save_with, inside("a.png"), left, 0x55);
        CHECK(ran.ended, "the program ended where %zu bytes were left", left);
        CHECK(ran.good || strstr(ran.err.text, "a.png: ") != NULL, "%zu bytes: '%s'", left, ran.err.text);
        CHECK(files_in(temp_folder) == ran.good, "%zu bytes: %d files", left, files_in(temp_folder));
        remove(inside("a.png"));
        limited = limited || ran.hash != 0;
        written += ran.good;
        refusals += !ran.good;
    }
    CHECK(written > 0 && (refusals > 3 || !limited), "%d written, %d refused", written, refusals);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_jpeg_without_tables),
    cmocka_unit_test(test_jpeg_without_one_table),
    cmocka_unit_test(test_jpeg_of_many_scans),
    cmocka_unit_test(test_jpeg_of_many_tables),
    cmocka_unit_test(test_png_without_data),
    cmocka_unit_test(test_png_that_unpacks_to_a_gigabyte),
    cmocka_unit_test(test_short_palettes),
    cmocka_unit_test(test_all_colours_of_an_os2_bmp),
    cmocka_unit_test(test_apples_png),
    cmocka_unit_test(test_gif_of_long_codes),
    cmocka_unit_test(test_corpus),
    cmocka_unit_test(test_saving_without_memory),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
