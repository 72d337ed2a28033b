/* gif.c - see gif.h. Colours by median cut over a histogram of 5 bits a channel (Heckbert 1982), data by LZW as in appendix F of
 * GIF89a. A frame is kept until the next one differs, since its duration is known only then. */
#include "engine/io/gif.h"
#include "engine/base/byte_buffer.h"
#include "engine/base/safe_file.h"
#include "engine/base/thread.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 1 << 15, COLORS = 256, CODES = 4096, CLEAR = 256, END = 257, HASH = 8192, TURN = 1 << 15 };

struct Gif {
    int w, h, frames;
    unsigned char *held;        /* the frame that waits for its duration */
    double held_seconds;
    ByteBuffer out;
    uint32_t histogram[BINS];
    unsigned char nearest[BINS]; /* colour of each bin */
    unsigned char palette[COLORS][3];
    uint32_t hash_key[HASH];    /* LZW: prefix << 8 | byte, +1; 0 free */
    uint16_t hash_code[HASH];
};

/* In a loop over the pixels. */
static void take_turns(size_t i)
{
    if (i % TURN == 0)
        thread_yield();
}

static void put8(ByteBuffer *b, int v)
{
    bytes_put(b, &(unsigned char){(unsigned char)v}, 1);
}

static void put16(ByteBuffer *b, int v)
{
    put8(b, v & 0xff);
    put8(b, v >> 8 & 0xff);
}

/* ---- colours -------------------------------------------------------------------------------------------------------- */

static int bin_of(const unsigned char *rgb)
{
    return (rgb[0] >> 3) << 10 | (rgb[1] >> 3) << 5 | rgb[2] >> 3;
}

typedef struct Box {
    int lo[3], hi[3];           /* of 0..31, both inside */
    uint64_t pixels;
} Box;

/* Shrinks the box to the colours in it. */
static void box_fit(const Gif *g, Box *b)
{
    Box fit = {.lo = {31, 31, 31}, .hi = {0, 0, 0}};
    for (int r = b->lo[0]; r <= b->hi[0]; r++)
        for (int gr = b->lo[1]; gr <= b->hi[1]; gr++)
            for (int bl = b->lo[2]; bl <= b->hi[2]; bl++) {
                const uint32_t n = g->histogram[r << 10 | gr << 5 | bl];
                const int at[3] = {r, gr, bl};
                for (int k = 0; n > 0 && k < 3; k++) {
                    fit.lo[k] = at[k] < fit.lo[k] ? at[k] : fit.lo[k];
                    fit.hi[k] = at[k] > fit.hi[k] ? at[k] : fit.hi[k];
                }
                fit.pixels += n;
            }
    *b = fit;
}

static int longest_axis(const Box *b)
{
    int axis = 0;
    for (int k = 1; k < 3; k++)
        if (b->hi[k] - b->lo[k] > b->hi[axis] - b->lo[axis])
            axis = k;
    return axis;
}

/* Splits the box at the median of its longest axis. */
static Box box_split(const Gif *g, Box *b)
{
    const int axis = longest_axis(b);
    uint64_t sums[32] = {0}, sum = 0;
    for (int r = b->lo[0]; r <= b->hi[0]; r++)
        for (int gr = b->lo[1]; gr <= b->hi[1]; gr++)
            for (int bl = b->lo[2]; bl <= b->hi[2]; bl++)
                sums[axis == 0 ? r : axis == 1 ? gr : bl] += g->histogram[r << 10 | gr << 5 | bl];
    int cut = b->lo[axis];
    for (sum = sums[cut]; cut + 1 < b->hi[axis] && sum < b->pixels / 2; sum += sums[++cut])
        ;
    Box upper = *b;
    upper.lo[axis] = cut + 1;
    b->hi[axis] = cut;
    box_fit(g, b);
    box_fit(g, &upper);
    return upper;
}

static void choose_colors(Gif *g, const unsigned char *rgb)
{
    const size_t count = (size_t)g->w * (size_t)g->h;
    Box boxes[COLORS];
    int n = 1;
    memset(g->histogram, 0, sizeof g->histogram);
    for (size_t i = 0; i < count; i++) {
        g->histogram[bin_of(rgb + 3 * i)]++;
        take_turns(i);
    }
    boxes[0] = (Box){.hi = {31, 31, 31}};
    box_fit(g, &boxes[0]);
    while (n < COLORS) {
        thread_yield();
        int best = -1;
        uint64_t best_weight = 0;
        for (int i = 0; i < n; i++) { /* the box with the largest error */
            const int axis = longest_axis(&boxes[i]);
            const uint64_t weight = boxes[i].pixels * (uint64_t)(boxes[i].hi[axis] - boxes[i].lo[axis]);
            if (weight > best_weight) {
                best_weight = weight;
                best = i;
            }
        }
        if (best < 0)
            break;
        boxes[n] = box_split(g, &boxes[best]);
        n++;
    }
    uint64_t sums[COLORS][3];
    memset(sums, 0, sizeof sums);
    for (int i = 0; i < n; i++)
        for (int r = boxes[i].lo[0]; r <= boxes[i].hi[0]; r++)
            for (int gr = boxes[i].lo[1]; gr <= boxes[i].hi[1]; gr++)
                for (int bl = boxes[i].lo[2]; bl <= boxes[i].hi[2]; bl++)
                    g->nearest[r << 10 | gr << 5 | bl] = (unsigned char)i;
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < 3; k++)
            sums[g->nearest[bin_of(rgb + 3 * i)]][k] += rgb[3 * i + (size_t)k];
        take_turns(i);
    }
    memset(g->palette, 0, sizeof g->palette);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++)
            g->palette[i][k] = (unsigned char)(boxes[i].pixels > 0 ? sums[i][k] / boxes[i].pixels : 0);
}

/* ---- LZW ------------------------------------------------------------------------------------------------------------------ */

typedef struct BitWriter {
    ByteBuffer *out;
    unsigned char block[255];
    int used, bit_count;
    uint32_t bits;
} BitWriter;

static void put_code(BitWriter *w, int code, int width)
{
    w->bits |= (uint32_t)code << w->bit_count;
    w->bit_count += width;
    while (w->bit_count >= 8) {
        w->block[w->used++] = (unsigned char)w->bits;
        w->bits >>= 8;
        w->bit_count -= 8;
        if (w->used == 255) {
            put8(w->out, 255);
            bytes_put(w->out, w->block, 255);
            w->used = 0;
        }
    }
}

static void compress(Gif *g, const unsigned char *rgb)
{
    const size_t count = (size_t)g->w * (size_t)g->h;
    BitWriter w = {.out = &g->out};
    int width = 9, next = END + 1, prefix = g->nearest[bin_of(rgb)];
    put8(&g->out, 8);
    memset(g->hash_key, 0, sizeof g->hash_key);
    put_code(&w, CLEAR, width);
    for (size_t i = 1; i < count; i++) {
        take_turns(i);
        const int byte = g->nearest[bin_of(rgb + 3 * i)];
        const uint32_t key = ((uint32_t)prefix << 8 | (uint32_t)byte) + 1;
        uint32_t slot = key * 2654435761u >> 19; /* 13 bits */
        while (g->hash_key[slot] != 0 && g->hash_key[slot] != key)
            slot = (slot + 1) % HASH;
        if (g->hash_key[slot] == key) {
            prefix = g->hash_code[slot];
            continue;
        }
        put_code(&w, prefix, width);
        prefix = byte;
        if (next == CODES) { /* full: begin again */
            put_code(&w, CLEAR, width);
            memset(g->hash_key, 0, sizeof g->hash_key);
            width = 9;
            next = END + 1;
            continue;
        }
        g->hash_key[slot] = key;
        g->hash_code[slot] = (uint16_t)next;
        if (next++ == 1 << width)
            width++;
    }
    put_code(&w, prefix, width);
    put_code(&w, END, width);
    if (w.bit_count > 0)
        put_code(&w, 0, 8 - w.bit_count);
    put8(&g->out, w.used);
    bytes_put(&g->out, w.block, (size_t)w.used);
    if (w.used > 0)
        put8(&g->out, 0);
}

/* ---- frames ----------------------------------------------------------------------------------------------------------------- */

static void write_held(Gif *g)
{
    int hundredths = (int)(g->held_seconds * 100 + 0.5);
    hundredths = hundredths < 2 ? 2 : hundredths > 65535 ? 65535 : hundredths; /* browsers slow down what is shorter */
    choose_colors(g, g->held);
    bytes_put(&g->out, "\x21\xf9\x04\x04", 4); /* graphic control: leave the frame in place */
    put16(&g->out, hundredths);
    put16(&g->out, 0);
    put8(&g->out, 0x2c);
    put16(&g->out, 0);
    put16(&g->out, 0);
    put16(&g->out, g->w);
    put16(&g->out, g->h);
    put8(&g->out, 0x87); /* its own table of 256 colours */
    bytes_put(&g->out, g->palette, sizeof g->palette);
    compress(g, g->held);
    g->frames++;
}

Gif *gif_new(int w, int h, Err *err)
{
    if (w < 1 || h < 1 || w > 65535 || h > 65535) {
        err_set(err, "a GIF of %d x %d is not possible; a side has 1 to 65535 pixels", w, h);
        return NULL;
    }
    Gif *g = calloc(1, sizeof *g);
    if (g == NULL || (g->held = malloc((size_t)w * (size_t)h * 3)) == NULL) {
        free(g);
        err_set(err, "not enough memory for a GIF of %d x %d", w, h);
        return NULL;
    }
    g->w = w;
    g->h = h;
    g->held_seconds = -1;
    bytes_put(&g->out, "GIF89a", 6);
    put16(&g->out, w);
    put16(&g->out, h);
    bytes_put(&g->out, "\x70\0\0", 3);
    bytes_put(&g->out, "\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", 19); /* repeated for ever */
    return g;
}

bool gif_frame(Gif *g, const unsigned char *rgb, double seconds, Err *err)
{
    const size_t bytes = (size_t)g->w * (size_t)g->h * 3;
    if (g->held_seconds >= 0 && memcmp(g->held, rgb, bytes) == 0) {
        g->held_seconds += seconds;
        return true;
    }
    if (g->held_seconds >= 0)
        write_held(g);
    memcpy(g->held, rgb, bytes);
    g->held_seconds = seconds;
    return !g->out.failed || err_set(err, "not enough memory for the GIF");
}

void gif_extend(Gif *g, double seconds)
{
    if (g->held_seconds >= 0)
        g->held_seconds += seconds;
}

int gif_frames(const Gif *g)
{
    return g->frames + (g->held_seconds >= 0);
}

bool gif_save(Gif *g, const char *path, Err *err)
{
    if (g->held_seconds < 0)
        return err_set(err, "%s: there is no frame to write", path);
    write_held(g);
    g->held_seconds = -1;
    put8(&g->out, 0x3b);
    if (g->out.failed)
        return err_set(err, "%s: not enough memory", path);
    return safe_file_put(path, g->out.bytes, g->out.size, err);
}

void gif_free(Gif *g)
{
    if (g == NULL)
        return;
    free(g->held);
    free(g->out.bytes);
    free(g);
}
