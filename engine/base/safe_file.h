/* safe_file.h - writing a file so that it is there whole or not at all.
 *
 * The bytes go to PATH.tmp-PID beside it; commit flushes, fsyncs, renames over PATH and fsyncs the directory. A program
 * killed at any moment, or a full disk, leaves the old PATH untouched;
 * what a killed program left beside it is removed when the next one opens PATH.
 * A link is followed. What is no plain file (/dev/stdout, a pipe) is written into as it is. */
#ifndef INCEPTOSCOPE_SAFE_FILE_H
#define INCEPTOSCOPE_SAFE_FILE_H

#include "engine/base/err.h"

#include <stddef.h>
#include <stdio.h>

typedef struct SafeFile {
    FILE *file;
    char path[1024], temp[1088];
    size_t written; /* bytes so far */
    bool direct;    /* PATH is a device or a pipe: no temporary file, no rename */
} SafeFile;

/* Each of these says what went wrong and removes the temporary file when it fails; then the SafeFile is closed. */
bool safe_file_open(SafeFile *f, const char *path, Err *err);
bool safe_file_write(SafeFile *f, const void *bytes, size_t size, Err *err);
bool safe_file_commit(SafeFile *f, Err *err);
/* Gives up: removes the temporary file. Does nothing on a closed one. */
void safe_file_abandon(SafeFile *f);

/* All four in one, for contents that are in memory. */
bool safe_file_put(const char *path, const void *bytes, size_t size, Err *err);

#endif
