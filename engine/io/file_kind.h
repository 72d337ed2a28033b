/* file_kind.h - what a file is that was brought in the place of a picture, a weight file or a list of names. */
#ifndef INCEPTOSCOPE_FILE_KIND_H
#define INCEPTOSCOPE_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>

typedef struct FileKind {
    const char *name;           /* "an HTML page, so the download failed" */
    const char *remedy;         /* "fetch the file itself"; NULL where nothing general can be said */
    const char *magic;          /* what it has at `at`; NULL where `recognise` tells */
    size_t at;
    bool (*recognise)(const unsigned char *bytes, size_t size);
} FileKind;

/* The kind of a file with these first bytes (all of it is fine); NULL when it is in no row of the table. */
const FileKind *file_kind_of(const unsigned char *bytes, size_t size);

/* The same as the end of a sentence that begins with the file's name: "is an HTML page, so the download failed; fetch the file itself".
 * False and "" when it is in no row. */
enum { FILE_KIND_TEXT = 160 };
bool file_describe(const unsigned char *bytes, size_t size, char out[FILE_KIND_TEXT]);

#endif
