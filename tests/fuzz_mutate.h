/* fuzz_mutate.h - mutations that keep a container whole, for libFuzzer's targets of weight files: a plain mutation of a zip archive breaks its
 * checksum, one of a protobuf the lengths around it, and the reader stops there. These change what is inside, and write the container anew.
 *
 * Each mutate_X returns the new size, or 0 if the bytes are not such a container or the result would be longer than `most`. */
#ifndef INCEPTOSCOPE_TESTS_FUZZ_MUTATE_H
#define INCEPTOSCOPE_TESTS_FUZZ_MUTATE_H

#include "engine/io/wire.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

size_t LLVMFuzzerMutate(unsigned char *bytes, size_t size, size_t most);

typedef size_t MutateFn(unsigned char *bytes, size_t size, size_t most, unsigned seed);

/* A member of an archive changes; the archive is written anew with its checksums. */
static inline size_t mutate_zip(unsigned char *bytes, size_t size, size_t most, unsigned seed, MutateFn *inner)
{
    size_t result = 0;
    void *copy = malloc(size); /* libzip frees what it writes anew */
    memcpy(copy, bytes, size);
    zip_source_t *source = zip_source_buffer_create(copy, size, 1, NULL);
    zip_t *archive = source != NULL ? zip_open_from_source(source, 0, NULL) : NULL;
    if (archive == NULL) {
        zip_source_free(source);
        return 0;
    }
    zip_source_keep(source);
    const zip_int64_t members = zip_get_num_entries(archive, 0);
    zip_stat_t stat;
    unsigned char *member = malloc(most);
    zip_source_t *changed = NULL;
    if (members > 0 && zip_stat_index(archive, seed % (zip_uint64_t)members, 0, &stat) == 0 && stat.size <= most) {
        zip_file_t *file = zip_fopen_index(archive, stat.index, 0);
        const zip_int64_t got = file != NULL ? zip_fread(file, member, stat.size) : -1;
        if (file != NULL)
            zip_fclose(file);
        size_t length = got >= 0 ? inner(member, (size_t)got, most, seed / 16) : 0;
        if (got >= 0 && length == 0)
            length = LLVMFuzzerMutate(member, (size_t)got, most);
        changed = got >= 0 ? zip_source_buffer(archive, member, length, 0) : NULL;
        if (changed != NULL && zip_file_replace(archive, stat.index, changed, 0) == 0)
            zip_set_file_compression(archive, stat.index, seed % 7 == 0 ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
        else
            zip_source_free(changed);
    }
    if (zip_close(archive) != 0)
        zip_discard(archive);
    else if (zip_source_open(source) == 0) {
        zip_int64_t got = 0;
        if (zip_source_seek(source, 0, SEEK_END) == 0 && (got = zip_source_tell(source)) > 0 && (size_t)got <= most &&
            zip_source_seek(source, 0, SEEK_SET) == 0 && zip_source_read(source, bytes, (zip_uint64_t)got) == got)
            result = (size_t)got;
        zip_source_close(source);
    }
    zip_source_free(source);
    free(member);
    return result;
}

/* ---- pickle: opcodes are left out, doubled, exchanged, or get another number ---- */

/* Bytes of the opcode at `at` with its argument; 0 if it is cut off. Python's Lib/pickletools.py lists them. */
static inline size_t pickle_length(const unsigned char *at, size_t left)
{
    static const struct { const char *opcodes; size_t argument; } fixed[] = {{"KqhU\x8c\x80" "C\x8a", 1}, {"M", 2}, {"JjrXTB", 4}, {"G\x95", 8}};
    size_t argument = 0, text = 0;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (at[0] != 0 && strchr(fixed[i].opcodes, at[0]) != NULL)
            argument = fixed[i].argument;
    if (at[0] == 'c') { /* two lines */
        const unsigned char *first = memchr(at, '\n', left);
        const unsigned char *second = first != NULL ? memchr(first + 1, '\n', left - (size_t)(first + 1 - at)) : NULL;
        return second != NULL ? (size_t)(second + 1 - at) : 0;
    }
    if (1 + argument > left)
        return 0;
    if (strchr("U\x8c" "C\x8a", at[0]) != NULL)
        text = at[1];
    else if (strchr("XTB", at[0]) != NULL)
        text = (size_t)at[1] | (size_t)at[2] << 8 | (size_t)at[3] << 16 | (size_t)at[4] << 24;
    return text <= left - 1 - argument ? 1 + argument + text : 0;
}

static inline size_t mutate_pickle(unsigned char *bytes, size_t size, size_t most, unsigned seed)
{
    enum { OPCODES = 4096 };
    static size_t starts[OPCODES + 1]; /* libFuzzer runs on one thread */
    size_t count = 0, at = 0;
    if (size < 2 || bytes[0] != 0x80)
        return 0;
    while (count < OPCODES && at < size) {
        const size_t length = pickle_length(bytes + at, size - at);
        if (length == 0)
            break;
        starts[count++] = at;
        at += length;
    }
    starts[count] = at;
    if (count < 4)
        return 0;
    const size_t a = seed % count, b = (seed / 7) % count, length = starts[a + 1] - starts[a];
    switch (seed % 5) {
    case 0: /* left out */
        memmove(bytes + starts[a], bytes + starts[a + 1], size - starts[a + 1]);
        return size - length;
    case 1: /* doubled elsewhere */
        if (size + length > most)
            return 0;
        unsigned char *copy = malloc(length);
        memcpy(copy, bytes + starts[a], length);
        memmove(bytes + starts[b] + length, bytes + starts[b], size - starts[b]);
        memcpy(bytes + starts[b], copy, length);
        free(copy);
        return size + length;
    case 2: /* another opcode of the same length: numbers, marks, ends of lists */
        bytes[starts[a]] = length == 1 ? (unsigned char)"(.)]}telsua0RQNb"[seed / 11 % 16] : bytes[starts[a]];
        return size;
    default: /* another argument */
        if (length > 1)
            (void)LLVMFuzzerMutate(bytes + starts[a] + 1, length - 1, length - 1);
        return size;
    }
}

/* ---- protobuf: a field somewhere in the tree is left out, doubled, or changed, and the lengths around it are written anew ---- */

typedef struct WireOut {
    unsigned char *bytes;
    size_t size, most;
    bool full;
} WireOut;

static inline void wire_out(WireOut *out, const void *bytes, size_t size)
{
    if (out->full || size > out->most - out->size) {
        out->full = true;
        return;
    }
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static inline void wire_out_varint(WireOut *out, uint64_t value)
{
    do {
        const unsigned char byte = (unsigned char)((value & 127) | (value > 127 ? 128 : 0));
        wire_out(out, &byte, 1);
        value >>= 7;
    } while (value > 0);
}

/* A message may be inside if all of its bytes are fields. */
static inline bool wire_is_message(Wire bytes)
{
    WireField field;
    int fields = 0;
    while (wire_next(&bytes, &field))
        fields++;
    return wire_ok(&bytes) && fields > 0;
}

static inline int wire_fields(Wire message, int depth)
{
    int count = 0;
    WireField field;
    while (wire_next(&message, &field))
        count += 1 + (field.type == WIRE_BYTES && depth < 8 && wire_is_message(field.bytes) ? wire_fields(field.bytes, depth + 1) : 0);
    return count;
}

/* Writes a message; the field that *left counts down to is the one that changes. */
static inline void wire_write(WireOut *out, Wire message, int *left, unsigned seed, int depth)
{
    WireField field;
    while (wire_next(&message, &field)) {
        const bool here = (*left)-- == 0;
        if (here && seed % 6 == 0)
            continue;
        for (int times = here && seed % 6 == 1 ? 2 : 1; times > 0; times--) {
            const uint32_t number = here && seed % 6 == 2 ? field.number ^ (1 + seed / 6 % 15) : field.number;
            wire_out_varint(out, (uint64_t)number << 3 | (uint64_t)field.type);
            if (field.type == WIRE_VARINT) {
                uint64_t value = field.value;
                if (here && seed % 6 > 2)
                    (void)LLVMFuzzerMutate((unsigned char *)&value, sizeof value, sizeof value);
                wire_out_varint(out, value);
                continue;
            }
            const size_t size = (size_t)(field.bytes.end - field.bytes.at), room = size + 64;
            WireOut inner = {.bytes = malloc(room + 64), .most = room};
            if (field.type == WIRE_BYTES && depth < 8 && !here && *left >= 0 && wire_is_message(field.bytes)) {
                wire_write(&inner, field.bytes, left, seed, depth + 1);
            } else {
                wire_out(&inner, field.bytes.at, size);
                if (here && seed % 6 > 2)
                    inner.size = LLVMFuzzerMutate(inner.bytes, size, field.type == WIRE_BYTES ? room : size);
            }
            if (field.type == WIRE_BYTES)
                wire_out_varint(out, inner.size);
            wire_out(out, inner.bytes, inner.size);
            out->full = out->full || inner.full;
            free(inner.bytes);
        }
    }
}

static inline size_t mutate_wire(unsigned char *bytes, size_t size, size_t most, unsigned seed)
{
    const Wire message = {bytes, bytes + size};
    if (!wire_is_message(message))
        return 0;
    int left = (int)(seed % (unsigned)wire_fields(message, 0));
    WireOut out = {.bytes = malloc(most), .most = most};
    wire_write(&out, message, &left, seed / 3, 0);
    if (!out.full)
        memcpy(bytes, out.bytes, out.size);
    free(out.bytes);
    return out.full ? 0 : out.size;
}

/* ---- safetensors, and checkpoints: the JSON header changes, its length is written anew, the data stay ---- */

static inline size_t mutate_safetensors(unsigned char *bytes, size_t size, size_t most, unsigned seed)
{
    (void)seed;
    uint64_t length = 0;
    for (int i = 7; size >= 8 && i >= 0; i--)
        length = length << 8 | bytes[i];
    if (size < 8 || length < 2 || length > size - 8 || bytes[8] != '{')
        return 0;
    const size_t data = size - 8 - (size_t)length;
    if (8 + data + 8 > most)
        return 0;
    unsigned char *kept = malloc(data + 1);
    memcpy(kept, bytes + 8 + length, data);
    size_t header = LLVMFuzzerMutate(bytes + 8, (size_t)length, most - 8 - data - 8);
    for (; header % 8 != 0; header++)
        bytes[8 + header] = ' ';
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)header >> (8 * i));
    memcpy(bytes + 8 + header, kept, data);
    free(kept);
    return 8 + header + data;
}

#endif
