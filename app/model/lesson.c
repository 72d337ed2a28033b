/* lesson.c - see lesson.h. */
#include "app/model/lesson.h"
#include "engine/net/words.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LESSON_BYTES_MAX = 1 << 20, STEPS_MAX = 500 };

/* One table of keys: where each is stored, in the lesson or in a step. */
typedef struct LessonKey {
    const char *name;
    bool in_step;
    size_t offset;              /* of a char * */
} LessonKey;

static const LessonKey lesson_keys[] = {
    {"title", false, offsetof(Lesson, title)},     {"teaches", false, offsetof(Lesson, teaches)},
    {"minutes", false, offsetof(Lesson, minutes)}, {"at", true, offsetof(LessonStep, at)},
    {"pos", true, offsetof(LessonStep, pos)},      {"view", true, offsetof(LessonStep, view)},
    {"show", true, offsetof(LessonStep, show)},    {"say", true, offsetof(LessonStep, say)},
    {"ask", true, offsetof(LessonStep, ask)},      {"reveal", true, offsetof(LessonStep, reveal)},
};
enum { KEY_COUNT = sizeof lesson_keys / sizeof lesson_keys[0] };

typedef struct Parser {
    Lesson lesson;
    const char *path;
    int line;
    char **last;                /* the value that a continued line belongs to */
    Err *err;
} Parser;

static bool fail(const Parser *p, const char *reason, const char *what)
{
    return err_set(p->err, "%s:%d: %s%s", p->path, p->line, reason, what);
}

static bool fail_unknown(const Parser *p, const char *key)
{
    const char *names[KEY_COUNT + 1];
    for (int i = 0; i < KEY_COUNT; i++)
        names[i] = lesson_keys[i].name;
    names[KEY_COUNT] = "step";
    const char *near = word_nearest(key, names, KEY_COUNT + 1);
    return err_set(p->err, "%s:%d: unknown key '%.40s'%s%s%s", p->path, p->line, key, near != NULL ? "; did you mean '" : "; keys are step, at, pos, view, show, say, ask, reveal",
                   near != NULL ? near : "", near != NULL ? "'?" : "");
}

/* Appends text to *value, after a line break when it goes on. */
static bool append(Parser *p, char **value, const char *text)
{
    const size_t old = *value != NULL ? strlen(*value) : 0, added = strlen(text);
    char *grown = realloc(*value, old + added + 2);
    if (grown == NULL)
        return fail(p, "not enough memory", "");
    if (old > 0)
        grown[old] = ' ';
    memcpy(grown + old + (old > 0), text, added + 1);
    *value = grown;
    return true;
}

static bool add_step(Parser *p, const char *title)
{
    Lesson *l = &p->lesson;
    if (l->step_count == STEPS_MAX)
        return fail(p, "a lesson has at most 500 steps", "");
    LessonStep *grown = realloc(l->steps, (size_t)(l->step_count + 1) * sizeof *grown);
    if (grown == NULL)
        return fail(p, "not enough memory", "");
    l->steps = grown;
    LessonStep *step = &l->steps[l->step_count++];
    *step = (LessonStep){.line = p->line};
    p->last = NULL;
    return append(p, &step->title, title);
}

static bool set_key(Parser *p, const char *name, const char *value)
{
    if (strcmp(name, "step") == 0)
        return add_step(p, value);
    for (int i = 0; i < KEY_COUNT; i++) {
        const LessonKey *key = &lesson_keys[i];
        if (strcmp(key->name, name) != 0)
            continue;
        if (key->in_step && p->lesson.step_count == 0)
            return fail(p, "this belongs to a step; write 'step: its title' before it: ", name);
        char *base = key->in_step ? (char *)&p->lesson.steps[p->lesson.step_count - 1] : (char *)&p->lesson;
        char **place = (char **)(void *)(base + key->offset);
        if (*place != NULL)
            return fail(p, "given twice: ", name);
        if (value[0] == '\0')
            return fail(p, "nothing stands after the colon of ", name);
        p->last = place;
        return append(p, place, value);
    }
    return fail_unknown(p, name);
}

static char *trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    for (size_t n = strlen(s); n > 0 && isspace((unsigned char)s[n - 1]); n--)
        s[n - 1] = '\0';
    return s;
}

static bool parse_line(Parser *p, char *line)
{
    const bool indented = line[0] == ' ' || line[0] == '\t';
    char *text = trim(line);
    if (text[0] == '#')
        return true;
    if (text[0] == '\0') {
        p->last = NULL;
        return true;
    }
    if (indented)
        return p->last != NULL ? append(p, p->last, text) : fail(p, "an indented line goes on with the one before, and there is none: ", text);
    char *colon = strchr(text, ':');
    if (colon == NULL)
        return fail(p, "expected 'key: value', found: ", text);
    *colon = '\0';
    return set_key(p, trim(text), trim(colon + 1));
}

static bool parse_all(Parser *p, const char *text, size_t length)
{
    char line[4096];
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t n = (end != NULL ? (size_t)(end - text) : length) - at;
        p->line++;
        if (n >= sizeof line)
            return fail(p, "longer than 4095 bytes; break it into several lines, the further ones indented", "");
        if (memchr(text + at, '\0', n) != NULL)
            return fail(p, "holds a zero byte, so this is no text file", "");
        memcpy(line, text + at, n);
        line[n] = '\0';
        if (!parse_line(p, line))
            return false;
        at += n + 1;
    }
    if (p->lesson.title == NULL)
        return fail(p, "a lesson needs a line 'title: ...'", "");
    if (p->lesson.step_count == 0)
        return fail(p, "a lesson needs at least one 'step: ...'", "");
    return true;
}

bool lesson_parse(const char *text, size_t length, const char *path, Lesson *out, Err *err)
{
    Parser p = {.path = path, .err = err};
    snprintf(p.lesson.path, sizeof p.lesson.path, "%s", path);
    const char *name = strrchr(path, '/');
    p.lesson.number = (int)strtol(name != NULL ? name + 1 : path, NULL, 10);
    if (!parse_all(&p, text, length)) {
        lesson_free(&p.lesson);
        return false;
    }
    *out = p.lesson;
    return true;
}

bool lesson_load(const char *path, Lesson *out, Err *err)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(LESSON_BYTES_MAX + 1);
    if (f == NULL || text == NULL) {
        if (f != NULL)
            fclose(f);
        free(text);
        return err_set(err, "%s: cannot be opened", path);
    }
    const size_t n = fread(text, 1, LESSON_BYTES_MAX + 1, f);
    fclose(f);
    const bool good = n <= LESSON_BYTES_MAX ? lesson_parse(text, n, path, out, err) : err_set(err, "%s: larger than 1 MiB, so no lesson", path);
    free(text);
    return good;
}

void lesson_free(Lesson *lesson)
{
    for (int s = 0; s < lesson->step_count; s++) {
        free(lesson->steps[s].title);
        for (int i = 0; i < KEY_COUNT; i++)
            if (lesson_keys[i].in_step)
                free(*(char **)(void *)((char *)&lesson->steps[s] + lesson_keys[i].offset));
    }
    free(lesson->steps);
    free(lesson->title);
    free(lesson->teaches);
    free(lesson->minutes);
    *lesson = (Lesson){0};
}

bool lesson_fits(const Lesson *lesson, const Net *net, Err *err)
{
    for (int s = 0; s < lesson->step_count; s++) {
        const LessonStep *step = &lesson->steps[s];
        Address a;
        Err reason;
        int y, x;
        char rest;
        if (step->at != NULL && !net_address(net, step->at, &a, &reason))
            return err_set(err, "%s:%d: %s", lesson->path, step->line, reason.text);
        if (step->pos != NULL && (step->at == NULL || sscanf(step->pos, "%d,%d%c", &y, &x, &rest) != 2 || y < 0 || x < 0 ||
                                  y >= net->layers[a.layer].out.h || x >= net->layers[a.layer].out.w))
            return err_set(err, "%s:%d: pos '%.40s' is no row,column of %s", lesson->path, step->line, step->pos, step->at != NULL ? step->at : "a layer; `at` is missing");
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int lesson_list(const char *folder, char ***paths)
{
    int count = 0;
    *paths = NULL;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return 0;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        const char *dot = strrchr(e->d_name, '.');
        if (e->d_name[0] == '.' || dot == NULL || strcmp(dot, ".lesson") != 0)
            continue;
        char **grown = realloc(*paths, (size_t)(count + 1) * sizeof *grown);
        char *path = malloc(strlen(folder) + strlen(e->d_name) + 2);
        if (grown != NULL)
            *paths = grown;
        if (grown == NULL || path == NULL) {
            free(path);
            break;
        }
        sprintf(path, "%s/%s", folder, e->d_name);
        grown[count++] = path;
    }
    closedir(dir);
    if (count > 0)
        qsort(*paths, (size_t)count, sizeof **paths, compare_names);
    return count;
}
