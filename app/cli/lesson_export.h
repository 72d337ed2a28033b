/* lesson_export.h - lessons as hand-outs: one HTML file each, with its pictures inside. */
#ifndef INCEPTOSCOPE_LESSON_EXPORT_H
#define INCEPTOSCOPE_LESSON_EXPORT_H

#include "app/cli/cli.h"
#include "app/model/strings.h"

typedef struct LessonExport {
    const char *folder;         /* for the files; made if it does not exist */
    const char *weights, *network, *image; /* NULL: those of the program */
    Lang lang;
} LessonExport;

/* Exports the named lessons (by number, name or path), or all of the language. False after the message was printed. */
bool lesson_export(const LessonExport *e, const char *const *names, int name_count);

#endif
