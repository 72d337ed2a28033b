/* wire.h - protobuf's wire format, as far as Caffe's and ONNX's weight files need it: a message is a row of fields,
 * each a tag (number and type) and a value. For weights_caffe.c and weights_onnx.c. */
#ifndef INCEPTOSCOPE_WIRE_H
#define INCEPTOSCOPE_WIRE_H

#include "engine/io/tensor_file.h"

typedef struct Wire {           /* the rest of a message */
    const unsigned char *at, *end;
} Wire;

typedef enum WireType { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 } WireType;

typedef struct WireField {
    uint32_t number;
    WireType type;
    uint64_t value;             /* WIRE_VARINT */
    Wire bytes;                 /* the value's bytes: a text, a message, packed numbers, or the 4 or 8 of a fixed one */
} WireField;

/* The next field; false at the end of the message, and then wire_ok tells whether that was a proper end. */
bool wire_next(Wire *wire, WireField *field);
bool wire_ok(const Wire *wire);
bool wire_varint(Wire *wire, uint64_t *value);
bool wire_is(const WireField *field, uint32_t number, WireType type);
bool wire_text_is(Wire bytes, const char *text);
/* Whether two texts are equal; no when one of them is not there. */
bool wire_same(Wire a, Wire b);

/* All numbers of a repeated fixed-size field, packed or not, in one row: *data points into the file when it holds them
 * so, else at a copy that the TensorFile owns. *count 0 when there are none. */
bool wire_numbers(TensorFile *file, Wire message, uint32_t number, size_t element, const unsigned char **data,
                  size_t *count, Err *err);
/* Repeated integers, packed or not; at most `max`. -1 when there are more, or the message is broken. */
int wire_integers(Wire message, uint32_t number, int64_t *out, int max);

#endif
