/* file.h - whole files in, whole files out. Reading never takes more memory than the file is long; writing goes to a
 * temporary file beside the target that is fsynced and renamed, so that a reader never meets half a file. */
#ifndef INCEPTOSCOPE_FILE_H
#define INCEPTOSCOPE_FILE_H

#include "engine/base/err.h"

#include <stddef.h>
#include <stdio.h>

/* Reads all of `path` into memory, with a zero byte after the end (not counted in *size). The caller frees *bytes.
 * False with a message when it is missing, a folder, empty, unreadable or longer than `limit` bytes. */
bool file_read(const char *path, size_t limit, unsigned char **bytes, size_t *size, Err *err);

typedef struct OutFile {
    FILE *stream;               /* write here; errors are found by out_commit */
    char path[1024], temporary[1088]; /* temporary is "" when the target is a device and written directly */
} OutFile;

/* Between a successful out_open and out_commit or out_abort the caller writes to out->stream. */
bool out_open(OutFile *out, const char *path, Err *err);
/* Flushes, fsyncs and renames. On failure the target is as it was and the temporary file is gone. */
bool out_commit(OutFile *out, Err *err);
void out_abort(OutFile *out);

/* Says in a few words what a file that no reader wants seems to be ("an HTML page, so a failed download"), from its first
 * bytes; NULL when nothing is known about it. */
const char *file_describe(const unsigned char *bytes, size_t size);

#endif
