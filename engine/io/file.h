/* file.h - reading whole files. What one is that no reader wants: file_kind.h. Writing: base/safe_file.h. */
#ifndef INCEPTOSCOPE_FILE_H
#define INCEPTOSCOPE_FILE_H

#include "engine/base/err.h"
#include "engine/base/stop.h"

#include <stddef.h>
#include <stdint.h>

/* Reads all of `path` into memory, with a zero byte after the end (not counted in *size). The caller frees *bytes.
 * False with a message when it is missing, a folder, empty, unreadable or longer than `limit` bytes.
 *
 * A command waits for whatever it is given, a pipe too. A window does not: with a `stop` only a plain file is read, since a pipe or a
 * device may wait for ever where no flag is seen, and false comes soon after stop_ask. */
bool file_read(const char *path, size_t limit, Stop *stop, unsigned char **bytes, size_t *size, Err *err);

/* The first bytes of a plain file, at most `most` of them; otherwise as file_read with a stop. */
bool file_read_head(const char *path, size_t most, unsigned char **bytes, size_t *size, Err *err);

/* When the file was last written, in nanoseconds since 1970; 0 when it is not there. *size, if not NULL: its bytes, untouched when it is
 * not there. */
int64_t file_time(const char *path, int64_t *size);

#endif
