/* file.h - reads whole files. To tell the user what an unusable file is: file_kind.h. To write files: base/safe_file.h. */
#ifndef INCEPTOSCOPE_FILE_H
#define INCEPTOSCOPE_FILE_H

#include "engine/base/err.h"
#include "engine/base/stop.h"

#include <stddef.h>
#include <stdint.h>

/* Reads all of `path` into memory, with a zero byte after the end (not counted in *size). The caller frees *bytes. False with a
 * message when it is missing, a folder, empty, unreadable or longer than `limit` bytes.
 *
 * A command waits for any file, also for a pipe. A window does not: with a `stop`, only a plain file is read, since reading a
 * pipe or a device may wait for ever without checking the stop. After stop_ask this function soon returns false. */
bool file_read(const char *path, size_t limit, Stop *stop, unsigned char **bytes, size_t *size, Err *err);

/* The first bytes of a plain file, at most `most` of them; otherwise like file_read with a stop. */
bool file_read_head(const char *path, size_t most, unsigned char **bytes, size_t *size, Err *err);

/* The time of the file's last change, in nanoseconds since 1970; 0 if it does not exist. *size, if not NULL: its bytes; unchanged
 * if it does not exist. */
int64_t file_time(const char *path, int64_t *size);

#endif
