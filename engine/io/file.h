/* file.h - reading whole files, and recognising what is not the file that was asked for. Writing: base/safe_file.h. */
#ifndef INCEPTOSCOPE_FILE_H
#define INCEPTOSCOPE_FILE_H

#include "engine/base/err.h"

#include <stddef.h>

/* Reads all of `path` into memory, with a zero byte after the end (not counted in *size). The caller frees *bytes.
 * False with a message when it is missing, a folder, empty, unreadable or longer than `limit` bytes. */
bool file_read(const char *path, size_t limit, unsigned char **bytes, size_t *size, Err *err);

/* Says in a few words what a file that no reader wants seems to be ("an HTML page, so a failed download"), from its
 * first bytes; NULL when nothing is known about it. */
const char *file_describe(const unsigned char *bytes, size_t size);

#endif
