/* lesson.c - checks and resolves a lesson's numbers, addresses and steps, and lists lessons. See lesson.h. */
#include "app/model/lesson_private.h"
#include "app/model/lesson_text.h"
#include "app/model/names.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers -------------------------------------------------------------------------------------------------------- */

/* The networks that a lesson is read with: the one for its numbers, and the one that the window shows. */
typedef struct Reading {
    const char *path;
    const ExprScope *scope;
    const Net *stage;
} Reading;

static bool resolve(const Reading *r, LessonField *field, Err *err)
{
    return field->source == NULL || lesson_text(r->scope, r->stage, (LessonPlace){r->path, field->line}, field->source, &field->prose, err);
}

static bool resolve_step(const Reading *r, LessonStep *s, Err *err)
{
    bool good = resolve(r, &s->title, err) && resolve(r, &s->say, err) && resolve(r, &s->ask, err);
    int right = 0;
    for (int i = 0; good && i < s->choice_count; i++) {
        good = resolve(r, &s->choices[i].field, err);
        right += s->choices[i].right;
    }
    if (good && s->choice_count > 0 && right != 1)
        good = err_set(err, "%s:%d: %s of the choices is right; exactly one must be", r->path, s->ask.line, right == 0 ? "none" : "more than one");
    good = good && resolve(r, &s->reveal, err);
    if (good && s->reveal.source != NULL && s->ask.source == NULL)
        good = err_set(err, "%s:%d: a reveal answers a question; write 'ask: ...' before it", r->path, s->reveal.line);
    if (good && s->ask.source != NULL && !lesson_asks(s))
        good = err_set(err, "%s:%d: nothing answers this question; write 'reveal: ...' or 'right: ...' after it", r->path, s->ask.line);
    for (int i = 0; good && i < s->expect_count; i++)
        good = lesson_expect(r->scope, (LessonPlace){r->path, s->expects[i].line}, s->expects[i].source, err);
    return good;
}

static bool resolve_all(Lesson *l, const Reading *r, Err *err)
{
    bool good = resolve(r, &l->title, err) && resolve(r, &l->teaches, err) && resolve(r, &l->board, err) && resolve(r, &l->slips, err);
    if (good && l->minutes.source != NULL && strspn(l->minutes.source, "0123456789") != strlen(l->minutes.source))
        good = err_set(err, "%s:%d: minutes is a whole number, not '%.40s'", l->path, l->minutes.line, l->minutes.source);
    for (int i = 0; good && i < l->step_count; i++)
        good = resolve_step(r, &l->steps[i], err);
    return good;
}

/* A network and its trace; the message begins with the lesson's line that names it. */
static bool open_network(const Lesson *l, const char *name, const char *networks_dir, Net **net, Trace *trace, Err *err)
{
    Err reason;
    *net = net_open(name, networks_dir, NULL, &reason);
    return (*net != NULL && trace_make(*net, trace, &reason)) ||
           err_set(err, "%s:%d: %s", l->path, l->network.source != NULL ? l->network.line : 1, reason.text);
}

bool lesson_evaluate(Lesson *lesson, const char *networks_dir, const Net *stage, Err *err)
{
    static const char usual[] = "googlenet";
    Trace trace = {0}, unused = {0};
    Net *net = NULL, *shown = NULL;
    const bool own = lesson->network.source != NULL;
    bool good = open_network(lesson, own ? lesson->network.source : usual, networks_dir, &net, &trace, err) &&
                (stage != NULL || !own || open_network(lesson, usual, networks_dir, &shown, &unused, err));
    if (good) {
        const ExprScope scope = {.trace = &trace, .networks_dir = networks_dir};
        const Reading reading = {lesson->path, &scope, stage != NULL ? stage : own ? shown : net};
        good = resolve_all(lesson, &reading, err) && lesson_fits(lesson, reading.stage, err);
    }
    trace_free(&trace);
    trace_free(&unused);
    net_free(net);
    net_free(shown);
    return good;
}

/* ---- steps ------------------------------------------------------------------------------------------------------------ */

bool lesson_asks(const LessonStep *step)
{
    return step->reveal.source != NULL || step->choice_count > 0;
}

bool lesson_shown(const LessonStep *step, int i, char *out, size_t size)
{
    const char *p = step->show.source;
    for (; p != NULL && i > 0; i--) {
        p = strchr(p, ',');
        p = p != NULL ? p + 1 : NULL;
    }
    if (p == NULL)
        return false;
    while (isspace((unsigned char)*p))
        p++;
    size_t n = strcspn(p, ",");
    while (n > 0 && isspace((unsigned char)p[n - 1]))
        n--;
    snprintf(out, size, "%.*s", (int)n, p);
    return true;
}

/* An address of the stage. */
static bool address_fits(const Lesson *l, int line, const Net *stage, const char *text, Address *a, Err *err)
{
    Err reason;
    if (net_address(stage, text, a, &reason))
        return true;
    const bool other = l->network.source != NULL && strcmp(l->network.source, stage->name) != 0;
    return err_set(err, "%s:%d: %s%s%s", l->path, line, reason.text, other ? "; `network:` changes only the numbers; for this lesson open the window with --network " : "",
                   other ? l->network.source : "");
}

static bool links_fit(const Lesson *l, const LessonField *field, const Net *net, Err *err)
{
    Address a;
    for (int i = 0; i < field->prose.span_count; i++)
        if (field->prose.spans[i].link[0] != '\0' && !address_fits(l, field->line, net, field->prose.spans[i].link, &a, err))
            return false;
    return true;
}

static bool step_fits(const Lesson *l, const LessonStep *s, const Net *net, Err *err)
{
    Address a, shown;
    int y, x;
    char rest, part[NET_NAME_MAX + 32];
    ViewKind view;
    if (s->at.source != NULL && !address_fits(l, s->at.line, net, s->at.source, &a, err))
        return false;
    if (s->pos.source != NULL &&
        (s->at.source == NULL || sscanf(s->pos.source, "%d,%d%c", &y, &x, &rest) != 2 || y < 0 || x < 0 ||
         y >= net->layers[a.layer].out.h || x >= net->layers[a.layer].out.w))
        return err_set(err, "%s:%d: pos '%.40s' is not a row,column of %s", l->path, s->pos.line, s->pos.source,
                       s->at.source != NULL ? s->at.source : "a layer; `at` is missing");
    if (s->view.source != NULL && (!view_parse(s->view.source, &view) || s->at.source == NULL))
        return err_set(err, "%s:%d: %s '%.40s'", l->path, s->view.line, s->at.source == NULL ? "a view needs `at`; view" : "there is no view", s->view.source);
    for (int i = 0; lesson_shown(s, i, part, sizeof part); i++)
        if (!address_fits(l, s->show.line, net, part, &shown, err))
            return false;
    return links_fit(l, &s->say, net, err) && links_fit(l, &s->ask, net, err) && links_fit(l, &s->reveal, net, err);
}

bool lesson_fits(const Lesson *lesson, const Net *stage, Err *err)
{
    if (lesson->steps[0].at.source == NULL)
        return err_set(err, "%s:%d: the first step says where the lesson begins; write 'at: ...'", lesson->path, lesson->steps[0].title.line);
    for (int s = 0; s < lesson->step_count; s++)
        if (!step_fits(lesson, &lesson->steps[s], stage, err))
            return false;
    return true;
}

/* ---- two languages ------------------------------------------------------------------------------------------------------ */

static bool same_field(const Lesson *b, int step_line, const LessonField *x, const LessonField *y, const char *key, Err *err)
{
    const char *p = x->source != NULL ? x->source : "", *q = y->source != NULL ? y->source : "";
    return strcmp(p, q) == 0 || err_set(err, "%s:%d: %s is '%.60s' here and '%.60s' in the other language", b->path,
                                        y->source != NULL ? y->line : step_line, key, q, p);
}

static bool same_step(const Lesson *b, const LessonStep *x, const LessonStep *y, Err *err)
{
    const int line = y->title.line;
    if (!same_field(b, line, &x->at, &y->at, "at", err) || !same_field(b, line, &x->pos, &y->pos, "pos", err) ||
        !same_field(b, line, &x->view, &y->view, "view", err) || !same_field(b, line, &x->show, &y->show, "show", err))
        return false;
    if (x->expect_count != y->expect_count || x->choice_count != y->choice_count || lesson_asks(x) != lesson_asks(y))
        return err_set(err, "%s:%d: this step has %d choices and %d expectations; in the other language it has %d and %d", b->path, line,
                       y->choice_count, y->expect_count, x->choice_count, x->expect_count);
    for (int i = 0; i < x->choice_count; i++)
        if (x->choices[i].right != y->choices[i].right)
            return err_set(err, "%s:%d: in the other language a different choice is right", b->path, y->choices[i].field.line);
    for (int i = 0; i < x->expect_count; i++)
        if (!same_field(b, line, &x->expects[i], &y->expects[i], "expect", err))
            return false;
    return true;
}

bool lesson_same_steps(const Lesson *a, const Lesson *b, Err *err)
{
    for (int i = 0; i < a->step_count && i < b->step_count; i++)
        if (!same_step(b, &a->steps[i], &b->steps[i], err))
            return false;
    if ((a->board.source == NULL) != (b->board.source == NULL) || (a->slips.source == NULL) != (b->slips.source == NULL))
        return err_set(err, "%s:1: only one language has a plan of the board, or only one says what goes wrong", b->path);
    if (a->step_count == b->step_count)
        return same_field(b, 1, &a->minutes, &b->minutes, "minutes", err) && same_field(b, 1, &a->network, &b->network, "network", err);
    return err_set(err, "%s:%d: %d steps here, %d in the other language", b->path, b->steps[b->step_count - 1].title.line, b->step_count, a->step_count);
}

/* ---- lists -------------------------------------------------------------------------------------------------------------- */

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

void lesson_list_free(char **paths, int count)
{
    for (int i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
}

bool lesson_find(const char *folder, const char *name, char *path, size_t size)
{
    char **paths;
    const int count = lesson_list(folder, &paths), number = (int)strtol(name, NULL, 10);
    bool found = false;
    for (int i = 0; i < count && !found; i++) {
        const char *file = strrchr(paths[i], '/') + 1;
        const size_t stem = strcspn(file, "."), digits = strspn(file, "0123456789");
        const char *words = file + digits + (file[digits] == '-');
        found = (strlen(name) == stem && strncmp(file, name, stem) == 0) ||
                (strlen(name) == stem - (size_t)(words - file) && strncmp(words, name, strlen(name)) == 0) ||
                (number > 0 && strspn(name, "0123456789") == strlen(name) && (int)strtol(file, NULL, 10) == number);
        if (found)
            snprintf(path, size, "%s", paths[i]);
    }
    lesson_list_free(paths, count);
    return found;
}
