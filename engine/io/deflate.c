/* deflate.c - packs bytes; see deflate.h. The method is that of stb_image_write's stbi_zlib_compress. */
#include "engine/base/thread.h"
#include "engine/io/deflate.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 16384, WINDOW = 32768, MATCH_MAX = 258, EFFORT_MIN = 5, STORED_MAX = 32767, END_OF_BLOCK = 256, TURN = 4096 };

/* The latest places of each hash of three bytes, oldest first. */
typedef struct Places {
    int32_t *at;                /* BUCKETS rows of `room` */
    uint16_t *count;
    int room;
} Places;

typedef struct Out {
    unsigned char *bytes;
    size_t size;
    uint32_t bits;              /* not yet written; the first is the lowest */
    int bit_count;
} Out;

static void put_bits(Out *out, unsigned bits, int count)
{
    out->bits |= bits << out->bit_count;
    for (out->bit_count += count; out->bit_count >= 8; out->bit_count -= 8, out->bits >>= 8)
        out->bytes[out->size++] = (unsigned char)out->bits;
}

/* Codes are written with their highest bit first. */
static void put_code(Out *out, unsigned code, int count)
{
    unsigned turned = 0;
    for (int i = 0; i < count; i++)
        turned |= (code >> i & 1) << (count - 1 - i);
    put_bits(out, turned, count);
}

/* The fixed code of a byte, of the end, or of a match's length (RFC 1951, section 3.2.6). */
static void put_symbol(Out *out, unsigned n)
{
    if (n <= 143)
        put_code(out, 0x30 + n, 8);
    else if (n <= 255)
        put_code(out, 0x190 + n - 144, 9);
    else if (n <= 279)
        put_code(out, n - 256, 7);
    else
        put_code(out, 0xc0 + n - 280, 8);
}

static void put_match(Out *out, int length, int distance)
{
    static const uint16_t lengths[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                       31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258, 259};
    static const uint8_t length_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const uint16_t distances[] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,  193,
                                         257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577, 32768};
    static const uint8_t distance_bits[] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
    unsigned l = 0, d = 0;
    while (length > lengths[l + 1] - 1)
        l++;
    while (distance > distances[d + 1] - 1)
        d++;
    put_symbol(out, 257 + l);
    put_bits(out, (unsigned)length - lengths[l], length_bits[l]);
    put_code(out, d, 5);
    put_bits(out, (unsigned)distance - distances[d], distance_bits[d]);
}

static int hash_of(const unsigned char *p)
{
    uint32_t hash = p[0] + ((uint32_t)p[1] << 8) + ((uint32_t)p[2] << 16);
    hash ^= hash << 3;
    hash += hash >> 5;
    hash ^= hash << 4;
    hash += hash >> 17;
    hash ^= hash << 25;
    hash += hash >> 6;
    return (int)(hash & (BUCKETS - 1));
}

static int match_length(const unsigned char *a, const unsigned char *b, int most)
{
    int n = 0;
    while (n < most && n < MATCH_MAX && a[n] == b[n])
        n++;
    return n;
}

/* Finds the longest match of the bytes at `at` (the last one if several are equal) that is at least `least` long and begins after
 * `oldest`. Returns its length, or 0. */
static int find_match(const Places *places, const unsigned char *bytes, int size, int at, int oldest, int least, int *where)
{
    const int hash = hash_of(bytes + at);
    const int32_t *list = places->at + (size_t)hash * (size_t)places->room;
    int best = 0;
    for (int i = 0; i < places->count[hash]; i++) {
        if (list[i] <= oldest)
            continue;
        const int length = match_length(bytes + list[i], bytes + at, size - at);
        if (length >= (best > 0 ? best : least)) {
            best = length;
            *where = list[i];
        }
    }
    return best;
}

static void remember(Places *places, const unsigned char *bytes, int at)
{
    const int hash = hash_of(bytes + at), half = places->room / 2;
    int32_t *list = places->at + (size_t)hash * (size_t)places->room;
    if (places->count[hash] == places->room) {
        memmove(list, list + half, (size_t)half * sizeof *list);
        places->count[hash] = (uint16_t)half;
    }
    list[places->count[hash]++] = at;
}

static void pack(Out *out, Places *places, const unsigned char *bytes, int size)
{
    put_bits(out, 1, 1);        /* the only block */
    put_bits(out, 1, 2);        /* with the fixed codes */
    int at = 0;
    for (int next = 0; at < size - 3;) {
        if (at >= next) {
            thread_yield();
            next = at + TURN;
        }
        int where = 0, later;
        int length = find_match(places, bytes, size, at, at - WINDOW, 3, &where);
        remember(places, bytes, at);
        /* If the next byte begins a longer match, that one is better. */
        if (length > 0 && find_match(places, bytes, size, at + 1, at + 1 - WINDOW, length + 1, &later) > 0)
            length = 0;
        if (length > 0)
            put_match(out, length, at - where);
        else
            put_symbol(out, bytes[at]);
        at += length > 0 ? length : 1;
    }
    while (at < size)
        put_symbol(out, bytes[at++]);
    put_symbol(out, END_OF_BLOCK);
    if (out->bit_count > 0)
        put_bits(out, 0, 8 - out->bit_count);
}

/* Writes bytes that do not get smaller as they are. */
static void store(Out *out, const unsigned char *bytes, int size)
{
    for (int at = 0, length; at < size; at += length) {
        length = size - at < STORED_MAX ? size - at : STORED_MAX;
        out->bytes[out->size++] = at + length == size;
        put_bits(out, (unsigned)length, 16);
        put_bits(out, (unsigned)~length & 0xffff, 16);
        memcpy(out->bytes + out->size, bytes + at, (size_t)length);
        out->size += (size_t)length;
    }
}

static uint32_t adler32(const unsigned char *bytes, int size)
{
    uint32_t a = 1, b = 0;
    for (int i = 0; i < size; i++) {
        if (i % TURN == 0)
            thread_yield();
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

unsigned char *deflate_pack(const unsigned char *bytes, int size, int *packed_size, int effort)
{
    enum { HEAD = 2 };
    effort = effort < EFFORT_MIN ? EFFORT_MIN : effort;
    assert(size >= 0 && effort < UINT16_MAX / 2);
    const size_t stored = HEAD + (size_t)size + ((size_t)size + STORED_MAX - 1) / STORED_MAX * 5;
    Places places = {.at = malloc((size_t)BUCKETS * (size_t)effort * 2 * sizeof *places.at), .count = calloc(BUCKETS, sizeof *places.count),
                     .room = 2 * effort};
    Out out = {.bytes = malloc(stored + (size_t)size / 8 + 16)}; /* no byte takes more than 9 bits */
    const bool good = places.at != NULL && places.count != NULL && out.bytes != NULL;
    if (good) {
        put_bits(&out, 0x5e78, 16); /* a window of 32 kilobytes, packed fast */
        pack(&out, &places, bytes, size);
        if (out.size > stored) {
            out.size = HEAD;
            store(&out, bytes, size);
        }
        const uint32_t sum = adler32(bytes, size);
        for (int shift = 24; shift >= 0; shift -= 8)
            out.bytes[out.size++] = (unsigned char)(sum >> shift);
        *packed_size = (int)out.size;
    }
    free(places.at);
    free(places.count);
    if (good)
        return out.bytes;
    free(out.bytes);
    return NULL;
}
