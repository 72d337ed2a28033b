/* file.c - see file.h. */
#include "engine/io/file.h"
#include "engine/base/size.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 20 /* bytes read between two checks of the stop */ };

static bool too_large(const char *path, size_t limit, Err *err)
{
    const bool small = limit < 1 << 20, large = limit > 0 && limit % (1 << 30) == 0; /* where a size has 32 bits, the limit is 2,047 MB */
    return err_set(err, "%s: is larger than %zu %s, too large for this kind of file", path, limit >> (small ? 10 : large ? 30 : 20), small ? "kB" : large ? "GB" : "MB");
}

static bool check_kind(const char *path, const struct stat *info, bool plain, Err *err)
{
    if (S_ISDIR(info->st_mode))
        return err_set(err, "%s: is a folder; expected a file", path);
    return !plain || S_ISREG(info->st_mode) || err_set(err, "%s: is a pipe, a socket or a device; copy its data into a file first", path);
}

/* plain: opening must not wait, and must not affect a device. So the path is checked before, and the opened file again. */
static FILE *open_file(const char *path, bool plain, struct stat *info, Err *err)
{
    if (plain && stat(path, info) == 0 && !check_kind(path, info, plain, err))
        return NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | (plain ? O_NONBLOCK | O_NOCTTY : 0));
    FILE *stream = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (stream == NULL) {
        err_set(err, "%s: cannot be opened: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    if (fstat(fd, info) == 0 && check_kind(path, info, plain, err))
        return stream;
    fclose(stream);
    return NULL;
}

/* Fills the buffer up to `room` bytes; fewer at the end of the file, or after a stop. */
static size_t fill(FILE *stream, unsigned char *buffer, size_t filled, size_t room, Stop *stop)
{
    while (filled < room && !stop_asked(stop)) {
        const size_t wanted = room - filled < PIECE ? room - filled : PIECE, got = fread(buffer + filled, 1, wanted, stream);
        filled += got;
        if (got < wanted)
            break;
    }
    return filled;
}

/* Pipes have no size, so the buffer grows with the data. NULL if out of memory, or with *too_much set. */
static unsigned char *read_all(FILE *stream, size_t room, size_t limit, Stop *stop, size_t *filled, bool *too_much)
{
    unsigned char *buffer = malloc(room + 1);
    for (*filled = 0; buffer != NULL;) {
        *filled = fill(stream, buffer, *filled, room, stop);
        const int next = *filled < room ? EOF : fgetc(stream);
        if (next == EOF)
            break;
        *too_much = room > limit / 2;
        unsigned char *larger = *too_much ? NULL : realloc(buffer, room * 2 + 1);
        if (larger == NULL)
            free(buffer);
        else
            larger[(*filled)++] = (unsigned char)next;
        room *= 2;
        buffer = larger;
    }
    return buffer;
}

bool file_read(const char *path, size_t limit, Stop *stop, unsigned char **bytes, size_t *size, Err *err)
{
    struct stat info;
    size_t filled;
    bool too_much = false;
    FILE *stream = open_file(path, stop != NULL, &info, err);
    if (stream == NULL)
        return false;
    const bool sized = S_ISREG(info.st_mode) && info.st_size > 0;
    if (sized && (uint64_t)info.st_size > limit) {
        fclose(stream);
        return too_large(path, limit, err);
    }
    const size_t room = sized ? (size_t)info.st_size : 4096;
    unsigned char *buffer = read_all(stream, room, limit, stop, &filled, &too_much);
    const bool failed = ferror(stream) != 0;
    fclose(stream);
    if (buffer == NULL)
        return too_much ? too_large(path, limit, err) : err_set(err, "%s: not enough memory for the file", path);
    if (failed || filled == 0 || stop_asked(stop)) {
        free(buffer);
        return err_set(err, stop_asked(stop) ? "%s: no longer needed" : failed ? "%s: cannot be read" : "%s: the file is empty", path);
    }
    buffer[filled] = 0;
    *bytes = buffer;
    *size = filled;
    return true;
}

bool file_read_head(const char *path, size_t most, unsigned char **bytes, size_t *size, Err *err)
{
    struct stat info;
    FILE *stream = open_file(path, true, &info, err);
    if (stream == NULL)
        return false;
    unsigned char *buffer = malloc(most);
    *size = buffer != NULL ? fill(stream, buffer, 0, most, NULL) : 0;
    const bool failed = ferror(stream) != 0;
    fclose(stream);
    if (buffer == NULL)
        return err_set(err, "%s: not enough memory for the file", path);
    if (*size == 0) {
        free(buffer);
        return err_set(err, failed ? "%s: cannot be read" : "%s: the file is empty", path);
    }
    *bytes = buffer;
    return true;
}

int64_t file_time(const char *path, int64_t *size)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return 0;
    if (size != NULL)
        *size = info.st_size;
    return (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}
