/* wire_put.c - see wire_put.h. */
#include "engine/io/wire_put.h"
#include "engine/io/bits.h"
#include "engine/io/wire.h"

#include <stdlib.h>
#include <string.h>

void wire_put_varint(ByteBuffer *b, uint64_t value)
{
    unsigned char bytes[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[size++] = (unsigned char)(value | 0x80);
    bytes[size++] = (unsigned char)value;
    bytes_put(b, bytes, size);
}

static void put_tag(ByteBuffer *b, uint32_t number, WireType type)
{
    wire_put_varint(b, number << 3 | (uint32_t)type);
}

void wire_put_int(ByteBuffer *b, uint32_t number, int64_t value)
{
    put_tag(b, number, WIRE_VARINT);
    wire_put_varint(b, (uint64_t)value);
}

void wire_put_float(ByteBuffer *b, uint32_t number, float value)
{
    unsigned char bytes[4];
    put_tag(b, number, WIRE_FIXED32);
    store_le(bytes, float_bits(value), 4);
    bytes_put(b, bytes, 4);
}

void wire_put_head(ByteBuffer *b, uint32_t number, uint64_t size)
{
    put_tag(b, number, WIRE_BYTES);
    wire_put_varint(b, size);
}

void wire_put_bytes(ByteBuffer *b, uint32_t number, const void *bytes, size_t size)
{
    wire_put_head(b, number, size);
    if (size > 0)
        bytes_put(b, bytes, size);
}

void wire_put_text(ByteBuffer *b, uint32_t number, const char *text)
{
    wire_put_bytes(b, number, text, strlen(text));
}

void wire_put_message(ByteBuffer *b, uint32_t number, ByteBuffer *message)
{
    b->failed = b->failed || message->failed;
    wire_put_bytes(b, number, message->bytes, message->failed ? 0 : message->size);
    free(message->bytes);
    *message = (ByteBuffer){0};
}
