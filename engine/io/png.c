/* png.c - see png.h. stb_image only unpacks the data, into a buffer whose size the header gives. Its own PNG reader lets the data
 * grow without limit, reads colours missing from a short palette from uninitialised memory, and needs twice the memory. Checksums
 * are not checked. */
#include "engine/io/png.h"
#include "engine/base/thread.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STBI_NO_STDIO
#include <stb/stb_image.h>

enum { GREY = 0, RGB = 2, PALETTE = 3, GREY_ALPHA = 4, RGB_ALPHA = 6 };

typedef struct PngReader {
    int w, h, depth, type, samples;     /* samples: samples per pixel */
    bool interlaced, transparent;
    unsigned char palette[256][3];      /* colours missing in the file are black */
    int colours;
    unsigned char *packed;              /* the data of all IDAT chunks, joined */
    size_t packed_size;
    const char *reason;
} PngReader;

/* The part of the picture in one pass: every dx-th pixel of every dy-th row from (x, y) on. */
typedef struct Pass {
    int x, y, dx, dy;
} Pass;

static const Pass whole = {0, 0, 1, 1};
static const Pass adam7[7] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

static bool fail(PngReader *r, const char *reason)
{
    r->reason = reason;
    return false;
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool read_header(PngReader *r, const unsigned char *p, uint32_t length)
{
    static const unsigned char samples[7] = {1, 0, 3, 1, 2, 0, 4};
    if (length != 13)
        return fail(r, "bad header");
    const uint32_t w = big_endian(p), h = big_endian(p + 4);
    r->depth = p[8];
    r->type = p[9];
    r->interlaced = p[12] == 1;
    const bool small = r->depth == 1 || r->depth == 2 || r->depth == 4, usual = r->depth == 8 || r->depth == 16;
    if (w == 0 || h == 0 || w > INT32_MAX / 64 || h > INT32_MAX / 64 || p[10] != 0 || p[11] != 0 || p[12] > 1 || r->type > 6 ||
        samples[r->type] == 0 || !(usual || (small && (r->type == GREY || r->type == PALETTE))) || (r->type == PALETTE && r->depth == 16))
        return fail(r, "its header makes no sense");
    r->samples = samples[r->type];
    r->w = (int)w;
    r->h = (int)h;
    return true;
}

static bool read_palette(PngReader *r, const unsigned char *p, uint32_t length)
{
    if (length > sizeof r->palette || length % 3 != 0)
        return fail(r, "bad palette");
    memcpy(r->palette, p, length);
    r->colours = (int)length / 3;
    return true;
}

/* Reads one chunk of `length` bytes, which are in the file. *end: it was the last. */
static bool read_chunk(PngReader *r, const unsigned char *type, uint32_t length, bool *end)
{
    const unsigned char *data = type + 4;
    if (memcmp(type, "IHDR", 4) == 0)
        return r->w == 0 ? read_header(r, data, length) : fail(r, "two headers");
    if (memcmp(type, "CgBI", 4) == 0)
        return fail(r, "a variant that only Apple's programs read");
    if (r->w == 0)
        return fail(r, "no header");
    if (memcmp(type, "PLTE", 4) == 0)
        return read_palette(r, data, length);
    if (memcmp(type, "IDAT", 4) == 0) {
        if (length > 0)
            memcpy(r->packed + r->packed_size, data, length);
        r->packed_size += length;
    } else if (memcmp(type, "tRNS", 4) == 0) {
        r->transparent = r->transparent || (r->packed_size == 0 && r->type != GREY_ALPHA && r->type != RGB_ALPHA);
    } else if (memcmp(type, "IEND", 4) == 0) {
        *end = true;
    } else if ((type[0] & 0x20) == 0) {
        return fail(r, "unknown critical chunk");
    }
    return true;
}

static bool read_chunks(PngReader *r, const unsigned char *bytes, size_t size)
{
    bool end = false;
    for (size_t at = 8; !end;) {
        if (size - at < 8 || big_endian(bytes + at) > size - at - 8)
            return fail(r, "it ends early");
        const uint32_t length = big_endian(bytes + at);
        if (!read_chunk(r, bytes + at + 4, length, &end))
            return false;
        at += 8 + (size_t)length;
        at += size - at < 4 ? size - at : 4; /* the checksum */
    }
    if (r->w == 0 || r->packed_size == 0)
        return fail(r, "no picture data");
    return (r->type != PALETTE || r->colours > 0) || fail(r, "no palette");
}

static int pass_count(const PngReader *r)
{
    return r->interlaced ? 7 : 1;
}

static Pass get_pass(const PngReader *r, int i)
{
    return r->interlaced ? adam7[i] : whole;
}

/* The number of pixels from `first` on, every step-th, of `all`. */
static int pass_size(int all, int first, int step)
{
    return all > first ? (all - first + step - 1) / step : 0;
}

static size_t row_bytes(const PngReader *r, int pixels)
{
    return ((size_t)pixels * (size_t)(r->samples * r->depth) + 7) / 8;
}

/* Bytes of the unpacked rows of all passes; each row begins with the number of its filter. */
static size_t unpacked_size(const PngReader *r)
{
    size_t size = 0;
    for (int i = 0; i < pass_count(r); i++) {
        const Pass p = get_pass(r, i);
        const int w = pass_size(r->w, p.x, p.dx), h = pass_size(r->h, p.y, p.dy);
        size += w > 0 ? (row_bytes(r, w) + 1) * (size_t)h : 0;
    }
    return size;
}

/* Data after the last row are ignored, as in libpng. The buffer has extra room, so that stb_image finishes the row before it
 * finds that the buffer is full: it copies at most 65535 bytes at once. */
static unsigned char *unpack(PngReader *r)
{
    enum { BEHIND = 65536 };
    const size_t size = unpacked_size(r);
    unsigned char *rows = size < INT32_MAX - BEHIND ? calloc(1, size + BEHIND) : NULL;
    if (rows == NULL) {
        fail(r, "not enough memory");
        return NULL;
    }
    const int got = stbi_zlib_decode_buffer((char *)rows, (int)size + BEHIND, (const char *)r->packed, (int)r->packed_size);
    const char *reason = stbi_failure_reason();
    const bool more = got < 0 && reason != NULL && strcmp(reason, "output buffer limit") == 0;
    if (more || (got >= 0 && (size_t)got >= size))
        return rows;
    fail(r, got >= 0 ? "not enough pixels" : reason != NULL ? reason : "bad packed data");
    free(rows);
    return NULL;
}

static unsigned char paeth(int a, int b, int c)
{
    const int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
    return (unsigned char)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* Undoes the filter of one row in place. above: the previous row, zeros for the first; back: bytes per pixel. */
static bool unfilter(unsigned char *row, const unsigned char *above, int filter, size_t size, size_t back)
{
    const size_t head = back < size ? back : size;
    for (size_t i = 0; i < head && filter >= 2; i++) /* the first pixel has no left neighbour */
        row[i] = (unsigned char)(row[i] + (filter == 3 ? above[i] / 2 : above[i]));
    switch (filter) {
    case 0:
        return true;
    case 1:
        for (size_t i = head; i < size; i++)
            row[i] = (unsigned char)(row[i] + row[i - back]);
        return true;
    case 2:
        for (size_t i = head; i < size; i++)
            row[i] = (unsigned char)(row[i] + above[i]);
        return true;
    case 3:
        for (size_t i = head; i < size; i++)
            row[i] = (unsigned char)(row[i] + (row[i - back] + above[i]) / 2);
        return true;
    case 4:
        for (size_t i = head; i < size; i++)
            row[i] = (unsigned char)(row[i] + paeth(row[i - back], above[i], above[i - back]));
        return true;
    default:
        return false;
    }
}

/* Samples of less than 8 bits are scaled to 0..255; indices are not. */
static void copy_pixel(const PngReader *r, const unsigned char *row, int i, unsigned char rgb[3])
{
    unsigned char value;
    if (r->depth >= 8) {
        const size_t bytes = (size_t)r->depth / 8;
        const unsigned char *pixel = row + (size_t)i * (size_t)r->samples * bytes;
        if (r->samples >= 3) {
            for (size_t k = 0; k < 3; k++)
                rgb[k] = pixel[k * bytes];
            return;
        }
        value = pixel[0];
    } else {
        const int bit = i * r->depth, most = (1 << r->depth) - 1;
        value = (unsigned char)(row[bit / 8] >> (8 - r->depth - bit % 8) & most);
        if (r->type == GREY)
            value = (unsigned char)(value * (255 / most));
    }
    if (r->type == PALETTE)
        memcpy(rgb, r->palette[value], 3);
    else
        memset(rgb, value, 3);
}

static bool place_pass(PngReader *r, Pass p, unsigned char **rows, const unsigned char *zeros, unsigned char *rgb)
{
    const int w = pass_size(r->w, p.x, p.dx), h = pass_size(r->h, p.y, p.dy);
    const size_t size = row_bytes(r, w), back = r->samples * r->depth >= 8 ? (size_t)(r->samples * r->depth) / 8 : 1;
    const unsigned char *above = zeros;
    for (int y = 0; w > 0 && y < h; y++) {
        unsigned char *row = *rows + 1;
        thread_yield();
        if (!unfilter(row, above, **rows, size, back))
            return fail(r, "bad filter");
        unsigned char *out = rgb + ((size_t)(p.y + y * p.dy) * (size_t)r->w + (size_t)p.x) * 3;
        if (r->type == RGB && r->depth == 8 && p.dx == 1)
            memcpy(out, row, (size_t)w * 3);
        else
            for (int x = 0; x < w; x++, out += 3 * p.dx)
                copy_pixel(r, row, x, out);
        above = row;
        *rows += 1 + size;
    }
    return true;
}

static bool decode(PngReader *r, unsigned char **rgb)
{
    unsigned char *rows = unpack(r), *at = rows;
    free(r->packed); /* no longer needed, and the picture is large */
    r->packed = NULL;
    if (rows == NULL)
        return false;
    unsigned char *zeros = calloc(1, row_bytes(r, r->w));
    *rgb = malloc((size_t)r->w * (size_t)r->h * 3);
    bool good = (zeros != NULL && *rgb != NULL) || fail(r, "not enough memory");
    for (int i = 0; good && i < pass_count(r); i++)
        good = place_pass(r, get_pass(r, i), &at, zeros, *rgb);
    free(zeros);
    free(rows);
    if (!good)
        free(*rgb);
    return good;
}

bool png_decode(const unsigned char *bytes, size_t size, Png *out, const char **reason)
{
    PngReader r = {.packed = malloc(size)};
    unsigned char *rgb;
    const bool good = size >= 8 && (r.packed != NULL || fail(&r, "not enough memory")) && read_chunks(&r, bytes, size) && decode(&r, &rgb);
    free(r.packed);
    *reason = r.reason != NULL ? r.reason : "it ends early";
    if (good)
        *out = (Png){.w = r.w, .h = r.h, .channels = (r.type == PALETTE ? 3 : r.samples) + r.transparent, .rgb = rgb};
    return good;
}
