/* safe_file.h - writes a file completely or not at all.
 *
 * The bytes go to PATH.tmp-PID in the same folder; commit flushes, fsyncs, renames it to PATH and fsyncs the folder. If the
 * program is killed or the disk is full, the old PATH is unchanged. The temporary file of a killed program is removed when PATH
 * is opened the next time. A link is followed. Anything but a regular file (/dev/stdout, a pipe) is written directly. */
#ifndef INCEPTOSCOPE_SAFE_FILE_H
#define INCEPTOSCOPE_SAFE_FILE_H

#include "engine/base/err.h"
#include "engine/base/limits.h"

#include <stddef.h>
#include <stdio.h>

typedef struct SafeFile {
    FILE *file;
    char path[LIMIT_OUT_PATH + 1], temp[LIMIT_OUT_PATH + 65];
    size_t written; /* bytes so far */
    bool direct;    /* PATH is a device or a pipe: no temporary file, no rename */
} SafeFile;

/* On failure each of these gives the reason, removes the temporary file and closes the SafeFile. */
bool safe_file_open(SafeFile *f, const char *path, Err *err);
bool safe_file_write(SafeFile *f, const void *bytes, size_t size, Err *err);
bool safe_file_commit(SafeFile *f, Err *err);
/* Gives up: removes the temporary file. Does nothing on a closed one. */
void safe_file_abandon(SafeFile *f);

/* All of these in one call, for contents that are in memory. */
bool safe_file_put(const char *path, const void *bytes, size_t size, Err *err);

#endif
