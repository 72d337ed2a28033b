/* lesson_files.c - the lessons that a command line names; see lesson_files.h. */
#include "app/cli/lesson_files.h"
#include "app/model/lesson.h"

#include <stdio.h>

bool lesson_each(const char *lessons, Lang lang, const char *const *names, int name_count, bool (*each)(void *user, const char *path, Err *err),
                 void *user, Err *err)
{
    char folder[4096], path[4096], **paths;
    bool good = true;
    snprintf(folder, sizeof folder, "%s/%s", lessons, lang_code(lang));
    const int count = lesson_list(folder, ".lesson", &paths);
    if (name_count == 0 && count == 0)
        good = err_set(err, "lesson: no lessons in %s", folder);
    for (int i = 0; good && name_count == 0 && i < count; i++)
        good = each(user, paths[i], err);
    for (int i = 0; good && i < name_count; i++)
        good = each(user, lesson_find(folder, ".lesson", names[i], path, sizeof path) ? path : names[i], err);
    lesson_list_free(paths, count);
    return good;
}

bool lesson_page(const char *folder, const char *path, const char *ending, char *out, size_t size, Err *err)
{
    size_t bytes;
    const char *stem = lesson_stem(path, &bytes);
    const int n = snprintf(out, size, "%s/%.*s%s", folder, (int)bytes, stem, ending);
    return (n > 0 && (size_t)n < size) || err_set(err, "%s: the path is too long", folder);
}
