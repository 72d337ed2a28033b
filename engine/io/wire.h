/* wire.h - reads protobuf's wire format, as far as Caffe's and ONNX's weight files use it: a message is a sequence of fields,
 * each a tag (number and type) and a value. Only weights_caffe.c and weights_onnx*.c call this. */
#ifndef INCEPTOSCOPE_WIRE_H
#define INCEPTOSCOPE_WIRE_H

#include "engine/io/tensor_file.h"

typedef struct Wire {           /* the part of a message that is not read yet */
    const unsigned char *at, *end;
} Wire;

typedef enum WireType { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 } WireType;

typedef struct WireField {
    uint32_t number;
    WireType type;
    uint64_t value;             /* WIRE_VARINT */
    Wire bytes;                 /* the value's bytes: a text, a message, packed numbers, or the 4 or 8 bytes of a fixed-size
                                   number */
} WireField;

/* The next field; false at the end of the message. Then wire_ok tells whether the message is complete. */
bool wire_next(Wire *wire, WireField *field);
bool wire_ok(const Wire *wire);
bool wire_varint(Wire *wire, uint64_t *value);
bool wire_is(const WireField *field, uint32_t number, WireType type);
bool wire_text_is(Wire bytes, const char *text);
/* Whether two texts are equal; false if one of them is missing. */
bool wire_same(Wire a, Wire b);

/* All numbers of a repeated fixed-size field, packed or not, as one array. *data points into the file if they are contiguous
 * there, else to a copy that the TensorFile owns. *count is 0 if there are none. */
bool wire_numbers(TensorFile *file, Wire message, uint32_t number, size_t element, const unsigned char **data,
                  size_t *count, Err *err);
/* Repeated integers, packed or not; at most `max`. -1 if there are more, or the message is broken. */
int wire_integers(Wire message, uint32_t number, int64_t *out, int max);

#endif
