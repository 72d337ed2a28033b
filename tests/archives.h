/* archives.h - weight files put together by tests: zip archives, pickles of PyTorch, protobuf. */
#ifndef INCEPTOSCOPE_TEST_ARCHIVES_H
#define INCEPTOSCOPE_TEST_ARCHIVES_H

#include "engine/io/weights.h"
#include "tests/bytes.h"

/* A LimitedWork: reads the bytes as a weight file. */
static inline bool weights_parse_copy(const void *bytes, size_t size, uint64_t *hash, Err *err)
{
    unsigned char *copy = malloc(size);
    (void)hash;
    memcpy(copy, bytes, size);
    TensorFile *file = tensor_file_parse(copy, size, "it", err);
    tensor_file_free(file);
    return file != NULL;
}

/* ---- zip archives ---- */

typedef struct Zip {
    Bytes local, central;
    int count;
} Zip;

/* A packed member; returns where it is. */
static inline size_t zip_add(Zip *zip, const char *name, int method, const Bytes *data, size_t size, uint32_t sum)
{
    const size_t at = zip->local.size;
    put(&zip->local, "PK\3\4\x14\0\0\0", 8);
    put_le(&zip->local, (uint64_t)method, 2);
    put_le(&zip->local, 0, 4);
    put_le(&zip->local, sum, 4);
    put_le(&zip->local, data->size, 4);
    put_le(&zip->local, size, 4);
    put_le(&zip->local, strlen(name), 2);
    put_le(&zip->local, 0, 2);
    put_text(&zip->local, name);
    put(&zip->local, data->at, data->size);
    return at;
}

static inline void zip_list(Zip *zip, const char *name, int method, size_t at, size_t packed, size_t size, uint32_t sum)
{
    put(&zip->central, "PK\1\2\x14\0\x14\0\0\0", 10);
    put_le(&zip->central, (uint64_t)method, 2);
    put_le(&zip->central, 0, 4);
    put_le(&zip->central, sum, 4);
    put_le(&zip->central, packed, 4);
    put_le(&zip->central, size, 4);
    put_le(&zip->central, strlen(name), 2);
    put_le(&zip->central, 0, 12);
    put_le(&zip->central, at, 4);
    put_text(&zip->central, name);
    zip->count++;
}

static inline Bytes zip_end(Zip *zip)
{
    const size_t at = zip->local.size, size = zip->central.size;
    put(&zip->local, zip->central.at, size);
    put(&zip->local, "PK\5\6\0\0\0\0", 8);
    put_le(&zip->local, (uint64_t)zip->count, 2);
    put_le(&zip->local, (uint64_t)zip->count, 2);
    put_le(&zip->local, size, 4);
    put_le(&zip->local, at, 4);
    put_le(&zip->local, 0, 2);
    free(zip->central.at);
    return zip->local;
}

static inline void zip_stored(Zip *zip, const char *name, const Bytes *data)
{
    const uint32_t sum = crc32_of(0, data->at, data->size);
    zip_list(zip, name, 0, zip_add(zip, name, 0, data, data->size, sum), data->size, data->size, sum);
}

/* ---- pickles ---- */

static inline void put_word(Bytes *b, const char *text)
{
    put(b, "X", 1);
    put_le(b, strlen(text), 4);
    put_text(b, text);
}

/* A checkpoint of PyTorch with this pickle in it. */
static inline Bytes pth(Bytes *pickle)
{
    Zip zip = {.count = 0};
    zip_stored(&zip, "it/data.pkl", pickle);
    free(pickle->at);
    return zip_end(&zip);
}

/* The persistent id of a storage, a tuple under the memo entry. */
static inline void put_storage_id(Bytes *b, const char *key, uint64_t memo)
{
    put(b, "(", 1);
    put_word(b, "storage");
    put_text(b, "ctorch\nFloatStorage\n");
    put_word(b, key);
    put_word(b, "cpu");
    put(b, "K\1tr", 4);
    put_le(b, memo, 4);
}

/* ---- protobuf ---- */

static inline void put_varint(Bytes *b, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        put_le(b, (value & 127) | 128, 1);
    put_le(b, value, 1);
}

static inline void put_field(Bytes *b, unsigned number, const void *bytes, size_t size)
{
    put_varint(b, number << 3 | 2);
    put_varint(b, size);
    put(b, bytes, size);
}

#endif
