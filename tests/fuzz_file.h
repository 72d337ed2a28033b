/* fuzz_file.h - for fuzz targets of readers that take a path: the bytes as a file that is only in memory. */
#ifndef INCEPTOSCOPE_TESTS_FUZZ_FILE_H
#define INCEPTOSCOPE_TESTS_FUZZ_FILE_H

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct FuzzFile {
    int fd;
    char path[32];
} FuzzFile;

static inline FuzzFile fuzz_file(const unsigned char *bytes, size_t size)
{
    FuzzFile file = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};
    assert(file.fd >= 0);
    for (size_t at = 0; at < size;) {
        const ssize_t wrote = write(file.fd, bytes + at, size - at);
        assert(wrote > 0);
        at += (size_t)wrote;
    }
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

static inline void fuzz_file_end(FuzzFile *file)
{
    close(file->fd);
}

#endif
