/* image_sniff.c - reads only headers and block lengths; every read is checked against the file's size. */
#include "engine/io/image_sniff.h"
#include "engine/io/image_sniff_parts.h"

#include <string.h>

static void sniff_bmp(Bytes b, ImageFacts *facts)
{
    bool core = sniff_number(b, 14, 4, false) == 12;
    int64_t w = core ? (int64_t)sniff_number(b, 18, 2, false) : (int32_t)sniff_number(b, 18, 4, false);
    int64_t h = core ? (int64_t)sniff_number(b, 20, 2, false) : (int32_t)sniff_number(b, 22, 4, false);
    int64_t bits = sniff_number(b, core ? 24 : 28, 2, false);
    const bool from_top = h < 0;
    h = h < 0 ? -h : h;
    facts->palette = bits <= 8;
    if (!core && sniff_number(b, 30, 4, false) != 0 && sniff_number(b, 30, 4, false) != 3) { /* 3: bit masks, not a compression */
        facts->unread = "compressed inside the file";
        return;
    }
    if (w <= 0 || w > INT32_MAX / 64 || bits > 32)
        return; /* stb_image refuses these by itself */
    const int64_t rows = sniff_number(b, 10, 4, false), palette = 14 + (int64_t)sniff_number(b, 14, 4, false), colour_size = core ? 3 : 4;
    facts->truncated = rows + (w * bits + 31) / 32 * 4 * h > (int64_t)b.size;
    if (bits != 1 && bits != 4 && bits != 8)
        return;
    if (h > INT32_MAX || rows < palette + colour_size) {
        facts->broken = "its palette is missing";
        return;
    }
    const int64_t colours = (rows - palette) / colour_size;
    facts->bmp = (BmpHeader){.w = (int)w, .h = (int)h, .bits = (int)bits, .from_top = from_top, .colours = colours < 256 ? (int)colours : 256,
                             .colour_size = (int)colour_size, .palette = (size_t)palette, .rows = (size_t)rows};
}

/* Chunks: length, type, data, checksum. Deflate packs at most 1032 to 1, so a large picture needs some data. */
static void sniff_png(Bytes b, ImageFacts *facts)
{
    if (b.size >= 16 && memcmp(b.p + 12, "CgBI", 4) == 0) {
        facts->unread = "Apple's CgBI, as Xcode makes for iPhones";
        facts->remedy = "open it on a Mac and save it as a plain PNG";
        return;
    }
    static const int samples[8] = {1, 0, 3, 1, 2, 0, 4, 0}; /* per pixel, by colour type */
    int64_t bits = (int64_t)sniff_number(b, 24, 1, true) * samples[sniff_number(b, 25, 1, true) & 7], packed = 0;
    facts->sixteen_bit = sniff_number(b, 24, 1, true) == 16;
    facts->palette = sniff_number(b, 25, 1, true) == 3;
    facts->pixels = (int64_t)(sniff_number(b, 16, 4, true) & INT32_MAX) * (int64_t)(sniff_number(b, 20, 4, true) & INT32_MAX);
    for (size_t at = 8; at + 8 <= b.size; at += 12 + (size_t)sniff_number(b, at, 4, true)) {
        if (sniff_number(b, at, 4, true) > b.size - at - 8) {
            facts->truncated = true;
            return;
        }
        packed += memcmp(b.p + at + 4, "IDAT", 4) == 0 ? sniff_number(b, at, 4, true) : 0;
        if (memcmp(b.p + at + 4, "eXIf", 4) == 0)
            facts->orientation = sniff_orientation((Bytes){b.p + at + 8, sniff_number(b, at, 4, true)});
        if (memcmp(b.p + at + 4, "IEND", 4) == 0)
            break;
    }
    facts->truncated = bits <= 64 && facts->pixels < (INT64_C(1) << 40) && facts->pixels * bits / 8 / 1032 > packed;
}

/* P5 or P6, width, height, white, separated by white space and comments; then one white space, then the samples. */
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
    if (pnm->w == 0 || pnm->h == 0 || pnm->white == 0 || pnm->white > 65535)
        facts->broken = "its header makes no sense";
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
