/* wire.c - see wire.h; the format is described in protobuf's "Encoding" page. */
#include "engine/io/wire.h"

#include <string.h>

bool wire_varint(Wire *wire, uint64_t *value)
{
    *value = 0;
    for (int shift = 0; shift < 70 && wire->at < wire->end; shift += 7) {
        unsigned char byte = *wire->at++;
        if (shift < 64)
            *value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

/* Marks the message as broken: at becomes NULL, so that wire_ok is false. */
static bool spoil(Wire *wire)
{
    wire->at = wire->end = NULL;
    return false;
}

bool wire_ok(const Wire *wire)
{
    return wire->at != NULL;
}

static bool take(Wire *wire, WireField *field, uint64_t length)
{
    if (length > (uint64_t)(wire->end - wire->at))
        return spoil(wire);
    field->bytes = (Wire){wire->at, wire->at + length};
    wire->at += length;
    return true;
}

bool wire_next(Wire *wire, WireField *field)
{
    uint64_t tag, length;
    if (wire->at == wire->end)
        return false;
    if (!wire_varint(wire, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX)
        return spoil(wire);
    field->number = (uint32_t)(tag >> 3);
    field->type = (WireType)(tag & 7);
    field->value = 0;
    switch (field->type) {
    case WIRE_VARINT:
        field->bytes = (Wire){wire->at, wire->at};
        return wire_varint(wire, &field->value) || spoil(wire);
    case WIRE_FIXED64: return take(wire, field, 8);
    case WIRE_FIXED32: return take(wire, field, 4);
    case WIRE_BYTES: return wire_varint(wire, &length) ? take(wire, field, length) : spoil(wire);
    }
    return spoil(wire); /* groups: neither format uses them */
}

bool wire_is(const WireField *field, uint32_t number, WireType type)
{
    return field->number == number && field->type == type;
}

bool wire_text_is(Wire bytes, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(bytes.end - bytes.at) == length && memcmp(bytes.at, text, length) == 0;
}

bool wire_same(Wire a, Wire b)
{
    return a.at != NULL && b.at != NULL && a.end - a.at == b.end - b.at && memcmp(a.at, b.at, (size_t)(a.end - a.at)) == 0;
}

bool wire_numbers(TensorFile *file, Wire message, uint32_t number, size_t element, const unsigned char **data,
                  size_t *count, Err *err)
{
    WireType single = element == 8 ? WIRE_FIXED64 : WIRE_FIXED32;
    WireField field;
    size_t total = 0, pieces = 0;
    *data = NULL;
    for (Wire w = message; wire_next(&w, &field);)
        if (field.number == number && (field.type == WIRE_BYTES || field.type == single)) {
            total += (size_t)(field.bytes.end - field.bytes.at);
            pieces += field.bytes.end > field.bytes.at;
            *data = field.bytes.end > field.bytes.at ? field.bytes.at : *data;
        }
    *count = total / element;
    if (total % element != 0)
        return err_set(err, "%s: a row of numbers ends in the middle of one; the file is broken", file->path);
    if (pieces <= 1)
        return true;
    unsigned char *copy = tensor_file_alloc(file, total, err);
    if (copy == NULL)
        return false;
    *data = copy;
    for (Wire w = message; wire_next(&w, &field);)
        if (field.number == number && (field.type == WIRE_BYTES || field.type == single)) {
            memcpy(copy, field.bytes.at, (size_t)(field.bytes.end - field.bytes.at));
            copy += field.bytes.end - field.bytes.at;
        }
    return true;
}

int wire_integers(Wire message, uint32_t number, int64_t *out, int max)
{
    WireField field;
    int count = 0;
    while (wire_next(&message, &field)) {
        if (field.number != number)
            continue;
        uint64_t value = field.value;
        if (field.type == WIRE_VARINT) {
            if (count == max)
                return -1;
            out[count++] = (int64_t)value;
        } else if (field.type == WIRE_BYTES) {
            while (field.bytes.at < field.bytes.end) {
                if (count == max || !wire_varint(&field.bytes, &value))
                    return -1;
                out[count++] = (int64_t)value;
            }
        }
    }
    return wire_ok(&message) ? count : -1;
}
