/* image_sniff.c - reads only headers and block lengths; every read is checked against the file's size. */
#include "engine/io/image_sniff.h"

#include <stdint.h>
#include <string.h>

typedef struct Bytes {
    const unsigned char *p;
    size_t size;
} Bytes;

/* Numbers of 1, 2 or 4 bytes; 0 past the end. */
static uint32_t number(Bytes b, size_t offset, int length, bool big_endian)
{
    uint32_t value = 0;
    if (offset > b.size || b.size - offset < (size_t)length)
        return 0;
    for (int i = 0; i < length; i++)
        value |= (uint32_t)b.p[offset + (size_t)i] << 8 * (big_endian ? length - 1 - i : i);
    return value;
}

/* Tag 0x0112 of the first directory of a TIFF block (EXIF 2.3, section 4.6.2); 1 when there is none. */
static int exif_orientation(Bytes tiff)
{
    if (tiff.size < 8)
        return 1;
    bool big = tiff.p[0] == 'M';
    size_t directory = number(tiff, 4, 4, big);
    uint32_t entries = number(tiff, directory, 2, big);
    for (uint32_t i = 0; i < entries; i++) {
        size_t entry = directory + 2 + (size_t)i * 12;
        if (number(tiff, entry, 2, big) == 0x0112) {
            uint32_t value = number(tiff, entry + 8, 2, big);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}

/* A DHT segment: tables of a number, 16 counts and as many values as the counts add up to. stb_image 2.27 writes beyond its
 * table for more than 256, so such a file is broken before it gets there. Returns where the last table ends. */
static size_t sniff_huffman(Bytes b, size_t at, int64_t length, ImageFacts *facts)
{
    while (length > 0 && at < b.size) {
        int64_t values = 0;
        for (size_t i = 1; i <= 16 && at + i < b.size; i++) /* counts beyond the file's end are read as 0 */
            values += b.p[at + i];
        facts->broken = facts->broken || values > 256;
        at += 17 + (size_t)values;
        length -= 17 + values;
    }
    return at;
}

/* A frame header: bits, height, width, components. Every 8 x 8 block needs at least one bit, so that a large picture needs some
 * data; stb_image makes room for all of it before it reads any. */
static void sniff_frame(Bytes body, unsigned marker, size_t file_size, ImageFacts *facts)
{
    facts->four_inks = body.p[5] == 4;
    facts->pixels = (int64_t)number(body, 1, 2, true) * (int64_t)number(body, 3, 2, true);
    facts->truncated = facts->pixels / 512 > (int64_t)file_size;
    if (marker > 0xc2)
        facts->unread = marker == 0xc3 ? "lossless coding" : marker >= 0xc9 ? "arithmetic coding" : "hierarchical coding";
    else if (body.p[0] != 8)
        facts->unread = "12 bits a sample";
}

/* Walks the markers of the whole file as stb_image does: bytes between segments (padding, a scan's data) are skipped. */
static void sniff_jpeg(Bytes b, ImageFacts *facts)
{
    size_t at = 2;
    while (at + 4 <= b.size) {
        unsigned marker = b.p[at] == 0xff ? b.p[at + 1] : 0;
        if (marker == 0 || marker == 0xff || (marker >= 0xd0 && marker <= 0xd9) || marker == 0x01) {
            at += 1 + (marker != 0 && marker != 0xff);
            continue; /* not a segment: data, a fill byte, or a marker without a length */
        }
        size_t length = number(b, at + 2, 2, true);
        if (length < 2)
            return;
        const unsigned char *body = b.p + at + 4;
        size_t there = b.size - at - 4; /* bytes of the body that are in the file */
        if (marker == 0xe1 && facts->pixels == 0 && length >= 8 && length - 2 <= there && memcmp(body, "Exif\0", 6) == 0)
            facts->orientation = exif_orientation((Bytes){body + 6, length - 8});
        bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame && facts->pixels == 0 && there >= 6) /* cameras put a second picture behind the first */
            sniff_frame((Bytes){body, there}, marker, b.size, facts);
        at = marker == 0xc4 ? sniff_huffman(b, at + 4, (int64_t)length - 2, facts) : at + 2 + length;
    }
}

static void sniff_bmp(Bytes b, ImageFacts *facts)
{
    bool core = number(b, 14, 4, false) == 12;
    int64_t w = core ? (int64_t)number(b, 18, 2, false) : (int32_t)number(b, 18, 4, false);
    int64_t h = core ? (int64_t)number(b, 20, 2, false) : (int32_t)number(b, 22, 4, false);
    int64_t bits = number(b, core ? 24 : 28, 2, false);
    h = h < 0 ? -h : h; /* negative: rows from the top */
    facts->palette = bits <= 8;
    if (!core && number(b, 30, 4, false) != 0 && number(b, 30, 4, false) != 3) { /* 3: masks, not a compression */
        facts->unread = "compressed inside the file";
        return;
    }
    if (w <= 0 || w > INT32_MAX / 64 || bits > 32)
        return; /* stb_image refuses these by itself */
    facts->truncated = (int64_t)number(b, 10, 4, false) + (w * bits + 31) / 32 * 4 * h > (int64_t)b.size;
}

/* Skips a GIF chain of length-prefixed blocks; false when the file ends first. */
static bool gif_blocks(Bytes b, size_t *at)
{
    while (*at < b.size) {
        size_t length = b.p[*at];
        *at += 1 + length;
        if (length == 0)
            return true;
    }
    return false;
}

static void sniff_gif(Bytes b, ImageFacts *facts)
{
    facts->palette = true;
    facts->truncated = true;
    if (b.size < 13)
        return;
    /* The data's shortest code has 3 bits and stands for at most 4096 pixels; stb_image makes room before it reads. */
    facts->pixels = (int64_t)number(b, 6, 2, false) * (int64_t)number(b, 8, 2, false);
    if (facts->pixels * 3 / 8 / 4096 > (int64_t)b.size)
        return;
    size_t at = 13 + ((b.p[10] & 0x80) != 0 ? (size_t)6 << (b.p[10] & 7) : 0);
    while (at < b.size) {
        if (b.p[at] == 0x21) { /* extension: its kind, then blocks */
            if (number(b, at + 1, 1, false) == 0xf9 && number(b, at + 2, 1, false) >= 4 && (number(b, at + 3, 1, false) & 1) != 0)
                facts->transparency = at + 3;
            at += 2;
            if (!gif_blocks(b, &at))
                return;
        } else if (b.p[at] == 0x2c) { /* the first picture */
            if (b.size - at < 11)
                return;
            at += 11 + ((b.p[at + 9] & 0x80) != 0 ? (size_t)6 << (b.p[at + 9] & 7) : 0);
            facts->truncated = !gif_blocks(b, &at);
            return;
        } else {
            facts->truncated = false; /* no picture at all: stb_image says what is wrong */
            return;
        }
    }
}

/* Chunks: length, type, data, sum. stb_image asks for as much memory as an IDAT claims, so the claims are added up first;
 * and deflate packs at most 1032 to 1, so that a large picture needs some data. */
static void sniff_png(Bytes b, ImageFacts *facts)
{
    static const int samples[8] = {1, 0, 3, 1, 2, 0, 4, 0}; /* per pixel, by colour type */
    int64_t bits = (int64_t)number(b, 24, 1, true) * samples[number(b, 25, 1, true) & 7], packed = 0;
    facts->sixteen_bit = number(b, 24, 1, true) == 16;
    facts->palette = number(b, 25, 1, true) == 3;
    facts->pixels = (int64_t)(number(b, 16, 4, true) & INT32_MAX) * (int64_t)(number(b, 20, 4, true) & INT32_MAX);
    for (size_t at = 8; at + 8 <= b.size; at += 12 + (size_t)number(b, at, 4, true)) {
        if (number(b, at, 4, true) > b.size - at - 8) {
            facts->truncated = true;
            return;
        }
        packed += memcmp(b.p + at + 4, "IDAT", 4) == 0 ? number(b, at, 4, true) : 0;
        if (memcmp(b.p + at + 4, "eXIf", 4) == 0)
            facts->orientation = exif_orientation((Bytes){b.p + at + 8, number(b, at, 4, true)});
        if (memcmp(b.p + at + 4, "IEND", 4) == 0)
            break;
    }
    facts->truncated = bits <= 64 && facts->pixels < (INT64_C(1) << 40) && facts->pixels * bits / 8 / 1032 > packed;
}

/* P5 or P6, width, height, white, with white space and comments between, one white space, then the samples. */
static void sniff_pnm(Bytes b, ImageFacts *facts)
{
    uint64_t numbers[3] = {0};
    size_t at = 2;
    for (int i = 0; i < 3; i++) {
        while (at < b.size && (strchr(" \t\n\v\f\r", b.p[at]) != NULL || b.p[at] == '#'))
            if (b.p[at] == '#')
                while (at < b.size && b.p[at] != '\n' && b.p[at] != '\r')
                    at++;
            else
                at++;
        while (at < b.size && b.p[at] >= '0' && b.p[at] <= '9' && numbers[i] < 100000000)
            numbers[i] = numbers[i] * 10 + (uint64_t)(b.p[at++] - '0');
    }
    PnmHeader *pnm = &facts->pnm;
    *pnm = (PnmHeader){.w = (int)numbers[0], .h = (int)numbers[1], .white = (int)numbers[2],
                       .channels = b.p[1] == '6' ? 3 : 1, .samples = at + 1};
    facts->sixteen_bit = pnm->white > 255;
    facts->broken = pnm->w == 0 || pnm->h == 0 || pnm->white == 0 || pnm->white > 65535;
    facts->pixels = (int64_t)(numbers[0] * numbers[1]);
    uint64_t per_pixel = (uint64_t)pnm->channels * (facts->sixteen_bit ? 2 : 1);
    facts->truncated = pnm->samples > b.size || numbers[0] * numbers[1] > (b.size - pnm->samples) / per_pixel;
}

ImageFacts image_sniff(const unsigned char *bytes, size_t size)
{
    Bytes b = {bytes, size};
    ImageFacts facts = {.format = IMAGE_UNKNOWN, .orientation = 1};
    if (size >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0) {
        facts.format = IMAGE_JPEG;
        sniff_jpeg(b, &facts);
    } else if (size >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) {
        facts.format = IMAGE_PNG;
        sniff_png(b, &facts);
    } else if (size >= 6 && memcmp(bytes, "GIF8", 4) == 0) {
        facts.format = IMAGE_GIF;
        sniff_gif(b, &facts);
    } else if (size >= 26 && memcmp(bytes, "BM", 2) == 0) {
        facts.format = IMAGE_BMP;
        sniff_bmp(b, &facts);
    } else if (size >= 3 && bytes[0] == 'P' && (bytes[1] == '5' || bytes[1] == '6')) {
        facts.format = IMAGE_PNM;
        sniff_pnm(b, &facts);
    }
    return facts;
}
