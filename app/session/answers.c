/* answers.c - saves how far a class came in each lesson; see answers.h. */
#include "app/session/answers.h"
#include "app/session/state_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 128 + 2 * LIMIT_LESSON_STEPS + 32, FILE_SIZE = 1 << 18 };

/* "lessons/zh/03-inception-3a.lesson" -> "03-inception-3a" */
static bool name_of(const char *path, char out[128])
{
    size_t n;
    const char *stem = lesson_stem(path, &n);
    snprintf(out, 128, "%.*s", (int)(n < 127 ? n : 127), stem);
    return out[0] != '\0' && strcspn(out, " \t\n") == strlen(out);
}

/* Parses one line of the file; false if it is invalid. */
static bool take_line(const char *line, char name[128], Answers *answers)
{
    char given[LIMIT_LESSON_STEPS + 1], first[LIMIT_LESSON_STEPS + 1] = "";
    int step;
    if (sscanf(line, "%127s %d %500s %500s", name, &step, given, first) < 3 || step < -1 || step >= LIMIT_LESSON_STEPS ||
        strspn(given, ".+=123456789") != strlen(given) || strspn(first, ".+=~123456789") != strlen(first))
        return false;
    answers->step = step;
    memcpy(answers->given, given, sizeof given);
    memcpy(answers->first, first[0] != '\0' ? first : given, sizeof first);
    return true;
}

void answers_clear(Answers *answers, int step_count)
{
    answers->step = 0;
    memset(answers->given, ANSWER_OPEN, (size_t)step_count);
    memset(answers->first, ANSWER_OPEN, (size_t)step_count);
    answers->given[step_count] = answers->first[step_count] = '\0';
}

bool answers_load(const char *lesson_path, int step_count, Answers *answers)
{
    char path[PATH_MAX], line[LINE_SIZE], name[128], other[128];
    Answers kept;
    bool found = false;
    answers_clear(answers, step_count);
    FILE *file = name_of(lesson_path, name) && state_path("lessons", path, sizeof path) ? fopen(path, "r") : NULL;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (take_line(line, other, &kept) && strcmp(name, other) == 0) {
            found = true;
            answers->step = kept.step < step_count ? kept.step : step_count - 1;
            const size_t n = strnlen(kept.given, (size_t)step_count), k = strnlen(kept.first, (size_t)step_count);
            memcpy(answers->given, kept.given, n);
            memcpy(answers->first, kept.first, k);
        }
    if (file != NULL)
        fclose(file);
    return found;
}

void answers_save(const char *lesson_path, const Answers *answers)
{
    char path[PATH_MAX], line[LINE_SIZE], name[128], other[128];
    Answers kept;
    size_t used = 0;
    char *text = malloc(FILE_SIZE);
    if (text == NULL || !name_of(lesson_path, name) || !state_path("lessons", path, sizeof path)) {
        free(text);
        return;
    }
    const int lock = state_lock();
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && used + 2 * LINE_SIZE < FILE_SIZE)
        if (take_line(line, other, &kept) && strcmp(name, other) != 0)
            used += (size_t)snprintf(text + used, FILE_SIZE - used, "%s %d %s %s\n", other, kept.step, kept.given, kept.first);
    if (file != NULL)
        fclose(file);
    used += (size_t)snprintf(text + used, FILE_SIZE - used, "%s %d %s %s\n", name, answers->step, answers->given, answers->first);
    state_write("lessons", text, used);
    state_unlock(lock);
    free(text);
}
