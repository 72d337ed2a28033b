/* lesson_files.h - the lessons that a command line names, and the pages that are written about them. */
#ifndef INCEPTOSCOPE_LESSON_FILES_H
#define INCEPTOSCOPE_LESSON_FILES_H

#include "app/cli/cli.h"
#include "app/model/strings.h"

#include <stddef.h>

/* Calls each(user, path) for every named lesson of the language (its number, its name, or a path), or for all of them if none is named; stops
 * at the first that fails. `lessons` is the folder with one folder for each language. */
bool lesson_each(const char *lessons, Lang lang, const char *const *names, int name_count, bool (*each)(void *user, const char *path, Err *err),
                 void *user, Err *err);
/* FOLDER/03-inception-3a + ending, for a lesson's path; false if it does not fit. */
bool lesson_page(const char *folder, const char *path, const char *ending, char *out, size_t size, Err *err);

#endif
