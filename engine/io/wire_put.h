/* wire_put.h - writes protobuf's wire format, which wire.h reads. */
#ifndef INCEPTOSCOPE_WIRE_PUT_H
#define INCEPTOSCOPE_WIRE_PUT_H

#include "engine/base/byte_buffer.h"

#include <stdint.h>

void wire_put_varint(ByteBuffer *b, uint64_t value);
/* A field of each type: an integer, a float, bytes, a text, the bytes of another buffer (which is freed). */
void wire_put_int(ByteBuffer *b, uint32_t number, int64_t value);
void wire_put_float(ByteBuffer *b, uint32_t number, float value);
void wire_put_bytes(ByteBuffer *b, uint32_t number, const void *bytes, size_t size);
void wire_put_text(ByteBuffer *b, uint32_t number, const char *text);
void wire_put_message(ByteBuffer *b, uint32_t number, ByteBuffer *message);
/* The beginning of a field of bytes, of which `size` follow. */
void wire_put_head(ByteBuffer *b, uint32_t number, uint64_t size);

#endif
