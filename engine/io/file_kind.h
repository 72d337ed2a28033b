/* file_kind.h - for error messages: what a file is, if it is not the expected picture, weight file or list of names. The structure
 * of its content decides, not its first two bytes alone. */
#ifndef INCEPTOSCOPE_FILE_KIND_H
#define INCEPTOSCOPE_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>

typedef struct FileKind {
    const char *name;           /* "an HTML page, so the download failed" */
    const char *remedy;         /* "fetch the file itself"; NULL if there is no general advice */
    const char *magic;          /* the bytes at offset `at`; NULL if `recognise` decides */
    size_t at;
    bool (*recognise)(const unsigned char *bytes, size_t size);
} FileKind;

/* The kind of a file with these first bytes (the whole file is also allowed); NULL if no row of the table fits. */
const FileKind *file_kind_of(const unsigned char *bytes, size_t size);

/* The rows of the table in order; NULL after the last. */
const FileKind *file_kind_row(int row);

/* The same as the end of a sentence that begins with the file's name: "is an HTML page, so the download failed; fetch the file
 * itself". False and "" if no row fits. */
enum { FILE_KIND_TEXT = 240 };
bool file_describe(const unsigned char *bytes, size_t size, char out[FILE_KIND_TEXT]);

#endif
