/* lesson_told.c - finds a question whose answer can be read in its own step. */
#include "app/model/lesson.h"

#include <stdlib.h>
#include <string.h>

static bool field_keeps(const Lesson *l, const LessonStep *s, const LessonField *field, Err *err)
{
    if (field->source == NULL)
        return true;
    char *text = strdup(field->prose.text);
    const bool told = text != NULL && secrets_blank(&s->secrets, text);
    if (told)
        err_set(err, "%s:%d: the answer to this step's question can be read here: %.160s", l->path, field->line, text);
    free(text);
    return !told;
}

bool lesson_keeps_secrets(const Lesson *l, Err *err)
{
    for (int i = 0; i < l->step_count; i++) {
        const LessonStep *s = &l->steps[i];
        if (!field_keeps(l, s, &s->title, err) || !field_keeps(l, s, &s->say, err) || !field_keeps(l, s, &s->ask, err))
            return false;
    }
    return true;
}
