/* exercise.c - reads and judges an exercise; see exercise.h. */
#include "app/model/exercise.h"
#include "app/model/lesson_text.h"
#include "engine/base/text.h"
#include "engine/io/file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXERCISE_BYTES_MAX = 1 << 16 };

typedef struct ExerciseReader {
    Exercise *e;
    LessonPlace place;          /* its line is the one that is read */
    Err *err;
} ExerciseReader;

static bool fail(const ExerciseReader *r, const char *reason, const char *what)
{
    return err_set(r->err, "%s:%d: %s%.60s", r->place.path, r->place.line, reason, what);
}

/* Where a key's text belongs; NULL with a message if it may not stand here. */
static char **place_of(ExerciseReader *r, const char *key)
{
    Exercise *e = r->e;
    struct { const char *name; char **text; } once[] = {{"title", &e->title}, {"goal", &e->goal}, {"start", &e->start}};
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
        if (strcmp(key, once[i].name) == 0)
            return *once[i].text == NULL ? once[i].text : (fail(r, "given twice: ", key), NULL);
    if (strcmp(key, "check") == 0 && e->check_count < EXERCISE_CHECKS_MAX) {
        e->checks[e->check_count].line = r->place.line;
        return &e->checks[e->check_count++].test;
    }
    if (strcmp(key, "says") == 0 && e->check_count > 0 && e->checks[e->check_count - 1].says == NULL)
        return &e->checks[e->check_count - 1].says;
    if (strcmp(key, "hint") == 0 && e->hint_count < EXERCISE_HINTS_MAX)
        return &e->hints[e->hint_count++];
    fail(r, "expected title, goal, start, check (at most 12), says behind a check, or hint (at most 8), not ", key);
    return NULL;
}

static bool read_line(void *user, char *line)
{
    ExerciseReader *r = user;
    char *text = text_trim(line), *colon = strchr(text, ':');
    if (text[0] == '\0' || text[0] == '#')
        return true;
    if (colon == NULL)
        return fail(r, "expected 'key: text', found ", text);
    *colon = '\0';
    char **place = place_of(r, text_trim(text));
    if (place == NULL)
        return false;
    *place = strdup(text_trim(colon + 1));
    return *place != NULL ? (*place)[0] != '\0' || fail(r, "nothing follows the colon", "") : fail(r, "not enough memory", "");
}

static bool read_all(ExerciseReader *r, const char *text, size_t size)
{
    if (!lesson_lines(text, size, &r->place, read_line, r, r->err))
        return false;
    const Exercise *e = r->e;
    return (e->title != NULL && e->goal != NULL && e->start != NULL && e->check_count > 0) ||
           fail(r, "an exercise needs a title, a goal, a start and a check", "");
}

/* Computes a text's numbers and takes its Markdown away. */
static bool compute(const ExerciseReader *r, const ExprScope *scope, char **text)
{
    Prose prose;
    if (*text == NULL)
        return true;
    if (!lesson_text(scope, scope->trace->net, (LessonPlace){r->e->path, 1}, *text, NULL, &prose, r->err))
        return false;
    free(*text);
    *text = strdup(prose.text);
    prose_free(&prose);
    return *text != NULL || fail(r, "not enough memory", "");
}

static bool compute_all(const ExerciseReader *r, const char *networks_dir)
{
    Exercise *e = r->e;
    Trace trace;
    Net *net = net_open(e->start, networks_dir, NULL, r->err);
    if (net == NULL || !trace_make(net, &trace, r->err)) {
        net_free(net);
        return false;
    }
    const ExprScope scope = {.trace = &trace, .networks_dir = networks_dir};
    bool good = compute(r, &scope, &e->title) && compute(r, &scope, &e->goal);
    for (int i = 0; good && i < e->check_count; i++)
        good = compute(r, &scope, &e->checks[i].says);
    for (int i = 0; good && i < e->hint_count; i++)
        good = compute(r, &scope, &e->hints[i]);
    trace_free(&trace);
    net_free(net);
    return good;
}

bool exercise_load(const char *path, const char *networks_dir, Exercise *out, Err *err)
{
    unsigned char *text;
    size_t size;
    Exercise e = {.check_count = 0};
    ExerciseReader r = {.e = &e, .place = {e.path, 0}, .err = err};
    snprintf(e.path, sizeof e.path, "%s", path);
    if (!file_read(path, EXERCISE_BYTES_MAX, NULL, &text, &size, err))
        return false;
    const bool good = read_all(&r, (const char *)text, size) && compute_all(&r, networks_dir);
    free(text);
    if (good)
        *out = e;
    else
        exercise_free(&e);
    return good;
}

void exercise_free(Exercise *e)
{
    free(e->title);
    free(e->goal);
    free(e->start);
    for (int i = 0; i < e->check_count; i++) {
        free(e->checks[i].test);
        free(e->checks[i].says);
    }
    for (int i = 0; i < e->hint_count; i++)
        free(e->hints[i]);
    *e = (Exercise){.check_count = 0};
}

bool exercise_holds(const Exercise *e, int i, const Trace *trace, const char *networks_dir, Err *err)
{
    const ExprScope scope = {.trace = trace, .networks_dir = networks_dir};
    return lesson_expect(&scope, (LessonPlace){e->path, e->checks[i].line}, e->checks[i].test, err);
}
