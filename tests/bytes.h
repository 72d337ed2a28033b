/* bytes.h - files that tests put together byte by byte, or bit by bit. */
#ifndef INCEPTOSCOPE_TEST_BYTES_H
#define INCEPTOSCOPE_TEST_BYTES_H

#include "tests/check.h"

typedef struct Bytes {
    unsigned char *at;
    size_t size, room;
    uint32_t bits;              /* not yet written; the first is the lowest */
    int bit_count;
} Bytes;

static inline void put(Bytes *b, const void *bytes, size_t size)
{
    if (b->size + size > b->room) {
        b->room = (b->size + size) * 2;
        b->at = realloc(b->at, b->room);
        assert_non_null(b->at);
    }
    if (size > 0)
        memcpy(b->at + b->size, bytes, size);
    b->size += size;
}

static inline void put_text(Bytes *b, const char *text)
{
    put(b, text, strlen(text));
}

static inline void put_le(Bytes *b, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        put(b, &(unsigned char){(unsigned char)(i < 8 ? value >> 8 * i : 0)}, 1);
}

static inline void put_be(Bytes *b, uint64_t value, int size)
{
    for (int i = size; i-- > 0;)
        put(b, &(unsigned char){(unsigned char)(value >> 8 * i)}, 1);
}

static inline void put_many(Bytes *b, unsigned char value, size_t count)
{
    while (count-- > 0)
        put(b, &value, 1);
}

static inline void put_bits(Bytes *b, unsigned value, int count)
{
    b->bits |= value << b->bit_count;
    for (b->bit_count += count; b->bit_count >= 8; b->bit_count -= 8, b->bits >>= 8)
        put_le(b, b->bits & 255, 1);
}

static inline void put_rest_of_bits(Bytes *b)
{
    if (b->bit_count > 0)
        put_bits(b, 0, 8 - b->bit_count);
}

static inline Bytes bytes_copy(const unsigned char *bytes, size_t size)
{
    Bytes b = {NULL, 0, 0, 0, 0};
    put(&b, bytes, size);
    return b;
}

/* ---- packed data (RFC 1951) with the fixed codes: some bytes, then zeros, 158 times smaller ---- */

static inline void put_code(Bytes *b, unsigned code, int count)
{
    for (int i = count; i-- > 0;)
        put_bits(b, code >> i & 1, 1);
}

static inline void put_deflated(Bytes *b, const void *head, size_t head_size, size_t zeros)
{
    const unsigned char *byte = head;
    put_bits(b, 3, 3);          /* the last block, fixed codes */
    for (size_t i = 0; i < head_size; i++)
        put_code(b, byte[i] < 144 ? 0x30u + byte[i] : 0x190u + byte[i] - 144, byte[i] < 144 ? 8 : 9);
    for (size_t i = 0; zeros > 0 && i < 1 + (zeros - 1) % 258; i++)
        put_code(b, 0x30, 8);
    for (size_t i = 0; zeros > 0 && i < (zeros - 1) / 258; i++) { /* 258 times the byte before */
        put_code(b, 0xc5, 8);
        put_code(b, 0, 5);
    }
    put_code(b, 0, 7);
    put_rest_of_bits(b);
}

static inline uint32_t crc32_of(uint32_t crc, const unsigned char *bytes, size_t size)
{
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int k = 0; k < 8; k++)
            table[i] = (table[i] >> 1) ^ ((table[i] & 1) != 0 ? 0xedb88320u : 0);
    }
    crc = ~crc;
    for (size_t i = 0; i < size; i++)
        crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

/* ---- PNG ---- */

static inline void put_chunk(Bytes *b, const char *type, const void *data, size_t size)
{
    put_be(b, size, 4);
    put(b, type, 4);
    put(b, data, size);
    put_be(b, 0, 4); /* the sum is not looked at */
}

static inline Bytes png_head(int w, int h, int depth, int type)
{
    Bytes b = {0}, header = {0};
    put(&b, "\x89PNG\r\n\x1a\n", 8);
    put_be(&header, (uint64_t)w, 4);
    put_be(&header, (uint64_t)h, 4);
    put(&header, (unsigned char[]){(unsigned char)depth, (unsigned char)type, 0, 0, 0}, 5);
    put_chunk(&b, "IHDR", header.at, header.size);
    free(header.at);
    return b;
}

/* zlib's head, `head`, then zeros. */
static inline Bytes zlib_data(const void *head, size_t size, size_t zeros)
{
    Bytes data = {0};
    put(&data, "\x78\x01", 2);
    put_deflated(&data, head, size, zeros);
    put_be(&data, 0, 4);
    return data;
}

#endif
