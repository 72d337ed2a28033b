/* weights_save_zip.c - writes the two archives for other programs: a PyTorch checkpoint (a state_dict of F32 tensors in the zip
 * form, with the opcodes that PyTorch itself writes, protocol 2, nothing memoised) and NumPy's .npz. */
#include "engine/base/byte_buffer.h"
#include "engine/base/safe_file.h"
#include "engine/io/bits.h"
#include "engine/io/npy.h"
#include "engine/io/weights.h"
#include "engine/io/weights_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static void put_opcodes(ByteBuffer *b, const char *opcodes)
{
    bytes_put(b, opcodes, strlen(opcodes));
}

static void put_text(ByteBuffer *b, const char *text)
{
    unsigned char head[5] = {'X'}; /* BINUNICODE */
    store_le(head + 1, strlen(text), 4);
    bytes_put(b, head, 5);
    bytes_put(b, text, strlen(text));
}

static void put_int(ByteBuffer *b, size_t number)
{
    unsigned char code[5] = {'J'}; /* BININT */
    assert(number <= INT32_MAX);
    store_le(code + 1, number, 4);
    bytes_put(b, code, 5);
}

/* torch._utils._rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict()) */
static void put_tensor(ByteBuffer *b, const Param *p, const char *key)
{
    size_t strides[4], stride = 1;
    for (int d = p->dim_count - 1; d >= 0; d--) {
        strides[d] = stride;
        stride *= (size_t)p->dims[d];
    }
    put_opcodes(b, "ctorch._utils\n_rebuild_tensor_v2\n((");
    put_text(b, "storage");
    put_opcodes(b, "ctorch\nFloatStorage\n");
    put_text(b, key);
    put_text(b, "cpu");
    put_int(b, p->count);
    put_opcodes(b, "tQ"); /* TUPLE, BINPERSID */
    put_int(b, 0);
    put_opcodes(b, "(");
    for (int d = 0; d < p->dim_count; d++)
        put_int(b, (size_t)p->dims[d]);
    put_opcodes(b, "t(");
    for (int d = 0; d < p->dim_count; d++)
        put_int(b, strides[d]);
    put_opcodes(b, "t\x89" "ccollections\nOrderedDict\n)RtR");
}

static void put_pickle(ByteBuffer *b, const Net *net)
{
    put_opcodes(b, "\x80\x02" "ccollections\nOrderedDict\n)R(");
    for (int i = 0; i < net->param_count; i++) {
        char name[160], key[16];
        param_file_name(net, i, name, sizeof name);
        snprintf(key, sizeof key, "%d", i);
        put_text(b, name);
        put_tensor(b, &net->params[i], key);
    }
    put_opcodes(b, "u."); /* SETITEMS, STOP */
}

/* Adds a member without compression, like PyTorch. Takes ownership of `bytes` (from malloc). */
static bool add_member(zip_t *zip, const char *name, unsigned char *bytes, size_t size)
{
    zip_source_t *source = bytes != NULL ? zip_source_buffer(zip, bytes, size, 1) : NULL;
    if (source == NULL) {
        free(bytes);
        return false;
    }
    zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    const time_t no_time = 315532800; /* 1980-01-01, so that the same weights give the same file */
    return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
           zip_file_set_mtime(zip, (zip_uint64_t)index, no_time, 0) == 0;
}

/* The header's bytes, then the values; from malloc. */
static unsigned char *little_endian(const float *values, size_t count, const char *header, size_t header_size)
{
    unsigned char *bytes = malloc(header_size + count * 4);
    if (bytes != NULL && header_size > 0)
        memcpy(bytes, header, header_size);
    for (size_t i = 0; bytes != NULL && i < count; i++)
        store_le(bytes + header_size + 4 * i, float_bits(values[i]), 4);
    return bytes;
}

static bool add_checkpoint(zip_t *zip, const Net *net, const float *weights)
{
    ByteBuffer pickle = {0};
    put_pickle(&pickle, net);
    if (pickle.failed) {
        free(pickle.bytes);
        return false;
    }
    bool good = add_member(zip, "archive/data.pkl", pickle.bytes, pickle.size);
    for (int i = 0; good && i < net->param_count; i++) {
        const Param *p = &net->params[i];
        char name[32];
        snprintf(name, sizeof name, "archive/data/%d", i);
        good = add_member(zip, name, little_endian(weights + p->offset, p->count, NULL, 0), p->count * 4);
    }
    return good && add_member(zip, "archive/version", (unsigned char *)strdup("3\n"), 2);
}

static bool add_arrays(zip_t *zip, const Net *net, const float *weights)
{
    bool good = true;
    for (int i = 0; good && i < net->param_count; i++) {
        const Param *p = &net->params[i];
        char name[160], header[NPY_HEADER_SIZE];
        param_file_name(net, i, name, sizeof name - 4);
        strcat(name, ".npy");
        npy_header(header, p->dims, p->dim_count);
        good = add_member(zip, name, little_endian(weights + p->offset, p->count, header, sizeof header),
                          p->count * 4 + sizeof header);
    }
    return good;
}

typedef bool AddMembers(zip_t *zip, const Net *net, const float *weights);

/* Builds the archive in memory, then writes it with safe_file. */
static bool save_archive(const char *path, AddMembers *add, const Net *net, const float *weights, Err *err)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = archive != NULL ? zip_open_from_source(archive, ZIP_TRUNCATE, &error) : NULL;
    zip_error_fini(&error);
    if (zip == NULL) {
        zip_source_free(archive);
        return err_set(err, "%s: not enough memory", path);
    }
    zip_source_keep(archive); /* outlives zip_close, which writes the archive into it */
    bool good = add(zip, net, weights);
    if (!good || zip_close(zip) != 0) {
        zip_discard(zip);
        good = false;
    }
    zip_stat_t stat;
    good = good && zip_source_stat(archive, &stat) == 0 && zip_source_open(archive) == 0;
    unsigned char *bytes = NULL;
    if (good) {
        bytes = malloc(stat.size);
        good = bytes != NULL && zip_source_read(archive, bytes, stat.size) == (zip_int64_t)stat.size;
        zip_source_close(archive);
    }
    zip_source_free(archive);
    good = good ? safe_file_put(path, bytes, (size_t)stat.size, err)
                : err_set(err, "%s: not enough memory for the archive", path);
    free(bytes);
    return good;
}

bool weights_save_pth(const char *path, const Net *net, const float *weights, Err *err)
{
    return save_archive(path, add_checkpoint, net, weights, err);
}

bool weights_save_npz(const char *path, const Net *net, const float *weights, Err *err)
{
    return save_archive(path, add_arrays, net, weights, err);
}
