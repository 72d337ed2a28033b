/* weights_zip.c - see weights_zip.h. */
#include "engine/io/weights_zip.h"
#include "engine/base/limits.h"
#include "engine/base/text.h"
#include "engine/io/weights_readers.h"

#include <string.h>

/* DEFLATE_MAX is deflate's best ratio; a larger claim is a lie. Real weights hardly get smaller when packed. */
enum { DEFLATE_MAX = 1032, UNPACKED_TIMES = 8, PIECE = 4 << 20 /* bytes between two checks of the stop */ };

/* Checks that the packed sizes of all members add up to at most the file's size. If members overlap, the sum is larger. */
static bool members_lie_apart(const TensorFile *file, zip_t *zip, Err *err)
{
    zip_uint64_t packed = 0;
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        zip_stat_t stat;
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &stat) == 0 && (stat.valid & ZIP_STAT_COMP_SIZE) != 0)
            packed = stat.comp_size > file->size - packed ? file->size + 1 : packed + stat.comp_size;
        if (packed > file->size)
            return err_set(err, "%s: members of the archive overlap, so it is broken or malicious; get it again", file->path);
    }
    return true;
}

zip_t *zip_open_tensors(const TensorFile *file, Err *err)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(file->bytes, file->size, 0, &error);
    zip_t *zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (zip == NULL) {
        err_set(err,
                "%s: a zip archive (.pth or .npz) that ends early or is damaged (%zu bytes; %s); get it again",
                file->path, file->size, zip_error_strerror(&error));
        zip_source_free(source);
    }
    zip_error_fini(&error);
    if (zip != NULL && !members_lie_apart(file, zip, err)) {
        zip_discard(zip);
        return NULL;
    }
    return zip;
}

/* Bytes that may still be unpacked. */
static uint64_t room_left(const TensorFile *file)
{
    return ((uint64_t)LIMIT_UNPACKED_MB << 20) + UNPACKED_TIMES * (uint64_t)file->size - file->unpacked;
}

/* Whether `size` more bytes of this member may be unpacked, if `left` may be. */
static bool check_size(const TensorFile *file, const char *name, zip_uint64_t size, uint64_t left, Err *err)
{
    if (size / DEFLATE_MAX > file->size)
        return err_set(err, "%s: member %s claims %llu bytes, which a file of %zu bytes cannot hold", file->path, name,
                       (unsigned long long)size, file->size);
    if (size <= left)
        return true;
    return err_set(err, "%s: unpacks to more than %llu MB from a file of %zu bytes, which weights never do; if it is yours, save it unpacked "
                        "(numpy.savez)", file->path, (unsigned long long)(room_left(file) + file->unpacked) >> 20, file->size);
}

bool zip_may_unpack(const TensorFile *file, zip_t *zip, const char *suffix, Err *err)
{
    uint64_t left = room_left(file);
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        zip_stat_t stat;
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        if (name == NULL || !text_ends(name, suffix) || zip_stat_index(zip, (zip_uint64_t)i, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
            continue;
        if (!check_size(file, name, stat.size, left, err))
            return false;
        left -= stat.size;
    }
    return true;
}

static bool unpack(zip_file_t *member, unsigned char *buffer, zip_uint64_t size, Stop *stop)
{
    for (zip_uint64_t filled = 0; filled < size;) {
        const zip_int64_t got = stop_asked(stop) ? -1 : zip_fread(member, buffer + filled, size - filled < PIECE ? size - filled : PIECE);
        if (got <= 0)
            return false;
        filled += (zip_uint64_t)got;
    }
    return true;
}

bool zip_read_member(TensorFile *file, zip_t *zip, zip_uint64_t index, unsigned char **bytes, size_t *size, Err *err)
{
    zip_stat_t stat;
    const char *name = zip_get_name(zip, index, 0);
    if (name == NULL || zip_stat_index(zip, index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
        return err_set(err, "%s: broken zip archive", file->path);
    if (!check_size(file, name, stat.size, room_left(file), err))
        return false;
    file->unpacked += (size_t)stat.size;
    unsigned char *buffer = tensor_file_alloc(file, stat.size < SIZE_MAX ? (size_t)stat.size + 1 : SIZE_MAX, err);
    if (buffer == NULL)
        return false;
    zip_file_t *member = zip_fopen_index(zip, index, 0);
    bool good = member != NULL && unpack(member, buffer, stat.size, file->stop);
    if (member != NULL)
        good = zip_fclose(member) == 0 && good; /* also compares the checksum */
    if (!good)
        return err_set(err, "%s: member %s of the archive is damaged; get the file again", file->path, name);
    buffer[stat.size] = 0;
    *bytes = buffer;
    *size = (size_t)stat.size;
    return true;
}

zip_int64_t zip_find_ending(zip_t *zip, const char *ending)
{
    const bool whole = ending[0] == '/';
    zip_int64_t found = -1;
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        if (name != NULL && (text_ends(name, ending) || (whole && strcmp(name, ending + 1) == 0)))
            found = i;
    }
    return found;
}

bool zip_recognise(const TensorFile *file)
{
    return file->size >= 4 && memcmp(file->bytes, "PK\3\4", 4) == 0;
}

bool zip_holds(const TensorFile *file, const char *ending)
{
    zip_t *zip = zip_recognise(file) ? zip_open_tensors(file, NULL) : NULL;
    const bool holds = zip != NULL && zip_find_ending(zip, ending) >= 0;
    if (zip != NULL)
        zip_discard(zip);
    return holds;
}

bool zip_refuse(TensorFile *file, Err *err)
{
    zip_t *zip = zip_open_tensors(file, err);
    if (zip == NULL)
        return false;
    err_set(err, "%s: a zip archive with neither PyTorch's data.pkl nor NumPy's arrays in it, but %.80s; "
                 "if the weights are inside, unpack it first",
            file->path, zip_get_num_entries(zip, 0) > 0 ? zip_get_name(zip, 0, 0) : "nothing");
    zip_discard(zip);
    return false;
}
